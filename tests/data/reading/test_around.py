# ruff: noqa: RUF001  # texts in other scripts
"""Lines around a table, in relatives of the files that trials send."""

import io
from dataclasses import replace

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from data.errors import DataError
from data.reading.encodings import decode
from data.reading.table import Layout, read_table
from data.trial_sheet.form import TrialSheet
from data.trial_sheet.text import with_lines

NAMES = ("patient", "gruppe", "alter", "volumen")
PATIENTS = [(f"P{n:02d}", "EVT" if n % 2 else "IVT", 50 + n, 3.5 * n + 0.1) for n in range(1, 13)]
BODY = "".join(";".join(str(cell) for cell in row) + "\n" for row in PATIENTS)
FRENCH = (
    "patient;groupe;sexe;âge;délai;côté\n1;thrombectomie;féminin;67;3h40;gauche\n"
    "2;témoin;masculin;71;5h12;décédé à J7\n"
)
HEAD = ";".join(NAMES) + "\n"


def read(text, name="a.csv", **layout):
    return read_table(text.encode(), name, Layout(**layout))


def is_the_table(table, *, names=NAMES, rows=12):
    assert list(table.frame.columns) == list(names)
    assert len(table.frame.dropna(how="all")) == rows
    assert not table.questions
    return True


def book(sheets, change=None):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if change:
        change(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "above",
    [
        "sep=;\n",
        "# Export\n# Stand: 1; 2; 3\n",
        "% matlab\n",
        "Studie X, Endpunkte\n",
        "Étude X\nversion 3; verrouillée\n\n",
        ";;;\nTitel;;;\n\n",
        "Patient;;Bildgebung;\n",
    ],
)
def test_what_stands_above_is_told_and_not_read(above):
    table = read(above + HEAD + BODY)
    assert is_the_table(table)
    assert table.rows[0] == above.count("\n") + 2


@pytest.mark.parametrize(
    ("units", "volume"),
    [
        (";;Jahre;ml", "ml"),
        (";;[years];[mL]", "mL"),
        ("-;-;ans;mm3", "mm3"),
        (";;0-120;(ml)", "ml"),
    ],
)
def test_a_row_of_units_is_left_out_and_kept_as_units(units, volume):
    table = read(f"{HEAD}{units}\n{BODY}")
    assert is_the_table(table)
    assert table.units["volumen"] == volume
    assert table.layout.skip_rows == (2,)


def test_a_row_of_words_above_numbers_is_asked_about():
    table = read(f"{HEAD}P00;EVT;nicht erhoben;nicht erhoben\n{BODY}")
    (question,) = table.questions
    assert question.kind == "skip rows"
    assert question.answer == "[file]\nskip_rows = [2]"
    assert is_the_table(read(f"{HEAD}P00;EVT;x y;x z\n{BODY}", skip_rows=(2,)))
    assert len(read(f"{HEAD}P00;EVT;x y;x z\n{BODY}", skip_rows=()).frame) == 13


@pytest.mark.parametrize(
    "below",
    [
        "Gesamt;;;\n",
        "\nMittelwert;;56,5;22,8\nn=12;;;\n",
        "Total\n",
        "Moyenne (ET);;56;22\n",
        "\n* Werte geschätzt nach Formel\n",
        "\nSource: eCRF, export of March\n",
    ],
)
def test_totals_and_footnotes_are_left_out(below):
    assert is_the_table(read(HEAD + BODY + below))


def test_totals_in_the_middle_and_rows_apart_are_asked_about():
    assert [q.kind for q in read(f"{HEAD}{BODY}Total;;;90\n{BODY}").questions] == ["skip rows"]
    assert [q.kind for q in read(f"{HEAD}{BODY}\n;;678;274\n").questions] == ["skip rows"]


def test_a_table_of_one_row_below_an_empty_one_is_read():
    assert is_the_table(read(f"{HEAD}\nP01;EVT;51;3.6\n"), rows=1)


def test_names_that_stand_again_are_left_out():
    assert is_the_table(read(HEAD + BODY + HEAD + BODY), rows=24)


def test_row_names_of_r_are_a_column():
    body = "".join(f"{n} {row[0]} {row[1]} {row[2]}\n" for n, row in enumerate(PATIENTS, 1))
    table = read('"id" "arm" "age"\n' + body, "a.txt")
    assert list(table.frame.columns) == ["column_1", "id", "arm", "age"]


def test_no_row_of_names_is_asked_about_and_can_be_answered():
    (question,) = read(BODY).questions
    assert question.kind == "names row"
    assert is_the_table(read("x;1;2;3\n" + HEAD + BODY, names_row=2))


def test_two_separators_that_do_as_well_are_asked_about():
    text = "".join(f"{n},a;{n},b\n" for n in range(9))
    (question, *_) = read("a,b;c,d\n" + text).questions
    assert question.kind == "separator"
    assert list(read("a,b;c,d\n" + text, separator=";").frame.columns) == ["a,b", "c,d"]


@pytest.mark.parametrize(
    ("text", "encoding", "is_asked"),
    [
        ("größe;männlich\nfrüh;Gefäß\n", "cp1252", False),
        (
            FRENCH,
            "iso-8859-15",
            False,
        ),
        ("kjønn;år\npå;gjøre\n", "latin-1", False),
        ("größe;männlich\nfrüh;Gefäß verschlossen\n", "mac-roman", True),
        ("płeć;wiek\nmężczyzna;objętość zawału\n", "cp1250", True),
        ("muž;věk\nžena;zemřel čtvrtý den\n", "iso-8859-2", True),
        ("пол;возраст\nмужской;тромбэктомия\n", "cp1251", True),
        ("年龄,性别\n取栓组,男\n对照组,女\n", "gb18030", True),
        ("患者,群,年齢\n血栓回収,対照,男性\n", "shift-jis", True),
        ("пол;возраст\nмужской;67\n", "utf-16", False),
    ],
)
def test_an_encoding_is_certain_or_asked_about_with_what_it_reads(text, encoding, is_asked):
    decoded = decode(text.encode(encoding), "a.csv")
    assert decoded.text == text
    assert bool(decoded.questions) == is_asked
    assert decode(text.encode(encoding), "a.csv", encoding).questions == ()


@pytest.mark.parametrize("encoding", ["klingon", "hex", "utf-8"])
def test_a_wrong_encoding_of_the_sheet_is_refused(encoding):
    with pytest.raises(DataError, match="encoding"):
        read_table("größe;b\n1;2\n".encode("cp1252"), "a.csv", Layout(encoding=encoding))


def test_a_codebook_before_the_data_is_not_read():
    meanings = [("Variable", "Bedeutung"), *((name, "Text") for name in NAMES)]
    table = read_table(book({"Tabelle1": meanings, "Daten": [NAMES, *PATIENTS]}), "a.xlsx")
    assert is_the_table(table)
    assert table.layout.sheet == "Daten"


def test_a_sheet_for_each_site_is_asked_about():
    content = book({"Bern": [NAMES, *PATIENTS[:7]], "Oslo": [NAMES, *PATIENTS[7:]]})
    (question,) = read_table(content, "a.xlsx").questions
    assert question.choices[2:] == ("Bern", "Oslo")
    assert "same columns" in question.text
    assert is_the_table(read_table(content, "a.xlsx", Layout(sheet="Oslo")), rows=5)


def test_hidden_rows_are_asked_about():
    def hide(workbook):
        workbook["Data"].row_dimensions[4].hidden = True

    content = book({"Data": [NAMES, *PATIENTS]}, hide)
    table = read_table(content, "a.xlsx")
    assert [q.kind for q in table.questions] == ["hidden rows"]
    assert table.hidden_rows == (4,)
    assert is_the_table(read_table(content, "a.xlsx", Layout(skip_rows=())))
    assert is_the_table(read_table(content, "a.xlsx", Layout(skip_rows=(4,))), rows=11)


def test_merged_groups_make_repeated_names_differ():
    def merge(workbook):
        workbook["Data"].merge_cells("B1:C1")
        workbook["Data"].merge_cells("D1:E1")

    rows = [(None, "24 h", None, "90 d", None), ("id", "mRS", "vol", "mRS", "vol")]
    content = book({"Data": [*rows, ("a", 1, 2.5, 3, 4.5), ("b", 1, 2, 3, 4)]}, merge)
    names = ["id", "24 h mRS", "24 h vol", "90 d mRS", "90 d vol"]
    assert is_the_table(read_table(content, "a.xlsx"), names=names, rows=2)


@pytest.mark.parametrize("ending", ["sav", "zsav", "dta", "por", "xpt"])
def test_files_of_statistics_programs_keep_labels_dates_and_missing_codes(ending, tmp_path):
    frame = pd.DataFrame({"ID": ["a", "b", "c"], "SEX": [1.0, 2.0, 9.0], "VOL": [33.5, 999, 0]})
    frame["DAY"] = pd.to_datetime(["2024-01-31", None, "2020-02-01"]).date
    path = tmp_path / f"a.{ending}"
    labels = {"SEX": {1: "male", 2: "female"}}
    if ending.endswith("sav"):
        pyreadstat.write_sav(
            frame,
            str(path),
            compress=ending == "zsav",
            column_labels={"SEX": "Sex of the patient"},
            variable_value_labels=labels,
            missing_ranges={"SEX": [9], "VOL": [{"lo": 990, "hi": 999}]},
        )
    elif ending == "dta":
        pyreadstat.write_dta(frame, str(path), variable_value_labels=labels)
    else:
        write = pyreadstat.write_por if ending == "por" else pyreadstat.write_xport
        write(frame, str(path))
    table = read_table(path.read_bytes(), path.name)
    assert table.frame["DAY"].iloc[0] == "2024-01-31"
    assert table.frame["VOL"].tolist() == ["33.5", "999", "0"]
    if ending in ("sav", "zsav", "dta"):
        assert table.value_labels["SEX"] == {"1": "male", "2": "female"}
    if ending.endswith("sav"):
        assert table.labels["SEX"] == "Sex of the patient"
        assert table.missing == {"SEX": ("9",), "VOL": ("999",)}


def test_a_download_of_the_explorer_keeps_its_notice():
    text = "# Notice: Not patients\n# Made with: Infarct-volume explorer 1\n" + HEAD + BODY
    table = read(text)
    assert is_the_table(table)
    assert table.notice == "Not patients"


@pytest.mark.parametrize(
    "text",
    [HEAD + BODY, f"Titel\n{HEAD};;Jahre;ml\n{BODY}\nTotal;;;9\n", BODY, "a,b;c,d\n1,2;3,4\n"],
)
def test_a_table_read_by_its_own_layout_is_the_same_without_questions(text):
    table = read(text)
    again = read_table(text.encode(), "a.csv", table.layout)
    pd.testing.assert_frame_equal(again.frame, table.frame)
    assert again.questions == ()
    assert again.layout == table.layout


UNITS, TOTALS = ("", "", "Jahre", "ml"), ("Mittelwert", "", 60, 20)
TWO_DOUBTS = f"{HEAD}P00;EVT;x y;x z\n" + BODY.replace("\n", "\nGesamt;;9;9\n", 1)


def test_an_answer_about_some_rows_does_not_answer_for_others():
    table = read(TWO_DOUBTS)
    assert [question.kind for question in table.questions] == ["skip rows", "skip rows"]
    for one, other in ((0, 1), (1, 0)):
        for choice, rows in ((0, 12), (1, 13)):
            sheet = with_lines(TrialSheet(), table.questions[one].answers[choice])
            first = read_table(TWO_DOUBTS.encode(), "a.csv", sheet.file.layout)
            (left,) = first.questions
            assert left.text == table.questions[other].text
            sheet = with_lines(sheet, left.answers[0])
            last = read_table(TWO_DOUBTS.encode(), "a.csv", sheet.file.layout)
            assert is_the_table(last, rows=rows)


def test_rows_that_a_sheet_leaves_out_are_named_and_others_are_asked_about_all_the_same():
    table = read(HEAD + BODY + "\nMittelwert;;56,5;22,8\n", skip_rows=(3,))
    assert is_the_table(table, rows=11)
    assert any("row 3 (" in note for note in table.notes)


def sites(**more):
    """Return three sheets of one table, with their own order of columns and lines around it."""
    swapped = [(row[0], row[1], row[3], row[2]) for row in (NAMES, *PATIENTS[4:8])]
    return book(
        {
            "Bern": [("Studie X",), NAMES, *PATIENTS[:4]],
            "Oslo": swapped,
            "Graz": [NAMES, *PATIENTS[8:]],
            **more,
        }
    )


def test_sheets_of_the_same_columns_are_put_together_where_the_reader_says_so():
    (question,) = read_table(sites(), "a.xlsx").questions
    assert question.choices[0] == "put together, each a centre"
    layout = with_lines(TrialSheet(), question.answers[0]).file.layout
    table = read_table(sites(), "a.xlsx", layout)
    assert is_the_table(table, names=(*NAMES, "centre"))
    alone = read_table(book({"a": [NAMES, *PATIENTS]}), "a.xlsx").frame
    pd.testing.assert_frame_equal(table.frame[list(NAMES)], alone)
    assert table.frame["centre"].tolist() == ["Bern"] * 4 + ["Oslo"] * 4 + ["Graz"] * 4
    assert table.rows[[0, 4, 8]].tolist() == [1003, 2002, 3002]
    again = read_table(sites(), "a.xlsx", table.layout)
    pd.testing.assert_frame_equal(again.frame, table.frame)


def test_units_and_totals_of_every_sheet_are_no_patients():
    content = book(
        {
            name: [NAMES, UNITS, *PATIENTS[place : place + 4], TOTALS]
            for name, place in (("Bern", 0), ("Oslo", 4), ("Graz", 8))
        }
    )
    layout = Layout(sheets=("Bern", "Oslo", "Graz"), sheets_are="center")
    table = read_table(content, "a.xlsx", layout)
    (question,) = table.questions
    said = with_lines(TrialSheet(), question.answers[0]).file.skip_rows
    again = read_table(content, "a.xlsx", replace(layout, skip_rows=said))
    assert is_the_table(again, names=(*NAMES, "center"))


def test_two_sheets_may_be_the_arms():
    content = book({"EVT": [NAMES, *PATIENTS[:7]], "Kontrolle": [NAMES, *PATIENTS[7:]]})
    (question,) = read_table(content, "a.xlsx").questions
    assert question.choices[:2] == ("put together, each a centre", "put together, each an arm")


def test_sheets_of_other_columns_cannot_be_put_together():
    other = [("who", "what", "when"), (1, 2, 3)]
    with pytest.raises(DataError, match="no row of names in common"):
        read_table(sites(Rome=other), "a.xlsx", Layout(sheets=("Bern", "Rome")))
    with pytest.raises(DataError, match="no sheet 'Rom'"):
        read_table(sites(), "a.xlsx", Layout(sheets=("Bern", "Rom")))


def test_a_patients_number_is_no_percentile():
    body = "".join(f"P{n};EVT;{50 + n % 30};{n}\n" for n in range(1, 90))
    assert is_the_table(read(HEAD + body), rows=89)
    last = "".join(f"P{n};EVT;{50 + n};{n if n < 25 else ''}\n" for n in range(1, 26))
    assert is_the_table(read(HEAD + last), rows=25)
    named = "".join(f"{arm};EVT;{n};{n}\n" for n, arm in enumerate(("a", "b", "P25", "c")))
    (question,) = read(HEAD + named).questions
    assert question.seen == ("P25",)


@pytest.mark.parametrize(
    ("recipe", "is_read"),
    [("list_patients(cohort, ['arm'])", True), ("distribute_mrs(cohort, by='')", False)],
)
def test_a_table_of_results_of_the_explorer_is_no_file_of_patients(recipe, is_read):
    stamp = f"# Recipe: {recipe}\n# Made with: Infarct-volume explorer 0.1.0\n"
    content = f"{stamp}arm,n,age\nEVT,45,70\nControl,39,71\n".encode()
    if is_read:
        assert len(read_table(content, "own.csv").frame) == len(("EVT", "Control"))
        return
    with pytest.raises(DataError, match=r"table of results .* its rows are no patients"):
        read_table(content, "own.csv")
