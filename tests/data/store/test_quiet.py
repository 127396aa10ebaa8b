"""A store writes nothing to standard output, also where DuckDB takes the program for a person."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# Run with -c, DuckDB believes that somebody is typing and shows its progress after two seconds;
# here after a tenth of one, on queries that take longer.
SLOW = """
import duckdb
import pathlib
import sys
connect = duckdb.connect
def impatient(*arguments, **keywords):
    connection = connect(*arguments, **keywords)
    connection.execute("set progress_bar_time = 100")
    return connection
duckdb.connect = impatient
from data.data_set import open_embedded
from data.store.store import Selection, aggregate_file
slow = "count(*) as n from range(200) x, range(1000000) y where (x.range * y.range) % 97 = 3"
open_embedded().store._run(f"select {slow}", Selection())
file = pathlib.Path("data/synthetic/cohort.parquet")
aggregate_file(file, [f"(select {slow})"], {})
print("done", file=sys.stderr)
"""


def test_a_slow_query_shows_no_progress():
    done = subprocess.run(
        [sys.executable, "-c", SLOW], cwd=ROOT, capture_output=True, timeout=120, check=True
    )
    assert done.stderr.strip().endswith(b"done")
    assert done.stdout == b""
