"""A file of any format, turned into a raw table."""
