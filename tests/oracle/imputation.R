# Frozen answers for tests/analytics/kernels/imputation/test_against_mice.py.
# R 4.2.2 with mice 3.15.0, MASS 7.3-58.2, nnet 7.3-18 and jsonlite 1.8.4. Input:
# imputation_inputs.csv. From the project's root (some minutes):
#   Rscript tests/oracle/imputation.R > tests/oracle/imputation.json
# 400 imputations of five iterations, twice: the mRS by predictive mean matching, and by polr.
# Keys: share = of each level among the values drawn, mean of the values drawn, both over
# imputations, with Monte Carlo standard errors; linear, logistic = pooled coefficients, the variance
# between imputations, and the standard error; methods and mice's notes of what it left out.
suppressPackageStartupMessages({ library(mice); library(jsonlite) })
M <- 400
d <- read.csv("tests/oracle/imputation_inputs.csv")
d$site <- factor(d$site); d$lysis <- factor(d$lysis)
run <- function(score) {
  z <- d
  if (score == "polr") z$mrs <- factor(z$mrs, 0:6, ordered = TRUE)
  # A score enters the other models as one number.
  z$number <- d$mrs
  method <- make.method(z)
  method[c("root", "later")] <- "pmm"
  method["site"] <- "polyreg"; method["lysis"] <- "logreg"; method["mrs"] <- score
  method["number"] <- if (score == "polr") "~ I(as.numeric(mrs) - 1)" else "~ I(mrs)"
  predictors <- make.predictorMatrix(z)
  predictors[, "mrs"] <- 0
  predictors["mrs", "number"] <- 0
  visit <- c("site", "lysis", "root", "mrs", "number", "later")
  started <- Sys.time()
  imp <- mice(z, m = M, maxit = 5, seed = 77, method = method, predictorMatrix = predictors,
              visitSequence = visit, printFlag = FALSE)
  seconds <- as.numeric(Sys.time() - started, units = "secs")
  message(score, ": ", round(seconds), " s; logged: ", NROW(imp$loggedEvents))
  of <- function(name) sapply(imp$imp[[name]], \(x) as.numeric(as.character(x)))
  mean_of <- function(x) list(mean = mean(x), error = sd(x) / sqrt(M))
  numbers <- lapply(c(root = "root", later = "later", mrs = "mrs"), \(v) mean_of(colMeans(of(v))))
  spread <- lapply(c(root = "root", later = "later", mrs = "mrs"), \(v) mean_of(apply(of(v), 2, sd)))
  share <- function(v, levels) lapply(levels, \(k) mean_of(colMeans(of(v) == k)))
  pooled <- function(fit) {
    p <- pool(fit)$pooled
    list(estimate = p$estimate, between = p$b, standard_error = sqrt(p$t))
  }
  list(methods = as.list(method), means = numbers, deviations = spread,
       shares = list(site = share("site", 0:2), lysis = share("lysis", 0:1), mrs = share("mrs", 0:6)),
       linear = pooled(with(imp, lm(root ~ arm + age + nihss + site))),
       logistic = pooled(with(imp, glm(number <= 2 ~ arm + age + root + lysis, family = binomial))))
}
out <- list(m = M, pmm = run("pmm"), polr = run("polr"))
cat(toJSON(out, auto_unbox = TRUE, digits = I(15), pretty = TRUE), "\n")
