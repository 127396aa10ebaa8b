"""The published claims: each figure of the ESCAPE publications and how it is measured."""

from dataclasses import dataclass

from analytics.overview import claim_measures as by
from analytics.overview.claim_measures import Measure, Measured
from analytics.results import Estimate
from data.published import EMERGED, FOLLOWING, TARGETS, Target
from data.variables import variable

_FACTS = {fact.id: fact for fact in (*TARGETS, *FOLLOWING, *EMERGED)}


@dataclass(frozen=True)
class Claim:
    """One published figure and how it is measured in a cohort.

    Attributes
    ----------
    id : str
        Stable; the fact's own, with the part that is meant where the fact holds several.
    text : str
        The quantity.
    fact : Target
        Where and how certainly it is published.
    published : int, float, Estimate or str
        The value; a str is a bound on a p-value, or a text that no data can be held against.
    measure : callable
        Returns the same quantity in a cohort; an AnalysisError says why not.
    unit : str
    """

    id: str
    text: str
    fact: Target
    published: Measured | str
    measure: Measure
    unit: str = ""

    @property
    def is_verdict(self) -> bool:
        """Tell whether only a test's verdict is published."""
        return self.fact.is_verdict


def _claim(
    fact: str, measure: Measure, text: str = "", *, part: int | None = None, unit: str = ""
) -> Claim:
    """Return the claim that a fact, or one part of it, makes."""
    found = _FACTS[fact]
    name = fact if part is None else f"{fact}_{part}"
    return Claim(name, text or found.quantity, found, _published(found, part), measure, unit)


def _published(fact: Target, part: int | None) -> Measured | str:
    value = fact.published
    if isinstance(value, list):
        return Estimate(*value) if part is None else value[part]
    return value  # ty: ignore[invalid-explicit-return]


def _percentage(fact: str, measure: Measure, text: str) -> Claim:
    """Return the claim of a count among so many as a percentage, rounded as it is printed."""
    found = _FACTS[fact]
    count, total = found.published  # ty: ignore[not-iterable]  # a pair of counts
    return Claim(fact, text, found, round(100 * count / total, found.decimals), measure, "%")


def _volume_model() -> tuple[Claim, ...]:
    start = "volume_model_"
    names = [fact.removeprefix(start) for fact in _FACTS if fact.startswith(start)]
    return tuple(
        _claim(
            f"{start}{name}",
            by.volume_term(name),
            f"Infarct volume on {variable(name).in_text}, p in the linear model",
        )
        for name in names
    )


def _mrs_model() -> tuple[Claim, ...]:
    terms = {"volume": "infarct_volume_ml", "delta_nihss": "delta_nihss", "laterality": ""}
    return tuple(
        _claim(
            f"mrs_model_{short}",
            by.mrs_term(name or short),
            f"mRS at 90 days on {variable(name or short).in_text}, p in the proportional-odds "
            "model",
        )
        for short, name in terms.items()
    )


def _quartiles(fact: str, name: str, *, treated: bool) -> tuple[Claim, ...]:
    measured, arm = variable(name), "EVT" if treated else "control"
    parts = ((0.5, "median"), (0.25, "first quartile"), (0.75, "third quartile"))
    return tuple(
        _claim(
            fact,
            by.quantile_in(name, p, treated=treated),
            f"{measured.label} {arm}, {words}",
            part=part,
            unit=measured.unit,
        )
        for part, (p, words) in enumerate(parts)
    )


_ABSTRACT = (
    _claim("n", by.patients, "Patients"),
    _claim("n_evt", by.arm_size(treated=True), "Patients, EVT"),
    _claim("n_control", by.arm_size(treated=False), "Patients, control"),
    _claim("n_volume", by.volumes_measured, "Infarct volumes measured"),
    _claim("n_mri", by.scanned("MRI"), "Infarct volumes measured on MRI"),
    _claim("n_ct", by.scanned("CT"), "Infarct volumes measured on CT"),
    _claim("imaging_window", by.scan_time, "Time of the scan"),
    _claim("volume_median", by.volume_median, "Infarct volume, median", unit="mL"),
    _claim("volume_iqr", by.volume_width, "Infarct volume, IQR width", unit="mL"),
    _claim(
        "evt_median",
        by.volume_median_in(treated=True),
        "Infarct volume EVT, median",
        unit="mL",
    ),
    _claim(
        "evt_iqr", by.volume_width_in(treated=True), "Infarct volume EVT, IQR width", unit="mL"
    ),
    _claim(
        "control_median",
        by.volume_median_in(treated=False),
        "Infarct volume control, median",
        unit="mL",
    ),
    _claim(
        "control_iqr",
        by.volume_width_in(treated=False),
        "Infarct volume control, IQR width",
        unit="mL",
    ),
    _claim("arm_p", by.volumes_compared("arm"), "Infarct volume by arm, p of the rank-sum test"),
    _claim(
        "recanalized_median",
        by.volume_median_at("recanalization", "yes"),
        "Infarct volume recanalized, median",
        unit="mL",
    ),
    _claim(
        "not_recanalized_median",
        by.volume_median_at("recanalization", "no"),
        "Infarct volume not recanalized, median",
        unit="mL",
    ),
    _claim(
        "recanalization_p",
        by.volumes_compared("recanalization"),
        "Infarct volume by recanalization, p of the rank-sum test",
    ),
    *_volume_model(),
    *_mrs_model(),
)
_OTHER_PAPERS = (
    _claim("volume_q1", by.volume_quartile(0.25), "Infarct volume, first quartile", unit="mL"),
    _claim("volume_q3", by.volume_quartile(0.75), "Infarct volume, third quartile", unit="mL"),
    _percentage("small_poor", by.small_but_poor, "mRS 3-6 among volumes of 7 mL or less"),
    _percentage("large_good", by.large_but_good, "mRS 0-2 among volumes of 72 mL or more"),
    _claim("small_poor_side", by.small_but_poor_by("laterality")),
    _claim("small_poor_scan", by.small_but_poor_by("imaging_modality")),
    _claim("good_evt", by.share_of_arm("independent", treated=True), "mRS 0-2, EVT", unit="%"),
    _claim(
        "good_control",
        by.share_of_arm("independent", treated=False),
        "mRS 0-2, control",
        unit="%",
    ),
    _claim("good_ratio", by.risk_ratio("independent")),
    _claim("good_p", by.outcomes_compared("independent")),
    _claim("dead_evt", by.share_of_arm("dead", treated=True), "Dead at 90 days, EVT", unit="%"),
    _claim(
        "dead_control",
        by.share_of_arm("dead", treated=False),
        "Dead at 90 days, control",
        unit="%",
    ),
    _claim("dead_ratio", by.risk_ratio("dead")),
    _claim("dead_p", by.outcomes_compared("dead")),
    _claim("common_odds_ratio", by.odds_ratio),
    _claim("common_odds_ratio_p", by.odds_ratio_p),
    _claim("common_odds_ratio_adjusted", by.adjusted_odds_ratio),
    *_quartiles("age_evt", "age_years", treated=True),
    *_quartiles("age_control", "age_years", treated=False),
    _claim("age_mean", by.mean_of("age_years"), unit="years"),
    *_quartiles("nihss_evt", "nihss_baseline", treated=True),
    *_quartiles("nihss_control", "nihss_baseline", treated=False),
    _claim("alteplase_evt", by.level_in("alteplase", "yes", treated=True)),
    _claim("alteplase_control", by.level_in("alteplase", "yes", treated=False)),
    _percentage("recanalized_evt", by.recanalized_share, "TICI 2b-3, EVT, of those assessed"),
    _claim("late", by.late_in(treated=True), "Randomised after 330 min, EVT", part=0),
    _claim("late", by.late_in(treated=False), "Randomised after 330 min, control", part=1),
    _claim(
        "late_good_evt",
        by.late_and_good(treated=True),
        "mRS 0-2, randomised after 330 min, EVT",
        unit="%",
    ),
    _claim(
        "late_good_control",
        by.late_and_good(treated=False),
        "mRS 0-2, randomised after 330 min, control",
        unit="%",
    ),
    _claim("late_good_p", by.late_outcomes_compared),
    _claim("within_6_h", by.within_six_hours, "Randomised within 6 h", unit="%"),
)

CLAIMS: tuple[Claim, ...] = (*_ABSTRACT, *_OTHER_PAPERS)
"""Every figure of the abstract of Al-Ajlan et al., then those of the trial's other papers."""
