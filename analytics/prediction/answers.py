"""The answers of the prediction view: how well infarct volume tells the outcome."""

from functools import partial

from analytics.answer import Answer
from analytics.prediction.discordance import Discordance, find_discordant
from analytics.prediction.discrimination import Discrimination, discriminate
from analytics.prediction.tables import discordance_table, discrimination_table
from analytics.request import Request
from analytics.trial import ADJUSTED_FOR


def discrimination(request: Request) -> Answer[Discrimination]:
    """Ask how well infarct volume tells who is independent, and what it adds."""
    return Answer(
        request,
        "discrimination",
        "How well volume tells who is independent",
        lambda: discriminate(request.cohort),
        partial(discrimination_table, show_p=request.shows_p(planned=False)),
        planned=False,
        groups=(("mrs_0_2",), *request.groups_by(ADJUSTED_FOR)),
    )


def discordance(request: Request) -> Answer[Discordance]:
    """Ask who does badly with a small infarct and well with a large one."""
    return Answer(
        request,
        "discordance",
        "Small infarct, poor outcome; large infarct, good outcome",
        lambda: find_discordant(request.cohort),
        discordance_table,
        planned=False,
        is_of_single_patients=True,
    )
