"""Write rank_tests_inputs.csv, the samples on which Python and R are compared.

Run from the project's root: python tests/oracle/rank_tests_inputs.py. Then run tally.R,
rank_tests.R and bootstrap.R in this folder, as their headers say.
"""

import csv
from pathlib import Path

import numpy as np

TARGET = Path(__file__).with_suffix(".csv")
SITES = ("ICA", "M1", "M2")


def volumes(rng, n, centre=3.0, decimals=6, zeros=0.0):
    """Draw volumes in mL as a trial has them: skewed, rounded, some of them 0."""
    drawn = np.round(rng.lognormal(centre, 1.1, n), decimals)
    drawn[rng.random(n) < zeros] = 0.0
    return drawn


def samples():
    """Return each case's two samples, x first."""
    rng = np.random.default_rng(20160309)
    tied = volumes(rng, 30, decimals=0)
    return {
        "trial": (volumes(rng, 165, 3.0), volumes(rng, 150, 3.4)),
        "trial_ties_zeros": (volumes(rng, 142, 2.8, 1, 0.1), volumes(rng, 127, 3.1, 1, 0.1)),
        "whole_ml": (volumes(rng, 40, 2.5, 0, 0.2), volumes(rng, 37, 2.7, 0, 0.2)),
        "few_with_ties": (volumes(rng, 6, 2.0, 0), volumes(rng, 9, 2.0, 0, 0.3)),
        "unequal": (volumes(rng, 7), volumes(rng, 120, 3.6)),
        "two": (volumes(rng, 2), volumes(rng, 2)),
        "three": (volumes(rng, 3), volumes(rng, 3)),
        "four_and_three": (volumes(rng, 4), volumes(rng, 3)),
        "five": (volumes(rng, 5), volumes(rng, 5, 4.0)),
        "eight": (volumes(rng, 8), volumes(rng, 8, 3.5)),
        "one_and_39": (volumes(rng, 1), volumes(rng, 39)),
        "below_the_border": (volumes(rng, 49), volumes(rng, 49, 3.5)),
        "at_the_border": (volumes(rng, 50), volumes(rng, 49, 3.5)),
        "apart": (volumes(rng, 45, 1.0), 1000 + volumes(rng, 44)),
        "far_apart": (1e4 + volumes(rng, 400), volumes(rng, 380)),
        "identical": (tied, tied),
        "all_equal": (np.zeros(6), np.zeros(5)),
    }


def rows():
    """Yield one row per observation; sites go round, the last one lacks sample y."""
    for case, pair in samples().items():
        for sample, values in zip("xy", pair, strict=True):
            sites = SITES if sample == "x" else SITES[:2]
            for position, value in enumerate(values):
                yield case, sample, sites[position % len(sites)], repr(float(value))


if __name__ == "__main__":
    with TARGET.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("case", "sample", "site", "value"))
        writer.writerows(rows())
