"""Methods of the subgroups page."""

from analytics.method import Method

SUBGROUP_EFFECTS = Method(
    "subgroup_effects",
    "Subgroups",
    "Effect within subgroups",
    "The same effect estimated in the patients at each level of a baseline variable. Intervals of "
    "subgroups overlap or not by their sizes; only the test of interaction asks whether effects "
    "differ.",
    "The effect of treatment is estimated within every level of each baseline variable.",
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
    "Whether effects differ between levels is tested by comparing nested models with and without "
    "the interaction of arm and variable.",
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
    "part, the more the smaller the subgroup.",
    "Shrunken estimates are drawn toward the overall effect by a normal law of true effects, "
    "their variance between the levels of a variable by DerSimonian and Laird and taken as known "
    "by the intervals.",
    "",
    "DerSimonian and Laird, Control Clin Trials 1986;7:177-188",
    "10.1016/0197-2456(86)90046-2",
    "R 4.2.2 by hand: 1e-9",
)
EFFECT_CURVE = Method(
    "effect_curve",
    "Subgroups",
    "Effect along a continuous variable",
    "The effect of treatment as a smooth function of a baseline variable, instead of between "
    "cuts.",
    "The effect along a continuous variable is from a model with the interaction of arm and a "
    "restricted cubic spline with three knots of the variable, pointwise 95% intervals by the "
    "delta method.",
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
    "Effects are computed in every subgroup of one to three baseline variables with at least ten "
    "patients in each arm; the funnel is the overall effect with the limits between which 95% of "
    "subgroups of a size would lie, were the effect the same in all patients.",
    "Patients without the outcome, or with an unknown level, are left out.",
    "",
    "",
    "each subgroup's effect by its own filter",
)
SIDE_BY_SIDE = Method(
    "effect_side_by_side",
    "Subgroups",
    "Subgroup, complement and all",
    "The same effect in the chosen patients, in everyone else and in all.",
    "The effect is estimated in the subgroup, in its complement and in all patients.",
)

SUBGROUP_METHODS: tuple[Method, ...] = (
    *(SUBGROUP_EFFECTS, INTERACTION, GLOBAL_INTERACTION, ADJUSTED_P, SHRINKAGE),
    *(EFFECT_CURVE, FUNNEL, SIDE_BY_SIDE),
)
