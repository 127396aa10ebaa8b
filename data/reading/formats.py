"""Formats: which files are read, and how to export what is not."""

from pathlib import PurePath

from data.errors import DataError

TEXTS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
STATISTICS = (".sas7bdat", ".xpt", ".dta", ".sav", ".zsav", ".por")
SUPPORTED = (*TEXTS, *WORKBOOKS, ".parquet", *STATISTICS)

_R = (
    "'{}' is a file of R. Write the data frame in R with haven::write_sav(x, 'trial.sav') or "
    "write.csv(x, 'trial.csv', row.names = FALSE), and choose that file."
)
_DATABASE = "'{}' is a database. Export the table of patients from it as CSV or .xlsx."
_ARCHIVE = "'{}' is an archive. Unpack it and choose the table that is inside."
_DOCUMENT = "'{}' is a document, not a table. Copy the table into a spreadsheet, save it as .xlsx."
_REMEDIES = {
    (".rds", ".rdata", ".rda"): _R,
    (".json", ".jsonl", ".ndjson"): (
        "'{}' holds JSON, which has no one way to be a table. Export one row per patient as CSV."
    ),
    (".xlsb",): "'{}' is a binary workbook. Save it in Excel as .xlsx.",
    (".xlt", ".xltx", ".xltm", ".numbers", ".gsheet", ".fods"): (
        "'{}' is a spreadsheet of a kind that is not read. Save it as .xlsx."
    ),
    (".mdb", ".accdb", ".sqlite", ".db", ".duckdb", ".fdb"): _DATABASE,
    (".sas7bcat",): (
        "'{}' holds the formats of SAS, not the data. Choose the .sas7bdat file; values keep "
        "their codes, which the trial's sheet can name."
    ),
    (".sas", ".do", ".sps", ".r", ".py"): (
        "'{}' is a program. Choose the file of data that it reads or writes."
    ),
    (".cport", ".stx", ".ssd01"): (
        "'{}' is a SAS file of a kind that is not read. Write it in SAS as .xpt or .sas7bdat."
    ),
    (".spv", ".spo"): "'{}' is the output of SPSS, not the data. Choose the .sav file.",
    (".mat",): "'{}' is a file of MATLAB. Write it with writetable(T, 'trial.csv').",
    (".jmp", ".mtw", ".omv", ".jasp", ".sta", ".wf1", ".gdt"): (
        "'{}' is a file of a statistics program that is not read. Export it as CSV or .sav."
    ),
    (".feather", ".arrow", ".orc", ".avro", ".h5", ".hdf5", ".pkl", ".pickle", ".npy", ".npz"): (
        "'{}' is a binary table of a kind that is not read. Write it as Parquet or CSV."
    ),
    (".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst"): _ARCHIVE,
    (".pdf", ".doc", ".docx", ".odt", ".rtf", ".html", ".htm", ".md", ".pptx"): _DOCUMENT,
    (".xml",): (
        "'{}' holds XML, such as an ODM export, which has no one way to be a table. Export one "
        "row per patient as CSV."
    ),
    (".nii", ".nii.gz", ".dcm", ".png", ".jpg", ".jpeg", ".tif", ".tiff"): (
        "'{}' is an image. The volumes are needed: one row per patient, as CSV or .xlsx."
    ),
}
_NOT_READ = {ending: text for endings, text in _REMEDIES.items() for ending in endings}


def format_of(file_name: str) -> str:
    """Return the ending, one of `SUPPORTED`, that tells how a file is read.

    Raises
    ------
    DataError
        If files of its kind are not read, with how to export it.

    Examples
    --------
    >>> format_of("Trial.CSV.GZ")
    '.csv.gz'
    """
    path = PurePath(file_name)
    name, last = path.name, path.suffix.lower()
    double = "".join(path.suffixes[-2:]).lower()
    for ending in (double, last):
        if ending in SUPPORTED:
            return ending
        if ending in _NOT_READ:
            raise DataError(_NOT_READ[ending].format(name))
    found = f"ends in '{last}'" if last else "has no ending that tells its format"
    msg = f"'{name}' {found}; the formats that can be read are {', '.join(SUPPORTED)}."
    raise DataError(msg)
