"""One data set: who made it, which variables it has, and the store that holds its patients."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pandas as pd
from pandas.util import hash_pandas_object

from data.disclosure.groups import SmallNumbers
from data.disclosure.statistics import fewest_averaged, fewest_described
from data.escape import ESCAPE
from data.store.store import Selection, Store, open_store
from data.trial import UNDECLARED, Trial
from data.variable import Level, Variable, colours_beside
from data.variables import derived, recorded

SYNTHETIC_FOLDER = Path(__file__).parent / "synthetic"
SYNTHETIC_NOTICE = "Synthetic cohort calibrated to published results; not patient data"
SYNTHETIC_REGISTRY_NOTICE = (
    "Synthetic registry drawn from a cohort calibrated to published results; not patient data"
)
NOTICE_KEY = b"explorer_notice"
"""Where a Parquet file's own metadata hold the sentence that goes with it."""
_LONGEST_NOTICE = 300
NO_OTHERS: Mapping[str, Sequence[Level]] = {}


def notice_in(metadata: Mapping[bytes, bytes] | None) -> str:
    """Return the sentence that a Parquet file's metadata say of its patients, if any."""
    said = (metadata or {}).get(NOTICE_KEY, b"").decode("utf-8", "replace")
    return " ".join(said.split())[:_LONGEST_NOTICE]


@dataclass(frozen=True, eq=False)
class DataSet:
    """A trial's patients with the variables that this trial has.

    Attributes
    ----------
    name : str
        How the reader knows it.
    digest : str
        SHA-256 of its content.
    notice : str
        The sentence every view and file carries; empty for a reader's own data.
    variables : tuple of Variable
        The registry's variables that the data allow, with this trial's arm labels, then the
        columns that the registry has no name for.
    is_embedded : bool
        Whether this is the cohort that was calibrated to the published results.
    smallest_cell : int
        Groups of fewer patients, and what would give them away, are not shown; 0 shows all.
    trial : Trial
        What the columns do not say: its plan of analysis, if one was declared.
    arms_written : tuple of str
        How the file's own column writes the reference and the treatment arm; empty where it
        writes their codes.
    """

    name: str
    digest: str
    notice: str
    variables: tuple[Variable, ...]
    store: Store = field(repr=False)
    is_embedded: bool = False
    smallest_cell: int = 0
    trial: Trial = UNDECLARED
    arms_written: tuple[str, str] = ("", "")

    @cached_property
    def small_numbers(self) -> SmallNumbers:
        """Return which groups are hidden."""
        return SmallNumbers(self.store, self.by_name, self.smallest_cell)

    @cached_property
    def small_sums(self) -> SmallNumbers:
        """Return of which groups no means are shown, as they would give a small one's away."""
        return SmallNumbers(
            self.store, self.by_name, fewest_averaged(self.smallest_cell), of_values=True
        )

    @property
    def fewest_described(self) -> int:
        """Return of how many patients a group's values are described; 0 describes all."""
        return fewest_described(self.smallest_cell) if self.hides_small_numbers else 0

    @property
    def hides_small_numbers(self) -> bool:
        """Tell whether small groups are not shown."""
        return self.smallest_cell > 1

    @property
    def is_synthetic(self) -> bool:
        """Tell whether the patients are invented."""
        return bool(self.notice)

    @cached_property
    def by_name(self) -> Mapping[str, Variable]:
        """Return the variables by name, in registry order."""
        return {variable.name: variable for variable in self.variables}

    @cached_property
    def patients(self) -> int:
        """Return the number of patients."""
        return int(self.store.query("counts", Selection(), strata=(), values=())["patients"].sum())

    def variable(self, name: str) -> Variable:
        """Return one variable of this data set; KeyError if it has none of that name."""
        return self.by_name[name]

    def has(self, *names: str) -> bool:
        """Tell whether the data set has all these variables."""
        return all(name in self.by_name for name in names)


def make_data_set(
    patients: Path | pd.DataFrame,
    *,
    name: str,
    digest: str,
    notice: str = "",
    levels: Mapping[str, Sequence[Level]] = NO_OTHERS,
    extras: Sequence[Variable] = (),
) -> DataSet:
    """Load patients into a store and give them the variables that their columns allow.

    Parameters
    ----------
    patients : Path or DataFrame
        Parquet file or frame, one row per patient, columns in the registry's names and codes.
    name, digest, notice : str
        See `DataSet`.
    levels : mapping of str to sequence of Level, optional
        This trial's levels in order, by variable, where they are not the registry's: its two arms
        with the reference first, or an occlusion's sites.
    extras : sequence of Variable, optional
        Columns that the registry has no name for.
    """
    if isinstance(patients, Path):
        import pyarrow.parquet as pq  # noqa: PLC0415  # slow, and only files need it

        columns = set(pq.read_schema(patients).names)
    else:
        columns = set(patients.columns)
    variables = (
        *_available(patients, columns - {extra.name for extra in extras}, levels),
        *extras,
    )
    return DataSet(name, digest, notice, variables, open_store(patients, variables))


def _available(
    patients: Path | pd.DataFrame, columns: set[str], levels: Mapping[str, Sequence[Level]]
) -> Iterable[Variable]:
    for variable in recorded():
        if variable.name in columns:
            own = levels.get(variable.name, ())
            if variable.has_open_levels and not own:
                own = _levels_in(patients, variable.name)
            yield replace(variable, levels=tuple(own)) if own else variable
    for variable in derived():
        if columns.issuperset(variable.needs):
            yield variable


def _levels_in(patients: Path | pd.DataFrame, name: str) -> tuple[Level, ...]:
    """Return the values that occur as levels, in order of size when all are whole numbers."""
    if isinstance(patients, Path):
        import pyarrow.parquet as pq  # noqa: PLC0415  # slow, and only files need it

        found = pq.read_table(patients, columns=[name])[name].unique().to_pylist()
    else:
        found = patients[name].dropna().unique()
    codes = sorted({str(code) for code in found if code is not None}, key=str.casefold)
    if all(code.isdecimal() for code in codes):
        codes.sort(key=int)
    return tuple(
        Level(code, code, colour) for code, colour in zip(codes, colours_beside(), strict=False)
    )


def digest_of(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of a frame's columns and values."""
    heads = json.dumps(list(frame.columns)).encode()
    rows = hash_pandas_object(frame, index=False).to_numpy()  # ty: ignore[not-callable]
    return hashlib.sha256(heads + rows.tobytes()).hexdigest()


def open_embedded() -> DataSet:
    """Open the synthetic cohort that the project carries."""
    provenance = json.loads((SYNTHETIC_FOLDER / "provenance.json").read_text(encoding="utf-8"))
    data = make_data_set(
        SYNTHETIC_FOLDER / "cohort.parquet",
        name="ESCAPE synthetic cohort",
        digest=provenance["digest"],
        notice=SYNTHETIC_NOTICE,
    )
    return replace(data, is_embedded=True, trial=ESCAPE)
