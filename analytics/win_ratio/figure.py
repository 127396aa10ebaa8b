"""What each outcome of a hierarchy decides: bars that narrow to the pairs still open."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import plotly.graph_objects as go

from analytics.drawing.parts import Part, figure, labels_px, row_axis
from analytics.drawing.share_bars import bar_head, bar_layout, bar_segments, joins
from analytics.drawing.theme import INKS, Ink, Mode, escaped
from analytics.formatting import format_count, format_number, format_share
from analytics.win_ratio.comparison import Verdict, WinRatio

_ROW_PX, _AROUND_PX = 54, 96
_WIDEST_LABELS_PX = 260
_HALF_BAR = 0.34
_GAP = 0.4
_SHARE_FOR_TEXT, _SHARE_FOR_PERCENT, _LARGEST_COUNT = 0.09, 0.05, 9_999_999


def draw_win_ratio(result: WinRatio, mode: Mode) -> go.Figure:
    """Draw one bar for each outcome in its order, and one for all of them.

    A bar is as long as the pairs that no earlier outcome decided and lies below their ties, so
    that the bar of all outcomes, at the bottom, sums up those above it.
    """
    ink, everyone = INKS[mode], result.total.pairs
    own = [component.verdict for component in result.components]
    rows = [*own, result.total]
    before = list(accumulate((verdict.wins for verdict in own), initial=0))
    starts = [*before[:-1], 0]
    ends = [start + v.wins + v.ties + v.losses for start, v in zip(starts, rows, strict=True)]
    places = [*map(float, range(len(own))), len(own) + _GAP]
    labels = _labels(result)
    top, bottom = -0.95, places[-1] + 0.55
    return figure(
        _traces(result, starts, places, ink),
        mode,
        height=_AROUND_PX + round(_ROW_PX * (bottom - top)),
        margin={"l": labels_px(labels, 14, _WIDEST_LABELS_PX), "t": 8, "r": 24},
        yaxis=row_axis(labels, places, ends=(bottom, top)),
        shapes=_edges(own, before[1:], places, everyone, ink),
        annotations=[*_heads(result, ink), *_beside(rows, places, ends, everyone)],
        **bar_layout("Share of all pairs", mode="overlay"),
    )


def _traces(
    result: WinRatio, starts: Sequence[int], places: Sequence[float], ink: Ink
) -> list[Part]:
    """Return the wins, ties and losses of all bars, each from where the ones before it end."""
    rows = [*(component.verdict for component in result.components), result.total]
    on_arm = INKS["light"].paper
    sides = (
        (
            f"{result.treatment.label} better",
            result.treatment.colour,
            on_arm,
            [v.wins for v in rows],
        ),
        ("Tie", ink.grid, ink.text, [v.ties for v in rows]),
        (
            f"{result.reference.label} better",
            result.reference.colour,
            on_arm,
            [v.losses for v in rows],
        ),
    )
    traces = []
    for name, fill, written, counts in sides:
        colours = {"marker": {"color": fill, "line": {"width": 0}}, "textfont": {"color": written}}
        segments = _segments(name, counts, starts, result.total.pairs)
        traces.append(segments | colours | {"y": list(places)})
        starts = [start + count for start, count in zip(starts, counts, strict=True)]
    return traces


def _edges(
    own: Sequence[Verdict], won: Sequence[int], places: Sequence[float], everyone: int, ink: Ink
) -> list[Part]:
    """Return lines from the ties of each bar down to the bar that divides them further."""
    sides = [
        (wins / everyone, (wins + v.ties) / everyone) for wins, v in zip(won, own, strict=True)
    ]
    return [
        line
        for (upper, lower), edges in zip(pairwise(places), sides, strict=True)
        for line in joins(upper, lower, [(edge, edge) for edge in edges], _HALF_BAR, ink)
    ]


def _segments(name: str, counts: Sequence[int], starts: Sequence[int], everyone: int) -> Part:
    shares = [count / everyone for count in counts]
    known = list(zip(counts, shares, strict=True))
    said = [f"{format_count(n)} ({format_share(share)})" for n, share in known]
    return bar_segments(
        escaped(name),
        shares,
        _HALF_BAR,
        [_text(n, share) for n, share in known],
        [f"{escaped(name)}: {text} of all pairs" for text in said],
        base=[start / everyone for start in starts],
        constraintext="none",
    )


def _text(count: int, share: float) -> str:
    percent = f"{format_number(100 * share)}%"
    if share >= _SHARE_FOR_TEXT and count <= _LARGEST_COUNT:
        return f"{format_count(count)}<br>{percent}"
    return percent if share >= _SHARE_FOR_PERCENT else ""


def _beside(
    rows: Sequence[Verdict], places: Sequence[float], ends: Sequence[int], everyone: int
) -> list[Part]:
    """Write the counts beside bars that are too short to hold any."""
    notes = []
    for v, place, end in zip(rows, places, ends, strict=True):
        if any(_text(count, count / everyone) for count in (v.wins, v.ties, v.losses)):
            continue
        is_left = end <= everyone / 2
        notes.append(
            {
                "text": " / ".join(map(format_count, (v.wins, v.ties, v.losses))),
                "x": (end if is_left else end - v.pairs) / everyone,
                "xanchor": "left" if is_left else "right",
                "xshift": 6 if is_left else -6,
                "y": place,
                "showarrow": False,
            }
        )
    return notes


def _labels(result: WinRatio) -> list[str]:
    names = [f"{i}. {escaped(c.label)}" for i, c in enumerate(result.components, start=1)]
    verdicts: list[Verdict] = [*(c.verdict for c in result.components), result.total]
    return [
        f"{name}<br>{format_count(verdict.pairs)} pairs"
        for name, verdict in zip([*names, "All outcomes"], verdicts, strict=True)
    ]


def _heads(result: WinRatio, ink: Ink) -> list[Part]:
    """Name the sides; the ends of the first bar belong to the arms whatever its shares are."""
    one, other = result.treatment, result.reference
    sides = (
        (f"{escaped(one.label)} better", 0, "left", one.colour),
        ("Tie", 0.5, "center", ink.quiet),
        (f"{escaped(other.label)} better", 1, "right", other.colour),
    )
    return [bar_head(text, x, colour, _HALF_BAR, xanchor=side) for text, x, side, colour in sides]
