"""A subgroup beside its complement and all patients: the same comparison three times."""

from dataclasses import dataclass

from analytics.method import in_manuscript
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import VOLUME
from analytics.volumes.comparison import Group, shift_between
from analytics.volumes.methods import MEDIAN, SHIFT, SUBGROUP_AND_COMPLEMENT
from analytics.wording import describe_shift
from data.cohort import Cohort


@dataclass(frozen=True)
class Side:
    """One of the three cohorts.

    Attributes
    ----------
    label, words : str
        Which of the three, and its patients in words.
    patients : int
        How many patients it has, with and without a recorded volume.
    arms : tuple of Group or Absent
        Treatment and reference arm.
    shift : Estimate or Absent
        Hodges-Lehmann shift, treatment minus reference, in mL; or why there is none.
    """

    label: str
    words: str
    patients: int
    arms: tuple[Group, Group] | Absent
    shift: Estimate | Absent

    @property
    def analysed(self) -> int:
        """Return how many volumes the shift rests on."""
        return 0 if isinstance(self.arms, Absent) else sum(group.n for group in self.arms)


@dataclass(frozen=True)
class SubgroupContrast:
    """The arms' volumes in the subgroup, in its complement and in all patients."""

    sides: tuple[Side, ...]
    account: Account


def contrast_subgroup(cohort: Cohort) -> SubgroupContrast:
    """Compare the arms' volumes in the cohort, in everyone else and in all.

    Parameters
    ----------
    cohort : Cohort
        A filtered cohort; `infarct_volume_ml` is in mL, >= 0 or missing.

    Returns
    -------
    SubgroupContrast
        Three sides in the order subgroup, complement, all. Subgroup and complement add up to
        all. A side with too few patients in an arm says so instead of a comparison.

    Raises
    ------
    AnalysisError
        If the cohort is the whole data set, which has no complement.

    Notes
    -----
    The three shifts are estimated separately, as in `compare_volumes`; a difference between them
    is not a test of interaction.
    """
    if cohort.is_whole:
        msg = (
            "The cohort is the whole data set, so it has no complement. Filter on something to "
            "see a subgroup beside everyone else."
        )
        raise AnalysisError(msg)
    if not cohort.data.has(VOLUME):
        msg = "These data hold no infarct volume, so volumes cannot be compared."
        raise AnalysisError(msg)
    sides = (
        _side("This subgroup", cohort),
        _side("Its complement", cohort.others),
        _side("All patients", cohort.whole),
    )
    account = Account(
        flow=cohort.flow([VOLUME]),
        method=in_manuscript(SUBGROUP_AND_COMPLEMENT, MEDIAN, SHIFT),
        finding=_finding(sides),
        warnings=(
            (
                "Two shifts that look different need not differ: this table holds no test of "
                "interaction."
            ),
        ),
        recipe="contrast_subgroup(cohort)",
    )
    return SubgroupContrast(sides, account)


def _side(label: str, cohort: Cohort) -> Side:
    words, patients = cohort.words, cohort.patients
    try:
        first, second, shift = shift_between(cohort, "arm")
    except AnalysisError:
        absent = Absent("too few volumes in an arm" if patients else "nobody is left")
        return Side(label, words, patients, absent, absent)
    return Side(label, words, patients, (first, second), shift)


def _finding(sides: tuple[Side, ...]) -> str:
    parts = [
        f"{side.label.lower()}: {describe_shift(side.shift)}"
        if isinstance(side.shift, Estimate)
        else f"{side.label.lower()}: not estimable, {side.shift.reason}"
        for side in sides
    ]
    text = "; ".join(parts)
    return f"Hodges-Lehmann shifts, treatment against reference arm. {text[0].upper()}{text[1:]}."
