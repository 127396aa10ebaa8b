"""One group of patients in one screen: how large infarcts were, and how patients fared."""

from dataclasses import dataclass

from analytics.formatting import format_count, format_estimate, format_share
from analytics.method import in_manuscript
from analytics.outcomes.comparison import ArmOutcome, arm_outcome, hidden_outcomes
from analytics.outcomes.methods import PROPORTION
from analytics.results import HIDDEN, Absent, Account, AnalysisError, Estimate, in_percent
from analytics.tables import Cell, Column, Table
from analytics.trial import ARM, MRS, VOLUME, what_is_lacking
from analytics.volumes.methods import MEDIAN
from analytics.volumes.summary import measure, merged, volume_statistics
from data.cohort import Cohort


@dataclass(frozen=True)
class GroupInShort:
    """The headline numbers of one group of patients.

    Attributes
    ----------
    median : Estimate or Absent
        Of infarct volume, in mL; absent where the data hold no volume.
    with_volume, without_volume : int
        Patients with and without a recorded volume.
    outcome : ArmOutcome or Absent
        The mRS of all together; absent where the data hold none.
    hidden : frozenset of str
        The outcomes that too few patients have to be shown.
    """

    median: Estimate | Absent
    with_volume: int
    without_volume: int
    outcome: ArmOutcome | Absent
    hidden: frozenset[str]
    account: Account


def describe_in_short(cohort: Cohort) -> GroupInShort:
    """Describe infarct volume and mRS of all patients as one group.

    Parameters
    ----------
    cohort : Cohort
        Of data without two arms.

    Raises
    ------
    AnalysisError
        If nobody has a recorded volume or mRS.

    Examples
    --------
    >>> found = describe_in_short(Cohort.of({"mrs_90d": [0, 2, 6, None]}))
    >>> found.account.finding.split(" lived")[0]
    'Of 3 patients with a recorded mRS 66.7%'
    """
    held = [name for name in (VOLUME, MRS) if cohort.data.has(name)]
    if not held:
        raise AnalysisError(what_is_lacking((ARM,), (VOLUME, MRS)))
    volumes = merged(measure(cohort, [ARM]).values()) if VOLUME in held else None
    statistics = None if volumes is None else volume_statistics(volumes.volumes)
    median: Estimate | Absent = Absent("no volume recorded")
    if statistics is not None:
        median = statistics.median
    [level] = cohort.variable(ARM).levels
    outcome: ArmOutcome | Absent = Absent("no mRS recorded")
    if MRS in held and (all_scores := arm_outcome(cohort, level)).n:
        outcome = all_scores
    if isinstance(median, Absent) and isinstance(outcome, Absent):
        msg = f"Nobody here has a recorded {_named(held)}. Widen the filters."
        raise AnalysisError(msg)
    n = 0 if volumes is None else volumes.volumes.n
    hidden = hidden_outcomes(cohort) if MRS in held else frozenset()
    account = Account(
        flow=cohort.flow(held),
        method=in_manuscript(
            *((MEDIAN,) if isinstance(median, Estimate) else ()),
            *((PROPORTION,) if isinstance(outcome, ArmOutcome) else ()),
        ),
        finding=_finding(median, n, outcome, hidden),
        recipe="describe_in_short(cohort)",
    )
    missing = 0 if volumes is None else volumes.n_missing
    return GroupInShort(median, n, missing, outcome, hidden, account)


def _named(names: list[str]) -> str:
    words = {VOLUME: "infarct volume", MRS: "mRS"}
    return " or ".join(words[name] for name in names)


def _finding(
    median: Estimate | Absent, n: int, outcome: ArmOutcome | Absent, hidden: frozenset[str]
) -> str:
    said = []
    if isinstance(median, Estimate):
        said.append(
            f"The median infarct volume of {format_count(n)} patients is "
            f"{format_estimate(median, 1, 'mL')}."
        )
    if isinstance(outcome, ArmOutcome):
        shares = []
        if "independent" not in hidden:
            share = format_share(outcome.independent.value)
            shares.append(f"{share} lived independently at 90 days (mRS 0-2)")
        if "dead" not in hidden:
            shares.append(f"{format_share(outcome.dead.value)} died")
        told = " and ".join(shares) or "too few have each outcome for it to be shown"
        said.append(f"Of {format_count(outcome.n)} patients with a recorded mRS {told}.")
    return " ".join(said)


def group_table(group: GroupInShort) -> Table:
    """Return the headline of one group, one number in each row."""
    columns = (
        Column("quantity", "Quantity"),
        Column("n", "N", "count"),
        Column("missing", "Missing", "count"),
        Column("estimate", "Estimate (95% CI)", "number", 1),
        Column("unit", "Unit"),
        Column("method", "Interval"),
    )
    rows: list[tuple[Cell, ...]] = []
    ids = []
    if isinstance(group.median, Estimate):
        counts = (group.with_volume, group.without_volume)
        how = "Exact binomial, order statistics"
        rows.append(("Median infarct volume", *counts, group.median, "mL", how))
        ids.append("median")
    if isinstance(group.outcome, ArmOutcome):
        counts = (group.outcome.n, group.outcome.n_missing)
        for name, label, key, share in (
            ("mrs_0_2", "Independent (mRS 0-2)", "independent", group.outcome.independent),
            ("mrs_0_1", "Excellent (mRS 0-1)", "excellent", group.outcome.excellent),
            ("dead", "Dead at 90 days", "dead", group.outcome.dead),
        ):
            shown = HIDDEN if key in group.hidden else in_percent(share)
            rows.append((label, *counts, shown, "%", "Wilson"))
            ids.append(name)
    return Table(columns, tuple(rows), ids=tuple(ids))
