# Reference answers for analytics/volumes/summary.py and analytics/volumes/comparison.py.
# R 4.2.2, base R, coin 1.4-2 and jsonlite 1.8.4. Input: the embedded cohort. From the project's root:
#   Rscript tests/oracle/volumes.R > tests/oracle/volumes.json
# summaries: "<arm>|<occlusion_site>|<recanalization>", "all" standing for every level, and
# "age_ge80"; quantiles of type 7, geometric = exp(mean(log1p)), median_interval the order
# statistics of ranks k and n + 1 - k with k = qbinom(.025, n, .5), null below 6 volumes.
# two_groups: wilcox.test(first, second, conf.int = TRUE); difference in medians; van Elteren by
# hand and by coin (z, p). within: the arms by van Elteren within other strata, by hand and by coin,
# with the patients in strata of both arms. several_groups: kruskal.test. Numbers carry 15 significant digits, all
# that jsonlite writes.
suppressPackageStartupMessages({ library(jsonlite); library(coin) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
d$vol <- d$infarct_volume_ml
known <- function(x) sum(!is.na(x))

describe <- function(z) {
  v <- sort(z$vol); n <- length(v)
  o <- list(n = n, missing = nrow(z) - n)
  if (n == 0) return(o)
  k <- qbinom(0.025, n, 0.5)
  c(o, list(
    quantiles = unname(quantile(v, c(0, 0.25, 0.5, 0.75, 1), type = 7)),
    mean = mean(v), sd = if (n > 1) sd(v), geometric = exp(mean(log1p(v))),
    share_small = mean(v <= 7), share_large = mean(v >= 72),
    median_interval = if (n >= 6) c(v[k], v[n + 1 - k])))
}

van_elteren <- function(z) {
  total <- 0; variance <- 0; used <- 0
  for (s in split(z, z$stratum)) {
    m <- sum(s$first); N <- nrow(s)
    if (m == 0 || m == N) next
    r <- rank(s$vol); w <- 1 / (N + 1); used <- used + 1
    total <- total + w * (sum(r[s$first]) - m * (N + 1) / 2)
    variance <- variance + w^2 * m * (N - m) / N * var(r)
  }
  z_value <- total / sqrt(variance)
  list(z = z_value, p = 2 * pnorm(-abs(z_value)), strata = used)
}

by_coin <- function(z) {
  z$group <- factor(z$first, levels = c(TRUE, FALSE)); z$block <- factor(z$stratum)
  test <- independence_test(vol ~ group | block, data = z, ytrafo = function(data)
    trafo(data, numeric_trafo = function(y) rank(y) / (length(y) + 1), block = z$block))
  list(z = unname(as.numeric(statistic(test))), p = as.numeric(pvalue(test)))
}

compare <- function(z, by, first, second, stratify = TRUE) {
  z <- z[!is.na(z$vol) & z[[by]] %in% c(first, second), ]
  x <- z$vol[z[[by]] == first]; y <- z$vol[z[[by]] == second]
  # A tie makes the exact test impossible, which R says in a warning on every call.
  t <- suppressWarnings(wilcox.test(x, y, conf.int = TRUE))
  o <- list(n = c(length(x), length(y)), W = unname(t$statistic), p = t$p.value,
            estimate = unname(t$estimate), median_of_differences = median(outer(x, y, "-")), limits = as.numeric(t$conf.int), method = t$method,
            median_difference = median(x) - median(y))
  if (stratify) {
    z$stratum <- z$occlusion_site; z$first <- z[[by]] == first
    z <- z[!is.na(z$stratum), ]
    o$van_elteren <- van_elteren(z)
    o$coin <- by_coin(z)
  }
  o
}

within <- function(by, z = d) {
  z <- z[!is.na(z$vol) & !is.na(z[[by]]), ]
  z$stratum <- z[[by]]; z$first <- z$arm == "evt"
  both <- ave(z$first, z$stratum) %% 1 != 0
  list(van_elteren = van_elteren(z), coin = by_coin(z), n = sum(both))
}

several <- function(by) {
  t <- kruskal.test(d$vol, factor(d[[by]]))
  list(n = known(d$vol[!is.na(d[[by]])]), H = unname(t$statistic), df = unname(t$parameter),
       p = t$p.value)
}

is_level <- function(x, level) if (level == "all") rep(TRUE, length(x)) else !is.na(x) & x == level
summaries <- list()
for (a in c("all", "control", "evt"))
  for (s in c("all", "ICA", "M1", "M2", "missing"))
    for (r in c("all", "yes", "no", "unknown", "missing")) {
      site <- ifelse(is.na(d$occlusion_site), "missing", d$occlusion_site)
      recanalization <- ifelse(is.na(d$recanalization), "missing", d$recanalization)
      z <- d[is_level(d$arm, a) & is_level(site, s) & is_level(recanalization, r), ]
      if (nrow(z)) summaries[[paste(a, s, r, sep = "|")]] <- describe(z)
    }
old <- d[!is.na(d$age_years) & d$age_years >= 80, ]
summaries$age_ge80 <- describe(old)

arms <- function(z, ...) compare(z, "arm", "evt", "control", ...)
two_groups <- list(whole = arms(d), age_ge80 = arms(old),
                   by_recanalization = compare(d, "recanalization", "yes", "no"))
for (s in c("ICA", "M1", "M2"))
  two_groups[[paste0("occlusion_site=", s)]] <- arms(d[is_level(d$occlusion_site, s), ], FALSE)
for (r in c("yes", "no"))
  two_groups[[paste0("recanalization=", r)]] <- arms(d[is_level(d$recanalization, r), ])

stratifiers <- c("sex", "alteplase", "laterality")
out <- list(summaries = summaries, two_groups = two_groups,
            within = sapply(stratifiers, within, simplify = FALSE),
            several_groups = list(occlusion_site = several("occlusion_site"),
                                  mrs_90d = several("mrs_90d")))
cat(toJSON(out, auto_unbox = TRUE, digits = I(15), na = "null", null = "null", pretty = TRUE), "\n")
