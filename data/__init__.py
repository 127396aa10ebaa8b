"""What is recorded: the registry, the filters, the cohort and the store that holds it."""
