"""How is the mRS at 90 days distributed? Counts of every score in each arm, alone or in strata."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.formatting import format_count, format_share
from analytics.method import in_manuscript
from analytics.outcomes.comparison import ArmOutcome, arm_outcome, hidden_outcomes
from analytics.outcomes.methods import MRS_DISTRIBUTION
from analytics.results import Account, AnalysisError
from analytics.trial import DEAD, INDEPENDENT, MRS
from data.cohort import Cohort
from data.disclosure.merging import merged
from data.variables import MISSING, Level, Variable

_NONE: frozenset[int] = frozenset()
_FEW = "Scores of few patients, and what would tell them, are not shown"
_SCORES = range(DEAD + 1)
_GOOD, _BAD = range(INDEPENDENT + 1), range(INDEPENDENT + 1, DEAD + 1)


@dataclass(frozen=True)
class MrsRow:
    """The scores of one arm in one stratum; `stratum` is None where there are no strata.

    `hidden` are the scores that too few patients have to be shown.
    """

    stratum: Level | None
    arm: ArmOutcome
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True)
class MrsDistribution:
    """The scores of every arm in every stratum, strata in the registry's order.

    `score` is the variable of the mRS, with its levels' colours, and `by` what makes the strata.
    `pieces` are the scores that a bar shows together: each alone where none is hidden, and no
    pieces where nothing can be drawn.
    """

    score: Variable
    by: Variable | None
    rows: tuple[MrsRow, ...]
    pieces: tuple[range, ...]
    account: Account


def distribute_mrs(cohort: Cohort, by: str = "") -> MrsDistribution:
    """Count the scores of the mRS at 90 days.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `mrs_90d` is 0 to 6 or missing.
    by : str
        A variable whose levels make strata; none when empty.

    Returns
    -------
    MrsDistribution
        Treatment arm before reference arm in each stratum. A stratum without a recorded score is
        not a row; patients without a score are counted in `n_missing`.

    Raises
    ------
    AnalysisError
        If the data hold no mRS, or nobody here has one.
    """
    if not cohort.data.has(MRS):
        msg = "These data hold no mRS at 90 days, so there is no distribution to show."
        raise AnalysisError(msg)
    arms = cohort.variable("arm").levels[::-1]
    hidden = _hidden_scores(cohort, by)
    rows = tuple(
        MrsRow(stratum, outcome, hidden.get((outcome.level.code, stratum and stratum.code), _NONE))
        for stratum, part in _strata(cohort, by)
        if stratum is None or not part.too_small
        for outcome in (arm_outcome(part, level) for level in arms)
        if outcome.n
    )
    if not rows:
        msg = "Nobody here has a recorded mRS. Widen the filters."
        raise AnalysisError(msg)
    pieces = _pieces(cohort, by, rows)
    account = Account(
        flow=cohort.flow(["arm", MRS]),
        method=in_manuscript(MRS_DISTRIBUTION),
        finding=_finding(cohort),
        warnings=(f"{_FEW}{_said_of(pieces)}",) if hidden else (),
        recipe=f"distribute_mrs(cohort, by={by!r})",
    )
    return MrsDistribution(
        cohort.variable(MRS), cohort.variable(by) if by else None, rows, pieces, account
    )


def _strata(cohort: Cohort, by: str) -> list[tuple[Level | None, Cohort]]:
    if not by:
        return [(None, cohort)]
    present = set(cohort.counts([by])[by])
    levels = [level for level in cohort.variable(by).all_levels if level.code in present]
    return [(level, cohort.at(by, level.code)) for level in levels]


Row = tuple[str, str | None]
"""An arm and a stratum, by their codes."""


def _hidden(cohort: Cohort, name: str, by: str) -> dict[Row, frozenset[str]]:
    """Return the hidden levels of a variable in every arm and stratum where there are any."""
    found: dict[Row, set[str]] = {}
    for arm, code, *stratum in cohort.hidden_groups(["arm", name, *([by] if by else [])]):
        if code != MISSING:
            found.setdefault((arm, stratum[0] if stratum else None), set()).add(code)
    return {row: frozenset(codes) for row, codes in found.items()}


def _hidden_scores(cohort: Cohort, by: str) -> dict[Row, frozenset[int]]:
    hidden = _hidden(cohort, MRS, by)
    return {row: frozenset(int(code) for code in codes) for row, codes in hidden.items()}


def _pieces(cohort: Cohort, by: str, rows: Sequence[MrsRow]) -> tuple[range, ...]:
    """Return the scores that bars show together.

    Of every row the patients with a score are told, and of most those with mRS 0-2.
    """
    halves = _hidden(cohort, "mrs_0_2", by)
    found = []
    for row in rows:
        key = (row.arm.level.code, row.stratum and row.stratum.code)
        found.append((row.hidden, [_SCORES] if key in halves else [_GOOD, _BAD]))
    return merged(len(_SCORES), found)


def piece_words(piece: range) -> str:
    """Return what a bar's piece holds: "3", or "4-5"."""
    return f"{piece[0]}" if len(piece) == 1 else f"{piece[0]}-{piece[-1]}"


def _said_of(pieces: Sequence[range]) -> str:
    several = [f"mRS {piece_words(piece)}" for piece in pieces if len(piece) > 1]
    if not several:
        return ": there are no bars."
    each = "" if len(several) == 1 else " each"
    return f" alone: the bars show {' and '.join(several)} as one piece{each}."


def _finding(cohort: Cohort) -> str:
    hidden = hidden_outcomes(cohort)
    said = [
        f"{arm.level.words}: {_shares(arm, hidden)} (n = {format_count(arm.n)}, "
        f"{format_count(arm.n_missing)} missing)"
        for arm in (arm_outcome(cohort, x) for x in cohort.variable("arm").levels[::-1])
        if arm.n
    ]
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def _shares(arm: ArmOutcome, hidden: frozenset[str]) -> str:
    said = []
    if "independent" not in hidden:
        said.append(f"{format_share(arm.independent.value)} have mRS 0-2")
    if "dead" not in hidden:
        said.append(f"{format_share(arm.dead.value)} are dead")
    return " and ".join(said) or "shares not shown"
