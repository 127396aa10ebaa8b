"""Methods of the outcomes of the arms: shares, their contrasts, the shift of the whole mRS."""

from analytics.method import (
    COMPLETE,
    NO_OUTCOME,
    Method,
)

PROPORTION = Method(
    "proportion",
    "Comparison",
    "Share of patients with its interval",
    "How many of a hundred patients have the outcome, among those in whom it is known.",
    "Shares have Wilson 95% confidence intervals.",
    NO_OUTCOME,
    "Wilson, J Am Stat Assoc 1927;22:209-212",
    "10.1080/01621459.1927.10502953",
    "R 4.2.2 prop.test(correct = FALSE): relative 1e-12",
)
RISK_DIFFERENCE = Method(
    "risk_difference",
    "Comparison",
    "Risk difference",
    "One share minus the other, in points of a hundred.",
    "Risk differences have Newcombe's hybrid score 95% confidence intervals.",
    NO_OUTCOME,
    "Newcombe, Stat Med 1998;17:873-890, method 10",
    "10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I",
    "R 4.2.2 by hand: relative 1e-12",
)
RISK_RATIO = Method(
    "risk_ratio",
    "Comparison",
    "Risk ratio",
    "One share divided by the other; 1 is no difference.",
    "Risk ratios have 95% confidence intervals on the log scale.",
    NO_OUTCOME,
    "Katz et al., Biometrics 1978;34:469-474",
    "10.2307/2530610",
    "R 4.2.2 by hand: relative 1e-12",
)
ODDS_RATIO = Method(
    "odds_ratio",
    "Comparison",
    "Odds ratio",
    "The odds of an outcome in one arm divided by those in the other; it lies further from 1 than "
    "the risk ratio, the more so the more frequent the outcome.",
    "Odds ratios have Wald 95% confidence intervals on the log scale.",
    NO_OUTCOME,
    "Woolf, Ann Hum Genet 1955;19:251-253",
    "10.1111/j.1469-1809.1955.tb01348.x",
    "R 4.2.2 by hand: relative 1e-12",
)
NUMBER_NEEDED_TO_TREAT = Method(
    "number_needed_to_treat",
    "Comparison",
    "Number needed to treat",
    "One over the risk difference. Where the interval of the difference holds 0, that of the "
    "number runs from benefit through infinity to harm.",
    "Numbers needed to treat are reciprocals of risk differences and of their limits.",
    NO_OUTCOME,
    "Altman, BMJ 1998;317:1309-1312",
    "10.1136/bmj.317.7168.1309",
    "R 4.2.2 by hand: relative 1e-9",
)
MRS_DISTRIBUTION = Method(
    "mrs_distribution",
    "Drawing",
    "Distribution of the mRS",
    "Stacked bars of the seven scores, one for each arm, with lines between equal cuts of the "
    "scale.",
    "Scores are counts with shares of the recorded.",
    NO_OUTCOME,
)
WIN_PROBABILITY = Method(
    "win_probability",
    "Comparison",
    "Win probability",
    "How often, of two patients with one from each arm, the first has the better mRS; ties count "
    "half, and 0.5 is no difference. It assumes no model.",
    "The win probability has DeLong's 95% confidence interval on the logit scale.",
    NO_OUTCOME,
    "DeLong, DeLong and Clarke-Pearson, Biometrics 1988;44:837-845",
    "10.2307/2531595",
    "R 4.2.2 pROC::auc and var: relative 1e-9",
)
WIN_ODDS = Method(
    "win_odds",
    "Comparison",
    "Win odds",
    "The win probability over the probability against it, also called the generalised odds ratio "
    "with ties split; 1 is no difference.",
    "The win odds and their interval are those of the win probability, as odds.",
    NO_OUTCOME,
    "O'Brien and Castelloe, SUGI 31, 2006, paper 209",
    "",
    "R 4.2.2 from pROC::auc: relative 1e-9",
)
MEAN_DIFFERENCE = Method(
    "mean_difference",
    "Comparison",
    "Difference in mean mRS",
    "One mean score minus the other, as if the steps of the scale were equal; below 0 the first "
    "arm does better.",
    "Mean scores are compared with Welch's 95% confidence interval.",
    NO_OUTCOME,
    "Welch, Biometrika 1947;34:28-35",
    "10.1093/biomet/34.1-2.28",
    "R 4.2.2 t.test: relative 1e-10",
)
COMMON_ODDS_RATIO = Method(
    "common_odds_ratio",
    "Model",
    "Common odds ratio",
    "The odds of a better mRS in one arm divided by those in the other, taken to be the same "
    "wherever the scale is cut; above 1 the first arm does better.",
    "The common odds ratio for a better mRS comes from a proportional-odds model, with Wald 95% "
    "confidence intervals on the log scale.",
    NO_OUTCOME,
    "McCullagh, J R Stat Soc B 1980;42:109-142",
    "10.1111/j.2517-6161.1980.tb01109.x",
    "R 4.2.2 ordinal::clm: coefficients 1e-8, standard errors 1e-6",
)
ADJUSTED_ODDS_RATIO = Method(
    "adjusted_odds_ratio",
    "Model",
    "Adjusted common odds ratio",
    "The common odds ratio among patients alike at baseline.",
    "The adjusted common odds ratio takes age, sex, baseline NIHSS, ASPECTS, occlusion site and "
    "alteplase into a proportional-odds model.",
    COMPLETE,
    "McCullagh, J R Stat Soc B 1980;42:109-142",
    "10.1111/j.2517-6161.1980.tb01109.x",
    "R 4.2.2 ordinal::clm: coefficients 1e-8, standard errors 1e-6",
)
MRS_REGRESSION = Method(
    "mrs_regression",
    "Model",
    "Proportional-odds regression of the mRS",
    "Which variables go along with the outcome when they are looked at together: odds ratios of "
    "a better mRS, the same at every cut-point of the scale.",
    "Odds ratios for a better mRS are by proportional odds with Wald 95% confidence intervals on "
    "the log scale; each variable has a likelihood-ratio test.",
    COMPLETE,
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
    COMPLETE,
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
    COMPLETE,
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
    COMPLETE,
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
    COMPLETE,
    "Lane and Nelder, Biometrics 1982;38:613-621",
    "10.2307/2530043",
    "R 4.2.2 ordinal::clm, predictions and gradients by hand: relative 1e-6",
)
