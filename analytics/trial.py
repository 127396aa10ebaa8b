"""The words of a stroke trial that every question uses: volume, mRS, level of confidence."""

VOLUME = "infarct_volume_ml"
MRS = "mrs_90d"
EXCELLENT, INDEPENDENT, DEAD = 1, 2, 6
"""The highest mRS of an excellent outcome and of functional independence, and that of the dead."""

LEVEL = 0.95
Z95 = 1.959963984540054
"""The 97.5% quantile of the normal distribution, to the digits of a double."""

ADJUSTED_FOR = ("age_years", "sex", "nihss_baseline", "aspects", "occlusion_site", "alteplase")
"""The trial's baseline variables, in its adjusted analysis."""
