"""Hostile and odd files, made by this program; each with what the reading must answer.

An answer is the shape of the table, or words of the sentence that refuses the file.
"""

import gzip
import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

TABLE = "id,arm,volume\nP1,EVT,12.5\nP2,IVT,40.25\nP3,EVT,7.0\n"
ROWS = [line.split(",") for line in TABLE.splitlines()]
WHOLE = (3, 3)


def book(*rows, change=None):
    workbook = openpyxl.Workbook()
    for row in rows or ROWS:
        workbook.active.append(row)
    if change:
        change(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def repacked(content, change):
    """Return a zip archive with each part changed by a function of name and bytes."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return stream.getvalue()


def in_sheet(old, new):
    return repacked(
        book(), lambda name, part: part.replace(old, new) if "sheet1" in name else part
    )


def zipped(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return stream.getvalue()


def parquet(**columns):
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def _texts():
    wide = ",".join(f"c{n}" for n in range(5_000))
    return [
        ("empty", b"", "a.csv", "is empty"),
        ("white space", b" \r\n\t\n", "a.csv", "is empty"),
        ("only a mark", b"\xef\xbb\xbf", "a.csv", "single column"),
        ("only names", b"id,arm,volume\n", "a.csv", "no row of data"),
        ("names and blanks", b"id,arm,volume\n,,\n,,\n", "a.csv", "no row of data"),
        ("one column", b"id\n1\n2\n", "a.csv", "single column"),
        ("zero bytes", TABLE.encode().replace(b"P2", b"P\x002"), "a.csv", "bytes that no text"),
        ("all zeros", bytes(5_000), "a.csv", "not a text table"),
        ("escape signs", TABLE.replace("P2", "\x1b[31mP2").encode(), "a.csv", "bytes that no"),
        ("bell", TABLE.replace("P2", "\x07").encode(), "a.csv", "bytes that no text"),
        ("random bytes", bytes(range(256)) * 20, "a.csv", "not a text table"),
        ("5,000 columns", f"{wide}\n{wide}\n".encode(), "a.csv", "at most"),
        ("long cell", TABLE.replace("P2", "x" * 2_000_000).encode(), "a.csv", WHOLE),
        ("long quoted cell", TABLE.replace("P2", f'"{"y" * 2_000_000}"').encode(), "a.csv", WHOLE),
        ("long name", TABLE.replace("arm", "z" * 100_000).encode(), "a.csv", WHOLE),
        (
            "right to left",
            TABLE.replace("arm", "קבוצה").replace("EVT", "כריתה").encode(),
            "a.csv",
            WHOLE,
        ),
        ("direction marks", TABLE.replace("EVT", "\u202eTVE\u202c").encode(), "a.csv", WHOLE),
        ("zero width", TABLE.replace("EVT", "E\u200bVT").encode(), "a.csv", WHOLE),
        ("emoji", TABLE.replace("EVT", "🧠").encode(), "a.csv", WHOLE),
        ("script tag", TABLE.replace("P2", "<script>alert(1)</script>").encode(), "a.csv", WHOLE),
        (
            "script name",
            TABLE.replace("arm", "<img src=x onerror=alert(1)>").encode(),
            "a.csv",
            WHOLE,
        ),
        ("formula", TABLE.replace("P2", "=cmd|'/c calc'!A0").encode(), "a.csv", WHOLE),
        ("formula plus", TABLE.replace("P2", "+1+1").encode(), "a.csv", WHOLE),
        ("markdown", TABLE.replace("P2", "[x](javascript:alert(1))").encode(), "a.csv", WHOLE),
        ("sql", TABLE.replace("arm", "arm; drop table x --").encode(), "a.csv", WHOLE),
        ("percent format", TABLE.replace("P2", "%s%n{0}{}").encode(), "a.csv", WHOLE),
        ("utf-8 mark", b"\xef\xbb\xbf" + TABLE.encode(), "a.csv", WHOLE),
        ("utf-16", TABLE.encode("utf-16"), "a.csv", WHOLE),
        ("utf-16 big", b"\xfe\xff" + TABLE.encode("utf-16-be"), "a.csv", WHOLE),
        ("utf-16 no mark", TABLE.encode("utf-16-le"), "a.csv", WHOLE),
        ("utf-32", TABLE.encode("utf-32"), "a.csv", WHOLE),
        ("utf-16 cut", TABLE.encode("utf-16")[:-1], "a.csv", "not a text table"),
        ("wrong mark", b"\xff\xfe" + TABLE.encode() + b"x", "a.csv", "not a text table"),
        ("mac newlines", TABLE.replace("\n", "\r").encode(), "a.csv", WHOLE),
        ("windows newlines", TABLE.replace("\n", "\r\n").encode(), "a.csv", WHOLE),
        ("mixed newlines", TABLE.replace("\n", "\r\n", 2).encode(), "a.csv", WHOLE),
        ("no last newline", TABLE.rstrip().encode(), "a.csv", WHOLE),
        ("form feeds", TABLE.replace("P2", "P\x0c2").encode(), "a.csv", WHOLE),
        ("same names", b"id,arm,arm\n1,a,b\n", "a.csv", "two columns called"),
        ("same but capitals", b"id,arm,ARM\n1,a,2\n", "a.csv", "two columns called"),
        ("ragged", (TABLE + "P4,EVT,1,2,3\nP5,EVT,3.0\n").encode(), "a.csv", "has 5 values"),
        ("short row", (TABLE + "P4,EVT\nP5,EVT,3.0\n").encode(), "a.csv", "has 2 values"),
        ("open quote", b'id,arm,note\n1,a,"open\n2,b,x\n', "a.csv", "never closes"),
        (
            "inch mark",
            TABLE.replace(",", "\t").replace("EVT", '5" EVT', 1).encode(),
            "a.tsv",
            WHOLE,
        ),
        ("only quotes", b'"' * 999, "a.csv", "single column"),
        ("only commas", b"," * 2_000, "a.csv", "single column"),
        ("few commas", b",,\n,,\n", "a.csv", "single column"),
        ("many lines", b"\n" * 100_000 + TABLE.encode(), "a.csv", None),
        ("json", b'[{"a": 1, "b": 2}]', "a.csv", "JSON"),
        ("html", b"<!DOCTYPE html><table><tr><td>a,b", "a.csv", "HTML"),
        (
            "entities",
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>',
            "a.csv",
            "HTML or XML",
        ),
        ("png", b"\x89PNG\r\n\x1a\n" + bytes(50), "a.csv", "PNG image"),
        ("jpeg", b"\xff\xd8\xff\xe0" + bytes(50), "a.csv", "JPEG image"),
        ("pdf", b"%PDF-1.7 a,b", "a.csv", "PDF document"),
        ("rtf", b"{\\rtf1 a,b}", "a.csv", "a document"),
        ("workbook as csv", book(), "a.csv", "Excel workbook"),
        ("parquet as csv", parquet(a=[1], b=[2]), "a.csv", "Parquet"),
        ("old office as csv", b"\xd0\xcf\x11\xe0" + bytes(600), "a.csv", "old Excel"),
        ("gzip as csv", gzip.compress(TABLE.encode()), "a.csv", "gzip archive"),
        ("spss as csv", b"$FL2@(#) SPSS" + bytes(99), "a.csv", "SPSS"),
        ("comments only", b"# a\n# b\n", "a.csv", "single column"),
        ("no names", b"P1,51,22,6.0\nP2,58,18,33.3\n", "a.csv", (1, 4)),
        ("sep line", b"sep=;\nid;arm\n1;a\n", "a.csv", (1, 2)),
        ("sep line only", b"sep=;\n", "a.csv", "single column"),
        ("sep quote", b'sep="\nid,arm\n1,a\n', "a.csv", None),
        ("gzip", gzip.compress(TABLE.encode()), "a.csv.gz", WHOLE),
        ("gzip twice", gzip.compress(gzip.compress(TABLE.encode())), "a.csv.gz", "gzip archive"),
        ("gzip cut", gzip.compress(TABLE.encode())[:-9], "a.csv.gz", "damaged gzip"),
        ("gzip of nothing", gzip.compress(b""), "a.csv.gz", "is empty"),
        ("no gzip", TABLE.encode(), "a.csv.gz", "damaged gzip"),
        ("gzip bomb", gzip.compress(bytes(300_000_000), 9), "a.csv.gz", "unpacks to more than"),
    ]


def _workbooks():
    bomb = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a%s;" % (str(n - 1).encode() if n else b"") * 10)
        for n in range(9)
    )
    return [
        ("workbook", book(), "a.xlsx", WHOLE),
        ("with macros", book(), "a.xlsm", WHOLE),
        ("empty workbook", book([]), "a.xlsx", "No sheet"),
        ("cut workbook", book()[:-200], "a.xlsx", "not an Excel workbook"),
        ("half a workbook", book()[:2_000], "a.xlsx", "not an Excel workbook"),
        ("text as workbook", TABLE.encode(), "a.xlsx", "not an Excel workbook"),
        ("text as old workbook", TABLE.encode(), "a.xls", "not an Excel workbook"),
        ("text as ods", TABLE.encode(), "a.ods", "not an Excel workbook"),
        ("zip of text", zipped(a=TABLE), "a.xlsx", "not an Excel workbook"),
        ("zip in zip", zipped(xl__a=zipped(b=book())), "a.xlsx", "not an Excel workbook"),
        ("zip of nothing", zipped(), "a.xlsx", "not an Excel workbook"),
        ("zip bomb", zipped(xl__a=bytes(400_000_000)), "a.xlsx", "cannot be read|not an Excel"),
        ("path out", zipped(**{"../../xl__x": "a"}), "a.xlsx", "not an Excel workbook"),
        ("entity bomb", in_sheet(b"<worksheet", bomb + b"]><worksheet"), "a.xlsx", None),
        ("huge reference", in_sheet(b'"B2"', b'"XFD1048576"'), "a.xlsx", "reaches to row"),
        ("reference past the end", in_sheet(b'"B2"', b'"B99999999"'), "a.xlsx", "reaches to row"),
        ("huge dimension", in_sheet(b"A1:C4", b"A1:XFD1048576"), "a.xlsx", None),
        ("no reference", in_sheet(b' r="B2"', b""), "a.xlsx", None),
        ("strange reference", in_sheet(b'"B2"', b'"2B"'), "a.xlsx", None),
        ("broken xml", in_sheet(b"</row>", b"<row>"), "a.xlsx", None),
        (
            "locked",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(600)
            + "EncryptedPackage".encode("utf-16-le")
            + bytes(600),
            "a.xlsx",
            "locked with a password",
        ),
        (
            "junk old workbook",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "a.xls",
            "not an Excel",
        ),
        ("formula", book(["id", "v"], [1, "=A2*2"]), "a.xlsx", "not stored in the file"),
        ("script in a cell", book(["id", "arm"], [1, "<script>1</script>"]), "a.xlsx", (1, 2)),
        (
            "hidden sheet",
            book(change=lambda b: b.create_sheet("x").__setattr__("sheet_state", "hidden")),
            "a.xlsx",
            WHOLE,
        ),
        (
            "long sheet name",
            book(change=lambda b: setattr(b.active, "title", "s" * 31)),
            "a.xlsx",
            WHOLE,
        ),
        ("same names", book(["a", "A"], [1, 2]), "a.xlsx", "two columns called"),
        ("chart sheet", book(change=lambda b: b.create_chartsheet("c")), "a.xlsx", WHOLE),
    ]


def _others():
    good = parquet(id=["a", "b", "c"], arm=["x", "y", "z"], v=[1.0, 2.0, None])
    return [
        ("parquet", good, "a.parquet", WHOLE),
        ("cut parquet", good[:-10], "a.parquet", "not a Parquet file"),
        ("text as parquet", TABLE.encode(), "a.parquet", "not a Parquet file"),
        ("marks only", b"PAR1" + bytes(40) + b"PAR1", "a.parquet", "not a Parquet file"),
        ("nested", parquet(a=[[1], [2]], b=["x", "y"]), "a.parquet", "values of type list"),
        (
            "no rows",
            parquet(a=pa.array([], "string"), b=pa.array([], "string")),
            "a.parquet",
            "no row of data",
        ),
        *(
            (f"text as {ending}", TABLE.encode() * 20, f"a{ending}", f"not a {ending} file")
            for ending in (".sas7bdat", ".xpt", ".dta", ".sav", ".zsav", ".por")
        ),
        *(
            (f"a file {ending}", b"something", f"a{ending}", words)
            for ending, words in {
                ".rds": "write.csv",
                ".RData": "write.csv",
                ".json": "JSON",
                ".mdb": "database",
                ".accdb": "database",
                ".sas7bcat": "formats of SAS",
                ".zip": "archive",
                ".7z": "archive",
                ".gz": "archive",
                ".xlsb": "binary workbook",
                ".numbers": "xlsx",
                ".docx": "document",
                ".pdf": "document",
                ".html": "document",
                ".nii.gz": "image",
                ".feather": "Parquet",
                ".sps": "program",
                ".xml": "XML",
                ".exe": "ends in '.exe'",
                "": "no ending",
            }.items()
        ),
    ]


HOSTILE = [*_texts(), *_workbooks(), *_others()]
