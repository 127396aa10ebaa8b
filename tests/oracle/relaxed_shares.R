# Reference answers for analytics/odds/relaxed_odds.py. R and package versions stand in the output.
# Input: the embedded cohort. From the project's root:
#   Rscript tests/oracle/relaxed_shares.R > tests/oracle/relaxed_shares.json
# Cases: arm alone; adjusted, the arm relaxed among six baseline variables; two, arm and age relaxed
# beside NIHSS; site, patients with an ICA or M1 occlusion, the site relaxed. Continuous columns are
# centred and scaled (divisor n - 1) on the rows used, since clm stops early on badly scaled ones;
# coefficients and standard errors go back to one unit of the column. For each: the observed shares of
# each arm; those that clm predicts for all rows as if they were in the arm, averaged, without and
# with nominal =; the nominal coefficients and their standard errors as log odds of a worse score at
# each cut-point, and the common coefficient; the likelihood ratio between the two.
suppressPackageStartupMessages({ library(jsonlite); library(ordinal) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$evt <- as.numeric(d$arm == "evt"); d$woman <- as.numeric(d$sex == "female")
d$m1 <- as.numeric(d$occlusion_site == "M1"); d$m2 <- as.numeric(d$occlusion_site == "M2")
d$lysis <- as.numeric(d$alteplase == "yes")
continuous <- c("age_years", "nihss_baseline", "aspects")
strict <- clm.control(gradTol = 1e-9, maxIter = 500L, maxLineIter = 100L)

compared <- function(z, terms, relaxed) {
  z <- z[complete.cases(z[, c("mrs_90d", terms)]), ]
  unit <- sapply(terms, function(name) if (name %in% continuous) sd(z[[name]]) else 1)
  for (name in intersect(terms, continuous)) z[[name]] <- as.numeric(scale(z[[name]]))
  z$y <- factor(z$mrs_90d, ordered = TRUE); k <- nlevels(z$y)
  shared <- setdiff(terms, relaxed)
  plain <- if (length(shared)) reformulate(shared, "y") else y ~ 1
  common <- eval(bquote(clm(.(reformulate(terms, "y")), data = z, control = strict)))
  own <- suppressWarnings(eval(bquote(clm(.(plain), nominal = .(reformulate(relaxed)), data = z,
                                          control = strict))))
  of_common <- function(x) {
    at <- drop(as.matrix(x[, terms, drop = FALSE]) %*% common$beta)
    below <- cbind(0, sapply(common$alpha, function(a) plogis(a - at)), 1)
    colMeans(below[, -1] - below[, -(k + 1)])
  }
  of_own <- function(x) {
    at <- if (length(shared)) drop(as.matrix(x[, shared, drop = FALSE]) %*% own$beta) else 0
    a <- own$alpha.mat
    below <- cbind(0, sapply(seq_len(k - 1), function(j) plogis(
      a["(Intercept)", j] + drop(as.matrix(x[, relaxed, drop = FALSE]) %*% a[relaxed, j]) - at)), 1)
    colMeans(below[, -1] - below[, -(k + 1)])
  }
  arms <- lapply(c(1, 0), function(value) {
    x <- z; x$evt <- value
    list(observed = as.numeric(table(z$y[z$evt == value])) / sum(z$evt == value),
         common = unname(of_common(x)), relaxed = unname(of_own(x)))
  })
  errors <- sqrt(diag(vcov(own)))
  list(n = nrow(z), gradient = max(abs(own$gradient)), levels = as.integer(levels(z$y)), arms = arms,
       likelihood_ratio = 2 * as.numeric(logLik(own) - logLik(common)),
       relaxed = lapply(setNames(relaxed, relaxed), function(name) list(
         coefficients = -unname(own$alpha.mat[name, ]) / unit[[name]],
         standard_errors = unname(errors[paste0(colnames(own$alpha.mat), ".", name)]) / unit[[name]],
         common = unname(common$beta[name]) / unit[[name]])))
}

adjusted <- c("evt", "age_years", "woman", "nihss_baseline", "aspects", "m1", "m2", "lysis")
cat(toJSON(list(
  versions = list(R = R.version.string, ordinal = as.character(packageVersion("ordinal")),
                  jsonlite = as.character(packageVersion("jsonlite"))),
  cases = list(
    arm = compared(d, "evt", "evt"),
    adjusted = compared(d, adjusted, "evt"),
    two = compared(d, c("evt", "age_years", "nihss_baseline"), c("evt", "age_years")),
    site = compared(d[d$occlusion_site %in% c("ICA", "M1"), ], c("evt", "m1"), "m1")
  )), digits = I(15), auto_unbox = TRUE, pretty = TRUE, null = "null", na = "null"))
