"""The record beside the cohort: what is calibrated to which publication, and what is assumed."""

from collections.abc import Mapping

from data.synthetic.assumptions import ALSO_ASSUMED, ASSUMED
from data.synthetic.targets import TARGETS, Target

NOTICE = "Synthetic cohort calibrated to published results; not patient data"
_DIGITS = 5


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
        "columns": {name: _column(name) for name in ASSUMED},
        "also_assumed": list(ALSO_ASSUMED),
        "targets": [_target(target, achieved[target.id]) for target in TARGETS],
    }


def _column(name: str) -> dict[str, object]:
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
