"""How far the arms differ at baseline: one dot for each characteristic."""

import plotly.graph_objects as go

from analytics.drawing.parts import (
    above,
    axis,
    dashed,
    figure,
    labels_px,
    row_axis,
    scatter,
    segment,
)
from analytics.drawing.theme import INKS, Mode, escaped
from analytics.formatting import format_number
from analytics.overview.baseline import BaselineTable, CategoricalRow, Row
from analytics.results import Absent

REFERENCE_LINE = 0.1
"""The line that is usual in such plots; it is drawn, and judges nothing."""

_ROW_PX = 30
_AROUND_PX = 88
_ABOVE_PX = 26
_WIDEST_LABELS_PX = 330
_NARROWEST_AXIS = 0.2


def draw_balance(baseline: BaselineTable, mode: Mode) -> go.Figure:
    """Draw each characteristic's absolute standardised mean difference, as in a Love plot.

    Rows are those of the table, from top to bottom; one without a difference has its label alone.
    The dots carry their variable's name as `customdata`. One group has nothing to draw.
    """
    if baseline.is_of_one_group:
        return go.Figure()
    ink = INKS[mode]
    known = [
        (position, row, row.smd)
        for position, row in enumerate(baseline.rows)
        if not isinstance(row.smd, Absent)
    ]
    dots = scatter(
        "markers",
        [abs(smd) for _, _, smd in known],
        [position for position, _, _ in known],
        [_hover(row, smd) for _, row, smd in known],
        name="Standardised mean difference",
        customdata=[row.variable.name for _, row, _ in known],
        marker={"color": ink.text, "size": 11, "line": {"color": ink.paper, "width": 1}},
        cliponaxis=False,
    )
    labels = [_label(row) for row in baseline.rows]
    widest = max([_NARROWEST_AXIS, *(abs(smd) for _, _, smd in known)])
    ends = (len(labels) - 0.4, -0.6)
    usual = segment((REFERENCE_LINE, REFERENCE_LINE), ends, ink.quiet, 1.5, layer="between")
    return figure(
        [dots] if known else [],
        mode,
        height=_AROUND_PX + _ROW_PX * max(len(labels), 1),
        margin={"l": labels_px(labels, 14, _WIDEST_LABELS_PX), "t": _ABOVE_PX},
        xaxis=axis(
            "Absolute standardised mean difference",
            range=[-0.02 * widest, 1.06 * widest],
            showgrid=True,
        ),
        yaxis=row_axis([escaped(label) for label in labels], ends=ends, showline=True),
        shapes=[dashed(usual, "dash")],
        annotations=[above(f"SMD {format_number(REFERENCE_LINE, 1)}", REFERENCE_LINE, ink.quiet)],
    )


def _label(row: Row) -> str:
    return (
        f"{row.variable.label}: not defined" if isinstance(row.smd, Absent) else row.variable.label
    )


def _hover(row: Row, smd: float) -> str:
    meaning = "without sign" if isinstance(row, CategoricalRow) else "treatment minus reference"
    return f"{escaped(row.variable.label)}: {format_number(smd, 4)}, {meaning}"
