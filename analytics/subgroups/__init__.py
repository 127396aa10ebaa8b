"""Does the effect of treatment differ between patients."""
