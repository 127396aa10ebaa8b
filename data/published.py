"""Published figures: what a trial's publications print, and other trials' figures beside it.

A figure says what is measured, of which variable and among whom, so that the same can be measured
in any cohort (`analytics/overview/claim_measures.py`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationInfo,
    field_validator,
    model_validator,
)

from data.section import Cell, Section

Certainty = Literal["verbatim", "secondary", "derived"]
Number = int | float
Value = Number | str | tuple[Number, ...]
_BOUND = re.compile(r"[<>] \d*\.?\d+")
_TWO, _THREE = 2, 3


class Source(Section):
    """A publication, or an account of one.

    Attributes
    ----------
    text : str
        Authors, journal, year and where in it.
    doi : str
        Of the publication, also where another's account of it was read.
    certainty : {"verbatim", "secondary", "derived"}
        Read in the publication itself, in another's account of it, or found by arithmetic from
        what is printed and not itself published.
    """

    text: Annotated[str, Field(min_length=1)]
    doi: str = ""
    certainty: Certainty = "verbatim"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _is_share(value: object) -> bool:
    if not isinstance(value, tuple):
        return _is_number(value)
    return len(value) == _TWO and 0 <= value[0] <= value[1] and value[1] > 0


def _is_three(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == _THREE


def _is_estimate(value: object) -> bool:
    return _is_number(value) or _is_three(value)


def _is_p(value: object) -> bool:
    if isinstance(value, str):
        return bool(_BOUND.fullmatch(value))
    return isinstance(value, int | float) and 0 <= value <= 1


def _is_text(value: object) -> bool:
    return isinstance(value, str)


@dataclass(frozen=True)
class Shape:
    """What a measure's published value looks like: in words, and a check."""

    words: str
    fits: Callable[[object], bool]


NUMBER = Shape("a number", _is_number)
SHARE = Shape("a percentage, or how many of how many such as [27, 79]", _is_share)
THREE = Shape("median and both other quartiles, such as [71, 60, 81]", _is_three)
ESTIMATE = Shape("a number, or one with its limits such as [2.6, 1.7, 3.8]", _is_estimate)
P_VALUE = Shape('a p-value, or the side of a bound such as "< 0.01"', _is_p)
TEXT = Shape("a text", _is_text)


@dataclass(frozen=True)
class Kind:
    """What a measure needs.

    Attributes
    ----------
    shape : Shape
        Of the published value.
    has_variable : bool
        Whether it is of a variable.
    counts : bool
        Whether it is of patients with some of the variable's values.
    compares : bool
        Whether it compares groups: the arms unless said.
    """

    shape: Shape
    has_variable: bool = True
    counts: bool = False
    compares: bool = False


_OF_COUNTS = Kind(NUMBER, counts=True)
_EFFECT = Kind(ESTIMATE, counts=True, compares=True)
_SHIFT = Kind(ESTIMATE, has_variable=False, compares=True)
MEASURES: Mapping[str, Kind] = {
    "patients": Kind(NUMBER, has_variable=False),
    "known": Kind(NUMBER),
    "count": _OF_COUNTS,
    "percent": Kind(SHARE, counts=True),
    "risk": Kind(SHARE, counts=True),
    "median": Kind(NUMBER),
    "quartiles": Kind(THREE),
    "first quartile": Kind(NUMBER),
    "third quartile": Kind(NUMBER),
    "IQR width": Kind(NUMBER),
    "mean": Kind(NUMBER),
    "SD": Kind(NUMBER),
    "minimum": Kind(NUMBER),
    "maximum": Kind(NUMBER),
    "correlation": Kind(NUMBER),
    "rank correlation": Kind(NUMBER),
    "rank-sum p": Kind(P_VALUE, compares=True),
    "chi-squared p": Kind(P_VALUE, counts=True, compares=True),
    "risk difference": _EFFECT,
    "risk ratio": _EFFECT,
    "odds ratio": _EFFECT,
    "odds ratio p": Kind(P_VALUE, counts=True, compares=True),
    "adjusted odds ratio": _EFFECT,
    "adjusted odds ratio p": Kind(P_VALUE, counts=True, compares=True),
    "common odds ratio": _SHIFT,
    "common odds ratio p": Kind(P_VALUE, has_variable=False, compares=True),
    "adjusted common odds ratio": _SHIFT,
    "adjusted common odds ratio p": Kind(P_VALUE, has_variable=False, compares=True),
    "volume model coefficient": Kind(ESTIMATE),
    "volume model p": Kind(P_VALUE),
    "mRS model odds ratio": Kind(ESTIMATE),
    "mRS model p": Kind(P_VALUE),
    "statement": Kind(TEXT, has_variable=False),
}
"""What a figure can measure; docs/trial-sheet.md says what each is."""


def _known_measure(name: str) -> str:
    if name not in MEASURES:
        msg = f"one of {', '.join(MEASURES)}"
        raise ValueError(msg)
    return name


def _as_several(value: object) -> object:
    """Take one text where a sheet may give several."""
    return value if isinstance(value, list | tuple) else (value,)


def _as_given(texts: tuple[str, ...]) -> object:
    return texts[0] if len(texts) == 1 else list(texts)


Choice = Annotated[
    tuple[Cell, ...], BeforeValidator(_as_several), PlainSerializer(_as_given, when_used="json")
]
"""Which values are meant: any of some levels, "known", or a cut such as "0 to 2" or "> 330"."""


class Figure(Section):
    """One figure of a trial's publications.

    Attributes
    ----------
    measure : str
        In `MEASURES`.
    of : str
        The variable that it is of.
    chosen : tuple of str
        Which values are counted; written `is` in a sheet, and "yes" unless said.
    where : mapping of str to tuple of str
        Among whom, by variable; of the arm "treatment" or "reference".
    by : str
        What makes the groups that a test compares, the arms unless said; of a correlation, the
        other variable.
    adjusted_for : tuple of str
        Of what is adjusted, the variables; the plan's unless said.
    value : int, float, str or tuple
        As published; `Shape` says what of which measure.
    decimals : int or None
        Printed precision; None to go by the value as it is written.
    label : str
        What it is called; made of the others unless said.
    source : str
        Which of the sheet's sources; may be left out where there is one.
    note, id : str
        What must be known of it; a stable name.
    why : str
        Of a statement, why no data can be held against it.
    """

    measure: Annotated[str, AfterValidator(_known_measure)]
    of: str
    chosen: Annotated[Choice, Field(alias="is")] = ()
    where: Mapping[str, Choice] = Field(default_factory=dict)
    by: str = ""
    adjusted_for: tuple[str, ...] = ()
    value: Value
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    label: str = ""
    source: str = ""
    note: str = ""
    id: str = ""
    why: str = ""

    @model_validator(mode="before")
    @classmethod
    def _may_be_of_nothing(cls, said: Any) -> Any:  # noqa: ANN401  # whatever a sheet holds
        return {"of": "", **said} if isinstance(said, dict) else said

    @field_validator("of")
    @classmethod
    def _is_of_something(cls, of: str, info: ValidationInfo) -> str:
        measure = info.data.get("measure")
        if not of and measure and MEASURES[measure].has_variable:
            msg = f"the variable that the {measure} is of"
            raise ValueError(msg)
        return of

    @field_validator("value")
    @classmethod
    def _is_as_published(cls, value: Value, info: ValidationInfo) -> Value:
        measure = info.data.get("measure")
        if measure and not MEASURES[measure].shape.fits(value):
            msg = f"{MEASURES[measure].shape.words} of a {measure}"
            raise ValueError(msg)
        return value

    @property
    def kind(self) -> Kind:
        """Return what its measure needs."""
        return MEASURES[self.measure]

    @property
    def is_p(self) -> bool:
        """Tell whether it is a p-value, or the side of a bound on which one lies."""
        return self.kind.shape is P_VALUE

    @property
    def values_meant(self) -> tuple[str, ...]:
        """Return which values are counted; empty where none are."""
        return self.chosen or (("yes",) if self.kind.counts else ())

    @property
    def groups(self) -> str:
        """Return what makes the groups that are compared, or what is correlated; else empty."""
        return self.by or ("arm" if self.kind.compares else "")

    @property
    def variables(self) -> tuple[str, ...]:
        """Return what a data set must hold for it, but for what its models need."""
        names = (self.groups, self.of, *self.where, *self.adjusted_for)
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def precision(self) -> int:
        """Return how many decimals are printed."""
        if self.decimals is not None:
            return self.decimals
        parts = self.value if isinstance(self.value, tuple) else (self.value,)
        if self.kind.shape is SHARE and len(parts) == _TWO:
            return 1
        return max(len(str(part).partition(".")[2]) for part in parts)

    def naming(self, names: Mapping[str, str]) -> "Figure":
        """Return the same with other names for variables, such as those of a file's columns."""
        named = {name: names.get(name, name) for name in (*self.variables, self.by)}
        return self.model_copy(
            update={
                "of": named.get(self.of, self.of),
                "by": named[self.by],
                "where": {named[name]: choice for name, choice in self.where.items()},
                "adjusted_for": tuple(named[name] for name in self.adjusted_for),
            }
        )


class ShareInRange(Section):
    """How many patients with volumes over one and up to another bound were independent (mRS 0-2).

    `to_ml` is None where the range is open.
    """

    over_ml: Annotated[float, Field(ge=0)] = 0
    to_ml: float | None = None
    independent: Annotated[int, Field(ge=0)]
    patients: Annotated[int, Field(ge=1)]

    @field_validator("patients")
    @classmethod
    def _holds_them(cls, patients: int, info: ValidationInfo) -> int:
        if patients < info.data.get("independent", 0):
            msg = "at least as many patients as are independent"
            raise ValueError(msg)
        return patients

    @property
    def ends(self) -> tuple[float, float | None]:
        """Return the range."""
        return self.over_ml, self.to_ml

    @property
    def share(self) -> float:
        """Return the proportion."""
        return self.independent / self.patients


class MarkedVolume(Section):
    """A volume that a publication names, and what it is."""

    ml: Annotated[float, Field(ge=0)]
    label: Annotated[str, Field(min_length=1)]


class Beside(Section):
    """What another trial published of the outcome over infarct volume.

    Attributes
    ----------
    trial : str
        Its name.
    source : str
        Where it is published.
    shares : tuple of ShareInRange
    volumes : tuple of MarkedVolume
    """

    trial: Annotated[str, Field(min_length=1)]
    source: str = ""
    shares: tuple[ShareInRange, ...] = ()
    volumes: tuple[MarkedVolume, ...] = ()
