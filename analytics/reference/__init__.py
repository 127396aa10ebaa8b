"""What does every number mean, and how was it checked."""
