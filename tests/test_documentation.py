"""The documents name what exists, and the two commands are the ones that are run."""

from pathlib import Path

import pytest

from analytics.export.stamp import VERSION
from pages import CONTENTS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEST_COMMAND = "pip install -r requirements.txt -r requirements-dev.txt && pytest -n auto"
SWEEP_COMMAND = "pytest -n auto -m sweep"


def test_the_readme_has_the_two_commands_and_ci_runs_the_second():
    assert "pip install -r requirements.txt && streamlit run app.py" in README
    assert TEST_COMMAND in README
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace("--quiet ", "")
    # Otherwise a shell goes on where the first half fails.
    assert f"{TEST_COMMAND} || exit 1\n" in ci
    assert f"\n{SWEEP_COMMAND}\n" in ci
    assert SWEEP_COMMAND in README


def test_every_requirement_is_pinned():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert all("==" in line for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("folder", ["pages", "ui", "analytics", "data", "tests", "benchmarks"])
def test_the_readme_says_what_a_folder_is(folder):
    assert f"{folder}/" in README


@pytest.mark.parametrize("page", CONTENTS, ids=lambda page: page.name)
def test_a_page_of_the_contents_has_its_file_and_a_question(page):
    assert (ROOT / "pages" / f"{page.name}.py").is_file()
    assert page.summary.endswith("?")


def test_linked_files_exist():
    for target in (
        "docs/overview.png",
        "docs/volumes.png",
        "docs/architecture.md",
        "CHANGELOG.md",
        "LICENSE",
    ):
        assert target in README
        assert (ROOT / target).is_file()


def test_the_version_is_said_once_more_in_the_project_file():
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
