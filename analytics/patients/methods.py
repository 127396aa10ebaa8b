"""Method of the patients page: the values themselves."""

from analytics.method import (
    Method,
)

RECORDED_VALUES = Method(
    "recorded_values",
    "Data",
    "Recorded values",
    "What the data set holds of each patient, and what is derived from it by the definitions of "
    "the data dictionary.",
    "Values are as recorded, one row per patient; nothing is imputed.",
)
