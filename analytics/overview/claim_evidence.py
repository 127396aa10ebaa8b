"""The evidence of published figures: a cohort with the counts and models that several share."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.kernels.weighted_sample import WeightedSample
from analytics.outcomes.model import MrsModel, model_mrs
from analytics.outcomes.plan import MrsPlan
from analytics.overview.claim_choices import (
    choice_of,
    is_missing,
    keeps,
    known_codes,
    require_countable,
)
from analytics.predictors.model import VolumeModel, model_volume
from analytics.predictors.plan import VolumePlan
from analytics.results import AnalysisError
from data.cohort import Cohort
from data.filters import Filters, Levels
from data.published import Figure
from data.trial import Plan
from data.variables import Variable

T = TypeVar("T")


def require_number(variable: Variable) -> None:
    """Refuse a variable whose values are no numbers.

    Raises
    ------
    AnalysisError
        If it is one.
    """
    if not variable.is_numeric:
        msg = f"{variable.in_text} is not a number"
        raise AnalysisError(msg)


def _volume_on(cohort: Cohort, terms: tuple[str, ...]) -> VolumeModel:
    return model_volume(cohort, VolumePlan(terms=terms))


def _mrs_on(cohort: Cohort, terms: tuple[str, ...]) -> MrsModel:
    return model_mrs(cohort, MrsPlan(terms=terms))


@dataclass(frozen=True, eq=False)
class Evidence:
    """A cohort with the counts and models that several figures share, each made once."""

    cohort: Cohort

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is made once; what cannot be made is not tried again for each figure."""
        if key not in self._made:
            try:
                self._made[key] = make()
            except AnalysisError as error:
                self._made[key] = error
        if isinstance(self._made[key], AnalysisError):
            raise self._made[key]
        return self._made[key]

    @property
    def plan(self) -> Plan | None:
        """Return what the trial declared that it would analyse."""
        return self.cohort.data.trial.plan

    def variable(self, name: str) -> Variable:
        """Return a variable of the data set."""
        return self.cohort.variable(name)

    def require_terms(self, names: Sequence[str]) -> None:
        """Refuse a model with what identifies patients or is their outcome.

        Raises
        ------
        AnalysisError
            If one of its variables is such.
        """
        held = [self.variable(name) for name in names if self.cohort.data.has(name)]
        wrong = [v.in_text for v in held if v.kind == "identifier" or v.role == "outcome"]
        if wrong:
            msg = f"no model holds {' or '.join(wrong)} among its variables"
            raise AnalysisError(msg)

    def _counted(self, names: Sequence[str]) -> pd.DataFrame:
        strata = tuple(name for name in names if self.variable(name).is_grouping)
        values = tuple(name for name in names if name not in strata)
        return self._once(
            ("counts", strata, values), lambda: self.cohort.counts(list(strata), list(values))
        )

    def among(self, figure: Figure) -> pd.DataFrame:
        """Count the patients a figure is about, by what it is of and by what it compares.

        Returns
        -------
        DataFrame
            `patients` (int) and a column for each variable: codes of a grouping one, values of
            another, missing ones included.
        """
        names = sorted({name for name in (figure.of, figure.groups, *figure.where) if name})
        counted = self._counted(names)
        kept = np.ones(len(counted), dtype=bool)
        for name, texts in figure.where.items():
            choice = choice_of(self.variable(name), texts)
            require_countable(self.cohort.data, self.variable(name), choice)
            kept &= keeps(choice, counted[name])
        return counted[kept]

    def patients_of(self, figure: Figure) -> Cohort:
        """Return the patients a figure is about as a cohort."""
        filters = Filters()
        for name, texts in figure.where.items():
            choice = choice_of(self.variable(name), texts)
            require_countable(self.cohort.data, self.variable(name), choice)
            filters = filters.replacing(name, choice)
        return self.cohort.keeping(filters) if filters else self.cohort

    def known(self, figure: Figure, counted: pd.DataFrame) -> NDArray[np.bool_]:
        """Tell in which rows the value that a figure is of is known."""
        variable = self.variable(figure.of)
        if variable.is_grouping:
            return keeps(Levels(known_codes(variable)), counted[figure.of])
        return ~is_missing(counted[figure.of])

    def sample(self, figure: Figure, counted: pd.DataFrame) -> WeightedSample:
        """Return the known values of what a figure is of.

        Raises
        ------
        AnalysisError
            If they are no numbers.
        """
        require_number(self.variable(figure.of))
        known = counted[self.known(figure, counted)]
        values, places = np.unique(known[figure.of].to_numpy(dtype=float), return_inverse=True)
        weights = known["patients"].to_numpy(dtype=float)
        return WeightedSample(values, np.bincount(places, weights, len(values)).astype(np.int64))

    def counted_of(self, figure: Figure, counted: pd.DataFrame) -> tuple[int, int]:
        """Return how many patients have the values that a figure counts, and of how many."""
        variable = self.variable(figure.of)
        choice = choice_of(variable, figure.values_meant)
        require_countable(self.cohort.data, variable, choice)
        known = counted[self.known(figure, counted)]
        patients = known["patients"].to_numpy(dtype=np.int64)
        return int(patients[keeps(choice, known[figure.of])].sum()), int(patients.sum())

    def volume_model(self, figure: Figure) -> VolumeModel:
        """Return the plan's model of infarct volume in a figure's patients.

        Raises
        ------
        AnalysisError
            If the plan declares none, or it cannot be fitted.
        """
        return self._planned("volume_terms", figure, _volume_on)

    def mrs_model(self, figure: Figure) -> MrsModel:
        """Return the plan's model of the mRS in a figure's patients.

        Raises
        ------
        AnalysisError
            If the plan declares none, or it cannot be fitted.
        """
        return self._planned("mrs_terms", figure, _mrs_on)

    def _planned(
        self, field: str, figure: Figure, fit: Callable[[Cohort, tuple[str, ...]], T]
    ) -> T:
        """Return a model of the terms in one of the plan's fields, fitted once."""
        terms = () if self.plan is None else getattr(self.plan, field)
        if not terms:
            msg = f"the plan declares no {field}"
            raise AnalysisError(msg)
        self.require_terms(terms)
        cohort = self.patients_of(figure)
        return self._once((field, str(figure.where)), lambda: fit(cohort, terms))
