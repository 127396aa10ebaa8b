"""What a trial declares of itself: names as its sheet writes them -> variables of the data."""

from collections.abc import Mapping

from data.intake.report import Decision, Problem, Read, problem_in
from data.published import Figure
from data.trial import Trial
from data.trial_sheet.form import TrialSheet
from data.variables import derived, recorded

_NOT_STATED = (
    "Nobody said whether patients were randomised: differences between the arms are told as such. "
    "'randomised = true' or 'false' under [design] in the trial sheet says it."
)
_OBSERVATIONAL = (
    "Nobody was randomised, as the trial sheet says: differences between the groups are told as "
    "associations."
)


def declared(sheet: TrialSheet, own: Mapping[str, str], *, has_arms: bool = True) -> Read[Trial]:
    """Return the trial as its sheet declares it.

    A variable of the registry that this file lacks stays in the plan and in a published figure:
    the analyses say that they go without it. Any other name must be a column that is kept.

    Parameters
    ----------
    sheet : TrialSheet
    own : mapping of str to str
        The variable that each kept column of the file becomes.
    has_arms : bool
        Whether there are arms to which patients came by chance, or not.
    """
    known = {variable.name for variable in (*recorded(), *derived())}
    known |= set(own.values())
    trial = sheet.trial.naming(own)
    problems = [_unknown(name, place) for name, place in trial.named if name not in known]
    problems += [_without_source(figure) for figure in trial.without_source]
    said = {None: (_NOT_STATED,), False: (_OBSERVATIONAL,), True: ()}[trial.randomised]
    decisions = tuple(Decision("", "", what) for what in said if has_arms)
    return Read(trial, decisions, tuple(problems))


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
