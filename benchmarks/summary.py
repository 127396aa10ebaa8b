"""A stratified summary of ten million patients, in the explorer and in pandas.

Run `python -m benchmarks.summary [PATH]`; a file that is not there is made first. Each side reads
the same file in a process of its own, so that one's memory is not counted as the other's, and
answers the same questions, in turns three times over: median, quartiles, mean and counts of
infarct volume by arm, occlusion site and recanalization, under a filter whose values then change.
pandas is timed on text columns, as it reads them, and on categories; the explorer also computes
every margin and the medians' intervals. First answers are compared with first ones, repeated ones
with repeated ones. `--write` keeps the figures in benchmarks/summary.json.
"""

import argparse
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIGURES = Path(__file__).parent / "summary.json"
BY = ("arm", "occlusion_site", "recanalization")
VOLUME, AGE, SITE = "infarct_volume_ml", "age_years", "occlusion_site"
QUESTIONS: tuple[tuple[float, float, tuple[str, ...]], ...] = (
    (50, 80, ("ICA", "M1")),
    (51, 80, ("ICA", "M1")),
    (50, 75, ("ICA", "M1")),
    (40, 70, ("ICA", "M1")),
    (60, 90, ("ICA", "M2")),
    (55, 85, ("M1", "M2")),
    (45, 95, ("ICA", "M1")),
    (50, 81, ("ICA", "M1")),
)
"""Lowest age, highest age and occlusion sites; the first question, then changes of the filter."""
SIDES = ("explorer", "pandas", "pandas_categories")
ROUNDS = 3


def ask_explorer(path: Path) -> dict[str, Any]:
    """Answer every question in the explorer."""
    from analytics.volumes.summary import summarise_volume  # noqa: PLC0415  # not in the other's memory
    from data.cohort import Cohort  # noqa: PLC0415
    from data.filters import Filters, Levels, Range  # noqa: PLC0415
    from data.registry_file import open_registry  # noqa: PLC0415

    # What a running app has imported and asked long before.
    small = Cohort.of({"arm": ["evt"] * 9, VOLUME: [*range(9)]})
    summarise_volume(small)
    started = time.perf_counter()
    data = open_registry(path)
    opened = time.perf_counter() - started
    seconds, medians = [], []
    for low, high, sites in QUESTIONS:
        filters = Filters(((AGE, Range(low, high)), (SITE, Levels(sites))))
        started = time.perf_counter()
        table = summarise_volume(Cohort(data, filters), by=BY)
        seconds.append(time.perf_counter() - started)
        found = {
            "/".join(map(str, row.stratum)): row.statistics.median.value
            for row in table.cells
            if row.statistics is not None
        }
        medians.append(found)
    return {"opened": opened, "seconds": seconds, "medians": medians, "rows": data.patients}


def ask_pandas(path: Path, *, categories: bool) -> dict[str, Any]:
    """Answer every question in pandas, with the columns it needs already in memory."""
    import pandas as pd  # noqa: PLC0415  # not in the other's memory

    started = time.perf_counter()
    frame = pd.read_parquet(path, columns=[*BY, AGE, VOLUME])
    if categories:
        frame = frame.astype(dict.fromkeys(BY, "category"))
    opened = time.perf_counter() - started
    seconds, medians = [], []
    for low, high, sites in QUESTIONS:
        started = time.perf_counter()
        chosen = frame[frame[AGE].between(low, high) & frame[SITE].isin(sites)]
        volumes = chosen.groupby(list(BY), observed=True)[VOLUME]
        quartiles = volumes.quantile([0.25, 0.5, 0.75])
        volumes.agg(["mean", "count"])
        seconds.append(time.perf_counter() - started)
        middle = quartiles.xs(0.5, level=-1).dropna()
        medians.append({"/".join(codes): value for codes, value in middle.items()})
    return {"opened": opened, "seconds": seconds, "medians": medians, "rows": len(frame)}


def answer(side: str, path: Path) -> dict[str, Any]:
    """Answer every question on one side, and say how much memory this process needed at most."""
    if side == "explorer":
        found = ask_explorer(path)
    else:
        found = ask_pandas(path, categories=side == "pandas_categories")
    unit = 1 if sys.platform == "darwin" else 1024  # Linux counts in KiB
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return found | {"peak_mib": round(peak / 2**20)}


def asked_apart(side: str, path: Path) -> dict[str, Any]:
    """Return one side's answers from a process of its own."""
    command = [sys.executable, "-m", "benchmarks.summary", str(path), "--side", side]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own module
    return json.loads(done.stdout)


def agree(one: dict[str, float], other: dict[str, float]) -> bool:
    """Tell whether two sides found the same strata with the same medians."""
    return one.keys() == other.keys() and all(
        math.isclose(median, other[stratum], rel_tol=1e-12) for stratum, median in one.items()
    )


def report(rounds: list[dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """Return seconds and memory, medians over the rounds, and how often faster than pandas."""
    for answers in rounds:
        for side in SIDES[1:]:
            pairs = zip(answers["explorer"]["medians"], answers[side]["medians"], strict=True)
            if not all(agree(one, other) for one, other in pairs):
                sys.exit(f"The explorer and {side} disagree on a median.")
    sides = {side: times([answers[side] for answers in rounds]) for side in SIDES}
    ours = sides["explorer"]
    ratios = {
        side: {
            when: round(sides[side][f"{when}_s"] / ours[f"{when}_s"], 1)
            for when in ("first", "repeated")
        }
        for side in SIDES[1:]
    }
    return {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "rows": rounds[0]["explorer"]["rows"],
        "sides": sides,
        "times_faster_than": ratios,
    }


def times(found: list[dict[str, Any]]) -> dict[str, float]:
    """Return one side's seconds for the first, the second and the other questions, and memory."""
    return {
        "open_s": round(statistics.median(each["opened"] for each in found), 2),
        "first_s": round(statistics.median(each["seconds"][0] for each in found), 3),
        "second_s": round(statistics.median(each["seconds"][1] for each in found), 3),
        "repeated_s": round(
            statistics.median(t for each in found for t in each["seconds"][2:]), 3
        ),
        "peak_mib": max(each["peak_mib"] for each in found),
    }


def main() -> None:
    """Measure, print, and keep the figures if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, nargs="?", help="a registry's Parquet file")
    parser.add_argument("--write", action="store_true", help="keep the figures")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        print(json.dumps(answer(asked.side, asked.path)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = (asked.path or Path(folder) / "registry.parquet").resolve()
        if not path.exists():
            from data.synthetic.registry import write_registry  # noqa: PLC0415  # if at all

            write_registry(path)
        figures = report(
            [{side: asked_apart(side, path) for side in SIDES} for _ in range(ROUNDS)]
        )
    print(json.dumps(figures, indent=2))
    if asked.write:
        FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
