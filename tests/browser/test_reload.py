"""A reader's own file over a reload: in the same tab for a while, in no other tab or browser."""

import re

import pytest

from ui.session import FORGOTTEN

OWN = "patient,arm,lesion_volume_24_36h_ml\n" + "".join(
    f"{n},{('placebo', 'alteplase')[n % 2]},{(n * 37 % 100) / 4}\n" for n in range(1, 41)
)
NAME = "infarct-volume-explorer own data"
SYNTHETIC = "Synthetic cohort calibrated to published results"


def key_of(page):
    return page.evaluate(f"sessionStorage.getItem('{NAME}')")


def shows(page, text):
    page.get_by_text(text, exact=False).first.wait_for()


def load(page, url, tmp_path, name):
    path = tmp_path / name
    path.write_text(OWN, encoding="utf-8")
    page.goto(f"{url}/data_source")
    page.wait_for_selector("h1")
    page.locator("input[type=file]").set_input_files(str(path))
    page.get_by_role("button", name=re.compile("Use these data")).click()
    shows(page, "Your file is loaded")
    page.wait_for_function(f"() => sessionStorage.getItem('{NAME}')")


@pytest.fixture
def loaded(server, new_page, tmp_path):
    page = new_page()
    asked = []
    page.on("request", lambda request: asked.append((request.url, str(request.headers))))
    load(page, server.url, tmp_path, "first.csv")
    page.asked = asked
    return page


def test_a_reload_keeps_the_file_in_its_tab_and_the_key_out_of_addresses(server, loaded):
    key = key_of(loaded)
    loaded.reload()
    shows(loaded, "Your file is loaded")
    loaded.goto(f"{server.url}/volumes")
    shows(loaded, "first.csv")
    assert key_of(loaded) == key
    assert all(key not in url + headers for url, headers in loaded.asked)
    assert loaded.context.cookies() == [c for c in loaded.context.cookies() if key not in str(c)]


def test_two_tabs_hold_two_files_and_a_third_holds_none(server, loaded, tmp_path):
    other, third = loaded.context.new_page(), loaded.context.new_page()
    load(other, server.url, tmp_path, "second.csv")
    assert key_of(other) != key_of(loaded)
    for page, name in ((loaded, "first.csv"), (other, "second.csv")):
        page.goto(f"{server.url}/volumes")
        shows(page, name)
    third.goto(f"{server.url}/volumes")
    shows(third, SYNTHETIC)
    third.wait_for_timeout(1_000)
    assert third.get_by_text("first.csv").count() == 0
    assert key_of(third) is None


def test_another_browser_does_not_see_the_file_even_with_a_key_of_its_own(
    server, loaded, new_page
):
    other = new_page()
    other.goto(f"{server.url}/volumes")
    shows(other, SYNTHETIC)
    # The digest of a key, a part of it and a made-up one open nothing.
    other.evaluate(f"sessionStorage.setItem('{NAME}', '{key_of(loaded)[:-1]}')")
    other.reload()
    shows(other, FORGOTTEN[:60])
    assert other.get_by_text("first.csv").count() == 0
    assert key_of(other) is None
    other.reload()
    shows(other, SYNTHETIC)
    other.wait_for_timeout(1_000)
    assert other.get_by_text(FORGOTTEN[:60]).count() == 0


def test_a_file_that_its_reader_has_left_does_not_come_back(server, loaded):
    loaded.get_by_role("button", name=re.compile("Back to the data before")).click()
    shows(loaded, SYNTHETIC)
    loaded.wait_for_function(f"() => !sessionStorage.getItem('{NAME}')")
    loaded.reload()
    shows(loaded, SYNTHETIC)
    loaded.wait_for_timeout(1_000)
    assert loaded.get_by_text("first.csv").count() == 0
