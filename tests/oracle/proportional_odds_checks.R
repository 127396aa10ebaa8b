# Reference answers for analytics/kernels/profile_likelihood.py, logistic.py, cut_points.py and
# partial_proportional_odds.py. R and package versions stand in the output. Input: the embedded
# cohort, and a small table of ties. From the project's root:
#   Rscript tests/oracle/proportional_odds_checks.R > tests/oracle/proportional_odds_checks.json
# Continuous columns are centred and scaled (divisor n - 1) on the rows used, in R and in the test:
# clm stops early, and nominal_test returns empty rows, on badly scaled ones. Cases: arm; adjusted;
# women; old, from 70 years on; weighted, row i counting 1 + i mod 3 times; absent, patients with
# mRS 0, 3 and 6 alone; site, with a level so rare that a cut-point is separated; ties, a table of
# counts. For each: estimates of clm and profile intervals from 40 steps a side; at each cut-point
# glm's coefficients and standard errors, or null where glm runs away; Brant's test over the cut-points
# that have them (numbered in cuts); nominal_test; all terms nominal at once against none, where clm
# settles;
# clm with the first term nominal and its probabilities of the first three rows.
# Brant's test is written by hand from Biometrics 1990;46:1171-1178, because brant 0.3-0 fills block
# (m, j) of the covariance with block (j, m) untransposed.
suppressPackageStartupMessages({ library(jsonlite); library(ordinal) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$evt <- as.numeric(d$arm == "evt"); d$woman <- as.numeric(d$sex == "female")
d$ica <- as.numeric(d$occlusion_site == "ICA"); d$m2 <- as.numeric(d$occlusion_site == "M2")
d$lysis <- as.numeric(d$alteplase == "yes"); d$times <- 1 + seq_len(nrow(d)) %% 3
continuous <- c("age_years", "nihss_baseline", "aspects")
tight <- clm.control(gradTol = 1e-10, maxIter = 500L, maxLineIter = 100L)
runaway <- 8

brant <- function(x, y, w) {
  cuts <- max(y) - 1; p <- ncol(x); X <- cbind(1, x)
  fits <- lapply(seq_len(cuts), function(j) suppressWarnings(glm.fit(X, as.numeric(y > j),
    weights = w, family = binomial(), control = glm.control(epsilon = 1e-14, maxit = 100))))
  separated <- vapply(fits, function(f) max(abs(f$coefficients[-1])) > runaway, TRUE)
  shares <- lapply(fits, function(f) f$fitted.values)
  inverse <- lapply(shares, function(q) tryCatch(solve(crossprod(X, X * (w * q * (1 - q)))),
                                                 error = function(e) NULL))
  at <- lapply(seq_len(cuts), function(j) if (separated[j]) NULL else list(
    coefficients = I(unname(fits[[j]]$coefficients[-1])),
    standard_errors = I(unname(sqrt(diag(inverse[[j]]))[-1]))))
  known <- which(!separated)
  if (length(known) < 2) return(list(cuts = at))
  fits <- fits[known]; shares <- shares[known]; inverse <- inverse[known]; cuts <- length(known)
  V <- matrix(0, cuts * p, cuts * p)
  for (j in seq_len(cuts)) for (m in j:cuts) {
    both <- w * (shares[[m]] - shares[[j]] * shares[[m]])
    block <- (inverse[[j]] %*% crossprod(X, X * both) %*% inverse[[m]])[-1, -1, drop = FALSE]
    V[(j - 1) * p + 1:p, (m - 1) * p + 1:p] <- block
    V[(m - 1) * p + 1:p, (j - 1) * p + 1:p] <- t(block)
  }
  beta <- unlist(lapply(fits, function(f) f$coefficients[-1]))
  D <- matrix(0, (cuts - 1) * p, cuts * p)
  for (j in seq_len(cuts - 1)) {
    D[(j - 1) * p + 1:p, 1:p] <- diag(p); D[(j - 1) * p + 1:p, j * p + 1:p] <- -diag(p)
  }
  delta <- drop(D %*% beta); S <- D %*% V %*% t(D)
  test <- function(i) {
    x2 <- drop(delta[i] %*% solve(S[i, i], delta[i]))
    list(statistic = x2, df = length(i), p = pchisq(x2, length(i), lower.tail = FALSE),
         cuts = I(known))
  }
  list(cuts = at, covariance = V, omnibus = test(seq_along(delta)),
       each = lapply(seq_len(p), function(k) test((0:(cuts - 2)) * p + k)))
}

checked <- function(z, terms, weights = rep(1, nrow(z)), y = "mrs_90d") {
  force(weights)
  complete <- complete.cases(z[, c(y, terms)])
  z <- z[complete, ]; z$w <- weights[complete]
  for (name in intersect(terms, continuous)) z[[name]] <- as.numeric(scale(z[[name]]))
  z$y <- factor(z[[y]], ordered = TRUE)
  assign("Z", z, globalenv())
  model <- reformulate(terms, "y"); environment(model) <- globalenv()
  fit <- eval(bquote(clm(.(model), data = Z, weights = w, control = tight)))
  default <- eval(bquote(clm(.(model), data = Z, weights = w)))
  ci <- suppressWarnings(tryCatch(confint(profile(fit, nsteps = 40, max.steps = 200)),
                                  error = function(e) NULL))
  nominal <- suppressWarnings(nominal_test(default))[-1, ]
  relaxed <- suppressWarnings(eval(bquote(clm(
    .(if (length(terms) > 1) reformulate(terms[-1], "y") else y ~ 1), data = Z, weights = w,
    nominal = .(reformulate(terms[1])), control = clm.control(gradTol = 1e-8, maxIter = 500L)))))
  every <- suppressWarnings(eval(bquote(clm(y ~ 1, data = Z, weights = w,
    nominal = .(reformulate(terms)), control = clm.control(gradTol = 1e-8, maxIter = 500L)))))
  has_every <- max(abs(every$gradient)) < 1e-6 && max(abs(every$alpha)) < runaway
  together <- if (!has_every) NULL else 2 * as.numeric(logLik(every) - logLik(fit))
  x <- as.matrix(z[, terms, drop = FALSE])
  k <- nlevels(z$y); alpha <- relaxed$alpha
  theta <- unname(alpha[1:(k - 1)]); gamma <- -unname(alpha[k:(2 * (k - 1))])
  few <- head(x, 3)
  shared <- if (length(terms) > 1) drop(few[, -1, drop = FALSE] %*% relaxed$beta) else rep(0, nrow(few))
  below <- t(sapply(seq_len(nrow(few)), function(i) c(0, plogis(theta - shared[i] - few[i, 1] * gamma), 1)))
  c(list(terms = I(terms), n = sum(z$w), log_likelihood = as.numeric(logLik(fit)),
         coefficients = I(unname(fit$beta)),
         profile = if (is.null(ci)) NULL else unname(ci),
         brant = brant(x, as.integer(z$y), z$w),
         nominal = lapply(seq_len(nrow(nominal)), function(i) list(
           statistic = nominal$LRT[i], df = nominal$Df[i], p = nominal$`Pr(>Chi)`[i])),
         all_nominal = together,
         relaxed = list(log_likelihood = as.numeric(logLik(relaxed)), gradient = max(abs(relaxed$gradient)),
                        thresholds = I(theta), own = I(gamma), shared = I(as.numeric(relaxed$beta)),
                        probabilities = t(apply(below, 1, diff)))))
}

adjusted <- c("evt", "age_years", "woman", "nihss_baseline", "aspects", "lysis")
ties <- data.frame(x = c(0, 0, 0, 1, 1, 1, 2, 2, 2), mrs_90d = c(0, 2, 5, 0, 2, 5, 0, 2, 5),
                   n = c(6, 3, 1, 4, 4, 3, 1, 3, 7))
cat(toJSON(list(
  versions = list(R = R.version.string, ordinal = as.character(packageVersion("ordinal")),
                  jsonlite = as.character(packageVersion("jsonlite"))),
  cases = list(
    arm = checked(d, "evt"),
    adjusted = checked(d, adjusted),
    women = checked(d[d$sex == "female", ], c("evt", "age_years", "nihss_baseline")),
    old = checked(d[d$age_years >= 70, ], c("evt", "nihss_baseline")),
    weighted = checked(d, adjusted, d$times),
    absent = checked(d[d$mrs_90d %in% c(0, 3, 6), ], c("evt", "age_years")),
    site = checked(d, c("evt", "ica", "m2")),
    ties = checked(ties, "x", ties$n)
  )), digits = I(15), auto_unbox = TRUE, pretty = TRUE, null = "null", na = "null"))
