"""Rows: which rows of a file are one patient, and one row of each."""
