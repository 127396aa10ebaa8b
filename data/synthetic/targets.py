"""What the cohort is calibrated to: the figures of its trial sheet, and what follows from them.

Every figure that is published stands in cohort.trial.toml and nowhere else. Beside them stand the
counts that only arithmetic on printed percentages gives.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from data.data_set import SYNTHETIC_SHEET
from data.published import Certainty, Figure
from data.synthetic.calibration import EMERGED, FOLLOWING
from data.trial_sheet.text import read_sheet
from data.variables import LARGE_VOLUME_ML, SMALL_VOLUME_ML, variable

_TRIAL = read_sheet(SYNTHETIC_SHEET.read_bytes(), SYNTHETIC_SHEET.name).trial
_FIGURES = {figure.id: figure for figure in _TRIAL.published}


@dataclass(frozen=True)
class Target:
    """One figure that the cohort gives.

    Attributes
    ----------
    id : str
        Stable name; the build reports the achieved value under it.
    quantity : str
        What it is.
    published : object
        A number, a list of numbers, or a bound on a p-value such as "< 0.01".
    columns : tuple of str
        The cohort's columns that it is about.
    source, doi, certainty
        As a `Source` has them.
    note : str
    decimals : int
        Published precision.
    """

    id: str
    quantity: str
    published: object
    columns: tuple[str, ...]
    source: str
    doi: str
    certainty: Certainty
    note: str = ""
    decimals: int = 1

    @property
    def is_verdict(self) -> bool:
        """Tell whether only a test's verdict is published, and no number of patients or mL."""
        return isinstance(self.published, str)


def _number(figure: str) -> int:
    return int(_value(figure))


def _value(figure: str) -> float:
    value = _FIGURES[figure].value
    return float(value) if isinstance(value, int | float) else float("nan")


def _pair(figure: str) -> tuple[int, int]:
    count, total = _FIGURES[figure].value  # ty: ignore[not-iterable]  # how many of how many
    return int(count), int(total)


ARM_SIZES = {"evt": _number("n_evt"), "control": _number("n_control")}
MODALITIES = {"MRI": _number("n_mri"), "CT": _number("n_ct")}
SMALL_ML, LARGE_ML = SMALL_VOLUME_ML, LARGE_VOLUME_ML
SMALL_POOR, SMALL_KNOWN = _pair("small_poor")
LARGE_GOOD, LARGE_KNOWN = _pair("large_good")
MEDIAN_RECANALIZED, MEDIAN_NOT = _value("recanalized_median"), _value("not_recanalized_median")
GOOD_MRS, DEAD_MRS = 2, 6
ALTEPLASE = {"evt": _number("alteplase_evt"), "control": _number("alteplase_control")}
EVT_RECANALIZED, EVT_ASSESSED = _pair("recanalized_evt")
LATE_AFTER_MIN, SIX_HOURS_MIN = 330, 360
LATE = {"evt": _number("late_0"), "control": _number("late_1")}
MRS_COUNTS = {"evt": (24, 34, 29, 27, 21, 12, 17), "control": (10, 15, 18, 22, 36, 18, 28)}
LATE_GOOD = {"evt": (16, 33), "control": (7, 24)}


def _columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return the recorded columns that some variables are made of."""
    found = (variable(name).needs or (name,) for name in names)
    return tuple(dict.fromkeys(column for columns in found for column in columns))


def _target(figure: Figure) -> Target:
    source = _TRIAL.source_of(figure)
    outcome = {"volume model p": "infarct_volume_ml", "mRS model p": "mrs_90d"}
    shifted = ("mrs_90d",) if "common odds ratio" in figure.measure else ()
    modelled = (outcome[figure.measure],) if figure.measure in outcome else shifted
    # A figure of one arm is about what is measured there, not about who is in the arm.
    about = [name for name in figure.variables if name not in figure.where or name != "arm"]
    value = figure.value
    return Target(
        figure.id,
        figure.label or f"{figure.of}, {figure.measure}",
        list(value) if isinstance(value, tuple) else value,
        _columns((*(about if figure.of else figure.variables), *modelled)),
        source.text,
        source.doi,
        source.certainty,
        figure.note,
        figure.precision,
    )


def _counted(name: str, quantity: str, counts: object, like: str, note: str) -> Target:
    """Return a target that no publication prints: counts that its percentages allow."""
    printed = _target(_FIGURES[like])
    return Target(
        name, quantity, counts, printed.columns, printed.source, printed.doi, "derived", note
    )


_FROM_PERCENTAGES = (
    "Derived, not published: the counts that the rounded percentages, 87 and 43 good outcomes, 17 "
    "and 28 deaths and the common odds ratio allow; 164 and 147 are the only denominators near "
    "165 and 150 that give 53.0, 10.4, 29.3 and 19.0 %."
)
DERIVED = (
    *(
        _counted(f"mrs_{arm}", f"mRS 0 to 6, {words}", list(MRS_COUNTS[arm]), f"good_{arm}",
                 _FROM_PERCENTAGES)
        for arm, words in (("evt", "EVT"), ("control", "control"))
    ),
    _counted(
        "late_good", "mRS 0-2 of known mRS, randomised after 330 min, EVT and control",
        [list(LATE_GOOD["evt"]), list(LATE_GOOD["control"])], "late_good_evt",
        "The only counts that give 48.5 and 29.2 % of at most 33 and 26 patients.",
    ),
)  # fmt: skip
"""Counts that no publication prints."""

TARGETS: tuple[Target, ...] = (
    *(_target(f) for name, f in _FIGURES.items() if name not in (*FOLLOWING, *EMERGED)),
    *DERIVED,
)
