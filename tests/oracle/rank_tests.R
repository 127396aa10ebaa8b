# Reference answers for analytics/kernels/rank_tests.py.
# R 4.2.2, base R, coin 1.4-2 and jsonlite 1.8.4. Input: rank_tests_inputs.csv. From the project's
# root:
#   Rscript tests/oracle/rank_tests.R > tests/oracle/rank_tests.json
# Keys: rank_sum = wilcox.test as called without options; shift = its estimate and interval, found
# with tol.root 1e-10 so that R's root lies on the step; shift_default = with R's own 1e-4;
# pairs = median of all differences; superiority and its DeLong standard error by hand, from the
# matrix of all pairs; kruskal_sites and kruskal_samples = kruskal.test by site and by sample;
# van_elteren = coin::independence_test with ranks / (stratum size + 1), without the site that
# lacks sample y. Numbers carry 15 digits, all that jsonlite writes.
suppressPackageStartupMessages({ library(jsonlite); library(coin) })
d <- read.csv("tests/oracle/rank_tests_inputs.csv", stringsAsFactors = FALSE)
quiet <- suppressWarnings
interval <- function(x, y, tol) {
  w <- tryCatch(quiet(wilcox.test(x, y, conf.int = TRUE, tol.root = tol)), error = function(e) NULL)
  if (is.null(w)) return(NULL)
  list(estimate = unname(w$estimate), low = w$conf.int[1], high = w$conf.int[2],
       reached_level = attr(w$conf.int, "conf.level"))
}
kruskal <- function(values, groups) {
  k <- quiet(kruskal.test(values, factor(groups)))
  list(statistic = unname(k$statistic), degrees_of_freedom = unname(k$parameter), p_value = k$p.value)
}
superiority <- function(x, y) {
  s <- outer(x, y, function(a, b) (a < b) + (a == b) / 2)
  o <- list(value = mean(s))
  if (min(dim(s)) > 1) o$standard_error <- sqrt(var(rowMeans(s)) / length(x) + var(colMeans(s)) / length(y))
  o
}
van_elteren <- function(z) {
  z <- z[z$site != "M2", ]
  z$site <- factor(z$site); z$sample <- factor(z$sample)
  by_rank <- function(data) trafo(data, numeric_trafo = function(v) rank(v) / (length(v) + 1), block = z$site)
  it <- tryCatch(independence_test(value ~ sample | site, data = z, ytrafo = by_rank), error = function(e) NULL)
  if (is.null(it)) return(NULL)
  list(z = unname(statistic(it)), p_value = unname(as.numeric(pvalue(it))), n = nrow(z))
}
answers <- function(z) {
  x <- z$value[z$sample == "x"]; y <- z$value[z$sample == "y"]
  w <- quiet(wilcox.test(x, y))
  o <- list(
    rank_sum = list(statistic = unname(w$statistic), p_value = w$p.value, exact = !grepl("continuity", w$method)),
    shift = interval(x, y, 1e-10), shift_default = interval(x, y, 1e-4),
    pairs = median(outer(x, y, "-")), superiority = superiority(x, y),
    kruskal_samples = kruskal(z$value, z$sample))
  if (length(unique(paste(z$site, z$sample))) == 5) {
    o$kruskal_sites <- kruskal(z$value, z$site)
    o$van_elteren <- van_elteren(z)
  }
  o
}
out <- lapply(split(d, d$case), answers)
cat(toJSON(out, auto_unbox = TRUE, digits = I(15), na = "null", null = "null", pretty = TRUE), "\n")
