# Seconds that R's mice takes; called by benchmarks/imputation.py.
#   Rscript benchmarks/imputation.R rows.csv imputations iterations pmm|polr
suppressPackageStartupMessages({ library(mice); library(jsonlite) })
given <- commandArgs(trailingOnly = TRUE)
d <- read.csv(given[1])
d$site <- factor(d$site); d$lysis <- factor(d$lysis)
if (given[4] == "polr") d$mrs <- factor(d$mrs, 0:6, ordered = TRUE)
method <- make.method(d)
method[c("root", "later")] <- "pmm"
method["mrs"] <- given[4]
started <- Sys.time()
imp <- mice(d, m = as.integer(given[2]), maxit = as.integer(given[3]), method = method, seed = 1, printFlag = FALSE)
cat(toJSON(list(seconds = as.numeric(Sys.time() - started, units = "secs"),
                version = as.character(packageVersion("mice"))), auto_unbox = TRUE), "\n")
