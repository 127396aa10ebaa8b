"""The one list: every page, its answers, and the settings that shape them.

`python -m analytics.answers` prints it as one JSON document; the pages show it.
"""

from collections.abc import Callable, Collection, Mapping
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
from analytics.trial import ARM, MRS, VOLUME, what_is_lacking
from analytics.volumes import answers as volumes
from analytics.win_ratio import answers as win_ratio


@dataclass(frozen=True)
class PageAnswers:
    """The answers of one page, the settings that shape them, and what it cannot do without.

    `needs` are variables it needs, all of them, `one_of` variables of which one is enough.
    """

    answers: Callable[[Request], tuple[Answer, ...]]
    settings: tuple[Setting, ...] = ()
    needs: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()

    def lacks(self, held: Collection[str]) -> str:
        """Say what data with these variables lack for the page; nothing if it can answer."""
        return what_is_lacking(held, self.needs, self.one_of)

    def unanswerable(self, request: Request) -> str:
        """Say why nothing of the page can be answered of these data; nothing if something can."""
        lacking = self.lacks(request.cohort.data.held)
        reasons = [answer.unanswerable for answer in self.answers(request)]
        return lacking or (reasons[0] if all(reasons) else "")


def _overview(request: Request) -> tuple[Answer, ...]:
    """Return the answers of the overview: in short, and whether volume explains it, as mediation.

    The page's question is that of mediation, so it shows mediation's own answer: one result.
    """
    return (
        *(overview.in_short(request), mediation.effects(request)),
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
    "volumes": PageAnswers(volumes.answers, volumes.SETTINGS, (VOLUME,)),
    "predictors": PageAnswers(predictors.answers, predictors.SETTINGS, (VOLUME,)),
    "outcomes": PageAnswers(
        _outcomes, (*outcomes.SETTINGS, *odds.SETTINGS, *win_ratio.SETTINGS), (MRS,)
    ),
    "subgroups": PageAnswers(subgroups.answers, subgroups.SETTINGS, (ARM,), (VOLUME, MRS)),
    "mediation": PageAnswers(mediation.answers, mediation.SETTINGS, (ARM, VOLUME, MRS)),
    "patients": PageAnswers(patients.answers, patients.SETTINGS),
    "methods": PageAnswers(methods.answers),
}
