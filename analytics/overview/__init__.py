"""Whose data are these, and what is the answer in short."""
