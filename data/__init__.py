"""What is recorded: the registry, the filters, the cohort and the store that holds it."""

import os

# Matrices here are small and sessions many: threads of the linear algebra only wait for each other
# (an inverse of 170 columns took 137 ms on a busy machine with two, 1 ms with one).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
