"""What is true: pure functions from a cohort to a frozen result, and from a result to a figure."""
