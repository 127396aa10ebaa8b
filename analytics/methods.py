"""Methods: every estimand, test, model and drawing once, with its manuscript sentence and source.

A result composes its method sentence from these entries, and the methods page lists them, so
that what a reader is told beside a number and what the page defines are the same words.
"""

from analytics.discrimination_methods import DISCRIMINATION_METHODS
from analytics.mediation_methods import MEDIATION_METHODS
from analytics.method import GROUPS, Group, Method, in_manuscript
from analytics.model_methods import MODEL_METHODS
from analytics.subgroup_methods import SUBGROUP_METHODS
from analytics.win_ratio_methods import WIN_RATIO_METHODS

__all__ = ["GROUPS", "METHODS", "Group", "Method", "in_manuscript"]

_NO_VOLUME = "Patients without a recorded volume are counted and left out."
_NO_GROUP = "Patients without a recorded volume or group are counted and left out."
_NO_VALUE = "Missing values are counted and left out, variable by variable."
_NO_OUTCOME = "Patients without an mRS or an arm are counted and left out."
_COMPLETE = "Only patients with every variable of the model are analysed."

MEDIAN = Method(
    "median",
    "Summary",
    "Median with its interval",
    "The volume that half of the patients stay below. Its interval runs between two of the "
    "patients' own volumes, chosen by the binomial distribution, so it assumes no shape; with "
    "fewer than six patients no such interval covers 95%.",
    "Medians have exact binomial 95% confidence intervals between order statistics.",
    _NO_VOLUME,
    "Hahn and Meeker, Statistical Intervals, Wiley 1991",
    "10.1002/9780470316771",
    "R 4.2.2 qbinom and sort: equal",
)
QUARTILES = Method(
    "quartiles",
    "Summary",
    "Quartiles",
    "A quarter of the patients lie below the first and a quarter above the third; between two "
    "patients' values it is interpolated in a straight line.",
    "Quartiles use linear interpolation between order statistics (R type 7).",
    _NO_VOLUME,
    "Hyndman and Fan, Am Stat 1996;50:361-365",
    "10.1080/00031305.1996.10473566",
    "R 4.2.2 quantile(type = 7): relative 1e-15",
)
RANK_SUM_EXACT = Method(
    "rank_sum_exact",
    "Comparison",
    "Wilcoxon rank-sum test, exact",
    "Whether one group's volumes tend to be larger, from ranks alone. Below 50 patients in each "
    "group and without ties its null distribution is counted out.",
    "Groups are compared by the Wilcoxon rank-sum test with its exact null distribution.",
    _NO_GROUP,
    "Wilcoxon, Biometrics Bull 1945;1:80-83; Mann and Whitney, Ann Math Stat 1947;18:50-60",
    "10.1214/aoms/1177730491",
    "R 4.2.2 wilcox.test: relative 1e-14",
)
RANK_SUM = Method(
    "rank_sum",
    "Comparison",
    "Wilcoxon rank-sum test",
    "Whether one group's volumes tend to be larger, from ranks alone.",
    "Groups are compared by the Wilcoxon rank-sum test (normal approximation with correction for "
    "ties and continuity).",
    _NO_GROUP,
    "Wilcoxon, Biometrics Bull 1945;1:80-83; Mann and Whitney, Ann Math Stat 1947;18:50-60",
    "10.1214/aoms/1177730491",
    "R 4.2.2 wilcox.test: relative 1e-14",
)
SHIFT = Method(
    "shift",
    "Comparison",
    "Hodges-Lehmann shift",
    "Take every pair of one patient from each group and the difference of their volumes: the "
    "shift is the median of all those differences. Where the two distributions differ in shape "
    "it is not the difference of the medians.",
    "The Hodges-Lehmann shift is the median of all pairwise differences, with the 95% confidence "
    "interval that inverts the Wilcoxon rank-sum test.",
    _NO_GROUP,
    "Hodges and Lehmann, Ann Math Stat 1963;34:598-611",
    "10.1214/aoms/1177704172",
    "R 4.2.2 wilcox.test(conf.int = TRUE): within 1e-4 mL, the tolerance of its root search",
)
MEDIAN_DIFFERENCE = Method(
    "median_difference",
    "Comparison",
    "Difference in medians",
    "One median minus the other. Its interval holds the middle 95% of what resampling both "
    "groups would give; the distribution is computed exactly, nothing is resampled.",
    "The difference in medians has the percentile interval of its exact bootstrap distribution.",
    _NO_GROUP,
    "Hutson and Ernst, J R Stat Soc B 2000;62:89-94",
    "10.1111/1467-9868.00221",
    "Full enumeration of small samples: 1e-13; R 4.2.2 boot: within Monte Carlo error",
)
SUPERIORITY = Method(
    "superiority",
    "Comparison",
    "Probability of superiority",
    "The probability that a random patient of the first group has the smaller infarct than a "
    "random one of the second, ties counting half; 0.5 is no difference.",
    "The probability of superiority has a 95% confidence interval from DeLong's variance on the "
    "logit scale.",
    _NO_GROUP,
    "DeLong, DeLong and Clarke-Pearson, Biometrics 1988;44:837-845",
    "10.2307/2531595",
    "R 4.2.2 by hand: relative 1e-12",
)
VAN_ELTEREN = Method(
    "van_elteren",
    "Comparison",
    "van Elteren test",
    "The rank-sum test within each occlusion site, the sites put together with weights that suit "
    "their sizes.",
    "The van Elteren test compares the groups within occlusion sites.",
    "Patients without a recorded volume, group or occlusion site are counted and left out.",
    "van Elteren, Bull Int Stat Inst 1960;37:351-361",
    "",
    "R 4.2.2 by hand: relative 1e-15",
)
KRUSKAL_WALLIS = Method(
    "kruskal_wallis",
    "Comparison",
    "Kruskal-Wallis test",
    "Whether at least one of several groups tends to other volumes than the rest, from ranks.",
    "Several groups are compared by the Kruskal-Wallis rank test, corrected for ties.",
    _NO_GROUP,
    "Kruskal and Wallis, J Am Stat Assoc 1952;47:583-621",
    "10.1080/01621459.1952.10483441",
    "R 4.2.2 kruskal.test: relative 1e-13",
)
SUBGROUP_AND_COMPLEMENT = Method(
    "subgroup_and_complement",
    "Data",
    "Subgroup beside its complement",
    "The same comparison in the chosen patients, in everyone else and in all. Two shifts that "
    "look different need not differ: it holds no test of interaction.",
    "Arms are compared separately in the subgroup, in the patients outside it and in all.",
    _NO_VOLUME,
)
BOXES = Method(
    "boxes",
    "Drawing",
    "Box and points",
    "The box spans the middle half of the patients, its line is the median; the whiskers reach "
    "the furthest volumes within one and a half box lengths.",
    "Boxes span the quartiles (R type 7) with the median; whiskers reach the furthest volume "
    "within 1.5 interquartile ranges.",
    _NO_VOLUME,
    "McGill, Tukey and Larsen, Am Stat 1978;32:12-16",
    "10.1080/00031305.1978.10479236",
)
VIOLINS = Method(
    "violins",
    "Drawing",
    "Violin",
    "A smoothed histogram, mirrored; each is scaled to its own peak, so widths compare within a "
    "group and not between groups.",
    "Violins are Gaussian kernel densities (Scott's bandwidth), each scaled to its own peak and "
    "cut at the extreme volumes; boxes span the quartiles (R type 7).",
    _NO_VOLUME,
    "Hintze and Nelson, Am Stat 1998;52:181-184",
    "10.1080/00031305.1998.10480559",
)
RAINCLOUDS = Method(
    "rainclouds",
    "Drawing",
    "Raincloud",
    "Half a violin above its box and its patients.",
    "Rainclouds are Gaussian kernel densities (Scott's bandwidth, own peak) over boxes of the "
    "quartiles (R type 7).",
    _NO_VOLUME,
    "Allen et al., Wellcome Open Res 2019;4:63",
    "10.12688/wellcomeopenres.15191.1",
)
SHARES = Method(
    "shares",
    "Drawing",
    "Empirical cumulative shares",
    "For every volume the share of patients who have at most that much.",
    "Curves are empirical cumulative shares: the share of patients with at most this volume.",
    _NO_VOLUME,
)
CHARACTERISTICS = Method(
    "characteristics",
    "Balance",
    "Baseline characteristics",
    "Who was randomised, in each arm. There are no p-values: between randomised arms a baseline "
    "difference is chance by design, and a test of it answers no question.",
    "Continuous characteristics are medians with quartiles (R type 7), mean and standard "
    "deviation; the others are counts with shares of the recorded. No p-values are given for "
    "baseline differences of randomised arms.",
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
RECORDED_VALUES = Method(
    "recorded_values",
    "Data",
    "Recorded values",
    "What the data set holds of each patient, and what is derived from it by the definitions of "
    "the data dictionary.",
    "Values are as recorded, one row per patient; nothing is imputed.",
)
PROPORTION = Method(
    "proportion",
    "Comparison",
    "Share of patients with its interval",
    "How many of a hundred patients have the outcome, among those in whom it is known.",
    "Shares have Wilson 95% confidence intervals.",
    _NO_OUTCOME,
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
    _NO_OUTCOME,
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
    _NO_OUTCOME,
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
    _NO_OUTCOME,
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
    _NO_OUTCOME,
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
    _NO_OUTCOME,
)
WIN_PROBABILITY = Method(
    "win_probability",
    "Comparison",
    "Win probability",
    "How often, of two patients with one from each arm, the first has the better mRS; ties count "
    "half, and 0.5 is no difference. It assumes no model.",
    "The win probability has DeLong's 95% confidence interval on the logit scale.",
    _NO_OUTCOME,
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
    _NO_OUTCOME,
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
    _NO_OUTCOME,
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
    _NO_OUTCOME,
    "McCullagh, J R Stat Soc B 1980;42:109-142",
    "10.1111/j.2517-6161.1980.tb01109.x",
    "R 4.2.2 ordinal::clm: coefficients 1e-8, standard errors 1e-6",
)
GIVEN_VOLUME = Method(
    "given_volume",
    "Model",
    "Common odds ratio given infarct volume",
    "The same odds ratio among patients of like volume (cube root). That it is closer to 1 does "
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
    "The variables of the publication together. Recanalization is one of them, so the arm's "
    "coefficient is not its whole effect.",
    "The cube root of infarct volume is regressed on age, sex, baseline NIHSS, occlusion site, "
    "ASPECTS, alteplase, onset to randomization, arm and recanalization; the published "
    "transformation is not known.",
    _COMPLETE,
    "Al-Ajlan et al., Stroke 2016;47:777-781",
    "10.1161/STROKEAHA.115.012424",
    "R 4.2.2 lm with sandwich::vcovHC(type = 'HC3'): relative 1e-9",
)
MRS_MODEL = Method(
    "mrs_model",
    "Model",
    "Published model of the mRS",
    "The variables of the publication together; how volume entered is not known.",
    "The mRS at 90 days is modelled by proportional odds on infarct volume, delta NIHSS and "
    "laterality; each variable has a likelihood-ratio test.",
    _COMPLETE,
    "McCullagh, J R Stat Soc B 1980;42:109-142",
    "10.1111/j.2517-6161.1980.tb01109.x",
    "R 4.2.2 ordinal::clm and anova: relative 1e-7",
)
ADJUSTED_ODDS_RATIO = Method(
    "adjusted_odds_ratio",
    "Model",
    "Adjusted common odds ratio",
    "The common odds ratio among patients alike at baseline.",
    "The adjusted common odds ratio takes age, sex, baseline NIHSS, ASPECTS, occlusion site and "
    "alteplase into a proportional-odds model.",
    _COMPLETE,
    "McCullagh, J R Stat Soc B 1980;42:109-142",
    "10.1111/j.2517-6161.1980.tb01109.x",
    "R 4.2.2 ordinal::clm: coefficients 1e-8, standard errors 1e-6",
)
INDEPENDENCE = Method(
    "independence",
    "Comparison",
    "Chi-squared test of independence",
    "Whether a yes-or-no outcome is as frequent in one group as in another.",
    "Shares in two groups are compared by Pearson's chi-squared test without continuity "
    "correction.",
    _NO_VALUE,
    "Pearson, Philos Mag 1900;50:157-175",
    "10.1080/14786440009463897",
    "R 4.2.2 chisq.test(correct = FALSE): relative 1e-12",
)
PUBLISHED_CLAIMS = Method(
    "published_claims",
    "Data",
    "Published claims beside these data",
    "A claim agrees when the value in these data, rounded as the publication rounds, is the "
    "published one, or its p-value lies on the published side of the bound. Only the embedded "
    "cohort as a whole is judged: a subgroup and another trial are other patients.",
    "Published values are set beside the same quantities in these data.",
    _NO_VALUE,
)

METHODS: tuple[Method, ...] = (
    MEDIAN,
    QUARTILES,
    RANK_SUM_EXACT,
    RANK_SUM,
    SHIFT,
    MEDIAN_DIFFERENCE,
    SUPERIORITY,
    VAN_ELTEREN,
    KRUSKAL_WALLIS,
    SUBGROUP_AND_COMPLEMENT,
    BOXES,
    VIOLINS,
    RAINCLOUDS,
    SHARES,
    CHARACTERISTICS,
    SMD,
    SMD_OF_GROUPS,
    PATIENT_FLOW,
    RECORDED_VALUES,
    PROPORTION,
    RISK_DIFFERENCE,
    RISK_RATIO,
    ODDS_RATIO,
    NUMBER_NEEDED_TO_TREAT,
    MRS_DISTRIBUTION,
    WIN_PROBABILITY,
    WIN_ODDS,
    MEAN_DIFFERENCE,
    COMMON_ODDS_RATIO,
    GIVEN_VOLUME,
    PUBLISHED_VOLUME_MODEL,
    *MODEL_METHODS,
    *DISCRIMINATION_METHODS,
    *WIN_RATIO_METHODS,
    *MEDIATION_METHODS,
    *SUBGROUP_METHODS,
    MRS_MODEL,
    ADJUSTED_ODDS_RATIO,
    INDEPENDENCE,
    PUBLISHED_CLAIMS,
)
"""Every method, in the order of the methods page within its group."""
