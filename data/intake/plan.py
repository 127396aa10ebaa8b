"""What a trial declares of itself: names as its sheet writes them -> variables of the data."""

from collections.abc import Iterator, Mapping

from data.intake.report import Problem, Read, problem_in
from data.published import Figure
from data.trial import Plan, Trial
from data.trial_sheet.form import TrialSheet
from data.variables import derived, recorded


def declared(sheet: TrialSheet, own: Mapping[str, str]) -> Read[Trial]:
    """Return the trial as its sheet declares it.

    A variable of the registry that this file lacks stays in the plan and in a published figure:
    the analyses say that they go without it. Any other name must be a column that is kept.

    Parameters
    ----------
    sheet : TrialSheet
    own : mapping of str to str
        The variable that each kept column of the file becomes.
    """
    known = {variable.name for variable in (*recorded(), *derived())}
    known |= set(own.values())
    problems = [_unknown(name, place) for name, place in _named(sheet, own) if name not in known]
    problems += [_without_source(figure) for figure in _sourceless(sheet)]
    trial = Trial(
        sheet.name,
        sheet.about,
        None if sheet.plan is None else _planned(sheet.plan, own),
        tuple(figure.naming(own) for figure in sheet.published),
        sheet.sources,
        sheet.beside,
    )
    return Read(trial, problems=tuple(problems))


def _planned(plan: Plan, own: Mapping[str, str]) -> Plan:
    return plan.model_copy(
        update={
            field: tuple(own.get(name, name) for name in getattr(plan, field))
            for field in Plan.OF_VARIABLES
        }
    )


def _named(sheet: TrialSheet, own: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Return every variable that a sheet names, and where."""
    if sheet.plan is not None:
        for field in Plan.OF_VARIABLES:
            for name in getattr(sheet.plan, field):
                yield own.get(name, name), f"'{field}' of the trial sheet's plan"
    for number, figure in enumerate(sheet.published, start=1):
        for name in figure.variables:
            yield own.get(name, name), f"published figure {number} of the trial sheet"


def _sourceless(sheet: TrialSheet) -> list[Figure]:
    allowed = {*sheet.sources, *([""] if len(sheet.sources) == 1 else [])}
    return [figure for figure in sheet.published if figure.source not in allowed]


def _unknown(name: str, place: str) -> Problem:
    return problem_in(
        "",
        found=f"'{name}' in {place}",
        expected="a variable's name, or a column that is kept",
        remedy="Correct the name in the sheet.",
    )


def _without_source(figure: Figure) -> Problem:
    return problem_in(
        "",
        found=f"the source '{figure.source}' of a published figure ({figure.measure})",
        expected="the name of one of the sheet's sources",
        remedy="Add [sources.NAME] with its text to the sheet, and name it as the source.",
    )
