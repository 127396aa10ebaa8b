# Reference answers for analytics/subgroups/forest.py and curve.py.
# R 4.2.2, ordinal 2022.11-16, sandwich 3.0-2 and jsonlite 1.8.4. Input: the embedded cohort. From
# the project's root:
#   Rscript tests/oracle/subgroups.R > tests/oracle/subgroups.json
# Effects by arm, evt against control, in all patients and in every level of eight baseline
# variables: common odds ratio for a better mRS (clm, Wald), risk difference of mRS 0-2 in points
# (Newcombe, by hand), shift of infarct volume in mL (median of all differences) and ratio of
# 1 + volume (lm, HC3, Student's t). Tests of interaction by anova of nested clm, glm and lm fits,
# adjusted by p.adjust. Curves: arm x natural spline (knot at the median, boundary knots at the 10 and 90% quantiles) of age.
suppressPackageStartupMessages({ library(jsonlite); library(ordinal); library(sandwich); library(splines) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$evt <- as.numeric(d$arm == "evt")
d$age_group <- cut(d$age_years, c(-Inf, 50, 60, 70, 80, Inf), c("lt50", "50to59", "60to69", "70to79", "ge80"), right = FALSE)
d$nihss_group <- cut(d$nihss_baseline, c(-Inf, 10, 15, 20, Inf), c("le10", "11to15", "16to20", "ge21"))
d$aspects_group <- cut(d$aspects, c(-Inf, 5, 8, Inf), c("0to5", "6to8", "9to10"))
d$time_group <- cut(d$onset_to_randomization_min, c(-Inf, 330, Inf), c("le330", "gt330"))
modifiers <- c("sex", "occlusion_site", "laterality", "alteplase", "age_group", "nihss_group", "aspects_group", "time_group")
planned <- setdiff(modifiers, "laterality")
z975 <- qnorm(0.975); tight <- clm.control(gradTol = 1e-10, maxIter = 200L, maxLineIter = 50L)
scores <- function(z) factor(z$mrs_90d, ordered = TRUE)

wilson <- function(x, n) {
  p <- x / n; half <- z975 * sqrt(p * (1 - p) / n + z975^2 / (4 * n^2))
  (p + z975^2 / (2 * n) + c(-half, half)) / (1 + z975^2 / n)
}
effects <- function(z) {
  m <- z[!is.na(z$mrs_90d), ]; v <- z[!is.na(z$infarct_volume_ml), ]
  fit <- clm(scores(m) ~ evt, data = m, control = tight)
  b <- -coef(fit)[["evt"]]; s <- sqrt(vcov(fit)["evt", "evt"])
  x1 <- sum(m$mrs_90d <= 2 & m$evt == 1); n1 <- sum(m$evt == 1); x0 <- sum(m$mrs_90d <= 2 & m$evt == 0); n0 <- sum(m$evt == 0)
  w1 <- wilson(x1, n1); w0 <- wilson(x0, n0); p1 <- x1 / n1; p0 <- x0 / n0
  line <- lm(log1p(infarct_volume_ml) ~ evt, data = v)
  e <- coef(line)[["evt"]]; h <- sqrt(vcovHC(line, type = "HC3")["evt", "evt"]) * qt(0.975, line$df.residual)
  list(treated_n = n1, treated_events = x1, control_n = n0, control_events = x0,
       treated_median = median(v$infarct_volume_ml[v$evt == 1]), control_median = median(v$infarct_volume_ml[v$evt == 0]),
       odds = exp(b + z975 * s * c(0, -1, 1)),
       risk = 100 * c(p1 - p0, p1 - p0 - sqrt((p1 - w1[1])^2 + (w0[2] - p0)^2), p1 - p0 + sqrt((w1[2] - p1)^2 + (p0 - w0[1])^2)),
       shift = median(outer(v$infarct_volume_ml[v$evt == 1], v$infarct_volume_ml[v$evt == 0], "-")),
       ratio = exp(c(e, e - h, e + h)))
}
levels_of <- function(name) {
  codes <- sort(unique(as.character(na.omit(d[[name]]))))
  setNames(lapply(codes, function(code) effects(d[which(d[[name]] == code), ])), codes)
}
chi <- function(one, other) {
  statistic <- 2 * as.numeric(logLik(one) - logLik(other)); q <- attr(logLik(one), "df") - attr(logLik(other), "df")
  list(statistic = statistic, df = q, p = pchisq(statistic, q, lower.tail = FALSE))
}
tests_of <- function(names) {
  terms <- paste(names, collapse = " + "); products <- paste(sprintf("evt:%s", names), collapse = " + ")
  z <- d[complete.cases(d[, names, drop = FALSE]), ]
  for (name in names) z[[name]] <- factor(as.character(z[[name]]))
  m <- z[!is.na(z$mrs_90d), ]; m$y <- scores(m); m$good <- as.numeric(m$mrs_90d <= 2)
  v <- z[!is.na(z$infarct_volume_ml), ]; v$root <- v$infarct_volume_ml^(1 / 3); v$log <- log1p(v$infarct_volume_ml)
  make <- function(y, more) as.formula(sprintf("%s ~ evt + %s%s", y, terms, if (more) paste(" +", products) else ""))
  odds <- anova(clm(make("y", FALSE), data = m, control = tight), clm(make("y", TRUE), data = m, control = tight))
  g <- glm.control(epsilon = 1e-14, maxit = 100)
  risk <- anova(glm(make("good", FALSE), binomial, m, control = g), glm(make("good", TRUE), binomial, m, control = g), test = "Chisq")
  f <- function(y) {
    found <- anova(lm(make(y, FALSE), v), lm(make(y, TRUE), v))
    list(statistic = found$F[2], df = found$Df[2], residual_df = found$Res.Df[2], p = found[["Pr(>F)"]][2])
  }
  list(odds = list(statistic = odds$LR.stat[2], df = odds$df[2], p = odds[["Pr(>Chisq)"]][2]),
       risk = list(statistic = risk$Deviance[2], df = risk$Df[2], p = risk[["Pr(>Chi)"]][2]),
       shift = f("root"), ratio = f("log"))
}
curve_of <- function(z, places) {
  knots <- function(x) quantile(x, c(0.1, 0.5, 0.9), type = 7)
  basis <- function(x, k) ns(x, knots = k[2], Boundary.knots = k[c(1, 3)])
  m <- z[complete.cases(z[, c("mrs_90d", "age_years")]), ]; k <- knots(m$age_years)
  s <- basis(m$age_years, k); m$y <- scores(m); m$s1 <- s[, 1]; m$s2 <- s[, 2]
  fit <- clm(y ~ evt * (s1 + s2), data = m, control = tight)
  at <- cbind(1, basis(places, k)); use <- c("evt", "evt:s1", "evt:s2")
  b <- -drop(at %*% coef(fit)[use]); e <- sqrt(rowSums((at %*% vcov(fit)[use, use]) * at))
  less <- clm(y ~ evt + s1 + s2, data = m, control = tight)
  v <- z[complete.cases(z[, c("infarct_volume_ml", "age_years")]), ]; k <- knots(v$age_years)
  s <- basis(v$age_years, k); v$s1 <- s[, 1]; v$s2 <- s[, 2]; v$root <- v$infarct_volume_ml^(1 / 3)
  line <- lm(root ~ evt * (s1 + s2), data = v); new <- basis(places, k)
  mean_root <- function(arm) predict(line, data.frame(evt = arm, s1 = new[, 1], s2 = new[, 2]))
  only <- coef(lm(root ~ evt, data = v))
  list(odds = exp(b), odds_low = exp(b - z975 * e), odds_high = exp(b + z975 * e), test = chi(fit, less),
       shift = unname(mean_root(1)^3 - mean_root(0)^3), shift_overall = unname(sum(only)^3 - only[1]^3),
       shift_test = anova(lm(root ~ evt + s1 + s2, data = v), line)$F[2])
}
whole <- effects(d); groups <- setNames(lapply(modifiers, levels_of), modifiers)
tests <- setNames(lapply(modifiers, tests_of), modifiers)
p <- sapply(tests, function(t) t$odds$p)
cat(toJSON(list(
  whole = whole, groups = groups, tests = tests, together = tests_of(modifiers),
  holm_planned = as.list(p.adjust(p[planned], "holm")), hochberg_planned = as.list(p.adjust(p[planned], "BH")),
  holm_all = as.list(p.adjust(p, "holm")), hochberg_all = as.list(p.adjust(p, "BH")),
  places = c(45, 60, 72, 85), curve = curve_of(d, c(45, 60, 72, 85))), digits = I(15), auto_unbox = TRUE, pretty = TRUE), "\n")
