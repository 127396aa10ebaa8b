"""The answers of the methods page: definitions and the data dictionary."""

from analytics.answers.answer import Answer
from analytics.asked import Asked
from analytics.dictionary import (
    Dictionary,
    MethodList,
    describe_variables,
    dictionary_table,
    list_methods,
    methods_table,
)


def answers(asked: Asked) -> tuple[Answer, ...]:
    """Return everything the page says."""
    return (definitions(asked), dictionary(asked))


def definitions(asked: Asked) -> Answer[MethodList]:
    """Ask what every estimand, test, model and drawing is."""
    return Answer(
        "definitions",
        "Estimands, tests and models",
        lambda: list_methods(asked.cohort),
        methods_table,
    )


def dictionary(asked: Asked) -> Answer[Dictionary]:
    """Ask what every variable is."""
    return Answer(
        "dictionary",
        "Data dictionary",
        lambda: describe_variables(asked.cohort),
        dictionary_table,
    )
