"""The answers of the methods page: definitions, comparison with R, data dictionary."""

from analytics.answer import Answer
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
        request,
        "definitions",
        "Estimands, tests and models",
        lambda: list_methods(request.cohort),
        methods_table,
        is_analysis=False,
    )


def checked(request: Request) -> Answer[CheckedAgainstR]:
    """Ask how closely the statistics agree with R."""
    return Answer(
        request,
        "checked-against-r",
        "Checked against R",
        lambda: list_checks(request.cohort),
        checks_table,
        is_analysis=False,
    )


def dictionary(request: Request) -> Answer[Dictionary]:
    """Ask what every variable is."""
    return Answer(
        request,
        "dictionary",
        "Data dictionary",
        lambda: describe_variables(request.cohort),
        dictionary_table,
        is_analysis=False,
    )
