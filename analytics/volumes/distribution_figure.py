"""Every patient's volume by group and facet: box and points, violin or raincloud."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.drawing.parts import Part, axis, facet_title, figure, scatter, segment
from analytics.drawing.theme import INKS, Mode, escaped, tint
from analytics.drawing.volume_axis import volume_axis
from analytics.formatting import format_count, format_number
from analytics.volumes.distribution import Panel, VolumeDistribution
from analytics.volumes.shares_figure import draw_volume_shares
from data.filters import sentence_case
from data.variables import Level

_FACET_GAP = 0.6
_HALF_WIDTH = 0.34
_HEIGHT = 430
_FEW = 30
_OPACITY = 0.62
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Look:
    """How a kind with points is drawn; lengths along the horizontal axis, from a group's centre.

    Attributes
    ----------
    box, whisker : float
        Width of the box, and of the ends of its whiskers as a share of it.
    label : float
        Where the median is written: beside the box, where no point can lie.
    points : tuple of float
        Between which places the points are spread.
    size : float
        Of a point, in px.
    density : float
        Where the middle of a density lies.
    is_mirrored : bool
        Whether a density is drawn to both sides.
    """

    box: float
    label: float
    points: tuple[float, float]
    whisker: float = 0.0
    size: float = 5.5
    density: float = 0.0
    is_mirrored: bool = False


LOOKS = {
    "box": Look(box=0.62, label=0.33, points=(-0.25, 0.25), whisker=0.3),
    "violin": Look(box=0.13, label=0.08, points=(-0.035, 0.035), size=4.0, is_mirrored=True),
    "raincloud": Look(box=0.12, label=0.07, points=(-0.12, -0.38), density=0.1),
}


@dataclass(frozen=True)
class _Placed:
    """A panel and where its centre lies on the horizontal axis."""

    panel: Panel
    centre: float


def draw_volume_distribution(distribution: VolumeDistribution, mode: Mode) -> go.Figure:
    """Draw the distribution in its kind; the points carry the patients as `customdata`.

    Parameters
    ----------
    distribution : VolumeDistribution
        What to draw; nothing is computed here.
    mode : {"light", "dark"}
        The theme.
    """
    if not distribution.kind.has_points:
        return draw_volume_shares(distribution, mode)
    placed = list(_places(distribution.panels))
    traces: list[Part] = []
    for group in dict.fromkeys(panel.group for panel in distribution.panels):
        own = [p for p in placed if p.panel.group == group and p.panel.statistics is not None]
        if own:
            traces += _traces(own, group, distribution, mode)
    return figure(traces, mode, **_layout(placed, distribution, mode))


def _places(panels: Sequence[Panel]) -> Iterator[_Placed]:
    centre, facet = -1.0, panels[0].facet if panels else None
    for panel in panels:
        centre += 1 if panel.facet == facet else 1 + _FACET_GAP
        facet = panel.facet
        yield _Placed(panel, centre)


def _traces(placed: list[_Placed], group: Level, of: VolumeDistribution, mode: Mode) -> list[Part]:
    traces = [_boxes(placed, group, of), _points(placed, group, of), _medians(placed, of, mode)]
    if of.kind.has_density:
        traces.insert(0, _densities(placed, group, of))
    return [trace for trace in traces if len(trace["x"])]


def _boxes(placed: list[_Placed], group: Level, of: VolumeDistribution) -> Part:
    look = LOOKS[of.kind.name]
    known = [
        (p.centre, p.panel.statistics, p.panel.whiskers)
        for p in placed
        if p.panel.statistics is not None and p.panel.whiskers is not None
    ]
    volumes = [(w[0], s.q1, s.median.value, s.q3, w[1]) for _, s, w in known]
    names = ("lowerfence", "q1", "median", "q3", "upperfence")
    on_axis = of.scale.forward(np.array(volumes, dtype=float).reshape(-1, len(names)))
    return {
        "type": "box",
        "name": escaped(group.label),
        "x": [centre for centre, _, _ in known],
        **{name: on_axis[:, i] for i, name in enumerate(names)},
        "width": look.box,
        "whiskerwidth": look.whisker,
        "line": {"color": group.colour, "width": 1.6},
        "fillcolor": tint(group.colour, 0.14),
        "hoverinfo": "skip",
    }


def _points(placed: list[_Placed], group: Level, of: VolumeDistribution) -> Part:
    look = LOOKS[of.kind.name]
    volumes = np.concatenate([p.panel.volumes for p in placed])
    return scatter(
        "markers",
        np.concatenate([p.centre + _offsets(len(p.panel.volumes), look) for p in placed]),
        of.scale.forward(volumes),
        [format_number(volume, of.volume.decimals) for volume in volumes],
        name=escaped(group.label),
        customdata=[subject for p in placed for subject in p.panel.subjects],
        hovertemplate=f"%{{customdata}}<br>%{{text}} {of.volume.unit}<extra></extra>",
        marker={
            "color": tint(group.colour, _OPACITY if len(volumes) > _FEW else 1.0),
            "size": look.size + (2 if len(volumes) <= _FEW else 0),
        },
        selected={"marker": {"color": group.colour, "size": 8}},
        unselected={"marker": {"opacity": 0.18}},
    )


def _offsets(n: int, look: Look) -> np.ndarray:
    """Spread n points sideways, evenly and always the same way."""
    start, end = look.points
    return start + (np.arange(1, n + 1) * _GOLDEN) % 1.0 * (end - start)


def _densities(placed: list[_Placed], group: Level, of: VolumeDistribution) -> Part:
    look = LOOKS[of.kind.name]
    x: list[float | None] = []
    y: list[float | None] = []
    for p in placed:
        if p.panel.density is None:
            continue
        volumes, heights = p.panel.density
        at, reach = of.scale.forward(volumes), heights * _HALF_WIDTH
        middle = p.centre + look.density
        left = middle - reach if look.is_mirrored else np.full_like(at, middle)
        x += [*(middle + reach), *left[::-1], None]
        y += [*at, *at[::-1], None]
    return scatter(
        "lines",
        x,
        y,
        name=escaped(group.label),
        fill="toself",
        fillcolor=tint(group.colour, 0.22),
        line={"color": group.colour, "width": 1.2},
    )


def _medians(placed: list[_Placed], of: VolumeDistribution, mode: Mode) -> Part:
    known = [(p.centre, p.panel.statistics) for p in placed if p.panel.statistics is not None]
    medians = [statistics.median.value for _, statistics in known]
    return scatter(
        "text",
        [centre + LOOKS[of.kind.name].label for centre, _ in known],
        of.scale.forward(np.array(medians, dtype=float)),
        name="Median",
        text=[f"<b>{format_number(median, of.volume.decimals)}</b>" for median in medians],
        textposition="middle right",
        textfont={"color": INKS[mode].text, "size": 13},
    )


def _layout(placed: list[_Placed], of: VolumeDistribution, mode: Mode) -> Part:
    ink = INKS[mode]
    facets = list(dict.fromkeys(p.panel.facet for p in placed if p.panel.facet is not None))
    centres = [[p.centre for p in placed if p.panel.facet == facet] for facet in facets]
    titles = [
        facet_title(escaped(sentence_case(facet.short)), (own[0] + own[-1]) / 2, ink.text)
        for facet, own in zip(facets, centres, strict=True)
    ]
    borders = [own[0] - (1 + _FACET_GAP) / 2 for own in centres[1:]]
    line: Part = {"yref": "paper", "line": {"color": ink.grid}}
    return {
        "height": _HEIGHT,
        "margin": {"t": 34 if facets else 8},
        "annotations": titles,
        "shapes": [segment((x, x), (0, 1), ink.grid, **line) for x in borders],
        "xaxis": axis(
            tickvals=[p.centre for p in placed],
            ticktext=[_tick(p.panel) for p in placed],
            range=[-0.6, (placed[-1].centre if placed else 0) + 0.6],
        ),
        "yaxis": volume_axis(of.volume.axis_title, of.maxima, of.scale),
    }


def _tick(panel: Panel) -> str:
    missing = f" (+{format_count(panel.n_missing)} missing)" if panel.n_missing else ""
    return f"{escaped(panel.group.label)}<br>n = {format_count(panel.n)}{missing}"
