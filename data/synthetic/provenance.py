"""The record beside the cohort: what is calibrated to which publication, and what is assumed."""

from collections.abc import Mapping

from data.synthetic.assumptions import ALSO_ASSUMED, ASSUMED
from data.synthetic.targets import TARGETS, Target

NOTICE = "Synthetic cohort calibrated to published results; not patient data"
_DIGITS = 5

MADE = (
    "A program drew 315 patients so that every figure it was calibrated to comes out as printed.",
    "Arms, volumes, scores and times were first drawn within what is published.",
    "Swaps between patients then brought the associations to the published side of their bounds.",
    "What is not published was assumed, as is plausible by other trials; the dictionary says how.",
    "Running the program again gives the same file, byte for byte.",
)
"""How the cohort was made."""

NOT_FOR = (
    "It must not be used to learn anything about treatment: what it shows was put into it.",
    "It must not be pooled with patients, nor cited as data of the ESCAPE trial.",
    "Its rows describe nobody; they are there to show the explorer and to check methods.",
)
"""What the cohort must not be used for."""


def provenance(seed: int, digest: str, achieved: Mapping[str, object]) -> dict[str, object]:
    """Return the record of one cohort.

    Parameters
    ----------
    seed : int
    digest : str
        SHA-256 of cohort.csv.
    achieved : mapping
        Target id to the cohort's value.

    Returns
    -------
    dict
        For JSON. A column is "calibrated" if a number about it is published, else "assumed";
        what a calibrated column still assumes is said too. `consistent_with` names published
        tests in which a column takes part. Achieved values carry five significant digits.
    """
    return {
        "notice": NOTICE,
        "program": "python -m data.synthetic.build",
        "seed": seed,
        "digest": digest,
        "columns": {name: column_record(name) for name in ASSUMED},
        "also_assumed": list(ALSO_ASSUMED),
        "targets": [_target(target, achieved[target.id]) for target in TARGETS],
    }


def column_record(name: str) -> dict[str, object]:
    """Return whether a column of the cohort is calibrated or assumed, and to what or how."""
    about = [target for target in TARGETS if name in target.columns]
    numbers = [target.id for target in about if not target.is_verdict]
    return {
        "status": "calibrated" if numbers else "assumed",
        "calibrated_to": numbers,
        "consistent_with": [target.id for target in about if target.is_verdict],
        "assumed": ASSUMED[name].words,
        "plausible_by": ASSUMED[name].plausible_by,
    }


def _target(target: Target, achieved: object) -> dict[str, object]:
    return {
        "id": target.id,
        "quantity": target.quantity,
        "published": target.published,
        "achieved": _shortened(achieved),
        "source": target.source,
        "doi": target.doi,
        "certainty": target.certainty,
        "note": target.note,
    }


def _shortened(value: object) -> object:
    if isinstance(value, list):
        return [_shortened(part) for part in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
