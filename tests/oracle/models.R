# Reference answers for analytics/predictors/model.py, analytics/outcomes/model.py and the estimators that
# they share (volume_estimators.py, quantile_regression.py, logistic.py, firth.py, splines.py).
# R 4.2.2, base R, car 3.1-1, ordinal 2022.11-16, quantreg 5.94, sandwich 3.0-2, brglm2 0.9 and
# jsonlite 1.8.4. Input: the embedded cohort. From the project's root:
#   Rscript tests/oracle/models.R > tests/oracle/models.json
# Cases: whole; sex=female; recanalization=no. A variable that does not vary is left out, and a
# patient alone at a level of occlusion site.
# volume: coefficients, standard errors and term tests of the cube root of volume, log(1 + volume)
# and volume in mL by lm with vcovHC(type = "HC3"), with car::Anova(white.adjust = "hc3"); rq with
# summary(se = "nid") at tau 0.25, 0.5 and 0.75; glm with quasi(link = log, variance = mu^2), which
# is Gamma(log) where no volume is 0; clm on the ranks of the volumes. arm_ml: the arm's mean
# difference in mL of each, predictions and gradients by hand (cube, exp(x) - 1, exp(x), sum of
# levels times probabilities). curved: the cube root on a spline of age with four knots, Harrell's
# basis by hand, test of its bends. interaction: arm x occlusion site, F test.
# mrs: clm of mRS on volume / 10, delta NIHSS, laterality, age and arm: coefficients, standard
# errors, likelihood-ratio p, mean difference in P(mRS 0-2) for 10 mL and for the arm with its
# standard error; glm(binomial) of mRS 0-2: the same; brglm2 (AS_mean): coefficients.
# Numbers carry 15 significant digits, all that jsonlite writes.
suppressPackageStartupMessages({
  library(jsonlite); library(ordinal); library(sandwich); library(quantreg); library(brglm2)
})
options(contrasts = c("contr.treatment", "contr.poly"))
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$v <- d$infarct_volume_ml
d$recanalization[d$recanalization == "unknown"] <- NA
d$delta <- d$nihss_baseline - d$nihss_24h
d$arm <- factor(d$arm, c("control", "evt")); d$sex <- factor(d$sex, c("female", "male"))
d$occlusion_site <- factor(d$occlusion_site, c("ICA", "M1", "M2"))
d$alteplase <- factor(d$alteplase, c("no", "yes"))
d$recanalization <- factor(d$recanalization, c("no", "yes"))
d$laterality <- factor(d$laterality, c("left", "right"))
terms <- c("age_years", "sex", "nihss_baseline", "occlusion_site", "aspects", "alteplase",
           "onset_to_randomization_min", "arm", "recanalization")
tight <- clm.control(gradTol = 1e-10, maxIter = 200L, maxLineIter = 50L)

complete <- function(z, names) {
  z <- z[complete.cases(z[, names]), ]
  alone <- names(which(table(z$occlusion_site) == 1))
  droplevels(z[!z$occlusion_site %in% alone, ])
}
vary <- function(z, names) names[sapply(z[names], function(x) length(unique(x)) > 1)]

delta <- function(value, gradient, v) list(value = value, se = sqrt(drop(gradient %*% v %*% gradient)))

arm_ml <- function(x, w, b, v, back, slope) {
  at <- which(colnames(x) == "armevt")
  if (!length(at)) return(NULL)
  one <- x; one[, at] <- 1; other <- x; other[, at] <- 0
  e1 <- drop(one %*% b); e0 <- drop(other %*% b)
  delta(mean(back(e1) - back(e0)), colMeans(slope(e1) * one - slope(e0) * other), v)
}
scales <- list(
  cube_root = list(of = function(v) v^(1 / 3), back = function(e) pmax(e, 0)^3,
                   slope = function(e) 3 * pmax(e, 0)^2),
  log = list(of = log1p, back = function(e) expm1(pmax(e, 0)),
             slope = function(e) ifelse(e > 0, exp(e), 0)),
  ml = list(of = identity, back = identity, slope = function(e) rep(1, length(e))))

described <- function(b, v, extra = list()) c(list(coefficients = as.list(b), se = as.list(sqrt(diag(v)))), extra)

basis <- function(x, k) {
  f <- function(t) pmax(x - t, 0)^3; n <- length(k)
  cbind(x, sapply(seq_len(n - 2), function(j) (f(k[j]) - f(k[n - 1]) * (k[n] - k[j]) / (k[n] - k[n - 1]) +
    f(k[n]) * (k[n - 1] - k[j]) / (k[n] - k[n - 1])) / (k[n] - k[1])^2))
}
wald_f <- function(fit, at) {
  b <- coef(fit)[at]; v <- vcovHC(fit, type = "HC3")[at, at]
  f <- drop(t(b) %*% solve(v, b)) / length(at)
  list(f = f, p = pf(f, length(at), df.residual(fit), lower.tail = FALSE))
}

volume <- function(z) {
  z <- complete(z, c("v", terms)); used <- vary(z, terms)
  out <- list(n = nrow(z), terms = used)
  for (name in names(scales)) {
    s <- scales[[name]]; z$y <- s$of(z$v); fit <- lm(reformulate(used, "y"), z)
    v <- vcovHC(fit, type = "HC3"); tests <- car::Anova(fit, type = 2, white.adjust = "hc3")
    out[[name]] <- described(coef(fit), v, list(
      p = as.list(setNames(tests[used, "Pr(>F)"], used)),
      arm_ml = arm_ml(model.matrix(fit), 1, coef(fit), v, s$back, s$slope)))
  }
  z$y <- scales$cube_root$of(z$v)
  out$quantile <- lapply(c(`0.25` = 0.25, `0.5` = 0.5, `0.75` = 0.75), function(tau) {
    fit <- suppressWarnings(rq(reformulate(used, "y"), tau, z))
    v <- suppressWarnings(summary(fit, se = "nid", covariance = TRUE)$cov)
    dimnames(v) <- list(names(coef(fit)), names(coef(fit)))
    s <- scales$cube_root; x <- model.matrix(reformulate(used), z)
    described(coef(fit), v, list(objective = fit$rho, arm_ml = arm_ml(x, 1, coef(fit), v, s$back, s$slope)))
  })
  fit <- glm(reformulate(used, "v"), quasi(link = "log", variance = "mu^2"), z,
             mustart = pmax(z$v, 1), control = glm.control(1e-14, 200))
  out$gamma <- described(coef(fit), vcov(fit), list(
    arm_ml = arm_ml(model.matrix(fit), 1, coef(fit), vcov(fit), exp, exp)))
  ranks <- match(z$v, sort(unique(z$v)))
  x <- model.matrix(reformulate(used), z)[, -1]; centre <- colMeans(x); size <- apply(x, 2, sd)
  xs <- scale(x, centre, size)
  fit <- clm(factor(ranks, ordered = TRUE) ~ xs, control = tight)
  b <- coef(fit)[-seq_along(fit$alpha)] / size; v <- vcov(fit)
  alpha <- fit$alpha; k <- length(alpha)
  out$ordinal <- list(coefficients = as.list(setNames(b, colnames(x))),
                      se = as.list(setNames(sqrt(diag(v))[-seq_len(k)] / size, colnames(x))))
  at <- which(colnames(x) == "armevt")
  if (length(at)) {
    levels <- sort(unique(z$v)); gaps <- diff(levels); bs <- coef(fit)[-seq_len(k)]
    side <- function(value) {
      own <- x; own[, at] <- value; own <- scale(own, centre, size)
      below <- plogis(outer(-drop(own %*% bs), alpha, "+")); slope <- below * (1 - below)
      list(value = mean(levels[length(levels)] - below %*% gaps),
           gradient = c(-colMeans(slope) * gaps, colMeans(drop(slope %*% gaps) * own)))
    }
    a <- side(1); o <- side(0)
    out$ordinal$arm_ml <- delta(a$value - o$value, a$gradient - o$gradient, v)
  }
  knots <- quantile(z$age_years, c(0.05, 0.35, 0.65, 0.95), type = 7); s <- basis(z$age_years, knots)
  curve <- c("line", "bend1", "bend2"); z[curve] <- as.data.frame(s)
  fit <- lm(reformulate(c(setdiff(used, "age_years"), curve), "y"), z)
  out$curved <- list(knots = unname(knots), bends = wald_f(fit, match(curve[-1], names(coef(fit)))),
                     coefficients = unname(coef(fit)[curve]))
  if ("arm" %in% used && nlevels(z$occlusion_site) > 1) {
    fit <- lm(reformulate(c(used, "arm:occlusion_site"), "y"), z)
    at <- grep(":", names(coef(fit)))
    if (!anyNA(coef(fit)[at])) out$interaction <- c(wald_f(fit, at), list(coefficients = unname(coef(fit)[at])))
  }
  out
}

mrs <- function(z) {
  names <- c("v", "delta", "laterality", "age_years", "arm")
  z <- z[complete.cases(z[, c("mrs_90d", names)]), ]; used <- vary(z, names)
  x <- model.matrix(reformulate(used), z)[, -1]; centre <- colMeans(x); size <- apply(x, 2, sd)
  xs <- as.data.frame(scale(x, centre, size)); y <- factor(z$mrs_90d, ordered = TRUE)
  fit <- clm(y ~ ., data = cbind(xs, y = y), control = tight)
  k <- length(fit$alpha); b <- coef(fit)[-seq_len(k)]; v <- vcov(fit)
  p <- sapply(colnames(xs), function(name) {
    less <- clm(y ~ ., data = cbind(xs[setdiff(colnames(xs), name)], y = y), control = tight)
    pchisq(2 * as.numeric(logLik(fit) - logLik(less)), 1, lower.tail = FALSE)
  })
  place <- sum(as.numeric(levels(y)) <= 2)
  share <- function(own) {
    own <- as.matrix(scale(own, centre, size)); q <- plogis(fit$alpha[place] - drop(own %*% b)); s <- q * (1 - q)
    gradient <- c(replace(rep(0, k), place, mean(s)), -colMeans(s * own))
    list(value = mean(q), gradient = gradient)
  }
  differ <- function(one, other) {
    a <- share(one); o <- share(other); delta(a$value - o$value, a$gradient - o$gradient, v)
  }
  more <- x; more[, "v"] <- more[, "v"] + 10
  good <- as.numeric(z$mrs_90d <= 2)
  g <- glm(good ~ ., binomial, cbind(xs, good = good), control = glm.control(1e-14, 100))
  f <- glm(good ~ ., binomial, cbind(xs, good = good), method = "brglmFit", type = "AS_mean",
           control = list(epsilon = 1e-12, maxit = 500))
  list(n = nrow(z), coefficients = as.list(b / size),
       se = as.list(sqrt(diag(v))[-seq_len(k)] / size), p = as.list(p), ten_ml = differ(more, x),
       logistic = list(coefficients = as.list(coef(g)[-1] / size),
                       se = as.list(sqrt(diag(vcov(g)))[-1] / size),
                       p = as.list(sapply(colnames(xs), function(name) anova(update(g, paste(". ~ . -", name)), g, test = "LRT")[2, "Pr(>Chi)"]))),
       firth = list(coefficients = as.list(coef(f)[-1] / size)))
}

cases <- list(whole = d, `sex=female` = d[d$sex == "female", ],
              `recanalization=no` = d[!is.na(d$recanalization) & d$recanalization == "no", ])
cat(toJSON(lapply(cases, function(z) list(volume = volume(z), mrs = mrs(z))), digits = I(15),
           auto_unbox = TRUE, pretty = TRUE, null = "null"), "\n")
