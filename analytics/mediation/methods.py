"""Methods of the mediation page: estimands, models, intervals and sensitivity."""

from analytics.method import Method

_COMPLETE = "Only patients with every variable of both models are analysed."

NATURAL_EFFECTS = Method(
    "natural_effects",
    "Mediation",
    "Natural direct and indirect effects",
    "The total effect is the difference between everyone having the treatment and everyone the "
    "control. The natural indirect effect is what would be left of it if treatment changed "
    "infarct volume only; the natural direct effect what would be left if it changed everything "
    "but infarct volume. They are effects only if nothing unmeasured goes along with both volume "
    "and outcome, and nothing that treatment changes does: the diagram shows what is assumed.",
    "Natural direct and indirect effects of the arm through infarct volume are by g-computation: "
    "a linear model of the volume on arm and baseline variables and a model of the mRS on arm, "
    "volume and baseline variables predict the mean of every patient under either arm, with the "
    "volume as under either arm, its remainder integrated by Gauss-Hermite quadrature.",
    _COMPLETE,
    "Imai, Keele and Tingley, Psychol Methods 2010;15:309-334",
    "10.1037/a0020761",
    "R 4.2.2 by hand with 60 nodes: 1e-9; mediation::mediate: within its Monte Carlo error",
)
ORDINAL_OUTCOME = Method(
    "mediation_ordinal_outcome",
    "Mediation",
    "Proportional odds as outcome model",
    "One model gives the whole distribution of the mRS in each world, from which every scale is "
    "computed.",
    "The mRS is modelled by proportional odds.",
)
LOGISTIC_OUTCOME = Method(
    "mediation_logistic_outcome",
    "Mediation",
    "Logistic outcome model",
    "For mRS 0-2 alone; it does not ask for proportional odds.",
    "An mRS of 0-2 is modelled by logistic regression.",
)
LINEAR_OUTCOME = Method(
    "mediation_linear_outcome",
    "Mediation",
    "Linear outcome model",
    "Takes the mRS as a number. Its indirect effect is the product of two coefficients.",
    "The mRS as a number is modelled by least squares.",
)
PROPORTION_EXPLAINED = Method(
    "proportion_explained",
    "Mediation",
    "Proportion explained",
    "The natural indirect effect over the total effect. Where the total may be nothing its parts "
    "have no meaningful share, so none is shown.",
    "The proportion explained is the natural indirect over the total effect, and is withheld "
    "where the interval of the total effect includes no difference.",
)
PERCENTILE = Method(
    "percentile_bootstrap",
    "Mediation",
    "Percentile bootstrap",
    "Patients are drawn again with replacement, and both models fitted to each sample. A sample "
    "that lacks a level of a covariate, or in which one tells the outcome, counts too: its "
    "likelihood settles as the chances of that level's patients go to 0 or 1, and effects are "
    "differences of chances. Only where the part of arm or volume itself has no finite estimate "
    "is a sample left out.",
    "Intervals (95%) are quantiles of seeded bootstrap samples of patients, in each of which "
    "both models are fitted again; where a covariate's level tells the outcome of a sample, its "
    "patients' chances are 0 or 1.",
    reference="Efron, J Am Stat Assoc 1987;82:171-185",
    doi="10.1080/01621459.1987.10478410",
    checked="simulated trials: benchmarks/mediation_coverage.json",
)
BCA = Method(
    "bca_bootstrap",
    "Mediation",
    "BCa bootstrap",
    "The percentile bootstrap, corrected for bias and for a spread that changes with the "
    "estimate.",
    "Intervals (95%) are bias-corrected and accelerated quantiles of seeded bootstrap samples of "
    "patients, in each of which both models are fitted again, the acceleration by the jackknife.",
    reference="Efron, J Am Stat Assoc 1987;82:171-185",
    doi="10.1080/01621459.1987.10478410",
    checked="simulated trials: benchmarks/mediation_coverage.json",
)
QUASI_BAYES = Method(
    "quasi_bayesian",
    "Mediation",
    "Quasi-Bayesian intervals",
    "Coefficients are drawn from the normal law around their estimates; nothing is fitted again.",
    "Intervals (95%) are quantiles over seeded draws of both models' coefficients from their "
    "normal approximation.",
    reference="Imai, Keele and Tingley, Psychol Methods 2010;15:309-334",
    doi="10.1037/a0020761",
    checked="R mediation::mediate: within Monte Carlo error",
)
FIRST_ORDER = Method(
    "first_order_samples",
    "Mediation",
    "Samples of many patients, to first order",
    "With many patients the models are not fitted again to each bootstrap sample. What one more "
    "patient of each kind would add to the potential outcomes is worked out once, and those of a "
    "sample are the patients' own plus what its patients add. The samples are the same seeded "
    "ones; what is left out is curvature, which fades as 1 over the number of patients. Draws of "
    "the coefficients are followed by their slopes in the same way.",
    "The potential outcomes of each sample are computed to first order from the influence of "
    "every patient (infinitesimal jackknife), not by fitting the models again.",
    reference="Efron, The Jackknife, the Bootstrap and Other Resampling Plans, SIAM 1982",
    doi="10.1137/1.9781611970319",
    checked="the bootstrap that fits again, on 2,000 patients: limits within 4% of a width",
)
UTILITY = Method(
    "utility_weighted_mrs",
    "Mediation",
    "Utility-weighted mRS",
    "What patients and clinicians hold a score to be worth: 1, 0.91, 0.76, 0.65, 0.33, 0 and 0 "
    "for mRS 0 to 6.",
    "Utilities of mRS 0 to 6 are 1.0, 0.91, 0.76, 0.65, 0.33, 0 and 0.",
    reference="Chaisinanunkul et al., Stroke 2015;46:2238-2243",
    doi="10.1161/STROKEAHA.114.008547",
)
WIN_AGAINST_CONTROL = Method(
    "win_probability_of_worlds",
    "Mediation",
    "Win probability of a world",
    "The probability that a patient of a world has a better mRS than a patient of the world in "
    "which everyone has the control, ties counting half; one half where they are alike.",
    "Win probabilities are of each world against the world in which everyone has the control, "
    "ties counting half.",
)
PUBLISHED_WAY = Method(
    "ratio_of_log_odds",
    "Mediation",
    "Change of the log common odds ratio",
    "How much the logarithm of the arm's common odds ratio shrinks when infarct volume enters the "
    "model. This is how MR CLEAN and HERMES spoke of explaining. Odds ratios are not collapsible: "
    "they change when any variable that goes along with outcome enters the model, whether it "
    "explains anything or not, so this share is not one of an effect and can differ twofold from "
    "a natural one.",
    "The share explained in the published way is 1 minus the logarithm of the arm's common odds "
    "ratio with infarct volume in the model over that without it.",
    _COMPLETE,
    "Boers et al., JAMA Neurol 2019;76:194-202",
    "10.1001/jamaneurol.2018.3661",
    "R 4.2.2 ordinal::clm: 1e-8",
)
INTERVENTIONAL = Method(
    "interventional_effects",
    "Mediation",
    "Interventional effects",
    "Recanalization is changed by treatment and goes along with both volume and outcome, which "
    "natural effects do not allow. Interventional effects do: everyone's volume is drawn at "
    "random from what patients like him have under an arm, whatever became of his own vessel. The "
    "indirect effect is then that of shifting the distribution of volumes.",
    "Interventional direct and indirect effects treat recanalization as a confounder that "
    "treatment changes: it is modelled by logistic regression on arm and baseline variables, "
    "enters the models of volume and mRS, and is averaged over apart for volume and outcome.",
    "Patients whose recanalization is unknown are left out.",
    "VanderWeele, Vansteelandt and Robins, Epidemiology 2014;25:300-306",
    "10.1097/EDE.0000000000000034",
    "R 4.2.2 by hand with 60 nodes: 1e-9",
)
RHO_CURVE = Method(
    "correlated_errors",
    "Mediation",
    "Correlated errors of volume and outcome",
    "Something unmeasured that goes along with both volume and outcome makes the errors of the "
    "two models correlated. The curve shows the indirect effect for every such correlation; the "
    "data cannot tell which it is.",
    "Sensitivity to unmeasured confounding of volume and outcome is the indirect effect on the "
    "probability of mRS 0-2 as a function of the correlation of the errors of a linear model of "
    "volume and a probit model of outcome, with delta-method 95% intervals.",
    _COMPLETE,
    "Imai, Keele and Yamamoto, Stat Sci 2010;25:51-71",
    "10.1214/10-STS321",
    "R 4.2.2 by hand with the steps of mediation::medsens: 1e-8; medsens 4.5.1 itself departs "
    "from the paper in one formula and at correlation 0 from mediate",
)
E_VALUE = Method(
    "mediational_e_value",
    "Mediation",
    "Mediational E-value",
    "How strongly something unmeasured would have to go along with both volume and outcome, as "
    "risk ratios beyond the baseline variables, to explain the indirect effect away.",
    "The mediational E-value is of the indirect effect as a risk ratio of mRS 0-2.",
    _COMPLETE,
    "Smith and VanderWeele, Epidemiology 2019;30:835-837",
    "10.1097/EDE.0000000000001064",
    "by hand",
)
BIAS_GRID = Method(
    "bias_grid",
    "Mediation",
    "Grid of bias",
    "What the indirect effect would be if a yes-or-no confounder had a given frequency and a "
    "given weight. Among patients with the same small infarct, those of the control arm may owe "
    "it to something else that is good for them, such as collateral vessels: the left half.",
    "The bias of an unmeasured binary confounder is the product of how much more frequent it is "
    "with treatment among patients of the same volume and how much it adds to the probability of "
    "mRS 0-2; both are taken as the same for all patients.",
    _COMPLETE,
    "VanderWeele, Epidemiology 2010;21:540-551",
    "10.1097/EDE.0b013e3181df191c",
    "by hand",
)
MULTIVERSE = Method(
    "multiverse",
    "Mediation",
    "Other reasonable choices",
    "The same question asked with every combination of reasonable choices: if the answer moves "
    "much, it rests on the choice.",
    "Every combination of transformation, outcome model, interaction, adjustment, modality and "
    "handling of death before the scan is fitted, with delta-method 95% intervals of the natural "
    "indirect effect on the probability of mRS 0-2.",
    _COMPLETE,
    "Steegen, Tuerlinckx, Gelman and Vanpaemel, Perspect Psychol Sci 2016;11:702-712",
    "10.1177/1745691616658637",
    "the bootstrap on the same plan",
)
CAUSAL_STRUCTURE = Method(
    "causal_structure",
    "Mediation",
    "Assumed causal structure",
    "What is taken to change what. The division into direct and indirect effects is one of "
    "effects only if no arrow is missing from the diagram.",
    "The assumed structure is arm to infarct volume to mRS and arm to mRS, each given the "
    "baseline variables of the models.",
)
AGREMA = Method(
    "agrema",
    "Mediation",
    "AGReMA checklist",
    "What a report of a mediation analysis should say, in 25 items.",
    "The checklist follows AGReMA, with items filled from the data set and the analysis.",
    reference="Lee et al., JAMA 2021;326:1045-1056",
    doi="10.1001/jama.2021.14075",
)

MEDIATION_METHODS: tuple[Method, ...] = (
    *(NATURAL_EFFECTS, ORDINAL_OUTCOME, LOGISTIC_OUTCOME, LINEAR_OUTCOME),
    *(
        PROPORTION_EXPLAINED,
        PERCENTILE,
        BCA,
        QUASI_BAYES,
        FIRST_ORDER,
        UTILITY,
        WIN_AGAINST_CONTROL,
    ),
    *(PUBLISHED_WAY, INTERVENTIONAL, RHO_CURVE, E_VALUE, BIAS_GRID, MULTIVERSE),
    *(CAUSAL_STRUCTURE, AGREMA),
)
