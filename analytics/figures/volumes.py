"""Medians with their intervals in every stratum, and shifts side by side."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures.theme import INKS, Mode, escaped, template
from analytics.formatting import format_count, format_number
from analytics.results import Estimate
from analytics.subgroup_contrast import SubgroupContrast
from analytics.volume_comparison import TwoGroups
from analytics.volumes import VolumeSummary, VolumeTable, stratum_label
from analytics.wording import sentence_case
from data.variables import Variable

_ROW_HEIGHT = 30
_AROUND = 70
_LETTER = 6.7
_WIDEST_LABELS = 330


def draw_stratum_medians(table: VolumeTable, mode: Mode) -> go.Figure:
    """Draw the median of every stratum with its 95% interval, strata from top to bottom.

    The points carry their stratum's codes, joined by ",", as `customdata`.
    """
    rows = [row for row in table.cells if row.statistics is not None]
    figure = go.Figure(layout={"template": template(mode)})
    figure.update_layout(height=_AROUND + _ROW_HEIGHT * max(len(rows), 1))
    if rows:
        _add_intervals(figure, table.by, rows, mode)
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[_tick(table.by, row) for row in rows],
        range=[len(rows) - 0.4, -0.6],
        showgrid=False,
        fixedrange=True,
        automargin=False,
    )
    longest = max((len(_tick(table.by, row)) for row in rows), default=0)
    figure.update_layout(margin_l=min(_LETTER * longest + 14, _WIDEST_LABELS))
    figure.update_xaxes(
        title_text="Median with 95% CI (mL)",
        rangemode="tozero",
        showgrid=True,
        fixedrange=True,
    )
    return figure


def _add_intervals(
    figure: go.Figure, by: Sequence[Variable], rows: Sequence[VolumeSummary], mode: Mode
) -> None:
    medians = [row.statistics.median for row in rows if row.statistics is not None]
    values = np.array([median.value for median in medians])
    colours = [by[0].level(row.stratum[0] or "").colour for row in rows]
    for colour in dict.fromkeys(colours):
        own = [m if c == colour else None for m, c in zip(medians, colours, strict=True)]
        _add_lines(figure, own, colour)
    figure.add_scatter(
        x=values,
        y=list(range(len(rows))),
        customdata=[",".join(code or "" for code in row.stratum) for row in rows],
        text=[_hover(median) for median in medians],
        mode="markers",
        marker={"color": colours, "size": 11, "line": {"color": INKS[mode].paper, "width": 1}},
        hovertemplate="%{text}<extra></extra>",
        selected={"marker": {"size": 14}},
        unselected={"marker": {"opacity": 0.35}},
        name="Median",
    )
    ends = [end for m in medians for end in (m.value, m.high) if end is not None]
    figure.update_xaxes(range=[-0.02 * max(*ends, 1.0), 1.06 * max(*ends, 1.0)])


def _add_lines(
    figure: go.Figure, estimates: Sequence[Estimate | None], colour: str, opacity: float = 0.55
) -> None:
    """Draw the intervals of the estimates, each at its position, as one trace."""
    x: list[float | None] = []
    y: list[float | None] = []
    for position, estimate in enumerate(estimates):
        if estimate is not None and estimate.low is not None:
            x += [estimate.low, estimate.high, None]
            y += [position, position, None]
    if not x:
        return
    line = {"color": colour, "width": 2.5}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, opacity=opacity, hoverinfo="skip")


def _tick(by: Sequence[Variable], row: VolumeSummary) -> str:
    label = sentence_case(stratum_label(by, row.stratum))
    return f"{escaped(label)} (n = {format_count(row.n)})"


def _hover(median: Estimate) -> str:
    value = format_number(median.value, 1)
    if median.low is None or median.high is None:
        return f"{value} mL; {median.without_interval}"
    return f"{value} mL ({format_number(median.low, 1)} to {format_number(median.high, 1)})"


def draw_contrast(contrast: SubgroupContrast, mode: Mode) -> go.Figure:
    """Draw the shift of each side with its interval, with a line at no difference."""
    ink = INKS[mode]
    sides = contrast.sides
    figure = go.Figure(layout={"template": template(mode)})
    figure.update_layout(height=_AROUND + 44 * len(sides))
    figure.add_vline(x=0, line_color=ink.quiet, line_width=1)
    shifts = [
        (position, side.comparison.shift)
        for position, side in enumerate(sides)
        if isinstance(side.comparison, TwoGroups)
    ]
    known = dict(shifts)
    _add_lines(figure, [known.get(position) for position in range(len(sides))], ink.quiet, 1)
    figure.add_scatter(
        x=[shift.value for _, shift in shifts],
        y=[position for position, _ in shifts],
        text=[f"<b>{format_number(shift.value, 1)}</b>" for _, shift in shifts],
        mode="markers+text",
        textposition="top center",
        textfont={"color": ink.text},
        marker={"color": ink.text, "size": 10, "symbol": "square"},
        hovertemplate="%{text} mL<extra></extra>",
        name="Shift",
    )
    figure.update_yaxes(
        tickvals=list(range(len(sides))),
        ticktext=[f"{side.label} (n = {format_count(side.patients)})" for side in sides],
        range=[len(sides) - 0.4, -0.7],
        showgrid=False,
        fixedrange=True,
    )
    figure.update_xaxes(
        title_text="Shift with 95% CI, treatment minus reference arm (mL)",
        showgrid=True,
        fixedrange=True,
    )
    return figure
