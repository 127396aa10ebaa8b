# Reference answers for analytics/overview/baseline.py and analytics/kernels/standardised_difference.py.
# R 4.2.2, base R and jsonlite 1.8.4. Input: the embedded cohort. From the project's root:
#   Rscript tests/oracle/baseline.R > tests/oracle/baseline.json
# Cases: whole; occlusion_site=ICA; with_gaps, which has values and arms removed and an ordinal
# variable of four levels (one of them in one arm only) by the row numbers below, as
# tests/analytics/overview/test_baseline.py does too.
# For evt, control and all: N recorded and missing, then quantile type 7, mean and sd, or counts.
# smd: (m1 - m0) / sqrt((s1^2 + s0^2) / 2); for levels the root of d' S^-1 d without the last level,
# solved by solve(); binary, for two levels, is the closed form. Numbers carry 15 significant
# digits, all that jsonlite writes.
suppressPackageStartupMessages(library(jsonlite))
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
continuous <- c("age_years", "nihss_baseline", "aspects", "onset_to_randomization_min")
categorical <- c("sex", "occlusion_site", "laterality", "alteplase")

describe <- function(x) {
  v <- x[!is.na(x)]
  list(n = length(v), missing = sum(is.na(x)),
       quantiles = unname(quantile(v, c(0.25, 0.5, 0.75), type = 7)), mean = mean(v), sd = sd(v))
}
tabulate_levels <- function(x, levels) {
  t <- table(factor(x, levels = levels))
  list(n = sum(t), missing = sum(is.na(x)), counts = as.list(t))
}
mean_difference <- function(x, y) {
  x <- x[!is.na(x)]; y <- y[!is.na(y)]
  (mean(x) - mean(y)) / sqrt((var(x) + var(y)) / 2)
}
shares <- function(x, levels) as.numeric(prop.table(table(factor(x, levels = levels))))
covariance <- function(p) { s <- -outer(p, p); diag(s) <- p * (1 - p); s }
distance <- function(x, y) {
  levels <- sort(unique(c(x, y))); k <- length(levels)
  p <- shares(x, levels)[-k]; q <- shares(y, levels)[-k]
  sqrt(as.numeric(t(p - q) %*% solve((covariance(p) + covariance(q)) / 2) %*% (p - q)))
}
binary <- function(x, y) {
  levels <- sort(unique(c(x, y)))
  if (length(levels) != 2) return(NULL)
  p <- shares(x, levels)[1]; q <- shares(y, levels)[1]
  abs(p - q) / sqrt((p * (1 - p) + q * (1 - q)) / 2)
}

baseline <- function(z, categorical) {
  is_evt <- z$arm %in% "evt"; is_control <- z$arm %in% "control"
  groups <- function(x, f) list(treatment = f(x[is_evt]), reference = f(x[is_control]), all = f(x))
  answers <- list()
  for (name in continuous) {
    x <- z[[name]]
    answers[[name]] <- c(groups(x, describe), smd = mean_difference(x[is_evt], x[is_control]))
  }
  for (name in categorical) {
    x <- as.character(z[[name]]); levels <- sort(unique(x))
    answers[[name]] <- c(groups(x, function(v) tabulate_levels(v, levels)),
                         smd = distance(x[is_evt], x[is_control]),
                         binary = binary(x[is_evt], x[is_control]))
  }
  answers
}

gaps <- d; row <- seq_len(nrow(d))
gaps$arm[row %% 37 == 0] <- NA
gaps$age_years[row %% 7 == 0] <- NA
gaps$onset_to_randomization_min[row %% 5 == 1] <- NA
gaps$occlusion_site[row %% 11 == 0] <- NA
gaps$sex[row %% 2 == 0] <- NA
gaps$premorbid_mrs <- (row * row) %% 7 %% 3
gaps$premorbid_mrs[gaps$arm %in% "evt" & row %% 19 == 0] <- 3
gaps$premorbid_mrs[row %% 13 == 0] <- NA

out <- list(whole = baseline(d, categorical),
            "occlusion_site=ICA" = baseline(d[d$occlusion_site == "ICA", ], setdiff(categorical, "occlusion_site")),
            with_gaps = baseline(gaps, c(categorical, "premorbid_mrs")))
cat(toJSON(out, auto_unbox = TRUE, digits = I(15), na = "null", null = "null", pretty = TRUE), "\n")
