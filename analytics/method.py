"""Method: a way to get from patients to a number, with its manuscript sentence and source."""

from dataclasses import dataclass
from typing import Literal, get_args

Group = Literal[
    "Summary", "Comparison", "Model", "Mediation", "Subgroups", "Balance", "Drawing", "Data"
]
GROUPS: tuple[Group, ...] = get_args(Group)


@dataclass(frozen=True)
class Method:
    """One way to get from patients to a number or a figure.

    Attributes
    ----------
    id : str
        Stable name.
    group : str
        Where the methods page lists it.
    name : str
        What the field calls it.
    definition : str
        What it is, for a reader who wants to know what the number means.
    sentence : str
        What a manuscript says.
    missing : str
        Who is left out; empty where nobody is.
    reference, doi : str
        Where it comes from; the DOI is empty where the source has none.
    checked : str
        What it was compared with, and how closely it agrees.
    """

    id: str
    group: Group
    name: str
    definition: str
    sentence: str
    missing: str = ""
    reference: str = ""
    doi: str = ""
    checked: str = ""


def in_manuscript(*parts: Method | str) -> str:
    """Return the method of a result: the parts' sentences, then each missing-data rule once.

    Parameters
    ----------
    *parts : Method or str
        Methods in the order of the text; a plain sentence says what only this result knows.
    """
    said = [part.sentence if isinstance(part, Method) else part for part in parts]
    rules = [part.missing for part in parts if isinstance(part, Method) and part.missing]
    return " ".join(dict.fromkeys([*(text for text in said if text), *rules]))


NO_VOLUME = "Patients without a recorded volume are counted and left out."
NO_GROUP = "Patients without a recorded volume or group are counted and left out."
NO_VALUE = "Missing values are counted and left out, variable by variable."
NO_OUTCOME = "Patients without an mRS or an arm are counted and left out."
COMPLETE = "Only patients with every variable of the model are analysed."
