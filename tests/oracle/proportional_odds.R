# Reference answers for analytics/kernels/proportional_odds.py.
# R 4.2.2, MASS 7.3-58.2, ordinal 2022.11-16 and jsonlite 1.8.4. Input: the embedded cohort. From
# the project's root:
#   Rscript tests/oracle/proportional_odds.R > tests/oracle/proportional_odds.json
# Continuous columns are centred and scaled (divisor n - 1) on the rows used, in R and in the test,
# because clm stops early on badly scaled ones. Cases: arm; adjusted; volume (the published model);
# weighted, row i counting 1 + i mod 3 times; absent, patients with mRS 0, 3 and 6 alone; two, the
# outcome being mRS 3-6 or not, where glm is a second witness; small, the first 30 rows.
# For each: coefficients and thresholds of clm, standard errors of the coefficients, logLik, n, and
# polr's coefficients. Numbers carry 15 significant digits, all that jsonlite writes.
suppressPackageStartupMessages({ library(jsonlite); library(ordinal); library(MASS) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$evt <- as.numeric(d$arm == "evt"); d$woman <- as.numeric(d$sex == "female")
d$ica <- as.numeric(d$occlusion_site == "ICA"); d$m2 <- as.numeric(d$occlusion_site == "M2")
d$lysis <- as.numeric(d$alteplase == "yes"); d$left <- as.numeric(d$laterality == "left")
d$cube <- d$infarct_volume_ml^(1 / 3); d$delta <- d$nihss_baseline - d$nihss_24h
d$times <- 1 + seq_len(nrow(d)) %% 3
continuous <- c("age_years", "nihss_baseline", "aspects", "cube", "delta")
control <- clm.control(gradTol = 1e-12, relTol = 1e-14, maxIter = 500L, maxLineIter = 100L)

fitted <- function(z, terms, weights = rep(1, nrow(z))) {
  force(weights)
  complete <- complete.cases(z[, c("mrs_90d", terms)])
  z <- z[complete, ]; z$w <- weights[complete]
  for (name in intersect(terms, continuous)) z[[name]] <- as.numeric(scale(z[[name]]))
  z$y <- factor(z$mrs_90d, ordered = TRUE)
  fit <- clm(reformulate(terms, "y"), data = z, weights = w, control = control)
  other <- if (nlevels(z$y) > 2)
    coef(polr(reformulate(terms, "y"), data = z, weights = w, Hess = FALSE)) else
    -coef(glm(reformulate(terms, "y == levels(y)[1]"), data = z, weights = w, family = binomial,
              control = glm.control(epsilon = 1e-14)))[-1]
  list(terms = I(terms), n = sum(z$w), coefficients = I(unname(fit$beta)),
       thresholds = I(unname(fit$alpha)),
       standard_errors = I(unname(sqrt(diag(vcov(fit)))[names(fit$beta)])),
       log_likelihood = as.numeric(logLik(fit)), witness = I(unname(other)))
}

adjusted <- c("evt", "age_years", "woman", "nihss_baseline", "aspects", "ica", "m2", "lysis")
two <- d; two$mrs_90d <- as.numeric(two$mrs_90d > 2)
cat(toJSON(list(
  arm = fitted(d, "evt"),
  adjusted = fitted(d, adjusted),
  volume = fitted(d, c("cube", "delta", "left")),
  weighted = fitted(d, adjusted, d$times),
  absent = fitted(d[d$mrs_90d %in% c(0, 3, 6), ], c("evt", "age_years")),
  two = fitted(two, c("evt", "age_years")),
  small = fitted(d[1:30, ], c("evt", "age_years"))
), digits = I(15), auto_unbox = TRUE, pretty = TRUE))
