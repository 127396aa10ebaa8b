"""Numerical kernels: arrays in, arrays out; they know no patient."""
