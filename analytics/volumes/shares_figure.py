"""The share of patients with at most a volume, one curve for each group, one panel for a facet."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from analytics.drawing.parts import Part, axis, domains, facet_title, figure, scatter
from analytics.drawing.theme import INKS, Mode, escaped
from analytics.drawing.volume_axis import volume_axis
from analytics.formatting import format_count, format_number
from analytics.kernels.types import Floats
from analytics.volumes.distribution import Panel, VolumeDistribution
from data.filters import sentence_case
from data.variables import Level

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
    traces: list[Part] = []
    for panel in distribution.panels:
        if panel.statistics is not None:
            number = facets.index(panel.facet) + 1
            height = _LOWEST_LABEL + _LABEL_STEP * (groups.index(panel.group) % _LABEL_LEVELS)
            own = {"xaxis": "x" if number == 1 else f"x{number}"}
            traces += [
                _curve(panel, distribution) | own,
                _label(panel, distribution, height) | own,
            ]
    titles = _facet_titles(facets, mode)
    return figure(
        traces,
        mode,
        height=_HEIGHT,
        margin={"t": 34 if titles else 8},
        annotations=titles,
        yaxis=axis("Share of patients", range=[-0.02, 1.02], tickformat=".0%"),
        **_volume_axes(distribution, len(facets)),
    )


def _volume_axes(of: VolumeDistribution, count: int) -> Part:
    """Return an axis of volume for each facet, beside each other."""
    along = volume_axis(of.volume.axis_title, of.maxima, of.scale) | {"showgrid": True}
    return {
        f"xaxis{number if number > 1 else ''}": along | {"domain": list(domain)}
        for number, domain in enumerate(domains(count, _GAP), start=1)
    }


def _facet_titles(facets: list[Level | None], mode: Mode) -> list[Part]:
    return [
        facet_title(
            escaped(sentence_case(facet.short)),
            start + (end - start) / 2,
            INKS[mode].text,
            xref="paper",
        )
        for facet, (start, end) in zip(facets, domains(len(facets), _GAP), strict=True)
        if facet is not None
    ]


def _curve(panel: Panel, of: VolumeDistribution) -> Part:
    drawn = _drawn(of.scale.forward(panel.shares[0]), panel.shares[1])
    volumes, shares = (values[drawn] for values in panel.shares)
    steps = np.concatenate(([volumes[0]], volumes))
    return scatter(
        "lines",
        of.scale.forward(steps),
        np.concatenate(([0.0], shares)),
        [format_number(volume, of.volume.decimals) for volume in steps],
        name=escaped(panel.group.label),
        line={"shape": "hv", "color": panel.group.colour, "width": 2},
        hovertemplate=(
            f"%{{y:.0%}} have at most %{{text}} {of.volume.unit}<extra>%{{fullData.name}}</extra>"
        ),
    )


def _drawn(placed: Floats, shares: Floats) -> NDArray[np.intp]:
    """Return which steps to draw, the ends among them: evenly along either axis if too many."""
    if len(shares) <= _MOST_STEPS:
        return np.arange(len(shares))
    along = [
        np.searchsorted(values, np.linspace(values[0], values[-1], _MOST_STEPS // 2))
        for values in (placed, shares)
    ]
    return np.unique(np.concatenate(along))


def _label(panel: Panel, of: VolumeDistribution, height: float) -> Part:
    """Write the group's name on its curve, each group at another height."""
    volumes, shares = panel.shares
    at = volumes[min(int(np.searchsorted(shares, height)), len(volumes) - 1)]
    label = escaped(panel.group.label)
    return scatter(
        "text",
        of.scale.forward(np.array([at])),
        [height],
        name=label,
        text=[f"  {label} (n = {format_count(panel.n)})"],
        textposition="middle right",
        textfont={"color": panel.group.colour, "size": 13},
    )
