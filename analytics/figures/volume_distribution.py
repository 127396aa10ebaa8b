"""Every patient's volume by group and facet: box and points, violin, raincloud, or shares."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analytics.figures.theme import INKS, Mode, escaped, template, tint
from analytics.formatting import format_count, format_number
from analytics.volume_distribution import Floats, Panel, Scale, VolumeDistribution
from analytics.wording import sentence_case

_TICKS_ML = (0, 1, 5, 10, 20, 50, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 5000)
_FEWEST_TICK_STEPS = 0.045
_FACET_GAP = 0.6
_HALF_WIDTH = 0.34
_HEIGHT = 430
_GOLDEN = 0.6180339887498949


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
    if distribution.kind == "ecdf":
        return _shares(distribution, mode)
    figure = go.Figure(layout={"template": template(mode), "height": _HEIGHT})
    placed = list(_places(distribution.panels))
    for group in _groups(distribution.panels):
        own = [p for p in placed if p.panel.group == group and p.panel.statistics is not None]
        if not own:
            continue
        if distribution.kind in ("violin", "raincloud"):
            _add_densities(figure, own, distribution)
        _add_boxes(figure, own, distribution)
        _add_points(figure, own, distribution)
        _add_medians(figure, own, distribution, mode)
    figure.update_xaxes(
        tickvals=[p.centre for p in placed],
        ticktext=[_tick(p.panel) for p in placed],
        range=[-0.6, (placed[-1].centre if placed else 0) + 0.6],
        fixedrange=True,
    )
    figure.update_yaxes(**_volume_axis(distribution))
    _add_facet_titles(figure, placed, mode)
    return figure


def _groups(panels: Sequence[Panel]) -> list:
    return list(dict.fromkeys(panel.group for panel in panels))


def _places(panels: Sequence[Panel]) -> Iterator[_Placed]:
    centre, facet = -1.0, panels[0].facet if panels else None
    for panel in panels:
        centre += 1 if panel.facet == facet else 1 + _FACET_GAP
        facet = panel.facet
        yield _Placed(panel, centre)


def _tick(panel: Panel) -> str:
    missing = f" (+{panel.n_missing} missing)" if panel.n_missing else ""
    return f"{escaped(panel.group.label)}<br>n = {format_count(panel.n)}{missing}"


def _volume_axis(distribution: VolumeDistribution) -> dict[str, object]:
    scale, volume = distribution.scale, distribution.volume
    top = max((p.statistics.maximum for p in distribution.panels if p.statistics), default=1.0)
    top = max(top, 1.0)
    axis: dict[str, object] = {"title": {"text": volume.axis_title}, "fixedrange": True}
    low, high = (float(end) for end in scale.forward(np.array([0.0, top])))
    margin = 0.04 * (high - low)
    axis["range"] = [low - margin, high + margin]
    if scale.code != "ml":
        ticks = _spaced(scale, top)
        axis |= {
            "tickvals": scale.forward(np.array(ticks, dtype=float)),
            "ticktext": [format_number(tick) for tick in ticks],
        }
    return axis


def _spaced(scale: Scale, top: float) -> list[int]:
    """Return the round volumes that stand far enough apart on this scale to be read."""
    kept: list[int] = []
    full = float(scale.forward(np.array([top]))[0])
    for tick in _TICKS_ML:
        at = float(scale.forward(np.array([float(tick)]))[0])
        last = float(scale.forward(np.array([float(kept[-1])]))[0]) if kept else -np.inf
        if tick <= top and at - last >= _FEWEST_TICK_STEPS * full:
            kept.append(tick)
    return kept


def _add_boxes(figure: go.Figure, placed: list[_Placed], of: VolumeDistribution) -> None:
    colour = placed[0].panel.group.colour
    width = {"box": 0.62, "violin": 0.13, "raincloud": 0.12}[of.kind]

    def on_axis(values: list[float]) -> Floats:
        return of.scale.forward(np.array(values))

    boxes = [(p.centre, p.panel.statistics, p.panel.whiskers) for p in placed]
    known = [(x, s, w) for x, s, w in boxes if s is not None and w is not None]
    figure.add_box(
        x=[x for x, _, _ in known],
        q1=on_axis([s.q1 for _, s, _ in known]),
        median=on_axis([s.median.value for _, s, _ in known]),
        q3=on_axis([s.q3 for _, s, _ in known]),
        lowerfence=on_axis([w[0] for _, _, w in known]),
        upperfence=on_axis([w[1] for _, _, w in known]),
        width=width,
        whiskerwidth=0.3 if of.kind == "box" else 0,
        line={"color": colour, "width": 1.6},
        fillcolor=tint(colour, 0.14),
        hoverinfo="skip",
        name=escaped(placed[0].panel.group.label),
    )


def _add_points(figure: go.Figure, placed: list[_Placed], of: VolumeDistribution) -> None:
    x, y, subjects, volumes = [], [], [], []
    for p in placed:
        n = len(p.panel.volumes)
        spread = (np.arange(1, n + 1) * _GOLDEN) % 1.0
        offset = {
            "box": (spread - 0.5) * 0.5,
            "violin": (spread - 0.5) * 0.07,
            "raincloud": -0.12 - spread * 0.26,
        }[of.kind]
        x.append(p.centre + offset)
        y.append(of.scale.forward(p.panel.volumes))
        subjects += p.panel.subjects
        volumes.append(p.panel.volumes)
    if not subjects:
        return
    group = placed[0].panel.group
    figure.add_scatter(
        x=np.concatenate(x),
        y=np.concatenate(y),
        customdata=subjects,
        text=[format_number(v, of.volume.decimals) for v in np.concatenate(volumes)],
        mode="markers",
        marker={
            "color": tint(group.colour, 0.62),
            "size": 4 if of.kind == "violin" else 5.5,
            "line": {"width": 0},
        },
        selected={"marker": {"color": group.colour, "size": 8}},
        unselected={"marker": {"opacity": 0.18}},
        hovertemplate=f"%{{customdata}}<br>%{{text}} {of.volume.unit}<extra></extra>",
        name=escaped(group.label),
    )


def _add_densities(figure: go.Figure, placed: list[_Placed], of: VolumeDistribution) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    for p in placed:
        if p.panel.density is None:
            continue
        volumes, heights = p.panel.density
        at = of.scale.forward(volumes)
        right = p.centre + (0.1 if of.kind == "raincloud" else 0) + heights * _HALF_WIDTH
        mirrored = of.kind == "violin"
        left = p.centre - heights * _HALF_WIDTH if mirrored else np.full_like(at, p.centre + 0.1)
        x += [*right, *left[::-1], None]
        y += [*at, *at[::-1], None]
    if not x:
        return
    colour = placed[0].panel.group.colour
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        fill="toself",
        fillcolor=tint(colour, 0.22),
        line={"color": colour, "width": 1.2},
        hoverinfo="skip",
        name=escaped(placed[0].panel.group.label),
    )


def _add_medians(
    figure: go.Figure, placed: list[_Placed], of: VolumeDistribution, mode: Mode
) -> None:
    medians = [p.panel.statistics.median.value for p in placed if p.panel.statistics is not None]
    # Beside the box, where no point can lie.
    shift = {"box": 0.33, "violin": 0.08, "raincloud": 0.07}[of.kind]
    figure.add_scatter(
        x=[p.centre + shift for p in placed],
        y=of.scale.forward(np.array(medians)),
        text=[f"<b>{format_number(median, of.volume.decimals)}</b>" for median in medians],
        mode="text",
        textposition="middle right",
        textfont={"color": INKS[mode].text, "size": 13},
        hoverinfo="skip",
        name="Median",
    )


def _add_facet_titles(figure: go.Figure, placed: list[_Placed], mode: Mode) -> None:
    facets = [f for f in dict.fromkeys(p.panel.facet for p in placed) if f is not None]
    for facet in facets:
        own = [p.centre for p in placed if p.panel.facet == facet]
        figure.add_annotation(
            x=(own[0] + own[-1]) / 2,
            y=1.0,
            yref="paper",
            yanchor="bottom",
            text=f"<b>{escaped(sentence_case(facet.short))}</b>",
            showarrow=False,
            font={"color": INKS[mode].text, "size": 13},
        )
        if facet != facets[0]:
            figure.add_vline(x=own[0] - (1 + _FACET_GAP) / 2, line_color=INKS[mode].grid)
    if facets:
        figure.update_layout(margin_t=34)


def _shares(distribution: VolumeDistribution, mode: Mode) -> go.Figure:
    facets = list(dict.fromkeys(panel.facet for panel in distribution.panels))
    titles = [f"<b>{escaped(sentence_case(facet.short))}</b>" if facet else "" for facet in facets]
    figure = make_subplots(
        1, max(len(facets), 1), shared_yaxes=True, subplot_titles=titles, horizontal_spacing=0.03
    )
    figure.update_layout(
        template=template(mode), height=_HEIGHT, margin_t=34 if any(titles) else 8
    )
    figure.update_annotations(font={"size": 13, "color": INKS[mode].text})
    for panel in distribution.panels:
        if panel.statistics is None:
            continue
        column = facets.index(panel.facet) + 1
        volumes, shares = panel.shares
        figure.add_scatter(
            x=distribution.scale.forward(np.concatenate(([volumes[0]], volumes))),
            y=np.concatenate(([0.0], shares)),
            text=[format_number(v, distribution.volume.decimals) for v in (volumes[0], *volumes)],
            mode="lines",
            line={"shape": "hv", "color": panel.group.colour, "width": 2},
            name=escaped(panel.group.label),
            hovertemplate="%{y:.0%} have at most %{text} mL<extra>%{fullData.name}</extra>",
            row=1,
            col=column,
        )
        _label_curve(figure, panel, distribution, column)
    figure.update_xaxes(**_volume_axis(distribution), showgrid=True)
    figure.update_yaxes(range=[-0.02, 1.02], tickformat=".0%", fixedrange=True)
    figure.update_yaxes(title_text="Share of patients", col=1)
    return figure


def _label_curve(
    figure: go.Figure, panel: Panel, distribution: VolumeDistribution, column: int
) -> None:
    """Write the group's name on its curve, each group at another height."""
    groups = _groups(distribution.panels)
    height = 0.62 + 0.16 * (groups.index(panel.group) % 3)
    volumes, shares = panel.shares
    at = volumes[min(int(np.searchsorted(shares, height)), len(volumes) - 1)]
    figure.add_scatter(
        x=distribution.scale.forward(np.array([at])),
        y=[height],
        text=[f"  {escaped(panel.group.label)} (n = {format_count(panel.n)})"],
        mode="text",
        textposition="middle right",
        textfont={"color": panel.group.colour, "size": 13},
        hoverinfo="skip",
        showlegend=False,
        row=1,
        col=column,
    )
