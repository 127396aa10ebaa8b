"""Files: stamped, safe to open, and with every number at full precision."""

import io
from datetime import UTC, datetime

import openpyxl
import pandas as pd
import pytest
from PIL import Image

from analytics.export.figures import (
    DrawingError,
    figure_page,
    publishable,
    stamped_svg,
    svg_to_pdf,
    svg_to_png,
)
from analytics.export.stamp import file_name, make_stamp
from analytics.export.tables import table_csv, table_workbook
from analytics.odds.check import check_proportional_odds
from analytics.odds.check_figure import draw_cut_points
from analytics.tables import Column, Table, raw
from analytics.volumes.distribution import distribute_volume
from analytics.volumes.distribution_figure import draw_volume_distribution
from analytics.volumes.summary import summarise_volume
from analytics.volumes.summary_figure import draw_stratum_medians
from analytics.volumes.tables import volume_table
from data.cohort import Cohort
from data.filters import Filters, Levels

NOTICE = "Synthetic cohort calibrated to published results; not patient data"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60">'
    '<text x="5" y="40" font-size="30" font-family="Arial, Liberation Sans">Volume</text></svg>'
)


@pytest.fixture(scope="module")
def cohort(whole):
    return Cohort(whole.data, Filters((("occlusion_site", Levels(("ICA", "M2"))),)))


@pytest.fixture(scope="module")
def summary(cohort):
    return summarise_volume(cohort, ("arm", "recanalization"))


@pytest.fixture(scope="module")
def stamp(cohort, summary):
    return make_stamp(
        cohort,
        summary.account,
        title="Summary in every stratum",
        standing="exploratory; p-values withheld",
        made=datetime(2026, 11, 23, tzinfo=UTC),
        link="http://localhost/volumes?occlusion_site=ICA,M2",
    )


def test_a_stamp_says_whose_which_how_many_how_and_when(stamp, cohort):
    lines = dict(stamp.lines)
    assert lines["Notice"] == NOTICE
    assert lines["Synthetic"] == "yes"
    assert lines["Data set SHA-256"] == cohort.data.digest
    assert lines["Patients"] == "ICA occlusion or M2 occlusion: 104 of 315 patients"
    assert lines["N"].startswith("315 in data set, 104 in filter")
    assert lines["Standing"] == "exploratory; p-values withheld"
    assert lines["Made"] == "2026-11-23T00:00:00+00:00"
    for label in ("Method", "Recipe", "Link", "Made with", "Cohort SHA-256"):
        assert lines[label]


def test_file_names_tell_cohorts_apart(whole, cohort):
    names = {file_name("Volume by arm", c, "csv") for c in (whole, cohort, cohort.others)}
    assert len(names) == 3
    assert all(name.isascii() and " " not in name and "/" not in name for name in names)


def test_a_csv_reads_back_to_the_table(summary, stamp):
    table = volume_table(summary)
    content = table_csv(table, stamp)
    assert content.startswith(b"# Title: Summary in every stratum\n")
    read = pd.read_csv(io.BytesIO(content), comment="#")
    expected = raw(table)
    assert list(read.columns) == list(expected.columns)
    for name in ("median_ml", "sd_ml", "n"):
        pd.testing.assert_series_equal(
            read[name].astype(float), expected[name].astype(float), rtol=1e-15
        )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "a\n# Notice: forged"])
def test_text_cannot_become_a_formula_or_a_line_of_the_stamp(stamp, text):
    table = Table((Column("who", "Who"), Column("x", "X", "number", 1)), ((text, -2.5),))
    lines = table_csv(table, stamp).decode().splitlines()
    body = [line for line in lines if not line.startswith("#")]
    assert len(body) == 2
    assert not body[1].startswith(("=", "+", "-", "@", "\t"))
    assert body[1].endswith(",-2.5")


def test_a_workbook_has_numbers_a_stamp_and_a_dictionary(summary, stamp, cohort):
    table = volume_table(summary)
    content = table_workbook(table, stamp, cohort.data.variables)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Table", "About", "Dictionary"]
    sheet = book["Table"]
    assert sheet["A1"].value == NOTICE
    heads = [cell.value for cell in sheet[4]]
    first = [cell.value for cell in sheet[5]]
    assert first[heads.index("n")] == summary.rows[0].n
    share = sheet.cell(5, heads.index("share_le_7_ml") + 1)
    assert share.number_format == "0.0%"
    assert not any(c.data_type == "f" for ws in book for row in ws.iter_rows() for c in row)
    about = dict(row[:2] for row in book["About"].iter_rows(min_row=2, values_only=True))
    assert about["Notice"] == NOTICE
    names = [row[0] for row in book["Dictionary"].iter_rows(min_row=2, values_only=True)]
    assert {"median_ml", "recanalization", "delta_nihss"} <= set(names)


def test_a_drawing_is_stamped(stamp):
    text = stamped_svg(SVG, stamp)
    assert text.index("<title>") < text.index("<desc>") < text.index("<text")
    assert NOTICE in text


@pytest.mark.parametrize(
    "svg",
    [
        "",
        "<html></html>",
        SVG.replace("<text", "<script>x</script><text"),
        SVG.replace("<text", "<text onload='x'"),
        SVG.replace("<text", "<foreignObject/><text"),
        SVG.replace("<text", '<image href="http://localhost/x.png"/><text'),
        SVG.replace("<text", '<a href="javascript:x"/><text'),
    ],
)
def test_what_is_no_drawing_is_refused(stamp, svg):
    with pytest.raises(DrawingError):
        stamped_svg(svg, stamp)


def test_a_png_is_300_dpi_with_text_and_stamp(stamp):
    with Image.open(io.BytesIO(svg_to_png(stamped_svg(SVG, stamp), stamp))) as image:
        assert [round(dpi) for dpi in image.info["dpi"]] == [300, 300]
        assert image.info["Notice"] == NOTICE
        alpha = image.convert("RGBA").getchannel("A")
        assert alpha.getextrema()[1] == 255


def test_a_link_that_filters_on_onset_is_no_handler(stamp):
    drawing = SVG.replace("Volume", "?onset_to_randomization_min=60..330")
    assert "onset_to_randomization_min=" in stamped_svg(drawing, stamp)


def test_a_published_distribution_keeps_room_for_its_axis(whole, stamp):
    figure = draw_volume_distribution(distribute_volume(whole), "light")
    assert publishable(figure, stamp).layout.margin.l == 64


def test_a_published_forest_keeps_room_for_its_values(whole, stamp):
    figure = draw_cut_points(check_proportional_odds(whole), "light")
    copy = publishable(figure, stamp)
    assert copy.layout.margin.r == figure.layout.margin.r > 100


def test_a_pdf_embeds_its_font():
    content = svg_to_pdf(SVG)
    assert content.startswith(b"%PDF")
    assert b"/FontFile" in content


def test_a_published_figure_has_title_caption_and_room_for_labels(summary, stamp):
    figure = draw_stratum_medians(summary, "light")
    before = figure.to_json()
    copy = publishable(figure, stamp)
    assert figure.to_json() == before
    assert stamp.title in copy.layout.title.text
    assert NOTICE in copy.layout.annotations[-1].text
    assert copy.layout.margin.l >= figure.layout.margin.l


def test_a_page_needs_no_network_and_shows_hostile_names_as_text(summary, stamp):
    figure = draw_stratum_medians(summary, "light")
    content = figure_page(figure, volume_table(summary), stamp, 'a "figure" <x>').decode()
    own = content.split("<script")[0] + content.split("</script>")[-1]
    assert 'src="http' not in content
    assert "<link" not in own
    assert NOTICE in own
    assert "a &quot;figure&quot; &lt;x&gt;" in content
