# Reference answers for analytics/kernels/least_squares.py.
# R 4.2.2, sandwich 3.0-2 and jsonlite 1.8.4. Input: the embedded cohort. From the project's root:
#   Rscript tests/oracle/least_squares.R > tests/oracle/least_squares.json
# The cube root of the infarct volume on the terms, nothing centred or scaled. Cases: arm;
# adjusted; repeated, where row i stands 1 + i mod 3 times in the data, as the test's weights say;
# origin, without intercept.
# For each: coefficients of lm, their covariance by vcov and by vcovHC type "HC3", the residual
# standard deviation, R-squared, and the sum of the squared leverages.
suppressPackageStartupMessages({ library(jsonlite); library(sandwich) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$evt <- as.numeric(d$arm == "evt"); d$woman <- as.numeric(d$sex == "female")
d$ica <- as.numeric(d$occlusion_site == "ICA"); d$m2 <- as.numeric(d$occlusion_site == "M2")
d$lysis <- as.numeric(d$alteplase == "yes")
d$cube <- d$infarct_volume_ml^(1 / 3)
d$times <- 1 + seq_len(nrow(d)) %% 3

fitted <- function(z, terms, intercept = TRUE) {
  fit <- lm(reformulate(terms, "cube", intercept), data = z)
  list(terms = I(terms), intercept = intercept, n = nobs(fit), coefficients = I(unname(coef(fit))),
       covariance = unname(vcov(fit)), hc3 = unname(vcovHC(fit, type = "HC3")),
       residual_sd = sigma(fit), r_squared = summary(fit)$r.squared,
       leverage = sum(hatvalues(fit)^2))
}

adjusted <- c("evt", "age_years", "woman", "nihss_baseline", "aspects", "ica", "m2", "lysis")
cat(toJSON(list(
  arm = fitted(d, "evt"),
  adjusted = fitted(d, adjusted),
  repeated = fitted(d[rep(seq_len(nrow(d)), d$times), ], adjusted),
  origin = fitted(d, c("age_years", "nihss_baseline"), FALSE)
), digits = I(15), auto_unbox = TRUE, pretty = TRUE))
