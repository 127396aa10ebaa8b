"""The error that a data set raises; its message is shown to the reader."""


class DataError(ValueError):
    """The data cannot be used as they are; the message says what was found and what to do."""
