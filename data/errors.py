"""The error that a data set raises, whose message the reader gets, and a disk that is full."""

import errno

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FULL_DISK = (
    "The disk for temporary files is full. Free some space on it, or start the explorer with "
    "TMPDIR naming a folder that has room, and try again."
)


class DataError(ValueError):
    """The data cannot be used as they are; the message says what was found and what to do."""


def is_of_full_disk(error: BaseException | None) -> bool:
    """Tell whether an error, or what led to it, is that a disk or a quota is full."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        # A library may pass on the words of the system alone.
        said = isinstance(error, OSError) and "No space left on device" in str(error)
        if said or (isinstance(error, OSError) and error.errno in _FULL):
            return True
        error = error.__cause__ or error.__context__
    return False
