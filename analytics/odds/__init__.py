"""Is the common odds ratio a fair summary."""
