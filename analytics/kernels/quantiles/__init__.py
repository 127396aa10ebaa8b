"""Quantile regression: medians and other quantiles, exactly, with their intervals."""
