"""Times: "08:14", "8 h 14 min" and two time stamps -> minutes.

A text such as "08:14" is a duration or the time of a clock; where the column's name does not say
which, it is a question.
"""

import re
from dataclasses import dataclass, replace

import pandas as pd

from data.intake.asking import ask, of_column, seen_values
from data.intake.names import claim, normalised
from data.intake.report import Decision, Problem, Read, problem_in
from data.question import Question
from data.reading.limits import quoted
from data.reading.table import RawTable
from data.trial_sheet.form import LEAVE_OUT, ColumnSection, TrialSheet
from data.variable import Variable, words

DURATION = "hh:mm"
"""The unit that a trial sheet gives a column of durations written with colons."""
_DAY = 1440
_COLONS = re.compile(
    r"(?:(?P<days>[0-9]+) days?,?\s+)?(?P<h>[0-9]{1,3}):(?P<m>[0-5][0-9])(?::(?P<s>[0-5][0-9]"
    r"(?:\.[0-9]+)?))?"
)
_LETTERS = re.compile(
    r"(?:(?P<days>[0-9]+)\s*d(?:ays?)?\s*)?(?:(?P<h>[0-9]{1,3})\s*h(?:rs?|ours?)?)?\s*"
    r"(?:(?P<m>[0-9]{1,3})\s*(?:m(?:ins?|inutes?)?|['\u2032])?)?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"P(?:(?P<days>[0-9]+)D)?T(?:(?P<h>[0-9]+)H)?(?:(?P<m>[0-9]+)M)?(?:(?P<s>[0-9.]+)S)?"
)
# Excel keeps a duration as a date in the days after its own beginning of time.
_EXCEL = re.compile(
    r"(?:1899-12-3(?P<zero>[01])|1900-01-(?P<day>[0-9]{2}))[ T]"
    r"(?P<h>[0-9]{2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2}(?:\.[0-9]+)?))?"
)


def minutes_of(text: str) -> float | None:
    """Return a duration in minutes, None if the text is none.

    Examples
    --------
    >>> [minutes_of(text) for text in ("08:14", "1 day, 0:30:00", "8h14", "PT2H", "90")]
    [494.0, 1470.0, 494.0, 120.0, None]
    """
    for shape in (_COLONS, _ISO, _LETTERS):
        found = shape.fullmatch(text)
        if found and found["h"] is not None:
            parts = {key: float(part or 0) for key, part in found.groupdict().items()}
            return _total(parts["days"], parts)
    found = _EXCEL.fullmatch(text)
    if not found:
        return None
    parts = {key: float(found[key] or 0) for key in ("h", "m", "s")}
    days = float(found["zero"] or 1) - 1 if found["zero"] else float(found["day"])
    return _total(max(days, 0.0), parts)


def _total(days: float, parts: dict[str, float]) -> float:
    return days * _DAY + parts["h"] * 60 + parts["m"] + parts.get("s", 0.0) / 60


def in_minutes(
    name: str, said: ColumnSection, variable: Variable, text: pd.Series
) -> Read[pd.Series]:
    """Return a column's durations as numbers of minutes, as text; other columns as they are.

    Parameters
    ----------
    name : str
        The column's name: one that says from when to when says that it is a duration.
    said : ColumnSection
        Its unit may be "hh:mm"; one that is counted `since` another was counted already.
    variable : Variable
        What the column becomes; only what the registry has in minutes is looked at.
    text : Series of str
        Missing where nothing is recorded.
    """
    known = text.dropna()
    if variable.unit != "min" or said.since or known.empty or minutes_of(known.iloc[0]) is None:
        return Read(text)
    minutes = {str(one): minutes_of(str(one)) for one in known.unique()}
    if None in minutes.values():
        return Read(text)
    plain = text.map({one: f"{value:g}" for one, value in minutes.items() if value is not None})
    is_named = said.unit == DURATION or (claim(name) or ("",))[0] == variable.name
    if not is_named and all(_COLONS.fullmatch(one) for one in minutes):
        return Read(plain.astype("str"), questions=(_question(name, variable, list(minutes)),))
    why = "as the trial sheet says" if said.unit == DURATION else "hours and minutes"
    shown = next(iter(minutes))
    what = f"Read as durations, {why}: {quoted(shown)} is {minutes[shown]:g} min."
    return Read(
        plain.astype("str"), (Decision(name, variable.name, what, int(text.notna().sum())),)
    )


def _question(name: str, variable: Variable, texts: list[str]) -> Question:
    text = (
        f"Column {quoted(name)} holds {seen_values(texts)}: are they durations in hours and "
        f"minutes ({variable.in_text}), or times of a clock, for which the trial sheet says "
        "since = 'the column of the onset'?"
    )
    answers = of_column(name, {"durations": ColumnSection(unit=DURATION)})
    return ask("time", name, text, answers, texts[:12])


NEXT_DAY = "next day"
"""The unit of times of a clock of which an earlier one is of the next day."""
_ONSET = frozenset(words("onset lsw lkw ictus beginn debut inizio inicio symptombeginn"))
_LATER = {
    "onset_to_randomization_min": frozenset(
        words(
            "rand randomisation randomization randomised randomized randomisierung "
            "randomizzazione aleatorizacion"
        )
    ),
    "onset_to_reperfusion_min": frozenset(
        words("reperfusion recanalization recanalisation recanal recan reperfusie")
    ),
}
"""The words by which a column of times is known as the end of what is counted from the onset."""
_FORMATS = (
    *(f"%Y-%m-%d{gap}%H:%M{s}" for gap in (" ", "T") for s in ("", ":%S", ":%S.%f")),
    *(f"%Y-%m-%d{gap}%H:%M:%S%z" for gap in (" ", "T")),
    *(f"{day} %H:%M{s}" for day in ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d",
      "%d-%b-%Y", "%d%b%Y") for s in ("", ":%S")),
    "%d%b%Y:%H:%M:%S",
)  # fmt: skip
_CLOCKS = ("%H:%M", "%H:%M:%S")


@dataclass(frozen=True, eq=False)
class _Stamps:
    """A column's times; with a date each, or of a clock only."""

    times: pd.Series
    is_dated: bool


def with_counted_times(table: RawTable, sheet: TrialSheet) -> TrialSheet:
    """Return a sheet that counts the registry's times from two columns of time stamps.

    Nothing is proposed for a variable that has a column, or where more than one column of time
    stamps is named after the onset, or after the later event.
    """
    for variable, later in _LATER.items():
        starts = [name for name in table.frame.columns if _is_named(name, _ONSET, later)]
        ends = [name for name in table.frame.columns if _is_named(name, later, _ONSET)]
        starts = [name for name in starts if _stamps(table.frame[name])]
        ends = [name for name in ends if _stamps(table.frame[name])]
        if sheet.of(variable) or len(starts) != 1 or len(ends) != 1:
            continue
        said = sheet.column(ends[0])
        if not said.becomes:
            known = {"becomes": variable, "since": starts[0]}
            sheet = sheet.with_column(ends[0], said.model_copy(update=known))
    return sheet


def _is_named(name: str, by: frozenset[str], not_by: frozenset[str]) -> bool:
    named = set(normalised(name).split("_"))
    return bool(named & by) and not named & not_by


def _stamps(text: pd.Series) -> _Stamps | None:
    """Return the times of a column in the one format that fits all; None if none or two do."""
    known = text.dropna().str.strip()
    if not known.str.contains(":", regex=False).any():
        return None
    read = {
        shape: times
        for shape in (*_FORMATS, *_CLOCKS)
        if (times := pd.to_datetime(known, format=shape, errors="coerce", utc=True)).notna().all()
    }
    if not read:
        return None
    first, *others = read.values()
    if any((other != first).any() for other in others):
        return None
    return _Stamps(first.reindex(text.index), is_dated=not set(read) <= set(_CLOCKS))


def counted_since(table: RawTable, sheet: TrialSheet) -> Read[RawTable]:
    """Return a table whose columns that are counted `since` another hold minutes."""
    read: Read[RawTable] = Read(table)
    for name, said in sheet.columns.items():
        if said.since and said.becomes != LEAVE_OUT and name in table.frame.columns:
            read = _counted(read.value, name, said).after(read)
    return read


def _counted(table: RawTable, name: str, said: ColumnSection) -> Read[RawTable]:
    start = table.frame.get(said.since)
    end, begin = _stamps(table.frame[name]), None if start is None else _stamps(start)
    if end is None or begin is None or end.is_dated != begin.is_dated:
        return Read(_with(table, name, None), problems=(_not_two_times(name, said.since),))
    minutes = (end.times - begin.times).dt.total_seconds() / 60
    known = int(minutes.notna().sum())
    what = f"Minutes from {quoted(said.since)} to {quoted(name)}."
    decisions = [Decision(name, said.becomes, what, known)]
    is_before = minutes < 0
    if not end.is_dated and is_before.any():
        if said.unit != NEXT_DAY:
            question = _over_midnight(table, name, said, is_before)
            return Read(_with(table, name, minutes.mask(is_before)), (), (), (question,))
        minutes = minutes.where(~is_before, minutes + _DAY)
        what = "Read as of the next day, where the time of the clock is earlier."
        decisions.append(Decision(name, said.becomes, what, int(is_before.sum())))
    return Read(_with(table, name, minutes), tuple(decisions))


def _with(table: RawTable, name: str, minutes: pd.Series | None) -> RawTable:
    text = None if minutes is None else minutes.map("{:.10g}".format, na_action="ignore")
    frame = table.frame.assign(**{name: text})
    return replace(table, frame=frame.astype({name: "str"}))


def _not_two_times(name: str, since: str) -> Problem:
    return problem_in(
        name,
        found=f"no times that can be counted since {quoted(since)}",
        expected="two columns of dates with times, or of times of a clock, each in one format",
        remedy="Change the sheet, or write the times in one format, such as 2024-05-31 14:05.",
    )


def _over_midnight(
    table: RawTable, name: str, said: ColumnSection, is_before: pd.Series
) -> Question:
    pairs = table.frame.loc[is_before, [said.since, name]].head(3)
    seen = tuple(f"{start} to {end}" for start, end in pairs.itertuples(index=False))
    text = (
        f"Column {quoted(name)} is earlier than {quoted(said.since)} in {is_before.sum():,} rows "
        f"({', '.join(seen)}), and no date is given: is it the next day there?"
    )
    said_so = ColumnSection(unit=NEXT_DAY)
    left_out = ColumnSection(becomes=LEAVE_OUT)
    answers = of_column(name, {"the next day": said_so, "leave the column out": left_out})
    return ask("time", name, text, answers, seen)
