"""The theme: readable inks, our own colours, labels that stay text."""

import re

import plotly.io as pio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.drawing.theme import INKS, escaped, template, tint
from data.variables import VARIABLES


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", INKS)
def test_text_is_readable_on_its_paper(mode):
    ink = INKS[mode]
    assert contrast(ink.text, ink.paper) >= 7  # WCAG AAA
    assert contrast(ink.quiet, ink.paper) >= 4.5  # WCAG AA


@pytest.mark.parametrize("mode", INKS)
def test_the_template_is_not_plotlys_nor_streamlits(mode):
    ours = template(mode).to_plotly_json()
    text = str(ours).lower()
    default = pio.templates["plotly"].layout
    for colour in (*default.colorway, default.plot_bgcolor, default.font.color):
        assert colour.lower() not in text
    assert not re.search(r"#0000(0\d|1\d)\b", text)  # Streamlit's placeholders
    assert ours["layout"]["font"]["color"] == INKS[mode].text


def test_light_and_dark_differ_in_ink_only():
    light, dark = (template(mode).layout for mode in ("light", "dark"))
    assert light.font.color != dark.font.color
    assert light.margin == dark.margin
    assert light.colorway == dark.colorway


@given(st.text())
def test_an_escaped_label_holds_no_markup_and_loses_nothing(text):
    shown = escaped(text)
    assert not set(shown) & set("<>$")
    for character, entity in (("$", "&#36;"), (">", "&gt;"), ("<", "&lt;"), ("&", "&amp;")):
        shown = shown.replace(entity, character)
    assert shown == text


def test_every_registered_colour_can_be_tinted():
    assert tint("#0072B2", 0.14) == "rgba(0,114,178,0.14)"
    for level in (level for variable in VARIABLES for level in variable.all_levels):
        assert re.fullmatch(r"rgba\((\d{1,3},){3}0\.5\)", tint(level.colour, 0.5))
