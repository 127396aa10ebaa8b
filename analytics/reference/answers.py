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
from analytics.request import Asked


def answers(asked: Asked) -> tuple[Answer, ...]:
    """Return everything the page says."""
    return (definitions(asked), checked(asked), dictionary(asked))


def definitions(asked: Asked) -> Answer[MethodList]:
    """Ask what every estimand, test, model and drawing is."""
    return Answer(
        asked,
        "definitions",
        "Estimands, tests and models",
        lambda: list_methods(asked.cohort),
        methods_table,
        is_analysis=False,
    )


def checked(asked: Asked) -> Answer[CheckedAgainstR]:
    """Ask how closely the statistics agree with R."""
    return Answer(
        asked,
        "checked-against-r",
        "Checked against R",
        lambda: list_checks(asked.cohort),
        checks_table,
        is_analysis=False,
    )


def dictionary(asked: Asked) -> Answer[Dictionary]:
    """Ask what every variable is."""
    return Answer(
        asked,
        "dictionary",
        "Data dictionary",
        lambda: describe_variables(asked.cohort),
        dictionary_table,
        is_analysis=False,
    )
