# Times of R's own fits on the files that benchmarks/models.py writes.
# Usage: Rscript benchmarks/models.R FOLDER; prints JSON: for every file the median ms of each.
suppressMessages({library(ordinal); library(MASS); library(boot); library(quantreg); library(jsonlite)})

median_ms <- function(rounds, run) {
  times <- replicate(rounds, {
    started <- proc.time()[["elapsed"]]
    run()
    1000 * (proc.time()[["elapsed"]] - started)
  })
  median(times)
}

# proc.time ticks in ms: short fits are repeated within one round.
often <- function(times, run) function() for (i in seq_len(times)) run()

sizes <- c(315, 10000, 1000000)
answer <- list()
for (n in sizes) {
  data <- read.csv(file.path(commandArgs(TRUE)[1], paste0("data_", format(n, scientific = FALSE), ".csv")))
  data$mrs <- factor(data$mrs, ordered = TRUE)
  terms <- paste(grep("^x", names(data), value = TRUE), collapse = " + ")
  model <- as.formula(paste("mrs ~", terms))
  repeated <- if (n == 315) 10 else 1
  rounds <- if (n == 315) 9 else if (n == 10000) 3 else 1
  found <- list()
  found$clm <- median_ms(rounds, often(repeated, function() clm(model, data = data))) / repeated
  # rq's simplex is for small samples; its interior-point method is the one for large ones.
  method <- if (n == 315) "br" else "fn"
  median_model <- as.formula(paste("volume^(1/3) ~", terms))
  found$rq <- median_ms(if (n == 1000000) 1 else rounds, often(repeated, function() suppressWarnings(
    summary(rq(median_model, 0.5, data = data, method = method), se = "nid")))) / repeated
  if (n <= 10000) {
    found$polr <-
      median_ms(rounds, often(repeated, function() polr(model, data = data, Hess = TRUE))) /
      repeated
    treated <- data$volume[data$arm == 1]
    control <- data$volume[data$arm == 0]
    found$wilcox <- median_ms(rounds, often(repeated, function()
      wilcox.test(treated, control, conf.int = TRUE, exact = FALSE))) / repeated
    difference <- function(d, i) {
      drawn <- d[i, ]
      median(drawn$volume[drawn$arm == 1]) - median(drawn$volume[drawn$arm == 0])
    }
    found$boot <- median_ms(min(rounds, 3), function()
      boot(data, difference, R = 1000, strata = data$arm))
  }
  answer[[format(n, scientific = FALSE)]] <- found
}
versions <- sapply(c("ordinal", "MASS", "boot", "quantreg"), function(p) as.character(packageVersion(p)))
cat(toJSON(list(r = R.version.string, versions = as.list(versions), ms = answer),
           auto_unbox = TRUE, digits = 6))
