"""What regressions share: terms, design, fits, and how they are told."""
