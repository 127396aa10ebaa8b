"""The effect of treatment in subgroups as a forest, and beside complement and all patients."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from analytics.drawing.estimate_axis import (
    BESIDE_PX,
    SMALL,
    Span,
    axis_of,
    directions,
    interval_traces,
    span_of,
)
from analytics.drawing.theme import INKS, Ink, Mode, escaped, template
from analytics.formatting import (
    format_count,
    format_estimate,
    format_estimate_cell,
    format_number,
    format_p,
)
from analytics.models.fitted import TermTest
from analytics.results import Absent, Estimate
from analytics.subgroups.complement import EffectContrast
from analytics.subgroups.effects import EFFECTS
from analytics.subgroups.forest import Side, SubgroupEffects
from analytics.trial import VOLUME

_ROW_PX, _HEAD_PX, _BELOW_PX = 25, 66, 84
_LETTER_PX, _WIDEST_LABELS_PX = 6.7, 260
_TICKED_PX, _INDENT_PX = 16, 14
_EVENTS_PX, _NUMBERS_PX, _ESTIMATE_PX, _P_PX = 112, 76, 134, 58
_SPREAD = 0.2


@dataclass(frozen=True)
class Line:
    """One line of the forest: a heading, or a group of patients with its effect."""

    label: str
    sides: tuple[Side, Side] | None = None
    effect: Estimate | Absent | None = None
    shrunken: Estimate | Absent | None = None
    p: str = ""
    is_bold: bool = False
    is_ticked: bool = False
    group: int = 0


@dataclass(frozen=True)
class Heads:
    """What stands over the columns of a forest, and which effect it shows."""

    effect: str
    treatment: str
    reference: str
    is_tested: bool = False
    has_shrunken: bool = False
    has_ticks: bool = False

    @property
    def arms_px(self) -> int:
        """Return how wide the column of both arms is."""
        return _NUMBERS_PX if EFFECTS[self.effect].outcome == VOLUME else _EVENTS_PX


def draw_subgroup_forest(found: SubgroupEffects, mode: Mode, *, show_p: bool) -> go.Figure:
    """Draw the effect in all patients and at every level of each modifier.

    Parameters
    ----------
    found : SubgroupEffects
    mode : Mode
    show_p : bool
        Whether the p-values of interaction are written beside the variables.

    Returns
    -------
    Figure
        A dashed line stands at the effect in all patients; shrunken estimates are grey diamonds;
        an interval that leaves the axis ends in an arrow.
    """
    whole = found.overall
    lines = [Line(whole.level.label, (whole.treated, whole.control), whole.effect, is_bold=True)]
    for number, modifier in enumerate(found.modifiers, start=1):
        p = ""
        if show_p:
            has_test = isinstance(modifier.test, TermTest)
            p = format_p(modifier.test.p_value) if has_test else "no test"
        ticked = modifier.is_prespecified
        label = modifier.variable.label
        lines.append(Line(label, p=p, is_bold=True, is_ticked=ticked, group=number))
        lines += [
            Line(
                s.level.label,
                (s.treated, s.control),
                s.effect,
                s.shrunken,
                group=number,
            )
            for s in modifier.subgroups
        ]
    heads = Heads(
        found.effect,
        found.treatment.label,
        found.reference.label,
        is_tested=show_p,
        has_shrunken=any(isinstance(line.shrunken, Estimate) for line in lines),
        has_ticks=any(modifier.is_prespecified for modifier in found.modifiers),
    )
    return _draw(lines, heads, mode, whole.effect)


def draw_effect_contrast(contrast: EffectContrast, mode: Mode) -> go.Figure:
    """Draw the effect in the subgroup, in its complement and in all patients."""
    lines = [
        Line(part.label, (part.treated, part.control), part.effect) for part in contrast.parts
    ]
    heads = Heads(contrast.effect, contrast.treatment.label, contrast.reference.label)
    return _draw(lines, heads, mode, contrast.parts[-1].effect)


def _draw(
    lines: Sequence[Line], heads: Heads, mode: Mode, overall: Estimate | Absent
) -> go.Figure:
    ink, effect = INKS[mode], EFFECTS[heads.effect]
    raw = [line.effect for line in lines if line.effect is not None]
    span = span_of(raw, is_ratio=effect.is_ratio)
    labels = [
        f"<b>{escaped(line.label)}</b>" if line.is_bold else escaped(line.label) for line in lines
    ]
    # A heading has no numbers beside it and may run over their columns.
    longest = max(len(line.label) for line in lines if line.sides is not None)
    before = _TICKED_PX if heads.has_ticks else 0
    names_px = min(_LETTER_PX * longest + before + _INDENT_PX + BESIDE_PX, _WIDEST_LABELS_PX)
    left = names_px + heads.arms_px + BESIDE_PX
    right = BESIDE_PX + _ESTIMATE_PX + (_P_PX if heads.is_tested else 0)
    count = len(lines)
    unit = f", {effect.unit}" if effect.unit else ""
    log = ", log scale" if effect.is_ratio else ""
    layout = {
        "template": template(mode),
        "height": _HEAD_PX + _ROW_PX * count + _BELOW_PX,
        "margin": {"l": left, "r": right, "t": _HEAD_PX, "b": _BELOW_PX},
        "xaxis": axis_of(span, is_ratio=effect.is_ratio)
        | {
            "ticks": "outside",
            "ticklen": 4,
            "tickangle": 0,
            "showline": True,
            "showgrid": False,
            "fixedrange": True,
            "title": {"text": f"{effect.label}{unit} (95% CI){log}", "standoff": 21},
        },
        "yaxis": {
            "range": [count - 0.5, -0.5],
            "showticklabels": False,
            "showgrid": False,
            "fixedrange": True,
        },
        "shapes": [
            *_bands(lines, ink),
            *_uprights(overall, effect.null, count, ink, span),
            *(_tick(place, -left, ink) for place, line in enumerate(lines) if line.is_ticked),
            *([_tick(None, -left, ink)] if heads.has_ticks else []),
        ],
        "annotations": [
            *(
                _beside(label, place, ink, before + (_INDENT_PX if line.group else 0) - left)
                if not line.is_bold
                else _beside(label, place, ink, before - left)
                for place, (label, line) in enumerate(zip(labels, lines, strict=True))
            ),
            *_numbers(lines, ink, heads),
            *_heads(heads, ink, left),
            *directions(effect.less, effect.more, ink),
        ],
    }
    shifts = [_SPREAD if isinstance(line.shrunken, Estimate) else 0.0 for line in lines]
    traces: list[dict[str, Any]] = []
    if heads.has_shrunken:
        placed = [(at + shifts[at], line.shrunken, line) for at, line in enumerate(lines)]
        traces += _traces(placed, span, ink.quiet, "Shrunken", heads.effect)
    placed = [(at - shifts[at], line.effect, line) for at, line in enumerate(lines)]
    traces += _traces(placed, span, ink.text, "Estimate", heads.effect)
    return go.Figure({"data": traces if _has_marks(traces) else [], "layout": layout})


def _has_marks(traces: Sequence[dict[str, Any]]) -> bool:
    return any(x is not None for trace in traces for x in trace["x"])


def _traces(
    placed: Sequence[tuple[float, Estimate | Absent | None, Line]],
    span: Span,
    colour: str,
    name: str,
    effect: str,
) -> list[dict[str, Any]]:
    what = EFFECTS[effect]
    is_raw = name == "Estimate"
    known = [(at, e, line) for at, e, line in placed if isinstance(e, Estimate)]
    seen = [(at, e, line) for at, e, line in known if span[0] <= e.value <= span[1]]
    words = "" if is_raw else ", shrunken"
    rows = [(at, e) for at, e, _ in known]
    return [
        *interval_traces(rows, span, colour=colour, width=1.8 if is_raw else 1, name=name),
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": [e.value for _, e, _ in seen],
            "y": [at for at, _, _ in seen],
            "text": [
                f"{escaped(line.label)}{words}: {format_estimate(e, what.decimals, what.unit)}"
                for _, e, line in seen
            ],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {
                "symbol": "square" if is_raw else "diamond-open",
                "size": 9 if is_raw else 7,
                "color": colour,
                "line": {"width": 1.2, "color": colour},
            },
        },
    ]


def _tick(row: int | None, at: float, ink: Ink) -> dict[str, Any]:
    """Return the tick before a variable, or without a row the one of the key.

    It is drawn: few fonts have one, and a label with it would be in another font.
    """
    place: dict[str, Any] = {"yref": "paper", "yanchor": 1} if row is None else {"yanchor": row}
    up = _HEAD_PX - 8 if row is None else 0
    path = f"M{at + 1},{up} L{at + 4},{up - 4} L{at + 10},{up + 5}"
    pixels = {"xref": "paper", "xanchor": 0, "xsizemode": "pixel", "ysizemode": "pixel"}
    line = {"color": ink.quiet if row is None else ink.text, "width": 1.6}
    return {"type": "path", "path": path, "line": line, **pixels, **place}


def _bands(lines: Sequence[Line], ink: Ink) -> list[dict[str, Any]]:
    """Tint every second variable, so that its lines hang together."""
    band = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    fill = {"fillcolor": ink.band, "line": {"width": 0}}
    return [
        band | fill | {"y0": place - 0.5, "y1": place + 0.5}
        for place, line in enumerate(lines)
        if line.group % 2
    ]


def _uprights(
    overall: Estimate | Absent, null: float, count: int, ink: Ink, span: Span
) -> list[dict[str, Any]]:
    """Return the lines at no difference, and dashed at the effect in all patients."""
    upright = {"type": "line", "y0": -0.5, "y1": count - 0.5, "layer": "below"}
    lines = [upright | {"x0": null, "x1": null, "line": {"color": ink.text, "width": 1}}]
    if isinstance(overall, Estimate) and span[0] <= overall.value <= span[1]:
        dashed = {"color": ink.quiet, "width": 1.4, "dash": "dash"}
        lines.append(upright | {"x0": overall.value, "x1": overall.value, "line": dashed})
    return lines


def _numbers(lines: Sequence[Line], ink: Ink, heads: Heads) -> list[dict[str, Any]]:
    """Write events and patients before the axis, estimates and p-values after it."""
    effect = EFFECTS[heads.effect]
    notes = []
    for place, line in enumerate(lines):
        if line.sides is not None:
            is_hidden = any(side.is_hidden for side in line.sides)
            both = "" if is_hidden else " v ".join(map(_side_words, line.sides))
            notes.append(_beside(both, place, ink, -BESIDE_PX, anchor="right"))
        if isinstance(line.effect, Estimate):
            text = format_estimate_cell(line.effect, effect.decimals)
            if line.effect.low is None:
                text = format_number(line.effect.value, effect.decimals)
            notes.append(_beside(text, place, ink, BESIDE_PX, side=1))
        elif line.effect is not None:
            note = _beside(escaped(line.effect.reason), place, ink, BESIDE_PX, side=1)
            notes.append(note | {"font": {"color": ink.quiet}})
        if line.p:
            at = BESIDE_PX + _ESTIMATE_PX
            notes.append(_beside(escaped(line.p), place, ink, at, side=1))
    return notes


def _side_words(side: Side) -> str:
    events = "" if side.events is None else f"{format_count(side.events)}/"
    return f"{events}{format_count(side.n)}"


def _heads(heads: Heads, ink: Ink, left: float) -> list[dict[str, Any]]:
    kind = "N" if EFFECTS[heads.effect].outcome == VOLUME else "mRS 0-2/N"
    arms = f"{escaped(heads.treatment)} v {escaped(heads.reference)}"
    notes = [
        _head(f"{arms}<br>{kind}", ink, -BESIDE_PX, "right"),
        _head("Estimate<br>(95% CI)", ink, BESIDE_PX, "left", side=1),
    ]
    signs = ["pre-specified"] if heads.has_ticks else []
    signs += ["\u25a0 as estimated", "\u25ca shrunken"] if heads.has_shrunken else []
    if signs:
        before = _TICKED_PX if heads.has_ticks else 0
        key = _head("   ".join(signs), ink, before - left, "left")
        notes.append(key | {"yshift": _HEAD_PX - 16})
    if heads.is_tested:
        at = BESIDE_PX + _ESTIMATE_PX
        notes.append(_head("Inter-<br>action", ink, at, "left", side=1))
    return notes


def _head(text: str, ink: Ink, at: float, anchor: str, side: int = 0) -> dict[str, Any]:
    place = {"xref": "paper", "x": side, "xshift": at, "yref": "paper", "y": 1, "yshift": 6}
    font = {"color": ink.quiet, "size": SMALL}
    kept = {"xanchor": anchor, "align": anchor, "yanchor": "bottom", "showarrow": False}
    return {**place, **kept, "text": text, "font": font}


def _beside(  # a text has a place in two directions
    text: str, row: int, ink: Ink, at: float, *, anchor: str = "left", side: int = 0
) -> dict[str, Any]:
    place = {"xref": "paper", "x": side, "xshift": at, "xanchor": anchor, "align": anchor}
    kept = {"y": row, "yanchor": "middle", "showarrow": False, "font": {"color": ink.text}}
    return {**place, **kept, "text": text}
