"""An error that nobody foresaw: an id for the reader, and what led to it for the log.

The log gets types and places only: the message of such an error may hold a value of a patient.
"""

import logging
import secrets
import traceback
from collections.abc import Iterator
from pathlib import Path

from data.errors import FULL_DISK, is_of_full_disk

_LOG = logging.getLogger("explorer")
_DEEPEST = 12


def note_unforeseen(where: str, error: BaseException) -> str:
    """Log an error without its message and return its id.

    Parameters
    ----------
    where : str
        What failed: the id of an answer, or a part of a page.
    error : BaseException
        What was raised.
    """
    name = secrets.token_hex(4)
    _LOG.error("%s: %s failed. %s", name, where, " | from | ".join(_traces(error)))
    return name


def unforeseen_words(name: str, error: BaseException) -> str:
    """Return what a reader is told of an error with this id: what to do where that is known."""
    if is_of_full_disk(error):
        return f"{FULL_DISK} The log has it as {name}; everything else stands."
    return (
        f"This could not be worked out, for a reason nobody foresaw. The log has it as {name}; "
        "everything else stands."
    )


def _traces(error: BaseException | None) -> Iterator[str]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST:]
        places = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
        yield f"{type(error).__name__} at {' > '.join(places) or 'no place'}"
        error = error.__cause__ or error.__context__
