"""What is known of the trial as a whole: its design and plan, and what its file does not hold."""
