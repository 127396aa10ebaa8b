"""What the ESCAPE publications print and the cohort reproduces, each figure once with its source.

`certainty` says how the figure is known: "verbatim" from the paper's own abstract, "secondary"
from another author's account of it, "derived" by arithmetic from printed percentages.
"""

from dataclasses import dataclass
from typing import Literal

AL_AJLAN = "Al-Ajlan et al., Stroke 2016;47:777-781, doi 10.1161/STROKEAHA.115.012424"
GANESH = "Ganesh et al., Int J Stroke 2021;16:593, doi 10.1177/1747493020929943"
GOYAL = "Goyal et al., N Engl J Med 2015;372:1019-1030, doi 10.1056/NEJMoa1414905"
EVANS = "Evans et al., AJNR 2018, late presenters in ESCAPE"
BLOG = "Blogging Stroke, 4 April 2016, account of Al-Ajlan et al."
REVIEW = "Table of ESCAPE in a review, Practical Neurology"

Certainty = Literal["verbatim", "secondary", "derived"]


@dataclass(frozen=True)
class Target:
    """One published figure.

    Attributes
    ----------
    id : str
        Stable name; the build reports the achieved value under it.
    quantity : str
        What it is, with its unit.
    published : object
        The value at published precision: a number, a list of numbers, or a bound on a p-value.
    columns : tuple of str
        The cohort's columns that it calibrates.
    source, certainty : str
        Where it is printed, and how it is known.
    """

    id: str
    quantity: str
    published: object
    columns: tuple[str, ...]
    source: str
    certainty: Certainty


ARM_SIZES = {"evt": 165, "control": 150}
VOLUMES_MEASURED = 314
MODALITIES = {"MRI": 254, "CT": 60}
MRS_COUNTS = {"evt": (24, 34, 29, 27, 21, 12, 17), "control": (10, 15, 18, 22, 36, 18, 28)}
ALTEPLASE = {"evt": 120, "control": 118}
LATE = {"evt": 33, "control": 26}
LATE_AFTER_MIN = 330
EVT_RECANALIZED, EVT_ASSESSED = 113, 156
SMALL_ML, LARGE_ML = 7.0, 72.0
SMALL_KNOWN, SMALL_POOR = 79, 27
LARGE_KNOWN, LARGE_GOOD = 80, 12
MEDIAN_RECANALIZED, MEDIAN_NOT = 14.5, 35.0

_VOLUME = ("infarct_volume_ml",)
_BY_ARM = ("arm", "infarct_volume_ml")
_BY_RECANALIZATION = ("recanalization", "infarct_volume_ml")
_MODEL = "Linear model of cube-root volume: p of "
_MRS_MODEL = "Proportional-odds model of mRS: p of "

TARGETS: tuple[Target, ...] = (
    Target("n", "Patients", 315, ("subject_id",), AL_AJLAN, "verbatim"),
    Target("n_evt", "Patients, endovascular arm", 165, ("arm",), AL_AJLAN, "verbatim"),
    Target("n_control", "Patients, control arm", 150, ("arm",), AL_AJLAN, "verbatim"),
    Target("n_volume", "Volumes measured", 314, _VOLUME, AL_AJLAN, "verbatim"),
    Target("n_mri", "Volumes on MRI", 254, ("imaging_modality",), AL_AJLAN, "verbatim"),
    Target("n_ct", "Volumes on CT", 60, ("imaging_modality",), AL_AJLAN, "verbatim"),
    Target("volume_median", "Volume, median, mL", 21.0, _VOLUME, AL_AJLAN, "verbatim"),
    Target("volume_iqr", "Volume, IQR width, mL", 65.0, _VOLUME, AL_AJLAN, "verbatim"),
    Target("volume_q1", "Volume, first quartile, mL", 7.0, _VOLUME, GANESH, "verbatim"),
    Target("volume_q3", "Volume, third quartile, mL", 72.0, _VOLUME, GANESH, "verbatim"),
    Target("evt_median", "Volume EVT, median, mL", 15.5, _BY_ARM, AL_AJLAN, "verbatim"),
    Target("evt_iqr", "Volume EVT, IQR width, mL", 41.5, _BY_ARM, AL_AJLAN, "verbatim"),
    Target("control_median", "Volume control, median, mL", 33.5, _BY_ARM, AL_AJLAN, "verbatim"),
    Target("control_iqr", "Volume control, IQR width, mL", 84.0, _BY_ARM, AL_AJLAN, "verbatim"),
    Target("arm_p", "Volume by arm, rank-sum p", "< 0.01", _BY_ARM, AL_AJLAN, "verbatim"),
    Target(
        "recanalized_median",
        "Volume recanalized, median, mL",
        14.5,
        _BY_RECANALIZATION,
        BLOG,
        "secondary",
    ),
    Target(
        "not_recanalized_median",
        "Volume not recanalized, median, mL",
        35.0,
        _BY_RECANALIZATION,
        BLOG,
        "secondary",
    ),
    Target(
        "recanalization_p",
        "Volume by recanalization, rank-sum p",
        "< 0.01",
        _BY_RECANALIZATION,
        BLOG,
        "secondary",
    ),
    Target(
        "small_poor",
        "mRS 3-6 among volumes of 7 mL or less",
        [27, 79],
        ("infarct_volume_ml", "mrs_90d"),
        GANESH,
        "verbatim",
    ),
    Target(
        "large_good",
        "mRS 0-2 among volumes of 72 mL or more",
        [12, 80],
        ("infarct_volume_ml", "mrs_90d"),
        GANESH,
        "verbatim",
    ),
    Target("mrs_evt", "mRS 0 to 6, EVT", list(MRS_COUNTS["evt"]), ("mrs_90d",), GOYAL, "derived"),
    Target(
        "mrs_control",
        "mRS 0 to 6, control",
        list(MRS_COUNTS["control"]),
        ("mrs_90d",),
        GOYAL,
        "derived",
    ),
    Target(
        "common_odds_ratio",
        "Common odds ratio for a better mRS, EVT v control (95% CI)",
        [2.6, 1.7, 3.8],
        ("arm", "mrs_90d"),
        GOYAL,
        "verbatim",
    ),
    Target(
        "age_evt",
        "Age EVT, median (IQR)",
        [71, 60, 81],
        ("age_years",),
        REVIEW,
        "secondary",
    ),
    Target(
        "age_control",
        "Age control, median (IQR)",
        [70, 60, 81],
        ("age_years",),
        REVIEW,
        "secondary",
    ),
    Target(
        "nihss_evt",
        "NIHSS EVT, median (IQR)",
        [16, 13, 20],
        ("nihss_baseline",),
        REVIEW,
        "secondary",
    ),
    Target(
        "nihss_control",
        "NIHSS control, median (IQR)",
        [17, 12, 20],
        ("nihss_baseline",),
        REVIEW,
        "secondary",
    ),
    Target("alteplase_evt", "Alteplase, EVT", 120, ("alteplase",), GOYAL, "verbatim"),
    Target("alteplase_control", "Alteplase, control", 118, ("alteplase",), GOYAL, "verbatim"),
    Target(
        "recanalized_evt",
        "TICI 2b-3, EVT, of those assessed",
        [113, 156],
        ("recanalization",),
        GOYAL,
        "secondary",
    ),
    Target(
        "late",
        "Randomised more than 330 min after last seen well, EVT and control",
        [33, 26],
        ("onset_to_randomization_min",),
        EVANS,
        "verbatim",
    ),
    *(
        Target(f"volume_model_{term}", _MODEL + term, "< 0.01", (term,), AL_AJLAN, "verbatim")
        for term in ("nihss_baseline", "occlusion_site", "aspects", "recanalization")
    ),
    *(
        Target(f"volume_model_{term}", _MODEL + term, "> 0.05", (term,), AL_AJLAN, "verbatim")
        for term in ("age_years", "sex", "arm", "alteplase", "onset_to_randomization_min")
    ),
    Target(
        "mrs_model_volume", _MRS_MODEL + "volume", "< 0.01", ("mrs_90d",), AL_AJLAN, "verbatim"
    ),
    Target(
        "mrs_model_delta_nihss",
        _MRS_MODEL + "delta NIHSS",
        "< 0.01",
        ("nihss_24h",),
        AL_AJLAN,
        "verbatim",
    ),
    Target(
        "mrs_model_laterality",
        _MRS_MODEL + "laterality",
        "> 0.05",
        ("laterality",),
        AL_AJLAN,
        "verbatim",
    ),
)

ASSUMED: dict[str, str] = {
    "sex": "Half of the patients are women, as in the HERMES trials.",
    "aspects": "Scores 6 to 10 with median 9, the trial's entry criterion being 6 or more.",
    "occlusion_site": "ICA 27%, M1 67%, M2 6% in both arms, near the split of the HERMES trials.",
    "laterality": "Half left; baseline NIHSS a little higher on the left, as in HERMES.",
    "alteplase": "Who received it: earlier patients more often.",
    "onset_to_randomization_min": (
        "Median about 170 min, at most 720; only the number after 330 min is published."
    ),
    "recanalization": (
        "Control arm: 42 of 137 assessed recanalized, 13 unknown. Which 9 endovascular patients "
        "were not assessed is drawn at random."
    ),
    "imaging_modality": "Which patients had CT is drawn at random.",
    "infarct_volume_ml": (
        "Every single volume, the shape between the published quartiles, and that the one "
        "missing volume is in the control arm."
    ),
    "nihss_24h": "Falls with recanalization and rises with volume; missing in four patients.",
    "mrs_90d": "Who has which score; ranked within the arm by a latent outcome.",
    "age_years": "The distribution between and beyond the published quartiles.",
    "nihss_baseline": "The distribution between and beyond the published quartiles.",
    "subject_id": "Numbered in random order; the numbers say nothing.",
    "arm": "Nothing but the sizes is published at patient level.",
}
"""What is not published and had to be assumed, for each column."""
