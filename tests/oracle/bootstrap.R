# Reference answers for analytics/kernels/bootstrap_of_medians.py.
# R 4.2.2, boot 1.3-28.1 and jsonlite 1.8.4. Input: rank_tests_inputs.csv. From the project's root
# (about a minute):
#   Rscript tests/oracle/bootstrap.R > tests/oracle/bootstrap.json
# Keys: estimate = difference of medians; low, high = percentile interval of 95 % from as many
# stratified replicates as `replicates` says. Numbers carry 15 digits, all that jsonlite writes.
suppressPackageStartupMessages({ library(jsonlite); library(boot) })
d <- read.csv("tests/oracle/rank_tests_inputs.csv", stringsAsFactors = FALSE)
replicates <- 40000
difference <- function(z, rows) {
  v <- z$value[rows]; s <- z$sample[rows]
  median(v[s == "x"]) - median(v[s == "y"])
}
answers <- function(z) {
  set.seed(20160309)
  b <- boot(z, difference, R = replicates, strata = factor(z$sample))
  limits <- boot.ci(b, type = "perc")$percent[4:5]
  list(estimate = b$t0, low = limits[1], high = limits[2])
}
cases <- c("trial", "trial_ties_zeros", "whole_ml", "few_with_ties", "unequal", "three", "four_and_three", "five", "eight")
out <- lapply(split(d, d$case)[cases], answers)
out$replicates <- replicates
cat(toJSON(out, auto_unbox = TRUE, digits = I(15), pretty = TRUE), "\n")
