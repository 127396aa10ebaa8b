"""The house keeps its shape: imports go down only, and each thing has one place."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("data", "analytics", "ui", "pages")
QUESTIONS = (
    *("volumes", "predictors", "outcomes", "prediction", "odds", "win_ratio"),
    *("subgroups", "mediation", "overview", "patients", "reference"),
)
FLOORS = tuple(
    tuple(f"analytics/{name}" for name in floor)
    for floor in (
        ("trial.py", "results.py", "formatting.py", "kernels/"),
        ("method.py", "tables.py", "wording.py", "request.py", "missing.py"),
        ("answer.py", "models/", "drawing/", "export/"),
        tuple(f"{question}/" for question in QUESTIONS),
        ("answers/",),
    )
)
"""Inside analytics, from the ground up; a floor may use itself and what is below it."""
MOST_AT_THE_TOP, MOST_LINES = 12, 5_000
FRAME = {"ui/main.py", "ui/server.py"}
OWNERS = {
    "streamlit": ("app.py", "ui/", "pages/"),
    "duckdb": ("data/store/store.py",),
    "plotly": ("analytics/drawing/", "analytics/export/", "ui/cards.py", "ui/downloads.py"),
    "xlsxwriter": ("analytics/export/",),
    "vl_convert": ("analytics/export/",),
}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def sources(*folders):
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


ALL = {name_of(path): path for path in [*sources(*LAYERS), ROOT / "app.py"]}
ANALYTICS = [name for name in ALL if name.startswith("analytics/")]


@cache
def parsed(name):
    return ast.parse(ALL[name].read_text(encoding="utf-8"))


@cache
def imported(name):
    """Return the modules that a file imports, a submodule taken by name included."""
    found = set()
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {module if file_of(module) else node.module for module in inside}
    return frozenset(found)


def file_of(module):
    """Return the project's own file of a module, or an empty text."""
    path = module.replace(".", "/")
    return next((f for f in (f"{path}.py", f"{path}/__init__.py") if f in ALL), "")


def used(name):
    """Return the project's own files that a file imports."""
    return {file for module in imported(name) if (file := file_of(module))}


def floor_of(name):
    return next((n for n, names in enumerate(FLOORS) if name.startswith(names)), None)


def question_of(name):
    folder = name.split("/")[1]
    return folder if folder in QUESTIONS else ""


@pytest.mark.parametrize("name", ALL)
def test_imports_go_down_only(name):
    layer = name.split("/")[0]
    if layer not in LAYERS:
        return
    above = set(LAYERS[LAYERS.index(layer) + 1 :])
    # The frame reads the table of contents, which is data about pages and imports nothing.
    allowed = {"pages"} if name in FRAME else set()
    assert {module.split(".")[0] for module in imported(name)}.isdisjoint(above - allowed)


@pytest.mark.parametrize("name", [n for n in ANALYTICS if floor_of(n) is not None])
def test_inside_analytics_nothing_climbs(name):
    own = floor_of(name)
    climbing = [file for file in used(name) if (floor_of(file) or 0) > own]
    assert climbing == []


def test_every_file_of_analytics_has_a_floor():
    assert [n for n in ANALYTICS if floor_of(n) is None] == ["analytics/__init__.py"]


@pytest.mark.parametrize("name", [n for n in ANALYTICS if question_of(n)])
def test_a_question_uses_another_ones_results_only(name):
    """Its figures, tables and answers belong to itself."""
    others = [f for f in used(name) if question_of(f) not in ("", question_of(name))]
    private = ("figure.py", "tables.py", "table.py", "answers.py", "tiles.py")
    assert [file for file in others if file.endswith(private)] == []


def test_kernels_know_no_patient():
    for name in (n for n in ANALYTICS if n.startswith("analytics/kernels/")):
        strangers = {f for f in used(name) if not f.startswith("analytics/kernels/")}
        assert strangers <= {"analytics/trial.py", "analytics/results.py"}, name


def test_no_folder_needs_itself_by_way_of_others():
    """Draw every folder with what it uses, take away those that use no other: none is left."""
    rooms = {name: room_of(name) for name in ALL}
    uses = {room: set() for room in rooms.values()}
    for name, room in rooms.items():
        if name not in FRAME:
            uses[room] |= {rooms[file] for file in used(name)} - {room}
    while done := {room for room, below in uses.items() if not below}:
        uses = {room: below - done for room, below in uses.items() if room not in done}
    assert uses == {}


def room_of(name):
    """Return the folder of a file; a file that lies directly in a layer is a room of its own."""
    parts = name.split("/")
    return "/".join(parts[:2]) if len(parts) > 1 else name


def test_no_two_files_need_each_other():
    uses = {name: used(name) - {name} for name in ALL}
    while done := {name for name, below in uses.items() if not below}:
        uses = {name: below - done for name, below in uses.items() if name not in done}
    assert uses == {}


def test_a_folder_can_be_read_in_a_day():
    directly = [n for n in ANALYTICS if n.count("/") == 1 and not n.endswith("__init__.py")]
    assert len(directly) <= MOST_AT_THE_TOP
    lines = {}
    for name, path in ALL.items():
        room = name.rpartition("/")[0]
        lines[room] = lines.get(room, 0) + len(path.read_text(encoding="utf-8").splitlines())
    assert {room: n for room, n in lines.items() if n > MOST_LINES} == {}


@pytest.mark.parametrize("package", OWNERS)
def test_a_library_is_used_where_it_belongs(package):
    users = {n for n in ALL if package in {module.split(".")[0] for module in imported(n)}}
    strangers = [
        user
        for user in users
        if not user.startswith(OWNERS[package])
        and not (package == "plotly" and user.endswith("figure.py"))
    ]
    assert strangers == []


def test_caches_live_in_one_file():
    users = [p.name for p in sources("ui", "pages") if "st.cache_" in p.read_text("utf-8")]
    assert [name for name in users if name != "cache.py"] == []


def test_colours_are_registered_or_themed():
    allowed = {"data/variable.py", "data/variables.py", "analytics/drawing/theme.py"}
    for name in ALL:
        if name in allowed or name.startswith(("data/intake", "analytics/export/")):
            continue
        strings = (
            n.value
            for n in ast.walk(parsed(name))
            if isinstance(n, ast.Constant) and isinstance(n.value, str)
        )
        assert not [s for s in strings if len(s) == 7 and s.startswith("#")], name


NAMES_A_SOURCE = {"data/variables.py", "analytics/prediction/methods.py"}
"""Where a definition or a cut-point cites the paper that it is of."""
MOST_CITED = 4


@pytest.mark.parametrize("name", [n for n in ALL if not n.startswith("data/synthetic/")])
def test_no_code_knows_a_trial(name):
    """What is said of a trial is in its sheet; the embedded cohort's is beside the cohort."""
    if name in NAMES_A_SOURCE:
        lines = ALL[name].read_text(encoding="utf-8").splitlines()
        assert len([line for line in lines if "ESCAPE" in line]) <= MOST_CITED
        return
    assert "ESCAPE" not in ALL[name].read_text(encoding="utf-8")
