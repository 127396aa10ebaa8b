"""Figures as files: stamped, legible, and nothing in them that runs or calls home."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pandas as pd
import pytest
from PIL import Image, ImageChops

from analytics.export import figures
from analytics.export.figures import (
    DrawingError,
    figure_page,
    publishable,
    stamped_svg,
    svg_to_pdf,
    svg_to_png,
)
from analytics.export.stamp import make_stamp
from analytics.figures.volume_distribution import draw_volume_distribution
from analytics.figures.volumes import draw_contrast, draw_stratum_medians
from analytics.subgroup_contrast import contrast_subgroup
from analytics.tables import display
from analytics.volume_distribution import distribute_volume
from analytics.volume_tables import distribution_table
from analytics.volumes import summarise_volume
from data.cohort import Cohort
from data.data_set import make_data_set
from data.filters import Filters, Levels
from data.variables import Level

HOSTILE = '<script>alert("1")</script> & $x$'
OPENING = '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="60">'
WHITE = '<rect width="240" height="60" fill="#FFFFFF"/>'
TEXT = (
    f'<text x="10" y="40" font-size="28" fill="#1F2933" font-family="{figures.EXPORT_FONT}">'
    "Infarct volume</text>"
)
SVG = f"{OPENING}{WHITE}{TEXT}</svg>"


def stamp_of(cohort, account):
    return make_stamp(
        cohort,
        account,
        title="Volume <by> arm",
        standing="primary",
        made=datetime(2026, 11, 23, tzinfo=UTC),
        link="http://localhost/volumes?occlusion_site=ICA",
    )


@pytest.fixture(scope="module")
def medians(whole):
    return summarise_volume(whole, ("arm", "occlusion_site"))


@pytest.fixture(scope="module")
def stamp(whole, medians):
    return stamp_of(whole, medians.account)


@pytest.fixture(scope="module")
def hostile():
    frame = pd.DataFrame(
        {"subject_id": [HOSTILE, "b"], "arm": ["x", "y"], "infarct_volume_ml": [1.0, 2.0]}
    )
    arms = (Level("x", HOSTILE, "#D55E00", HOSTILE), Level("y", "Drug", "#0072B2"))
    return Cohort(make_data_set(frame, name=HOSTILE, digest="0" * 64, arms=arms))


def page_of(cohort):
    distribution = distribute_volume(cohort)
    return figure_page(
        draw_volume_distribution(distribution, "light"),
        distribution_table(distribution),
        stamp_of(cohort, distribution.account),
        'Boxes of "volume" by arm',
    ).decode()


class Tags(HTMLParser):
    """Collects the tags and the visible text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts, self.inside = [], [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside not in ("script", "style"):
            self.texts.append(data)

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


# For print


def test_a_published_figure_keeps_room_for_its_labels(whole, medians, stamp):
    ica = Cohort(whole.data, Filters((("occlusion_site", Levels(("ICA",))),)))
    for figure in (
        draw_stratum_medians(medians, "light"),
        draw_contrast(contrast_subgroup(ica), "light"),
    ):
        assert publishable(figure, stamp).layout.margin.l >= figure.layout.margin.l > 100


def test_a_published_figure_is_a_copy_with_title_caption_and_white_paper(medians, stamp):
    figure = draw_stratum_medians(medians, "light")
    before = figure.to_json()
    published = publishable(figure, stamp)
    assert figure.to_json() == before
    assert published.data == figure.data
    assert published.layout.title.text == "<b>Volume &lt;by&gt; arm</b>"
    assert published.layout.paper_bgcolor == "#FFFFFF"
    assert published.layout.height > figure.layout.height
    caption = published.layout.annotations[-1].text
    for said in (stamp.notice, "All patients: 315 of 315", "Primary", stamp.link):
        assert said in caption.replace("<br>", " ")


def test_facet_titles_stay_when_the_caption_comes(whole, stamp):
    figure = draw_volume_distribution(distribute_volume(whole, facet="sex"), "light")
    published = publishable(figure, stamp)
    assert published.layout.annotations[:-1] == figure.layout.annotations
    assert published.layout.margin.t > figure.layout.margin.t


def test_a_long_caption_wraps_and_makes_its_own_room(medians, stamp):
    figure = draw_stratum_medians(medians, "light")
    long = replace(stamp, cohort="; ".join(["age 20 to 80 years"] * 40), data_set=HOSTILE)
    short, tall = (publishable(figure, s).layout for s in (stamp, long))
    lines = tall.annotations[-1].text.split("<br>")
    assert len(lines) >= 6
    assert max(map(len, lines)) < 200
    assert tall.margin.b - short.margin.b == tall.height - short.height > 0
    assert "<script" not in tall.annotations[-1].text


# SVG, PNG and PDF


def test_title_and_description_come_first_and_are_escaped(stamp):
    text = stamped_svg(SVG, replace(stamp, data_set=HOSTILE))
    assert text.startswith(f"{OPENING}<title>Volume &lt;by&gt; arm</title><desc>Title: ")
    assert text.endswith(f"</desc>{WHITE}{TEXT}</svg>")
    assert stamp.notice in text
    assert "<script" not in text


@pytest.mark.parametrize(
    "text", ["", "text", "<!doctype html><svg></svg>", OPENING, "<svgx></svgx>"]
)
def test_what_is_no_svg_is_refused(stamp, text):
    with pytest.raises(DrawingError, match="sent no drawing"):
        stamped_svg(text, stamp)


@pytest.mark.parametrize(
    "part",
    [
        "<script>x()</script>",
        "<script href='x.js'/>",
        "<rect onload='x()'/>",
        '<rect onclick = "x()"/>',
        "<rect\nonmouseover='x()'/>",
        "<foreignObject><p>x</p></foreignObject>",
    ],
)
def test_a_drawing_that_could_run_something_is_refused(stamp, part):
    with pytest.raises(DrawingError, match="cannot be used"):
        stamped_svg(f"{OPENING}{part}</svg>", stamp)


def test_a_drawing_that_is_too_large_is_refused(stamp, monkeypatch):
    monkeypatch.setattr(figures, "LARGEST_SVG_BYTES", len(SVG))
    assert stamped_svg(SVG, stamp)
    with pytest.raises(DrawingError, match="cannot be used"):
        stamped_svg(SVG.replace("</svg>", " </svg>"), stamp)


def image_of(svg, stamp):
    with Image.open(io.BytesIO(svg_to_png(svg, stamp))) as image:
        image.load()
        return image


def test_a_png_has_print_size_and_the_whole_stamp(stamp):
    named = replace(stamp, data_set="Étude β 試験")
    image = image_of(SVG, named)
    assert image.format == "PNG"
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert image.size == (1000, 250)  # 240 x 60 points of 1/72 inch
    assert {label: image.info[label] for label, _ in named.lines} == dict(named.lines)


def test_a_png_shows_its_text(stamp):
    with_text, without = (
        image_of(svg, stamp).convert("L") for svg in (SVG, f"{OPENING}{WHITE}</svg>")
    )
    assert without.getextrema() == (255, 255)
    left, _, right, _ = ImageChops.difference(with_text, without).getbbox()
    assert right - left > 400
    dark = sum(with_text.histogram()[:100]) / (with_text.width * with_text.height)
    assert 0.03 < dark < 0.3


def test_a_pdf_embeds_the_font_of_its_text():
    content = svg_to_pdf(SVG)
    assert content.startswith(b"%PDF-")
    assert re.search(rb"/FontFile[23]?\b", content)
    assert b"/FontFile" not in svg_to_pdf(f"{OPENING}{WHITE}</svg>")


# HTML


def test_a_page_loads_nothing_from_anywhere(whole):
    page = Tags(page_of(whole))
    loaded = [(t, a) for t, a in page.tags if {"src", "href", "srcset", "data"} & set(a)]
    assert loaded == []
    assert not {"link", "iframe", "base", "object", "embed"} & {tag for tag, _ in page.tags}
    style = page_of(whole).split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_a_page_says_everything_a_card_says(whole):
    page = Tags(page_of(whole))
    texts = set(page.texts)
    distribution = distribute_volume(whole)
    stamp = stamp_of(whole, distribution.account)
    assert {stamp.notice, stamp.account.finding} <= texts
    assert {text for line in stamp.lines for text in line} <= texts
    shown = display(distribution_table(distribution))
    assert {*shown.columns, *shown.to_numpy().ravel()} <= texts
    labels = [attributes.get("aria-label") for attributes in page.named("div")]
    assert 'Boxes of "volume" by arm' in labels
    assert ("html", {"lang": "en"}) in page.tags


def test_hostile_names_are_text_on_a_page(whole, hostile):
    benign, page = Tags(page_of(whole)), Tags(page_of(hostile))
    assert len(page.named("script")) == len(benign.named("script"))
    assert HOSTILE in page.texts  # data set and arm, as they are
    assert page_of(hostile).count("</script>") == len(page.named("script"))


def test_a_page_without_a_notice_has_no_empty_one(hostile):
    assert not [a for a in Tags(page_of(hostile)).named("p") if a.get("class") == "notice"]
