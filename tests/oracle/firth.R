# Reference answers for analytics/kernels/firth.py.
# R 4.2.2, brglm2 0.9 and jsonlite 1.8.4. Input: the embedded cohort. From the project's root:
#   Rscript tests/oracle/firth.R > tests/oracle/firth.json
# The outcome is mRS 0-2. Continuous columns are centred and scaled (divisor n - 1) on the rows
# used, in R and in the test. Cases: arm; adjusted, with twelve columns; weighted, row i counting
# 1 + i mod 3 times; small, the first 40 rows; separated, the first 40 rows and a column that is 1
# in the first four patients with mRS 0-2 and 0 in all others.
# For each: coefficients (intercept first) and standard errors of brglm2 with type = "AS_mean",
# which is Firth's penalty here. brglm2 has no profile of the penalised likelihood, so the rest
# is written out: the penalised log likelihood; for the first and the last column its profile by
# optim (BFGS, with the modified score), the limits where uniroot finds a fall of half the
# chi-squared quantile, and twice the fall at 0; and twice the fall with both columns at 0.
suppressPackageStartupMessages({ library(jsonlite); library(brglm2) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$evt <- as.numeric(d$arm == "evt"); d$woman <- as.numeric(d$sex == "female")
d$ica <- as.numeric(d$occlusion_site == "ICA"); d$m2 <- as.numeric(d$occlusion_site == "M2")
d$lysis <- as.numeric(d$alteplase == "yes"); d$left <- as.numeric(d$laterality == "left")
d$cube <- d$infarct_volume_ml^(1 / 3); d$delta <- d$nihss_baseline - d$nihss_24h
d$older <- as.numeric(d$age_years > 75); d$severe <- as.numeric(d$nihss_baseline > 18)
d$times <- 1 + seq_len(nrow(d)) %% 3
d$good <- as.numeric(d$mrs_90d <= 2)
continuous <- c("age_years", "nihss_baseline", "aspects", "cube", "delta")

fitted <- function(z, terms, weights = rep(1, nrow(z)), level = 0.95) {
  force(weights)
  complete <- complete.cases(z[, c("good", terms)])
  z <- z[complete, ]; w <- weights[complete]
  for (name in intersect(terms, continuous)) z[[name]] <- as.numeric(scale(z[[name]]))
  x <- cbind(1, as.matrix(z[, terms, drop = FALSE])); y <- z$good
  fit <- glm(y ~ x - 1, weights = w, family = binomial(), method = "brglmFit", type = "AS_mean",
             control = brglmControl(epsilon = 1e-13, maxit = 5000))
  penalised <- function(b) {
    eta <- drop(x %*% b); s <- w * plogis(eta) * plogis(-eta)
    sum(w * (y * plogis(eta, log.p = TRUE) + (1 - y) * plogis(-eta, log.p = TRUE))) +
      0.5 * as.numeric(determinant(crossprod(x * sqrt(s)))$modulus)
  }
  score <- function(b) {
    eta <- drop(x %*% b); s <- w * plogis(eta) * plogis(-eta)
    h <- rowSums(qr.Q(qr(x * sqrt(s)))^2)
    drop(crossprod(x, w * (y - plogis(eta)) + h * (0.5 - plogis(eta))))
  }
  best <- unname(coef(fit)); top <- penalised(best)
  highest <- function(fixed, values) {
    whole <- function(b) { all <- best; all[fixed] <- values; all[-fixed] <- b; all }
    b <- best[-fixed]
    for (again in 1:3) b <- optim(b, function(b) -penalised(whole(b)),
      function(b) -score(whole(b))[-fixed], method = "BFGS",
      control = list(reltol = 1e-15, maxit = 5000))$par
    penalised(whole(b))
  }
  limit <- function(place, side) {
    se <- sqrt(diag(vcov(fit)))[place]
    fall <- function(b) 2 * (top - highest(place, b)) - qchisq(level, 1)
    uniroot(fall, sort(best[place] + side * c(0.1, 3) * se), extendInt = "yes", tol = 1e-10)$root
  }
  ends <- unique(c(2, ncol(x)))
  list(terms = I(terms), n = sum(w), coefficients = I(best),
       standard_errors = I(unname(sqrt(diag(vcov(fit))))), log_likelihood = top,
       limits = I(lapply(ends, function(j) I(c(limit(j, -1), limit(j, 1))))),
       statistics = I(sapply(ends, function(j) 2 * (top - highest(j, 0)))),
       joint = 2 * (top - highest(ends, rep(0, length(ends)))))
}

twelve <- c("evt", "age_years", "woman", "nihss_baseline", "aspects", "ica", "m2", "lysis",
            "left", "delta", "older", "severe")
small <- d[1:40, ]
small$apart <- 0
small$apart[which(small$good == 1)[1:4]] <- 1
cat(toJSON(list(
  arm = fitted(d, "evt"),
  adjusted = fitted(d, twelve),
  weighted = fitted(d, twelve[1:4], d$times),
  small = fitted(small, c("evt", "age_years", "nihss_baseline")),
  separated = fitted(small, c("apart", "evt", "age_years"))
), digits = I(15), auto_unbox = TRUE, pretty = TRUE))
