"""The stamp of a table that this explorer wrote: notices go on, and results are no patients."""

from collections.abc import Mapping

from data.errors import DataError
from data.reading.limits import quoted

_MADE_WITH, _OWN = "made with", "infarct-volume explorer"
_OF_PATIENTS = "list_patients("
_LONGEST_NOTICE = 300


def notice_of(said: Mapping[str, str], name: str) -> str:
    """Return the sentence that goes with the patients of a file, empty where it has no stamp.

    Parameters
    ----------
    said : mapping of str to str
        What stands above a table, or on a sheet beside it, by its heading in lower case.
    name : str
        The file's.

    Raises
    ------
    DataError
        If the explorer wrote a table of results: its rows are groups, models or quantities.

    Examples
    --------
    >>> notice_of({"made with": "another program", "notice": "Draft"}, "a.csv")
    ''
    """
    if not said.get(_MADE_WITH, "").casefold().startswith(_OWN):
        return ""
    recipe = said.get("recipe", "")
    if recipe and not recipe.startswith(_OF_PATIENTS):
        msg = (
            f"{quoted(name)} is a table of results that the explorer wrote: its rows are no "
            "patients. Choose the file of the patients; the Patients page can download them."
        )
        raise DataError(msg)
    return " ".join(said.get("notice", "").split())[:_LONGEST_NOTICE]
