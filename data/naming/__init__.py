"""Naming: the words in a name, and what they mean; nothing of files or patients."""
