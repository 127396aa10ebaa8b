"""Terms of a proportional-odds model that may have their own odds ratio at every cut-point."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.kernels.newton import Maximum
from analytics.kernels.partial_proportional_odds import PartialFit, relax_columns
from analytics.kernels.proportional_odds import maximise, start_of
from analytics.kernels.rows import ModelRows
from analytics.kernels.types import SEPARATION, FitError
from analytics.models.design import Design
from analytics.models.terms import Term
from analytics.results import Absent, AnalysisError
from analytics.trial import DEAD

_LACKS_SCORE = Absent("not estimable: a level lacks a score, so no finite estimate exists")
_RAN_AWAY = Absent(
    "not estimable: with its own odds ratio at every cut-point a variable separates scores, so no "
    "finite estimate exists"
)


@dataclass(frozen=True, eq=False)
class SharedOdds:
    """Proportional odds in every term of a design, from which terms can be relaxed.

    Attributes
    ----------
    design : Design
    rows : ModelRows
    together : Maximum or Absent
        The fit on centred, scaled columns.
    """

    design: Design
    rows: ModelRows
    together: Maximum | Absent

    @classmethod
    def of(cls, design: Design) -> "SharedOdds":
        """Fit proportional odds.

        Raises
        ------
        FitError
            If no model can be fitted to these rows, all scores being equal.
        """
        rows = ModelRows.of(design.matrix, design.outcome, design.weights)
        try:
            return cls(design, rows, maximise(rows, start_of(rows)))
        except FitError as error:
            return cls(design, rows, not_estimable(error))

    def relaxed(self, terms: Sequence[Term]) -> PartialFit | Absent:
        """Return the fit with some terms relaxed, all others keeping one odds ratio.

        Where a level of a relaxed term lacks a score that others have, the likelihood rises for
        ever as that score becomes less likely there.
        """
        if isinstance(self.together, Absent):
            return self.together
        if any(_lacks_score(self.design, term) for term in terms):
            return _LACKS_SCORE
        columns = [column for term in terms for column in term.columns]
        try:
            return relax_columns(self.rows, self.together, columns)
        except FitError as error:
            return _RAN_AWAY if error.reason == SEPARATION else not_estimable(error)


def arm_of(design: Design) -> Term:
    """Return the term of the arm.

    Raises
    ------
    AnalysisError
        If the model goes without it.
    """
    arm = design.term("arm")
    if arm is None:
        msg = (
            "Proportional odds are examined between two arms; in these patients one of them has "
            "fewer than two with everything that the model needs. Widen the filters."
        )
        raise AnalysisError(msg)
    return arm


def not_estimable(error: FitError) -> Absent:
    """Return why a model has no estimate."""
    return Absent(f"not estimable: {str(error).rstrip('.')}")


def cut_label(worst_better: int) -> str:
    """Return the two sides of a cut of the mRS.

    Examples
    --------
    >>> cut_label(2), cut_label(0), cut_label(5)
    ('mRS 0-2 v 3-6', 'mRS 0 v 1-6', 'mRS 0-5 v 6')
    """
    return f"mRS {_scores(0, worst_better)} v {_scores(worst_better + 1, DEAD)}"


def listed(names: Sequence[str], conjunction: str = "and") -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["age"]), listed(["age", "sex", "ASPECTS"])
    ('age', 'age, sex and ASPECTS')
    """
    *most, last = names
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def name_in_text(term: Term) -> str:
    """Return a term as a sentence names it."""
    return "the arm" if term.name == "arm" else term.in_text


def adjustment(design: Design) -> str:
    """Return the sentence about the other variables of the arm's model; empty without any."""
    others = [term.in_text for term in design.terms if term.name != "arm"]
    if not others:
        return ""
    return (
        f"Every odds ratio is adjusted for {listed(others)}; patients without all of these are "
        "left out."
    )


def _lacks_score(design: Design, term: Term) -> bool:
    """Tell whether a level of a grouping variable lacks a score that others have."""
    if term.reference is None:
        return False
    columns = design.matrix[:, list(term.columns)]
    at_level = np.column_stack([columns, 1 - columns.sum(axis=1)]) > 0
    scores = len(np.unique(design.outcome))
    return any(len(np.unique(design.outcome[there])) < scores for there in at_level.T)


def _scores(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
