"""What the ESCAPE publications print, each figure once with its source.

The cohort reproduces `TARGETS`, and `FOLLOWING` with them; what it gives for `EMERGED` nobody
aimed at. What it had to assume
beyond both: data/synthetic/assumptions.py.
"""

from dataclasses import dataclass
from typing import Literal

ARM_SIZES = {"evt": 165, "control": 150}
VOLUMES_MEASURED = 314
MODALITIES = {"MRI": 254, "CT": 60}
SMALL_ML, LARGE_ML = 7.0, 72.0
SMALL_POOR, SMALL_KNOWN = 27, 79
LARGE_GOOD, LARGE_KNOWN = 12, 80
MEDIAN_RECANALIZED, MEDIAN_NOT = 14.5, 35.0
GOOD_MRS, DEAD_MRS = 2, 6
MRS_COUNTS = {"evt": (24, 34, 29, 27, 21, 12, 17), "control": (10, 15, 18, 22, 36, 18, 28)}
ALTEPLASE = {"evt": 120, "control": 118}
EVT_RECANALIZED, EVT_ASSESSED = 113, 156
LATE_AFTER_MIN, SIX_HOURS_MIN = 330, 360
LATE = {"evt": 33, "control": 26}
LATE_GOOD = {"evt": (16, 33), "control": (7, 24)}

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
        A number, a list of numbers, or a bound on a p-value such as "< 0.01".
    columns : tuple of str
        The cohort's columns that it is about.
    source, doi : str
        Where it is printed; the DOI is the publication's that a secondary account describes.
    certainty : {"verbatim", "secondary", "derived"}
        Read in the paper's own abstract, in another author's account of it, or found by
        arithmetic from printed percentages and not itself published.
    note : str
    decimals : int
        Published precision.
    """

    id: str
    quantity: str
    published: object
    columns: tuple[str, ...]
    source: str
    doi: str
    certainty: Certainty
    note: str = ""
    decimals: int = 1

    @property
    def is_verdict(self) -> bool:
        """Tell whether only a test's verdict is published, and no number of patients or mL."""
        return isinstance(self.published, str)


_VERBATIM: Certainty = "verbatim"
_SECONDARY: Certainty = "secondary"
_DERIVED: Certainty = "derived"

_AL_AJLAN_DOI, _GOYAL_DOI = "10.1161/STROKEAHA.115.012424", "10.1056/NEJMoa1414905"
_AL_AJLAN = ("Al-Ajlan et al., Stroke 2016;47:777-781, abstract", _AL_AJLAN_DOI, _VERBATIM)
_BLOG = ("Blogging Stroke, 4 April 2016, on Al-Ajlan et al.", _AL_AJLAN_DOI, _SECONDARY)
_GANESH = ("Ganesh et al., Int J Stroke 2021;16:593", "10.1177/1747493020929943", _VERBATIM)
_GOYAL = ("Goyal et al., N Engl J Med 2015;372:1019-1030, abstract", _GOYAL_DOI, _VERBATIM)
_GOYAL_FIGURE = ("Goyal et al., N Engl J Med 2015;372:1019-1030, figure", _GOYAL_DOI, _DERIVED)
_PRACTICAL = ("Review table in Practical Neurology, on Goyal et al.", _GOYAL_DOI, _SECONDARY)
_VASCULAR = (
    "Review table in Stroke and Vascular Neurology, on Goyal et al.",
    _GOYAL_DOI,
    _SECONDARY,
)
_PMC = ("Table 1 of PMC9896406, on Goyal et al.", _GOYAL_DOI, _SECONDARY)
_EVANS_DOI = "10.3174/ajnr.A5462"
_EVANS = ("Evans et al., AJNR 2018, abstract", _EVANS_DOI, _VERBATIM)
_EVANS_RATES = ("LINNC literature review 2018, on Evans et al.", _EVANS_DOI, _DERIVED)

_ARM, _AGE, _NIHSS, _TIME = "arm", "age_years", "nihss_baseline", "onset_to_randomization_min"
_VOLUME, _SCAN, _MRS = "infarct_volume_ml", "imaging_modality", "mrs_90d"
_RECANALIZATION, _SIDE = "recanalization", "laterality"
_FROM_PERCENTAGES = (
    "Derived, not published: the counts that the rounded percentages, 87 and 43 good outcomes, 17 "
    "and 28 deaths and the common odds ratio allow; 164 and 147 are the only denominators near "
    "165 and 150 that give 53.0, 10.4, 29.3 and 19.0 %."
)

SIZES = (
    Target("n", "Patients", 315, (), *_AL_AJLAN),
    Target("n_evt", "Patients, EVT", 165, (_ARM,), *_AL_AJLAN),
    Target("n_control", "Patients, control", 150, (_ARM,), *_AL_AJLAN),
    Target("n_volume", "Volumes measured", 314, (_VOLUME,), *_AL_AJLAN),
    Target("n_mri", "Volumes on MRI", 254, (_SCAN,), *_AL_AJLAN),
    Target("n_ct", "Volumes on CT", 60, (_SCAN,), *_AL_AJLAN),
)
VOLUMES = (
    Target("volume_median", "Volume, median, mL", 21.0, (_VOLUME,), *_AL_AJLAN, decimals=0),
    Target("volume_iqr", "Volume, IQR width, mL", 65.0, (_VOLUME,), *_AL_AJLAN, decimals=0),
    Target("volume_q1", "Volume, first quartile, mL", 7.0, (_VOLUME,), *_GANESH, decimals=0),
    Target("volume_q3", "Volume, third quartile, mL", 72.0, (_VOLUME,), *_GANESH, decimals=0),
    Target("evt_median", "Volume EVT, median, mL", 15.5, (_ARM, _VOLUME), *_AL_AJLAN),
    Target("evt_iqr", "Volume EVT, IQR width, mL", 41.5, (_ARM, _VOLUME), *_AL_AJLAN),
    Target("control_median", "Volume control, median, mL", 33.5, (_ARM, _VOLUME), *_AL_AJLAN),
    Target("control_iqr", "Volume control, IQR width, mL", 84.0, (_ARM, _VOLUME), *_AL_AJLAN,
           decimals=0),
    Target("arm_p", "Volume by arm, rank-sum p", "< 0.01", (_ARM, _VOLUME), *_AL_AJLAN),
    Target(
        "recanalized_median", "Volume recanalized, both arms, median, mL", 14.5,
        (_RECANALIZATION, _VOLUME), *_BLOG, note="The account does not say that it is a median.",
    ),
    Target(
        "not_recanalized_median", "Volume not recanalized, both arms, median, mL", 35.0,
        (_RECANALIZATION, _VOLUME), *_BLOG, note="The account does not say that it is a median.",
        decimals=0,
    ),
    Target(
        "recanalization_p", "Volume by recanalization, rank-sum p", "< 0.01",
        (_RECANALIZATION, _VOLUME), *_BLOG, note="The test is not named.",
    ),
)  # fmt: skip
OUTCOMES = (
    Target("mrs_evt", "mRS 0 to 6, EVT", list(MRS_COUNTS["evt"]), (_MRS,), *_GOYAL_FIGURE,
           note=_FROM_PERCENTAGES),
    Target("mrs_control", "mRS 0 to 6, control", list(MRS_COUNTS["control"]), (_MRS,),
           *_GOYAL_FIGURE, note=_FROM_PERCENTAGES),
    Target("good_evt", "mRS 0-2, EVT, %", 53.0, (_MRS,), *_GOYAL),
    Target("good_control", "mRS 0-2, control, %", 29.3, (_MRS,), *_GOYAL),
    Target("dead_evt", "Deaths, EVT, %", 10.4, (_MRS,), *_GOYAL),
    Target("dead_control", "Deaths, control, %", 19.0, (_MRS,), *_GOYAL),
    Target("common_odds_ratio", "Common odds ratio for a better mRS, EVT v control (95% CI)",
           [2.6, 1.7, 3.8], (_ARM, _MRS), *_GOYAL),
    Target("small_poor", "mRS 3-6 among volumes of 7 mL or less", [SMALL_POOR, SMALL_KNOWN],
           (_VOLUME, _MRS), *_GANESH),
    Target("large_good", "mRS 0-2 among volumes of 72 mL or more", [LARGE_GOOD, LARGE_KNOWN],
           (_VOLUME, _MRS), *_GANESH),
    Target("small_poor_side", "mRS 3-6 after a small infarct, left v right, p", "> 0.05",
           (_SIDE, _MRS), *_GANESH, note="Printed: 0.81; the test is not named."),
    Target("small_poor_scan", "mRS 3-6 after a small infarct, CT v MRI, p", "> 0.05",
           (_SCAN, _MRS), *_GANESH, note="Printed: 0.39; the test is not named."),
    Target("late_good", "mRS 0-2 of known mRS, randomised after 330 min, EVT and control",
           [list(LATE_GOOD["evt"]), list(LATE_GOOD["control"])], (_TIME, _MRS), *_EVANS_RATES,
           note="The only counts that give 48.5 and 29.2 % of at most 33 and 26 patients."),
)  # fmt: skip
BASELINE = (
    Target("age_evt", "Age EVT, median (IQR)", [71, 60, 81], (_AGE,), *_PRACTICAL, decimals=0),
    Target("age_control", "Age control, median (IQR)", [70, 60, 81], (_AGE,), *_PRACTICAL,
           decimals=0),
    Target("age_mean", "Age, mean", 69.5, (_AGE,), *_VASCULAR),
    Target("nihss_evt", "NIHSS EVT, median (IQR)", [16, 13, 20], (_NIHSS,), *_PRACTICAL,
           decimals=0),
    Target("nihss_control", "NIHSS control, median (IQR)", [17, 12, 20], (_NIHSS,), *_PRACTICAL,
           decimals=0),
    Target("alteplase_evt", "Alteplase, EVT", 120, ("alteplase",), *_GOYAL),
    Target("alteplase_control", "Alteplase, control", 118, ("alteplase",), *_GOYAL),
    Target("recanalized_evt", "TICI 2b-3, EVT, of those assessed",
           [EVT_RECANALIZED, EVT_ASSESSED], (_RECANALIZATION,), *_PMC),
    Target("late", "Randomised 330-720 min after last seen well, EVT and control",
           [LATE["evt"], LATE["control"]], (_TIME,), *_EVANS),
    Target("within_6_h", "Randomised within 6 h, %", 84, (_TIME,), *_VASCULAR, decimals=0),
)  # fmt: skip
_ASSOCIATED = (_NIHSS, "occlusion_site", "aspects", _RECANALIZATION)
_UNRELATED = (_AGE, "sex", _ARM, "alteplase", _TIME)
_MRS_ASSOCIATED = {"volume": _VOLUME, "delta_nihss": "nihss_24h"}
VERDICTS = (
    *(
        Target(f"volume_model_{name}", f"Linear model of cube-root volume, p of {name}", bound,
               (name, _VOLUME), *_AL_AJLAN, note="Coefficients are not published.")
        for names, bound in ((_ASSOCIATED, "< 0.01"), (_UNRELATED, "> 0.05"))
        for name in names
    ),
    *(
        Target(f"mrs_model_{term}", f"Proportional odds of mRS, p of {term}", "< 0.01",
               (column, _MRS), *_AL_AJLAN, note="Coefficients are not published.")
        for term, column in _MRS_ASSOCIATED.items()
    ),
    Target("mrs_model_laterality", "Proportional odds of mRS, p of laterality", "> 0.05",
           (_SIDE, _MRS), *_AL_AJLAN, note="The p-value is not published."),
)  # fmt: skip

TARGETS: tuple[Target, ...] = (*SIZES, *VOLUMES, *OUTCOMES, *BASELINE, *VERDICTS)

_GOYAL_TABLE = (
    "Goyal et al., N Engl J Med 2015;372:1019-1030, table 2, as others quote it",
    _GOYAL_DOI,
    _SECONDARY,
)
_LINNC = ("LINNC literature review 2018, on Evans et al.", _EVANS_DOI, _SECONDARY)
_QUOTED = "Read in a machine-written account that cites the paper's page, not in the paper."

FOLLOWING: tuple[Target, ...] = (
    Target("good_ratio", "mRS 0-2, risk ratio EVT v control (95% CI)", [1.8, 1.4, 2.4],
           (_ARM, _MRS), *_GOYAL_TABLE, note=_QUOTED),
    Target("dead_ratio", "Death, risk ratio EVT v control (95% CI)", [0.5, 0.3, 1.0],
           (_ARM, _MRS), *_GOYAL_TABLE, note=f"{_QUOTED} Another prints 0.3 to 0.9."),
    Target("good_p", "mRS 0-2 by arm, p", "< 0.001", (_ARM, _MRS), *_GOYAL,
           note="The test is not named."),
    Target("dead_p", "Death by arm, p", "< 0.05", (_ARM, _MRS), *_GOYAL_TABLE,
           note=f"Printed: 0.04; the test is not named. {_QUOTED}"),
    Target("common_odds_ratio_p", "Common odds ratio for a better mRS, p", "< 0.001",
           (_ARM, _MRS), *_GOYAL),
    Target("late_good_evt", "mRS 0-2, randomised after 330 min, EVT, %", 48.5,
           (_ARM, _TIME, _MRS), *_LINNC),
    Target("late_good_control", "mRS 0-2, randomised after 330 min, control, %", 29.2,
           (_ARM, _TIME, _MRS), *_LINNC),
    Target("late_good_p", "mRS 0-2 by arm, randomised after 330 min, p", "> 0.05",
           (_ARM, _TIME, _MRS), *_LINNC, note="Printed: 0.18; the test is not named."),
)  # fmt: skip
"""Published figures that follow from the targets by arithmetic."""

EMERGED: tuple[Target, ...] = (
    Target("imaging_window", "Time of the scan", "24 to 48 h", (_VOLUME,),
           *_AL_AJLAN),
    Target("common_odds_ratio_adjusted", "Adjusted common odds ratio for a better mRS, EVT v "
           "control (95% CI)", [3.1, 2.0, 4.7],
           (_ARM, _MRS, _AGE, "sex", _NIHSS, "aspects", "occlusion_site", "alteplase"),
           *_GOYAL_TABLE,
           note=f"The adjustment set is the trial's. {_QUOTED} Another account attributes the "
           "figure to the pooled trials of HERMES."),
)  # fmt: skip
"""Published figures that the cohort was not calibrated to and that do not follow from it."""
