"""Which groups of patients are too small to be shown, and what would give them away."""
