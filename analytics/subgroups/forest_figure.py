"""The effect of treatment in subgroups as a forest, and beside complement and all patients."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from analytics.drawing.estimate_axis import axis_of, directions, span_of
from analytics.drawing.forest import Forest, Frame, Mark, Row, Scale, Series, draw_rows, is_drawn
from analytics.drawing.parts import (
    BESIDE_PX,
    SMALL,
    Part,
    above,
    band,
    beside,
    labels_px,
    note,
    v_line,
)
from analytics.drawing.theme import INKS, Ink, Mode, escaped
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
from analytics.subgroups.forest import NO_LEVEL, Modifier, Side, SubgroupEffects
from analytics.trial import VOLUME

_ROW_PX, _HEAD_PX, _BELOW_PX = 25, 66, 84
_TICKED_PX, _INDENT_PX, _WIDEST_LABELS_PX = 16, 14, 260
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

    @property
    def before_px(self) -> int:
        """Return how much room the ticks before the labels take."""
        return _TICKED_PX if self.has_ticks else 0


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
        lines += _modifier_lines(modifier, number, show_p=show_p)
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


def _modifier_lines(modifier: Modifier, number: int, *, show_p: bool) -> list[Line]:
    """Return the heading of a modifier, and a line for each of its levels."""
    p = ""
    if show_p:
        p = format_p(modifier.test.p_value) if isinstance(modifier.test, TermTest) else "no test"
    ticked, label = modifier.is_prespecified, modifier.variable.label
    # A heading alone would leave a reader to guess why nothing stands under it.
    lacking = None if modifier.subgroups else NO_LEVEL
    return [
        Line(label, None, lacking, p=p, is_bold=True, is_ticked=ticked, group=number),
        *(
            Line(s.level.label, (s.treated, s.control), s.effect, s.shrunken, group=number)
            for s in modifier.subgroups
        ),
    ]


def _draw(
    lines: Sequence[Line], heads: Heads, mode: Mode, overall: Estimate | Absent
) -> go.Figure:
    ink = INKS[mode]
    # A heading has no numbers beside it and may run over their columns.
    named = [line.label for line in lines if line.sides is not None]
    around = heads.before_px + _INDENT_PX + BESIDE_PX
    left = labels_px(named, around, _WIDEST_LABELS_PX) + heads.arms_px + BESIDE_PX
    right = BESIDE_PX + _ESTIMATE_PX + (_P_PX if heads.is_tested else 0)
    scale = _scale(lines, heads)
    return draw_rows(
        Forest(
            rows=[Row("", _marks(line, heads)) for line in lines],
            series=_series(lines, heads, scale, ink),
            scale=scale,
            frame=Frame(left, right, _HEAD_PX, _ROW_PX, _BELOW_PX),
            under=_bands(lines, ink),
            over=[
                *_overall_line(overall, len(lines), scale, ink),
                *_ticks(lines, heads, left, ink),
            ],
            notes=[
                *_labels(lines, heads, ink, left),
                *_numbers(lines, ink, heads),
                *_heads(heads, ink, left),
                *directions(EFFECTS[heads.effect].less, EFFECTS[heads.effect].more, ink),
            ],
        ),
        mode,
    )


def _scale(lines: Sequence[Line], heads: Heads) -> Scale:
    effect = EFFECTS[heads.effect]
    raw = [line.effect for line in lines if line.effect is not None]
    span = span_of(raw, is_ratio=effect.is_ratio)
    unit = f", {effect.unit}" if effect.unit else ""
    title = f"{effect.label}{unit} (95% CI){', log scale' if effect.is_ratio else ''}"
    axis = axis_of(span, is_ratio=effect.is_ratio) | {"tickangle": 0}
    return Scale(title, span, axis, effect.null)


def _marks(line: Line, heads: Heads) -> tuple[Mark, ...]:
    """Return what is estimated, after what is shrunken where any line has that."""
    effect = EFFECTS[heads.effect]

    def mark(estimate: Estimate | Absent | None, words: str, shift: float) -> Mark:
        if not isinstance(estimate, Estimate):
            return Mark(estimate)
        number = format_estimate(estimate, effect.decimals, effect.unit)
        # Limits of what is shrunken are those of a posterior, not of confidence.
        number = number.replace(" CI ", " posterior interval ") if words else number
        return Mark(estimate, f"{escaped(line.label)}{words}: {number}", shift)

    shift = _SPREAD if isinstance(line.shrunken, Estimate) else 0.0
    raw = mark(line.effect, "", -shift)
    return (mark(line.shrunken, ", shrunken", shift), raw) if heads.has_shrunken else (raw,)


def _series(lines: Sequence[Line], heads: Heads, scale: Scale, ink: Ink) -> list[Series]:
    """Return the series that the lines have marks of, none where no mark is on the axis."""
    shown = [x for line in lines for x in (line.effect, line.shrunken)]
    if not any(is_drawn(estimate, scale.span) for estimate in shown):
        return []
    quiet, full = ink.quiet, ink.text
    shrunken = Series(
        "Shrunken", "Shrunken, 95% posterior interval", quiet, "diamond-open", 7, 1, edge_px=1.2
    )
    raw = Series("Estimate", "Estimate, 95% CI", full, "square", 9, 1.8, edge_px=1.2)
    return [shrunken, raw] if heads.has_shrunken else [raw]


def _labels(lines: Sequence[Line], heads: Heads, ink: Ink, left: float) -> list[Part]:
    """Write the labels at the left edge, levels a little to the right of their variable."""
    notes = []
    for place, line in enumerate(lines):
        text = f"<b>{escaped(line.label)}</b>" if line.is_bold else escaped(line.label)
        indent = _INDENT_PX if line.group and not line.is_bold else 0
        notes.append(_left_of_axis(text, place, ink, heads.before_px + indent - left, "left"))
    return notes


def _left_of_axis(text: str, row: int, ink: Ink, at: float, anchor: str) -> Part:
    kept: Part = {"xref": "paper", "xanchor": anchor, "align": anchor, "yanchor": "middle"}
    return note(text, 0, row, ink.text, **kept, xshift=at)


def _ticks(lines: Sequence[Line], heads: Heads, left: float, ink: Ink) -> list[Part]:
    ticks = [_tick(place, -left, ink) for place, line in enumerate(lines) if line.is_ticked]
    return [*ticks, *([_tick(None, -left, ink)] if heads.has_ticks else [])]


def _tick(row: int | None, at: float, ink: Ink) -> Part:
    """Return the tick before a variable, or without a row the one of the key.

    It is drawn: few fonts have one, and a label with it would be in another font.
    """
    place: Part = {"yref": "paper", "yanchor": 1} if row is None else {"yanchor": row}
    up = _HEAD_PX - 8 if row is None else 0
    path = f"M{at + 1},{up} L{at + 4},{up - 4} L{at + 10},{up + 5}"
    pixels = {"xref": "paper", "xanchor": 0, "xsizemode": "pixel", "ysizemode": "pixel"}
    line = {"color": ink.quiet if row is None else ink.text, "width": 1.6}
    return {"type": "path", "path": path, "line": line, **pixels, **place}


def _bands(lines: Sequence[Line], ink: Ink) -> list[Part]:
    """Tint every second variable, so that its lines hang together."""
    return [
        band(place - 0.5, place + 0.5, ink.band)
        for place, line in enumerate(lines)
        if line.group % 2
    ]


def _overall_line(overall: Estimate | Absent, count: int, scale: Scale, ink: Ink) -> list[Part]:
    """Return a dashed line at the effect in all patients, where that is on the axis."""
    if not isinstance(overall, Estimate):
        return []
    if not scale.span[0] <= overall.value <= scale.span[1]:
        return []
    return [v_line(overall.value, ink.quiet, 1.4, "dash", span=(-0.5, count - 0.5))]


def _numbers(lines: Sequence[Line], ink: Ink, heads: Heads) -> list[Part]:
    """Write events and patients before the axis, estimates and p-values after it."""
    effect = EFFECTS[heads.effect]
    notes = []
    for place, line in enumerate(lines):
        if line.sides is not None:
            is_hidden = any(side.is_hidden for side in line.sides)
            both = "" if is_hidden else " v ".join(map(_side_words, line.sides))
            notes.append(_left_of_axis(both, place, ink, -BESIDE_PX, "right"))
        if isinstance(line.effect, Estimate):
            text = format_estimate_cell(line.effect, effect.decimals)
            if line.effect.low is None:
                text = format_number(line.effect.value, effect.decimals)
            notes.append(beside(text, place, ink.text))
        elif line.effect is not None:
            notes.append(beside(escaped(line.effect.reason), place, ink.quiet))
        if line.p:
            at = BESIDE_PX + _ESTIMATE_PX
            notes.append(beside(escaped(line.p), place, ink.text, shift=at))
    return notes


def _side_words(side: Side) -> str:
    events = "" if side.events is None else f"{format_count(side.events)}/"
    return f"{events}{format_count(side.n)}"


def _heads(heads: Heads, ink: Ink, left: float) -> list[Part]:
    """Write over each column what it is, and over the labels what the signs mean."""
    kind = "N" if EFFECTS[heads.effect].outcome == VOLUME else "mRS 0-2/N"
    arms = f"{escaped(heads.treatment)} v {escaped(heads.reference)}"
    notes = [
        _head(f"{arms}<br>{kind}", ink, -BESIDE_PX, "right"),
        _head("Estimate<br>(95% CI)", ink, BESIDE_PX, "left", side=1),
    ]
    signs = ["pre-specified"] if heads.has_ticks else []
    signs += ["\u25a0 as estimated", "\u25ca shrunken"] if heads.has_shrunken else []
    if signs:
        key = _head("   ".join(signs), ink, heads.before_px - left, "left")
        notes.append(key | {"yshift": _HEAD_PX - 16})
    if heads.is_tested:
        at = BESIDE_PX + _ESTIMATE_PX
        notes.append(_head("Inter-<br>action", ink, at, "left", side=1))
    return notes


def _head(text: str, ink: Ink, at: float, anchor: str, side: int = 0) -> Part:
    place = {"xref": "paper", "xanchor": anchor, "align": anchor, "xshift": at, "yshift": 6}
    return above(text, side, ink.quiet, SMALL, **place)
