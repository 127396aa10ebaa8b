"""What goes along with infarct volume."""
