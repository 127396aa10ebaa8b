"""The published claims: each figure that a trial's sheet declares, and how it is measured."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from analytics.overview.claim_choices import choice_of
from analytics.overview.claim_measures import MEASURES, QUARTILE_PARTS, Measure, Measured
from analytics.results import AnalysisError, Estimate
from analytics.trial import LEVEL, MRS, VOLUME
from data.data_set import DataSet
from data.filters import phrase, sentence_case
from data.published import Figure, Source
from data.variables import Variable
from data.variables import variable as registered

_PERCENTAGES = ("percent", "risk")
_IN_UNITS = (
    *("median", "quartiles", "first quartile", "third quartile", "IQR width"),
    *("mean", "SD", "minimum", "maximum"),
)


@dataclass(frozen=True)
class Claim:
    """One published figure and how it is measured in a cohort.

    Attributes
    ----------
    id : str
        Stable; the figure's own, with the part that is meant where it holds several.
    text : str
        The quantity.
    figure : Figure
    source : Source
        Where and how certainly it is published.
    published : int, float, Estimate or str
        The value; a str is a bound on a p-value, or a text that no data can be held against.
    measure : callable
        Returns the same quantity in a cohort; an AnalysisError says why not.
    unit : str
    needs : tuple of str
        The variables without which no data hold it.
    """

    id: str
    text: str
    figure: Figure
    source: Source
    published: Measured | str
    measure: Measure
    unit: str
    needs: tuple[str, ...]

    @property
    def is_verdict(self) -> bool:
        """Tell whether it is a p-value, or no more than the side of a bound on which one lies."""
        return self.figure.is_p


def claims_of(data: DataSet) -> tuple[Claim, ...]:
    """Return the claims of a trial's publications, in the order of its sheet."""
    return tuple(claim for figure in _named(data) for claim in _claims(figure, data))


def _named(data: DataSet) -> Iterator[Figure]:
    """Return the figures, each with a label and an id of its own."""
    taken: Counter[str] = Counter()
    for figure in data.trial.published:
        label = figure.label or _label(figure, data)
        name = figure.id or re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
        taken[name] += 1
        unique = name if taken[name] == 1 else f"{name}_{taken[name]}"
        yield figure.model_copy(update={"label": label, "id": unique})


def _claims(figure: Figure, data: DataSet) -> Iterator[Claim]:
    source, unit, needs = data.trial.source_of(figure), _unit(figure, data), _needs(figure, data)
    if isinstance(figure.value, tuple) and figure.measure == "quartiles":
        for place, (words, measure) in enumerate(QUARTILE_PARTS):
            name, text = f"{figure.id}_{place}", f"{figure.label}, {words}"
            value = figure.value[place]
            yield Claim(name, text, figure, source, value, measure, unit, needs)
        return
    measure = MEASURES[figure.measure]
    yield Claim(figure.id, figure.label, figure, source, _published(figure), measure, unit, needs)


def _published(figure: Figure) -> Measured | str:
    value = figure.value
    if not isinstance(value, tuple):
        return value
    if figure.measure in _PERCENTAGES:
        part, whole = value
        return round(100 * part / whole, figure.precision)
    estimate, low, high = value
    return Estimate(estimate, low, high, LEVEL)


def _needs(figure: Figure, data: DataSet) -> tuple[str, ...]:
    plan, names = data.trial.plan, list(figure.variables)
    if "common odds ratio" in figure.measure or figure.measure.startswith("mRS model"):
        names.append(MRS)
    if figure.measure.startswith("volume model"):
        names.append(VOLUME)
    if figure.measure.startswith("adjusted") and not figure.adjusted_for:
        names += plan.adjusted_for if plan else ()
    return tuple(dict.fromkeys(names))


def described(data: DataSet, name: str) -> Variable:
    """Return a variable as the data set has it, or the registry where it lacks it."""
    return data.variable(name) if data.has(name) else registered(name)


def _unit(figure: Figure, data: DataSet) -> str:
    if figure.measure in _PERCENTAGES:
        return "%"
    if figure.measure == "risk difference":
        return "points"
    return described(data, figure.of).unit if figure.measure in _IN_UNITS else ""


def _label(figure: Figure, data: DataSet) -> str:
    """Return what a figure without a label is called."""
    if figure.measure == "patients":
        return ", ".join(["Patients", *_among(figure, data)])
    if figure.measure == "statement":
        return "Statement"
    if not figure.of:
        what = sentence_case(f"{figure.measure} for a better mRS")
        return ", ".join([what, *_among(figure, data)])
    of = described(data, figure.of)
    if figure.measure == "volume model p":
        return f"Infarct volume on {of.in_text}, p in the linear model"
    if figure.measure == "mRS model p":
        return f"mRS at 90 days on {of.in_text}, p in the proportional-odds model"
    what = _phrase(of, figure.values_meant) if figure.values_meant else of.label
    compared = [f"by {described(data, figure.by).in_text}"] if figure.by else []
    measured = [] if figure.measure in (*_PERCENTAGES, "count") else [figure.measure]
    return ", ".join([sentence_case(what), *_among(figure, data), *compared, *measured])


def _among(figure: Figure, data: DataSet) -> list[str]:
    return [_phrase(described(data, name), texts) for name, texts in figure.where.items()]


def _phrase(variable: Variable, texts: tuple[str, ...]) -> str:
    """Return some values as a reader says them, a cut of scores by its ends."""
    try:
        choice = choice_of(variable, texts)
    except AnalysisError:
        return f"{variable.in_text} {' or '.join(texts)}"
    is_cut = variable.is_numeric and variable.is_grouping and any(" " in t for t in texts)
    return f"{variable.in_text} {' or '.join(texts)}" if is_cut else phrase(variable, choice)
