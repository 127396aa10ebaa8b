# Reference answers for analytics/kernels/weighted_sample.py.
# R 4.2.2, base R and jsonlite 1.8.4. Input: rank_tests_inputs.csv. From the project's root:
#   Rscript tests/oracle/tally.R > tests/oracle/tally.json
# Keys: quantile_<p> is type 7; median_ranks is the pair of ranks of the binomial interval of a
# median, null when the extremes do not reach 95 %; numbers carry 15 digits, all that jsonlite writes.
library(jsonlite)
d <- read.csv("tests/oracle/rank_tests_inputs.csv", stringsAsFactors = FALSE)
tail <- 0.025
ranks <- function(n) if (pbinom(0, n, 0.5) > tail) NULL else { k <- qbinom(tail, n, 0.5); c(k, n + 1 - k) }
describe <- function(v) {
  o <- list(n = length(v), mean = mean(v), sd = sd(v), min = min(v), max = max(v),
            geometric_mean_plus_one = exp(mean(log1p(v))),
            at_most_10 = mean(v <= 10), at_least_70 = mean(v >= 70))
  for (p in c(0, 0.1, 0.25, 0.5, 0.75, 0.9, 1))
    o[[paste0("quantile_", p)]] <- unname(quantile(v, p, type = 7))
  r <- ranks(length(v))
  if (!is.null(r)) o$median_interval <- sort(v)[r]
  o
}
out <- lapply(split(d, d$case), function(z) lapply(split(z$value, z$sample), describe))
sizes <- c(6, 7, 8, 9, 10, 11, 20, 50, 99, 100, 101, 315, 1000, 4999, 5000, 12345, 1e5, 1e6 + 1, 1e7)
out$median_ranks <- lapply(setNames(sizes, format(sizes, scientific = FALSE, trim = TRUE)), ranks)
cat(toJSON(out, auto_unbox = TRUE, digits = I(15), na = "null", null = "null", pretty = TRUE), "\n")
