"""What figures share: theme, axes, forest, intervals."""
