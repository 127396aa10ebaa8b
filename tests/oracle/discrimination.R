# Reference answers for analytics/prediction/discrimination.py, delong.py, optimism.py and discordance.py.
# R 4.2.2, pROC 1.18.0, jsonlite 1.8.4. Input: the embedded cohort. From the project's root:
#   Rscript tests/oracle/discrimination.R > tests/oracle/discrimination.json
# Cases: whole; sex=female; occlusion_site=M1. Outcome: mRS 0-2. Patients with every variable of the
# case, in the order of the file; a level with one patient would be left out (no case has one).
# volume_alone, areas: pROC::auc, its variance DeLong's, the interval on the logit scale.
# difference: pROC::roc.test's paired DeLong interval, from var and cov.
# Models: glm(binomial) on age, sex, NIHSS, ASPECTS, site, alteplase and arm as far as they vary,
# without and with the cube root of volume; a restricted cubic spline of it (knots at the 5th, 35th,
# 65th and 95th percentile, type 7) where the rarer outcome has ten patients per coefficient.
# likelihood_ratios: each against the model without variables. added: anova, LRT.
# optimism: five resamples (counts of each patient), finite where no variable separates outcomes; each model refitted on each resample with the
# knots kept; C by pROC and Brier score in the resample minus those on all patients, and slope and
# intercept of the outcome on its log odds in all patients.
# calibration: glm on a spline of the full model's log odds with three knots (10th, 50th, 90th
# percentile), at 20%, 50% and 80% predicted; recalibration: glm on the log odds themselves.
# discordance: patients with 7 mL or less (72 mL or more), those of them with mRS 3-6 (0-2), by arm
# too; quartiles (type 7) of age and delta NIHSS in the discordant and in the others.
suppressPackageStartupMessages({ library(jsonlite); library(pROC) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$woman <- as.numeric(d$sex == "female"); d$evt <- as.numeric(d$arm == "evt")
d$m1 <- as.numeric(d$occlusion_site == "M1"); d$m2 <- as.numeric(d$occlusion_site == "M2")
d$lysis <- as.numeric(d$alteplase == "yes"); d$v <- d$infarct_volume_ml
d$delta_nihss <- d$nihss_baseline - d$nihss_24h
tight <- glm.control(epsilon = 1e-14, maxit = 100)
z95 <- qnorm(0.975)

# Harrell's restricted cubic spline, written from its formula.
rcs <- function(x, at) {
  k <- length(at); plus <- function(t) ifelse(x > t, (x - t)^3, 0)
  bends <- sapply(1:(k - 2), function(j) {
    w <- (at[k] - at[j]) / (at[k] - at[k - 1])
    (plus(at[j]) - w * plus(at[k - 1]) + (w - 1) * plus(at[k])) / (at[k] - at[1])^2
  })
  unname(cbind(x, bends))
}
curve_of <- function(y, score) roc(y, score, levels = c(0, 1), direction = "<", quiet = TRUE)
fitted_to <- function(x, y, w = rep(1, length(y))) {
  suppressWarnings(glm.fit(cbind(1, x), y, weights = w, family = binomial(), control = tight))
}

answers <- function(z) {
  terms <- c("age_years", "woman", "nihss_baseline", "aspects", "m1", "m2", "lysis", "evt")
  discordant <- discordance(z)
  z <- z[complete.cases(z[, c("mrs_90d", "v", terms)]), ]
  terms <- terms[sapply(terms, function(name) length(unique(z[[name]])) > 1)]
  y <- as.numeric(z$mrs_90d <= 2); n <- length(y); root <- z$v^(1 / 3)
  base <- as.matrix(z[, terms])
  curved <- min(sum(y), n - sum(y)) >= 10 * (length(terms) + 3)
  knots <- if (curved) unname(quantile(root, c(0.05, 0.35, 0.65, 0.95), type = 7)) else numeric(0)
  volume <- if (curved) rcs(root, knots) else as.matrix(root)
  models <- list(base, cbind(base, volume))
  fits <- lapply(models, function(x) fitted_to(x, y))
  rocs <- c(list(curve_of(y, -z$v)), lapply(fits, function(f) curve_of(y, f$linear.predictors)))
  area <- sapply(rocs, function(r) as.numeric(auc(r)))
  variance <- sapply(rocs, var)
  paired <- cov(rocs[[2]], rocs[[3]])
  se <- sqrt(variance[1]) / (area[1] * (1 - area[1]))
  gain <- area[3] - area[2]
  spread <- sqrt(variance[2] + variance[3] - 2 * paired)
  lr <- sapply(fits, function(f) f$null.deviance - f$deviance)

  set.seed(20161111)
  counts <- lapply(1:5, function(i) tabulate(sample.int(n, n, replace = TRUE), n))
  optimism <- lapply(models, function(x) lapply(counts, function(w) {
    f <- fitted_to(x, y, w); eta <- drop(cbind(1, x) %*% f$coefficients); again <- rep(1:n, w)
    miss <- (plogis(eta) - y)^2; new <- coef(glm(y ~ eta, binomial, control = tight))
    # In a separated resample some log odds have grown until glm gave up.
    list(finite = max(abs(eta)) < 20,
         area = as.numeric(auc(curve_of(y[again], eta[again]))) - as.numeric(auc(curve_of(y, eta))),
         brier = mean(miss[again]) - mean(miss), slope = unname(new[2]), intercept = unname(new[1]))
  }))

  eta <- fits[[2]]$linear.predictors
  at <- unname(quantile(eta, c(0.1, 0.5, 0.9), type = 7))
  smooth <- glm(y ~ rcs(eta, at), family = binomial, control = tight)
  grid <- cbind(1, rcs(qlogis(c(0.2, 0.5, 0.8)), at))
  centre <- drop(grid %*% coef(smooth)); reach <- z95 * sqrt(diag(grid %*% vcov(smooth) %*% t(grid)))
  again <- coef(glm(y ~ eta, binomial, control = tight))
  list(n = n, independent = sum(y), is_curved = curved, knots = I(knots), columns = ncol(models[[2]]),
       volume_alone = plogis(qlogis(area[1]) + c(0, -1, 1) * z95 * se),
       areas = area[2:3], variances = variance, covariance = paired,
       difference = gain + c(0, -1, 1) * z95 * spread,
       likelihood_ratios = lr, added = lr[2] - lr[1],
       p = pchisq(lr[2] - lr[1], ncol(volume), lower.tail = FALSE), new_information = 1 - lr[1] / lr[2],
       brier = sapply(fits, function(f) mean((f$fitted.values - y)^2)),
       recalibration = unname(again), subjects = z$subject_id, counts = counts,
       optimism = list(baseline = optimism[[1]], full = optimism[[2]]),
       calibration = list(observed = plogis(centre), low = plogis(centre - reach),
                          high = plogis(centre + reach)),
       discordance = discordant)
}

discordance <- function(z) {
  z <- z[!is.na(z$v) & !is.na(z$mrs_90d), ]
  quarters <- function(x) unname(quantile(x, c(0.25, 0.5, 0.75), type = 7, na.rm = TRUE))
  side <- function(there, odd) list(
    n = sum(there), discordant = sum(there & odd),
    arms = lapply(list(control = 0, evt = 1), function(a)
      c(sum(there & odd & z$evt == a), sum(there & z$evt == a))),
    wilson = as.numeric(prop.test(sum(there & odd), sum(there), correct = FALSE)$conf.int),
    age_years = lapply(list(there & odd, there & !odd), function(i) quarters(z$age_years[i])),
    delta_nihss = lapply(list(there & odd, there & !odd), function(i) quarters(z$delta_nihss[i])))
  list(small = side(z$v <= 7, z$mrs_90d > 2), large = side(z$v >= 72, z$mrs_90d <= 2))
}

cat(toJSON(list(whole = answers(d), `sex=female` = answers(d[d$sex == "female", ]),
                `occlusion_site=M1` = answers(d[!is.na(d$occlusion_site) & d$occlusion_site == "M1", ])),
           digits = I(15), auto_unbox = TRUE), "\n")
