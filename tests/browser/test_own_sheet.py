"""A loaded file's sheet in the page: changed, answered anew, undone; what is loaded stays."""

import re

import pytest

ROWS = 60
NAMES = ["patient", "group", "gender", "lesion_volume_24_36h_ml", "mrs_90d"]
NAMES += [f"lab_{n:02d}" for n in range(30)]


def csv(**more):
    lines = [",".join(NAMES)]
    for n in range(ROWS):
        group = ("Regimen A", "Regimen B")[n % 2]
        own = [f"P-{n:03d}", group, str(1 + n % 3 % 2), f"{(n * 37 % 100) / 4 + 0.1}", str(n % 7)]
        lines.append(",".join([*own, *(f"{(n * k) % 17 + 0.5}" for k in range(2, 32))]))
    return "\n".join(lines)


def shows(page, text):
    page.get_by_text(text, exact=False).first.wait_for()


def is_still(page):
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')")


def press(page, name, **more):
    page.get_by_role("button", name=name, **more).click()
    page.wait_for_timeout(300)
    is_still(page)


def load(page, url, *files):
    page.goto(f"{url}/data_source")
    page.wait_for_selector("h1")
    page.locator("input[type=file]").set_input_files(
        [{"name": n, "mimeType": "text/csv", "buffer": text.encode()} for n, text in files]
    )


@pytest.fixture
def loaded(server, new_page):
    page = new_page(viewport=(1280, 1400))
    load(page, server.url, ("own.csv", csv()))
    page.get_by_role("button", name="Regimen A", exact=True).click()
    page.get_by_role("button", name="1 = female, 2 = male").click()
    page.get_by_role("button", name="Use these data", disabled=False).click()
    shows(page, "Your file is loaded")
    is_still(page)
    return page


def test_arms_are_swapped_after_loading_and_every_page_follows(loaded):
    shows(loaded, "Regimen B is the treatment; Regimen A is the reference.")
    press(loaded, "Swap")
    shows(loaded, "Regimen A is the treatment; Regimen B is the reference.")
    shows(loaded, "Your file is loaded")
    loaded.get_by_role("link", name="Infarct volume").click()
    shows(loaded, "minus")
    loaded.get_by_test_id("stTopNav").get_by_role("link", name="Data").click()
    shows(loaded, "Regimen A is the treatment; Regimen B is the reference.")


def test_an_answer_is_asked_again_and_what_is_loaded_stays_until_it_is_given(loaded):
    loaded.get_by_text("What you answered: 2 answers").click()
    loaded.get_by_role("button", name="Ask again").nth(1).click()
    shows(loaded, "Every page still shows your file as it was read before")
    loaded.get_by_test_id("stTopNav").get_by_role("link", name="Overview").click()
    shows(loaded, f"All patients: {ROWS} of {ROWS} patients")
    loaded.get_by_test_id("stTopNav").get_by_role("link", name="Data").click()
    loaded.get_by_role("button", name="1 = male, 2 = female").click()
    shows(loaded, "Your file is loaded")
    is_still(loaded)
    press(loaded, "Start again")
    shows(loaded, "Which of 'Regimen A' and 'Regimen B'")
    press(loaded, "Undo what is open")
    shows(loaded, "Your file is loaded")


def test_columns_are_found_left_out_and_the_sheet_is_written(loaded):
    loaded.get_by_label(re.compile("Find one of the 35 columns")).fill("lab_0")
    loaded.keyboard.press("Enter")
    shows(loaded, "10 columns shown here")
    press(loaded, "leave all out")
    shows(loaded, "Your file is loaded")
    with loaded.expect_download() as taken:
        loaded.get_by_role("button", name="Download the trial sheet").click()
    sheet = taken.value.path().read_text(encoding="utf-8")
    assert sheet.count('is = "leave out"') == 10
    assert f"count = {ROWS}" in sheet
    assert 'values = {1 = "female", 2 = "male"}' in sheet


def test_a_wrong_line_of_the_sheet_is_told_and_changes_nothing(loaded):
    loaded.get_by_text("The trial sheet as text").click()
    area = loaded.get_by_label(re.compile("Everything that is said"))
    text = area.input_value()
    area.fill(text.replace('reference = "Regimen A"', 'refrence = "Regimen A"'))
    press(loaded, "Read the file by this sheet")
    shows(loaded, "no sheet has this field")
    shows(loaded, "Your file is loaded")


def test_next_months_file_says_what_changed(loaded, server, new_page):
    with loaded.expect_download() as taken:
        loaded.get_by_role("button", name="Download the trial sheet").click()
    sheet = taken.value.path().read_text(encoding="utf-8")
    page = new_page(viewport=(1280, 1400))
    later = csv().replace("lab_29", "lab_new") + "\n" + csv().splitlines()[-1].replace("059", "60")
    load(page, server.url, ("later.csv", later), ("own.trial.toml", sheet))
    shows(page, "1 more than the 60 in the trial sheet")
    shows(page, "'lab_new' is a column that the trial sheet does not name")
    press(page, "Go without lab_29")
    page.get_by_role("button", name="Use these data", disabled=False).click()
    shows(page, "Your file is loaded")


def test_a_reload_brings_back_the_file_its_answers_and_no_other_data_before(loaded):
    seen = []

    def see(what):
        seen.append(what)

    loaded.expose_function("seen", see)
    loaded.add_init_script(
        "new MutationObserver(() => { if (document.body.innerText.includes('Synthetic cohort'))"
        " window.seen('flash') }).observe(document, {childList: true, subtree: true})"
    )
    loaded.reload()
    shows(loaded, "Your file is loaded")
    assert seen == []
    shows(loaded, "What you answered: 2 answers")
    press(loaded, "Swap")
    shows(loaded, "Regimen A is the treatment; Regimen B is the reference.")


PLAN = '\n[plan]\ndeclared_in = "Protocol 7"\ncomparisons = ["arm"]\n'


def test_a_plan_is_declared_after_loading_in_the_text_or_by_a_sheet_that_comes_alone(loaded):
    loaded.get_by_text("The trial sheet as text").click()
    area = loaded.get_by_label(re.compile("Everything that is said"))
    text = area.input_value()
    area.fill(text + PLAN)
    press(loaded, "Read the file by this sheet")
    shows(loaded, "by the plan declared in Protocol 7")
    shows(loaded, "Your file is loaded")
    sheet = (text + PLAN).replace("Protocol 7", "Protocol 8").encode()
    loaded.locator("input[type=file]").set_input_files(
        {"name": "own.trial.toml", "mimeType": "application/toml", "buffer": sheet}
    )
    press(loaded, "Read own.csv, which is loaded, by it")
    shows(loaded, "by the plan declared in Protocol 8")
    shows(loaded, "Your file is loaded")
