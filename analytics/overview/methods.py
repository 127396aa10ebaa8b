"""Methods of the overview: who the patients are, and the published claims."""

from analytics.method import (
    COMPLETE,
    NO_VALUE,
    Method,
)

CHARACTERISTICS = Method(
    "characteristics",
    "Balance",
    "Baseline characteristics",
    "Who was randomised, in each arm. There are no p-values: between randomised arms a baseline "
    "difference is chance by design, and a test of it answers no question.",
    "Continuous characteristics are medians with quartiles (R type 7), mean and standard "
    "deviation; the others are counts with shares of the recorded.",
    "Missing values are counted for each characteristic and not imputed.",
    "Moher et al. (CONSORT 2010), BMJ 2010;340:c869",
    "10.1136/bmj.c869",
    "R 4.2.2 quantile, mean, sd and table: relative 1e-12",
)
SMD = Method(
    "smd",
    "Balance",
    "Standardised mean difference",
    "How far apart the arms are in a characteristic, counted in standard deviations; it does not "
    "grow with the number of patients as a test does. 0.1 is drawn for orientation.",
    "The standardised mean difference (SMD) is the difference in means over the root of the mean "
    "of the two variances.",
    "",
    "Austin, Stat Med 2009;28:3083-3107",
    "10.1002/sim.3697",
    "R 4.2.2 mean and var: relative 1e-12",
)
SMD_OF_GROUPS = Method(
    "smd_of_groups",
    "Balance",
    "Standardised difference of shares",
    "The same for a characteristic with levels, all its levels together and without a sign.",
    "For a characteristic with levels the SMD is the Mahalanobis distance between the arms' "
    "shares over the mean of their covariance matrices; for two levels "
    "|p1 - p0| / sqrt((p1 (1 - p1) + p0 (1 - p0)) / 2).",
    "",
    "Yang and Dalton, SAS Global Forum 2012, paper 335",
    "",
    "R 4.2.2 table and solve: relative 1e-12",
)
PATIENT_FLOW = Method(
    "patient_flow",
    "Data",
    "Flow of patients",
    "How many patients each step leaves, in each arm.",
    "Patients are counted from the data set to those with the infarct volume and the outcome.",
)
GIVEN_VOLUME = Method(
    "given_volume",
    "Model",
    "Common odds ratio given infarct volume",
    "The same odds ratio among patients of like volume (cube root), beside that of the same "
    "patients without volume in the model. That it is closer to 1 does "
    "not by itself measure what the volume explains: odds ratios change with any covariate, and "
    "what causes both volume and outcome is not accounted for.",
    "The common odds ratio is also adjusted for the cube root of infarct volume; odds ratios are "
    "not collapsible, so the change is not a share explained.",
    "Patients without an mRS, an arm or a recorded volume are left out of the adjusted one.",
    "McCullagh, J R Stat Soc B 1980;42:109-142",
    "10.1111/j.2517-6161.1980.tb01109.x",
    "R 4.2.2 ordinal::clm: coefficients 1e-8, standard errors 1e-6",
)
PUBLISHED_VOLUME_MODEL = Method(
    "published_volume_model",
    "Model",
    "Published model of infarct volume",
    "The variables of the publication together. Where recanalization is one of them, the arm's "
    "coefficient is not its whole effect.",
    "The published model of infarct volume takes the variables of the trial's plan; it is fitted "
    "to the cube root of volume, whatever transformation was published.",
    COMPLETE,
    "Al-Ajlan et al., Stroke 2016;47:777-781",
    "10.1161/STROKEAHA.115.012424",
    "R 4.2.2 lm with sandwich::vcovHC(type = 'HC3'): relative 1e-9",
)
MRS_MODEL = Method(
    "mrs_model",
    "Model",
    "Published model of the mRS",
    "The variables of the publication together; how volume entered is not known.",
    "The published model of the mRS at 90 days takes the variables of the trial's plan; it is by "
    "proportional odds, and each variable has a likelihood-ratio test.",
    COMPLETE,
    "McCullagh, J R Stat Soc B 1980;42:109-142",
    "10.1111/j.2517-6161.1980.tb01109.x",
    "R 4.2.2 ordinal::clm and anova: relative 1e-7",
)
INDEPENDENCE = Method(
    "independence",
    "Comparison",
    "Chi-squared test of independence",
    "Whether a yes-or-no outcome is as frequent in one group as in another.",
    "Shares in two groups are compared by Pearson's chi-squared test without continuity "
    "correction.",
    NO_VALUE,
    "Pearson, Philos Mag 1900;50:157-175",
    "10.1080/14786440009463897",
    "R 4.2.2 chisq.test(correct = FALSE): relative 1e-12",
)
PUBLISHED_CLAIMS = Method(
    "published_claims",
    "Data",
    "Published claims beside these data",
    "A claim agrees when the value in these data, rounded as the publication rounds, is the "
    "published one, or its p-value lies on the published side of the bound. Only all patients "
    "are judged, and where they are as many as are published: others are other patients.",
    "Published values are set beside the same quantities in these data.",
    NO_VALUE,
)
