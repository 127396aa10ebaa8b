"""The house keeps its shape: imports go down only, and each thing has one place."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("data", "analytics", "ui", "pages")
OWNERS = {
    "streamlit": ("app.py", "ui/", "pages/"),
    "duckdb": ("data/store.py",),
    "plotly": ("analytics/figures/", "analytics/export/", "ui/cards.py", "ui/downloads.py"),
    "xlsxwriter": ("analytics/export/",),
    "vl_convert": ("analytics/export/",),
}


def sources(*folders):
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


ALL = [*sources(*LAYERS), ROOT / "app.py"]


@pytest.mark.parametrize("path", ALL, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_down_only(path):
    layer = path.relative_to(ROOT).parts[0]
    if layer not in LAYERS:
        return
    above = LAYERS[LAYERS.index(layer) + 1 :]
    # The frame reads the table of contents, which is data about pages and imports nothing.
    allowed = {"pages"} if path.relative_to(ROOT).as_posix() in FRAME else set()
    assert set(imported(path)).isdisjoint(set(above) - allowed)


FRAME = {"ui/main.py", "ui/server.py"}


@pytest.mark.parametrize("package", OWNERS)
def test_a_library_is_used_where_it_belongs(package):
    users = {p.relative_to(ROOT).as_posix() for p in ALL if package in set(imported(p))}
    strangers = [user for user in users if not user.startswith(OWNERS[package])]
    assert strangers == []


def test_caches_live_in_one_file():
    users = [p.name for p in sources("ui", "pages") if "st.cache_" in p.read_text("utf-8")]
    assert [name for name in users if name != "cache.py"] == []


def test_colours_are_registered_or_themed():
    allowed = {"data/variables.py", "analytics/figures/theme.py"}
    for path in sources("data", "analytics", "ui", "pages"):
        name = path.relative_to(ROOT).as_posix()
        if name in allowed or name.startswith(("data/intake", "analytics/export/")):
            continue
        strings = (
            n.value
            for n in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(n, ast.Constant) and isinstance(n.value, str)
        )
        assert not [s for s in strings if len(s) == 7 and s.startswith("#")], name
