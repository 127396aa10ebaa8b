"""Multiple imputation by chained equations, all imputations at once, and Rubin's rules."""
