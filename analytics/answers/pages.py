"""The one list: every page, its answers, and the settings that shape them.

`python -m analytics.answers` prints it as one JSON document; the pages show it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analytics.answer import Answer
from analytics.mediation import answers as mediation
from analytics.odds import answers as odds
from analytics.outcomes import answers as outcomes
from analytics.overview import answers as overview
from analytics.patients import answers as patients
from analytics.prediction import answers as prediction
from analytics.predictors import answers as predictors
from analytics.reference import answers as methods
from analytics.request import Request, Setting
from analytics.subgroups import answers as subgroups
from analytics.volumes import answers as volumes
from analytics.win_ratio import answers as win_ratio


@dataclass(frozen=True)
class PageAnswers:
    """The answers of one page, and the settings that shape them."""

    answers: Callable[[Request], tuple[Answer, ...]]
    settings: tuple[Setting, ...] = ()


def _overview(request: Request) -> tuple[Answer, ...]:
    """Return the answers of the overview: in short, and whether volume explains it, as mediation.

    The page's question is that of mediation, so it shows mediation's own answer: one result.
    """
    return (
        *(overview.headline(request), mediation.effects(request)),
        *(overview.patient_flow(request), overview.baseline(request)),
        *((overview.claims(request),) if request.cohort.data.trial.published else ()),
    )


def _outcomes(request: Request) -> tuple[Answer, ...]:
    """Return the answers of the outcomes page, which holds four questions."""
    return (
        *(outcomes.distribution(request), outcomes.outcomes(request), outcomes.shift(request)),
        *(*odds.proportionality(request), *odds.relaxed(request)),
        *(outcomes.curves(request), outcomes.model(request)),
        *(prediction.discrimination(request), prediction.discordance(request)),
        win_ratio.wins(request),
    )


PAGES: Mapping[str, PageAnswers] = {
    "overview": PageAnswers(_overview, mediation.SETTINGS),
    "volumes": PageAnswers(volumes.answers, volumes.SETTINGS),
    "predictors": PageAnswers(predictors.answers, predictors.SETTINGS),
    "outcomes": PageAnswers(_outcomes, (*outcomes.SETTINGS, *odds.SETTINGS, *win_ratio.SETTINGS)),
    "subgroups": PageAnswers(subgroups.answers, subgroups.SETTINGS),
    "mediation": PageAnswers(mediation.answers, mediation.SETTINGS),
    "patients": PageAnswers(patients.answers, patients.SETTINGS),
    "methods": PageAnswers(methods.answers),
}
