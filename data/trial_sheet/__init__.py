"""The trial sheet: what a trial says of itself, as a small file that people read and write."""
