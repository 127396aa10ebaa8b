"""Text that may come from a reader's file, shown as text and as nothing else."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|$~:])")


def plain(text: str) -> str:
    r"""Return text that Markdown shows letter by letter.

    Examples
    --------
    >>> plain("*mRS* [0-2]")
    '\\*mRS\\* \\[0-2\\]'
    """
    return _SPECIAL.sub(r"\\\1", text)
