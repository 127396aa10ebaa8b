"""Where the patients are held and counted; the only place that knows SQL."""
