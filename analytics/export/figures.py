"""Figures as files: SVG that the reader's browser drew, PNG and PDF made from it, HTML."""

import html
import io
import re
import textwrap
from xml.etree import ElementTree as ET

import plotly.graph_objects as go

from analytics.drawing.theme import INKS, escaped
from analytics.export.stamp import Stamp
from analytics.tables import Table, display

WIDTH_PX = 960
_CAPTION_WIDTH = 150
_LINE_PX = 15
_TITLE_PX = 40
_FOOT_PX = 62
_RIGHT_PX = 20
_EDGE_PX = 20
_PIXELS_PER_INCH = 300
LARGEST_SVG_BYTES = 20_000_000
# The last of these is inside the converter, so text can never vanish for want of a font.
EXPORT_FONT = "Arial, Helvetica, Liberation Sans, sans-serif"


def publishable(figure: go.Figure, stamp: Stamp) -> go.Figure:
    """Return a copy of a light figure with its title above and its stamp below, on white."""
    copy = go.Figure(figure)
    lines = [part for line in stamp.caption for part in textwrap.wrap(line, _CAPTION_WIDTH)]
    top = (copy.layout.margin.t or 8) + _TITLE_PX
    left = copy.layout.margin.l or copy.layout.template.layout.margin.l or 20
    right = max(copy.layout.margin.r or 0, _RIGHT_PX)
    below = _LINE_PX * len(lines) + 14
    copy.update_layout(
        width=WIDTH_PX,
        height=(copy.layout.height or 430) + _TITLE_PX + below,
        margin={"t": top, "b": below + _FOOT_PX, "l": left, "r": right},
        paper_bgcolor=INKS["light"].paper,
        font_family=EXPORT_FONT,
        title={
            "text": f"<b>{escaped(stamp.title)}</b>",
            "x": 0.02,
            "xanchor": "left",
            "y": 1.0,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 12},
            "font": {"size": 16},
            "subtitle": {},
        },
    )
    copy.add_annotation(
        text="<br>".join(escaped(line) for line in lines),
        x=0,
        xref="paper",
        xanchor="left",
        y=0,
        yref="paper",
        yanchor="top",
        # Under the labels too, where they are wide: the link is long.
        xshift=_EDGE_PX - left,
        yshift=-_FOOT_PX,
        showarrow=False,
        align="left",
        font={"size": 10.5, "color": INKS["light"].quiet, "family": EXPORT_FONT},
    )
    return copy


class DrawingError(ValueError):
    """The browser did not send a drawing that can be used; the message is shown to the reader."""


def stamped_svg(svg: str, stamp: Stamp) -> str:
    """Return a browser's SVG with the stamp as its title and description.

    Raises
    ------
    DrawingError
        If the text is no SVG, holds a script, or is larger than 20 MB.
    """
    opening = re.match(r"\s*<svg\b[^>]*>", svg)
    if opening is None or not svg.rstrip().endswith("</svg>"):
        msg = "The browser sent no drawing. Reload the page and open the menu again."
        raise DrawingError(msg)
    if len(svg) > LARGEST_SVG_BYTES or not _is_plain(svg):
        msg = "The browser's drawing cannot be used. Take the HTML file instead."
        raise DrawingError(msg)
    about = "\n".join(f"{label}: {text}" for label, text in stamp.lines)
    title = f"<title>{html.escape(stamp.title)}</title>"
    return f"{opening[0]}{title}<desc>{html.escape(about)}</desc>{svg[opening.end() :]}"


_ACTIVE = {"script", "foreignobject", "image", "feimage", "use", "a", "style", "iframe"}


def _is_plain(svg: str) -> bool:
    """Tell whether a drawing holds nothing that runs or is loaded from elsewhere."""
    try:
        # It begins with "<svg", so it can declare no entities.
        parts = list(ET.fromstring(svg).iter())  # noqa: S314
    except (ET.ParseError, ValueError):
        return False
    for part in parts:
        tag, *attributes = (n.rpartition("}")[2].lower() for n in (str(part.tag), *part.attrib))
        if tag in _ACTIVE or any(a == "href" or a.startswith("on") for a in attributes):
            return False
    return True


def svg_to_png(svg: str, stamp: Stamp) -> bytes:
    """Return the drawing as PNG at 300 dpi, the stamp in its text fields."""
    import vl_convert  # noqa: PLC0415  # 80 MB that only a download needs
    from PIL import Image  # noqa: PLC0415
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415

    drawn = vl_convert.svg_to_png(svg, scale=1, ppi=_PIXELS_PER_INCH)
    texts = PngInfo()
    for label, text in stamp.lines:
        texts.add_itxt(label, text)
    out = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as image:
        image.save(out, "PNG", pnginfo=texts, dpi=(_PIXELS_PER_INCH, _PIXELS_PER_INCH))
    return out.getvalue()


def svg_to_pdf(svg: str) -> bytes:
    """Return the drawing as a vector PDF; the stamp is printed in it."""
    import vl_convert  # noqa: PLC0415

    return vl_convert.svg_to_pdf(svg)


def figure_page(figure: go.Figure, table: Table, stamp: Stamp, alternative: str) -> bytes:
    """Return a page that needs no network: interactive figure, its numbers, its stamp."""
    copy = go.Figure(figure)
    copy.update_layout(paper_bgcolor=INKS["light"].paper, font_family=EXPORT_FONT)
    drawing = copy.to_html(
        full_html=False,
        include_plotlyjs=True,
        include_mathjax=False,
        config={"displaylogo": False},
    )
    about = "".join(
        f"<dt>{html.escape(label)}</dt><dd>{html.escape(text)}</dd>" for label, text in stamp.lines
    )
    numbers = display(table).to_html(index=False, border=0, escape=True)
    notice = f"<p class='notice'>{html.escape(stamp.notice)}</p>" if stamp.notice else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{html.escape(stamp.title)}</title>
<style>
body {{ font: 15px/1.5 {EXPORT_FONT}; color: #1F2933; max-width: 1080px; margin: 2rem auto; }}
h1 {{ font-size: 1.4rem; }}
.notice {{ background: #FFF4E5; padding: .4rem .8rem; border-left: 3px solid #D55E00; }}
.numbers {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: 13px; }}
th, td {{ text-align: right; padding: .25rem .6rem; border-bottom: 1px solid #E4E7EB; }}
th:first-child, td:first-child {{ text-align: left; }}
dt {{ font-weight: 600; }} dd {{ margin: 0 0 .4rem 0; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<h1>{html.escape(stamp.title)}</h1>
{notice}
<p>{html.escape(stamp.account.finding)}</p>
<div role="figure" aria-label="{html.escape(alternative, quote=True)}">{drawing}</div>
<div class="numbers">{numbers}</div>
<h2>About this file</h2>
<dl>{about}</dl>
</body>
</html>
""".encode()
