# Reference answers for analytics/kernels/quantiles/regression.py.
# R 4.2.2, quantreg 5.94, jsonlite 1.8.4. Input: the embedded cohort. From the project's root:
#   Rscript tests/oracle/quantiles.R > tests/oracle/quantiles.json
# rq(method = "br") with summary(se = "nid"), whose bandwidth fits are by the same exact method.
# cube_root and ml: volume on the variables of the published model, complete cases without a
# patient alone at a level of occlusion site. ties: volume to 10 mL on two-level variables.
# repeated: volume in mL, each patient counted 0 to 3 times, as rq on the rows written out.
# weighted: the coefficients of rq(weights =) on the same, for the coefficients alone: its standard
# errors take weights as known precisions. warned: whether rq said that its solution may be
# nonunique, which it also does where rows tie and the solution is unique.
# bandwidth: bandwidth.rq, halved as summary.rq does it.
suppressPackageStartupMessages({library(jsonlite); library(quantreg)})
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$recanalization[d$recanalization == "unknown"] <- NA
terms <- c("age_years", "sex", "nihss_baseline", "occlusion_site", "aspects", "alteplase",
           "onset_to_randomization_min", "arm", "recanalization")
d <- d[complete.cases(d[, c("infarct_volume_ml", terms)]), ]
d <- d[!d$occlusion_site %in% names(which(table(d$occlusion_site) == 1)), ]
x <- model.matrix(reformulate(terms), d)[, -1]
few <- cbind(female = d$sex == "female", evt = d$arm == "evt", ica = d$occlusion_site == "ICA") + 0
v <- d$infarct_volume_ml
w <- (7 * seq_along(v)) %% 4
taus <- c(0.1, 0.25, 0.5, 0.75, 0.9)

fits <- function(x, y) lapply(setNames(taus, taus), function(tau) {
  warned <- FALSE
  fit <- withCallingHandlers(rq(y ~ x, tau, method = "br"), warning = function(e) {
    if (grepl("nonunique", conditionMessage(e))) warned <<- TRUE
    invokeRestart("muffleWarning")
  })
  se <- tryCatch(suppressWarnings(sqrt(diag(summary(fit, se = "nid", covariance = TRUE)$cov))),
                 error = function(e) NULL)
  list(coefficients = unname(coef(fit)), se = unname(se), objective = fit$rho,
       warned = warned)
})
bandwidth <- function(tau, n) {
  h <- bandwidth.rq(tau, n)
  while (tau - h < 0 || tau + h > 1) h <- h / 2
  c(tau, n, h)
}
out <- list(
  bandwidth = list(bandwidth(0.005, 40), bandwidth(0.01, 293), bandwidth(0.5, 293),
                   bandwidth(0.99, 293), bandwidth(0.9, 1e6)),
  taus = taus, design = unname(x), few = unname(few), volume = v, weights = w,
  cube_root = fits(x, v^(1 / 3)), ml = fits(x, v), ties = fits(few, round(v, -1)),
  repeated = fits(x[rep(seq_along(w), w), ], rep(v, w)),
  weighted = lapply(setNames(taus, taus), function(tau) {
    fit <- suppressWarnings(rq(v ~ x, tau, weights = w, subset = w > 0, method = "br"))
    list(coefficients = unname(coef(fit)))
  }))
cat(toJSON(out, digits = I(15), auto_unbox = TRUE, null = "null"), "\n")
