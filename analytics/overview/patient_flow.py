"""Who is in the analysis? The flow of patients, step by step, in each arm."""

from dataclasses import dataclass, replace

import pandas as pd

from analytics.formatting import format_count
from analytics.method import in_manuscript
from analytics.overview.methods import PATIENT_FLOW
from analytics.results import Account, AnalysisError
from analytics.tables import Column, Table
from analytics.trial import MRS, VOLUME
from data.cohort import Cohort
from data.variables import MISSING, Level

SCANS = "imaging_modality"
_ALL = "All"
_KNOWN = {VOLUME: "volume_group", MRS: "mrs_0_2"}
"""A grouping that is missing exactly where the variable is: it has far fewer values to count."""


@dataclass(frozen=True)
class Step:
    """One step: how many patients of each arm, and of all, it leaves.

    `id` is stable; a step that `is_part` is a part of the one before and not a further loss.
    """

    id: str
    label: str
    patients: tuple[int, ...]
    everyone: int
    is_part: bool = False


@dataclass(frozen=True)
class PatientFlow:
    """The steps from the data set to the patients with volume and outcome."""

    arms: tuple[Level, ...]
    steps: tuple[Step, ...]
    account: Account


def trace_patients(cohort: Cohort) -> PatientFlow:
    """Count the patients at every step of the analysis.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.

    Returns
    -------
    PatientFlow
        In the data set, in the filter, with the infarct volume (on each kind of scan, where
        recorded), with the mRS, and with both. A patient without an arm is in `everyone` alone.

    Raises
    ------
    AnalysisError
        If no patient is left.
    """
    if not cohort.patients:
        msg = "No patient is left by these filters. Remove one to see the flow of patients."
        raise AnalysisError(msg)
    present = set(cohort.whole.counts(["arm"])["arm"])
    arms = tuple(level for level in cohort.variable("arm").levels if level.code in present)
    known = {name: group for name, group in _KNOWN.items() if cohort.data.has(name)}
    has_scans = VOLUME in known and cohort.data.has(SCANS)
    scans = cohort.variable(SCANS).levels if has_scans else ()
    names = ["arm", *known.values(), *([SCANS] if scans else [])]
    counts, everyone = cohort.counts(names), cohort.whole.counts(["arm"])
    has = {name: counts[group] != MISSING for name, group in known.items()}
    steps = [_step("in_data_set", "In the data set", everyone, arms)]
    if cohort.filters:
        steps.append(_step("in_filter", "Chosen by the filters", counts, arms))
    measured = counts[has[VOLUME]] if VOLUME in known else counts.head(0)
    if VOLUME in known:
        steps.append(_step("with_volume", "Volume measured", measured, arms))
    for level in scans:
        own = measured[measured[SCANS] == level.code]
        step = _step(f"with_volume_on_{level.code.lower()}", level.words, own, arms)
        steps.append(replace(step, is_part=True))
    if MRS in known:
        steps.append(_step("with_mrs", "mRS at 90 days known", counts[has[MRS]], arms))
    if {VOLUME, MRS} <= set(known):
        both = counts[has[VOLUME] & has[MRS]]
        steps.append(_step("with_both", "Volume and mRS known", both, arms))
    account = Account(
        flow=cohort.flow(list(known)),
        method=in_manuscript(PATIENT_FLOW),
        finding=_finding(steps, arms, cohort),
        recipe="trace_patients(cohort)",
    )
    return PatientFlow(arms, tuple(steps), account)


def _step(name: str, label: str, counts: pd.DataFrame, arms: tuple[Level, ...]) -> Step:
    patients = tuple(int(counts.loc[counts["arm"] == x.code, "patients"].sum()) for x in arms)
    return Step(name, label, patients, int(counts["patients"].sum()))


_KNOWN_WORDS = {
    "with_volume": "infarct volume",
    "with_mrs": "mRS",
    "with_both": "infarct volume and mRS",
}


def _finding(steps: list[Step], arms: tuple[Level, ...], cohort: Cohort) -> str:
    chosen = next((step for step in steps if step.id == "in_filter"), steps[0])
    last = next(step for step in reversed(steps) if not step.is_part)
    if not cohort.data.has_arms:
        said = f"{format_count(chosen.everyone)} patients of {cohort.data.name}"
        return f"{said}{_known_in(last)}"
    parts = ", ".join(
        f"{format_count(n)} in the {level.words}"
        for level, n in zip(arms, chosen.patients, strict=True)
    )
    said = f"{format_count(chosen.everyone)} patients of {cohort.data.name} ({parts})"
    return f"{said}{_known_in(last)}"


def _known_in(step: Step) -> str:
    if step.id not in _KNOWN_WORDS:
        return "."
    return f"; {_KNOWN_WORDS[step.id]} known in {format_count(step.everyone)}."


def flow_table(flow: PatientFlow) -> Table:
    """Return the steps, one row each."""
    # One group is all of them.
    apart = flow.arms if len(flow.arms) > 1 else ()
    columns = (
        Column("step", "Step"),
        *(Column(f"n_{level.code}", level.label, "count") for level in apart),
        Column("n_all", _ALL, "count", about="Patients without a recorded arm included."),
    )
    rows = tuple(
        (
            f"of these, {step.label}" if step.is_part else step.label,
            *step.patients[: len(apart)],
            step.everyone,
        )
        for step in flow.steps
    )
    return Table(columns, rows, ids=tuple(step.id for step in flow.steps))
