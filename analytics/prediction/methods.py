"""Methods of telling outcomes apart, and of describing who does not fit."""

from analytics.method import COMPLETE, Method

_HARRELL = "Harrell, Regression Modeling Strategies, Springer 2015"
_HARRELL_DOI = "10.1007/978-3-319-19425-7"

ROC_AREA = Method(
    "roc_area",
    "Model",
    "Area under the ROC curve",
    "Of all pairs of a patient with mRS 0-2 and one with mRS 3-6, the share in which the first "
    "has the higher prediction, or the smaller infarct; ties count half. 0.5 tells nothing, 1 "
    "tells everything. Also called C statistic.",
    "Areas under the ROC curve have 95% confidence intervals from DeLong's variance, symmetric on "
    "the logit scale; the difference of two areas on the same patients has DeLong's paired "
    "interval.",
    COMPLETE,
    "DeLong, DeLong and Clarke-Pearson, Biometrics 1988;44:837-845",
    "10.2307/2531595",
    "R 4.2.2, pROC 1.18.0: areas, variances and covariance to 1e-9",
)
OPTIMISM = Method(
    "optimism",
    "Model",
    "Correction for optimism",
    "A model fits the patients it was made of better than others. Each bootstrap sample gives a "
    "model of its own; how much better it does on its sample than on the patients themselves is "
    "its optimism, and the mean of these is taken off. The choice of variables and the knots "
    "of the curve are not made anew in each sample.",
    "Areas, calibration slopes and intercepts and Brier scores are corrected for optimism by "
    "Harrell's bootstrap.",
    "Bootstrap samples in which a model has no finite estimate are counted and left out.",
    "Harrell, Lee and Mark, Stat Med 1996;15:361-387",
    "10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4",
    "R 4.2.2, glm on the same five resamples: 1e-6",
)
BRIER_SCORE = Method(
    "brier_score",
    "Model",
    "Brier score",
    "Mean squared difference between the predicted chance and the outcome, 1 or 0: smaller is "
    "better, and a prediction of 50% for everyone has 0.25.",
    "The Brier score is the mean squared difference between predicted chance and outcome.",
    COMPLETE,
    "Brier, Mon Weather Rev 1950;78:1-3",
    "10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2",
    "R 4.2.2, by hand: 1e-9",
)
NEW_INFORMATION = Method(
    "new_information",
    "Model",
    "Fraction of new information",
    "1 minus the likelihood-ratio statistic of the smaller model over that of the larger, each "
    "against a model without variables: 0% where the added variable tells nothing beyond the "
    "others, 100% where the others tell nothing.",
    "What infarct volume adds is tested by the likelihood ratio of the two models and measured by "
    "the fraction of new information, 1 minus the smaller model's likelihood-ratio statistic over "
    "the larger one's.",
    COMPLETE,
    _HARRELL,
    _HARRELL_DOI,
    "R 4.2.2, glm: 1e-7",
)
CALIBRATION_CURVE = Method(
    "calibration_curve",
    "Model",
    "Calibration curve",
    "Whether about 30 of 100 patients with a predicted chance of 30% have mRS 0-2. On the "
    "patients that a model was fitted to slope and intercept are 1 and 0 by construction, and the "
    "curve shows only whether the relation bends; the corrected line shows what to expect in "
    "others.",
    "Calibration is the observed share over the predicted chance, smoothed by a logistic "
    "regression on a restricted cubic spline of the predicted log odds with three knots, with its "
    "pointwise 95% confidence band, and in groups of nearly equal size with Wilson's intervals.",
    COMPLETE,
    _HARRELL,
    _HARRELL_DOI,
    "R 4.2.2, glm on the same basis, between places of the curve: 2e-4",
)
DISCORDANCE = Method(
    "discordance",
    "Summary",
    "Discordance of infarct volume and outcome",
    "Patients with mRS 3-6 in spite of an infarct of 7 mL or less, and patients with mRS 0-2 in "
    "spite of one of 72 mL or more. The bounds are the outer quartiles of ESCAPE.",
    "Discordant are patients with an infarct of 7 mL or less and mRS 3-6, and with one of 72 mL "
    "or more and mRS 0-2; shares have Wilson's 95% confidence intervals. They are described "
    "beside the concordant patients of the same infarct size by medians (first to third quartile, "
    "R type 7), counts and standardised differences, without tests.",
    "Patients without a volume or an mRS are counted and left out; a characteristic is described "
    "in those who have it recorded.",
    "Ganesh et al., Int J Stroke 2021;16:593",
    "",
    "By hand on the embedded cohort; medians and shares as elsewhere, R 4.2.2 to 1e-12",
)

DISCRIMINATION_METHODS: tuple[Method, ...] = (
    ROC_AREA,
    OPTIMISM,
    BRIER_SCORE,
    NEW_INFORMATION,
    CALIBRATION_CURVE,
    DISCORDANCE,
)
