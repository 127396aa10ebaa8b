"""The answers of the methods page: definitions, comparison with R, data dictionary."""

from analytics.answer import OF_NOBODY, Answer
from analytics.reference.checked_against_r import CheckedAgainstR, checks_table, list_checks
from analytics.reference.dictionary import (
    Dictionary,
    MethodList,
    describe_variables,
    dictionary_table,
    list_methods,
    methods_table,
)
from analytics.request import Request


def answers(request: Request) -> tuple[Answer, ...]:
    """Return everything the page says."""
    return (definitions(request), checked(request), dictionary(request))


def definitions(request: Request) -> Answer[MethodList]:
    """Ask what every estimand, test, model and drawing is."""
    return Answer(
        request=request,
        id="definitions",
        title="Estimands, tests and models",
        find=lambda: list_methods(request.cohort),
        tabulate=methods_table,
        planned=None,
        needs=(),
        tells_of=OF_NOBODY,
    )


def checked(request: Request) -> Answer[CheckedAgainstR]:
    """Ask how closely the statistics agree with R."""
    return Answer(
        request=request,
        id="checked-against-r",
        title="Checked against R",
        find=lambda: list_checks(request.cohort),
        tabulate=checks_table,
        planned=None,
        needs=(),
        tells_of=OF_NOBODY,
    )


def dictionary(request: Request) -> Answer[Dictionary]:
    """Ask what every variable is."""
    return Answer(
        request=request,
        id="dictionary",
        title="Data dictionary",
        find=lambda: describe_variables(request.cohort),
        tabulate=dictionary_table,
        planned=None,
        needs=(),
        tells_of=OF_NOBODY,
    )
