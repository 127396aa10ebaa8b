"""The one look of every figure: a light and a dark template, fonts that exist in an export."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import plotly.graph_objects as go

Mode = Literal["light", "dark"]

_DARK = 140
"""Below this brightness of a colour, of 255, text on it is white."""
THROUGH_VOLUME = "#009E73"
"""Of the way through infarct volume in figures of mediation."""
LOWEST, HIGHEST = "#B2182B", "#2166AC"
"""The ends of a scale with a middle."""
FONT = "Source Sans, Source Sans 3, Arial, Helvetica, Liberation Sans, sans-serif"


@dataclass(frozen=True)
class Ink:
    """The colours of everything in a figure that is not data."""

    paper: str
    text: str
    quiet: str
    grid: str
    band: str


INKS: dict[Mode, Ink] = {
    "light": Ink("#FFFFFF", "#1F2933", "#52606D", "#E4E7EB", "#F5F7FA"),
    "dark": Ink("#12181F", "#E6EAEE", "#A3AFBB", "#2B3640", "#1A222B"),
}


@cache
def template(mode: Mode) -> go.layout.Template:
    """Return the Plotly template of the light or the dark theme.

    It is never Plotly's or Streamlit's default: those colours differ between the screen and a
    file, and in a file that a server draws they are all black.
    """
    ink = INKS[mode]
    axis = {
        "gridcolor": ink.grid,
        "linecolor": ink.quiet,
        "tickcolor": ink.quiet,
        "tickfont": {"color": ink.quiet, "size": 13},
        "title": {"font": {"color": ink.text, "size": 13}},
        "zeroline": False,
        # A margin that Plotly finds itself costs it a second and a third drawing.
        "automargin": False,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 13, "color": ink.text},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"],
            "xaxis": axis | {"showgrid": False},
            "yaxis": axis,
            "margin": {"l": 64, "r": 8, "t": 8, "b": 52, "autoexpand": False},
            "hoverlabel": {"font": {"family": FONT, "size": 13}},
            "showlegend": False,
            "dragmode": "select",
            "selectionrevision": "fixed",
        }
    )


def escaped(text: str) -> str:
    """Return text that Plotly shows as it is.

    Plotly reads labels as a small HTML dialect and `$...$` as TeX, and a label may come from a
    reader's file.
    """
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("$", "&#36;")):
        text = text.replace(character, entity)
    return text


def ink_on(colour: str) -> str:
    """Return the colour of text that can be read on a registered colour (#RRGGBB)."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    is_dark = 0.299 * red + 0.587 * green + 0.114 * blue < _DARK
    return INKS["light"].paper if is_dark else INKS["light"].text


def tint(colour: str, opacity: float) -> str:
    """Return a registered colour (#RRGGBB) with an opacity, as Plotly writes it."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
