"""The embedded cohort: invented patients that reproduce what the ESCAPE publications print."""
