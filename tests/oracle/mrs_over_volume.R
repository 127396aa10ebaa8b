# Reference answers for analytics/outcomes/over_volume.py.
# R 4.2.2, base R, ordinal 2022.11-16 and jsonlite 1.8.4. Input: the embedded cohort. From the
# project's root:
#   Rscript tests/oracle/mrs_over_volume.R > tests/oracle/mrs_over_volume.json
# Cases: whole; occlusion_site=M1. clm of the mRS on arm, a spline of the cube root of volume with
# four knots (quantiles type 7 at 5, 35, 65 and 95%, Harrell's basis by hand), age, sex, NIHSS,
# ASPECTS, occlusion site and alteplase. At 1, 10, 60 and 120 mL in either arm: the mean over the
# patients of P(mRS 0-2) and of the expected mRS, with limits by the delta method (gradients by
# hand), those of the share on the logit scale. bends: likelihood ratio without the two bends.
suppressPackageStartupMessages({ library(jsonlite); library(ordinal) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$arm <- as.numeric(d$arm == "evt"); d$sex <- as.numeric(d$sex == "male")
d$alteplase <- ifelse(is.na(d$alteplase), NA, as.numeric(d$alteplase == "yes"))
d$m1 <- as.numeric(d$occlusion_site == "M1"); d$m2 <- as.numeric(d$occlusion_site == "M2")
z975 <- qnorm(0.975); tight <- clm.control(gradTol = 1e-10, maxIter = 200L, maxLineIter = 50L)

basis <- function(x, k) {
  f <- function(t) pmax(x - t, 0)^3; n <- length(k)
  cbind(x, sapply(seq_len(n - 2), function(j) (f(k[j]) - f(k[n - 1]) * (k[n] - k[j]) / (k[n] - k[n - 1]) +
    f(k[n]) * (k[n - 1] - k[j]) / (k[n] - k[n - 1])) / (k[n] - k[1])^2))
}

answer <- function(z, covariates) {
  z <- z[complete.cases(z[, c("mrs_90d", "infarct_volume_ml", "arm", covariates)]), ]
  root <- z$infarct_volume_ml^(1 / 3); k <- quantile(root, c(0.05, 0.35, 0.65, 0.95), type = 7)
  x <- cbind(arm = z$arm, basis(root, k), as.matrix(z[, covariates]))
  colnames(x)[2:4] <- c("s0", "s1", "s2"); centre <- colMeans(x); size <- apply(x, 2, sd)
  scaled <- function(m) sweep(sweep(m, 2, centre), 2, size, "/")
  y <- factor(z$mrs_90d, ordered = TRUE); data <- data.frame(scaled(x), y = y)
  fit <- clm(y ~ ., data = data, control = tight)
  less <- clm(y ~ . - s1 - s2, data = data, control = tight)
  cuts <- length(fit$alpha); b <- coef(fit)[-seq_len(cuts)]; v <- vcov(fit)
  scores <- as.numeric(levels(y)); place <- sum(scores <= 2)
  at <- function(volume, arm) {
    own <- x; own[, "arm"] <- arm
    own[, 2:4] <- matrix(basis(rep(volume, 2)^(1 / 3), k)[1, ], nrow(x), 3, byrow = TRUE)
    own <- scaled(own); below <- plogis(outer(-drop(own %*% b), fit$alpha, "+")); s <- below * (1 - below)
    gradient <- function(weight) c(colMeans(s) * weight, -colMeans(drop(s %*% weight) * own))
    one <- replace(rep(0, cuts), place, 1); p <- mean(below[, place]); g <- gradient(one)
    reach <- z975 * sqrt(drop(g %*% v %*% g)) / (p * (1 - p))
    gaps <- -diff(scores); mean_score <- scores[cuts + 1] + sum(colMeans(below) * gaps); h <- gradient(gaps)
    width <- z975 * sqrt(drop(h %*% v %*% h))
    list(share = list(volume = volume, value = p, low = plogis(qlogis(p) - reach), high = plogis(qlogis(p) + reach)),
         mean = list(volume = volume, value = mean_score, low = mean_score - width, high = mean_score + width))
  }
  volumes <- c(1, 10, 60, 120)
  side <- function(which, arm) lapply(volumes, function(volume) at(volume, arm)[[which]])
  list(n = nrow(z),
       bends = 2 * as.numeric(logLik(fit) - logLik(less)),
       independent = list(evt = side("share", 1), control = side("share", 0)),
       mean = list(evt = side("mean", 1), control = side("mean", 0)))
}
covariates <- c("age_years", "sex", "nihss_baseline", "aspects", "m1", "m2", "alteplase")
m1 <- d[d$occlusion_site == "M1", ]
cat(toJSON(list(whole = answer(d, covariates),
                `occlusion_site=M1` = answer(m1, setdiff(covariates, c("m1", "m2")))),
           digits = I(15), auto_unbox = TRUE, pretty = TRUE), "\n")
