"""The statistics beside R's answers, as the tests last found them."""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

CHECKS_FILE = Path(__file__).resolve().parent / "checked_against_r.json"


@dataclass(frozen=True)
class Check:
    """One statistic of the embedded cohort, here and in R.

    Attributes
    ----------
    group, statistic : str
    ours, r : float
        The first of the numbers compared.
    numbers : int
        How many were compared.
    difference : float
        The largest, relative to R's number or to 0.001 where that is smaller.
    tolerance : float
        The difference at which the tests fail.
    script : str
        The R script, in the project.
    """

    group: str
    statistic: str
    ours: float
    r: float
    numbers: int
    difference: float
    tolerance: float
    script: str

    def as_json(self) -> dict[str, object]:
        """Return the entry of the file."""
        return asdict(self)


@cache
def frozen_checks() -> tuple[Check, ...]:
    """Return every comparison of the file, in its order."""
    return tuple(Check(**entry) for entry in json.loads(CHECKS_FILE.read_text(encoding="utf-8")))
