"""The registry: every variable once, with its label, unit, levels, colours, time and derivation.

Nothing else in the project writes down a label, a unit, a number of decimals, an order of levels
or a colour. Columns that a trial brings and this file has no name for become variables of that
trial's data set only (`data/data_set.py`).
"""

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["identifier", "categorical", "ordinal", "continuous"]
Role = Literal[
    "identifier", "baseline", "treatment", "procedural", "post_randomisation", "outcome"
]

ROLE_LABELS: dict[Role, str] = {
    "identifier": "Identifier",
    "baseline": "Baseline",
    "treatment": "Treatment",
    "procedural": "Procedure",
    "post_randomisation": "After randomisation",
    "outcome": "Outcome",
}
AFTER_RANDOMISATION: tuple[Role, ...] = ("procedural", "post_randomisation", "outcome")

MISSING = "missing"
"""Code of the level that stands for a value nobody recorded."""


@dataclass(frozen=True)
class Level:
    """One level of a categorical variable.

    `phrase` is how a sentence names the patients who have it; `known` is False for a level such
    as "unknown" that is a record of not knowing, and which no comparison takes as a group.
    """

    code: str
    label: str
    colour: str
    phrase: str = ""
    known: bool = True

    @property
    def words(self) -> str:
        """Return how a sentence names the patients at this level."""
        return self.phrase or self.label

    @property
    def short(self) -> str:
        """Return the label, or the phrase where the label alone would say too little."""
        says_itself = self.label.isalnum() and self.label not in ("Yes", "No", "Unknown")
        return self.label if says_itself and not self.label.isdigit() else self.words


MISSING_LEVEL = Level(MISSING, "Missing", "#8C8C8C", known=False)


@dataclass(frozen=True)
class Variable:
    """One variable: what it is called, how it is shown, when it is measured, where it is from.

    `minimum` and `maximum` bound what a file may hold; `step` is the difference, in the variable's
    unit, that models show a continuous variable's coefficient for; `sql` derives the column from
    those that `needs` names, and a data set lacking one of them lacks this variable too.
    """

    name: str
    label: str
    kind: Kind
    role: Role
    source: str
    unit: str = ""
    decimals: int = 0
    step: float = 1
    levels: tuple[Level, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    sql: str = ""
    needs: tuple[str, ...] = ()

    @property
    def axis_title(self) -> str:
        """Return the label with its unit, as an axis or a column head shows it."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def in_text(self) -> str:
        """Return the label as it stands inside a sentence: "age", "mRS at 90 days", "NIHSS"."""
        is_acronym = len(self.label) > 1 and any(letter.isupper() for letter in self.label[1:3])
        return self.label if is_acronym else self.label[0].lower() + self.label[1:]

    @property
    def is_grouping(self) -> bool:
        """Tell whether patients can be grouped by this variable's levels."""
        return self.kind in ("categorical", "ordinal")

    @property
    def is_after_randomisation(self) -> bool:
        """Tell whether the value arises after randomisation, so that treatment may change it."""
        return self.role in AFTER_RANDOMISATION

    @property
    def all_levels(self) -> tuple[Level, ...]:
        """Return the levels in order, "missing" last."""
        return (*self.levels, MISSING_LEVEL)

    def level(self, code: str) -> Level:
        """Return one level; a code nobody registered stands for itself."""
        for level in self.all_levels:
            if level.code == code:
                return level
        return Level(code, code, MISSING_LEVEL.colour)


REFERENCE_COLOUR = "#D55E00"
TREATMENT_COLOUR = "#0072B2"

YES_NO = (Level("yes", "Yes", "#009E73"), Level("no", "No", "#CC79A7"))

_AL_AJLAN = "Al-Ajlan et al., Stroke 2016;47:777-781"
_HERMES = "Goyal et al. (HERMES), Lancet 2016;387:1723-1731"

_RECORDED = (
    Variable("subject_id", "Patient", "identifier", "identifier", "The trial's own identifier."),
    Variable(
        "arm",
        "Arm",
        "categorical",
        "treatment",
        "Randomised allocation; the reference arm first.",
        levels=(
            Level("control", "Control", REFERENCE_COLOUR, "control arm"),
            Level("evt", "Endovascular", TREATMENT_COLOUR, "endovascular arm"),
        ),
    ),
    Variable(
        "age_years",
        "Age",
        "continuous",
        "baseline",
        "Age at randomisation.",
        unit="years",
        step=10,
        minimum=0,
        maximum=120,
    ),
    Variable(
        "sex",
        "Sex",
        "categorical",
        "baseline",
        "As recorded at enrolment.",
        levels=(
            Level("female", "Female", "#AA4499", "women"),
            Level("male", "Male", "#999933", "men"),
        ),
    ),
    Variable(
        "nihss_baseline",
        "Baseline NIHSS",
        "continuous",
        "baseline",
        "National Institutes of Health Stroke Scale before treatment, 0 (none) to 42.",
        minimum=0,
        maximum=42,
    ),
    Variable(
        "aspects",
        "Baseline ASPECTS",
        "continuous",
        "baseline",
        "Alberta Stroke Program Early CT Score on non-contrast CT, 10 (normal) to 0.",
        minimum=0,
        maximum=10,
    ),
    Variable(
        "occlusion_site",
        "Occlusion site",
        "categorical",
        "baseline",
        "Most proximal occlusion on baseline CT angiography.",
        levels=(
            Level("ICA", "ICA", "#AA4499", "ICA occlusion"),
            Level("M1", "M1", "#44AA99", "M1 occlusion"),
            Level("M2", "M2", "#999933", "M2 occlusion"),
        ),
    ),
    Variable(
        "laterality",
        "Laterality",
        "categorical",
        "baseline",
        "Hemisphere of the stroke.",
        levels=(
            Level("left", "Left", "#56B4E9", "left hemisphere"),
            Level("right", "Right", "#E69F00", "right hemisphere"),
        ),
    ),
    Variable(
        "alteplase",
        "Intravenous alteplase",
        "categorical",
        "baseline",
        "Given as standard care, in either arm.",
        levels=(
            replace(YES_NO[0], phrase="alteplase"),
            replace(YES_NO[1], phrase="no alteplase"),
        ),
    ),
    Variable(
        "onset_to_randomization_min",
        "Onset to randomization",
        "continuous",
        "baseline",
        "From last seen well to randomisation.",
        unit="min",
        step=60,
        minimum=0,
    ),
    Variable(
        "recanalization",
        "Recanalization",
        "categorical",
        "post_randomisation",
        "The occluded vessel is open again; in ESCAPE TICI 2b-3 on the final angiogram in the "
        "endovascular arm, mAOL 2-3 on CT angiography at 2-8 h in the control arm.",
        levels=(
            Level("yes", "Yes", "#009E73", "recanalized"),
            Level("no", "No", "#CC79A7", "not recanalized"),
            Level("unknown", "Unknown", "#999999", "recanalization unknown", known=False),
        ),
    ),
    Variable(
        "imaging_modality",
        "Imaging modality",
        "categorical",
        "post_randomisation",
        "Scan on which the infarct volume was measured.",
        levels=(
            Level("MRI", "MRI", "#0072B2", "volume on MRI"),
            Level("CT", "CT", "#E69F00", "volume on CT"),
        ),
    ),
    Variable(
        "infarct_volume_ml",
        "Infarct volume",
        "continuous",
        "post_randomisation",
        f"Post-treatment infarct volume; in ESCAPE on MRI or CT at 24-48 h ({_AL_AJLAN}).",
        unit="mL",
        decimals=1,
        step=10,
        minimum=0,
    ),
    Variable(
        "nihss_24h",
        "24-hour NIHSS",
        "continuous",
        "post_randomisation",
        "National Institutes of Health Stroke Scale at 24 h.",
        minimum=0,
        maximum=42,
    ),
    Variable(
        "mrs_90d",
        "mRS at 90 days",
        "ordinal",
        "outcome",
        "Modified Rankin Scale, 0 (no symptoms) to 5 (severe disability) and 6 (death).",
        minimum=0,
        maximum=6,
        levels=tuple(
            Level(str(score), str(score), colour, f"mRS {score}")
            for score, colour in enumerate(
                ("#2166AC", "#4393C3", "#92C5DE", "#BDBDBD", "#F4A582", "#D6604D", "#8C2D3C")
            )
        ),
    ),
)

_DERIVED = (
    Variable(
        "delta_nihss",
        "Delta NIHSS",
        "continuous",
        "post_randomisation",
        "Baseline minus 24-hour NIHSS; positive is improvement.",
        sql="nihss_baseline - nihss_24h",
        needs=("nihss_baseline", "nihss_24h"),
    ),
    Variable(
        "mrs_0_2",
        "Functional independence (mRS 0-2)",
        "categorical",
        "outcome",
        "mRS 0, 1 or 2 at 90 days.",
        levels=(
            replace(YES_NO[0], phrase="mRS 0-2"),
            replace(YES_NO[1], phrase="mRS 3-6"),
        ),
        sql="case when mrs_90d <= 2 then 'yes' when mrs_90d > 2 then 'no' end",
        needs=("mrs_90d",),
    ),
    Variable(
        "age_group",
        "Age group",
        "categorical",
        "baseline",
        f"Cut-offs of {_HERMES}.",
        unit="years",
        levels=(
            Level("lt50", "Under 50", "#C6DBEF", "under 50 years"),
            Level("50to59", "50-59", "#9ECAE1", "50-59 years"),
            Level("60to69", "60-69", "#6BAED6", "60-69 years"),
            Level("70to79", "70-79", "#3182BD", "70-79 years"),
            Level("ge80", "80 and over", "#2C5F9E", "80 years and over"),
        ),
        sql=(
            "case when age_years < 50 then 'lt50' when age_years < 60 then '50to59' "
            "when age_years < 70 then '60to69' when age_years < 80 then '70to79' "
            "when age_years >= 80 then 'ge80' end"
        ),
        needs=("age_years",),
    ),
    Variable(
        "nihss_group",
        "Baseline NIHSS group",
        "categorical",
        "baseline",
        f"Cut-offs of {_HERMES}.",
        levels=(
            Level("le10", "10 or less", "#C7E9C0", "NIHSS 10 or less"),
            Level("11to15", "11-15", "#A1D99B", "NIHSS 11-15"),
            Level("16to20", "16-20", "#41AB5D", "NIHSS 16-20"),
            Level("ge21", "21 or more", "#238B45", "NIHSS 21 or more"),
        ),
        sql=(
            "case when nihss_baseline <= 10 then 'le10' when nihss_baseline <= 15 then '11to15' "
            "when nihss_baseline <= 20 then '16to20' when nihss_baseline > 20 then 'ge21' end"
        ),
        needs=("nihss_baseline",),
    ),
    Variable(
        "aspects_group",
        "ASPECTS group",
        "categorical",
        "baseline",
        f"Cut-offs of {_HERMES}.",
        levels=(
            Level("0to5", "0-5", "#8C510A", "ASPECTS 0-5"),
            Level("6to8", "6-8", "#BF812D", "ASPECTS 6-8"),
            Level("9to10", "9-10", "#35978F", "ASPECTS 9-10"),
        ),
        sql=(
            "case when aspects <= 5 then '0to5' when aspects <= 8 then '6to8' "
            "when aspects > 8 then '9to10' end"
        ),
        needs=("aspects",),
    ),
    Variable(
        "time_group",
        "Onset to randomization group",
        "categorical",
        "baseline",
        "The late window of ESCAPE: randomised more than 5.5 h after last seen well "
        "(Evans et al., AJNR 2018).",
        unit="min",
        levels=(
            Level("le330", "330 or less", "#56B4E9", "randomised within 330 min"),
            Level("gt330", "Over 330", "#E69F00", "randomised after 330 min"),
        ),
        sql=(
            "case when onset_to_randomization_min <= 330 then 'le330' "
            "when onset_to_randomization_min > 330 then 'gt330' end"
        ),
        needs=("onset_to_randomization_min",),
    ),
    Variable(
        "volume_group",
        "Infarct volume group",
        "categorical",
        "post_randomisation",
        "Cut at the quartiles of ESCAPE: 7, 21 and 72 mL (Ganesh et al., Int J Stroke "
        "2021;16:593).",
        unit="mL",
        levels=(
            Level("le7", "7 or less", "#DADAEB", "7 mL or less"),
            Level("7to21", "Over 7 to 21", "#BCBDDC", "over 7 to 21 mL"),
            Level("21to72", "Over 21, under 72", "#807DBA", "over 21 and under 72 mL"),
            Level("ge72", "72 or more", "#6A51A3", "72 mL or more"),
        ),
        sql=(
            "case when infarct_volume_ml <= 7 then 'le7' when infarct_volume_ml <= 21 then "
            "'7to21' when infarct_volume_ml < 72 then '21to72' "
            "when infarct_volume_ml >= 72 then 'ge72' end"
        ),
        needs=("infarct_volume_ml",),
    ),
)

VARIABLES: tuple[Variable, ...] = (*_RECORDED, *_DERIVED)
_BY_NAME = {variable.name: variable for variable in VARIABLES}

FIRST_FILTERS = ("arm", "occlusion_site", "recanalization")
"""The variables that the filter panel always shows, in this order."""

REQUIRED = ("arm", "infarct_volume_ml")
"""Columns without which a file cannot be explored at all."""

SMALL_VOLUME_ML = 7.0
LARGE_VOLUME_ML = 72.0
SMALL_GROUP, LARGE_GROUP = "le7", "ge72"
"""Codes of the levels of `volume_group` that these two bounds make."""


def variable(name: str) -> Variable:
    """Return one registered variable.

    Raises
    ------
    KeyError
        If `name` is not registered; the message lists what is.
    """
    if name not in _BY_NAME:
        known = ", ".join(_BY_NAME)
        msg = f"'{name}' is not a registered variable. Add it to data/variables.py. Known: {known}"
        raise KeyError(msg)
    return _BY_NAME[name]


def recorded() -> tuple[Variable, ...]:
    """Return the variables that a file may hold, in canonical order."""
    return _RECORDED


def derived() -> tuple[Variable, ...]:
    """Return the variables that are computed from recorded ones."""
    return _DERIVED
