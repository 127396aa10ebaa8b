"""The share of patients with at most a volume, one curve for each group, one panel for a facet."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from analytics.drawing.theme import INKS, Mode, escaped, template
from analytics.drawing.volume_axis import volume_axis
from analytics.formatting import format_count, format_number
from analytics.kernels.types import Floats
from analytics.volumes.distribution import Panel, VolumeDistribution
from data.filters import sentence_case

_HEIGHT = 430
_GAP = 0.03
_MOST_STEPS = 400
"""A curve of more steps is drawn by this many of them: a pixel or two lies between."""
_LOWEST_LABEL, _LABEL_STEP, _LABEL_LEVELS = 0.62, 0.16, 3


def draw_volume_shares(distribution: VolumeDistribution, mode: Mode) -> go.Figure:
    """Draw the empirical cumulative distribution of volume in every group.

    Parameters
    ----------
    distribution : VolumeDistribution
        What to draw; nothing is computed here.
    mode : {"light", "dark"}
        The theme.
    """
    facets = list(dict.fromkeys(panel.facet for panel in distribution.panels))
    groups = list(dict.fromkeys(panel.group for panel in distribution.panels))
    traces: list[dict[str, Any]] = []
    for panel in distribution.panels:
        if panel.statistics is not None:
            number = facets.index(panel.facet) + 1
            height = _LOWEST_LABEL + _LABEL_STEP * (groups.index(panel.group) % _LABEL_LEVELS)
            axis = {"xaxis": "x" if number == 1 else f"x{number}"}
            traces += [
                _curve(panel, distribution) | axis,
                _label(panel, distribution, height) | axis,
            ]
    width = (1 + _GAP) / max(len(facets), 1)
    axes = {
        f"xaxis{number or ''}": volume_axis(
            distribution.volume.axis_title, distribution.maxima, distribution.scale
        )
        | {"domain": [position * width, (position + 1) * width - _GAP], "showgrid": True}
        for position, number in enumerate([None, *range(2, len(facets) + 1)])
    }
    titles = [
        {
            "text": f"<b>{escaped(sentence_case(facet.short))}</b>",
            "x": position * width + (width - _GAP) / 2,
            "xref": "paper",
            "y": 1.0,
            "yref": "paper",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": INKS[mode].text, "size": 13},
        }
        for position, facet in enumerate(facets)
        if facet is not None
    ]
    layout = {
        "template": template(mode),
        "height": _HEIGHT,
        "margin": {"t": 34 if titles else 8},
        "annotations": titles,
        "yaxis": {
            "title": {"text": "Share of patients"},
            "range": [-0.02, 1.02],
            "tickformat": ".0%",
            "fixedrange": True,
        },
        **axes,
    }
    return go.Figure({"data": traces, "layout": layout})


def _curve(panel: Panel, of: VolumeDistribution) -> dict[str, Any]:
    drawn = _drawn(of.scale.forward(panel.shares[0]), panel.shares[1])
    volumes, shares = (values[drawn] for values in panel.shares)
    steps = np.concatenate(([volumes[0]], volumes))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": escaped(panel.group.label),
        "x": of.scale.forward(steps),
        "y": np.concatenate(([0.0], shares)),
        "text": [format_number(volume, of.volume.decimals) for volume in steps],
        "line": {"shape": "hv", "color": panel.group.colour, "width": 2},
        "hovertemplate": (
            f"%{{y:.0%}} have at most %{{text}} {of.volume.unit}<extra>%{{fullData.name}}</extra>"
        ),
    }


def _drawn(placed: Floats, shares: Floats) -> NDArray[np.intp]:
    """Return which steps to draw, the ends among them: evenly along either axis if too many."""
    if len(shares) <= _MOST_STEPS:
        return np.arange(len(shares))
    along = [
        np.searchsorted(values, np.linspace(values[0], values[-1], _MOST_STEPS // 2))
        for values in (placed, shares)
    ]
    return np.unique(np.concatenate(along))


def _label(panel: Panel, of: VolumeDistribution, height: float) -> dict[str, Any]:
    """Write the group's name on its curve, each group at another height."""
    volumes, shares = panel.shares
    at = volumes[min(int(np.searchsorted(shares, height)), len(volumes) - 1)]
    return {
        "type": "scatter",
        "mode": "text",
        "name": escaped(panel.group.label),
        "x": of.scale.forward(np.array([at])),
        "y": [height],
        "text": [f"  {escaped(panel.group.label)} (n = {format_count(panel.n)})"],
        "textposition": "middle right",
        "textfont": {"color": panel.group.colour, "size": 13},
        "hoverinfo": "skip",
    }
