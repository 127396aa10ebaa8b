"""What a p-value looks like, wherever it may have slipped in."""

import re

WRITTEN = re.compile(r"(?<!\w)p\s*(?:=|<|>|\N{LESS-THAN OR EQUAL TO})\s*\d*\.\d", re.IGNORECASE)


def p_values_in(text, published=frozenset()):
    """Return every written p-value of a text; what a publication printed is no result of ours."""
    for printed in published:
        text = text.replace(printed, "")
    return [match.group() for match in WRITTEN.finditer(text)]
