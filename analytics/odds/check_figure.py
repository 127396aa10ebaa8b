"""The odds ratio at every cut-point of the mRS as a forest, the common one behind it."""

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.estimate_axis import RATIO_TICKS, Span, directions, ratio_axis
from analytics.drawing.forest import Forest, Frame, Mark, Row, Scale, Series, draw_rows
from analytics.drawing.parts import (
    BESIDE_PX,
    SMALL,
    Part,
    above,
    beside,
    box,
    h_line,
    scatter,
    v_line,
)
from analytics.drawing.theme import INKS, Ink, Mode, escaped
from analytics.formatting import format_count, format_estimate, format_estimate_cell
from analytics.odds.check import CutPoint, ProportionalOddsCheck
from analytics.results import Absent, Estimate

_FRAME = Frame(left=134, right=152, head=30, row=42, below=78)
_FARTHEST = 4.0
"""An interval is drawn up to so many times beyond the outermost odds ratio."""
_LARGEST_ODDS = 64.0
_AROUND = 1.12
_FEW_TICKS = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8)
_NARROW = 12.0
_DIAMOND = 0.2
"""Half of its height, in rows."""


def draw_cut_points(check: ProportionalOddsCheck, mode: Mode) -> go.Figure:
    """Draw the odds ratio for a better mRS at every cut-point, the common one as line and band.

    Parameters
    ----------
    check : ProportionalOddsCheck
    mode : Mode

    Returns
    -------
    Figure
        One row for each cut-point with the patients on its two sides, and a last row for the
        common odds ratio. An interval that leaves the axis ends in an arrow.
    """
    ink, common, last = INKS[mode], check.common_odds_ratio, len(check.cut_points)
    span = _span(check)
    ticks = _FEW_TICKS if span[1] / span[0] < _NARROW else RATIO_TICKS
    title = "Odds ratio for a better mRS (95% CI), log scale"
    return draw_rows(
        Forest(
            rows=[*(_row(cut, ink) for cut in check.cut_points), _common_row(check, ink)],
            series=[Series("Odds ratio", "95% CI", ink.text, "square", 9, 1.6, arrow_px=10)],
            scale=Scale(title, span, ratio_axis(span, ticks), null=1),
            frame=_FRAME,
            under=_common_band(common, last, span, ink),
            over=[h_line(last - 0.5, ink.quiet, 0.5)],
            notes=[*_values(check, ink), *_heads(ink), *_directions(check, ink)],
            traces=[_diamond(common, last, span, ink)] if isinstance(common, Estimate) else [],
        ),
        mode,
    )


def _span(check: ProportionalOddsCheck) -> Span:
    """Return the ends of the axis: every odds ratio, and of the intervals what is near them."""
    odds = [*(cut.odds_ratio for cut in check.cut_points), check.common_odds_ratio]
    known = [x for x in odds if isinstance(x, Estimate)]
    values = [x.value for x in known] or [0.5, 2.0]
    lows = [x.low for x in known if x.low is not None]
    highs = [x.high for x in known if x.high is not None]
    first, last = min(*values, 1.0), max(*values, 1.0)
    low = max(min(*lows, first), first / _FARTHEST) if lows else first
    high = min(max(*highs, last), last * _FARTHEST) if highs else last
    low, high = max(low, 1 / _LARGEST_ODDS), min(high, _LARGEST_ODDS)
    # Some room on both sides of 1, so that both directions can be read.
    return min(low, 0.8) / _AROUND, max(high, 1.25) * _AROUND


def _row(cut: CutPoint, ink: Ink) -> Row:
    """Return a row that is labelled with the two sides, and how many patients each of them has."""
    sides = f"n = {format_count(cut.n_better)} v {format_count(cut.n_worse)}"
    odds = cut.odds_ratio
    said = f"{cut.label}: {format_estimate(odds, 2)}" if isinstance(odds, Estimate) else ""
    return Row(f"{cut.label}<br>{_small(sides, ink)}", (Mark(odds, said),))


def _common_row(check: ProportionalOddsCheck, ink: Ink) -> Row:
    """Return the row of the common odds ratio, which is a diamond and no mark of the series."""
    n = f"n = {format_count(check.account.flow.analysed)}"
    return Row(f"<b>Common</b><br>{_small(n, ink)}", (Mark(),))


def _small(text: str, ink: Ink) -> str:
    return f"<span style='font-size:{SMALL}px;color:{ink.quiet}'>{text}</span>"


def _diamond(common: Estimate, row: int, span: Span, ink: Ink) -> Part:
    ends = [common.value if end is None else end for end in (common.low, common.high)]
    left, middle, right = np.clip([ends[0], common.value, ends[1]], *span).tolist()
    return scatter(
        "lines",
        [left, middle, right, middle, left],
        [row, row - _DIAMOND, row, row + _DIAMOND, row],
        name="Common odds ratio",
        fill="toself",
        fillcolor=ink.text,
        line={"color": ink.text, "width": 1},
        text=f"Common: {format_estimate(common, 2)}",
        hoveron="fills",
    ) | {"hoverinfo": "text"}


def _common_band(common: Estimate | Absent, last: int, span: Span, ink: Ink) -> list[Part]:
    """Return the interval of the common odds ratio behind all rows, and a line at it."""
    if not isinstance(common, Estimate):
        return []
    height = (-0.5, last + 0.5)
    shapes: list[Part] = []
    if common.low is not None and common.high is not None:
        low, high = np.clip([common.low, common.high], *span).tolist()
        shapes.append(box((low, high), height, ink.grid))
    if span[0] <= common.value <= span[1]:
        shapes.append(v_line(common.value, ink.quiet, dash="dash", span=height))
    return shapes


def _values(check: ProportionalOddsCheck, ink: Ink) -> list[Part]:
    odds = [*(cut.odds_ratio for cut in check.cut_points), check.common_odds_ratio]
    said = ["not estimable" if isinstance(x, Absent) else format_estimate_cell(x, 2) for x in odds]
    said[-1] = f"<b>{said[-1]}</b>"
    return [
        beside(text, row, ink.quiet if isinstance(own, Absent) else ink.text)
        for row, (text, own) in enumerate(zip(said, odds, strict=True))
    ]


def _heads(ink: Ink) -> list[Part]:
    sides = (("Better v worse", 0, "right", -1), ("Odds ratio (95% CI)", 1, "left", 1))
    return [
        above(text, x, ink.quiet, SMALL, xref="paper", yshift=4)
        | {"xanchor": anchor, "align": anchor, "xshift": side * BESIDE_PX}
        for text, x, anchor, side in sides
    ]


def _directions(check: ProportionalOddsCheck, ink: Ink) -> list[Part]:
    """Say under the axis, to both sides of 1, which arm is better there."""
    arm = check.arm
    other = f"better in the {escaped(arm.reference.words)}" if arm.reference is not None else ""
    return directions(other, f"better in the {escaped(arm.levels[0].words)}", ink)
