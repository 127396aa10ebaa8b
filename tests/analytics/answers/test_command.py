"""The command: one document on standard output, or one line on standard error and status 2."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.answers.__main__ import main
from analytics.answers.pages import PAGES
from data.synthetic.registry import write_registry

ROOT = Path(__file__).resolve().parents[3]


def printed(capsys, *arguments):
    assert main(list(arguments)) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return json.loads(captured.out)


def refused(capsys, *arguments):
    assert main([str(argument) for argument in arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("analytics.answers: ")
    return captured.err


def test_the_command_prints_every_page_of_the_embedded_cohort():
    run = subprocess.run(
        [sys.executable, "-m", "analytics.answers"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(run.stdout)
    assert found["data"]["synthetic"] is True
    assert {entry["page"] for entry in found["results"]} == set(PAGES)


def test_an_error_of_the_command_is_one_line_and_status_2():
    run = subprocess.run(
        [sys.executable, "-m", "analytics.answers", "--filters", "arm=placebo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
    assert "placebo" in run.stderr


def test_filters_are_those_of_the_address(capsys):
    found = printed(capsys, "--filters", "?arm=evt&age_years=60..80", "--page", "overview")
    assert found["cohort"]["words"] == "endovascular arm, age 60 to 80 years"
    assert found["cohort"]["filters"] == {"arm": "evt", "age_years": "60..80"}


def test_pages_are_chosen_together_or_one_by_one(capsys):
    together = printed(capsys, "--page", "volumes", "methods")
    one_by_one = printed(capsys, "--page", "volumes", "--page", "methods", "--page", "volumes")
    assert together == one_by_one
    assert {entry["page"] for entry in together["results"]} == {"volumes", "methods"}


def test_a_readers_file_brings_its_intake_report(capsys, trial_file):
    found = printed(capsys, str(trial_file), "--page", "overview")
    assert found["data"]["name"] == "trial.csv"
    assert found["data"]["synthetic"] is False
    assert found["data"]["patients"] == 40
    assert any("lesion_volume_24_36h_ml" in json.dumps(d) for d in found["data"]["intake"])


def test_a_registry_is_opened_as_it_is(capsys, tmp_path):
    path = tmp_path / "registry.parquet"
    write_registry(path, rows=2_000, seed=3)
    found = printed(capsys, str(path), "--page", "volumes")
    assert found["data"]["patients"] == 2_000
    assert found["data"]["synthetic"] is True


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("arm=placebo", "placebo"),
        ("colour=red", "colour"),
        ("age_years=old", "old"),
        ("plot=pie", "pie"),
        ("p=yes", "yes"),
        ("arm=evt&arm=control", "arm"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_an_error(capsys, query, named):
    assert named in refused(capsys, "--filters", query)


def test_wrong_arguments_are_one_line_too(capsys, tmp_path):
    assert "no page 'start'" in refused(capsys, "--page", "start")
    assert "--colour" in refused(capsys, "--colour")
    assert "nowhere.csv" in refused(capsys, tmp_path / "nowhere.csv")
    assert "cannot be opened" in refused(capsys, tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n\x1a\n\x00", b"a,b\n1,2\n", b"arm,volume_ml\nplacebo,-3\nalteplase,2\n"],
    ids=["empty", "image", "no arm", "negative"],
)
def test_a_wrong_file_is_one_line(capsys, tmp_path, content):
    path = tmp_path / "trial.csv"
    path.write_bytes(content)
    refused(capsys, path)


def test_help_is_no_error(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "--filters" in capsys.readouterr().out


def test_what_a_library_prints_does_not_get_into_the_document():
    chatty = (
        "import os, sys\n"
        "from analytics.answers import __main__ as command\n"
        "asked = command.document\n"
        "def document(*arguments):\n"
        "    print('said by Python')\n"
        "    os.write(1, b'said by C')\n"
        "    return asked(*arguments)\n"
        "command.document = document\n"
        "sys.exit(command.main(['--page', 'methods']))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", chatty], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(run.stdout)["results"]
    assert "said by Python" in run.stderr
    assert "said by C" in run.stderr


@pytest.mark.unforeseen
def test_an_unforeseen_error_costs_one_answer_and_tells_the_log_no_value(
    capsys, caplog, monkeypatch
):
    def fail(cohort):
        msg = "could not convert 'Jane Doe'"
        raise KeyError(msg)

    monkeypatch.setattr("analytics.overview.answers.check_claims", fail)
    found = printed(capsys, "--page", "overview")["results"]
    [failed] = [entry for entry in found if "not_answered" in entry]
    assert failed["id"] == "overview/published-claims"
    [logged] = [record.getMessage() for record in caplog.records]
    name = logged.split(":")[0]
    assert name in failed["not_answered"]
    assert "KeyError at" in logged
    assert "Jane Doe" not in logged + failed["not_answered"]
