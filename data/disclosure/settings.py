"""From how many patients on a group is shown: whose data they are decides, or the operator."""

import os

from data.errors import DataError

CONFIGURED = "EXPLORER_SMALLEST_CELL"
"""The environment variable that says from how many patients on a group is shown; 0 for all."""

USUAL = 5


def configured_smallest() -> int | None:
    """Return what whoever runs the server has asked for, or None.

    Raises
    ------
    DataError
        If it is no whole number.
    """
    text = os.environ.get(CONFIGURED, "").strip()
    if not text:
        return None
    if not text.isdecimal():
        msg = (
            f"{CONFIGURED} is '{text}'. Give a whole number of patients, or 0 to show all groups."
        )
        raise DataError(msg)
    return int(text)


def smallest_for_readers() -> int:
    """Return from how many patients on groups of what a server shows to its readers are shown."""
    asked = configured_smallest()
    return USUAL if asked is None else asked


def smallest_for_owners() -> int:
    """Return the same of a file of one's own: who holds the rows sees all, unless configured."""
    return configured_smallest() or 0
