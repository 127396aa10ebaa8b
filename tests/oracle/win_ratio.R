# Reference answers for analytics/win_ratio/comparison.py.
# R 4.2.2, base R and jsonlite 1.8.4. Input: the embedded cohort. From the root:
#   Rscript tests/oracle/win_ratio.R > tests/oracle/win_ratio.json
# Cases: whole; occlusion_site=ICA; sex=female. Each is asked every question below: an order of
# the components, and the margins of the mRS (points) and of infarct volume (mL).
# Every pair is compared, as a matrix of treated by control patients: 1 won, -1 lost, 0 open. A
# difference decides if it is not 0 and not below the margin; a missing value leaves the pair open.
# Variance of a two-sample U-statistic: var of the row means over the treated patients plus var of
# the column means over the controls, each with divisor n - 1.
# win_ratio: that of the matrix (won / share won - lost / share lost) on the log scale.
# net_benefit, win_odds: that of the matrix won - lost; the interval is that of atanh(net benefit),
# which is log(win odds) / 2.
suppressPackageStartupMessages(library(jsonlite))
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
z <- qnorm(0.975)

questions <- list(
  list(order = c("dead", "mrs", "volume"), mrs = 1, volume = 0),
  list(order = c("dead", "mrs", "volume"), mrs = 0, volume = 5),
  list(order = c("dead", "mrs", "volume"), mrs = 2, volume = 10),
  list(order = c("volume", "dead", "mrs"), mrs = 1, volume = 10),
  list(order = c("mrs", "volume", "dead"), mrs = 2, volume = 5),
  list(order = c("dead", "volume"), mrs = 1, volume = 5),
  list(order = "mrs", mrs = 1, volume = 0),
  list(order = "volume", mrs = 1, volume = 0)
)

variance <- function(h) var(rowMeans(h)) / nrow(h) + var(colMeans(h)) / ncol(h)

measures <- function(sign) {
  won <- (sign > 0) * 1; lost <- (sign < 0) * 1
  net <- mean(won) - mean(lost)
  ratio <- mean(won) / mean(lost)
  s <- sqrt(variance(won / mean(won) - lost / mean(lost)))
  odds <- (sum(won) + sum(sign == 0) / 2) / (sum(lost) + sum(sign == 0) / 2)
  t <- sqrt(variance(won - lost)) / (1 - net^2)
  list(wins = sum(won), losses = sum(lost),
       win_ratio = ratio * exp(c(0, -z, z) * s),
       net_benefit = c(net, tanh(atanh(net) + c(-z, z) * t)),
       win_odds = odds * exp(c(0, -z, z) * 2 * t))
}

compare <- function(d, question) {
  value <- list(dead = as.numeric(d$mrs_90d == 6), mrs = d$mrs_90d, volume = d$infarct_volume_ml)
  margin <- c(dead = 0, mrs = question$mrs, volume = question$volume)
  known <- Reduce(`|`, lapply(question$order, function(name) !is.na(value[[name]])))
  treated <- known & d$arm == "evt"; control <- known & d$arm == "control"
  total <- matrix(0, sum(treated), sum(control))
  open <- total == 0
  components <- list()
  for (name in question$order) {
    # Positive where the control's value is the higher, that is the worse, one.
    difference <- outer(value[[name]][treated], value[[name]][control], function(a, b) b - a)
    missing <- is.na(difference)
    difference[missing] <- 0
    decides <- open & difference != 0 & abs(difference) >= margin[[name]]
    sign <- ifelse(decides, sign(difference), 0)
    components[[name]] <- c(list(pairs = sum(open), incomplete = sum(open & missing)),
                            measures(sign))
    total <- total + sign
    open <- open & !decides
  }
  c(question, list(n = c(sum(treated), sum(control)), ties = sum(open), components = components,
                   total = measures(total)))
}

cases <- list(whole = d, `occlusion_site=ICA` = d[d$occlusion_site == "ICA", ],
              `sex=female` = d[d$sex == "female", ])
answers <- lapply(cases, function(case) lapply(questions, function(q) compare(case, q)))
cat(toJSON(answers, digits = I(15), auto_unbox = TRUE, pretty = TRUE), "\n")
