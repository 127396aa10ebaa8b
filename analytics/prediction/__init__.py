"""How well does infarct volume tell the outcome."""
