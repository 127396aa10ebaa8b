"""Levels that a file brings itself: its texts, in order, those that differ in capitals as one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from data.intake.arms import arm_key
from data.intake.names import normalised
from data.intake.report import Decision, Problem, Read, listed, problem_in
from data.intake.values import Column, is_number, without_missing
from data.variable import Level, Variable, colours_beside, words
from data.variables import YES_NO

_MOST_LEVELS = 100
_ANSWERS = frozenset(word for level in YES_NO for word in (level.code, *level.written))
_NO_LEVEL_OF_ITS_OWN: Mapping[str, frozenset[str]] = {
    "sex": frozenset(
        words(
            "x diverse divers diversa diverso divers_e nonbinary non_binary intersex intersexual "
            "other another_gender third_gender anders autre andere otro altro outro annet anden "
            "annat transgender unspecified indeterminate"
        )
    ),
    "laterality": frozenset(
        words(
            "bilateral bilaterale bilateralt both both_sides both_hemispheres beidseits "
            "beidseitig beide beide_seiten bds bdseits les_deux deux deux_cotes ambos ambas "
            "ambos_lados entrambi beiderzijds beide_zijden begge begge_sider tosidig bada "
            "bilateralement midline median central zentral brainstem brain_stem hirnstamm tronc "
            "tronco hjernestamme posterior posterior_fossa infratentorial cerebellum "
            "vertebrobasilar basilar none keine aucun ninguno nessuno geen ingen not_lateralised "
            "not_lateralized neither"
        )
    ),
}
"""All that a trial writes beside the two levels of a variable that has no third in most trials.

Any other word there is most likely one of the two in another language, and is asked about.
"""


@dataclass(frozen=True)
class Spellings:
    """The levels of a column in order, each with its texts as they stand in the file."""

    texts: dict[str, tuple[str, ...]]

    def code_of(self, codes: dict[str, str]) -> dict[str, str]:
        """Return the code of every text, given the code of every level."""
        return {text: codes[key] for key, texts in self.texts.items() for text in texts}


def spellings_in(column: Column, becomes: str) -> Read[Spellings]:
    """Return the levels of a column in their order, see `in_order`."""
    found: dict[str, list[str]] = {}
    for text in column.text.dropna().unique():
        found.setdefault(arm_key(str(text)), []).append(str(text))
    keys = in_order(list(found), column.order)
    decisions = tuple(
        Decision(
            column.name,
            becomes,
            f"{listed(found[key])} are read as one level.",
            int(column.text.isin(found[key]).sum()),
        )
        for key in keys
        if len(found[key]) > 1
    )
    return Read(Spellings({key: tuple(found[key]) for key in keys}), decisions)


def in_order(levels: Sequence[str], said: Sequence[str]) -> list[str]:
    """Return levels in the order that the sheet or the file says, the others behind them.

    Those are in order of size when all of them are numbers, else by letter.
    """
    places = {arm_key(text): place for place, text in enumerate(said)}
    others = pd.Series([one for one in levels if arm_key(one) not in places], dtype="str")
    is_numeric = bool(is_number(others.str.replace(",", ".", regex=False)).all())

    def rank(level: str) -> tuple[int, float, str]:
        key = arm_key(level)
        if key in places:
            return places[key], 0.0, key
        return len(places), float(level.replace(",", ".")) if is_numeric else 0.0, key

    return sorted(levels, key=rank)


def read_own_levels(column: Column, variable: Variable) -> Read[pd.Series]:
    """Read a registered category whose levels are the file's own texts."""
    known = without_missing(column, variable.name, unknown=True)
    levels = spellings_in(known.value, variable.name)
    codes = {key: code_of(texts[0]) for key, texts in levels.value.texts.items()}
    values = known.value.text.map(levels.value.code_of(codes)).astype("str")
    problems: tuple[Problem, ...] = ()
    if len(codes) > _MOST_LEVELS:
        problem = problem_in(
            column.name,
            found=f"{len(codes):,} different texts",
            expected=f"at most {_MOST_LEVELS}",
            remedy="Choose another column, or leave this one out.",
        )
        problems = (problem,)
    return Read(values, problems=problems).after(known, levels)


def code_of(text: str) -> str:
    """Return a text as a code: a link separates codes by commas."""
    return " ".join(text.replace(",", ";").split())


def names_a_level(variable: Variable, text: str) -> bool:
    """Tell whether a text that stands for no registered level is a level of the trial's own.

    Codes are not, as no word says what they stand for; nor are yes and no.

    Examples
    --------
    >>> from data.variables import variable
    >>> [names_a_level(variable("occlusion_site"), text) for text in ("A1", "tandem", "B", "4")]
    [True, True, False, False]
    >>> [names_a_level(variable("sex"), text) for text in ("X", "divers", "M", "nainen")]
    [True, True, False, False]
    """
    if not variable.takes_own_levels or normalised(text) in _ANSWERS:
        return False
    if variable.name in _NO_LEVEL_OF_ITS_OWN:
        return normalised(text) in _NO_LEVEL_OF_ITS_OWN[variable.name]
    return any(re.match(r"[^\W\d_]\w+", part) for part in re.split(r"[\W_]+", text))


def levels_of_trial(
    variable: Variable, values: pd.Series, order: Sequence[str], *, is_of_sheet: bool
) -> tuple[Level, ...]:
    """Return a variable's levels in this trial: the registry's in its order, then its own.

    Parameters
    ----------
    variable : Variable
        One that takes levels of a trial's own, or has no other ones.
    values : Series of str
        Codes of its levels; a code of an own level is what it is called.
    order : sequence of str
        What the sheet or the file says of the order.
    is_of_sheet : bool
        Whether the sheet lists them in order; where that places any of the registry's levels,
        it is the order of them all.
    """
    known = [level.code for level in variable.levels]
    own = [str(code) for code in values.dropna().unique() if code not in known]
    colours = colours_beside([level.colour for level in variable.levels])
    by_code = {level.code: level for level in variable.levels}
    for code in in_order(own, order):
        by_code[code] = Level(code, code, next(colours), _phrase(variable, code))
    places = {arm_key(text): place for place, text in enumerate(order)}
    if not is_of_sheet or places.keys().isdisjoint(arm_key(code) for code in known):
        return tuple(by_code.values())
    ordered = sorted(by_code, key=lambda code: places.get(arm_key(code), len(places)))
    return tuple(by_code[code] for code in ordered)


def _phrase(variable: Variable, label: str) -> str:
    """Return how a sentence names a level, as it does the registry's: "A1 occlusion"."""
    shapes = {level.phrase.replace(level.label, "\0") for level in variable.levels}
    shape = shapes.pop() if len(shapes) == 1 else ""
    return shape.replace("\0", label) if "\0" in shape and label.isalnum() else ""
