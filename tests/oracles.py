"""What R found, frozen: the one place that knows where its answers lie."""

import json
from functools import cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parent / "oracle"


@cache
def oracle(name):
    """Return the answers that tests/oracle/<name>.R wrote; nobody may change them."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def oracle_inputs(name):
    """Return a table of inputs that an R script read."""
    return pd.read_csv(FOLDER / f"{name}.csv")
