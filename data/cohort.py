"""Cohort: a data set plus the reader's filters; the only way the analyses reach the data."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from data.data_set import DataSet, digest_of, make_data_set
from data.filters import (
    Filters,
    Levels,
    Range,
    both,
    in_words,
    selection,
    sentence_case,
    to_query,
)
from data.search import searched

if TYPE_CHECKING:
    from data.variables import Variable


@dataclass(frozen=True)
class Flow:
    """How many patients are left, from the data set to the analysis.

    Attributes
    ----------
    in_data_set, in_filter, with_variables, analysed : int
        Patients of the data set; of the cohort; of those, with every variable of the analysis
        recorded; of those, in the groups that the analysis uses.
    """

    in_data_set: int
    in_filter: int
    with_variables: int
    analysed: int


@dataclass(frozen=True)
class Extremes:
    """The ends of a continuous variable, and how many patients have and lack a value."""

    smallest: float
    largest: float
    known: int
    missing: int


@dataclass(frozen=True)
class Sheet:
    """One page of a list: how many rows a page holds, and which page it is, from 1."""

    size: int = 1_000
    number: int = 1


FIRST_SHEET = Sheet()


@dataclass(frozen=True)
class Cohort:
    """The patients that a page is about.

    With `complement` they are exactly those of the data set that the filters leave out.
    """

    data: DataSet
    filters: Filters = Filters()
    complement: bool = False

    @classmethod
    def of(cls, columns: Mapping[str, Sequence[object]], **filters: object) -> "Cohort":
        """Return a cohort made of columns, for examples and tests.

        Examples
        --------
        >>> Cohort.of({"arm": ["evt", "control"], "infarct_volume_ml": [1.0, None]}).patients
        2
        """
        frame = pd.DataFrame(dict(columns))
        if "subject_id" not in frame:
            frame.insert(0, "subject_id", [f"S{i:03d}" for i in range(1, len(frame) + 1)])
        data = make_data_set(frame, name="Example", digest=digest_of(frame))
        return cls(data, Filters(tuple(sorted(filters.items()))))  # ty: ignore[invalid-argument-type]

    def counts(self, strata: Sequence[str] = (), values: Sequence[str] = ()) -> pd.DataFrame:
        """Count the patients at every combination of levels and values.

        Parameters
        ----------
        strata : sequence of str
            Grouping variables; the column holds level codes, "missing" included.
        values : sequence of str
            Variables as they are; a missing value is NaN.

        Returns
        -------
        DataFrame
            `patients` (int) and one column for each name; only combinations that occur.
        """
        return self._query("counts", strata=strata, values=values)

    def subgroups(self, value: str, names: Sequence[str]) -> pd.DataFrame:
        """Count the patients at every value in every subgroup of one to three variables.

        Parameters
        ----------
        value : str
            A variable as it is; missing is NaN.
        names : sequence of str
            Grouping variables.

        Returns
        -------
        DataFrame
            `patients` (int), `arm`, the value, and one column of level codes for each name, None
            where the subgroup is not made of it.
        """
        strata = ["arm", *names]
        columns = ["arm", value, *names]
        return self._query(
            "subgroups", strata=strata, values=[value], columns=columns, sets=columns
        )

    def rows(self, strata: Sequence[str] = (), values: Sequence[str] = ()) -> pd.DataFrame:
        """Return the patients, one row each, ordered by `subject_id`; columns as in `counts`."""
        return self._query("rows", strata=strata, values=values)

    def listing(
        self,
        names: Sequence[str],
        *,
        search: str = "",
        sort: str = "",
        descending: bool = False,
        sheet: Sheet = FIRST_SHEET,
    ) -> tuple[pd.DataFrame, int]:
        """Return one page of the patients, and how many there are on all pages.

        Parameters
        ----------
        names : sequence of str
            The columns; a missing value is None or NaN. `subject_id` is always one.
        search : str
            Keep the patients who have this text in one of the columns (`data/search.py`).
        sort : str
            The variable to sort by, missing values last; else, and among equals, `subject_id`.
        descending : bool
            Whether large values come first.
        sheet : Sheet
            Which page.
        """
        columns = [self.variable(name) for name in dict.fromkeys(["subject_id", *names])]
        kept = searched(selection(self.filters, complement=self.complement), search, columns)
        counted = self.data.store.query("matching", kept)
        bounds = (("limit", sheet.size), ("offset", (sheet.number - 1) * sheet.size))
        page = replace(kept, parameters=(*kept.parameters, *bounds))
        by = [sort] if sort and sort != "subject_id" else []
        rows = self.data.store.query(
            "listing",
            page,
            values=[variable.name for variable in columns[1:]],
            ascending=[] if descending else by,
            descending=by if descending else [],
        )
        return rows, int(counted["patients"].iloc[0])

    def flow(self, names: Sequence[str]) -> Flow:
        """Return how many patients are left once all these variables have to be recorded."""
        counted = self._query("flow", complete=names)
        complete = int(counted["complete"].iloc[0])
        patients = int(counted["patients"].iloc[0])
        return Flow(self.data.patients, patients, complete, complete)

    def extremes(self, name: str) -> Extremes:
        """Return the ends of a continuous variable; NaN when nobody has it recorded."""
        found = self._query("extremes", value=[name]).iloc[0]
        return Extremes(
            float(found["smallest"]),
            float(found["largest"]),
            int(found["known"]),
            int(found["missing"]),
        )

    def _query(self, name: str, **slots: Sequence[str]) -> pd.DataFrame:
        chosen = selection(self.filters, complement=self.complement)
        return self.data.store.query(name, chosen, **slots)

    def variable(self, name: str) -> "Variable":
        """Return one variable of the data set."""
        return self.data.variable(name)

    @property
    def patients(self) -> int:
        """Return the number of patients in the cohort."""
        return int(self.counts()["patients"].sum())

    @property
    def is_whole(self) -> bool:
        """Tell whether these are all patients of the data set."""
        return not self.filters and not self.complement

    @property
    def others(self) -> "Cohort":
        """Return the patients of the data set that are not in this cohort."""
        return Cohort(self.data, self.filters, not self.complement)

    @property
    def whole(self) -> "Cohort":
        """Return all patients of the data set."""
        return Cohort(self.data)

    def keeping(self, picked: Filters) -> "Cohort":
        """Return the patients of this cohort whom further choices keep.

        Raises
        ------
        ValueError
            If this is a complement: its filters say who is out, not who is in.
        """
        if self.complement:
            msg = "The patients of a complement cannot be narrowed; narrow the cohort itself."
            raise ValueError(msg)
        filters = self.filters
        for name, choice in picked.choices:
            filters = filters.replacing(name, both(filters.get(name), choice))
        return Cohort(self.data, filters)

    def at(self, name: str, *codes: str) -> "Cohort":
        """Return the patients of this cohort at some levels of one variable."""
        return self.keeping(Filters(((name, Levels(codes)),)))

    def ranging(self, name: str, low: float | None, high: float | None) -> "Cohort":
        """Return the patients of this cohort whose known value lies in [low, high]."""
        return self.keeping(Filters(((name, Range(low, high)),)))

    def ignoring(self, name: str) -> "Cohort":
        """Return the cohort without the filter on one variable."""
        return Cohort(self.data, self.filters.replacing(name, None), self.complement)

    @property
    def words(self) -> str:
        """Return the cohort as a reader says it: "endovascular arm, ICA occlusion"."""
        if not self.filters:
            return "no patients" if self.complement else "all patients"
        chosen = ", ".join(in_words(self.filters, self.data.by_name))
        return f"everyone outside the subgroup of {chosen}" if self.complement else chosen

    @property
    def sentence(self) -> str:
        """Return the cohort in words with its size: "ICA occlusion: 84 of 315 patients"."""
        words = sentence_case(self.words)
        return f"{words}: {self.patients:,} of {self.data.patients:,} patients"

    def hidden_groups(
        self, names: Sequence[str] = (), *, of_values: bool = False
    ) -> frozenset[tuple[str, ...]]:
        """Return which groups of these patients are too small to be shown, or would give one away.

        Parameters
        ----------
        names : sequence of str
            Grouping variables; those that these data lack make no groups.
        of_values : bool
            Whether values of the groups are added up, as in means, and not only their patients.

        Returns
        -------
        frozenset of tuple of str
            Level codes in the order of the names that the data have; nothing where the data set
            shows all groups.
        """
        if not self.data.hides_small_numbers:
            return frozenset()
        known = [name for name in names if self.data.has(name)]
        within = {
            name: choice.codes
            for name, choice in self.filters.choices
            if isinstance(choice, Levels) and self.variable(name).is_grouping
        }
        rule = self.data.small_sums if of_values else self.data.small_numbers
        # Of a complement a group is the whole minus the cohort's, so both must be shown.
        of_all = rule.hidden_groups(known, {}) if self.complement else frozenset()
        return rule.hidden_groups(known, within) | of_all

    def undescribed_groups(self, names: Sequence[str], value: str) -> frozenset[tuple[str, ...]]:
        """Return which groups of these patients have too few values for their quantiles.

        Parameters
        ----------
        names : sequence of str
            Grouping variables; those that these data lack make no groups.
        value : str
            What is described.
        """
        known = [name for name in names if self.data.has(name)]
        if not self.data.hides_small_numbers or not self.data.has(value):
            return frozenset()
        counted = self.counts(known, [value]).dropna(subset=[value])
        patients: dict[tuple[str, ...], int] = {}
        columns = [counted[name] for name in known]
        for *codes, n in zip(*columns, counted["patients"], strict=True):
            patients[tuple(codes)] = patients.get(tuple(codes), 0) + int(n)
        return frozenset(g for g, n in patients.items() if n < self.data.fewest_described)

    def hides(self, name: str, code: str, *others: tuple[str, str]) -> bool:
        """Tell whether the group at one level, and at levels of other variables, is hidden."""
        pairs = ((name, code), *others)
        return tuple(c for _, c in pairs) in self.hidden_groups([n for n, _ in pairs])

    @property
    def too_small(self) -> str:
        """Return why these patients are not shown, or nothing where they are."""
        data = self.data
        if not data.hides_small_numbers or not self.filters:
            return ""
        fewest = f"groups of fewer than {data.smallest_cell} patients are not shown"
        for name, choice in self.filters.choices:
            variable = self.variable(name)
            if not (isinstance(choice, Levels) and variable.is_grouping):
                return (
                    f"With these data {fewest}, so nobody can be chosen by {variable.in_text}. "
                    "Use a variable with groups instead."
                )
        if self.hidden_groups():
            return (
                f"With these data {fewest}. These filters single out such a group, or would let "
                "one be worked out: remove a filter or choose more levels."
            )
        return ""

    @property
    def filters_after_randomisation(self) -> tuple["Variable", ...]:
        """Return the filtered variables whose value treatment may have changed."""
        chosen = (self.data.variable(name) for name in self.filters.names)
        return tuple(variable for variable in chosen if variable.is_after_randomisation)

    @property
    def digest(self) -> str:
        """Return a stable name of exactly these patients: a SHA-256 of data set and filters."""
        record = [self.data.digest, to_query(self.filters), self.complement]
        return hashlib.sha256(json.dumps(record).encode()).hexdigest()
