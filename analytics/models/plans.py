"""What plans share: records found by their names, and published variables that data may lack."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from data.data_set import DataSet
from data.variables import derived, recorded

T = TypeVar("T")


def record_of(records: Mapping[str, T], name: str) -> T:
    """Return the record that a name stands for.

    Plans hold names, so that they can be compared, hashed and printed as the call that repeats
    them; what a name means stands in one record of one registry.

    Raises
    ------
    ValueError
        If no record has that name.

    Examples
    --------
    >>> record_of({"log": "Log(1 + mL)"}, "log")
    'Log(1 + mL)'
    >>> record_of({"log": "Log(1 + mL)"}, "root")
    Traceback (most recent call last):
    ValueError: 'root' is not known here. Known: log.
    """
    if name not in records:
        msg = f"'{name}' is not known here. Known: {', '.join(records)}."
        raise ValueError(msg)
    return records[name]


def lacking(names: Sequence[str], data: DataSet) -> tuple[str, ...]:
    """Return those of some variables that data do not hold, such as the arm of one group."""
    return tuple(name for name in names if name not in data.held)


def arising_later(names: Sequence[str], data: DataSet) -> tuple[str, ...]:
    """Return those of some variables that arise after randomisation.

    A registered variable is known by the registry where the data set does not hold it.
    """
    known = {**{v.name: v for v in (*recorded(), *derived())}, **data.by_name}
    return tuple(n for n in names if n in known and known[n].is_after_randomisation)


def published_or(
    chosen: Sequence[str], published: Sequence[str], data: DataSet
) -> tuple[str, ...]:
    """Return the variables of a model: all published ones, or those that the reader chose.

    Data that lack a variable of a publication still get its model, which says what it goes
    without: whoever chose every published variable that the data hold asked for that model.

    Parameters
    ----------
    chosen : sequence of str
        The reader's, in any order; all that the data hold of the published ones where nothing was
        chosen.
    published : sequence of str
        Those of the trial's plan; empty for a trial without one, which leaves what was chosen.
    data : DataSet

    Returns
    -------
    tuple of str
        In the order of the publication, or of the reader. Nothing chosen of nothing held is the
        published model too; where a model may do without variables, ask only if some are chosen.
    """
    absent = lacking(published, data)
    is_planned = set(chosen) == {name for name in published if name not in absent}
    return tuple(published if is_planned else chosen)
