"""What a column is: by its name, by the label its file gives it, by its values where these differ.

A name that says two things ("FIV" is final infarct volume, or Spanish for intravenous
fibrinolysis) is taken for one of them only if the values cannot be the other.
"""

import re

from data.intake.identifier_words import names_an_identifier
from data.intake.names import Claim, claims, concepts_in
from data.intake.reperfusion import without_scale
from data.intake.value_words import codes_of, level_key
from data.intake.values import Column, is_number, stripped, without_missing
from data.reading.table import RawTable
from data.variable import Variable
from data.variables import variable

_CODES = frozenset((0.0, 1.0, 2.0))
"""Whole numbers that are a code for yes and no as well as a measurement."""
_TIMES = re.compile(
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([ T].*)?|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}.*|"
    r"[0-2]?[0-9]:[0-5][0-9](:[0-5][0-9])?"
)
"""Dates and times of a clock: they say when something was, not whether."""
_OF_ANOTHER_TIME = frozenset(("ended", "change", "another time", "24h", "days", "90d", "followup"))


def claim_of(table: RawTable, column: str) -> Claim | None:
    """Return the variable that a column of a file is proposed as; None if it is its own.

    Parameters
    ----------
    table : RawTable
        The file, with its labels of columns.
    column : str
        Its name there.
    """
    if names_an_identifier(column):
        return None
    found = _by_name_and_label(column, table.labels.get(column, ""))
    sure = next((claim for claim in found if claim.is_sure), None)
    if sure is None:
        fitting = [claim for claim in found if _fits(table, column, variable(claim.variable))]
        return fitting[0] if len(fitting) == 1 else None
    wanted = variable(sure.variable)
    if sure.variable == "tici" and _is_in_two_groups(table, column):
        return Claim("recanalization", sure.rank)
    if sure.is_of_words and is_number(_known(table, column, wanted).text.dropna()).all():
        return None
    is_named_otherwise = column != wanted.name and wanted.is_grouping
    return None if is_named_otherwise and _is_of_times(table, column) else sure


def _by_name_and_label(column: str, label: str) -> tuple[Claim, ...]:
    """Return the claims of a name, those of its label where the name leaves the time open."""
    named = claims(column)
    labelled = claims(label) if label else ()
    sure = next((claim for claim in named if claim.is_sure), None)
    if sure is None or column == sure.variable:
        return named if sure or not (labelled and labelled[0].is_sure) else labelled
    if sure.is_undated and _OF_ANOTHER_TIME & concepts_in(label):
        return labelled
    if labelled and labelled[0].is_sure and labelled[0].variable != sure.variable:
        return labelled if sure.is_undated else ()
    return named


def _known(table: RawTable, column: str, wanted: Variable) -> Column:
    texts = Column(column, stripped(table.frame[column]), table.rows)
    return without_missing(texts, wanted.name, unknown=True).value


def _fits(table: RawTable, column: str, wanted: Variable) -> bool:
    """Tell whether a column's values can be those of a variable."""
    known = _known(table, column, wanted).text.dropna()
    if known.empty or wanted.has_open_levels:
        return False
    if wanted.levels:
        codes = codes_of(wanted, column)
        return all(level_key(wanted, str(text)) in codes for text in known.unique())
    if not is_number(known).all():
        return False
    numbers = known.astype("float64")
    # In another unit a number may be larger than the registry's largest.
    highest = None if wanted.unit else wanted.maximum
    is_within = (wanted.minimum is None or (numbers >= wanted.minimum).all()) and (
        highest is None or (numbers <= highest).all()
    )
    return bool(is_within) and not set(numbers) <= _CODES


def _is_of_times(table: RawTable, column: str) -> bool:
    known = stripped(table.frame[column]).dropna()
    return bool(len(known)) and bool(known.str.fullmatch(_TIMES).all())


def _is_in_two_groups(table: RawTable, column: str) -> bool:
    """Tell whether TICI is recorded as recanalized or not, which is no grade."""
    tici = variable("tici")
    known = _known(table, column, tici).text.dropna().unique()
    keys = {without_scale(level_key(tici, str(text))) for text in known}
    grades = codes_of(tici, column)
    return any(key in codes_of(variable("recanalization"), column) for key in keys - set(grades))
