"""Every answer of every page, once: the pages show this list and the command prints it.

`python -m analytics.answers` prints it as one JSON document; each module holds the answers of
the page of its name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analytics.answers import (
    mediation,
    methods,
    outcomes,
    overview,
    patients,
    predictors,
    subgroups,
    volumes,
)
from analytics.answers.answer import Answer
from analytics.asked import Asked, Setting

__all__ = ["PAGES", "Answer", "PageAnswers"]


@dataclass(frozen=True)
class PageAnswers:
    """The answers of one page, and the settings that shape them."""

    answers: Callable[[Asked], tuple[Answer, ...]]
    settings: tuple[Setting, ...] = ()


PAGES: Mapping[str, PageAnswers] = {
    "overview": PageAnswers(overview.answers),
    "volumes": PageAnswers(volumes.answers, volumes.SETTINGS),
    "predictors": PageAnswers(predictors.answers, predictors.SETTINGS),
    "outcomes": PageAnswers(outcomes.answers, outcomes.SETTINGS),
    "subgroups": PageAnswers(subgroups.answers, subgroups.SETTINGS),
    "mediation": PageAnswers(mediation.answers, mediation.SETTINGS),
    "patients": PageAnswers(patients.answers, patients.SETTINGS),
    "methods": PageAnswers(methods.answers),
}
