"""The multiverse as one strip: every combination's effect, and under it what was chosen."""

import plotly.graph_objects as go

from analytics.drawing.parts import (
    SMALL,
    Part,
    above,
    axis,
    band,
    broken,
    figure,
    h_line,
    row_axis,
    scatter,
)
from analytics.drawing.theme import INKS, THROUGH_VOLUME, Ink, Mode
from analytics.formatting import format_estimate, format_number
from analytics.mediation.multiverse import CHOICES, Multiverse, Universe
from analytics.results import Estimate

_ROW_PX, _TOP_PX, _UPPER_PX, _BELOW_PX, _GAP_PX = 22, 26, 220, 16, 26
_LEFT_PX = 190

Option = tuple[str, str, str]
"""The choice, the option's code, and how the two are labelled."""


def draw_multiverse(found: Multiverse, mode: Mode) -> go.Figure:
    """Draw the indirect effects in order of size, and a mark for every option chosen.

    `customdata` of a mark is the combination's options, joined by commas.
    """
    ink = INKS[mode]
    known = [u for u in found.universes if isinstance(u.indirect, Estimate)]
    options = _options(found, known)
    lower = _ROW_PX * len(options)
    inside = _UPPER_PX + _GAP_PX + lower
    colours = [ink.text if u.is_own else THROUGH_VOLUME for u in known]
    title = "Indirect effect, points (95% CI, delta method)"
    labels = [label for _, _, label in options]
    rows: Part = {"tickfont": {"color": ink.text, "size": SMALL}}
    own = [above("present choice", i, ink.text, SMALL) for i, u in enumerate(known) if u.is_own]
    return figure(
        [*_effects(known, colours), *_chosen(known, options, colours)] if known else [],
        mode,
        height=_TOP_PX + inside + _BELOW_PX,
        margin={"l": _LEFT_PX, "r": 12, "t": _TOP_PX, "b": _BELOW_PX},
        xaxis=axis(range=[-1, len(known)], visible=False, anchor="y2"),
        yaxis=axis(title, domain=[1 - _UPPER_PX / inside, 1]),
        yaxis2=row_axis(labels, domain=[0, max(lower / inside, 0.01)], **rows),
        shapes=[*_bands(found, options, ink), h_line(0, ink.quiet)],
        annotations=own[:1],
    )


def _options(found: Multiverse, known: list[Universe]) -> list[Option]:
    """Return the options that some combination has chosen, of the choices that differ."""
    return [
        (name, code, f"{CHOICES[name][0]}: {label.lower() if label != 'MRI only' else label}")
        for name in found.told_apart
        for code, label in CHOICES[name][1].items()
        if any(code == u.choices[list(CHOICES).index(name)] for u in known)
    ]


def _bands(found: Multiverse, options: list[Option], ink: Ink) -> list[Part]:
    """Tint the options of every second choice, so that they hang together."""
    return [
        band(place - 0.5, place + 0.5, ink.band, yref="y2")
        for place, (name, _, _) in enumerate(options)
        if found.told_apart.index(name) % 2 == 0
    ]


def _effects(known: list[Universe], colours: list[str]) -> list[Part]:
    estimates = [u.indirect for u in known if isinstance(u.indirect, Estimate)]
    limits = [
        (place, e.low, e.high)
        for place, e in enumerate(estimates)
        if e.low is not None and e.high is not None
    ]
    return [
        scatter(
            "lines",
            broken((place, place) for place, _, _ in limits),
            broken((low, high) for _, low, high in limits),
            line={"color": THROUGH_VOLUME, "width": 1},
            opacity=0.6,
        ),
        scatter(
            "markers",
            list(range(len(known))),
            [e.value for e in estimates],
            [_said(u) for u in known],
            name="Indirect effect",
            customdata=[",".join(u.choices) for u in known],
            marker={"color": colours, "size": [11 if u.is_own else 7 for u in known]},
        ),
    ]


def _chosen(known: list[Universe], options: list[Option], colours: list[str]) -> list[Part]:
    names = list(CHOICES)
    marks = [
        (place, row, universe)
        for row, (name, code, _) in enumerate(options)
        for place, universe in enumerate(known)
        if universe.choices[names.index(name)] == code
    ]
    look = {"color": [colours[place] for place, _, _ in marks], "size": 6, "symbol": "square"}
    return [
        scatter(
            "markers",
            [place for place, _, _ in marks],
            [row for _, row, _ in marks],
            [_said(u) for _, _, u in marks],
            name="Chosen",
            yaxis="y2",
            customdata=[",".join(u.choices) for _, _, u in marks],
            marker=look,
        )
    ]


def _said(universe: Universe) -> str:
    chosen = "<br>".join(
        f"{CHOICES[name][0]}: {CHOICES[name][1][code]}"
        for name, code in zip(CHOICES, universe.choices, strict=True)
    )
    if not isinstance(universe.indirect, Estimate):
        return chosen
    said = f"{format_estimate(universe.indirect, 1, 'points')}, N = {universe.n}"
    if isinstance(universe.share, float):
        said += f", {format_number(universe.share)}% explained"
    return f"{said}<br>{chosen}"
