"""Drawn trial files: patients whose truth is known, written as some trial would write them.

A drawing first makes patients, then a file of them: other names, codes, units, marks, missing
codes, formats; rows and columns that are no patients or nothing. What the file says is the truth
in other words, so that a reader who loads it must load the truth, or ask.
"""

import csv
import gzip
import io
import random
from dataclasses import dataclass, field

import pandas as pd
import pyreadstat

from data.reading.layout import NOTHING_SAID
from data.reading.parse import parse
from data.reading.table import read_table

SIZES = (4, 8, 14, 24, 40, 70)
NAMES = {
    "subject_id": ("patient_id", "Patientennummer", "id", "USUBJID", "record_id", "paciente_id"),
    "arm": (
        "arm",
        "treatment",
        "Gruppe",
        "Behandlungsarm",
        "groupe",
        "TRT01P",
        "rand_arm",
        "brazo",
    ),
    "age_years": ("age", "Alter", "age_years", "edad", "leeftijd", "age (years)"),
    "sex": ("sex", "Geschlecht", "sexe", "gender", "geslacht", "sexo"),
    "nihss_baseline": ("nihss_baseline", "NIHSS_0", "nihss_adm", "baseline NIHSS"),
    "aspects": ("aspects", "baseline_aspects", "ASPECTS_bl"),
    "occlusion_site": ("occlusion_site", "occlusion_location", "Verschlussort", "target_vessel"),
    "laterality": ("laterality", "side", "Seite", "hemisphere", "stroke_side"),
    "alteplase": ("alteplase", "iv_tpa", "ivt", "thrombolysis"),
    "onset_to_randomization_min": ("onset_to_randomization", "OTR", "onset_to_rand"),
    "tici": ("tici", "mTICI", "final_tici", "eTICI"),
    "imaging_modality": ("imaging_modality_24h", "followup_modality"),
    "infarct_volume_ml": ("infarct_volume", "FIV", "lesion_volume_24h", "final_infarct_volume"),
    "nihss_24h": ("nihss_24h", "NIHSS_d1", "nihss 24 h"),
    "mrs_90d": ("mrs_90d", "mRS (90 days)", "mRS_3m", "rankin_90"),
}
ARMS = (
    ("control", "evt"), ("Control", "EVT"), ("IVT", "EVT"), ("Kontrolle", "Thrombektomie"),
    ("Témoin", "Thrombectomie"), ("Placebo", "Nerinetide"), ("usual care", "intervention"),
    ("No EVT", "EVT"), ("0", "1"), ("A", "B"), ("1", "2"), ("alteplase", "tenecteplase"),
    ("Standardtherapie", "Thrombektomie"), ("medical management", "thrombectomy"),
)  # fmt: skip
IN_WORDS = tuple(pair for pair in ARMS if min(map(len, pair)) > 1)
CODED = {
    "sex": (
        {"female": "F", "male": "M"}, {"female": "female", "male": "male"},
        {"female": "w", "male": "m"}, {"female": "F", "male": "H"}, {"female": "M", "male": "H"},
        {"female": "K", "male": "M"}, {"female": "V", "male": "M"}, {"female": "2", "male": "1"},
        {"female": "weiblich", "male": "männlich"}, {"female": "0", "male": "1"},
        {"female": "mujer", "male": "hombre"}, {"female": "D", "male": "U"},
    ),
    "laterality": (
        {"left": "left", "right": "right"}, {"left": "L", "right": "R"},
        {"left": "links", "right": "rechts"}, {"left": "G", "right": "D"},
        {"left": "V", "right": "H"}, {"left": "1", "right": "2"}, {"left": "sx", "right": "dx"},
        {"left": "0", "right": "1"}, {"left": "I", "right": "D"},
    ),
    "alteplase": (
        {"yes": "yes", "no": "no"}, {"yes": "1", "no": "0"}, {"yes": "ja", "no": "nein"},
        {"yes": "oui", "no": "non"}, {"yes": "J", "no": "N"}, {"yes": "1", "no": "2"},
        {"yes": "Y", "no": "N"}, {"yes": "TRUE", "no": "FALSE"},
    ),
    "occlusion_site": (
        {}, {"M1": "left M1", "M2": "M2 rechts"}, {"ICA": "1", "M1": "2", "M2": "3", "A1": "4"},
        {"M1": "MCA-M1", "ICA": "carotid T"}, {"ICA": "1 - ICA", "M1": "2 - M1"},
    ),
    "tici": ({}, {"2b": "IIb", "2a": "IIa"}, {"2b": "TICI 2b"}, {"3": "5", "2b": "4", "2a": "3"}),
    "imaging_modality": ({}, {"MRI": "DWI", "CT": "NCCT"}, {"MRI": "1", "CT": "2"}),
}  # fmt: skip
LEVELS = {
    "sex": ("female", "male"),
    "laterality": ("left", "right"),
    "alteplase": ("yes", "no"),
    "occlusion_site": ("ICA", "M1", "M2", "A1", "BA", "tandem"),
    "tici": ("0", "1", "2a", "2b", "2c", "3"),
    "imaging_modality": ("MRI", "CT"),
}
NUMBERS = {
    "age_years": (40, 95, 0),
    "nihss_baseline": (2, 30, 0),
    "aspects": (3, 10, 0),
    "onset_to_randomization_min": (60, 700, 0),
    "infarct_volume_ml": (0, 250, 1),
    "nihss_24h": (0, 36, 0),
    "mrs_90d": (0, 6, 0),
}
MISSING = ("", "NA", "n/a", "unknown", ".", "999", "-9", "99", "k.A.", "not done", "-", "9999")
OWN = (
    "centre type",
    "Blutdruck mmHg",
    "stroke history",
    "hb",
    "note",
    "visitdate",
    "score",
    "X 1",
)
TEXT_FORMATS = ("csv", "csv", "csv", "tsv", "txt", "csv.gz")
OTHER_FORMATS = ("xlsx", "sav", "dta", "parquet")


@dataclass
class Drawn:
    """A file and what is true of its patients.

    `numbers` and `levels` are the patients' values by registered name, None where missing;
    `arms` the arm of each as True for the treatment; `written` the names of the columns. `odd` is
    how likely each part of the file is to be written in another way than the plainest.
    """

    content: bytes = b""
    name: str = ""
    patients: int = 0
    arms: list = field(default_factory=list)
    arm_words: tuple = ()
    numbers: dict = field(default_factory=dict)
    levels: dict = field(default_factory=dict)
    written: dict = field(default_factory=dict)
    oddities: list = field(default_factory=list)
    odd: float = 0

    def table(self):
        """Read the file; a statistics program's or Excel's in this process, as a child is slow."""
        ending = self.name.partition(".")[2]
        if ending in TEXT_FORMATS:
            return read_table(self.content, self.name)
        return parse(self.content, f".{ending}", self.name, NOTHING_SAID)


def draw_file(seed):
    """Return the file of a seed, with its truth."""
    draw = random.Random(seed)
    drawn = Drawn(patients=draw.choice(SIZES), odd=draw.choice((0, 0, 0.1, 0.3, 1)))
    columns = _written(draw, drawn)
    _add_own(draw, drawn, columns)
    rows = [list(cells) for cells in zip(*columns.values(), strict=True)]
    names = list(columns)
    if draw.random() < 0.15 * drawn.odd:
        names, rows = _several_rows(draw, drawn, names, rows)
    _add_rows(draw, drawn, names, rows)
    order = list(range(len(names)))
    if draw.random() < 0.3:
        draw.shuffle(order)
    names = [names[place] for place in order]
    rows = [[cells[place] for place in order] for cells in rows]
    if draw.random() < 0.04 * drawn.odd:
        names[-1] = names[0]
        drawn.oddities.append("a name twice")
    _save(draw, drawn, names, rows)
    return drawn


def _written(draw, drawn):
    """Draw the patients, and return the file's column for each variable that it has."""
    n = drawn.patients
    drawn.arms = [place % 2 == 1 for place in range(n)]
    draw.shuffle(drawn.arms)
    drawn.arm_words = draw.choice(ARMS if draw.random() < drawn.odd else IN_WORDS)
    columns = {}
    for name, known in NAMES.items():
        if name not in ("arm", "infarct_volume_ml") and draw.random() < 0.35:
            continue
        column = draw.choice(known)
        if name == "subject_id":
            cells = [f"P{place:03d}" for place in range(n)]
        elif name == "arm":
            cells = [drawn.arm_words[is_treated] for is_treated in drawn.arms]
        elif name in NUMBERS:
            column, cells = _number(draw, drawn, name, column)
        else:
            cells = _level(draw, drawn, name)
        if column in columns:
            continue
        drawn.written[name] = column
        columns[column] = cells
    return columns


def _number(draw, drawn, name, column):
    low, high, decimals = NUMBERS[name]
    truth = [round(draw.uniform(low, high), decimals) for _ in range(drawn.patients)]
    if name == "infarct_volume_ml":
        truth = [round(min(draw.expovariate(1 / 35), 400), decimals) for _ in truth]
    form = "odd" if draw.random() < drawn.odd / 3 else "plain"
    written = [_in_form(name, value, form) for value in truth]
    if form == "odd":
        drawn.oddities.append(f"{name} written oddly")
        column = {
            "infarct_volume_ml": f"{column} (mm3)",
            "onset_to_randomization_min": f"{column}_h",
        }.get(name, column)
    lacking = _lacking(draw, drawn, name)
    drawn.numbers[name] = [None if x else value for x, value in zip(lacking, truth, strict=True)]
    return column, [x or text for x, text in zip(lacking, written, strict=True)]


def _in_form(name, value, form):
    if name == "infarct_volume_ml":
        return f"{value * 1000:.0f}" if form == "odd" else f"{value:.1f}"
    if name == "onset_to_randomization_min" and form == "odd":
        return f"{value / 60:.10g}"
    if name == "mrs_90d" and form == "odd":
        return f"mRS {value:.0f}"
    return f"{value:.1f}" if form == "odd" else f"{value:.0f}"


def _lacking(draw, drawn, name):
    """Return for every patient how a missing value is written, empty text where it is known."""
    share = draw.choice((0, 0, 0.1, 0.4))
    code = draw.choice(MISSING if draw.random() < drawn.odd else MISSING[:5])
    is_lacking = [draw.random() < share for _ in range(drawn.patients)]
    if any(is_lacking) and code not in ("", "NA"):
        drawn.oddities.append(f"{name} missing as {code}")
    return [(code or " ") if x else "" for x in is_lacking]


def _level(draw, drawn, name):
    code = draw.choice(CODED[name] if draw.random() < drawn.odd else CODED[name][:2])
    few = LEVELS[name] if draw.random() < 0.8 else LEVELS[name][:2]
    truth = [draw.choice(few) for _ in range(drawn.patients)]
    lacking = _lacking(draw, drawn, name)
    drawn.levels[name] = [None if x else level for x, level in zip(lacking, truth, strict=True)]
    return [x or code.get(level, level) for x, level in zip(lacking, truth, strict=True)]


def _add_own(draw, drawn, columns):
    """Add columns without a place in the registry: some hold other volumes and scores."""
    n = drawn.patients
    makers = (
        lambda: [draw.choice(("low", "middle", "high")) for _ in range(n)],
        lambda: [f"{draw.uniform(60, 200):.1f}" for _ in range(n)],
        lambda: [draw.choice(("1", "2", "9")) for _ in range(n)],
        lambda: [f"2021-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}" for _ in range(n)],
        lambda: [draw.choice(("x", "")) for _ in range(n)],
        lambda: [""] * n,
        lambda: [f"free text {draw.randint(0, 999)}" for _ in range(n)],
    )
    for name in draw.sample(OWN, draw.randint(0, 4)):
        columns[name] = draw.choice(makers)()
    decoys = {
        "lesion_volume_baseline_ml": lambda: [f"{draw.uniform(300, 900):.1f}" for _ in range(n)],
        "mrs_discharge": lambda: [str(draw.randint(0, 6)) for _ in range(n)],
        "core_volume_ml": lambda: [f"{draw.uniform(300, 900):.1f}" for _ in range(n)],
        "treatment_duration": lambda: [str(draw.randint(1, 90)) for _ in range(n)],
    }
    for name in draw.sample(list(decoys), draw.choice((0, 0, 1, 2))):
        columns[name] = decoys[name]()


def _several_rows(draw, drawn, names, rows):
    """Give every patient a row for each of two visits; what was measured later stands in one."""
    drawn.oddities.append("two rows a patient")
    late = {drawn.written.get(x) for x in ("infarct_volume_ml", "mrs_90d", "nihss_24h")}
    is_late = [name in late for name in names]
    found = []
    for cells in rows:
        first = ["" if x else cell for x, cell in zip(is_late, cells, strict=True)]
        found += [["baseline", *first], ["90 days", *cells]]
    return ["visit", *names], found


def _add_rows(draw, drawn, names, rows):
    arm = names.index(drawn.written["arm"])
    if draw.random() < 0.15 * drawn.odd:
        drawn.oddities.append("a third arm")
        for place in range(draw.randint(1, 4)):
            cells = list(rows[draw.randrange(len(rows))])
            cells[arm] = "third arm"
            if "subject_id" in drawn.written:
                cells[names.index(drawn.written["subject_id"])] = f"Q{place}"
            rows.append(cells)
    if draw.random() < 0.1:
        drawn.oddities.append("empty rows")
        rows.insert(draw.randrange(len(rows)), [""] * len(names))
    if draw.random() < 0.1 * drawn.odd:
        drawn.oddities.append("a row of totals")
        rows.append(["Total", *[""] * (len(names) - 1)])
    if draw.random() < 0.1 * drawn.odd:
        drawn.oddities.append("a patient twice")
        rows.append(list(rows[0]))


def _save(draw, drawn, names, rows):
    is_unsure = len({name.casefold() for name in names}) < len(names)
    kind = draw.choice(TEXT_FORMATS if is_unsure or draw.random() < 0.75 else OTHER_FORMATS)
    drawn.name = f"trial.{kind}"
    if kind in TEXT_FORMATS:
        drawn.content = _as_text(draw, drawn, names, rows, kind)
        return
    clean = [[cell.strip() or None for cell in cells] for cells in rows]
    frame = pd.DataFrame(clean, columns=names, dtype="str")
    stream = io.BytesIO()
    if kind == "xlsx":
        frame.apply(_numbers_where_all).to_excel(stream, index=False)
    elif kind == "parquet":
        frame.to_parquet(stream, index=False)
    else:
        _save_statistics(frame, kind, drawn, stream)
    drawn.content = stream.getvalue()


def _numbers_where_all(text):
    numbers = pd.to_numeric(text, errors="coerce")
    return numbers if numbers.notna().sum() == text.notna().sum() else text


def _save_statistics(frame, kind, drawn, stream):
    import tempfile  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    short = {name: f"v{place}_{_plain(name)}"[:32] for place, name in enumerate(frame.columns)}
    if len(set(map(_plain, frame.columns))) == len(frame.columns):
        short = {name: _plain(name)[:32] for name in frame.columns}
    frame = frame.rename(columns=short).apply(_numbers_where_all)
    drawn.written = {known: short[name] for known, name in drawn.written.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / drawn.name
        getattr(pyreadstat, f"write_{kind}")(frame, str(path))
        stream.write(path.read_bytes())


def _plain(name):
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
    return letters if letters[:1].isalpha() else f"c{letters}"


def _as_text(draw, drawn, names, rows, kind):
    separator = "\t" if kind in ("tsv", "txt") else draw.choice(",,;")
    if separator == ";" and draw.random() < 0.7:
        drawn.oddities.append("decimal commas")
        rows = [[_with_comma(cell) for cell in cells] for cells in rows]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
    if draw.random() < 0.05:
        drawn.oddities.append("a title line")
        stream.write("My trial\n\n")
    writer.writerows([names, *rows])
    encoding = draw.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252"))
    content = stream.getvalue().encode(encoding)
    return gzip.compress(content, mtime=0) if kind == "csv.gz" else content


def _with_comma(cell):
    try:
        float(cell)
    except ValueError:
        return cell
    return cell.replace(".", ",")
