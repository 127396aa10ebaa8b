"""Files that hold less than a whole trial, each a kind of its own, and one nobody randomised."""

import random

COLUMNS = (
    *("patient", "arm", "age", "sex", "nihss_baseline"),
    *("infarct_volume_ml", "recanalization", "mrs_90d"),
)
LACKS = {
    "whole": (),
    "no volume": ("infarct_volume_ml",),
    "no mRS": ("mrs_90d",),
    "no arm": ("arm",),
    "one arm": (),
    "neither": ("infarct_volume_ml", "mrs_90d"),
    "baseline only": ("arm", "infarct_volume_ml", "mrs_90d"),
}
OBSERVATIONAL = "[design]\nrandomised = false\n"
ANSWERED = {
    "whole": {"volumes", "predictors", "outcomes", "subgroups", "mediation"},
    "no volume": {"outcomes", "subgroups"},
    "no mRS": {"volumes", "predictors", "subgroups"},
    "no arm": {"volumes", "predictors", "outcomes"},
    "one arm": {"volumes", "predictors", "outcomes"},
    "neither": set(),
    "baseline only": set(),
}
"""The pages that can answer of each; overview, patients and methods answer of all."""
ALWAYS = {"overview", "patients", "methods"}


def patients(kind, n=80):
    """Return the rows of a file of one kind, names first."""
    draw = random.Random(4)
    kept = [name for name in COLUMNS if name not in LACKS[kind]]
    yield kept
    for place in range(n):
        volume = round(draw.gammavariate(1.2, 30), 1)
        row = {
            "patient": f"P{place:03d}",
            "arm": "evt" if kind == "one arm" or place % 2 else "control",
            "age": draw.randint(40, 90),
            "sex": draw.choice("MF"),
            "nihss_baseline": draw.randint(4, 26),
            "infarct_volume_ml": volume,
            "recanalization": draw.choice(("yes", "no")),
            "mrs_90d": min(6, max(0, round(draw.gauss(2.5 + volume / 90, 1.7)))),
        }
        yield [str(row[name]) for name in kept]


def text_of(kind):
    """Return a file of one kind as CSV."""
    return "\n".join(",".join(row) for row in patients(kind)) + "\n"
