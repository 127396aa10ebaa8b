"""Which patients stand behind the figures."""
