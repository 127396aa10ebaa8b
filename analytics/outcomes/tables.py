"""The mRS as tables: scores by arm, outcomes that count or do not, and the shift of the scale."""

from dataclasses import replace

from analytics.formatting import format_number, format_share
from analytics.outcomes.comparison import ArmOutcome, Contrast, OutcomeComparison, wald_p
from analytics.outcomes.distribution import MrsDistribution, MrsRow
from analytics.outcomes.over_volume import MrsOverVolume
from analytics.outcomes.published_marks import ESCAPE_NA1, ESCAPE_NA1_SHARES, ESCAPE_NA1_SOURCE
from analytics.outcomes.shift import MrsShift
from analytics.results import HIDDEN, Absent, Estimate, in_percent
from analytics.tables import Cell, Column, Table
from analytics.trial import DEAD

_INFINITY = "\N{INFINITY}"
_NO_TEST = Absent("no test")


def distribution_table(distribution: MrsDistribution) -> Table:
    """Return one row for each arm of each stratum, with count and share of every score."""
    by = distribution.by
    scores = range(DEAD + 1)
    columns = (
        *((Column(by.name, by.label, about=by.source),) if by else ()),
        Column("arm", "Arm"),
        Column("n", "N", "count"),
        Column("missing", "Missing", "count"),
        *(Column(f"mrs_{s}", f"mRS {s}", about="Count and share of the recorded") for s in scores),
        *(Column(f"mrs_{s}_n", f"mRS {s}, count", "count", on_screen=False) for s in scores),
        *(Column(f"mrs_{s}_share", f"mRS {s}, share", "share", on_screen=False) for s in scores),
    )
    rows = tuple(_scores_row(row) for row in distribution.rows)
    return Table(columns, rows, ids=tuple(_row_id(distribution, row) for row in distribution.rows))


def _row_id(distribution: MrsDistribution, row: MrsRow) -> str:
    arm = f"arm={row.arm.level.code}"
    if row.stratum is None or distribution.by is None:
        return arm
    return f"{distribution.by.name}={row.stratum.code},{arm}"


def _scores_row(row: MrsRow) -> tuple[Cell, ...]:
    arm = row.arm
    shares = [count / arm.n for count in arm.counts]
    stratum = () if row.stratum is None else (row.stratum.label,)
    written = [f"{n} ({format_share(s)})" for n, s in zip(arm.counts, shares, strict=True)]
    cells = (
        HIDDEN if score in row.hidden else own[score]
        for own in (written, arm.counts, shares)
        for score in range(len(shares))
    )
    return (*stratum, arm.level.label, arm.n, arm.n_missing, *cells)


def outcomes_table(outcomes: OutcomeComparison) -> Table:
    """Return one row for each outcome that a patient has or has not."""
    one, other = outcomes.treatment, outcomes.reference
    columns = (
        Column("outcome", "Outcome"),
        Column("treatment", f"{one.level.label}, % (95% CI)", "number", 1, "Wilson"),
        Column("reference", f"{other.level.label}, % (95% CI)", "number", 1, "Wilson"),
        Column("difference", "Risk difference, points", "number", 1, "Newcombe"),
        Column("ratio", "Risk ratio", "number", 2, "Log scale"),
        Column("odds_ratio", "Odds ratio", "number", 2, "Log scale"),
        Column(
            "nnt",
            "NNT",
            "number",
            about="Number needed to treat for one more patient to benefit; Altman 1998.",
        ),
        Column("n", "N", "count"),
    )
    sides = (
        ("mrs_0_2", "Independent (mRS 0-2)", "independent", outcomes.independent, True),
        ("mrs_0_1", "Excellent (mRS 0-1)", "excellent", outcomes.excellent, True),
        ("dead", "Dead", "dead", outcomes.dead, False),
    )
    rows = tuple(
        (label, *(HIDDEN,) * (len(columns) - 2), one.n + other.n)
        if name in outcomes.hidden
        else _outcome_row(
            label, (one, other), getattr(one, name), getattr(other, name), contrast, good
        )
        for _, label, name, contrast, good in sides
    )
    return Table(columns, rows, ids=tuple(side[0] for side in sides))


def _outcome_row(
    label: str,
    arms: tuple[ArmOutcome, ArmOutcome],
    treated: Estimate,
    control: Estimate,
    contrast: Contrast,
    is_good: bool,  # noqa: FBT001
) -> tuple[Cell, ...]:
    return (
        label,
        in_percent(treated),
        in_percent(control),
        in_percent(contrast.difference),
        contrast.ratio,
        contrast.odds_ratio,
        number_needed_to_treat(contrast.difference, is_good=is_good),
        sum(arm.n for arm in arms),
    )


def number_needed_to_treat(difference: Estimate, *, is_good: bool) -> str | Absent:
    """Return the number needed to treat for one more patient to benefit, or to be harmed.

    Parameters
    ----------
    difference : Estimate
        Risk difference, treatment minus reference, as a proportion.
    is_good : bool
        Whether the outcome is one to wish for.

    Examples
    --------
    >>> number_needed_to_treat(Estimate(0.25, 0.125, 0.5), is_good=True)
    '4.0 (2.0 to 8.0)'
    >>> number_needed_to_treat(Estimate(0.1, -0.05, 0.25), is_good=True)
    '10.0 (4.0 to ∞ to harm 20.0)'
    """
    sign = 1 if is_good else -1
    if difference.low is None or difference.high is None or difference.value == 0:
        return Absent("no difference")
    low, high = sorted((sign * difference.low, sign * difference.high))
    value = _needed(sign * difference.value)
    if low <= 0 <= high:
        far = _INFINITY if low == 0 else f"{_INFINITY} to {_needed(low)}"
        return f"{value} ({_INFINITY if high == 0 else _needed(high)} to {far})"
    first, last = sorted((abs(low), abs(high)), reverse=True)
    return f"{value} ({_needed(first)} to {_needed(last)})"


def _needed(benefit: float) -> str:
    return f"{'harm ' if benefit < 0 else ''}{format_number(abs(1 / benefit), 1)}"


def shift_table(shift: MrsShift) -> Table:
    """Return one row for each way to compare the whole scale."""
    columns = (
        Column("quantity", "Quantity"),
        Column("n", "N", "count"),
        Column("estimate", "Estimate (95% CI)", "number", 2),
        Column("no_difference", "No difference at"),
        Column("p_value", "p", "p"),
        Column("method", "Interval and test"),
    )
    one, other = shift.outcomes.treatment, shift.outcomes.reference
    n = one.n + other.n
    over = f"{one.level.label} over {other.level.label}"
    odds = f"Common odds ratio for a better mRS, {over}"
    rows: tuple[tuple[Cell, ...], ...] = (
        (
            odds,
            n,
            shift.odds_ratio,
            "1",
            _p_value(shift.odds_ratio),
            "Proportional odds, Wald",
        ),
        (
            f"{odds}, adjusted",
            shift.n_adjusted,
            shift.adjusted,
            "1",
            _p_value(shift.adjusted),
            "Proportional odds, Wald",
        ),
        (
            f"Probability that {one.level.label} has the better mRS",
            n,
            shift.win_probability,
            "0.5",
            _NO_TEST,
            "DeLong, logit scale",
        ),
        (f"Win odds, {over}", n, shift.win_odds, "1", _NO_TEST, "DeLong, logit scale"),
        (
            f"Difference in mean mRS, {one.level.label} minus {other.level.label}",
            n,
            shift.mean_difference,
            "0",
            _NO_TEST,
            "Welch",
        ),
    )
    ids = ("common_odds_ratio", "adjusted", "win_probability", "win_odds", "mean_difference")
    return Table(columns, rows, ids=ids)


def _p_value(odds: Estimate | Absent) -> Cell:
    return _NO_TEST if isinstance(odds, Absent) else wald_p(odds)


_AT_ML = (0, 5, 10, 20, 50, 100, 150, 200)
_OUTSIDE = Absent("outside the volumes observed")


def curve_table(result: MrsOverVolume) -> Table:
    """Return the predictions at round volumes, then observed and published shares of mRS 0-2."""
    is_share = result.quantity.is_share
    unit = ", %" if is_share else ""
    columns = (
        Column("row", "Volume"),
        *(
            Column(
                f"arm_{curve.level.code}",
                f"{curve.level.label}{unit} (95% CI)",
                "number",
                1,
                f"{result.quantity.label}, averaged over all patients analysed.",
            )
            for curve in result.curves
        ),
        Column("observed", "Observed, mRS 0-2, % (95% CI)", "number", 1, "Both arms; Wilson."),
        Column("n", "N", "count", about="With a recorded volume and mRS."),
    )
    has_published = ESCAPE_NA1 in result.beside
    if has_published:
        published = Column("published", f"{ESCAPE_NA1}, %", "number", 1, ESCAPE_NA1_SOURCE)
        columns = (*columns, published)
    none = Absent("")
    rows: list[tuple[Cell, ...]] = []
    for volume in _AT_ML:
        found = [curve.at(float(volume)) for curve in result.curves]
        shown = [
            _OUTSIDE if x is None else replace(in_percent(x) if is_share else x, decimals=1)
            for x in found
        ]
        rows.append((f"{volume} mL", *shown, none, none, *([none] if has_published else [])))
    rows += [
        (
            mark.label,
            *(none for _ in result.curves),
            _observed(n, share),
            n,
            *([100 * mark.share] if has_published else []),
        )
        for mark, (n, share) in zip(ESCAPE_NA1_SHARES, result.observed, strict=True)
    ]
    ids = (*(f"at={volume}" for volume in _AT_ML), *(m.label for m in ESCAPE_NA1_SHARES))
    return Table(columns, tuple(rows), ids=ids)


def _observed(n: int | Absent, share: Estimate | Absent) -> Estimate | Absent:
    if isinstance(share, Absent):
        return share
    return in_percent(share) if n else Absent("nobody")
