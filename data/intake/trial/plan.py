"""A declared design and plan: their names, as the sheet writes them, -> variables of the data."""

from collections.abc import Mapping
from dataclasses import replace

from data.intake.report import Decision, Problem, Read, problem_in
from data.trial import UNDECLARED, Plan, Trial
from data.trial_sheet.form import DesignSection, PlanSection
from data.variables import derived, recorded

_NOT_STATED = (
    "Nobody said whether patients were randomised: differences between the arms are told as such. "
    "'randomised = true' or 'false' under [design] in the trial sheet says it."
)
_OBSERVATIONAL = (
    "Nobody was randomised, as the trial sheet says: differences between the groups are told as "
    "associations."
)


def declared(
    plan: PlanSection | None,
    own: Mapping[str, str],
    design: DesignSection = DesignSection(),  # noqa: B008  # frozen
    *,
    has_arms: bool = True,
) -> Read[Trial]:
    """Return the trial as its sheet declares it.

    A variable of the registry that this file lacks stays in the plan: the analyses say that they
    go without it. Any other name must be a column that is kept.

    Parameters
    ----------
    plan : PlanSection or None
        What the sheet says; None leaves the trial without a plan.
    own : mapping of str to str
        The variable that each kept column of the file becomes.
    design : DesignSection
        How patients came to their arms, as far as the sheet says.
    has_arms : bool
        Whether there are arms to have come to.
    """
    said_of = {None: (_NOT_STATED,), False: (_OBSERVATIONAL,), True: ()}[design.randomised]
    decisions = tuple(Decision("", "", what) for what in said_of if has_arms)
    problems: list[Problem] = []
    strata = _known_names(design.stratified_by, own)
    problems += [
        _unknown(name, "stratified_by", "design") for name in strata if name not in _known(own)
    ]
    trial = replace(UNDECLARED, randomised=design.randomised, stratified_by=strata)
    if plan is None:
        return Read(trial, decisions, tuple(problems))
    known = _known(own)
    said: dict[str, tuple[str, ...]] = {}
    for field in Plan.OF_VARIABLES:
        names = _known_names(getattr(plan, field), own)
        problems += [_unknown(name, field) for name in names if name not in known]
        said[field] = names
    trial = replace(trial, plan=Plan(plan.declared_in, **said))
    return Read(trial, decisions, tuple(problems))


def _known(own: Mapping[str, str]) -> frozenset[str]:
    return frozenset({v.name for v in (*recorded(), *derived())} | set(own.values()))


def _known_names(names: tuple[str, ...], own: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(own.get(name, name) for name in names)


def _unknown(name: str, field: str, section: str = "plan") -> Problem:
    return problem_in(
        "",
        found=f"'{name}' in '{field}' of the trial sheet's {section}",
        expected="a variable's name, or a column that is kept",
        remedy="Correct the name in the sheet.",
    )
