"""Measurements beside what a reader would use instead; run by hand, never by the tests."""
