"""Methods of the regressions: what each model is, and what examines it."""

from analytics.method import COMPLETE, Method

SPLINE_TERMS = Method(
    "spline_terms",
    "Model",
    "Restricted cubic spline",
    "A curve with four knots at fixed quantiles of the variable, straight beyond the outer two. "
    "Testing its bends asks whether a straight line would do.",
    "Curved variables are restricted cubic splines with four knots at their 5th, 35th, 65th and "
    "95th percentiles.",
    COMPLETE,
    "Harrell, Regression Modeling Strategies, Springer 2015",
    "10.1007/978-3-319-19425-7",
    "R 4.2.2, Harrell's basis by hand: relative 1e-10",
)
MARGINAL_CONTRASTS = Method(
    "marginal_contrasts",
    "Model",
    "Marginal contrast of a variable in an interaction",
    "The coefficient of a variable that interacts with another holds where the other is 0, such "
    "as for patients aged 0. Shown instead is what the variable adds to the model's predictor "
    "for every patient analysed, his own value of the other variable kept, averaged over them. "
    "It is tested in the same way; the line of the product says how the contrast changes.",
    "Variables that interact are shown and tested as contrasts of the model's predictor "
    "standardised over the patients analysed, with intervals by the delta method.",
    COMPLETE,
    "Lane and Nelder, Biometrics 1982;38:613-621",
    "10.2307/2530043",
    "mean differences of predictions by hand: relative 1e-9",
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
    COMPLETE,
    "Lane and Nelder, Biometrics 1982;38:613-621",
    "10.2307/2530043",
    "R 4.2.2, predictions and gradients by hand: relative 1e-6",
)
