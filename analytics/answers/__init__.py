"""Every answer of every page, once: the pages show this list and the command prints it."""
