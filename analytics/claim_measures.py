"""How each published figure is measured in a cohort: one small function for each kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from analytics.mrs_model import MrsModel, model_mrs
from analytics.outcomes import (
    INDEPENDENT,
    MRS,
    OutcomeComparison,
    common_odds_ratio,
    compare_outcomes,
    in_percent,
)
from analytics.results import Absent, AnalysisError, Estimate
from analytics.tally import Tally, mean, quantile
from analytics.volume_comparison import SeveralGroups, compare_volumes
from analytics.volume_model import VolumeModel, model_volume
from analytics.volumes import VOLUME, measure, volume_statistics
from data.cohort import Cohort
from data.synthetic.association import independence_p
from data.synthetic.targets import LATE_AFTER_MIN, SIX_HOURS_MIN
from data.variables import LARGE_VOLUME_ML, SMALL_VOLUME_ML

Measured = int | float | Estimate
Outcome = Literal["independent", "dead"]
_TIME = "onset_to_randomization_min"
_ADJUSTED_FOR = ("age_years", "sex", "nihss_baseline", "aspects", "occlusion_site", "alteplase")


@dataclass(frozen=True, eq=False)
class Evidence:
    """A cohort with the analyses that several claims share, each done once."""

    cohort: Cohort

    @cached_property
    def outcomes(self) -> OutcomeComparison:
        """Return the mRS by arm."""
        return compare_outcomes(self.cohort)

    @cached_property
    def volume_model(self) -> VolumeModel:
        """Return the published model of infarct volume."""
        return model_volume(self.cohort)

    @cached_property
    def mrs_model(self) -> MrsModel:
        """Return the published model of the mRS."""
        return model_mrs(self.cohort)

    def arm(self, *, treated: bool) -> Cohort:
        """Return the patients of the treatment or of the reference arm."""
        levels = self.cohort.variable("arm").levels
        return self.cohort.at("arm", levels[-1 if treated else 0].code)


Measure = Callable[[Evidence], Measured]


def patients(evidence: Evidence) -> int:
    """Count the patients."""
    return evidence.cohort.patients


def arm_size(*, treated: bool) -> Measure:
    """Count the patients of one arm."""
    return lambda evidence: evidence.arm(treated=treated).patients


def volumes_measured(evidence: Evidence) -> int:
    """Count the recorded volumes."""
    return evidence.cohort.flow([VOLUME]).analysed


def scanned(code: str) -> Measure:
    """Count the volumes recorded on one kind of scan."""
    return lambda evidence: evidence.cohort.at("imaging_modality", code).flow([VOLUME]).analysed


def scan_time(_: Evidence) -> float:
    """Refuse: no data set holds the time of the scan."""
    msg = "the data hold no time of the scan"
    raise AnalysisError(msg)


def volume_median(evidence: Evidence) -> Estimate:
    """Return the median volume in mL."""
    return _median(evidence.cohort)


def volume_median_in(*, treated: bool) -> Measure:
    """Return the median volume of one arm in mL."""
    return lambda evidence: _median(evidence.arm(treated=treated))


def volume_median_at(name: str, code: str) -> Measure:
    """Return the median volume at one level of a variable in mL."""
    return lambda evidence: _median(evidence.cohort.at(name, code))


def volume_quartile(p: float) -> Measure:
    """Return a quantile of the volumes in mL."""
    return lambda evidence: quantile(_tally(evidence.cohort, VOLUME), p)


def volume_width(evidence: Evidence) -> float:
    """Return the width of the interquartile range in mL."""
    return _width(evidence.cohort)


def volume_width_in(*, treated: bool) -> Measure:
    """Return the width of the interquartile range of one arm in mL."""
    return lambda evidence: _width(evidence.arm(treated=treated))


def volumes_compared(by: str) -> Measure:
    """Return the p-value of the rank-sum test between the levels of a variable."""

    def measured(evidence: Evidence) -> float:
        compared = compare_volumes(evidence.cohort, by)
        if isinstance(compared, SeveralGroups):
            msg = "more than two groups are recorded"
            raise AnalysisError(msg)
        return compared.p_value

    return measured


def volume_term(name: str) -> Measure:
    """Return the p-value of one variable in the model of volume."""
    return lambda evidence: evidence.volume_model.p_of(name)


def mrs_term(name: str) -> Measure:
    """Return the p-value of one variable in the model of the mRS."""
    return lambda evidence: evidence.mrs_model.p_of(name)


def share_of_arm(outcome: Outcome, *, treated: bool) -> Measure:
    """Return the percentage of one arm with an outcome."""

    def measured(evidence: Evidence) -> Estimate:
        compared = evidence.outcomes
        arm = compared.treatment if treated else compared.reference
        return in_percent(arm.independent if outcome == "independent" else arm.dead)

    return measured


def risk_ratio(outcome: Outcome) -> Measure:
    """Return the risk ratio of an outcome, treatment over reference arm."""

    def measured(evidence: Evidence) -> Estimate:
        compared = evidence.outcomes
        contrast = compared.independent if outcome == "independent" else compared.dead
        return _present(contrast.ratio)

    return measured


def odds_ratio(evidence: Evidence) -> Estimate:
    """Return the common odds ratio for a better mRS."""
    return _present(evidence.outcomes.common_odds_ratio)


def adjusted_odds_ratio(evidence: Evidence) -> Estimate:
    """Return the common odds ratio adjusted for the trial's baseline variables."""
    return _present(common_odds_ratio(evidence.cohort, _ADJUSTED_FOR))


def small_but_poor(evidence: Evidence) -> float:
    """Return the percentage with mRS 3-6 among small infarcts."""
    small = evidence.cohort.ranging(VOLUME, None, SMALL_VOLUME_ML)
    return _percentage(_scoring(small, range(INDEPENDENT + 1, 7)), small.flow([MRS]).analysed)


def large_but_good(evidence: Evidence) -> float:
    """Return the percentage with mRS 0-2 among large infarcts."""
    large = evidence.cohort.ranging(VOLUME, LARGE_VOLUME_ML, None)
    return _percentage(_scoring(large, range(INDEPENDENT + 1)), large.flow([MRS]).analysed)


def small_but_poor_by(name: str) -> Measure:
    """Return the p-value of mRS 3-6 among small infarcts between two groups."""

    def measured(evidence: Evidence) -> float:
        small = evidence.cohort.ranging(VOLUME, None, SMALL_VOLUME_ML)
        rows = small.rows([name], [MRS]).dropna(subset=[MRS])
        first, second = (level.code for level in small.variable(name).levels[:2])
        rows = rows[rows[name].isin([first, second])]
        is_first = (rows[name] == first).to_numpy(dtype=bool)
        is_poor = (rows[MRS] > INDEPENDENT).to_numpy(dtype=bool)
        if len(set(is_first)) < 2 or len(set(is_poor)) < 2:  # noqa: PLR2004
            msg = "nobody in one of the groups has a small infarct"
            raise AnalysisError(msg)
        return independence_p(is_first, is_poor)

    return measured


def quantile_in(name: str, p: float, *, treated: bool) -> Measure:
    """Return a quantile of a variable in one arm."""
    return lambda evidence: quantile(_tally(evidence.arm(treated=treated), name), p)


def mean_of(name: str) -> Measure:
    """Return the mean of a variable."""
    return lambda evidence: mean(_tally(evidence.cohort, name))


def level_in(name: str, code: str, *, treated: bool) -> Measure:
    """Count the patients of one arm at one level of a variable."""
    return lambda evidence: evidence.arm(treated=treated).at(name, code).patients


def recanalized_share(evidence: Evidence) -> float:
    """Return the percentage recanalized of those assessed in the treatment arm."""
    treated = evidence.arm(treated=True)
    yes, no = (treated.at("recanalization", code).patients for code in ("yes", "no"))
    return _percentage(yes, yes + no)


def late_in(*, treated: bool) -> Measure:
    """Count the patients of one arm who were randomised late."""

    def measured(evidence: Evidence) -> int:
        arm = evidence.arm(treated=treated)
        return arm.flow([_TIME]).analysed - arm.ranging(_TIME, None, LATE_AFTER_MIN).patients

    return measured


def within_six_hours(evidence: Evidence) -> float:
    """Return the percentage randomised within six hours, of those whose time is known."""
    cohort = evidence.cohort
    early = cohort.ranging(_TIME, None, SIX_HOURS_MIN).patients
    return _percentage(early, cohort.flow([_TIME]).analysed)


def _percentage(part: int, whole: int) -> float:
    if not whole:
        msg = "nobody here is in this group"
        raise AnalysisError(msg)
    return 100 * part / whole


def _scoring(cohort: Cohort, scores: Sequence[int]) -> int:
    return cohort.at(MRS, *map(str, scores)).patients


def _present(estimate: Estimate | Absent) -> Estimate:
    if isinstance(estimate, Absent):
        raise AnalysisError(estimate.reason)
    return estimate


def _median(cohort: Cohort) -> Estimate:
    groups = measure(cohort, [])
    statistics = volume_statistics(groups[()].volumes) if groups else None
    if statistics is None:
        msg = "nobody here has a recorded infarct volume"
        raise AnalysisError(msg)
    return statistics.median


def _width(cohort: Cohort) -> float:
    volumes = _tally(cohort, VOLUME)
    return quantile(volumes, 0.75) - quantile(volumes, 0.25)


def _tally(cohort: Cohort, name: str) -> Tally:
    counted = cohort.counts((), [name]).dropna(subset=[name])
    if counted.empty:
        msg = f"nobody here has {cohort.variable(name).in_text} recorded"
        raise AnalysisError(msg)
    return Tally(counted[name].to_numpy(dtype=float), counted["patients"].to_numpy(dtype=int))
