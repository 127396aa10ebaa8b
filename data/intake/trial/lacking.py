"""What no column is known to hold, arms or volumes: decided, or asked where one may be it."""

from collections.abc import Iterator

from data.intake.arm_words import reference_of
from data.intake.asking import ask, column_lines, seen_values
from data.intake.extras import role_by_name
from data.intake.names import normalised
from data.intake.report import Decision, Read, listed
from data.intake.values import Column, is_number, without_missing
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.trial_sheet.form import OWN, ArmsSection, ColumnSection, TrialSheet
from data.trial_sheet.text import sheet_lines
from data.variable import words

_OF_ARMS = frozenset(
    words(
        "arm arms group grp treatment treat trt tx therapy allocation alloc allocated "
        "randomisation randomization randomised randomized rand intervention strategy "
        "gruppe therapie behandlung zuteilung bras groupe traitement brazo grupo tratamiento "
        "braccio gruppo trattamento braco tratamento behandeling groep behandling grupp"
    )
)
_BESIDE = frozenset(words("study trial assigned actual received code name label nr no of the"))
"""Words that such a name may hold too: "study group" is one, "age group" is not."""
_OF_VOLUMES = frozenset(words("volume volumes vol vols volumen volym volum vol24 volumetry"))
_OF_OTHER_VOLUMES = frozenset(
    words(
        "core penumbra mismatch tmax cbf cbv hypoperfusion perfusion clot thrombus hematoma "
        "haematoma ich bleed csf brain icv ventricle contrast oedema edema wmh intracranial tidal"
    )
)
"""Words of volumes that are no infarct after treatment."""
_FEWEST, _MOST = 2, 4
_NONE, _NO_VOLUME = "None: one group of patients", "No: these data hold no infarct volume"


def one_group(table: RawTable, sheet: TrialSheet) -> Read[None]:
    """Say that a file without a column for the arm is one group, or ask which column it is.

    Parameters
    ----------
    table : RawTable
        One row a patient.
    sheet : TrialSheet
        With a proposal for every column, of which none is the arm.
    """
    if sheet.arms.none:
        what = "All patients are one group, as the trial sheet says."
        return Read(None, (Decision("", "arm", what, len(table.frame)),))
    found = dict(_candidates(table, sheet))
    if not found:
        what = (
            "No column tells arms apart: all patients are read as one group. Choose a column if "
            "there is one."
        )
        return Read(None, (Decision("", "arm", what, len(table.frame)),))
    answers = {name: column_lines(name, ColumnSection(becomes="arm")) for name in found}
    answers[_NONE] = sheet_lines(TrialSheet(arms=ArmsSection(none=True)))
    named = " or ".join(f"{quoted(name)} ({seen_values(seen)})" for name, seen in found.items())
    text = f"No column is known as the arm. Do the arms stand in {named}, or is this one group?"
    seen = tuple(value for values in found.values() for value in values)
    return Read(None, questions=(ask("arm column", next(iter(found)), text, answers, seen),))


def without_volume(table: RawTable, sheet: TrialSheet) -> Read[None]:
    """Say that no column is known as the infarct volume, or ask whether one is it.

    Parameters
    ----------
    table : RawTable
        One row a patient.
    sheet : TrialSheet
        With a proposal for every column, of which none is the infarct volume.
    """
    names = [name for name in table.frame.columns if _may_be_volume(table, sheet, name)]
    if not names:
        what = "No column is known as the infarct volume: what needs it will say so."
        return Read(None, (Decision("", "", what),))
    volume = ColumnSection(becomes="infarct_volume_ml")
    answers = {name: column_lines(name, volume) for name in names}
    other = ColumnSection(becomes=OWN, role="post_randomisation")
    answers[_NO_VOLUME] = "\n\n".join(column_lines(name, other) for name in names)
    text = f"No column is known as the infarct volume after treatment. Is it {listed(names)}?"
    return Read(None, questions=(ask("volume column", names[0], text, answers, names),))


def _may_be_volume(table: RawTable, sheet: TrialSheet, name: str) -> bool:
    said = sheet.column(name)
    parts = set(normalised(name).split("_"))
    if said.becomes != OWN or said.role or not parts & _OF_VOLUMES or parts & _OF_OTHER_VOLUMES:
        return False
    column = Column(name, table.frame[name], table.rows, said)
    known = without_missing(column, "", unknown=True).value.text.dropna()
    is_measured = known.nunique() >= _FEWEST and bool(is_number(known).all())
    return is_measured and role_by_name(name) != "baseline"


def _candidates(table: RawTable, sheet: TrialSheet) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the columns that may be the arm, by their names or their values, with these."""
    for name in table.frame.columns:
        said = sheet.column(name)
        # Of a column whose role or levels are told it is known that it is no arm.
        if said.becomes != OWN or said.role or said.levels:
            continue
        column = Column(name, table.frame[name], table.rows, said)
        known = without_missing(column, "", unknown=True).value.text.dropna().unique()
        values = tuple(str(value) for value in known[: _MOST + 1])
        if _FEWEST <= len(values) <= _MOST and (is_of_arms(name) or _are_arms(name, values)):
            yield name, values


def is_of_arms(name: str) -> bool:
    """Tell whether a column's name says nothing but that it holds arms or groups.

    Examples
    --------
    >>> [is_of_arms(name) for name in ("Study group", "tx_code", "age_group", "group_size")]
    [True, True, False, False]
    """
    parts = {part for part in normalised(name).split("_") if not part.isdigit()}
    return bool(parts & _OF_ARMS) and parts <= _OF_ARMS | _BESIDE


def _are_arms(name: str, values: tuple[str, ...]) -> bool:
    return len(values) == _FEWEST and bool(reference_of(name, *values))
