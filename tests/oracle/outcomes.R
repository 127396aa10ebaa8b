# Reference answers for analytics/outcomes/comparison.py, analytics/predictors/model.py, analytics/outcomes/model.py
# and the tests of analytics/overview/claim_measures.py.
# R 4.2.2, base R, ordinal 2022.11-16, sandwich 3.0-2 and jsonlite 1.8.4. Input: the embedded
# cohort. From the project's root:
#   Rscript tests/oracle/outcomes.R > tests/oracle/outcomes.json
# Cases: whole; occlusion_site=ICA; sex=female.
# shares: prop.test(correct = FALSE), which is Wilson's interval. difference: Newcombe's method 10
# from those intervals. ratio: exp(log(p1 / p0) -+ z sqrt(1/x1 - 1/n1 + 1/x0 - 1/n0)).
# odds: exp of minus the arm's coefficient of clm, with Wald limits; alone, with the cube root of
# infarct volume, and with the trial's baseline variables.
# volume_model: lm of the cube root of infarct volume; Wald F and its p with vcovHC(type = "HC3"),
# coefficients with t limits. mrs_model: likelihood-ratio p of each term of clm.
# independence: chisq.test(correct = FALSE) of mRS 3-6 among volumes of 7 mL or less.
# Numbers carry 15 significant digits, all that jsonlite writes.
suppressPackageStartupMessages({ library(jsonlite); library(ordinal); library(sandwich) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$arm <- relevel(factor(d$arm), "control")
d$cube <- sign(d$infarct_volume_ml) * abs(d$infarct_volume_ml)^(1 / 3)
d$delta <- d$nihss_baseline - d$nihss_24h
d$recan <- ifelse(d$recanalization == "unknown", NA, d$recanalization)
z <- qnorm(0.975)
tight <- clm.control(gradTol = 1e-10, maxIter = 200L, maxLineIter = 50L)

wilson <- function(x, n) c(x / n, prop.test(x, n, correct = FALSE)$conf.int)

two_shares <- function(x1, n1, x0, n0) {
  one <- wilson(x1, n1); other <- wilson(x0, n0); delta <- one[1] - other[1]
  error <- sqrt(1 / x1 - 1 / n1 + 1 / x0 - 1 / n0)
  list(treatment = one, reference = other,
       difference = c(delta,
                      delta - sqrt((one[1] - one[2])^2 + (other[3] - other[1])^2),
                      delta + sqrt((one[3] - one[1])^2 + (other[1] - other[2])^2)),
       ratio = one[1] / other[1] * exp(c(0, -z, z) * error))
}

shares <- function(z, test) {
  m <- z[!is.na(z$mrs_90d), ]
  evt <- m$arm == "evt"
  two_shares(sum(test(m$mrs_90d[evt])), sum(evt), sum(test(m$mrs_90d[!evt])), sum(!evt))
}

odds <- function(z, terms) {
  z <- z[complete.cases(z[, c("mrs_90d", terms)]), ]
  z$y <- factor(z$mrs_90d, ordered = TRUE)
  numbers <- terms[sapply(z[terms], is.numeric)]
  # The arm stays as it is; the others are scaled, which leaves its coefficient alone.
  for (name in numbers) z[[name]] <- as.numeric(scale(z[[name]]))
  fit <- clm(reformulate(terms, "y"), data = z, control = tight)
  b <- coef(fit)["armevt"]; s <- sqrt(diag(vcov(fit)))["armevt"]
  unname(exp(-b + c(0, -z_, z_) * s))
}
z_ <- z

volume_model <- function(z) {
  terms <- c("age_years", "sex", "nihss_baseline", "occlusion_site", "aspects", "alteplase",
             "onset_to_randomization_min", "arm", "recan")
  z <- z[complete.cases(z[, c("cube", terms)]), ]
  terms <- terms[sapply(z[terms], function(x) length(unique(x)) > 1)]
  fit <- lm(reformulate(terms, "cube"), data = z)
  v <- vcovHC(fit, type = "HC3"); b <- coef(fit); places <- attr(model.matrix(fit), "assign")
  tests <- lapply(seq_along(terms), function(i) {
    at <- which(places == i)
    f <- drop(t(b[at]) %*% solve(v[at, at], b[at])) / length(at)
    p <- pf(f, length(at), df.residual(fit), lower.tail = FALSE)
    t <- qt(0.975, df.residual(fit)); s <- sqrt(diag(v))[at]
    list(f = f, df = length(at), p = p,
         coefficients = unname(b[at]), low = unname(b[at] - t * s), high = unname(b[at] + t * s),
         names = names(b)[at])
  })
  names(tests) <- sub("recan", "recanalization", terms)
  list(n = nrow(z), r_squared = summary(fit)$r.squared, terms = tests)
}

mrs_model <- function(z) {
  terms <- c("infarct_volume_ml", "delta", "laterality")
  z <- z[complete.cases(z[, c("mrs_90d", terms)]), ]
  z$y <- factor(z$mrs_90d, ordered = TRUE)
  z$infarct_volume_ml <- as.numeric(scale(z$infarct_volume_ml)); z$delta <- as.numeric(scale(z$delta))
  fit <- clm(reformulate(terms, "y"), data = z, control = tight)
  p <- sapply(terms, function(name) {
    less <- clm(reformulate(setdiff(terms, name), "y"), data = z, control = tight)
    pchisq(2 * (as.numeric(logLik(fit)) - as.numeric(logLik(less))), 1, lower.tail = FALSE)
  })
  list(n = nrow(z), p = as.list(setNames(p, c("infarct_volume_ml", "delta_nihss", "laterality"))))
}

independence <- function(z, name) {
  s <- z[!is.na(z$infarct_volume_ml) & z$infarct_volume_ml <= 7 & !is.na(z$mrs_90d), ]
  suppressWarnings(chisq.test(table(s[[name]], s$mrs_90d > 2), correct = FALSE)$p.value)
}

answer <- function(z, models) {
  o <- list(independent = shares(z, function(x) x <= 2), dead = shares(z, function(x) x == 6),
            odds = odds(z, "arm"), odds_given_volume = odds(z, c("arm", "cube")))
  if (!models) return(o)
  adjusted <- c("arm", "age_years", "sex", "nihss_baseline", "aspects", "occlusion_site",
                "alteplase")
  c(o, list(odds_adjusted = odds(z, adjusted), volume_model = volume_model(z),
            mrs_model = mrs_model(z),
            independence = list(laterality = independence(z, "laterality"),
                                imaging_modality = independence(z, "imaging_modality"))))
}

cat(toJSON(list(
  "whole" = answer(d, TRUE),
  "occlusion_site=ICA" = answer(d[d$occlusion_site == "ICA", ], FALSE),
  "sex=female" = answer(d[d$sex == "female", ], FALSE)
), digits = I(15), auto_unbox = TRUE, pretty = TRUE))
