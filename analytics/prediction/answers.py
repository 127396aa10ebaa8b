"""The answers of the prediction view: how well infarct volume tells the outcome."""

from analytics.answer import OF_PATIENTS, Answer, OfGroups
from analytics.prediction.discordance import Discordance, find_discordant
from analytics.prediction.discrimination import Discrimination, discriminate
from analytics.prediction.tables import discordance_table, discrimination_table
from analytics.request import Request
from analytics.trial import ADJUSTED_FOR, MRS, VOLUME


def discrimination(request: Request) -> Answer[Discrimination]:
    """Ask how well infarct volume tells who is independent, and what it adds."""
    return Answer(
        request=request,
        id="discrimination",
        title="How well volume tells who is independent",
        find=lambda: discriminate(request.cohort),
        tabulate=discrimination_table,
        planned=False,
        needs=(MRS, VOLUME, *ADJUSTED_FOR),
        tells_of=OfGroups((("mrs_0_2",), *request.groups_by(ADJUSTED_FOR))),
    )


def discordance(request: Request) -> Answer[Discordance]:
    """Ask who does badly with a small infarct and well with a large one."""
    return Answer(
        request=request,
        id="discordance",
        title="Small infarct, poor outcome; large infarct, good outcome",
        find=lambda: find_discordant(request.cohort),
        tabulate=discordance_table,
        planned=False,
        needs=(MRS, VOLUME),
        tells_of=OF_PATIENTS,
    )
