"""How each published figure is measured in a cohort: one small function for each kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.weighted_sample import WeightedSample, mean, quantile, share_at_most
from analytics.method import Method
from analytics.outcomes.comparison import (
    OutcomeComparison,
    common_odds_ratio,
    compare_outcomes,
    wald_p,
)
from analytics.outcomes.methods import (
    ADJUSTED_ODDS_RATIO,
    COMMON_ODDS_RATIO,
    PROPORTION,
    RISK_RATIO,
)
from analytics.outcomes.model import MrsModel, model_mrs
from analytics.overview.methods import INDEPENDENCE, MRS_MODEL, PUBLISHED_VOLUME_MODEL
from analytics.predictors.methods import VOLUME_MODEL
from analytics.predictors.model import VolumeModel, model_volume
from analytics.results import Absent, AnalysisError, Estimate, in_percent
from analytics.trial import ADJUSTED_FOR, DEAD, INDEPENDENT, MRS, VOLUME
from analytics.volumes.comparison import SeveralGroups, compare_volumes
from analytics.volumes.methods import MEDIAN, QUARTILES, RANK_SUM, RANK_SUM_EXACT
from analytics.volumes.summary import volume_statistics
from data.cohort import Cohort
from data.published import LATE_AFTER_MIN, SIX_HOURS_MIN
from data.variables import LARGE_GROUP, SMALL_GROUP

T = TypeVar("T")
Measured = int | float | Estimate
Outcome = Literal["independent", "dead"]
_TIME = "onset_to_randomization_min"


@dataclass(frozen=True)
class Found:
    """What a measure gives: the value, the patients it rests on, and how it was obtained."""

    value: Measured
    n: int
    methods: tuple[Method, ...] = ()


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

    def volumes(self, by: str) -> Mapping[str, WeightedSample]:
        """Return the recorded volumes at each level of a variable."""
        return self.samples(VOLUME, by)

    def samples(self, name: str, by: str = "arm") -> Mapping[str, WeightedSample]:
        """Return the recorded values of a variable at each level of another."""
        key = (name, by)
        self._require(*key)
        if key not in self._answers:
            counted = self.cohort.counts([by], [name]).dropna(subset=[name])
            self._answers[key] = {
                str(code): WeightedSample(
                    own[name].to_numpy(dtype=float), own["patients"].to_numpy(dtype=np.int64)
                )
                for code, own in counted.groupby(by, sort=False)
            }
        return self._answers[key]

    def patients(self, *wanted: tuple[str, str]) -> int:
        """Count the patients at one level of each of some variables."""
        names = tuple(name for name, _ in wanted)
        self._require(*names)
        if names not in self._answers:
            counted = self.cohort.counts(names)
            columns = [counted[name] for name in names]
            self._answers[names] = {
                tuple(codes): int(n)
                for *codes, n in zip(*columns, counted["patients"], strict=True)
            }
        return self._answers[names].get(tuple(code for _, code in wanted), 0)

    def _require(self, *names: str) -> None:
        lacking = [name for name in names if not self.cohort.data.has(name)]
        if lacking:
            msg = f"These data hold no {' and no '.join(lacking)}."
            raise AnalysisError(msg)

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


Measure = Callable[[Evidence], Found]


def patients(evidence: Evidence) -> Found:
    """Count the patients."""
    n = evidence.cohort.patients
    return Found(n, n)


def arm_size(*, treated: bool) -> Measure:
    """Count the patients of one arm."""

    def measured(evidence: Evidence) -> Found:
        return Found(_in_arm(evidence, treated=treated), evidence.cohort.patients)

    return measured


def volumes_measured(evidence: Evidence) -> Found:
    """Count the recorded volumes."""
    return Found(_all_volumes(evidence).n, evidence.cohort.patients)


def scanned(code: str) -> Measure:
    """Count the volumes recorded on one kind of scan."""

    def measured(evidence: Evidence) -> Found:
        return Found(_at(evidence.volumes("imaging_modality"), code).n, _all_volumes(evidence).n)

    return measured


def scan_time(_: Evidence) -> Found:
    """Refuse: no data set holds the time of the scan."""
    msg = "the data hold no time of the scan"
    raise AnalysisError(msg)


def volume_median(evidence: Evidence) -> Found:
    """Return the median volume in mL."""
    return _median(_all_volumes(evidence))


def volume_median_in(*, treated: bool) -> Measure:
    """Return the median volume of one arm in mL."""
    return lambda evidence: _median(_volumes_of(evidence, treated=treated))


def volume_median_at(name: str, code: str) -> Measure:
    """Return the median volume at one level of a variable in mL."""
    return lambda evidence: _median(_at(evidence.volumes(name), code))


def volume_quartile(p: float) -> Measure:
    """Return a quantile of the volumes in mL."""
    return lambda evidence: _quantile(_all_volumes(evidence), p)


def volume_width(evidence: Evidence) -> Found:
    """Return the width of the interquartile range in mL."""
    return _width(_all_volumes(evidence))


def volume_width_in(*, treated: bool) -> Measure:
    """Return the width of the interquartile range of one arm in mL."""
    return lambda evidence: _width(_volumes_of(evidence, treated=treated))


def volumes_compared(by: str) -> Measure:
    """Return the p-value of the rank-sum test between the levels of a variable."""

    def measured(evidence: Evidence) -> Found:
        compared = compare_volumes(evidence.cohort, by)
        if isinstance(compared, SeveralGroups):
            msg = "more than two groups are recorded"
            raise AnalysisError(msg)
        test = RANK_SUM_EXACT if compared.exact else RANK_SUM
        return Found(compared.p_value, compared.first.n + compared.second.n, (test,))

    return measured


def volume_term(name: str) -> Measure:
    """Return the p-value of one variable in the model of volume."""

    def measured(evidence: Evidence) -> Found:
        model = evidence.volume_model
        if model.design.notes:
            raise AnalysisError(model.design.notes[0])
        methods = (PUBLISHED_VOLUME_MODEL, VOLUME_MODEL)
        return Found(model.p_of(name), model.account.flow.analysed, methods)

    return measured


def mrs_term(name: str) -> Measure:
    """Return the p-value of one variable in the model of the mRS."""

    def measured(evidence: Evidence) -> Found:
        model = evidence.mrs_model
        if model.design.notes:
            raise AnalysisError(model.design.notes[0])
        return Found(model.p_of(name), model.account.flow.analysed, (MRS_MODEL,))

    return measured


def share_of_arm(outcome: Outcome, *, treated: bool) -> Measure:
    """Return the percentage of one arm with an outcome."""

    def measured(evidence: Evidence) -> Found:
        compared = evidence.outcomes
        arm = compared.treatment if treated else compared.reference
        share = arm.independent if outcome == "independent" else arm.dead
        return Found(in_percent(share), arm.n, (PROPORTION,))

    return measured


def risk_ratio(outcome: Outcome) -> Measure:
    """Return the risk ratio of an outcome, treatment over reference arm."""

    def measured(evidence: Evidence) -> Found:
        compared = evidence.outcomes
        contrast = compared.independent if outcome == "independent" else compared.dead
        return Found(_present(contrast.ratio), compared.account.flow.analysed, (RISK_RATIO,))

    return measured


def outcomes_compared(outcome: Outcome) -> Measure:
    """Return the p-value of an outcome between the arms."""

    def measured(evidence: Evidence) -> Found:
        arms = (evidence.outcomes.treatment, evidence.outcomes.reference)
        scores = range(INDEPENDENT + 1) if outcome == "independent" else (DEAD,)
        found = [sum(arm.counts[score] for score in scores) for arm in arms]
        cells = [[yes, arm.n - yes] for yes, arm in zip(found, arms, strict=True)]
        return _independent(cells, "an outcome that nobody or everybody has")

    return measured


def odds_ratio(evidence: Evidence) -> Found:
    """Return the common odds ratio for a better mRS."""
    compared = evidence.outcomes
    odds = _present(compared.common_odds_ratio)
    return Found(odds, compared.account.flow.analysed, (COMMON_ODDS_RATIO,))


def odds_ratio_p(evidence: Evidence) -> Found:
    """Return Wald's p-value of the common odds ratio."""
    compared = evidence.outcomes
    p_value = wald_p(_present(compared.common_odds_ratio))
    return Found(p_value, compared.account.flow.analysed, (COMMON_ODDS_RATIO,))


def adjusted_odds_ratio(evidence: Evidence) -> Found:
    """Return the common odds ratio adjusted for the trial's baseline variables."""
    odds = _present(common_odds_ratio(evidence.cohort, ADJUSTED_FOR))
    n = evidence.cohort.flow([MRS, "arm", *ADJUSTED_FOR]).analysed
    return Found(odds, n, (ADJUSTED_ODDS_RATIO,))


def small_but_poor(evidence: Evidence) -> Found:
    """Return the percentage with mRS 3-6 among small infarcts."""
    good, poor = _sized(evidence, SMALL_GROUP)
    return _percentage(poor, good + poor)


def large_but_good(evidence: Evidence) -> Found:
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

    def measured(evidence: Evidence) -> Found:
        small = ("volume_group", SMALL_GROUP)
        levels = [level.code for level in evidence.cohort.variable(name).levels[:2]]
        cells = [
            [evidence.patients(small, ("mrs_0_2", good), (name, code)) for good in ("yes", "no")]
            for code in levels
        ]
        return _independent(cells, "a group or an outcome that nobody with a small infarct has")

    return measured


def _independent(cells: Sequence[Sequence[int]], empty: str) -> Found:
    """Return the p-value of a table of counts, which needs somebody in every row and column."""
    table = np.array(cells, dtype=float)
    if not (table.sum(axis=0).all() and table.sum(axis=1).all()):
        msg = f"no test: {empty}"
        raise AnalysisError(msg)
    return Found(independence(table), int(table.sum()), (INDEPENDENCE,))


def independence(table: NDArray[np.float64]) -> float:
    """Return the p-value of Pearson's chi-squared test of a table, without correction."""
    from scipy.stats import chi2_contingency  # noqa: PLC0415  # slow import

    return float(chi2_contingency(table, correction=False).pvalue)


def quantile_in(name: str, p: float, *, treated: bool) -> Measure:
    """Return a quantile of a variable in one arm."""
    return lambda evidence: _quantile(
        _at(evidence.samples(name), evidence.arm(treated=treated)), p
    )


def mean_of(name: str) -> Measure:
    """Return the mean of a variable."""

    def measured(evidence: Evidence) -> Found:
        known = _some(WeightedSample.merged(evidence.samples(name).values()))
        return Found(mean(known), known.n)

    return measured


def level_in(name: str, code: str, *, treated: bool) -> Measure:
    """Count the patients of one arm at one level of a variable."""

    def measured(evidence: Evidence) -> Found:
        n = _in_arm(evidence, treated=treated)
        return Found(evidence.patients(("arm", evidence.arm(treated=treated)), (name, code)), n)

    return measured


def recanalized_share(evidence: Evidence) -> Found:
    """Return the percentage recanalized of those assessed in the treatment arm."""
    treated = ("arm", evidence.arm(treated=True))
    yes, no = (evidence.patients(treated, ("recanalization", code)) for code in ("yes", "no"))
    return _percentage(yes, yes + no)


def late_in(*, treated: bool) -> Measure:
    """Count the patients of one arm who were randomised late."""

    def measured(evidence: Evidence) -> Found:
        times = _at(evidence.samples(_TIME), evidence.arm(treated=treated))
        return Found(int(times.counts[times.values > LATE_AFTER_MIN].sum()), times.n)

    return measured


def late_and_good(*, treated: bool) -> Measure:
    """Return the percentage with mRS 0-2 among those of one arm who were randomised late."""

    def measured(evidence: Evidence) -> Found:
        good, poor = _late_outcomes(evidence, treated=treated)
        return _percentage(good, good + poor)

    return measured


def late_outcomes_compared(evidence: Evidence) -> Found:
    """Return the p-value of mRS 0-2 between the arms among those who were randomised late."""
    cells = [_late_outcomes(evidence, treated=treated) for treated in (True, False)]
    return _independent(cells, "an arm or an outcome that nobody randomised late has")


def _late_outcomes(evidence: Evidence, *, treated: bool) -> tuple[int, int]:
    """Count the good and the poor outcomes of one arm among those who were randomised late."""
    counted = evidence.cohort.counts(["arm", "mrs_0_2"], [_TIME])
    own = counted[(counted["arm"] == evidence.arm(treated=treated))]
    late = own[own[_TIME] > LATE_AFTER_MIN]
    good, poor = (int(late["patients"][late["mrs_0_2"] == x].sum()) for x in ("yes", "no"))
    return good, poor


def within_six_hours(evidence: Evidence) -> Found:
    """Return the percentage randomised within six hours, of those whose time is known."""
    times = _some(WeightedSample.merged(evidence.samples(_TIME).values()))
    return Found(100 * share_at_most(times, SIX_HOURS_MIN), times.n)


def _in_arm(evidence: Evidence, *, treated: bool) -> int:
    return evidence.patients(("arm", evidence.arm(treated=treated)))


def _all_volumes(evidence: Evidence) -> WeightedSample:
    return WeightedSample.merged(evidence.volumes("arm").values())


def _volumes_of(evidence: Evidence, *, treated: bool) -> WeightedSample:
    return _at(evidence.volumes("arm"), evidence.arm(treated=treated))


def _percentage(part: int, whole: int) -> Found:
    if not whole:
        msg = "nobody here is in this group"
        raise AnalysisError(msg)
    return Found(100 * part / whole, whole)


def _present(estimate: Estimate | Absent) -> Estimate:
    if isinstance(estimate, Absent):
        raise AnalysisError(estimate.reason)
    return estimate


def _median(volumes: WeightedSample) -> Found:
    statistics = volume_statistics(_some(volumes))
    if statistics is None:
        msg = "A sample that is not empty has statistics."
        raise ValueError(msg)
    return Found(statistics.median, volumes.n, (MEDIAN,))


def _quantile(sample: WeightedSample, p: float) -> Found:
    return Found(quantile(_some(sample), p), sample.n, (QUARTILES,))


def _width(volumes: WeightedSample) -> Found:
    width = quantile(_some(volumes), 0.75) - quantile(volumes, 0.25)
    return Found(width, volumes.n, (QUARTILES,))


def _at(samples: Mapping[str, WeightedSample], code: str) -> WeightedSample:
    return samples.get(code, WeightedSample.of([]))


def _some(sample: WeightedSample) -> WeightedSample:
    if not sample.n:
        msg = "nobody here has it recorded"
        raise AnalysisError(msg)
    return sample
