"""The trial sheet's form: everything that a data file does not say of itself.

A sheet is a TOML file, `NAME.trial.toml`, of these sections. Every entry may be left out: what a
sheet does not say is proposed from the file, and asked for where the file leaves it open.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field

from data.published import Beside, Figure, Source
from data.reading.layout import Layout
from data.section import Cell, Section
from data.trial import Plan, Trial
from data.variable import ROLE_LABELS, Role
from data.variables import recorded

OWN = "own"
"""Stands for: keep the column as a variable of this trial only."""
LEAVE_OUT = "leave out"

ROLES: tuple[Role, ...] = tuple(
    role for role in ROLE_LABELS if role not in ("identifier", "treatment")
)
"""Roles in time that a column may be given."""


class FileSection(Section):
    """How the file is read: Excel sheet, rows, encoding, separator and decimal mark.

    `sheets` are sheets of the same columns that are read as one table; a column called as
    `sheets_are` says, a centre's unless it does, then holds the name of the sheet.
    """

    sheet: str = ""
    sheets: tuple[str, ...] = ()
    sheets_are: str = ""
    names_row: Annotated[int, Field(ge=1)] | None = None
    skip_rows: tuple[Annotated[int, Field(ge=1)], ...] | None = None
    keep_rows: tuple[Annotated[int, Field(ge=1)], ...] | None = None
    encoding: str = ""
    separator: str = ""
    decimal: Literal["", ".", ","] = ""

    @property
    def layout(self) -> Layout:
        """Return the same for reading the file."""
        return Layout(
            self.sheet,
            self.names_row or 0,
            self.skip_rows,
            self.encoding,
            self.separator,
            self.decimal,
            self.keep_rows,
            self.sheets,
            self.sheets_are,
        )


class PatientsSection(Section):
    """Which rows are patients, and how several rows become one.

    `id` are the columns that together tell patients apart, `visit` the one that tells the rows of
    a patient apart; `several` says that they are gathered to one row, or that each row is a
    patient. `count` is how many patients there were when the sheet was made.
    """

    id: tuple[str, ...] = ()
    visit: str = ""
    several: Literal["", "gather", "separate"] = ""
    count: Annotated[int, Field(ge=0)] | None = None


class ArmsSection(Section):
    """Which value of the arm's column is which, as the file writes it.

    `none` says that no column tells arms apart: all patients are one group.
    """

    none: bool = False
    reference: Cell = ""
    treatment: Cell = ""
    reference_label: str = ""
    treatment_label: str = ""
    leave_out: tuple[Cell, ...] = ()
    why: str = ""


def _known_place(name: str) -> str:
    names = [variable.name for variable in recorded()]
    if name not in ("", OWN, LEAVE_OUT, *names):
        msg = f"'{OWN}', '{LEAVE_OUT}' or one of {', '.join(names)}"
        raise ValueError(msg)
    return name


class ColumnSection(Section):
    """What one column of the file is.

    Attributes
    ----------
    becomes : str
        A variable of the registry, `OWN` or `LEAVE_OUT`; written `is` in a sheet, empty to go by
        the column's name.
    label, unit, kind, role, levels
        What an own column is called and how it is shown; levels in their order, as the file
        writes them. A unit also says in which one a registry's variable was recorded.
    missing : tuple of str or None
        Values that stand for none; an empty one says that every value is real.
    values : dict of str to str
        Value in the file, and the level's code or the number that it stands for.
    visit : str
        The visit whose row holds the value, where patients have several rows.
    readers : str
        What several readers' values of one visit become.
    since : str
        The column of the time from which this column's time is counted.
    """

    becomes: Annotated[str, Field(alias="is"), AfterValidator(_known_place)] = ""
    label: str = ""
    unit: str = ""
    kind: Literal["", "continuous", "categorical"] = ""
    role: Literal["", "baseline", "procedural", "post_randomisation", "outcome"] = ""
    levels: tuple[Cell, ...] = ()
    missing: tuple[Cell, ...] | None = None
    values: dict[str, Cell] = Field(default_factory=dict)
    visit: Cell = ""
    readers: Literal["", "mean", "first"] = ""
    since: str = ""


class DesignSection(Section):
    """How patients came to their arms; None where the sheet does not say."""

    randomised: bool | None = None
    stratified_by: tuple[str, ...] = ()


class TrialSheet(Section):
    """What a trial says of itself and of its file."""

    name: str = ""
    about: str = ""
    file: FileSection = FileSection()
    patients: PatientsSection = PatientsSection()
    arms: ArmsSection = ArmsSection()
    columns: dict[str, ColumnSection] = Field(default_factory=dict)
    design: DesignSection = DesignSection()
    plan: Plan | None = None
    sources: dict[str, Source] = Field(default_factory=dict)
    published: tuple[Figure, ...] = ()
    beside: tuple[Beside, ...] = ()

    @property
    def trial(self) -> Trial:
        """Return the trial, its variables named as the sheet names them."""
        return Trial(
            name=self.name,
            about=self.about,
            randomised=self.design.randomised,
            stratified_by=self.design.stratified_by,
            plan=self.plan,
            published=self.published,
            sources=self.sources,
            beside=self.beside,
        )

    def column(self, name: str) -> ColumnSection:
        """Return what the sheet says of a column: nothing, if it does not name it."""
        return self.columns.get(name, ColumnSection())

    def with_column(self, name: str, column: ColumnSection) -> Self:
        """Return the sheet with another section for a column."""
        return self.model_copy(update={"columns": {**self.columns, name: column}})

    def of(self, variable: str) -> str:
        """Return the column that becomes a registry's variable, empty if none does."""
        names = (name for name, column in self.columns.items() if column.becomes == variable)
        return next(names, "")
