# Frozen answers for tests/analytics/kernels/imputation/test_pooling.py.
# R 4.2.2 with mice 3.15.0, mitml 0.4-4 and jsonlite 1.8.4. Input: imputation_inputs.csv. From the
# project's root:
#   Rscript tests/oracle/pooling.R > tests/oracle/pooling.json
# Every number is pooled from mice's own imputations, whose estimates and covariances stand beside.
# Keys: pool = mice::pool; scalar = mice::pool.scalar, with n = Inf and n - k = 310; d1, d2, d3 =
# mice::D1 (also without degrees of freedom of the complete data: mitml::testModels), D2 by Wald and
# likelihood ratio, D3 with the statistics at own and at pooled estimates; squares = mean squares of
# anova(lm) on a table of bootstrap samples by imputations. Numbers carry 17 digits.
suppressPackageStartupMessages({ library(mice); library(mitml); library(jsonlite) })
d <- read.csv("tests/oracle/imputation_inputs.csv")
d$site <- factor(d$site); d$lysis <- factor(d$lysis)
imp <- mice(d, m = 20, maxit = 5, seed = 20240301, printFlag = FALSE,
            method = c(site = "polyreg", lysis = "logreg")[names(d)] |>
              (\(x) { x[is.na(x)] <- "pmm"; unname(x) })())
answers <- function(full, small, dfcom) {
  pooled <- pool(full, dfcom = dfcom)$pooled
  cells <- pooled[c("estimate", "ubar", "b", "t", "df", "riv", "lambda", "fmi")]
  dropped <- setdiff(names(coef(full$analyses[[1]])), names(coef(small$analyses[[1]])))
  d3 <- D3(full, small, dfcom = dfcom)
  test <- function(x) as.list(setNames(as.numeric(x)[1:5], c("f", "df1", "df2", "p", "riv")))
  each <- function(f) lapply(full$analyses, f)
  list(dfcom = if (is.infinite(dfcom)) NULL else dfcom,
       estimates = each(\(x) unname(coef(x))), covariances = each(\(x) unname(vcov(x))),
       tested = match(dropped, names(coef(full$analyses[[1]]))) - 1,
       pool = as.list(cells),
       d1_small = if (is.infinite(dfcom)) NULL else test(D1(full, small, dfcom = dfcom)$result),
       d1 = test(testModels(as.mitml.result(full), as.mitml.result(small), method = "D1")$test),
       d2_wald = test(D2(full, small)$result),
       d2_ratio = test(D2(full, small, use = "likelihood")$result),
       d3 = test(d3$result),
       at_own = d3$deviances$dev0.M - d3$deviances$dev1.M,
       at_pooled = d3$deviances$dev0.L - d3$deviances$dev1.L)
}
linear <- answers(with(imp, lm(root ~ arm + age + nihss + site)), with(imp, lm(root ~ arm + age + nihss)), 309)
logistic <- answers(with(imp, glm(mrs <= 2 ~ arm + age + root + site, family = binomial)),
                    with(imp, glm(mrs <= 2 ~ arm + age + root, family = binomial)), 309)
normal <- answers(with(imp, lm(root ~ arm * nihss + age)), with(imp, lm(root ~ arm + age)), Inf)
q <- sapply(complete(imp, "all"), \(x) mean(x$root)); u <- sapply(complete(imp, "all"), \(x) var(x$root) / 315)
scalar <- lapply(list(Inf, 311), \(n) pool.scalar(q, u, n = n, k = 1)[c("qbar", "ubar", "b", "t", "df", "r", "fmi")])
set.seed(7)
table <- outer(rnorm(40, sd = 2), c(0, 0, 0)) + matrix(rnorm(120), 40)
flat <- matrix(rep(1:3, each = 40) + 0.01 * rnorm(120), 40)
squares <- lapply(list(table, flat), \(x) {
  a <- anova(lm(c(x) ~ factor(c(row(x)))))
  list(table = x, between = a[1, "Mean Sq"], within = a[2, "Mean Sq"])
})
cat(toJSON(list(linear = linear, logistic = logistic, normal = normal,
                means = list(estimates = unname(q), variances = unname(u), pooled = scalar), squares = squares),
           auto_unbox = TRUE, digits = I(17), null = "null", na = "null"), "\n")
