"""Methods of the subgroups page."""

from analytics.method import Method

SUBGROUP_EFFECTS = Method(
    "subgroup_effects",
    "Subgroups",
    "Effect within subgroups",
    "The same effect estimated in the patients at each level of a baseline variable. Intervals of "
    "subgroups overlap or not by their sizes; only the test of interaction asks whether effects "
    "differ.",
    "The arms are compared within every level of each baseline variable. A level lies further "
    "from all patients than 95% would by chance where its interval, at the root of 1 - n/N of its "
    "width as its n patients are a part of all N, does not include their estimate.",
    "Patients without the outcome, or with an unknown level, are left out.",
    "Wang et al., N Engl J Med 2007;357:2189-2194",
    "10.1056/NEJMsr077003",
    "R 4.2.2 ordinal::clm, wilcox.test, lm: 1e-6",
)
INTERACTION = Method(
    "interaction_test",
    "Subgroups",
    "Test of interaction",
    "Whether the effect of treatment is the same at all levels of a variable: models with and "
    "without the product of arm and variable, compared on the same patients. For a linear model "
    "the F test is the exact likelihood-ratio test.",
    "Whether the arms differ alike at all levels is tested by comparing nested models with and "
    "without the interaction of arm and variable.",
    "",
    "Pocock et al., Stat Med 2002;21:2917-2930",
    "10.1002/sim.1296",
    "R 4.2.2 anova of ordinal::clm, glm and lm fits: 1e-6",
)
GLOBAL_INTERACTION = Method(
    "global_interaction_test",
    "Subgroups",
    "Test of all interactions together",
    "One test for all variables, before any of them is looked at alone.",
    "One test compares the models with and without all interactions together.",
    checked="R 4.2.2 anova: 1e-6",
)
ADJUSTED_P = Method(
    "adjusted_p",
    "Subgroups",
    "Adjusted p-values",
    "Holm's keep the chance of any false finding of a family at its level; Benjamini and "
    "Hochberg's the expected share of false findings. The pre-specified variables are one family, "
    "all that are shown the other.",
    "P-values of interaction are adjusted by Holm and by Benjamini and Hochberg, among the "
    "pre-specified variables or else among all.",
    "",
    "Benjamini and Hochberg, J R Stat Soc B 1995;57:289-300",
    "10.1111/j.2517-6161.1995.tb02031.x",
    "R 4.2.2 p.adjust: 1e-9",
)
SHRINKAGE = Method(
    "shrinkage",
    "Subgroups",
    "Shrunken estimates",
    "What is to be expected of a subgroup in new patients: estimates far out are so by chance in "
    "part, the more the smaller the subgroup. True effects at the levels of a variable are taken "
    "as normal around a mean of which nothing is known beforehand; how far they lie apart, their "
    "standard deviation, has a half-normal prior, and everything is averaged over what the "
    "estimates then say of it. The prior's scale is 0.5 for the logarithm of an odds ratio. That "
    "is an eighth of its unit-information standard deviation, which is 4, and so is the scale for "
    "other effects: the standard error in all patients times the root of their number, divided "
    "by eight.",
    "Shrunken estimates are posterior means, of a ratio those of its logarithm, with central 95% "
    "posterior intervals: the estimates at the levels of a variable are drawn toward their mean, "
    "which has a flat prior, by a normal law whose standard deviation has a half-normal prior, "
    "both averaged over by numerical integration.",
    "",
    "Röver et al., Res Synth Methods 2021;12:448-474",
    "10.1002/jrsm.1475",
    "integration of the joint posterior by scipy's dblquad: 1e-6",
)
EFFECT_CURVE = Method(
    "effect_curve",
    "Subgroups",
    "Effect along a continuous variable",
    "The effect of treatment as a smooth function of a baseline variable, instead of between "
    "cuts.",
    "How the arms differ along a continuous variable is from a model with the interaction of arm "
    "and a restricted cubic spline with three knots of the variable, pointwise 95% intervals by "
    "the delta method.",
    "Patients without the outcome or the variable are left out.",
    "Harrell, Regression Modeling Strategies, Springer 2015",
    "10.1007/978-3-319-19425-7",
    "R 4.2.2 ordinal::clm and lm: 1e-6",
)
FUNNEL = Method(
    "subgroup_funnel",
    "Subgroups",
    "Funnel of all subgroups",
    "Every subgroup that one, two or three baseline variables can make, its effect against its "
    "size. Small subgroups scatter widely by chance; a subgroup is remarkable only against the "
    "others of its size.",
    "The arms are compared in every subgroup of one to three baseline variables with at least ten "
    "patients in each arm; the funnel is the overall estimate with the limits between which about "
    "95% of subgroups of a size would lie, were it the same in all patients. A subgroup "
    "of n of all N patients is a part of them, so its variance around them is in proportion to "
    "1/n - 1/N; limits of the shift are from the normal law of the share of pairs that differ by "
    "more.",
    "Patients without the outcome, or with an unknown level, are left out.",
    "",
    "",
    "each subgroup's effect by its own filter; the limits by subgroups drawn at random",
)
SIDE_BY_SIDE = Method(
    "effect_side_by_side",
    "Subgroups",
    "Subgroup, complement and all",
    "The same effect in the chosen patients, in everyone else and in all.",
    "The arms are compared in the subgroup, in its complement and in all patients.",
)

SUBGROUP_METHODS: tuple[Method, ...] = (
    *(SUBGROUP_EFFECTS, INTERACTION, GLOBAL_INTERACTION, ADJUSTED_P, SHRINKAGE),
    *(EFFECT_CURVE, FUNNEL, SIDE_BY_SIDE),
)
