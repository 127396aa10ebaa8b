# Frozen answers for tests/analytics/mediation/test_mediation.py.
#
# R 4.2.2 with mediation 4.5.1 (built from its published source), ordinal 2022.11-16, MASS, jsonlite.
# Run from the repository root; R_LIBS names the library that holds `mediation`:
#   Rscript tests/oracle/mediation.R > tests/oracle/mediation.json
suppressPackageStartupMessages({
  library(jsonlite)
  library(ordinal)
  library(mediation)
})

all_rows <- read.csv("data/synthetic/cohort.csv", stringsAsFactors = FALSE)
covariates <- c("age_years", "sex", "nihss_baseline", "aspects", "occlusion_site", "alteplase")
needed <- c("arm", "infarct_volume_ml", "mrs_90d", covariates)
rows <- all_rows[all_rows$infarct_volume_ml != "" & all_rows$mrs_90d != "", ]
rows <- rows[complete.cases(rows[needed]), ]
prepared <- function(d) {
  d$a <- as.numeric(d$arm == "evt")
  d$sex <- factor(d$sex, c("female", "male"))
  d$site <- factor(d$occlusion_site, c("ICA", "M1", "M2"))
  d$alteplase <- factor(d$alteplase, c("no", "yes"))
  d$m <- as.numeric(d$infarct_volume_ml)^(1 / 3)
  d$mrs <- as.numeric(d$mrs_90d)
  d$good <- as.numeric(d$mrs <= 2)
  d$ordered <- factor(d$mrs, ordered = TRUE)
  d
}
d <- prepared(rows)
baseline <- "age_years + sex + nihss_baseline + aspects + site + alteplase"
with_terms <- function(left, ...) as.formula(paste(left, "~", paste(c(..., baseline), collapse = " + ")))

# Gauss-Hermite nodes for a standard normal, by the eigenvalues of the Jacobi matrix.
hermite <- function(n) {
  i <- seq_len(n - 1)
  jacobi <- matrix(0, n, n)
  jacobi[cbind(i, i + 1)] <- sqrt(i)
  jacobi[cbind(i + 1, i)] <- sqrt(i)
  e <- eigen(jacobi, symmetric = TRUE)
  list(x = e$values, w = e$vectors[1, ]^2)
}
gh <- hermite(60)
worlds <- list(c(1, 1), c(1, 0), c(0, 1), c(0, 0))

volume <- lm(with_terms("m", "a"), d)
sigma <- summary(volume)$sigma
mean_volume <- function(arm) { e <- d; e$a <- arm; predict(volume, e) }

binary_worlds <- function(fit, inverse) sapply(worlds, function(w) {
  mu <- mean_volume(w[2])
  total <- 0
  for (q in seq_along(gh$x)) {
    e <- d
    e$a <- w[1]
    e$m <- mu + sigma * gh$x[q]
    total <- total + gh$w[q] * mean(inverse(predict(fit, e)))
  }
  total
})
ordinal_worlds <- function(product) {
  fit <- clm(if (product) with_terms("ordered", "a * m") else with_terms("ordered", "a", "m"),
             data = d, control = clm.control(gradTol = 1e-10))
  x <- function(e) {
    f <- if (product) with_terms("", "a * m") else with_terms("", "a", "m")
    model.matrix(f, e)[, names(fit$beta), drop = FALSE]
  }
  lapply(worlds, function(w) {
    mu <- mean_volume(w[2])
    upto <- 0
    for (q in seq_along(gh$x)) {
      e <- d
      e$a <- w[1]
      e$m <- mu + sigma * gh$x[q]
      eta <- as.vector(x(e) %*% fit$beta)
      upto <- upto + gh$w[q] * sapply(fit$alpha, function(t) mean(plogis(t - eta)))
    }
    diff(c(0, as.vector(upto), 1))
  })
}

logit <- glm(with_terms("good", "a", "m"), binomial, d, epsilon = 1e-14)
logit_product <- glm(with_terms("good", "a * m"), binomial, d, epsilon = 1e-14)
line <- lm(with_terms("mrs", "a", "m"), d)
line_product <- lm(with_terms("mrs", "a * m"), d)
probit <- glm(with_terms("good", "a", "m"), binomial("probit"), d, epsilon = 1e-14)

described <- function(fit) list(
  d0 = fit$d0, d1 = fit$d1, z0 = fit$z0, z1 = fit$z1, total = fit$tau.coef,
  d0_ci = unname(fit$d0.ci), d1_ci = unname(fit$d1.ci), z0_ci = unname(fit$z0.ci),
  z1_ci = unname(fit$z1.ci), total_ci = unname(fit$tau.ci),
  share0 = fit$n0, share1 = fit$n1,
  sd = list(d0 = sd(fit$d0.sims), d1 = sd(fit$d1.sims), z0 = sd(fit$z0.sims),
         z1 = sd(fit$z1.sims), total = sd(fit$tau.sims)))
sims <- 2000
mediated <- function(outcome, ...) {
  set.seed(20160311)
  described(mediate(volume, outcome, treat = "a", mediator = "m", sims = sims, ...))
}

# The steps of medsens for a linear mediator and a probit outcome, at the estimates instead of over
# draws. medsens 4.5.1 itself divides by 1 + |sigma gamma| where Imai, Keele and Yamamoto (2010) have
# the root of 1 + sigma^2 gamma^2, so that at rho = 0 it differs from mediate: 0.053 against 0.071.
rhos <- seq(-0.9, 0.9, 0.1)
pulled <- sigma * unname(coef(probit)["m"])
rho12 <- pulled / sqrt(1 + pulled^2)
others <- setdiff(names(coef(probit)), "m")
whole <- coef(probit)[others] * sqrt(1 - rho12^2) + coef(volume)[others] * rho12 / sigma
indirect <- sapply(rhos, function(rho) {
  gamma <- (-rho + rho12 * sqrt((1 - rho^2) / (1 - rho12^2))) / sigma
  step <- gamma * coef(volume)["a"] / sqrt(gamma^2 * sigma^2 + 2 * gamma * rho * sigma + 1)
  x <- model.matrix(probit)[, others]
  at <- function(arm) { x[, "a"] <- arm; as.vector(x %*% whole) }
  c(mean(pnorm(at(0) + step) - pnorm(at(0))), mean(pnorm(at(1)) - pnorm(at(1) - step)))
})

alone <- clm(with_terms("ordered", "a"), data = d)
given <- clm(with_terms("ordered", "a", "m"), data = d)

# Interventional effects: recanalization between arm and volume.
r <- prepared(rows[rows$recanalization %in% c("yes", "no"), ])
r$l <- as.numeric(r$recanalization == "yes")
fit_l <- glm(with_terms("l", "a"), binomial, r, epsilon = 1e-14)
fit_m <- lm(with_terms("m", "a", "l"), r)
fit_y <- glm(with_terms("good", "a", "l", "m"), binomial, r, epsilon = 1e-14)
sigma_r <- summary(fit_m)$sigma
chance <- function(arm) { e <- r; e$a <- arm; predict(fit_l, e, type = "response") }
interventional <- sapply(worlds, function(w) {
  own <- chance(w[1])
  other <- chance(w[2])
  total <- 0
  for (l in 0:1) for (k in 0:1) {
    e <- r
    e$a <- w[2]
    e$l <- k
    mu <- predict(fit_m, e)
    share <- (if (l) own else 1 - own) * (if (k) other else 1 - other)
    for (q in seq_along(gh$x)) {
      e <- r
      e$a <- w[1]
      e$l <- l
      e$m <- mu + sigma_r * gh$x[q]
      total <- total + gh$w[q] * mean(share * predict(fit_y, e, type = "response"))
    }
  }
  total
})

line_worlds <- function(fit) sapply(worlds, function(w) {
  e <- d
  e$a <- w[1]
  e$m <- mean_volume(w[2])
  mean(predict(fit, e))
})

cat(toJSON(list(
  made_with = list(R = as.character(getRversion()),
                   mediation = as.character(packageVersion("mediation")),
                   ordinal = as.character(packageVersion("ordinal"))),
  n = nrow(d),
  sigma = sigma,
  arm_on_volume = unname(coef(volume)["a"]),
  worlds = list(logit = binary_worlds(logit, plogis),
                logit_product = binary_worlds(logit_product, plogis),
                linear = line_worlds(line),
                linear_product = line_worlds(line_product),
                ordinal = ordinal_worlds(FALSE),
                ordinal_product = ordinal_worlds(TRUE)),
  mediate = list(
    sims = sims,
    logit_bootstrap = mediated(logit, boot = TRUE, boot.ci.type = "perc"),
    logit_bca = mediated(logit, boot = TRUE, boot.ci.type = "bca"),
    logit_quasi = mediated(logit),
    logit_product_quasi = mediated(logit_product),
    linear_bootstrap = mediated(line, boot = TRUE, boot.ci.type = "perc"),
    linear_quasi = mediated(line)),
  rho = list(at = rhos, d0 = indirect[1, ], d1 = indirect[2, ], vanishes = rho12,
             probit_worlds = binary_worlds(probit, pnorm)),
  published_way = list(without = unname(-alone$beta["a"]), with = unname(-given$beta["a"])),
  interventional = list(n = nrow(r), worlds = interventional)
), auto_unbox = TRUE, digits = I(14)))
