"""The sentence that goes with invented patients wherever their file goes."""

from collections.abc import Mapping

NOTICE_KEY = b"explorer_notice"
"""Where a Parquet file's own metadata hold the sentence that goes with it."""
_LONGEST_NOTICE = 300


def notice_in(metadata: Mapping[bytes, bytes] | None) -> str:
    """Return the sentence that a Parquet file's metadata say of its patients, if any."""
    said = (metadata or {}).get(NOTICE_KEY, b"").decode("utf-8", "replace")
    return " ".join(said.split())[:_LONGEST_NOTICE]
