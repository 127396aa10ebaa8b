"""Files of the kinds that trials send, made of the same forty patients, as functions.

What becomes of each stands in `expectations.tsv` beside this file: every one of them holds the
same arms and volumes, so a file that is read right gives the same numbers, whatever its shape.
"""

import gzip
import io
from dataclasses import dataclass

import openpyxl
import pandas as pd
import pyreadstat

N = 40


@dataclass(frozen=True)
class Patient:
    """One made-up patient."""

    place: int
    is_treated: bool
    age: int
    is_female: bool
    nihss: int
    volume: float
    mrs: int

    @property
    def name(self):
        return f"T{self.place:03d}"


PATIENTS = [
    Patient(
        n, n % 2 == 1, 41 + (17 * n) % 48, n % 5 in (1, 3), 3 + (5 * n) % 21,
        round(2.1 + (31 * n) % 97 * (0.7 if n % 2 else 1.3), 1), (3 * n + n // 7) % 7,
    )
    for n in range(1, N + 1)
]  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A file, and the trial sheet beside it if there is one."""

    name: str
    content: bytes
    sheet: str = ""


def of(arms=("control", "evt"), **columns):
    """Return the columns of a trial, a function of a patient each; None takes one away."""
    usual = {
        "patient_id": lambda p: p.name,
        "arm": lambda p: arms[p.is_treated],
        "age": lambda p: p.age,
        "sex": lambda p: "female" if p.is_female else "male",
        "nihss_baseline": lambda p: p.nihss,
        "infarct_volume_ml": lambda p: p.volume,
        "mrs_90d": lambda p: p.mrs,
    }
    return {name: made for name, made in (usual | columns).items() if made is not None}


def rows_of(columns, patients=PATIENTS):
    return [list(columns), *([made(p) for made in columns.values()] for p in patients)]


def text(rows, separator=","):
    return "".join(separator.join(str(cell) for cell in row) + "\n" for row in rows)


def csv(columns, name="trial.csv", separator=",", sheet=""):
    return Made(name, text(rows_of(columns), separator).encode(), sheet)


def book(sheets, name="trial.xlsx"):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return Made(name, stream.getvalue())


def comma(number):
    return f"{number:.1f}".replace(".", ",")


# Arms


def as_every_file():
    return csv(of())


def arms_evt_and_ivt():
    return csv(of(("IVT", "EVT")))


def arms_evt_and_no_evt():
    return csv(of(("No EVT", "EVT")))


def arms_in_french():
    return csv(of(("témoin", "thrombectomie")))


def arms_in_codes():
    return csv(of(("0", "1")))


def arms_without_words():
    return csv(of(("Regimen A", "Regimen B")))


def arms_in_a_column_named_by_the_sheet():
    columns = of(arm=None) | {"ward": lambda p: ("Kontrolle", "EVT")[p.is_treated]}
    return csv(columns, sheet='[columns.ward]\nis = "arm"\n')


def arms_are_three():
    return csv(of(arm=lambda p: ("placebo", "low dose", "high dose")[p.place % 3]))


def rows_without_an_arm_or_outcome():
    rows = rows_of(of())
    return Made("trial.csv", text([*rows, *[[f"S{n}", *[""] * 6] for n in range(5)]]).encode())


# Numbers


def decimal_commas():
    return csv(of(infarct_volume_ml=lambda p: comma(p.volume)), separator=";")


def cubic_millimetres_by_name():
    columns = of(infarct_volume_ml=None)
    return csv(columns | {"infarct_volume_mm3": lambda p: round(p.volume * 1000)})


def cubic_millimetres_called_ml():
    return csv(of(infarct_volume_ml=lambda p: round(p.volume * 1000)))


def cubic_millimetres_with_dots_and_commas():
    columns = of(infarct_volume_ml=None)
    return csv(
        columns
        | {
            "infarct_volume_mm3": lambda p: f"{p.volume * 1000:,.1f}".translate(
                str.maketrans(",.", ".,")
            )
        },
        separator=";",
    )


def three_digits_after_every_mark():
    return csv(of(infarct_volume_ml=lambda p: f"{p.volume:.3f}"), separator=";")


def volumes_in_voxels():
    columns = of(infarct_volume_ml=None)
    return csv(columns | {"infarct_volume_voxels": lambda p: round(p.volume * 125)})


def missing_volumes_written_999():
    return csv(of(infarct_volume_ml=lambda p: 999 if p.place % 8 == 0 else p.volume))


def missing_ages_written_999():
    return csv(of(age=lambda p: 999 if p.place % 8 == 0 else p.age))


def missing_scores_written_minus_nine():
    return csv(of(nihss_baseline=lambda p: -9 if p.place % 8 == 0 else p.nihss))


def missing_written_in_words():
    return csv(of(nihss_baseline=lambda p: "not done" if p.place % 8 == 0 else p.nihss))


def ages_top_coded():
    return csv(of(age=lambda p: "80+" if p.age >= 80 else p.age))


def scores_with_their_labels():
    labels = (
        *("0 - No symptoms", "1 - No significant disability", "2 - Slight disability"),
        *("3 - Moderate disability", "4 - Moderately severe disability"),
        *("5 - Severe disability", "6 - Dead"),
    )
    return csv(of(mrs_90d=lambda p: labels[p.mrs]))


def sexes_in_codes():
    return csv(of(sex=lambda p: 1 + p.is_female))


# Rows


def visits_of_redcap():
    names = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "arm", "age", "sex"]
    rows = [[*names, "infarct_volume_24h_ml", "mrs_90d"]]
    for p in PATIENTS:
        arm, sex = ("control", "evt")[p.is_treated], "F" if p.is_female else "M"
        rows.append([p.place, "baseline_arm_1", "", arm, p.age, sex, "", ""])
        rows.append([p.place, "followup_24h_arm_1", "", "", "", "", p.volume, ""])
        rows.append([p.place, "day_90_arm_1", "", "", "", "", "", p.mrs])
    return Made("export.csv", text(rows).encode())


def visits_with_everything_repeated():
    columns = of() | {"visit": lambda _: ""}
    rows = [list(columns)]
    for p in PATIENTS:
        values = [made(p) for made in of().values()]
        rows += [[*values, visit] for visit in ("baseline", "24h", "day 90")]
    return Made("long.csv", text(rows).encode())


def two_readers():
    rows = [[*of(), "reader"]]
    for p in PATIENTS:
        for reader, more in (("A", 0.0), ("B", 1.4)):
            columns = of(infarct_volume_ml=lambda p, more=more: round(p.volume + more, 1))
            rows.append([*(made(p) for made in columns.values()), reader])
    return Made("readers.csv", text(rows).encode())


def numbers_that_restart_in_every_centre():
    columns = of(patient_id=lambda p: 1 + (p.place - 1) % 10)
    return csv(columns | {"center": lambda p: "ABCD"[(p.place - 1) // 10]})


def totals_below():
    return Made("t.csv", (text(rows_of(of())) + "Mean,,60,,12,40.2,3\n").encode())


def lines_of_comment_above():
    return Made("t.csv", ("# Export of 2024\n# locked\n" + text(rows_of(of()))).encode())


def separator_named_in_the_first_line():
    return Made("t.csv", ("sep=;\n" + text(rows_of(of()), ";")).encode())


def row_names_of_r():
    head, *rows = rows_of(of())
    quoted = [[f'"{place}"', *row] for place, row in enumerate(rows, start=1)]
    return Made("t.txt", text([head, *quoted], " ").encode())


def a_row_of_units():
    head, *rows = rows_of(of())
    return Made("t.csv", text([head, ["", "", "years", "", "", "mL", ""], *rows]).encode())


def a_title_above():
    return book({"Data": [["Study X, locked"], [], *rows_of(of())]})


def a_quotation_mark_alone():
    columns = of() | {"stent": lambda p: '6" sheath' if p.place == 3 else "none"}
    return csv(columns, "t.tsv", "\t")


# Formats and languages


def codebook_as_first_sheet():
    meanings = [["variable", "meaning"], *([name, "something"] for name in of())]
    return book({"Codebook": meanings, "Data": rows_of(of())})


def a_sheet_for_every_centre():
    names = ("Bern", "Oslo", "Graz", "Rome")
    of_centre = {name: PATIENTS[10 * n : 10 * n + 10] for n, name in enumerate(names)}
    return book({name: rows_of(of(), patients) for name, patients in of_centre.items()})


def packed():
    return Made("trial.csv.gz", gzip.compress(text(rows_of(of())).encode()))


def formulas_without_results():
    head, *rows = rows_of(of())
    place = head.index("infarct_volume_ml")
    for n, row in enumerate(rows, start=2):
        row[place] = f"=A{n}*2"
    return book({"Data": [head, *rows]})


def a_file_of_stata():
    frame = pd.DataFrame(rows_of(of())[1:], columns=[*of()])
    stream = io.BytesIO()
    frame.to_stata(stream, write_index=False)
    return Made("trial.dta", stream.getvalue())


def spss_with_missing_codes(folder):
    frame = pd.DataFrame(rows_of(of())[1:], columns=[*of()])
    frame.loc[3, "nihss_baseline"] = 99
    path = folder / "trial.sav"
    pyreadstat.write_sav(frame, str(path), missing_ranges={"nihss_baseline": [99]})
    return Made("trial.sav", path.read_bytes())


def a_german_registry():
    columns = {
        "Behandlung": lambda p: ("Kontrolle", "Thrombektomie")[p.is_treated],
        "Alter": lambda p: p.age,
        "Geschlecht": lambda p: "w" if p.is_female else "m",
        "Infarktvolumen_24h_ml": lambda p: comma(p.volume),
        "mRS_90-days": lambda p: p.mrs,
    }
    return csv(columns, separator=";")


def chinese_in_gbk():
    columns = of(("对照组", "取栓组")) | {"性别": lambda p: "女" if p.is_female else "男"}
    return Made("t.csv", text(rows_of(columns)).encode("gb18030"))


# What is no table


def nothing():
    return Made("t.csv", b"")


def a_picture():
    return Made("t.csv", b"\x89PNG\r\n\x1a\n\x00\x00 nothing")


def a_file_of_r():
    return Made("t.rds", b"RDX3\n")


def one_column():
    return Made("t.csv", b"volume\n1\n2\n")
