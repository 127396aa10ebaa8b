# Reference answers for analytics/outcomes/comparison.py (mRS 0-1, odds ratios), analytics/outcomes/tables.py
# (numbers needed to treat) and analytics/outcomes/shift.py.
# R 4.2.2, base R, pROC 1.18.0 and jsonlite 1.8.4. Input: the embedded cohort. From the root:
#   Rscript tests/oracle/mrs.R > tests/oracle/mrs.json
# Cases: whole; occlusion_site=ICA; sex=female.
# excellent: prop.test(correct = FALSE) of mRS 0-1 in each arm. odds: exp of the log odds ratio of
# the two by two table -+ z sqrt(sum of reciprocals). nnt: 1 / (difference, Newcombe's limits) of
# mRS 0-2. win: pROC::auc of a better mRS with pROC::var, DeLong's, limits on the logit scale.
# mean: t.test, which is Welch's. counts: table of the scores.
suppressPackageStartupMessages({ library(jsonlite); library(pROC) })
d <- read.csv("data/synthetic/cohort.csv", na.strings = "", stringsAsFactors = FALSE)
z <- qnorm(0.975)

wilson <- function(x, n) c(x / n, prop.test(x, n, correct = FALSE)$conf.int)

odds <- function(x1, n1, x0, n0) {
  exp(log(x1 / (n1 - x1) * (n0 - x0) / x0) +
        c(0, -z, z) * sqrt(1 / x1 + 1 / (n1 - x1) + 1 / x0 + 1 / (n0 - x0)))
}

answers <- function(d) {
  d <- d[!is.na(d$mrs_90d), ]
  one <- d$mrs_90d[d$arm == "evt"]; other <- d$mrs_90d[d$arm == "control"]
  n1 <- length(one); n0 <- length(other)
  tables <- lapply(list(independent = 0:2, excellent = 0:1, dead = 6), function(scores) {
    odds(sum(one %in% scores), n1, sum(other %in% scores), n0)
  })
  good1 <- wilson(sum(one <= 2), n1); good0 <- wilson(sum(other <= 2), n0)
  delta <- good1[1] - good0[1]
  limits <- c(delta - sqrt((good1[1] - good1[2])^2 + (good0[3] - good0[1])^2),
              delta + sqrt((good1[3] - good1[1])^2 + (good0[1] - good0[2])^2))
  curve <- roc(response = c(rep(1, n1), rep(0, n0)), predictor = c(one, other),
               levels = c(0, 1), direction = ">", quiet = TRUE)
  p <- as.numeric(auc(curve)); s <- sqrt(var(curve)) / (p * (1 - p))
  win <- plogis(qlogis(p) + c(0, -z, z) * s)
  welch <- t.test(one, other)
  list(excellent = list(treatment = wilson(sum(one <= 1), n1),
                        reference = wilson(sum(other <= 1), n0)),
       odds = tables,
       nnt = 1 / c(delta, limits[2], limits[1]),
       win = win, win_odds = win / (1 - win),
       mean = c(mean(one) - mean(other), welch$conf.int),
       counts = list(treatment = as.integer(table(factor(one, 0:6))),
                     reference = as.integer(table(factor(other, 0:6)))))
}

cases <- list(whole = d, `occlusion_site=ICA` = d[d$occlusion_site == "ICA", ],
              `sex=female` = d[d$sex == "female", ])
cat(toJSON(lapply(cases, answers), digits = I(15), auto_unbox = TRUE, pretty = TRUE), "\n")
