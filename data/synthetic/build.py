"""Make the embedded cohort: `python -m data.synthetic.build` writes it beside this file.

The same seed gives the same bytes. What is published is reproduced at published precision; what
is not is assumed, and `provenance.json` says which is which.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.data_set import SYNTHETIC_NOTICE
from data.notice import NOTICE_KEY
from data.synthetic.achieved import achieved_values, is_met
from data.synthetic.outcomes import assign_mrs, assign_nihss_24h
from data.synthetic.patients import draw_arm
from data.synthetic.provenance import provenance
from data.synthetic.scans import assign_modality
from data.synthetic.targets import ARM_SIZES, TARGETS
from data.synthetic.volumes import assign_volumes

SEED = 20160212
COLUMNS = (
    "subject_id",
    "arm",
    "age_years",
    "sex",
    "nihss_baseline",
    "aspects",
    "occlusion_site",
    "laterality",
    "alteplase",
    "onset_to_randomization_min",
    "recanalization",
    "imaging_modality",
    "infarct_volume_ml",
    "nihss_24h",
    "mrs_90d",
)


def build_cohort(seed: int = SEED) -> pd.DataFrame:
    """Draw the cohort.

    Returns
    -------
    DataFrame
        315 rows, columns `COLUMNS` in the registry's names and codes, missing values empty.
    """
    random = np.random.default_rng(seed)
    patients = pd.concat([draw_arm(arm, random) for arm in ARM_SIZES], ignore_index=True)
    patients["infarct_volume_ml"] = assign_volumes(patients, random)
    patients["nihss_24h"] = assign_nihss_24h(patients, random)
    patients["mrs_90d"] = assign_mrs(patients, random)
    patients["imaging_modality"] = assign_modality(patients, random)
    shuffled = patients.iloc[random.permutation(len(patients))].reset_index(drop=True)
    shuffled["subject_id"] = [f"S{number:03d}" for number in range(1, len(shuffled) + 1)]
    for name in ("nihss_24h", "mrs_90d"):
        shuffled[name] = shuffled[name].astype("Int64")
    return shuffled[list(COLUMNS)]


def unmet(achieved: dict[str, object]) -> list[str]:
    """Return one line for every target that a cohort misses."""
    return [
        f"{target.id}: published {target.published}, achieved {achieved[target.id]}"
        for target in TARGETS
        if not is_met(target, achieved[target.id])
    ]


def write(folder: Path) -> list[str]:
    """Write cohort.csv, cohort.parquet and provenance.json; return the targets that are missed."""
    cohort = build_cohort()
    text = cohort.to_csv(index=False, lineterminator="\n")
    achieved = achieved_values(cohort)
    missed = unmet(achieved)
    if missed:
        return missed
    digest = hashlib.sha256(text.encode()).hexdigest()
    record = provenance(SEED, digest, achieved)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cohort.csv").write_text(text, encoding="utf-8", newline="\n")
    (folder / "provenance.json").write_text(
        json.dumps(record, indent=2) + "\n", encoding="utf-8", newline="\n"
    )
    table = pa.Table.from_pandas(cohort, preserve_index=False)
    said = {NOTICE_KEY: SYNTHETIC_NOTICE.encode()}
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **said})
    pq.write_table(
        table, folder / "cohort.parquet", version="2.6", compression="snappy", row_group_size=1024
    )
    return []


def main() -> None:
    """Build into this folder, or say which targets are missed."""
    folder = Path(__file__).parent
    missed = write(folder)
    if missed:
        sys.exit("The cohort misses its targets; nothing was written.\n" + "\n".join(missed))
    print(f"Wrote the synthetic cohort to {folder}.")


if __name__ == "__main__":
    main()
