"""Methods of the regressions: what each model is, and what examines it."""

from analytics.method import Method

_COMPLETE = "Only patients with every variable of the model are analysed."
_NO_OUTCOME = "Patients without an mRS or an arm are counted and left out."

VOLUME_MODEL = Method(
    "volume_model",
    "Model",
    "Linear model of infarct volume",
    "Which variables go along with the volume when all of them are looked at together. The "
    "published transformation is not known; the cube root makes the residuals close to normal.",
    "Coefficients are by least squares with HC3 standard errors, their intervals by Student's t; "
    "each variable has a Wald F test.",
    _COMPLETE,
    "MacKinnon and White, J Econom 1985;29:305-325",
    "10.1016/0304-4076(85)90158-7",
    "R 4.2.2 lm with sandwich::vcovHC(type = 'HC3'): relative 1e-9",
)
QUANTILE_MODEL = Method(
    "quantile_model",
    "Model",
    "Quantile regression of infarct volume",
    "How a quantile of the volume, such as the median, goes along with the variables. It is not "
    "pulled by a few very large infarcts, and says where in the distribution groups differ. A "
    "quantile of two even halves is not unique, so it need not be the difference of the medians "
    "that the volumes page shows.",
    "Quantile regressions are solved exactly as linear programmes; intervals and Wald F tests "
    "use the covariance of Hendricks and Koenker (nid) with Hall and Sheather's bandwidth.",
    _COMPLETE,
    "Koenker and Hallock, J Econ Perspect 2001;15:143-156",
    "10.1257/jep.15.4.143",
    "R 4.2.2 quantreg::rq, summary(se = 'nid'): coefficients 1e-8, standard errors 1e-6",
)
GAMMA_MODEL = Method(
    "gamma_model",
    "Model",
    "Gamma model of infarct volume",
    "Ratios of mean volumes, the spread being in proportion to the mean. Its equations ask for a "
    "mean and a variance only, so volumes of 0 mL take part.",
    "Ratios of mean volumes are from a generalised linear model with logarithmic link and a "
    "variance in proportion to the squared mean, intervals by Student's t with Pearson's "
    "dispersion; each variable has a Wald F test.",
    _COMPLETE,
    "McCullagh and Nelder, Generalized Linear Models, Chapman and Hall 1989",
    "",
    "R 4.2.2 glm(Gamma('log')) and glm(quasi(variance = 'mu^2')): relative 1e-7",
)
ORDINAL_VOLUME_MODEL = Method(
    "ordinal_volume_model",
    "Model",
    "Ordinal model of infarct volume",
    "The proportional-odds model with every volume that occurs as a category of its own: it uses "
    "the order of the volumes alone, so no transformation can change its odds ratios.",
    "Odds ratios of a larger infarct are from a cumulative-probability (proportional-odds) model "
    "of the volumes themselves, with Wald 95% confidence intervals on the log scale and Wald "
    "chi-squared tests.",
    _COMPLETE,
    "Liu, Shepherd, Li and Harrell, Stat Med 2017;36:4316-4335",
    "10.1002/sim.7433",
    "R 4.2.2 ordinal::clm on the ranks of the volumes: coefficients 1e-7, standard errors 1e-6",
)
SPLINE_TERMS = Method(
    "spline_terms",
    "Model",
    "Restricted cubic spline",
    "A curve with four knots at fixed quantiles of the variable, straight beyond the outer two. "
    "Testing its bends asks whether a straight line would do.",
    "Curved variables are restricted cubic splines with four knots at their 5th, 35th, 65th and "
    "95th percentiles.",
    _COMPLETE,
    "Harrell, Regression Modeling Strategies, Springer 2015",
    "10.1007/978-3-319-19425-7",
    "R 4.2.2, Harrell's basis by hand: relative 1e-10",
)
STANDARDISED_DIFFERENCE = Method(
    "standardised_difference_ml",
    "Model",
    "Standardised difference in mL",
    "What the model predicts in mL if every patient had one level, less what it predicts if "
    "every patient had the other, all else as it is, averaged over the patients. After a cube "
    "root or logarithm the prediction is of a typical volume, the conditional median where "
    "residuals are symmetric; in mL, gamma and ordinal models it is of the mean.",
    "Differences in mL are standardised over the patients analysed, with intervals by the delta "
    "method.",
    _COMPLETE,
    "Lane and Nelder, Biometrics 1982;38:613-621",
    "10.2307/2530043",
    "R 4.2.2, predictions and gradients by hand: relative 1e-6",
)
DIAGNOSTICS = Method(
    "diagnostics",
    "Model",
    "Residuals, leverage and influence",
    "What the model leaves over, patient by patient: how far off the prediction is, how unusual "
    "the patient's variables are, and how much the coefficients would move without the patient "
    "(Cook's distance). The generalised variance inflation factor says how much variables share.",
    "Residuals are standardised by their own standard deviation; influence is Cook's distance, "
    "collinearity the generalised variance inflation factor, and the spread of the residuals is "
    "tested by Koenker's version of the Breusch-Pagan test.",
    _COMPLETE,
    "Cook, Technometrics 1977;19:15-18; Fox and Monette, J Am Stat Assoc 1992;87:178-183",
    "10.1080/00401706.1977.10489493",
    "R 4.2.2 rstandard, hatvalues, cooks.distance, car::vif: relative 1e-8",
)
QUANTILE_PROCESS = Method(
    "quantile_process",
    "Model",
    "Quantile process",
    "The difference between the arms at every tenth of the distribution of volumes: small "
    "infarcts on one side, large ones on the other. What arises after randomisation is not "
    "adjusted for.",
    "The difference between the arms in mL is followed over the quantiles of infarct volume from "
    "10% to 90%, adjusted for the model's variables but those that arise after randomisation.",
    _COMPLETE,
    "Koenker and Hallock, J Econ Perspect 2001;15:143-156",
    "10.1257/jep.15.4.143",
    "R 4.2.2 quantreg::rq, summary(se = 'nid'): coefficients 1e-8, standard errors 1e-4",
)
MRS_REGRESSION = Method(
    "mrs_regression",
    "Model",
    "Proportional-odds regression of the mRS",
    "Which variables go along with the outcome when they are looked at together: odds ratios of "
    "a better mRS, the same at every cut-point of the scale.",
    "Odds ratios for a better mRS are by proportional odds with Wald 95% confidence intervals on "
    "the log scale; each variable has a likelihood-ratio test.",
    _COMPLETE,
    "McCullagh, J R Stat Soc B 1980;42:109-142",
    "10.1111/j.2517-6161.1980.tb01109.x",
    "R 4.2.2 ordinal::clm and anova: relative 1e-6",
)
LOGISTIC_MODEL = Method(
    "logistic_model",
    "Model",
    "Logistic regression of mRS 0-2",
    "Odds ratios for functional independence, whatever the score on either side.",
    "Odds ratios for mRS 0-2 are by logistic regression with Wald 95% confidence intervals on "
    "the log scale; each variable has a likelihood-ratio test.",
    _COMPLETE,
    "McCullagh and Nelder, Generalized Linear Models, Chapman and Hall 1989",
    "",
    "R 4.2.2 glm(binomial) and anova: relative 1e-6",
)
FIRTH_MODEL = Method(
    "firth_model",
    "Model",
    "Firth's penalised logistic regression",
    "The same odds ratios, pulled slightly towards 1: with few patients they are less biased, "
    "and they stay finite where a variable tells the outcomes apart without error.",
    "Odds ratios for mRS 0-2 are by Firth's penalised logistic regression with profile "
    "penalised-likelihood 95% confidence intervals and penalised likelihood-ratio tests.",
    _COMPLETE,
    "Firth, Biometrika 1993;80:27-38; Heinze and Schemper, Stat Med 2002;21:2409-2419",
    "10.1093/biomet/80.1.27",
    "R 4.2.2 brglm2: coefficients 1e-8; intervals by hand: 1e-6",
)
STANDARDISED_SHARE = Method(
    "standardised_share",
    "Model",
    "Standardised difference in mRS 0-2",
    "How many more of a hundred patients the model expects at mRS 0-2 if everyone had one level, "
    "or a step more, than if everyone had the other, all else as it is.",
    "Differences in mRS 0-2 are standardised over the patients analysed, with intervals by the "
    "delta method.",
    _COMPLETE,
    "Lane and Nelder, Biometrics 1982;38:613-621",
    "10.2307/2530043",
    "R 4.2.2, predictions and gradients by hand: relative 1e-6",
)
MRS_OVER_VOLUME = Method(
    "mrs_over_volume",
    "Model",
    "Outcome over infarct volume",
    "What the proportional-odds model expects at each volume if all patients analysed were in "
    "one arm and had that volume, all else as it is. Volume is measured after randomisation, so "
    "the curves describe how outcome and volume go together.",
    "The outcome is followed over infarct volume by proportional odds on arm, the cube root of "
    "volume as a restricted cubic spline, age, sex, baseline NIHSS, ASPECTS, occlusion site and "
    "alteplase, averaged over the patients analysed; 95% confidence bands are pointwise by the "
    "delta method, on the logit scale for shares.",
    _COMPLETE,
    "Lane and Nelder, Biometrics 1982;38:613-621",
    "10.2307/2530043",
    "R 4.2.2 ordinal::clm, predictions and gradients by hand: relative 1e-6",
)
CUT_POINT_ODDS_RATIOS = Method(
    "cut_point_odds_ratios",
    "Model",
    "Odds ratio at each cut-point",
    "The mRS is cut into better and worse at every score in turn, and each cut has its own odds "
    "ratio. The common odds ratio sums them up; how far they lie from each other is for the "
    "reader to see, whatever a test says.",
    "The odds ratio for a better mRS is also given at every cut-point of the scale, by separate "
    "logistic regressions with Wald 95% confidence intervals on the log scale.",
    _NO_OUTCOME,
    "Brant, Biometrics 1990;46:1171-1178",
    "10.2307/2532457",
    "R 4.2.2 glm: coefficients 1e-8, standard errors 1e-6",
)
PROFILE_INTERVAL = Method(
    "profile_interval",
    "Model",
    "Profile-likelihood interval",
    "All odds ratios that the data make not much less likely than the best one, everything else "
    "in the model being fitted anew for each. With few patients it is lopsided where Wald's "
    "cannot be.",
    "The common odds ratio also has its profile-likelihood 95% confidence interval.",
    _NO_OUTCOME,
    "Venzon and Moolgavkar, Appl Stat 1988;37:87-94",
    "10.2307/2347496",
    "R 4.2.2 confint(ordinal::clm): within 5e-5, the precision of its spline",
)
BRANT = Method(
    "brant",
    "Model",
    "Brant's test of proportional odds",
    "Whether the odds ratios at the cut-points differ by more than chance, with regard to their "
    "sharing the same patients; cut-points without odds ratios are left out. Many patients make "
    "it find differences of no weight, few make it miss large ones; it decides nothing here.",
    "Proportional odds are examined by Brant's test over the cut-points that have odds ratios, "
    "for each variable and for all.",
    _NO_OUTCOME,
    "Brant, Biometrics 1990;46:1171-1178",
    "10.2307/2532457",
    "R 4.2.2 by hand from the paper: relative 1e-7",
)
RELAXED_ODDS = Method(
    "relaxed_odds",
    "Model",
    "Likelihood-ratio test of proportional odds",
    "How much likelier the outcomes become when one variable, or all of them, may have another "
    "odds ratio at every cut-point. A level at which a score does not occur leaves no estimate.",
    "Each variable, and all of them together, also have a likelihood-ratio test against the "
    "partial proportional-odds model that relaxes them.",
    _NO_OUTCOME,
    "Peterson and Harrell, Appl Stat 1990;39:205-217",
    "10.2307/2347760",
    "R 4.2.2 ordinal::nominal_test: statistics within 1e-6",
)

RELAXED_ODDS_RATIOS = Method(
    "relaxed_odds_ratios",
    "Model",
    "Partial proportional odds",
    "One model of the whole scale in which chosen variables have their own odds ratio at every "
    "cut-point and the others keep one. Its odds ratios use all scores at once, those of "
    "separate cut-points do not.",
    "In a partial proportional-odds model chosen variables have their own odds ratio for a "
    "better mRS at every cut-point, with Wald 95% confidence intervals on the log scale.",
    _NO_OUTCOME,
    "Peterson and Harrell, Appl Stat 1990;39:205-217",
    "10.2307/2347760",
    "R 4.2.2 ordinal::clm(nominal = ): coefficients 1e-6, standard errors relative 1e-5",
)
RELAXED_SHARES = Method(
    "relaxed_shares",
    "Model",
    "Predicted shares of the mRS scores",
    "What a model says of everyone here as if all were in one arm, averaged over their other "
    "variables. Where the shares with one odds ratio hardly differ from those with an odds ratio "
    "for every cut-point, the common odds ratio sums the scale up well.",
    "Shares of each mRS score in either arm are predicted for all patients and averaged, by "
    "proportional odds and with chosen variables relaxed, beside those observed.",
    _NO_OUTCOME,
    "Peterson and Harrell, Appl Stat 1990;39:205-217",
    "10.2307/2347760",
    "R 4.2.2 ordinal::clm with and without nominal =: shares 1e-7",
)

CHECK_METHODS: tuple[Method, ...] = (
    CUT_POINT_ODDS_RATIOS,
    PROFILE_INTERVAL,
    BRANT,
    RELAXED_ODDS,
    RELAXED_ODDS_RATIOS,
    RELAXED_SHARES,
)
"""Those of the check of proportional odds."""

MODEL_METHODS: tuple[Method, ...] = (
    VOLUME_MODEL,
    QUANTILE_MODEL,
    GAMMA_MODEL,
    ORDINAL_VOLUME_MODEL,
    SPLINE_TERMS,
    STANDARDISED_DIFFERENCE,
    DIAGNOSTICS,
    QUANTILE_PROCESS,
    MRS_REGRESSION,
    LOGISTIC_MODEL,
    FIRTH_MODEL,
    STANDARDISED_SHARE,
    MRS_OVER_VOLUME,
    *CHECK_METHODS,
)
"""Those of the predictors page, and those that examine proportional odds."""
