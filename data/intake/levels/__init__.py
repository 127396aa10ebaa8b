"""Levels: texts of a column -> levels of a category, registered or the trial's own."""
