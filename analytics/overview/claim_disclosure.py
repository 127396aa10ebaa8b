"""Which published figures are not set beside these data, as they would tell of a small group."""

from collections.abc import Iterable, Sequence

from analytics.overview.claim_choices import choice_of
from analytics.trial import VOLUME
from data.cohort import Cohort
from data.filters import Levels
from data.published import Figure
from data.variables import MISSING

_SUMS = ("mean", "SD")


def tells_of_few(figure: Figure, cohort: Cohort) -> bool:
    """Tell whether a figure's value here would show too small a group, or give one away.

    A count of several levels is shown where each of them may be; one of a level that is hidden is
    hidden too.

    Raises
    ------
    AnalysisError
        If the figure's words mean nothing in these data.
    """
    if not cohort.data.hides_small_numbers:
        return False
    within = tuple(name for name in (*figure.where, figure.groups) if _groups(name, cohort))
    counted = (figure.of,) if figure.kind.counts and _groups(figure.of, cohort) else ()
    names = tuple(dict.fromkeys((*within, *counted)))
    hidden = cohort.hidden_groups(names, of_values=figure.measure in _SUMS)
    if not counted and figure.of == VOLUME:
        hidden |= cohort.undescribed_groups(names, VOLUME)
    if any(_is_of(figure, cohort, names, codes) for codes in hidden):
        return True
    return any(_some(cohort.hidden_groups([name])) for name in _modelled(figure, cohort))


def _groups(name: str, cohort: Cohort) -> bool:
    return bool(name) and cohort.data.has(name) and cohort.variable(name).is_grouping


def _is_of(figure: Figure, cohort: Cohort, names: Sequence[str], codes: Sequence[str]) -> bool:
    """Tell whether a figure is about a group; of who lacks a value it tells nothing."""
    if MISSING in codes:
        return False
    meant = dict(figure.where)
    if figure.kind.counts:
        meant[figure.of] = figure.values_meant
    for name, code in zip(names, codes, strict=True):
        choice = choice_of(cohort.variable(name), meant[name]) if name in meant else None
        if isinstance(choice, Levels) and code not in choice.codes:
            return False
    return True


def _modelled(figure: Figure, cohort: Cohort) -> tuple[str, ...]:
    """Return the variables of a figure's model that make groups."""
    plan = cohort.data.trial.plan
    names: tuple[str, ...] = figure.adjusted_for
    if plan is not None and figure.measure.startswith("adjusted"):
        names = names or plan.adjusted_for
    if plan is not None and figure.measure.startswith("volume model"):
        names = plan.volume_terms
    if plan is not None and figure.measure.startswith("mRS model"):
        names = plan.mrs_terms
    return tuple(name for name in names if _groups(name, cohort))


def _some(groups: Iterable[Sequence[str]]) -> bool:
    return any(MISSING not in codes for codes in groups)
