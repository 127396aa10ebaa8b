"""A declared plan of analysis: its names, as the sheet writes them, -> variables of the data."""

from collections.abc import Mapping

from data.intake.report import Problem, Read, problem_in
from data.trial import UNDECLARED, Plan, Trial
from data.trial_sheet.form import PlanSection
from data.variables import derived, recorded


def declared(plan: PlanSection | None, own: Mapping[str, str]) -> Read[Trial]:
    """Return the trial as its sheet declares it.

    A variable of the registry that this file lacks stays in the plan: the analyses say that they
    go without it. Any other name must be a column that is kept.

    Parameters
    ----------
    plan : PlanSection or None
        What the sheet says; None leaves the trial without a plan.
    own : mapping of str to str
        The variable that each kept column of the file becomes.
    """
    if plan is None:
        return Read(UNDECLARED)
    known = {variable.name for variable in (*recorded(), *derived())}
    known |= set(own.values())
    problems: list[Problem] = []
    said: dict[str, tuple[str, ...]] = {}
    for field in Plan.OF_VARIABLES:
        names = tuple(own.get(name, name) for name in getattr(plan, field))
        problems += [_unknown(name, field) for name in names if name not in known]
        said[field] = names
    return Read(Trial(Plan(plan.declared_in, **said)), problems=tuple(problems))


def _unknown(name: str, field: str) -> Problem:
    return problem_in(
        "",
        found=f"'{name}' in '{field}' of the trial sheet's plan",
        expected="a variable's name, or a column that is kept",
        remedy="Correct the name in the sheet.",
    )
