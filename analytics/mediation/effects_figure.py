"""Mediation in figures: the effects, and how much every method says is explained."""

import plotly.graph_objects as go

from analytics.drawing.intervals import IntervalRow, draw_intervals
from analytics.drawing.parts import v_line
from analytics.drawing.theme import INKS, THROUGH_VOLUME, Mode
from analytics.mediation.by_method import MediationByMethod
from analytics.mediation.effects import Mediation
from analytics.mediation.plan import SCALES
from analytics.mediation.published_shares import PUBLISHED_SHARES
from analytics.results import Estimate

_EVERYTHING = 100.0


def draw_effects(mediation: Mediation, mode: Mode) -> go.Figure:
    """Draw total, direct and indirect effect on one axis."""
    ink, scale, effects = INKS[mode], SCALES[mediation.plan.scale], mediation.effects
    rows = (
        IntervalRow("Total effect", effects.total, ink.text),
        IntervalRow("Natural direct effect", effects.direct, ink.quiet),
        IntervalRow("Natural indirect effect", effects.indirect, THROUGH_VOLUME),
    )
    unit = f", {scale.unit}" if scale.unit else ""
    better = "higher" if scale.more_is_better else "lower"
    title = f"Difference in {scale.words}{unit} (95% CI); {better} is better"
    return draw_intervals(rows, title, mode, decimals=scale.decimals)


def draw_by_method(found: MediationByMethod, mode: Mode) -> go.Figure:
    """Draw each method's share, and under them the published ones."""
    ink = INKS[mode]
    rows = [IntervalRow(row.label, row.share, THROUGH_VOLUME) for row in found.rows]
    rows += [
        IntervalRow(f"Published: {p.label}", p.estimate, ink.quiet, "diamond-open")
        for p in PUBLISHED_SHARES
    ]
    ends = [
        end
        for row in rows
        if isinstance(row.estimate, Estimate)
        for end in (row.estimate.value, row.estimate.low, row.estimate.high)
        if end is not None
    ]
    span = (min(-5.0, max(min(ends), -40.0)), max(105.0, min(max(ends), 140.0)))
    figure = draw_intervals(
        rows,
        "Explained by infarct volume, % (95% CI)",
        mode,
        decimals=0,
        unit="%",
        lines=(0.0, _EVERYTHING),
        span=span,
    )
    for published in PUBLISHED_SHARES:
        figure.add_shape(v_line(published.value, ink.quiet, dash="dot"))
    return figure
