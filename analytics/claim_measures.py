"""How each published figure is measured in a cohort: one small function for each kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from analytics.mrs_model import MrsModel, model_mrs
from analytics.outcomes import (
    OutcomeComparison,
    common_odds_ratio,
    compare_outcomes,
    in_percent,
)
from analytics.results import Absent, AnalysisError, Estimate
from analytics.tally import Tally, mean, quantile, share_at_most
from analytics.volume_comparison import SeveralGroups, compare_volumes
from analytics.volume_model import VolumeModel, model_volume
from analytics.volumes import VOLUME, volume_statistics
from data.cohort import Cohort
from data.synthetic.targets import LATE_AFTER_MIN, SIX_HOURS_MIN
from data.variables import LARGE_GROUP, SMALL_GROUP

T = TypeVar("T")
Measured = int | float | Estimate
Outcome = Literal["independent", "dead"]
_TIME = "onset_to_randomization_min"
_ADJUSTED_FOR = ("age_years", "sex", "nihss_baseline", "aspects", "occlusion_site", "alteplase")


@dataclass(frozen=True, eq=False)
class Evidence:
    """A cohort with the counts and analyses that several claims share, each made once."""

    cohort: Cohort

    @cached_property
    def outcomes(self) -> OutcomeComparison:
        """Return the mRS by arm."""
        return compare_outcomes(self.cohort)

    @property
    def volume_model(self) -> VolumeModel:
        """Return the published model of infarct volume."""
        return _given(self._volume_model)

    @property
    def mrs_model(self) -> MrsModel:
        """Return the published model of the mRS."""
        return _given(self._mrs_model)

    # A model that cannot be fitted is not tried again for each of its claims.
    @cached_property
    def _volume_model(self) -> VolumeModel | AnalysisError:
        return _or_error(lambda: model_volume(self.cohort))

    @cached_property
    def _mrs_model(self) -> MrsModel | AnalysisError:
        return _or_error(lambda: model_mrs(self.cohort))

    @cached_property
    def _answers(self) -> dict[object, Any]:
        return {}

    def volumes(self, by: str) -> Mapping[str, Tally]:
        """Return the recorded volumes at each level of a variable."""
        return self.tallies(VOLUME, by)

    def tallies(self, name: str, by: str = "arm") -> Mapping[str, Tally]:
        """Return the recorded values of a variable at each level of another."""
        key = (name, by)
        if key not in self._answers:
            counted = self.cohort.counts([by], [name]).dropna(subset=[name])
            self._answers[key] = {
                str(code): Tally(
                    own[name].to_numpy(dtype=float), own["patients"].to_numpy(dtype=np.int64)
                )
                for code, own in counted.groupby(by, sort=False)
            }
        return self._answers[key]

    def patients(self, *wanted: tuple[str, str]) -> int:
        """Count the patients at one level of each of some variables."""
        names = tuple(name for name, _ in wanted)
        if names not in self._answers:
            counted = self.cohort.counts(names)
            columns = [counted[name] for name in names]
            self._answers[names] = {
                tuple(codes): int(n)
                for *codes, n in zip(*columns, counted["patients"], strict=True)
            }
        return self._answers[names].get(tuple(code for _, code in wanted), 0)

    def arm(self, *, treated: bool) -> str:
        """Return the code of the treatment or of the reference arm."""
        return self.cohort.variable("arm").levels[-1 if treated else 0].code


def _or_error(compute: Callable[[], T]) -> T | AnalysisError:
    try:
        return compute()
    except AnalysisError as error:
        return error


def _given(result: T | AnalysisError) -> T:
    if isinstance(result, AnalysisError):
        raise result
    return result


Measure = Callable[[Evidence], Measured]


def patients(evidence: Evidence) -> int:
    """Count the patients."""
    return evidence.cohort.patients


def arm_size(*, treated: bool) -> Measure:
    """Count the patients of one arm."""
    return lambda evidence: evidence.patients(("arm", evidence.arm(treated=treated)))


def volumes_measured(evidence: Evidence) -> int:
    """Count the recorded volumes."""
    return Tally.merged(evidence.volumes("arm").values()).n


def scanned(code: str) -> Measure:
    """Count the volumes recorded on one kind of scan."""
    return lambda evidence: _at(evidence.volumes("imaging_modality"), code).n


def scan_time(_: Evidence) -> float:
    """Refuse: no data set holds the time of the scan."""
    msg = "the data hold no time of the scan"
    raise AnalysisError(msg)


def volume_median(evidence: Evidence) -> Estimate:
    """Return the median volume in mL."""
    return _median(Tally.merged(evidence.volumes("arm").values()))


def volume_median_in(*, treated: bool) -> Measure:
    """Return the median volume of one arm in mL."""
    return lambda evidence: _median(_at(evidence.volumes("arm"), evidence.arm(treated=treated)))


def volume_median_at(name: str, code: str) -> Measure:
    """Return the median volume at one level of a variable in mL."""
    return lambda evidence: _median(_at(evidence.volumes(name), code))


def volume_quartile(p: float) -> Measure:
    """Return a quantile of the volumes in mL."""
    return lambda evidence: quantile(_some(Tally.merged(evidence.volumes("arm").values())), p)


def volume_width(evidence: Evidence) -> float:
    """Return the width of the interquartile range in mL."""
    return _width(Tally.merged(evidence.volumes("arm").values()))


def volume_width_in(*, treated: bool) -> Measure:
    """Return the width of the interquartile range of one arm in mL."""
    return lambda evidence: _width(_at(evidence.volumes("arm"), evidence.arm(treated=treated)))


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
    good, poor = _sized(evidence, SMALL_GROUP)
    return _percentage(poor, good + poor)


def large_but_good(evidence: Evidence) -> float:
    """Return the percentage with mRS 0-2 among large infarcts."""
    good, poor = _sized(evidence, LARGE_GROUP)
    return _percentage(good, good + poor)


def _sized(evidence: Evidence, group: str) -> tuple[int, int]:
    """Count the good and the poor outcomes among infarcts of one size."""
    good, poor = (
        evidence.patients(("volume_group", group), ("mrs_0_2", code)) for code in ("yes", "no")
    )
    return good, poor


def small_but_poor_by(name: str) -> Measure:
    """Return the p-value of mRS 3-6 among small infarcts between two groups."""

    def measured(evidence: Evidence) -> float:
        small = ("volume_group", SMALL_GROUP)
        levels = [level.code for level in evidence.cohort.variable(name).levels[:2]]
        cells = [
            [evidence.patients(small, ("mrs_0_2", good), (name, code)) for good in ("yes", "no")]
            for code in levels
        ]
        table = np.array(cells, dtype=float)
        if not (table.sum(axis=0).all() and table.sum(axis=1).all()):
            msg = "a group or an outcome has nobody with a small infarct"
            raise AnalysisError(msg)
        return independence(table)

    return measured


def independence(table: NDArray[np.float64]) -> float:
    """Return the p-value of Pearson's chi-squared test of a table, without correction."""
    from scipy.stats import chi2_contingency  # noqa: PLC0415  # slow import

    return float(chi2_contingency(table, correction=False).pvalue)


def quantile_in(name: str, p: float, *, treated: bool) -> Measure:
    """Return a quantile of a variable in one arm."""
    return lambda evidence: quantile(
        _some(_at(evidence.tallies(name), evidence.arm(treated=treated))), p
    )


def mean_of(name: str) -> Measure:
    """Return the mean of a variable."""
    return lambda evidence: mean(_some(Tally.merged(evidence.tallies(name).values())))


def level_in(name: str, code: str, *, treated: bool) -> Measure:
    """Count the patients of one arm at one level of a variable."""
    return lambda evidence: evidence.patients(("arm", evidence.arm(treated=treated)), (name, code))


def recanalized_share(evidence: Evidence) -> float:
    """Return the percentage recanalized of those assessed in the treatment arm."""
    treated = ("arm", evidence.arm(treated=True))
    yes, no = (evidence.patients(treated, ("recanalization", code)) for code in ("yes", "no"))
    return _percentage(yes, yes + no)


def late_in(*, treated: bool) -> Measure:
    """Count the patients of one arm who were randomised late."""

    def measured(evidence: Evidence) -> int:
        times = _at(evidence.tallies(_TIME), evidence.arm(treated=treated))
        return int(times.counts[times.values > LATE_AFTER_MIN].sum())

    return measured


def within_six_hours(evidence: Evidence) -> float:
    """Return the percentage randomised within six hours, of those whose time is known."""
    times = _some(Tally.merged(evidence.tallies(_TIME).values()))
    return 100 * share_at_most(times, SIX_HOURS_MIN)


def _percentage(part: int, whole: int) -> float:
    if not whole:
        msg = "nobody here is in this group"
        raise AnalysisError(msg)
    return 100 * part / whole


def _present(estimate: Estimate | Absent) -> Estimate:
    if isinstance(estimate, Absent):
        raise AnalysisError(estimate.reason)
    return estimate


def _median(volumes: Tally) -> Estimate:
    statistics = volume_statistics(_some(volumes))
    if statistics is None:
        msg = "A tally that is not empty has statistics."
        raise ValueError(msg)
    return statistics.median


def _width(volumes: Tally) -> float:
    some = _some(volumes)
    return quantile(some, 0.75) - quantile(some, 0.25)


def _at(tallies: Mapping[str, Tally], code: str) -> Tally:
    return tallies.get(code, Tally.of([]))


def _some(tally: Tally) -> Tally:
    if not tally.n:
        msg = "nobody here has it recorded"
        raise AnalysisError(msg)
    return tally
