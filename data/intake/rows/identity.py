"""Identity: which rows of a file are one patient.

Rows of one identifier are visits of a patient, a patient entered twice, or patients of centres
whose numbers begin at one in each. What the rows hold tells which, or it is a question: taking
every row for a patient would make patients out of visits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from data.intake.names import claim, normalised
from data.intake.value_words import MISSING_TOKENS
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.trial_sheet.form import LEAVE_OUT, OWN, TrialSheet
from data.variable import words

VISIT_NAMES = ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
"""REDCap's own columns, whose rows hold each value once."""
_VISIT_WORDS = frozenset(
    words(
        "visit visitnum visitno avisit avisitn visitn event timepoint tp time_point epoch visite "
        "time day days week weeks month months "
        "visita besuch zeitpunkt bezoek besok besog wizyta session assessment followup wave"
    )
)
_READER_WORDS = frozenset(
    words("reader rater observer leser lecteur lettore lector beoordelaar reading read_no readers")
)
_CENTRE_WORDS = frozenset(
    words("centre center site hospital zentrum klinik clinic centro ospedale ziekenhuis country")
)
_MOST_VISITS = 40
_FEW, _MOST = 0.1, 0.5
"""Shares of identifiers whose rows differ at baseline: below they are one patient's, above not."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Who the rows are.

    Attributes
    ----------
    id_column : str
        The column that names the patients; empty if none does.
    patient : Series of str
        The patient of every row; missing where the row names none.
    baseline_differs : float
        Share of the repeated patients whose rows differ in what no visit changes.
    """

    id_column: str
    patient: pd.Series
    baseline_differs: float

    @property
    def is_repeated(self) -> bool:
        """Tell whether a patient has more than one row."""
        return bool(self.patient.dropna().duplicated().any())

    @property
    def are_visits(self) -> bool:
        """Tell whether rows of one identifier surely are one patient's."""
        return self.baseline_differs < _FEW

    @property
    def are_patients(self) -> bool:
        """Tell whether rows of one identifier surely are several patients."""
        return self.baseline_differs > _MOST


def rows_of(table: RawTable, sheet: TrialSheet, by: Sequence[str] = ()) -> Rows:
    """Return who the rows are, by the sheet's columns of the identifier or by the ones given."""
    columns = [name for name in (by or sheet.patients.id) if name in table.frame]
    if not columns:
        columns = [name for name in (id_column(table, sheet),) if name]
    if not columns:
        nobody = pd.Series(index=table.frame.index, dtype="str")
        return Rows("", nobody, 0.0)
    patient = joined(table.frame, columns)
    own = id_column(table, sheet) or columns[-1]
    return Rows(own, patient, _baseline_differs(table.frame, patient, sheet))


def id_column(table: RawTable, sheet: TrialSheet) -> str:
    """Return the column that names the patients, be it left out or not; empty if none does."""
    chosen = sheet.of("subject_id")
    if chosen in table.frame and chosen:
        return chosen
    ranked = [
        (found[1], name)
        for name in table.frame.columns
        if (found := claim(name)) and found[0] == "subject_id"
        and sheet.column(name).becomes in ("", LEAVE_OUT, OWN)
    ]  # fmt: skip
    named = [name for name in sheet.patients.id if name in table.frame]
    return min(ranked)[1] if ranked else (named[-1] if named else "")


def joined(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return the texts of several columns as one, missing where one of them is."""
    first, *others = columns
    text = frame[first].mask(frame[first].str.lower().isin(MISSING_TOKENS))
    for name in others:
        text = text.str.cat(frame[name], sep="-")
    return text


def proposed_patients(table: RawTable, sheet: TrialSheet) -> TrialSheet:
    """Return a sheet that says which rows are a patient, where the rows themselves are certain.

    A sheet that says anything of it is kept.
    """
    said = sheet.patients
    rows = rows_of(table, sheet)
    if said.several or not rows.is_repeated:
        return sheet
    if not said.id and rows.are_patients:
        centres = centre_columns(table, sheet, rows)
        if not centres:
            return sheet
        said = said.model_copy(update={"id": (centres[0], rows.id_column)})
        sheet = sheet.model_copy(update={"patients": said})
        rows = rows_of(table, sheet)
    elif not said.id and centre_columns(table, sheet, rows):
        return sheet
    visits = visit_columns(table, sheet, rows)
    if rows.is_repeated and rows.are_visits and (visits or reader_columns(table, rows)):
        visit = visits[0] if visits else ""
        said = said.model_copy(update={"visit": visit, "several": "gather"})
    return sheet.model_copy(update={"patients": said})


def _baseline_differs(frame: pd.DataFrame, patient: pd.Series, sheet: TrialSheet) -> float:
    """Return the share of repeated patients with different values of what no visit changes."""
    fixed = [name for name in ("age_years", "sex", "laterality", "arm") if sheet.of(name)]
    columns = [sheet.of(name) for name in fixed if sheet.of(name) in frame]
    is_repeated = patient.duplicated(keep=False) & patient.notna()
    if not columns or not is_repeated.any():
        return 0.0
    distinct = frame.loc[is_repeated, columns].groupby(patient[is_repeated]).nunique()
    return float((distinct > 1).any(axis=1).mean())


def centre_columns(table: RawTable, sheet: TrialSheet, rows: Rows) -> list[str]:
    """Return the columns of centres that, with the identifier, leave no two patients in one."""
    own = sheet.of("center")
    named = [name for name in table.frame.columns if _is_named(name, _CENTRE_WORDS)]
    candidates = dict.fromkeys([*([own] if own in table.frame else []), *named])
    is_repeated = rows.patient.duplicated(keep=False) & rows.patient.notna()
    return [
        name
        for name in candidates
        if name not in ("", rows.id_column)
        and _differs(table.frame.loc[is_repeated, name], rows.patient[is_repeated]) > _MOST
        and rows_of(table, sheet, by=(name, rows.id_column)).are_visits
    ]


def visit_columns(table: RawTable, sheet: TrialSheet, rows: Rows) -> list[str]:
    """Return the columns that tell the rows of a patient apart by when they were recorded."""
    if sheet.patients.visit in table.frame and sheet.patients.visit:
        return [sheet.patients.visit]
    redcap = [name for name in VISIT_NAMES if name in table.frame]
    if redcap:
        return redcap[:1]
    return _telling(table, rows, _VISIT_WORDS)[:1]


def visits_of_nobody(table: RawTable, sheet: TrialSheet) -> str:
    """Return the column by which rows may be visits where no column says whose, else nothing.

    Its name says so, and either every visit has as many rows, or one of them lacks a column that
    another one fills.
    """
    for name in table.frame.columns:
        visits = table.frame[name]
        is_own = sheet.column(name).becomes in (OWN, LEAVE_OUT)
        if not is_own or not (name in VISIT_NAMES or _is_named(name, _VISIT_WORDS)):
            continue
        rows = visits.value_counts()
        if not 1 < len(rows) <= _MOST_VISITS or rows.min() == 1:
            continue
        filled = table.frame.drop(columns=name).notna().groupby(visits).any()
        if rows.min() == rows.max() or bool((filled.any() & ~filled.all()).any()):
            return str(name)
    return ""


def reader_columns(table: RawTable, rows: Rows) -> list[str]:
    """Return the columns that say who read the scan or examined the patient."""
    return _telling(table, rows, _READER_WORDS)[:1]


def _telling(table: RawTable, rows: Rows, by: frozenset[str]) -> list[str]:
    """Return the columns with a word in their name that differ within most repeated patients."""
    is_repeated = rows.patient.duplicated(keep=False) & rows.patient.notna()
    return [
        name
        for name in table.frame.columns
        if name != rows.id_column
        and _is_named(name, by)
        and 1 < table.frame[name].nunique() <= _MOST_VISITS
        and _differs(table.frame.loc[is_repeated, name], rows.patient[is_repeated]) > _MOST
    ]


def _is_named(name: str, by: frozenset[str]) -> bool:
    return bool(by & {*normalised(name).split("_"), normalised(name)})


def has_several(text: pd.Series, patient: pd.Series) -> pd.Series:
    """Tell for every patient, in the file's order, whether its rows hold different texts."""
    counts = text.groupby(patient, sort=False).nunique()
    return pd.Series(counts.to_numpy() > 1, index=counts.index, dtype=bool)


def _differs(text: pd.Series, patient: pd.Series) -> float:
    return float(has_several(text, patient).mean()) if len(text) else 0.0


_TOTALS = frozenset(
    (
        *("total", "totals", "mean", "average", "median", "std dev", "standard deviation"),
        *("minimum", "maximum", "count", "sum total", "summe", "gesamt", "gesamtsumme"),
        *("mittelwert", "durchschnitt", "anzahl", "totaux", "somme", "moyenne", "médiane"),
        *("promedio", "mediana", "totale", "somma", "totaal", "gemiddelde", "mediaan"),
        *("gjennomsnitt", "gennemsnit", "medelvärde", "summa", "antall", "antal"),
        *("średnia", "razem", "průměr", "celkem", "keskiarvo", "yhteensä", "összesen"),
    )
)
"""Words that a spreadsheet's last rows have where others have a patient."""
_PERHAPS_TOTALS = frozenset(
    words("sum avg sd std min max iqr suma media som snitt medel mittel mean_sd n")
)
"""Words of such rows that may be a patient's initials, or a value, as well."""
_MOST_TOTALS = 12


def is_of_totals(table: RawTable, sheet: TrialSheet) -> pd.Series:
    """Tell for every row whether it holds totals or averages of the others.

    It does if a word says so where the patient's identifier stands, or in the first column, and,
    where that word may be another's, if the row is of no arm that another row has.
    """
    name, arm = id_column(table, sheet), sheet.of("arm")
    key = table.frame[name or table.frame.columns[0]].str.casefold().str.strip(" :.=")
    is_count = key.str.fullmatch(r"n\s*=\s*[0-9]+").fillna(value=False).astype(bool)
    is_named = key.isin(_TOTALS) | is_count
    is_perhaps = is_named | key.isin(_PERHAPS_TOTALS)
    if arm in table.frame:
        arms = table.frame[arm]
        is_armless = arms.isna() | (is_perhaps & ~arms.duplicated(keep=False))
    else:
        is_armless = pd.Series(data=False, index=key.index)
    is_total = is_perhaps & is_armless if not name else is_named | (is_perhaps & is_armless)
    # Many such rows are a summary's own, or a variable's values.
    return is_total & (is_total.sum() <= _MOST_TOTALS)


def named_columns(columns: Sequence[str]) -> str:
    """Return columns as a sentence names them."""
    return " and ".join(quoted(name) for name in columns)
