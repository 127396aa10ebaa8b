# Seconds of mediation::mediate(boot = TRUE) on a CSV with a, m, good, mrs and x0, x1, ...:
#   Rscript benchmarks/mediation.R rows.csv 1000 logistic
#   Rscript benchmarks/mediation.R rows.csv 1000 ordinal
# Ends with status 3 where the package is not installed; R_LIBS may name a library that holds it.
if (!suppressWarnings(suppressPackageStartupMessages(require(mediation, quietly = TRUE)))) {
  message("R's package mediation is not installed.")
  quit(status = 3)
}
given <- commandArgs(trailingOnly = TRUE)
d <- read.csv(given[1])
x <- paste(grep("^x", names(d), value = TRUE), collapse = " + ")
volume <- lm(as.formula(paste("m ~ a +", x)), d)
outcome <- if (given[3] == "ordinal") {
  d$mrs <- factor(d$mrs)
  MASS::polr(as.formula(paste("mrs ~ a + m +", x)), d, Hess = TRUE)
} else {
  glm(as.formula(paste("good ~ a + m +", x)), binomial, d)
}
took <- system.time(suppressMessages(
  mediate(volume, outcome, treat = "a", mediator = "m", boot = TRUE, sims = as.integer(given[2]))
))[["elapsed"]]
cat(sprintf('{"seconds": %.3f}\n', took))
