import contextlib
import io
import zipfile

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import DataError
from data.reading import limits as reading_limits
from data.reading.formats import format_of
from data.reading.parse import parse
from data.reading.table import SUPPORTED, Layout, read_table

CSV = b"id,arm,volume\n1,a,2.5\n2,b,NA\n"


def cells(table):
    return table.frame.astype(object).where(table.frame.notna(), None).to_numpy().tolist()


def read_here(content, name):
    """Parse in this process: one of its own for each of many files would take minutes."""
    return parse(content, format_of(name), name, Layout())


def workbook(*rows, sheets=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for sheet in sheets:
        book.create_sheet(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parquet(**columns):
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def test_csv_is_read_as_text_with_the_rows_of_the_file():
    table = read_table(CSV, "trial.csv")
    assert list(table.frame.columns) == ["id", "arm", "volume"]
    assert cells(table) == [["1", "a", "2.5"], ["2", "b", "NA"]]
    assert table.rows.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("delimiter", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical")]
)
def test_delimiter_is_found_and_told(delimiter, word):
    table = read_table(CSV.replace(b",", delimiter.encode()), "trial.csv")
    assert cells(table)[0] == ["1", "a", "2.5"]
    assert word in table.notes[0]


def test_decimal_commas_do_not_split_a_table_of_semicolons():
    table = read_table(b"arm;volume;time\na;2,5;1,5\nb;3,5;2,5\n", "trial.csv")
    assert cells(table)[0] == ["a", "2,5", "1,5"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_a_mark(encoding):
    table = read_table("größe,arm\n1,ä\n".encode(encoding), "trial.csv")
    assert list(table.frame.columns) == ["größe", "arm"]
    assert cells(table) == [["1", "ä"]]


def test_windows_1252_is_read_and_told():
    table = read_table("größe,arm\n1,ä\n".encode("cp1252"), "trial.csv")
    assert list(table.frame.columns) == ["größe", "arm"]
    assert any("Windows-1252" in note for note in table.notes)


def test_blank_lines_and_line_breaks_in_quotes_keep_the_row_numbers():
    table = read_table(b'arm,note\n\na,"two\nlines"\nb,""\n', "trial.csv")
    assert cells(table) == [[None, None], ["a", "two\nlines"], ["b", None]]
    assert table.rows.tolist() == [2, 3, 4]


def test_ragged_row_is_named_with_what_was_found_and_expected():
    with pytest.raises(DataError, match=r"Row 4 of 'trial\.csv' has 2 values; 3 were expected"):
        read_table(CSV + b"3,c\n4\n", "trial.csv")


def test_quotation_mark_that_never_closes_is_refused():
    with pytest.raises(DataError, match="quotation mark"):
        read_table(b'id,arm,note\n1,a,"open\n2,b,x\n3,a,y\n', "trial.csv")


def test_duplicate_columns_are_refused_even_when_only_capitals_differ():
    with pytest.raises(DataError, match="'age' and 'Age'"):
        read_table(b"age,Age\n1,2\n", "trial.csv")


def test_one_nameless_column_gets_a_name_and_a_note():
    table = read_table(b",arm\n0,a\n", "trial.csv")
    assert list(table.frame.columns) == ["column_1", "arm"]
    assert any("'column_1'" in note for note in table.notes)


def test_columns_without_name_and_values_are_told():
    table = read_table(b"id,arm,\n0,a,\n", "trial.csv")
    assert list(table.frame.columns) == ["id", "arm"]
    assert any("neither a name nor values" in note for note in table.notes)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.csv", "is empty"),
        (b" \n\n ", "a.csv", "is empty"),
        (b"id,arm\n", "a.csv", "no row of data"),
        (b"id\n1\n2\n", "a.csv", "single column"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.csv", "PNG image"),
        (b"%PDF-1.7 a,b", "a.csv", "PDF document"),
        (b"PK\x03\x04abc", "a.csv", "Excel workbook"),
        (b"a,b\x00c\n1,2\n", "a.csv", "not a text table"),
        (b"\xff\xfea", "a.csv", "not a text table"),
        (b'[{"a": 1, "b": 2}]', "a.csv", "JSON"),
        (b'{"a": 1, "b": 2}', "a.csv", "JSON"),
        (b"<!DOCTYPE html><p>a,b", "a.csv", "HTML"),
        (b"<?xml version='1.0'?><a,b>", "a.csv", "HTML or XML"),
        (CSV, "a.parquet", "not a Parquet file"),
        (b"PAR1" + bytes(40) + b"PAR1", "a.parquet", "not a Parquet file"),
        (CSV, "a.xlsx", "not an Excel workbook"),
        (CSV, "a.xls", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "not an Excel workbook"),
        (CSV, "a.xpt", "not a .xpt file"),
        (CSV, "a.dta", "not a .dta file"),
        (CSV, "a.sav", "not a .sav file"),
        (CSV, "a.docx", "a document, not a table"),
        (CSV, "a", "has no ending"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, name, message):
    with pytest.raises(DataError, match=message):
        read_table(content, name)


@pytest.mark.parametrize("size", ["MOST_ROWS", "MOST_COLUMNS", "MOST_CELLS"])
@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.xlsx"])
def test_table_that_is_too_large_is_refused(monkeypatch, size, name):
    monkeypatch.setattr(reading_limits, size, 1)
    contents = {
        "a.csv": CSV,
        "a.parquet": parquet(a=["1", "2"], b=["1", "2"]),
        "a.xlsx": workbook(["a", "b"], [1, 2], [3, 4]),
    }
    with pytest.raises(DataError, match="at most"):
        read_table(contents[name], name)


def test_excel_gives_the_text_of_its_cells_and_names_the_sheet():
    day = pd.Timestamp("2020-01-02").to_pydatetime()
    table = read_table(
        workbook(["id", "arm", "x"], [1, "NA", 2.5], [], [2, True, day], sheets=["notes"]),
        "trial.xlsx",
    )
    assert cells(table) == [
        ["1", "NA", "2.5"],
        [None, None, None],
        ["2", "true", "2020-01-02"],
    ]
    assert table.rows.tolist() == [2, 3, 4]
    assert "Sheet 'Sheet' is read. Not read: 'notes'." in table.notes


def test_excel_table_may_start_lower_and_keeps_its_row_numbers():
    table = read_table(workbook([], [], ["id", "arm"], [1, "a"]), "trial.xlsx")
    assert table.rows.tolist() == [4]


def test_excel_numbers_round_trip():
    numbers = [0.123456789012345, 1e-7, 12345.678901, 3.0]
    table = read_table(workbook(["a", "b"], *([n, 1] for n in numbers)), "trial.xlsx")
    assert [float(text) for text in table.frame["a"]] == numbers


def test_excel_errors_are_counted():
    table = read_table(workbook(["a", "b"], ["#N/A", 1], ["#DIV/0!", 2]), "trial.xlsx")
    assert cells(table) == [[None, "1"], [None, "2"]]
    assert any("2 cells of the workbook hold an Excel error" in note for note in table.notes)


def test_titles_above_the_names_are_told_and_not_read():
    table = read_table(workbook([None, None, "Title"], ["id", "arm", "x"], [1, "a", 2]), "a.xlsx")
    assert list(table.frame.columns) == ["id", "arm", "x"]
    assert table.rows.tolist() == [3]
    assert any("Row 2 names the columns" in note for note in table.notes)


def test_two_rows_of_part_of_the_names_are_refused():
    rows = [None, None, "Yes", "No"], ["Race", "Sex", None, None], ["a", "b", 1, 2]
    with pytest.raises(DataError, match="has no name for column 1"):
        read_table(workbook(*rows), "a.xlsx")


def test_workbook_without_a_table_is_refused():
    with pytest.raises(DataError, match="Sheets found: 'Sheet', 'more'"):
        read_table(workbook(["only"], sheets=["more"]), "a.xlsx")


def test_far_cell_is_refused_before_it_takes_the_memory():
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active["XFD1048576"] = 2
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(DataError, match="row 1,048,576 and column 16,384"):
        read_table(stream.getvalue(), "a.xlsx")


def test_reference_beyond_what_excel_has_is_refused_too():
    stream = io.BytesIO()
    whole = zipfile.ZipFile(io.BytesIO(workbook(["id", "arm"], [1, "a"])))
    with whole, zipfile.ZipFile(stream, "w") as damaged:
        for name in whole.namelist():
            damaged.writestr(name, whole.read(name).replace(b'"B2"', b'"B99999992"'))
    with pytest.raises(DataError, match="row 99,999,992"):
        read_table(stream.getvalue(), "a.xlsx")


def test_zip_that_is_no_workbook_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(DataError, match="not an Excel workbook"):
        read_table(stream.getvalue(), "a.xlsx")


def test_parquet_gives_text_that_round_trips():
    content = parquet(
        volume=[0.1 + 0.2, None, 5.0],
        count=pa.array([1, 2, None], pa.int32()),
        arm=pa.array(["a", "b", "a"]).dictionary_encode(),
        flag=[True, False, None],
        day=pa.array([0, 1, None], pa.date32()),
    )
    table = read_table(content, "trial.parquet")
    assert cells(table) == [
        ["0.30000000000000004", "1", "a", "true", "1970-01-01"],
        [None, "2", "b", "false", "1970-01-02"],
        ["5", None, "a", None, None],
    ]
    assert table.rows.tolist() == [2, 3, 4]


def test_parquet_column_of_lists_is_named():
    with pytest.raises(
        DataError, match=r"Column 'scans' of 'a\.parquet' holds values of type list"
    ):
        read_table(parquet(arm=["a"], scans=[[1, 2]]), "a.parquet")


def test_parquet_text_that_is_no_unicode_is_refused():
    broken = pa.array([b"\xff\xfe", b"a"]).view(pa.string())
    with pytest.raises(DataError, match="Column 'arm'"):
        read_table(parquet(arm=broken, x=[1, 2]), "a.parquet")


names = st.sampled_from([f"file{ending}" for ending in SUPPORTED])
table_like = st.text(alphabet='ab,;\t|"\r\n 12.\x00é{[<', max_size=60).map(str.encode)


@settings(deadline=None, derandomize=True, max_examples=400)
@given(st.one_of(st.binary(max_size=200), table_like), names)
def test_any_bytes_are_a_table_or_a_data_error(content, name):
    try:
        table = read_here(content, name)
    except DataError:
        return
    assert len(table.frame) == len(table.rows)
    assert table.frame.shape[1] > 1


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    st.sampled_from([workbook(["id", "arm"], [1, "a"]), parquet(id=[1, 2], arm=["a", "b"])]),
    st.integers(min_value=0),
    st.binary(max_size=8),
)
def test_damaged_files_are_a_table_or_a_data_error(content, place, junk):
    place %= len(content)
    damaged = content[:place] + junk + content[place + len(junk) :]
    name = "a.parquet" if content.startswith(b"PAR1") else "a.xlsx"
    with contextlib.suppress(DataError):
        read_here(damaged, name)


safe = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8
).filter(str.strip)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(safe, safe, st.one_of(st.none(), safe)), min_size=1, max_size=20))
def test_csv_round_trips(rows):
    frame = pd.DataFrame(rows, columns=["id", "arm", "note"])
    table = read_table(frame.to_csv(index=False).encode(), "trial.csv")
    assert cells(table) == [list(row) for row in rows]
