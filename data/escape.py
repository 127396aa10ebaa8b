"""ESCAPE as a trial: the plan of its infarct-volume paper, and what is drawn beside it."""

from data.trial import Plan, Trial

ESCAPE = Trial(
    plan=Plan(
        declared_in="Al-Ajlan et al., Stroke 2016;47:777-781",
        comparisons=("arm", "recanalization"),
        outcomes=("infarct_volume_ml", "mrs_90d"),
        volume_terms=(
            "age_years",
            "sex",
            "nihss_baseline",
            "occlusion_site",
            "aspects",
            "alteplase",
            "onset_to_randomization_min",
            "arm",
            "recanalization",
        ),
        mrs_terms=("infarct_volume_ml", "delta_nihss", "laterality"),
        adjusted_for=(
            "age_years",
            "sex",
            "nihss_baseline",
            "aspects",
            "occlusion_site",
            "alteplase",
        ),
        prespecified=(
            "age_group",
            "sex",
            "nihss_group",
            "aspects_group",
            "occlusion_site",
            "alteplase",
            "time_group",
        ),
    ),
    beside=("ESCAPE-NA1", "HERMES"),
    randomised=True,
)
