"""Synonyms: the names and values that stroke trials use for the registry's variables.

Names are compared without capitals, accents, punctuation and spaces ("mRS (90 d)" is "mrs90d"),
and a name that ends in a unit is compared without it too. The order of a tuple is the order of
preference when several columns of a file claim one variable.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from data.variables import Variable, recorded


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text; a long list of words is easier to read so."""
    return tuple(text.split())


def normalised(text: str) -> str:
    """Return a name in lower case, with one underscore for all that is no letter or digit.

    Examples
    --------
    >>> normalised("Läsion-Volumen (cm³)")
    'lasion_volumen_cm3'
    """
    text = text.replace("µ", "u").replace("μ", "u").casefold()
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def squeezed(text: str) -> str:
    """Return a name with nothing but lower-case letters and digits.

    Examples
    --------
    >>> squeezed("mRS (90 d)")
    'mrs90d'
    """
    return normalised(text).replace("_", "")


@dataclass(frozen=True)
class Unit:
    """A unit that a column's name may state: value x times / over is in the registry's unit."""

    label: str
    times: int = 1
    over: int = 1

    @property
    def is_same(self) -> bool:
        """Tell whether the values need no conversion."""
        return self.times == self.over


def _units(unit: Unit, *endings: str) -> dict[str, Unit]:
    return dict.fromkeys(endings, unit)


UNITS: Mapping[str, Mapping[str, Unit]] = {
    "mL": {
        **_units(Unit("mL"), "ml", "milliliter", "millilitre", "milliliters", "millilitres"),
        **_units(Unit("cm³"), "cc", "ccm", "cm3", "ccs"),
        **_units(Unit("µL", over=1000), "ul", "microliter", "microlitre"),
        **_units(Unit("mm³", over=1000), "mm3", "cmm"),
    },
    "min": {
        **_units(Unit("min"), "min", "mins", "minute", "minutes"),
        **_units(Unit("h", times=60), "h", "hr", "hrs", "hour", "hours"),
    },
    "years": _units(Unit("years"), "years", "year", "yrs", "yr", "y"),
}

OTHER_UNITS: Mapping[str, str] = {
    "ml": "mL",
    "cc": "cm³",
    "cm3": "cm³",
    "ul": "µL",
    "mm3": "mm³",
    "min": "min",
    "mins": "min",
    "minutes": "min",
    "h": "h",
    "hrs": "h",
    "hours": "h",
    "days": "days",
    "years": "years",
    "yrs": "years",
    "mmhg": "mmHg",
    "kg": "kg",
    "cm": "cm",
    "mm": "mm",
    "percent": "%",
}
"""Units that the name of a column without a place in the registry may end in."""

_WHEN = words(
    "24_36h 24_48h 22_36h 24h 24hr 24hrs 24hours 24_48hours 24_hours 27h 30h 36h 48h "
    "72h 1d 2d d1 d2 day1 day2 followup fu post post_treatment posttreatment final"
)
_VOLUMES = (
    "fiv",
    "final_infarct_volume",
    "final_infarct_vol",
    "final_lesion_volume",
    "final_lesion_vol",
    *(f"{what}_{volume}_{when}" for what in ("infarct", "lesion", "stroke")
      for volume in ("volume", "vol") for when in _WHEN),
    *(f"{when}_{what}_{volume}" for what in ("infarct", "lesion", "stroke")
      for volume in ("volume", "vol") for when in _WHEN),
    *(f"{volume}_{when}" for volume in ("volume", "vol") for when in _WHEN),
    "infarct_volume",
    "infarct_vol",
)  # fmt: skip
_MRS_WHEN = words("90d 90 d90 day90 90days 90day 3m 3mo 3mon 3months 3month m3 month3 at_90_days")
_MRS = tuple(
    form
    for scale in ("mrs", "modified_rankin_scale", "modified_rankin", "rankin", "mrs_score")
    for when in _MRS_WHEN
    for form in (f"{scale}_{when}", f"{when}_{scale}")
)
TICI = tuple(
    form
    for scale in ("mtici", "etici", "tici")
    for form in (f"{scale}_final", f"final_{scale}", f"{scale}_post", f"{scale}_score", scale)
)
AOL = ("maol", "aol", "maol_score", "aol_score", "maol_grade")
_START = words("baseline bl adm admission initial enrolment enrollment randomisation pre 0 0h")

FIELDS: Mapping[str, tuple[str, ...]] = {
    "subject_id": words(
        "usubjid subjid subject subject_number subject_no subj_id patient_id patient "
        "pat_id pid pt_id patient_number patient_no participant_id participant record_id "
        "case_id randomisation_number randomization_number rand_no id"
    ),
    "arm": words(
        "randomised_arm randomized_arm randomisation_arm randomization_arm rand_arm "
        "allocated_arm treatment_arm trial_arm study_arm arm_description trt01p "
        "planned_treatment allocation treatment_allocation allocated_treatment "
        "randomised_treatment randomized_treatment assigned_treatment randomised_group "
        "randomized_group treatment_group trt_group study_group rand_group armcd "
        "treatment trt group"
    ),
    "age_years": words(
        "age age_at_randomisation age_at_randomization age_at_enrolment age_at_enrollment "
        "age_at_onset age_baseline baseline_age patient_age alter"
    ),
    "sex": words("gender patient_sex geschlecht sexe female is_female male is_male"),
    "nihss_baseline": (
        *(form for when in _START for form in (f"nihss_{when}", f"{when}_nihss")),
        "nihss_total_baseline",
        "nihss_at_baseline",
        "nihss",
    ),
    "aspects": words(
        "baseline_aspects aspects_baseline aspects_bl bl_aspects aspects_adm "
        "aspects_admission ncct_aspects ct_aspects aspects_score"
    ),
    "occlusion_site": words(
        "site_of_occlusion occlusion_location location_of_occlusion target_occlusion "
        "occl_site occlusion_level occluded_vessel vessel_occluded target_vessel "
        "vessel_occlusion occlusion"
    ),
    "laterality": words(
        "lesion_side stroke_side infarct_side occlusion_side affected_side hemisphere "
        "affected_hemisphere stroke_hemisphere side seite left_hemisphere "
        "right_hemisphere"
    ),
    "alteplase": words(
        "iv_alteplase intravenous_alteplase alteplase_given iv_tpa tpa iv_rtpa rtpa "
        "intravenous_thrombolysis iv_thrombolysis ivt thrombolysis"
    ),
    "onset_to_randomization_min": words(
        "onset_to_randomization onset_to_randomisation onset_to_rand onset_to_random "
        "symptom_onset_to_randomization symptom_onset_to_randomisation "
        "time_onset_to_randomization time_onset_to_randomisation "
        "time_from_onset_to_randomization time_from_onset_to_randomisation "
        "onset_to_randomization_time onset_to_randomisation_time onset_to_rand_time "
        "lsw_to_randomization lsw_to_randomisation lkw_to_randomization "
        "lkw_to_randomisation last_seen_well_to_randomization "
        "last_seen_well_to_randomisation time_to_randomization time_to_randomisation otr"
    ),
    "recanalization": (
        *words(
            "recanalisation recanalized recanalised recanalization_status "
            "recanalisation_status successful_recanalization successful_recanalisation "
            "recan_status recan successful_reperfusion mtici_2b_3 etici_2b_3 tici_2b_3"
        ),
        *TICI,
        *AOL,
    ),
    "imaging_modality": words(
        "imaging_modality_24h followup_imaging_modality followup_modality fu_modality "
        "followup_imaging infarct_modality volume_modality image_modality modality "
        "imaging_type scan_type"
    ),
    "infarct_volume_ml": _VOLUMES,
    "nihss_24h": words(
        "nihss_24 24h_nihss 24_nihss nihss_24hr nihss_24hrs nihss_24hours 24_hour_nihss "
        "24hour_nihss nihss_d1 nihss_day1 nihss_1d day1_nihss"
    ),
    "mrs_90d": _MRS,
}
"""Names of columns, best first; the registry's own name comes before all of them."""

UNDATED = frozenset({"infarctvolume", "infarctvol", "nihss", "modality"})
"""Names that do not say when the value was measured."""


@cache
def _claims() -> Mapping[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for name, synonyms in FIELDS.items():
        for rank, synonym in enumerate((name, *synonyms)):
            found.setdefault(squeezed(synonym), (name, rank))
    return found


def claim(column: str) -> tuple[str, int] | None:
    """Return the variable that a column's name stands for, and how far down its list the name is.

    Examples
    --------
    >>> claim("Infarct volume (mm³)")[0]
    'infarct_volume_ml'
    >>> claim("lesion_volume_baseline_ml") is None
    True
    """
    key = squeezed(column)
    if key in _claims():
        return _claims()[key]
    for variable in recorded():
        for ending in UNITS.get(variable.unit, {}):
            found = _claims().get(key.removesuffix(ending)) if key.endswith(ending) else None
            if found and found[0] == variable.name:
                return found
    return None


def unit_in(column: str, variable: Variable) -> Unit | None:
    """Return the unit that a column's name ends in, of those that measure the variable."""
    name, key = normalised(column), squeezed(column)
    units = UNITS.get(variable.unit, {})
    endings: list[str] = sorted(units, key=len, reverse=True)
    for ending in endings:
        spaced = re.sub(r"([0-9])", r"_?\1", ending)
        stem = _claims().get(key.removesuffix(ending), ("", 0))[0]
        if re.search(f"_{spaced}$", name) or (key.endswith(ending) and stem == variable.name):
            return units[ending]
    return None


def is_undated(column: str, variable: Variable) -> bool:
    """Tell whether a column's name leaves open when the value was measured."""
    key = squeezed(column)
    endings = UNITS.get(variable.unit, {})
    stems = {key, *(key.removesuffix(ending) for ending in endings)}
    return column != variable.name and not stems.isdisjoint(UNDATED)
