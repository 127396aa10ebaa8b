"""How each published figure is measured in a cohort: one small function for each measure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.kernels import rank_tests
from analytics.kernels.logistic import fit_logistic
from analytics.kernels.types import FitError
from analytics.kernels.weighted_sample import (
    WeightedSample,
    maximum,
    mean,
    minimum,
    quantile,
    sd,
)
from analytics.method import Method
from analytics.models.design import Formula, make_design
from analytics.models.side_by_side import variables_in_text
from analytics.outcomes.comparison import (
    Contrast,
    common_odds_ratio,
    contrast_of_shares,
    recorded_share,
    wald_p,
)
from analytics.outcomes.methods import (
    ADJUSTED_ODDS_RATIO,
    COMMON_ODDS_RATIO,
    ODDS_RATIO,
    PROPORTION,
    RISK_DIFFERENCE,
    RISK_RATIO,
)
from analytics.outcomes.model import MrsModel
from analytics.overview.claim_choices import REFERENCE, TREATMENT, choice_of, keeps, known_codes
from analytics.overview.claim_evidence import Evidence, require_number
from analytics.overview.methods import INDEPENDENCE, MRS_MODEL, PUBLISHED_VOLUME_MODEL
from analytics.predictors.methods import VOLUME_MODEL
from analytics.predictors.model import VolumeModel
from analytics.results import Absent, AnalysisError, Estimate, in_percent
from analytics.trial import ADJUSTED_FOR, LEVEL, MRS, Z95
from analytics.volumes.methods import MEDIAN, QUARTILES, RANK_SUM, RANK_SUM_EXACT
from analytics.volumes.summary import volume_statistics
from data.published import Figure

Measured = int | float | Estimate
_TWO = 2


@dataclass(frozen=True)
class Found:
    """What a measure gives: the value, the patients it rests on, and how it was obtained."""

    value: Measured
    n: int
    methods: tuple[Method | str, ...] = ()


Measure = Callable[[Evidence, Figure], Found]


def patients(evidence: Evidence, figure: Figure) -> Found:
    """Count the patients."""
    return Found(int(evidence.among(figure)["patients"].sum()), evidence.cohort.patients)


def known(evidence: Evidence, figure: Figure) -> Found:
    """Count the patients in whom a variable is recorded."""
    counted = evidence.among(figure)
    of_them = counted["patients"][evidence.known(figure, counted)]
    return Found(int(of_them.sum()), int(counted["patients"].sum()))


def count(evidence: Evidence, figure: Figure) -> Found:
    """Count the patients with some of a variable's values, of those in whom it is recorded."""
    return Found(*evidence.counted_of(figure, evidence.among(figure)))


def percent(evidence: Evidence, figure: Figure) -> Found:
    """Return the percentage with some of a variable's values, as a table of patients has it."""
    part, whole = evidence.counted_of(figure, evidence.among(figure))
    return Found(100 * part / _somebody(whole), whole)


def risk(evidence: Evidence, figure: Figure) -> Found:
    """Return the percentage with an outcome, with its interval."""
    part, whole = evidence.counted_of(figure, evidence.among(figure))
    return Found(in_percent(recorded_share(part, _somebody(whole))), whole, (PROPORTION,))


def median(evidence: Evidence, figure: Figure) -> Found:
    """Return the median with its interval."""
    sample = _sample(evidence, figure)
    statistics = volume_statistics(sample)
    if statistics is None:
        msg = "A sample that is not empty has statistics."
        raise ValueError(msg)
    return Found(statistics.median, sample.n, (MEDIAN,))


def quantile_at(p: float) -> Measure:
    """Return what measures a quantile."""

    def measured(evidence: Evidence, figure: Figure) -> Found:
        sample = _sample(evidence, figure)
        return Found(quantile(sample, p), sample.n, (QUARTILES,))

    return measured


def width(evidence: Evidence, figure: Figure) -> Found:
    """Return the width of the interquartile range."""
    sample = _sample(evidence, figure)
    return Found(quantile(sample, 0.75) - quantile(sample, 0.25), sample.n, (QUARTILES,))


def statistic(compute: Callable[[WeightedSample], float], *, is_extreme: bool = False) -> Measure:
    """Return what measures a statistic of a sample; an extreme is one patient's value."""

    def measured(evidence: Evidence, figure: Figure) -> Found:
        if is_extreme and evidence.cohort.data.hides_small_numbers:
            msg = "single patients' values are not shown with these data"
            raise AnalysisError(msg)
        sample = _sample(evidence, figure)
        return Found(compute(sample), sample.n)

    return measured


def correlation(*, of_ranks: bool) -> Measure:
    """Return what measures the correlation of two variables, or of their ranks."""
    whose = "Spearman's rank" if of_ranks else "Pearson's"

    def measured(evidence: Evidence, figure: Figure) -> Found:
        other = _of_other(figure, figure.by)
        for variable in map(evidence.variable, (figure.of, figure.by)):
            require_number(variable)
        counted = evidence.among(figure)
        counted = counted[evidence.known(figure, counted)]
        counted = counted[evidence.known(other, counted)]
        one, two = (counted[name].to_numpy(dtype=float) for name in (figure.of, figure.by))
        weights = counted["patients"].to_numpy(dtype=np.int64)
        if of_ranks:
            one, two = _ranks(one, weights), _ranks(two, weights)
        if len(weights) < _TWO or np.ptp(one) == 0 or np.ptp(two) == 0:
            msg = "no correlation: one of the two does not vary"
            raise AnalysisError(msg)
        covariance = np.cov(one, two, fweights=weights)
        r = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
        return Found(float(r), int(weights.sum()), (f"Correlations are {whose}.",))

    return measured


def _of_other(figure: Figure, name: str) -> Figure:
    """Return a figure that is of another variable.

    Raises
    ------
    AnalysisError
        If it names none.
    """
    if not name:
        msg = "the sheet does not say with what it is correlated (by)"
        raise AnalysisError(msg)
    return figure.model_copy(update={"of": name})


def _ranks(values: NDArray[np.float64], weights: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean rank of each value, ties sharing theirs."""
    distinct, places = np.unique(values, return_inverse=True)
    counts = np.bincount(places, weights.astype(float), len(distinct))
    return (np.cumsum(counts) - (counts - 1) / 2)[places]


def rank_sum(evidence: Evidence, figure: Figure) -> Found:
    """Return the p-value of the rank-sum test between two groups."""
    counted = evidence.among(figure)
    samples = [evidence.sample(figure, own) for own in _groups(evidence, figure, counted)]
    samples = [sample for sample in samples if sample.n]
    if len(samples) != _TWO or min(sample.n for sample in samples) < _TWO:
        few = "fewer" if len(samples) <= _TWO else "more"
        msg = f"{few} than two groups are recorded"
        raise AnalysisError(msg)
    test = rank_tests.rank_sum(*samples)
    named = RANK_SUM_EXACT if test.exact else RANK_SUM
    return Found(test.p_value, sum(sample.n for sample in samples), (named,))


def independence_of(evidence: Evidence, figure: Figure) -> Found:
    """Return the p-value of the chi-squared test of an outcome between groups."""
    counted = evidence.among(figure)
    shares = [evidence.counted_of(figure, own) for own in _groups(evidence, figure, counted)]
    table = np.array([[part, whole - part] for part, whole in shares if whole], dtype=float)
    if len(table) < _TWO or not table.sum(axis=0).all():
        msg = "no test: a group or an outcome that nobody has"
        raise AnalysisError(msg)
    return Found(independence(table), int(table.sum()), (INDEPENDENCE,))


def independence(table: NDArray[np.float64]) -> float:
    """Return the p-value of Pearson's chi-squared test of a table, without correction."""
    from scipy.stats import chi2_contingency  # noqa: PLC0415  # slow import

    return float(chi2_contingency(table, correction=False).pvalue)


def contrast(
    pick: Callable[[Contrast], Estimate | Absent], method: Method, *, in_points: bool = False
) -> Measure:
    """Return what measures an outcome in the treatment arm against the reference arm."""

    def measured(evidence: Evidence, figure: Figure) -> Found:
        (one, of), (other, others) = _arms(evidence, figure)
        found = _present(pick(contrast_of_shares(one, of, other, others)))
        return Found(in_percent(found) if in_points else found, of + others, (method,))

    return measured


def adjusted_odds_ratio(evidence: Evidence, figure: Figure) -> Found:
    """Return the adjusted odds ratio of an outcome, treatment against reference arm."""
    names = _adjustment(evidence, figure)
    require_number(evidence.variable(figure.of))
    design = make_design(evidence.patients_of(figure), Formula(figure.of, ("arm", *names)))
    term = design.term("arm")
    if term is None:
        msg = "no odds ratio: these patients are in one arm"
        raise AnalysisError(msg)
    has_it = _has_outcome(evidence, figure, design.outcome)
    try:
        fit = fit_logistic(design.matrix, has_it.astype(float), design.weights)
    except FitError as error:
        msg = f"not estimable: {str(error).rstrip('.')}"
        raise AnalysisError(msg) from error
    (arm,) = term.columns
    reach = np.array([0.0, -Z95, Z95]) * fit.standard_errors[arm]
    value, low, high = np.exp(fit.coefficients[arm] + reach).tolist()
    odds = Estimate(value, low, high, LEVEL, decimals=2)
    listed = variables_in_text([evidence.variable(name) for name in names])
    said = (
        f"The adjusted odds ratio is of a logistic model with {listed or 'nothing but the arm'}."
    )
    return Found(odds, design.n, (said,))


def _has_outcome(
    evidence: Evidence, figure: Figure, outcome: NDArray[np.float64]
) -> NDArray[np.bool_]:
    variable = evidence.variable(figure.of)
    scores = pd.Series(outcome)
    if variable.is_grouping:
        scores = scores.map(lambda score: f"{score:g}")
    return keeps(choice_of(variable, figure.values_meant), scores)


def shift_odds_ratio(*, is_adjusted: bool) -> Measure:
    """Return what measures the common odds ratio for a better mRS."""

    def measured(evidence: Evidence, figure: Figure) -> Found:
        names = _adjustment(evidence, figure) if is_adjusted else ()
        cohort = evidence.patients_of(figure)
        odds = _present(common_odds_ratio(cohort, names))
        n = cohort.flow([MRS, "arm", *names]).analysed
        return Found(odds, n, (_shift_method(evidence, names),))

    return measured


def _shift_method(evidence: Evidence, names: Sequence[str]) -> Method:
    if not names:
        return COMMON_ODDS_RATIO
    if tuple(names) == ADJUSTED_FOR:
        return ADJUSTED_ODDS_RATIO
    listed = variables_in_text([evidence.variable(name) for name in names])
    said = f"The adjusted common odds ratio takes {listed} into a proportional-odds model."
    return replace(ADJUSTED_ODDS_RATIO, sentence=said)


def p_of(measure: Measure) -> Measure:
    """Return what measures Wald's p-value of a ratio."""

    def measured(evidence: Evidence, figure: Figure) -> Found:
        found = measure(evidence, figure)
        if not isinstance(found.value, Estimate):
            msg = "the ratio has no interval"
            raise AnalysisError(msg)
        return replace(found, value=wald_p(found.value))

    return measured


def of_planned_model(
    model_of: Callable[[Evidence, Figure], VolumeModel | MrsModel],
    read: Callable[[VolumeModel | MrsModel, str], float | Estimate],
    said_of: Callable[[Evidence], tuple[Method | str, ...]],
) -> Measure:
    """Return what reads one variable's p-value or coefficient in a model of the plan."""

    def measured(evidence: Evidence, figure: Figure) -> Found:
        model = model_of(evidence, figure)
        _require_whole(model.design.notes)
        found = read(model, figure.of)
        return Found(found, model.account.flow.analysed, said_of(evidence))

    return measured


def _p(model: VolumeModel | MrsModel, name: str) -> float:
    return model.p_of(name)


def _require_whole(notes: Sequence[str]) -> None:
    """Refuse a model that goes without a variable: it is not the published one."""
    if notes:
        raise AnalysisError(notes[0])


def _coefficient(model: VolumeModel | MrsModel, name: str) -> Estimate:
    table = model.table
    rows = [row.estimates[table.main] for row in table.rows if row.term == name]
    found = [estimate for estimate in rows if isinstance(estimate, Estimate)]
    if len(found) != 1:
        msg = "the model has no single coefficient of it"
        raise AnalysisError(msg)
    return found[0]


def _of_volume_model(evidence: Evidence) -> tuple[Method | str, ...]:
    listed = _listed(evidence, evidence.plan.volume_terms if evidence.plan else ())
    return PUBLISHED_VOLUME_MODEL, f"These are {listed}.", VOLUME_MODEL


def _of_mrs_model(evidence: Evidence) -> tuple[Method | str, ...]:
    listed = _listed(evidence, evidence.plan.mrs_terms if evidence.plan else ())
    return MRS_MODEL, f"These are {listed}."


def _listed(evidence: Evidence, names: Sequence[str]) -> str:
    # A model that goes without a variable has been refused, so the data have them all.
    return variables_in_text([evidence.variable(name) for name in names])


def statement(_: Evidence, figure: Figure) -> Found:
    """Refuse: no data can be held against a statement."""
    raise AnalysisError(figure.why or "no data can be held against it")


MEASURES: Mapping[str, Measure] = {
    "patients": patients,
    "known": known,
    "count": count,
    "percent": percent,
    "risk": risk,
    "median": median,
    "first quartile": quantile_at(0.25),
    "third quartile": quantile_at(0.75),
    "IQR width": width,
    "mean": statistic(mean),
    "SD": statistic(sd),
    "minimum": statistic(minimum, is_extreme=True),
    "maximum": statistic(maximum, is_extreme=True),
    "correlation": correlation(of_ranks=False),
    "rank correlation": correlation(of_ranks=True),
    "rank-sum p": rank_sum,
    "chi-squared p": independence_of,
    "risk difference": contrast(lambda x: x.difference, RISK_DIFFERENCE, in_points=True),
    "risk ratio": contrast(lambda x: x.ratio, RISK_RATIO),
    "odds ratio": contrast(lambda x: x.odds_ratio, ODDS_RATIO),
    "odds ratio p": p_of(contrast(lambda x: x.odds_ratio, ODDS_RATIO)),
    "adjusted odds ratio": adjusted_odds_ratio,
    "adjusted odds ratio p": p_of(adjusted_odds_ratio),
    "common odds ratio": shift_odds_ratio(is_adjusted=False),
    "common odds ratio p": p_of(shift_odds_ratio(is_adjusted=False)),
    "adjusted common odds ratio": shift_odds_ratio(is_adjusted=True),
    "adjusted common odds ratio p": p_of(shift_odds_ratio(is_adjusted=True)),
    "volume model coefficient": of_planned_model(
        Evidence.volume_model, _coefficient, _of_volume_model
    ),
    "volume model p": of_planned_model(Evidence.volume_model, _p, _of_volume_model),
    "mRS model odds ratio": of_planned_model(Evidence.mrs_model, _coefficient, _of_mrs_model),
    "mRS model p": of_planned_model(Evidence.mrs_model, _p, _of_mrs_model),
    "statement": statement,
}
"""By the names of `data.published.MEASURES`; quartiles are a claim for each of the three."""
QUARTILE_PARTS: tuple[tuple[str, Measure], ...] = (
    ("median", quantile_at(0.5)),
    ("first quartile", quantile_at(0.25)),
    ("third quartile", quantile_at(0.75)),
)


def _groups(evidence: Evidence, figure: Figure, counted: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows of each group that is compared; of the arms, treatment first."""
    by = evidence.variable(figure.groups)
    if not by.is_grouping:
        msg = f"{by.in_text} makes no groups"
        raise AnalysisError(msg)
    codes = known_codes(by)
    return [counted[counted[by.name] == c] for c in (codes[::-1] if by.name == "arm" else codes)]


def _arms(evidence: Evidence, figure: Figure) -> list[tuple[int, int]]:
    """Return how many have an outcome, and of how many: in treatment and in reference arm."""
    if figure.groups != "arm":
        msg = "only the arms are compared by it"
        raise AnalysisError(msg)
    counted, arm = evidence.among(figure), evidence.variable("arm")
    sides = [choice_of(arm, (side,)) for side in (TREATMENT, REFERENCE)]
    shares = [evidence.counted_of(figure, counted[keeps(s, counted["arm"])]) for s in sides]
    for _, whole in shares:
        _somebody(whole)
    return shares


def _adjustment(evidence: Evidence, figure: Figure) -> tuple[str, ...]:
    planned = evidence.plan.adjusted_for if evidence.plan else ()
    names = figure.adjusted_for or planned
    if not names:
        msg = "neither the sheet's plan nor the figure says of what it is adjusted"
        raise AnalysisError(msg)
    if "arm" in names or figure.of in names:
        msg = "the arms' odds ratio is adjusted for neither the arm nor the outcome"
        raise AnalysisError(msg)
    evidence.require_terms(names)
    return names


def _sample(evidence: Evidence, figure: Figure) -> WeightedSample:
    sample = evidence.sample(figure, evidence.among(figure))
    if not sample.n:
        msg = "nobody here has it recorded"
        raise AnalysisError(msg)
    return sample


def _somebody(whole: int) -> int:
    if not whole:
        msg = "nobody here is in this group"
        raise AnalysisError(msg)
    return whole


def _present(estimate: Estimate | Absent) -> Estimate:
    if isinstance(estimate, Absent):
        raise AnalysisError(estimate.reason)
    return estimate
