"""A table of a reader's own, turned into patients in the registry's names and codes."""
