"""Who is in the analysis? The flow of patients, step by step, in each arm."""

from dataclasses import dataclass

from analytics.formatting import format_count
from analytics.methods import PATIENT_FLOW, in_manuscript
from analytics.outcomes import MRS
from analytics.results import Account, AnalysisError
from analytics.tables import Column, Table
from analytics.volumes import VOLUME
from data.cohort import Cohort
from data.variables import Level

SCANS = "imaging_modality"
_ALL = "All"


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
    outcomes = [name for name in (VOLUME, MRS) if cohort.data.has(name)]
    steps = [_step("in_data_set", "In the data set", cohort.whole, arms)]
    if cohort.filters:
        steps.append(_step("in_filter", "Chosen by the filters", cohort, arms))
    steps.append(_step("with_volume", "Volume measured", cohort, arms, (VOLUME,)))
    steps += _scans(cohort, arms)
    if MRS in outcomes:
        steps.append(_step("with_mrs", "mRS at 90 days known", cohort, arms, (MRS,)))
        steps.append(_step("with_both", "Volume and mRS known", cohort, arms, (VOLUME, MRS)))
    account = Account(
        flow=cohort.flow(outcomes),
        method=in_manuscript(PATIENT_FLOW),
        finding=_finding(steps, arms, cohort),
        recipe="trace_patients(cohort)",
    )
    return PatientFlow(arms, tuple(steps), account)


def _step(
    name: str,
    label: str,
    cohort: Cohort,
    arms: tuple[Level, ...],
    needs: tuple[str, ...] = (),
) -> Step:
    own = (cohort.at("arm", level.code) for level in arms)
    counts = tuple(arm.flow(needs).analysed for arm in own)
    return Step(name, label, counts, cohort.flow(needs).analysed)


def _scans(cohort: Cohort, arms: tuple[Level, ...]) -> list[Step]:
    if not cohort.data.has(SCANS):
        return []
    steps = []
    for level in cohort.variable(SCANS).levels:
        scanned = cohort.at(SCANS, level.code)
        step = _step(f"with_volume_on_{level.code.lower()}", level.words, scanned, arms, (VOLUME,))
        steps.append(Step(step.id, step.label, step.patients, step.everyone, is_part=True))
    return steps


def _finding(steps: list[Step], arms: tuple[Level, ...], cohort: Cohort) -> str:
    chosen = next((step for step in steps if step.id == "in_filter"), steps[0])
    last = steps[-1]
    parts = ", ".join(
        f"{format_count(n)} in the {level.words}"
        for level, n in zip(arms, chosen.patients, strict=True)
    )
    known = "infarct volume and mRS" if last.id == "with_both" else "infarct volume"
    return (
        f"{format_count(chosen.everyone)} patients of {cohort.data.name} ({parts}); {known} "
        f"known in {format_count(last.everyone)}."
    )


def flow_table(flow: PatientFlow) -> Table:
    """Return the steps, one row each."""
    columns = (
        Column("step", "Step"),
        *(Column(f"n_{level.code}", level.label, "count") for level in flow.arms),
        Column("n_all", _ALL, "count", about="Patients without a recorded arm included."),
    )
    rows = tuple(
        (f"of these, {step.label}" if step.is_part else step.label, *step.patients, step.everyone)
        for step in flow.steps
    )
    return Table(columns, rows, ids=tuple(step.id for step in flow.steps))
