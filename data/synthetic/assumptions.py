"""What is not published and had to be assumed, for each column of the cohort."""

from dataclasses import dataclass

_HERMES = "HERMES: Goyal et al., Lancet 2016;387:1723-1731, doi 10.1016/S0140-6736(16)00163-X"
_BOERS = "HERMES: Boers et al., J Neurointerv Surg 2018;10:1137; Spearman 0.60 of volume and mRS"
_RANGARAJU = "Rangaraju et al. 2016, PMC4817381: correlation 0.73 of 24-hour NIHSS and mRS"
_WOO = "Woo et al., Stroke 1999;30:2355-2359, doi 10.1161/01.STR.30.11.2355"


@dataclass(frozen=True)
class Assumption:
    """What a column assumes, in words, and a publication that makes it plausible, if any."""

    words: str
    plausible_by: str = ""


ASSUMED: dict[str, Assumption] = {
    "subject_id": Assumption("Numbered in random order; the numbers say nothing."),
    "arm": Assumption("Which patient was in which arm."),
    "age_years": Assumption(
        "Ages between and beyond the quartiles; women somewhat older; the older fare worse.",
        _HERMES,
    ),
    "sex": Assumption("86 of 165 and 79 of 150 are women.", _HERMES),
    "nihss_baseline": Assumption(
        "Scores between and beyond the quartiles; higher with an ICA occlusion and on the left.",
        _WOO,
    ),
    "aspects": Assumption(
        "Scores 6 to 10, quartiles 8, 9 and 10 at most; lower with a severe stroke and an ICA "
        "occlusion. The trial wanted a small core.",
        _HERMES,
    ),
    "occlusion_site": Assumption("ICA 27%, M1 67%, M2 6% in both arms.", _HERMES),
    "laterality": Assumption("81 of 165 and 77 of 150 on the left.", _HERMES),
    "alteplase": Assumption("Who received it: those who came early.", _HERMES),
    "onset_to_randomization_min": Assumption(
        "Median about 170 min, no less than 55 and no more than 720; which of the late patients "
        "came by 360 min."
    ),
    "recanalization": Assumption(
        "Control arm: mAOL 2-3 in 42 of 137 assessed, 13 unknown. Which endovascular patients "
        "recanalized, and which nine were not assessed."
    ),
    "imaging_modality": Assumption("Which patients had CT; the one without a volume had none."),
    "infarct_volume_ml": Assumption(
        "Every volume between the quartiles, the largest 402.5 mL; that the missing one is a "
        "control patient's. ICA more than M1 more than M2; more with a lower ASPECTS, a higher "
        "NIHSS and without recanalization.",
        _BOERS,
    ),
    "nihss_24h": Assumption(
        "Rises with the baseline score and the volume, falls with recanalization, is a little "
        "higher on the left; missing in four patients.",
        _RANGARAJU,
    ),
    "mrs_90d": Assumption(
        "Who has which score: worse with a higher 24-hour NIHSS, a larger volume and a higher "
        "age. Who has none: one endovascular and three control patients. Nobody's score "
        "contradicts the 24-hour NIHSS or the volume.",
        _BOERS,
    ),
}

ALSO_ASSUMED = (
    "Joint distributions: of the associations among the targets only a bound on p is published.",
    "Sizes of effects in every model, except the common odds ratio.",
    "Every patient's own values: no row describes a person.",
)
