"""What a reader does in a real Chromium: start, filter, copy links, go back, take files away."""

import csv
import io
import json
import re

import openpyxl
import pytest
from PIL import Image

from analytics.answers.__main__ import main
from tests.same_numbers import as_text, assert_same_numbers, file_rows

NOTICE = "Synthetic cohort calibrated to published results; not patient data"
FILES = {
    "Table, CSV": "csv",
    "Table, Excel": "xlsx",
    "Figure, interactive HTML": "html",
    "Figure, SVG": "svg",
    "Figure, PNG 300 dpi": "png",
    "Figure, PDF": "pdf",
}


def is_drawn(page):
    page.wait_for_selector("h1")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")


def shows(page, text):
    page.get_by_text(text, exact=False).first.wait_for()


def panel(page):
    return page.locator("[data-testid=stSidebar]")


def box(page, label):
    """Return a level's box in the panel; its name begins with the level and ends with counts."""
    return page.get_by_role("checkbox", name=re.compile(rf"^{label}\b"))


def tick(page, label):
    panel(page).locator("label").filter(has=box(page, label)).click()


def tile(page, label):
    """Return the number shown large under a label of the headline."""
    metric = page.locator("[data-testid=stMetric]").filter(has_text=label)
    return metric.locator("[data-testid=stMetricValue]").inner_text()


def test_a_cold_server_answers_in_one_screen(cold_server, new_page):
    page = new_page()
    page.goto(cold_server.url)
    page.wait_for_selector("h1")
    assert page.locator("h1").inner_text() == "Overview"
    shows(page, NOTICE)
    shows(page, "All patients: 315 of 315 patients")
    shows(page, "Is an effect on outcome explained by a smaller infarct")
    shows(page, "Common odds ratio")
    assert tile(page, "Median infarct volume") == "15.5 v 33.5 mL"
    assert tile(page, "Independent (mRS 0-2)") == "53.0% v 29.3%"
    last = page.locator("[data-testid=stPageLink]").last
    last.wait_for()
    assert last.bounding_box()["y"] < page.viewport_size["height"]
    assert page.get_by_role("link", name="overview", exact=True).count() == 0
    assert page.get_by_role("link", name="start", exact=True).count() == 0


def test_the_overview_leads_to_every_page(server, new_page):
    page = new_page()
    page.goto(f"{server.url}/?sex=female")
    for label in ("Infarct volume", "Patients", "Data", "Methods"):
        page.locator("[data-testid=stPageLink]").filter(has_text=label).first.click()
        page.wait_for_function(
            "title => document.querySelector('h1')?.innerText === title", arg=label
        )
        shows(page, "Women: 165 of 315 patients")
        page.get_by_role("link", name="Overview").click()
        page.locator("[data-testid=stMetric]").last.wait_for()


def test_every_claim_has_its_state(server, new_page):
    page = new_page(viewport=(1280, 2000))
    page.goto(f"{server.url}/overview")
    shows(page, "Published claims beside these data")
    shows(page, "66 of 68")
    page.get_by_text("Who these patients are", exact=True).click()
    is_drawn(page)
    shows(page, "Flow of patients")
    # The flow, the balance of the arms, and what goes through infarct volume.
    assert page.locator(".js-plotly-plot").count() == 3


def test_a_cold_deep_link_shows_the_same_patients(cold_server, new_page):
    page = new_page()
    page.goto(f"{cold_server.url}/volumes?occlusion_site=ICA&recanalization=yes&plot=violin")
    is_drawn(page)
    shows(page, "ICA occlusion, recanalized")
    shows(page, "no longer the randomised ones")
    assert box(page, "ICA").is_checked()
    assert not box(page, "M1").is_checked()


def test_a_cold_deep_link_to_the_other_page(cold_server, new_page):
    page = new_page()
    page.goto(f"{cold_server.url}/data_source?arm=evt")
    page.wait_for_selector("h1")
    shows(page, "Endovascular arm: 165 of 315 patients")
    shows(page, "Load your own trial")


def test_a_filter_changes_numbers_and_link_and_back_undoes_it(server, new_page):
    page = new_page()
    page.goto(f"{server.url}/volumes")
    is_drawn(page)
    tick(page, "M2")
    shows(page, "M2 occlusion: 19 of 315 patients")
    assert page.evaluate("location.search") == "?occlusion_site=M2"
    link = page.evaluate("location.href")
    tick(page, "Control")
    shows(page, "Control arm, M2 occlusion")
    page.go_back()
    shows(page, "M2 occlusion: 19 of 315 patients")
    assert page.evaluate("location.search") == "?occlusion_site=M2"
    # Another reader, who has nothing of this one but the link.
    other = new_page(color_scheme="dark")
    other.goto(link)
    is_drawn(other)
    shows(other, "M2 occlusion: 19 of 315 patients")


def test_quick_clicks_are_all_kept(server, new_page):
    page = new_page()
    page.goto(f"{server.url}/volumes")
    is_drawn(page)
    for label, pause in (("ICA", 100), ("Control", 40), ("Yes", 0)):
        tick(page, label)
        page.wait_for_timeout(pause)
    shows(page, "Control arm, ICA occlusion, recanalized: ")
    assert [box(page, label).is_checked() for label in ("ICA", "Control", "Yes")] == [True] * 3


def test_filters_persist_over_pages(server, new_page):
    page = new_page()
    page.goto(f"{server.url}/volumes?sex=female")
    is_drawn(page)
    page.get_by_role("link", name="Data").click()
    shows(page, "Load your own trial")
    shows(page, "Women: ")
    page.wait_for_function("() => location.search === '?sex=female'")
    page.get_by_role("link", name="Infarct volume").click()
    is_drawn(page)
    shows(page, "Women: ")


def test_a_clicked_median_lists_its_patients_and_can_keep_them(server, new_page):
    page = new_page(viewport=(1280, 2600))
    page.goto(f"{server.url}/volumes?view=strata&strata=arm,occlusion_site")
    is_drawn(page)
    chart = page.locator(".js-plotly-plot").first
    chart.scroll_into_view_if_needed()
    box = chart.locator(".point").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    shows(page, "Picked patients")
    assert "arm=" not in page.evaluate("location.search").replace("strata=arm", "")
    page.get_by_role("button", name="Keep only these").click()
    shows(page, "Control arm, ICA occlusion: ")
    kept = page.evaluate("location.search")
    assert "arm=control" in kept
    assert "occlusion_site=ICA" in kept
    assert page.get_by_text("Picked patients").count() == 0


def test_a_clicked_point_is_listed_there_and_on_the_patients_page(server, new_page):
    page = new_page(viewport=(1280, 2600))
    page.goto(f"{server.url}/volumes?occlusion_site=M2")
    is_drawn(page)
    box = page.locator(".js-plotly-plot").first.locator(".point").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    shows(page, "Picked patients")
    shows(page, "1 picked of 19 patients of this cohort")
    page.get_by_role("link", name="Patients", exact=True).first.click()
    page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Patients'")
    shows(page, "Picked patients")
    assert page.evaluate("location.search") == "?occlusion_site=M2"
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Picked patients").wait_for(state="detached")


def test_a_box_over_points_lists_those_patients(server, new_page):
    page = new_page(viewport=(1280, 2600))
    page.goto(f"{server.url}/volumes?occlusion_site=M2")
    is_drawn(page)
    page.locator("label").filter(has_text="Pick with a box").click()
    page.wait_for_function(
        "() => document.querySelector('.js-plotly-plot').layout.dragmode === 'select'"
    )
    plot = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    page.mouse.move(plot["x"] + 5, plot["y"] + 5)
    page.mouse.down()
    for step in (2, 1.5, 1.01):
        page.mouse.move(plot["x"] + plot["width"] / step, plot["y"] + plot["height"] - 3, steps=4)
    page.mouse.up()
    shows(page, "19 picked of 19 patients of this cohort")


def test_a_view_of_one_page_does_not_follow_to_another(server, new_page):
    page = new_page()
    page.goto(f"{server.url}/?view=patients&sex=female")
    shows(page, "Flow of patients")
    page.get_by_role("link", name="Infarct volume").first.click()
    is_drawn(page)
    assert page.evaluate("location.search") == "?sex=female"
    assert page.get_by_text("not offered here").count() == 0


def test_a_search_stays_out_of_the_address(server, new_page):
    page = new_page()
    page.goto(f"{server.url}/patients")
    shows(page, "315 patients of this cohort")
    page.get_by_label("Search", exact=True).fill("M2")
    page.keyboard.press("Enter")
    shows(page, "have 'M2' in a listed column")
    assert page.evaluate("location.search") == ""


@pytest.fixture(scope="module")
def downloads(server, browser, tmp_path_factory):
    """Open the first card's menu once and take every file."""
    folder = tmp_path_factory.mktemp("downloads")
    context = browser.new_context(accept_downloads=True, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{server.url}/volumes?occlusion_site=ICA,M1")
    is_drawn(page)
    page.locator("[data-testid=stPopoverButton]:visible").first.click()
    menu = page.locator("[data-testid=stPopoverBody]")
    menu.get_by_role("button", name="Figure, PDF").wait_for(timeout=60_000)
    taken = {}
    for label, suffix in FILES.items():
        with page.expect_download() as download:
            menu.get_by_role("button", name=label).click()
        name = download.value.suggested_filename
        download.value.save_as(folder / name)
        taken[suffix] = folder / name
    context.close()
    return taken


def test_file_names_say_what_and_which_cohort(downloads):
    for suffix, path in downloads.items():
        assert re.fullmatch(
            r"volume-distribution_escape-synthetic-cohort_ica-occlusion-or-m1-occlusion_"
            rf"[0-9a-f]{{8}}\.{suffix}",
            path.name,
        )


def test_the_csv_is_stamped_and_holds_numbers(downloads):
    lines = downloads["csv"].read_text(encoding="utf-8").splitlines()
    stamp = "\n".join(line for line in lines if line.startswith("#"))
    for part in (NOTICE, "ICA occlusion or M1 occlusion", "exploratory", "Link: http", "SHA-256"):
        assert part in stamp
    rows = list(csv.DictReader(io.StringIO("\n".join(x for x in lines if x[0] != "#"))))
    assert [row["arm"] for row in rows] == ["Control", "Endovascular"]
    assert float(rows[0]["median_ml"]) > float(rows[1]["median_ml"])


def test_the_workbook_has_numbers_and_says_what_it_is_of(downloads):
    book = openpyxl.load_workbook(downloads["xlsx"])
    assert book.sheetnames == ["Table", "About", "Dictionary"]
    assert book["Table"]["A1"].value == NOTICE
    assert isinstance(book["Table"]["D5"].value, (int, float))


def test_the_png_is_for_print(downloads):
    with Image.open(downloads["png"]) as image:
        assert [round(dpi) for dpi in image.info["dpi"]] == [300, 300]
        assert image.width > 3_000
        assert image.info["Notice"] == NOTICE
        corner = image.convert("RGB").getpixel((5, 5))
    assert corner == (255, 255, 255)


def test_the_svg_is_stamped_in_sight_and_in_its_description(downloads):
    text = downloads["svg"].read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert f"Notice: {NOTICE}" in text.split("</desc>")[0]
    assert NOTICE in text.split("</desc>")[1].replace("&nbsp;", " ")


def test_the_pdf_is_vector_with_its_fonts(downloads):
    content = downloads["pdf"].read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/FontFile" in content


def test_the_html_file_works_without_a_network(downloads, new_page):
    page = new_page(offline=True)
    page.goto(downloads["html"].as_uri())
    page.wait_for_selector(".js-plotly-plot .main-svg")
    shows(page, NOTICE)
    assert "Endovascular" in page.locator("table").inner_text()


def test_dark_theme_draws_light_text_on_dark(server, new_page):
    page = new_page(color_scheme="dark")
    page.goto(f"{server.url}/volumes")
    is_drawn(page)
    background = page.evaluate(
        "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert background == "rgb(18, 24, 31)"
    tick = page.locator(".js-plotly-plot .ytick text").first
    assert tick.evaluate("e => getComputedStyle(e).fill") == "rgb(163, 175, 187)"


def test_every_control_is_reached_by_keyboard(server, new_page):
    page = new_page()
    page.goto(f"{server.url}/volumes")
    is_drawn(page)
    page.locator("h1").click()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "() => (document.activeElement.innerText || "
                "document.activeElement.getAttribute('aria-label') || '').trim()"
            )
        )
    text = json.dumps(sorted(reached))
    for name in ("Download", "Violin", "Cube root"):
        assert name in text
    box(page, "M2").focus()
    page.keyboard.press("Space")
    shows(page, "M2 occlusion: 19 of 315 patients")


def test_charts_and_tables_have_alternative_text(server, new_page):
    page = new_page()
    page.goto(f"{server.url}/volumes")
    is_drawn(page)
    labels = page.locator("[role=figure]").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-label'))"
    )
    assert len(labels) >= 1
    assert all("Median" in label or "median" in label for label in labels)


@pytest.mark.parametrize("width", [1280, 820])
def test_nothing_is_wider_than_the_window(server, new_page, width):
    page = new_page(viewport=(width, 1000))
    page.goto(f"{server.url}/volumes")
    is_drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


TRIAL = """patient,arm,age,lesion_volume_24_36h_ml,mrs_90d
1,placebo,70,1.6,0
2,alteplase,61,1.5,1
3,placebo,80,25.3,3
4,alteplase,66,0.2,
5,placebo,59,12.0,2
6,alteplase,77,3.0,2
"""
WRONG = {
    "nothing known": ("wkx,w7\n1,a\n2,b\n3,c\n", "wkx"),
    "negative volume": (TRIAL.replace("25.3", "-25.3"), "-25.3"),
    "mRS 7": (TRIAL.replace("25.3,3", "25.3,7"), "7"),
    "duplicate": (TRIAL.replace("\n2,", "\n1,"), "patient"),
    "not a table": ("\x89PNG\r\n\x1a\n\x00\x00 nothing", "PNG"),
}  # fmt: skip


def load(page, text):
    file = {"name": "trial.csv", "mimeType": "text/csv", "buffer": text.encode("latin-1")}
    page.locator("input[type=file]").set_input_files(file)


def test_a_readers_file_is_loaded_and_every_page_shows_it(server, new_page):
    page = new_page()
    page.goto(f"{server.url}/data_source")
    page.wait_for_selector("h1")
    load(page, TRIAL)
    page.get_by_role("button", name="Use these data").click()
    shows(page, "Your file is loaded")
    page.get_by_role("link", name="Infarct volume").click()
    is_drawn(page)
    shows(page, "All patients: 6 of 6 patients")
    assert page.get_by_text(NOTICE).count() == 0
    assert box(page, "Placebo").count() == 1
    assert "trial" not in page.evaluate("location.search")


def test_a_question_is_answered_by_a_click_and_the_file_is_used(server, new_page):
    page = new_page()
    page.goto(f"{server.url}/data_source")
    page.wait_for_selector("h1")
    load(page, TRIAL.replace("placebo", "Regimen A").replace("alteplase", "Regimen B"))
    page.get_by_text("once 1 question is answered").wait_for()
    assert page.get_by_role("button", name="Use these data").is_disabled()
    page.get_by_role("button", name=re.compile("Regimen A")).first.click()
    page.get_by_text("Regimen A is the reference.").wait_for()
    page.get_by_role("button", name="Swap").click()
    page.get_by_text("Regimen A is the treatment;").wait_for()
    page.get_by_role("button", name="Use these data", disabled=False).click()
    shows(page, "Your file is loaded")


SHEET = """
name = "Mine"
[arms]
reference = "alteplase"
treatment = "placebo"
[plan]
declared_in = "Protocol 7"
comparisons = ["arm"]
"""


def test_a_sheet_beside_the_file_reads_it_and_declares_the_plan(server, new_page):
    page = new_page()
    page.goto(f"{server.url}/data_source")
    page.wait_for_selector("h1")
    files = (("trial.csv", "text/csv", TRIAL), ("mine.trial.toml", "application/toml", SHEET))
    page.locator("input[type=file]").set_input_files(
        [{"name": n, "mimeType": kind, "buffer": text.encode()} for n, kind, text in files]
    )
    shows(page, "Placebo is the treatment; Alteplase is the reference.")
    shows(page, "Plan of analysis: by the plan declared in Protocol 7")
    page.get_by_role("button", name="Use these data").click()
    shows(page, "Your file is loaded")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download the trial sheet").click()
    assert 'declared_in = "Protocol 7"' in taken.value.path().read_text(encoding="utf-8")
    page.get_by_role("link", name="Infarct volume").click()
    is_drawn(page)
    shows(page, "Primary")


PARTIAL = {
    "no arm": (
        TRIAL.replace("arm", "ward", 1).replace("placebo", "x").replace("alteplase", "y"),
        "All patients are one group: no column tells arms apart.",
        "These data hold no arms to compare.",
    ),
    "one arm": (
        TRIAL.replace("alteplase", "placebo"),
        "All patients are one group: Placebo.",
        "These data hold no arms to compare.",
    ),
    "no volume": (
        TRIAL.replace("lesion_volume_24_36h_ml", "wkx"),
        "Alteplase is the treatment; Placebo is the reference.",
        "These data hold no infarct volume.",
    ),
}


@pytest.mark.parametrize("kind", PARTIAL)
def test_less_than_a_whole_trial_is_loaded_and_says_what_it_lacks(server, new_page, kind):
    text, said, lacking = PARTIAL[kind]
    page = new_page()
    page.goto(f"{server.url}/data_source")
    page.wait_for_selector("h1")
    load(page, text)
    shows(page, said)
    page.get_by_role("button", name="Use these data", disabled=False).click()
    shows(page, "Your file is loaded")
    page.get_by_role("link", name="Outcomes").click()
    is_drawn(page)
    page.get_by_role("link", name="Mediation").click()
    page.get_by_role("heading", name="Mediation").wait_for()
    page.locator("[data-testid=stAlert]").filter(has_text=lacking).wait_for()
    assert page.locator(".js-plotly-plot").count() == 0


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_file_says_why_and_loses_nothing(server, new_page, kind):
    text, named = WRONG[kind]
    page = new_page()
    page.goto(f"{server.url}/data_source")
    page.wait_for_selector("h1")
    load(page, text)
    said = page.locator("[data-testid=stAlert], [data-testid=stMarkdown] strong")
    said.filter(has_text=named).first.wait_for()
    shows(page, "The data set you had stays loaded.")
    assert page.get_by_role("button", name="Use these data", disabled=False).count() == 0
    shows(page, NOTICE)


def printed(capsys, *arguments):
    assert main(list(arguments)) == 0
    found = as_text(json.loads(capsys.readouterr().out))
    return {entry["title"]: entry for entry in found["results"]}


def take_tables(page, folder):
    """Download the CSV of every card in sight; return title and content."""
    # Until a run has ended, what it takes away is still there.
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
    for number in range(page.locator("[data-testid=stPopoverButton]:visible").count()):
        page.locator("[data-testid=stPopoverButton]:visible").nth(number).click()
        body = page.locator("[data-testid=stPopoverBody]")
        body.get_by_role("button", name="Table, Excel").wait_for()
        # Where the card has a figure, the menu is redrawn once the browser has drawn it.
        if body.get_by_role("button", name="Figure, interactive HTML").count():
            body.get_by_role("button", name="Figure, PDF").wait_for()
        with page.expect_download() as download:
            body.get_by_role("button", name="Table, CSV").click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        content = path.read_bytes()
        title = re.search(rb"# Title: (.*)", content).group(1).decode("utf-8")
        yield title, content
        page.keyboard.press("Escape")
        body.wait_for(state="detached")


SAME = (
    ("overview", "arm=control,evt&age_years=60..80"),
    ("overview", "sex=female&p=shown&view=patients"),
    ("volumes", "groups=recanalization&plot=box&occlusion_site=M1"),
)


@pytest.mark.parametrize(("name", "query"), SAME)
def test_downloads_equal_the_command_digit_for_digit(
    server, new_page, capsys, tmp_path, name, query
):
    entries = printed(capsys, "--filters", query, "--page", name)
    page = new_page(viewport=(1280, 3000))
    page.goto(f"{server.url}/{name}?{query}")
    page.locator("[data-testid=stPopoverButton]:visible").nth(1).wait_for()
    if "p=shown" in query:
        page.get_by_text("The link asks for exploratory p-values").wait_for()
        page.get_by_text("Show exploratory p-values").click()
        page.get_by_text("The link asks for exploratory p-values").wait_for(state="detached")
    taken = dict(take_tables(page, tmp_path))
    assert len(taken) >= 2
    for title, content in taken.items():
        assert assert_same_numbers(file_rows(content), entries[title]) > 10


OWN = "patient,arm,age,sex,lesion_volume_24_36h_ml,mrs_90d\n" + "".join(
    f"{n},{('placebo', 'alteplase')[n % 2]},{50 + n},{'MF'[n % 3 == 0]},"
    f"{(n * 37 % 100) / 4},{(n * 5 + n % 2) % 7}\n"
    for n in range(1, 41)
)


def add_filter(page, variable):
    panel(page).get_by_role("combobox").click()
    page.keyboard.type(variable)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def test_downloads_of_a_readers_file_equal_the_command(
    server, new_page, capsys, tmp_path, monkeypatch
):
    monkeypatch.delenv("EXPLORER_SMALLEST_CELL", raising=False)
    path = tmp_path / "trial.csv"
    path.write_text(OWN, encoding="utf-8")
    page = new_page(viewport=(1280, 3000))
    page.goto(f"{server.url}/data_source")
    page.wait_for_selector("h1")
    load(page, OWN)
    page.get_by_role("button", name="Use these data").click()
    shows(page, "Your file is loaded")
    page.get_by_role("link", name="Overview").click()
    shows(page, "All patients: 40 of 40 patients")
    for label, query in (("", ""), ("Female", "sex=female"), ("Male", "sex=female,male")):
        if label == "Female":
            add_filter(page, "Sex")
        if label:
            tick(page, label)
            page.wait_for_function(
                "query => decodeURIComponent(location.search) === '?' + query", arg=query
            )
        page.locator("[data-testid=stPopoverButton]:visible").nth(1).wait_for()
        entries = printed(capsys, str(path), "--filters", query, "--page", "overview")
        taken = dict(take_tables(page, tmp_path))
        for title, content in taken.items():
            assert assert_same_numbers(file_rows(content), entries[title]) > 10
        answered = {title for title, entry in entries.items() if "not_answered" not in entry}
        assert set(taken) == answered
