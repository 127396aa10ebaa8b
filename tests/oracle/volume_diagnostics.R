# Reference answers for analytics/predictors/diagnostics.py, analytics/predictors/partial_effects.py and
# analytics/predictors/quantile_process.py.
# R 4.2.2, base R, car 3.1-1, quantreg 5.94, sandwich 3.0-2 and jsonlite 1.8.4. Input: the embedded
# cohort. From the project's root:
#   Rscript tests/oracle/volume_diagnostics.R > tests/oracle/volume_diagnostics.json
# Cases: whole; sex=female. A variable that does not vary is left out, and a patient alone at a
# level of occlusion site.
# diagnostics: lm of the cube root of volume on the published variables: patients, fitted values,
# residuals, rstandard, hatvalues, cooks.distance, qqnorm of rstandard, lowess of the residuals and
# of the root of |rstandard| over fitted values, skewness by hand, car::vif, and Breusch and Pagan's
# test as n R squared of the squared residuals; log_interaction: car::vif by determinants of
# log(1 + volume) with arm x occlusion site, where car gives one factor for each term.
# partial: mean predictions in mL, cubed, at four ages and at each occlusion site, with standard
# errors by the delta method from vcovHC(type = "HC3").
# quantiles: rq of volume in mL without recanalization at nine taus, the arm's coefficient with
# summary(se = "nid") and the objective; mean: lm of the same with vcovHC(type = "HC3").
# Numbers carry 15 significant digits, all that jsonlite writes.
suppressPackageStartupMessages({library(jsonlite); library(sandwich); library(quantreg); library(car)})
options(contrasts = c("contr.treatment", "contr.poly"))
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$v <- d$infarct_volume_ml
d$recanalization[d$recanalization == "unknown"] <- NA
d$arm <- factor(d$arm, c("control", "evt")); d$sex <- factor(d$sex, c("female", "male"))
d$occlusion_site <- factor(d$occlusion_site, c("ICA", "M1", "M2"))
d$alteplase <- factor(d$alteplase, c("no", "yes"))
d$recanalization <- factor(d$recanalization, c("no", "yes"))
terms <- c("age_years", "sex", "nihss_baseline", "occlusion_site", "aspects", "alteplase",
           "onset_to_randomization_min", "arm", "recanalization")

complete <- function(z, names) {
  z <- z[complete.cases(z[, c("v", names)]), ]
  alone <- names(which(table(z$occlusion_site) == 1))
  droplevels(z[!z$occlusion_site %in% alone, ])
}
vary <- function(z, names) names[sapply(z[names], function(x) length(unique(x)) > 1)]
factors <- function(fit) {
  v <- vif(fit)
  if (is.null(dim(v))) v <- cbind(GVIF = v, Df = 1, v^0.5)
  lapply(setNames(rownames(v), rownames(v)), function(name) list(gvif = v[name, 1], df = v[name, 2]))
}

diagnostics <- function(z) {
  z <- complete(z, terms); z$y <- z$v^(1 / 3)
  fit <- lm(reformulate(vary(z, terms), "y"), z)
  r <- rstandard(fit); e <- residuals(fit); f <- fitted(fit)
  aux <- lm(reformulate(vary(z, terms), "e2"), transform(z, e2 = e^2))
  chi <- nrow(z) * summary(aux)$r.squared; df <- length(coef(aux)) - 1
  list(n = nrow(z), subjects = z$subject_id, fitted = unname(f), residuals = unname(e),
       standardised = unname(r), leverage = unname(hatvalues(fit)), cook = unname(cooks.distance(fit)),
       normal = unname(qqnorm(r, plot.it = FALSE)$x), trend = lowess(f, e), spread = lowess(f, sqrt(abs(r))),
       skewness = sqrt(nrow(z)) * sum((e - mean(e))^3) / sum((e - mean(e))^2)^1.5,
       vif = factors(fit), breusch_pagan = list(statistic = chi, df = df, p = pchisq(chi, df, lower.tail = FALSE)))
}

with_interaction <- function(z) {
  z <- complete(z, terms); z$y <- log1p(z$v)
  fit <- lm(reformulate(c(vary(z, terms), "arm:occlusion_site"), "y"), z)
  r <- cov2cor(vcov(fit)[-1, -1]); to <- attr(model.matrix(fit), "assign")[-1]
  labels <- attr(terms(fit), "term.labels")
  lapply(setNames(seq_along(labels), labels), function(i) list(
    gvif = det(r[to == i, to == i, drop = FALSE]) * det(r[to != i, to != i, drop = FALSE]) / det(r), df = sum(to == i)))
}

partial <- function(z) {
  z <- complete(z, terms); z$y <- z$v^(1 / 3)
  fit <- lm(reformulate(vary(z, terms), "y"), z); v <- vcovHC(fit, type = "HC3")
  at <- function(own) {
    x <- model.matrix(delete.response(terms(fit)), own, xlev = fit$xlevels); eta <- drop(x %*% coef(fit))
    g <- colMeans(3 * pmax(eta, 0)^2 * x)
    list(value = mean(pmax(eta, 0)^3), se = sqrt(drop(g %*% v %*% g)))
  }
  ages <- c(45, 60, 75, 90); sites <- levels(z$occlusion_site)
  list(df = df.residual(fit), age_years = lapply(setNames(ages, ages), function(a) at(transform(z, age_years = a))),
       occlusion_site = lapply(setNames(sites, sites), function(s) at(transform(z, occlusion_site = factor(s, sites)))))
}

quantiles <- function(z) {
  names <- setdiff(terms, "recanalization"); z <- complete(z, names); own <- reformulate(vary(z, names), "v")
  taus <- (1:9) / 10
  fit <- lm(own, z); v <- vcovHC(fit, type = "HC3")
  list(n = nrow(z), df = df.residual(fit), mean = list(value = coef(fit)[["armevt"]], se = sqrt(v["armevt", "armevt"])),
       taus = lapply(setNames(taus, taus), function(tau) {
         f <- suppressWarnings(rq(own, tau, z)); s <- suppressWarnings(summary(f, se = "nid")$coefficients)
         list(value = s["armevt", 1], se = s["armevt", 2], objective = f$rho)
       }))
}

cases <- list(whole = d, `sex=female` = d[d$sex == "female", ])
cat(toJSON(lapply(cases, function(z) c(list(diagnostics = diagnostics(z), partial = partial(z), quantiles = quantiles(z)),
                                       list(log_interaction = if (nlevels(complete(z, terms)$sex) > 1) with_interaction(z)))),
           digits = I(15), auto_unbox = TRUE, pretty = FALSE, null = "null"), "\n")
