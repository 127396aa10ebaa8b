"""Methods of the models of infarct volume."""

from analytics.method import COMPLETE, Method

VOLUME_MODEL = Method(
    "volume_model",
    "Model",
    "Linear model of infarct volume",
    "Which variables go along with the volume when all of them are looked at together. The "
    "published transformation is not known; the cube root makes the residuals close to normal.",
    "Coefficients are by least squares with HC3 standard errors, their intervals by Student's t; "
    "each variable has a Wald F test.",
    COMPLETE,
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
    COMPLETE,
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
    COMPLETE,
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
    COMPLETE,
    "Liu, Shepherd, Li and Harrell, Stat Med 2017;36:4316-4335",
    "10.1002/sim.7433",
    "R 4.2.2 ordinal::clm on the ranks of the volumes: coefficients 1e-7, standard errors 1e-6",
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
    COMPLETE,
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
    COMPLETE,
    "Koenker and Hallock, J Econ Perspect 2001;15:143-156",
    "10.1257/jep.15.4.143",
    "R 4.2.2 quantreg::rq, summary(se = 'nid'): coefficients 1e-8, standard errors 1e-4",
)
