"""Methods that examine proportional odds, and those that relax them."""

from analytics.method import NO_OUTCOME, Method

CUT_POINT_ODDS_RATIOS = Method(
    "cut_point_odds_ratios",
    "Model",
    "Odds ratio at each cut-point",
    "The mRS is cut into better and worse at every score in turn, and each cut has its own odds "
    "ratio. The common odds ratio sums them up; how far they lie from each other is for the "
    "reader to see, whatever a test says.",
    "The odds ratio for a better mRS is also given at every cut-point of the scale, by separate "
    "logistic regressions with Wald 95% confidence intervals on the log scale.",
    NO_OUTCOME,
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
    NO_OUTCOME,
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
    NO_OUTCOME,
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
    NO_OUTCOME,
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
    NO_OUTCOME,
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
    NO_OUTCOME,
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
