"""Make a large synthetic registry: `python -m data.synthetic.registry PATH --rows 10000000`.

Patients of the embedded cohort are drawn with replacement and their continuous values moved a
little. It shows how the explorer behaves at this size and estimates nothing. The same seed and
number of rows give the same rows.
"""

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.data_set import SYNTHETIC_FOLDER, SYNTHETIC_REGISTRY_NOTICE
from data.notice import NOTICE_KEY
from data.variables import variable

ROWS = 10_000_000
SEED = 1
_CHUNK = 250_000  # rows drawn and written at once, a row group of the file
_MOVED = {
    "age_years": 4,
    "nihss_baseline": 2,
    "aspects": 1,
    "onset_to_randomization_min": 25,
    "nihss_24h": 2,
}
"""By how much at most a whole number moves, up or down."""
_VOLUME = "infarct_volume_ml"
_LOG_SD = 0.25
_LARGEST_ML = 600.0


def write_registry(path: Path, rows: int = ROWS, seed: int = SEED) -> None:
    """Write a registry as Parquet, chunk by chunk, in the registry's own names and codes.

    Parameters
    ----------
    path : Path
        The file to write.
    rows : int
        Number of patients, at least one.
    seed : int
        Of the random draws.
    """
    cohort = pq.read_table(SYNTHETIC_FOLDER / "cohort.parquet")
    schema = cohort.schema.with_metadata({NOTICE_KEY: SYNTHETIC_REGISTRY_NOTICE})
    cohort = cohort.combine_chunks()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for first in range(0, rows, _CHUNK):
            random = np.random.default_rng([seed, first])
            chunk = _draw(cohort, first, min(_CHUNK, rows - first), random)
            writer.write_table(chunk.cast(schema), row_group_size=_CHUNK)


def _draw(cohort: pa.Table, first: int, rows: int, random: np.random.Generator) -> pa.Table:
    # Whole patients are drawn, so that the arms keep their sizes and a patient's values agree.
    drawn = cohort.take(random.integers(0, len(cohort), rows))
    moved = {"subject_id": pa.array(f"R{first + row:08d}" for row in range(1, rows + 1))}
    for name, reach in _MOVED.items():
        steps = random.integers(-reach, reach, rows, endpoint=True)
        bounds = variable(name).minimum, variable(name).maximum
        moved[name] = _nullable(np.clip(drawn[name].to_numpy() + steps, *bounds))
    logs = np.log1p(drawn[_VOLUME].to_numpy()) + random.normal(scale=_LOG_SD, size=rows)
    # Dividing tenths gives the very numbers that a file with one decimal holds.
    moved[_VOLUME] = _nullable(np.rint(np.clip(np.expm1(logs), 0, _LARGEST_ML) * 10) / 10)
    return pa.table({name: moved.get(name, drawn[name]) for name in drawn.column_names})


def _nullable(values: np.ndarray) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def main() -> None:
    """Write the file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    if asked.rows < 1:
        parser.error(f"--rows {asked.rows}: a registry has at least one row.")
    write_registry(asked.path, asked.rows, asked.seed)
    print(f"Wrote {asked.rows:,} synthetic patients to {asked.path}.")


if __name__ == "__main__":
    main()
