"""What the registry's entries are made of: roles in time, levels and variables."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, cycle
from typing import Literal

Kind = Literal["identifier", "categorical", "ordinal", "continuous"]
Role = Literal[
    "identifier", "baseline", "treatment", "procedural", "post_randomisation", "outcome"
]

ROLE_LABELS: dict[Role, str] = {
    "identifier": "Identifier",
    "baseline": "Baseline",
    "treatment": "Treatment",
    "procedural": "Procedure",
    "post_randomisation": "After randomisation",
    "outcome": "Outcome",
}
AFTER_RANDOMISATION: tuple[Role, ...] = ("procedural", "post_randomisation", "outcome")


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text; a long list of words is easier to read so."""
    return tuple(text.split())


PALETTE = words(
    "#332288 #88CCEE #44AA99 #117733 #999933 #DDCC77 #CC6677 #882255 #AA4499 #E69F00 #0072B2 "
    "#5E5E5E"
)
"""Colours that colour-blind readers can tell apart, for levels that a data set brings itself."""

_MIXED_WITH = (("#FFFFFF", 0.45), ("#000000", 0.4), ("#FFFFFF", 0.7), ("#000000", 0.65))
"""What further colours are mixed of when the palette is used up, and how much of it is in them."""


def colours_beside(taken: Collection[str] = ()) -> Iterator[str]:
    """Return colours without end, all different as long as sixty suffice, none that is taken.

    Examples
    --------
    >>> from itertools import islice
    >>> list(islice(colours_beside(("#332288",)), 2))
    ['#88CCEE', '#44AA99']
    """
    used = {colour.upper() for colour in taken}
    mixed = (_mixed(colour, *other) for other in _MIXED_WITH for colour in PALETTE)
    free = [colour for colour in chain(PALETTE, mixed) if colour not in used]
    return cycle(free)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = ((int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(own * (1 - share) + new * share):02X}" for own, new in pairs)


MISSING = "missing"
"""Code of the level that stands for a value nobody recorded."""


@dataclass(frozen=True)
class Level:
    """One level of a categorical variable.

    `phrase` is how a sentence names the patients who have it; `known` is False for a level such
    as "unknown" that is a record of not knowing, and which no comparison takes as a group.
    `written` is how files write the level beside its code and label, in small letters and digits
    only; `columns` are names of columns that say yes or no to whether a patient is at this level.
    """

    code: str
    label: str
    colour: str
    phrase: str = ""
    known: bool = True
    written: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Return how a sentence names the patients at this level."""
        return self.phrase or self.label

    @property
    def short(self) -> str:
        """Return the label, or the phrase where the label alone would say too little."""
        says_itself = self.label.isalnum() and self.label not in ("Yes", "No", "Unknown")
        return self.label if says_itself and not self.label.isdigit() else self.words


MISSING_LEVEL = Level(MISSING, "Missing", "#8C8C8C", known=False)


@dataclass(frozen=True)
class Naming:
    """A way in which names of columns say a variable: concepts, in any order and language.

    `says` are concepts of `data/naming/concepts.tsv`, all of which a name must hold, one of those
    with "|" between them; `may` are others that it can hold beside. A name with any other word
    says something else. An `undated` naming leaves open when the value was measured. One that is
    not `sure` names other things too, and counts only where the column's values can be nothing
    but this variable; one that is `in_words` counts unless all values are numbers.
    """

    says: str
    may: str = ""
    undated: bool = False
    sure: bool = True
    in_words: bool = False

    @property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Return the concepts that a name must hold, each with what can stand for it."""
        return tuple(frozenset(one.split("|")) for one in self.says.split())


@dataclass(frozen=True)
class Variable:
    """One variable: what it is called, how it is shown, when it is measured, where it is from.

    `minimum` and `maximum` bound what a file may hold; `step` is the difference, in the variable's
    unit, that models show a continuous variable's coefficient for; `sql` derives the column from
    those that `needs` names, and a data set lacking one of them lacks this variable too. A
    category without levels takes them from the data. `namings` say which concepts in a column's
    name make it this variable, best first; `concepts` are words of its own for them, as rows of a
    concept and its words. `names` are whole names that no naming explains. `usual_median` is
    between which values a trial's median of those above zero lies and `largest` what no patient
    exceeds, in the variable's unit: a file beyond them is asked for its unit.
    """

    name: str
    label: str
    kind: Kind
    role: Role
    source: str
    unit: str = ""
    decimals: int = 0
    step: float = 1
    levels: tuple[Level, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    sql: str = ""
    needs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    namings: tuple[Naming, ...] = ()
    concepts: tuple[tuple[str, str], ...] = ()
    usual_median: tuple[float, float] | None = None
    largest: float | None = None

    @property
    def known_names(self) -> tuple[str, ...]:
        """Return every name by which a column is recognised as this variable, best first."""
        asked = (column for level in self.levels for column in level.columns)
        return tuple(dict.fromkeys((self.name, *self.names, *asked, self.label)))

    @property
    def axis_title(self) -> str:
        """Return the label with its unit, as an axis or a column head shows it."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def in_text(self) -> str:
        """Return the label as it stands inside a sentence: "age", "mRS at 90 days", "NIHSS"."""
        is_acronym = len(self.label) > 1 and any(letter.isupper() for letter in self.label[1:3])
        return self.label if is_acronym else self.label[0].lower() + self.label[1:]

    @property
    def is_grouping(self) -> bool:
        """Tell whether patients can be grouped by this variable's levels."""
        return self.kind in ("categorical", "ordinal")

    @property
    def is_numeric(self) -> bool:
        """Tell whether the values are numbers: measured, or scores that are its levels."""
        has_scores = all(level.code.isdecimal() for level in self.levels)
        return self.kind == "continuous" or (self.kind == "ordinal" and has_scores)

    @property
    def has_open_levels(self) -> bool:
        """Tell whether a group's levels are whatever the data hold."""
        return self.is_grouping and not self.levels

    @property
    def takes_own_levels(self) -> bool:
        """Tell whether a trial may have levels of its own beside these, such as another vessel.

        Neither arms nor yes and no have others, and grades have an order that no file tells.
        """
        codes = {level.code for level in self.levels}
        is_answer = {"yes", "no"} <= codes
        return (
            self.kind == "categorical"
            and bool(codes)
            and not (is_answer or self.sql or self.role == "treatment")
        )

    @property
    def is_after_randomisation(self) -> bool:
        """Tell whether the value arises after randomisation, so that treatment may change it."""
        return self.role in AFTER_RANDOMISATION

    @property
    def all_levels(self) -> tuple[Level, ...]:
        """Return the levels in order, "missing" last."""
        return (*self.levels, MISSING_LEVEL)

    def level(self, code: str) -> Level:
        """Return one level; a code nobody registered stands for itself."""
        for level in self.all_levels:
            if level.code == code:
                return level
        return Level(code, code, MISSING_LEVEL.colour)
