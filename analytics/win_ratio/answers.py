"""The answer of the wins view: which arm wins more pairs of patients."""

from collections.abc import Mapping

from analytics.answer import Answer, OfGroups
from analytics.request import Request, Setting, fixed
from analytics.trial import ARM, MRS, VOLUME
from analytics.win_ratio.comparison import MARGINS, ORDER, WinRatio, compare_hierarchically
from analytics.win_ratio.tables import win_ratio_table
from data.data_set import DataSet

_OUTCOMES = {"dead": "Death", "mrs": "mRS", "volume": "Infarct volume"}
_NEEDS = {"dead": MRS, "mrs": MRS, "volume": VOLUME}


def _orders(data: DataSet) -> Mapping[str, str]:
    """Return every outcome that the data hold, of which an order has one or several."""
    return {name: label for name, label in _OUTCOMES.items() if data.has(_NEEDS[name])}


IN_ORDER = Setting("win-order", "In this order", _orders, lambda _: ORDER, most=len(ORDER))
MRS_BY = fixed(
    "mrs-margin", "mRS decides from", {"1": "1 point", "2": "2 points", "3": "3 points"}
)
VOLUME_BY = fixed(
    "volume-margin",
    "Volume decides from",
    {"0": "any difference", "5": "5 mL", "10": "10 mL", "20": "20 mL"},
)
SETTINGS = (IN_ORDER, MRS_BY, VOLUME_BY)


def wins(request: Request) -> Answer[WinRatio]:
    """Ask which arm wins more pairs of patients, outcome by outcome."""
    margins = {**MARGINS, "mrs": int(request.one(MRS_BY)), "volume": float(request.one(VOLUME_BY))}
    return Answer(
        request=request,
        id="win-ratio",
        title="Hierarchical win ratio",
        find=lambda: compare_hierarchically(request.cohort, request.several(IN_ORDER), margins),
        tabulate=win_ratio_table,
        planned=False,
        # Volume alone is no hierarchy: the volumes page compares it.
        needs=(
            ARM,
            *(_NEEDS[name] for name in request.several(IN_ORDER)),
            *(() if request.cohort.data.has(MRS) else (MRS,)),
        ),
        tells_of=OfGroups(((ARM, MRS),)),
    )
