# Reference answers for analytics/discrimination.py, analytics/delong.py and analytics/optimism.py.
# R 4.2.2, base R, pROC 1.18.0 and jsonlite 1.8.4. Input: the embedded cohort. From the project's
# root:
#   Rscript tests/oracle/discrimination.R > tests/oracle/discrimination.json
# Cases: whole; occlusion_site=M1. Outcome: mRS 0-2. volume_alone: pROC::auc with pROC::var on the
# logit scale. areas, difference: glm(binomial) on arm, age, sex, NIHSS, ASPECTS, occlusion site and
# alteplase, without and with the cube root of volume as a spline of four knots (straight where
# there are fewer than ten patients with the rarer outcome for each coefficient); pROC::cov,
# DeLong's. added: their likelihood ratio; new_information: 1 - LR / LR. brier: mean squared error.
# optimism: five resamples with their counts; the larger model refitted on each, its area there
# less its area on all patients, and the slope of its predictor on all.
suppressPackageStartupMessages({ library(jsonlite); library(pROC) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$arm <- as.numeric(d$arm == "evt"); d$sex <- as.numeric(d$sex == "male")
d$alteplase <- ifelse(is.na(d$alteplase), NA, as.numeric(d$alteplase == "yes"))
d$m1 <- as.numeric(d$occlusion_site == "M1"); d$m2 <- as.numeric(d$occlusion_site == "M2")
z975 <- qnorm(0.975)
basis <- function(x, k) {
  f <- function(t) pmax(x - t, 0)^3; n <- length(k)
  cbind(x, sapply(seq_len(n - 2), function(j) (f(k[j]) - f(k[n - 1]) * (k[n] - k[j]) / (k[n] - k[n - 1]) +
    f(k[n]) * (k[n - 1] - k[j]) / (k[n] - k[n - 1])) / (k[n] - k[1])^2))
}
tight <- glm.control(1e-14, 100)

answer <- function(z, covariates) {
  z <- z[complete.cases(z[, c("mrs_90d", "infarct_volume_ml", covariates)]), ]
  y <- as.numeric(z$mrs_90d <= 2); root <- z$infarct_volume_ml^(1 / 3)
  base <- as.matrix(z[, covariates]); rarer <- min(sum(y), sum(1 - y))
  is_curved <- rarer >= 10 * (ncol(base) + 1 + 2)
  volume <- if (is_curved) basis(root, quantile(root, c(0.05, 0.35, 0.65, 0.95), type = 7)) else cbind(root)
  full <- cbind(base, volume)
  fits <- list(glm(y ~ base, family = binomial, control = tight), glm(y ~ full, family = binomial, control = tight))
  null <- glm(y ~ 1, family = binomial)
  curve <- function(score) roc(y, score, levels = c(0, 1), direction = "<", quiet = TRUE)
  alone <- curve(-z$infarct_volume_ml); curves <- lapply(fits, function(f) curve(fitted(f)))
  a <- as.numeric(auc(alone)); s <- sqrt(var(alone)) / (a * (1 - a))
  areas <- sapply(curves, function(r) as.numeric(auc(r)))
  spread <- sqrt(var(curves[[1]]) + var(curves[[2]]) - 2 * cov(curves[[1]], curves[[2]]))
  gain <- areas[2] - areas[1]; lr <- null$deviance - sapply(fits, deviance)
  set.seed(3); n <- length(y)
  resamples <- lapply(1:5, function(i) tabulate(sample(n, n, TRUE), n))
  optimism <- lapply(resamples, function(counts) {
    f <- suppressWarnings(glm(y ~ full, family = binomial, weights = counts, control = tight))
    score <- drop(cbind(1, full) %*% coef(f)); rows <- rep(seq_len(n), counts)
    inside <- roc(y[rows], score[rows], levels = c(0, 1), direction = "<", quiet = TRUE)
    list(area = as.numeric(auc(inside)) - as.numeric(auc(curve(score))),
         slope = unname(coef(glm(y ~ score, family = binomial, control = tight))[2]))
  })
  list(n = n, independent = sum(y), is_curved = is_curved,
       volume_alone = plogis(qlogis(a) + c(0, -z975, z975) * s), areas = areas,
       difference = gain + c(0, -z975, z975) * spread, added = lr[2] - lr[1],
       new_information = 1 - lr[1] / lr[2], brier = sapply(fits, function(f) mean((fitted(f) - y)^2)),
       counts = resamples, optimism = list(area = mean(sapply(optimism, `[[`, "area")),
                                           slope = mean(sapply(optimism, `[[`, "slope"))))
}
covariates <- c("arm", "age_years", "sex", "nihss_baseline", "aspects", "m1", "m2", "alteplase")
m1 <- d[d$occlusion_site == "M1", ]
cat(toJSON(list(whole = answer(d, covariates),
                `occlusion_site=M1` = answer(m1, setdiff(covariates, c("m1", "m2")))),
           digits = I(15), auto_unbox = TRUE), "\n")
