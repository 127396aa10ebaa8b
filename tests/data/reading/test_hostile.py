import importlib.util
import os
import random
import re
import time
from pathlib import Path

import pytest

from data.errors import DataError
from data.reading.formats import format_of
from data.reading.isolation import parse_apart
from data.reading.parse import parse
from data.reading.table import Layout, read_table

_PLACE = Path(__file__).with_name("hostile.py")
_SPEC = importlib.util.spec_from_file_location("hostile", _PLACE)
hostile = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(hostile)

MUTATIONS = int(os.environ.get("EXPLORER_MUTATIONS", "3000"))
"""How many changed files the sweep reads: EXPLORER_MUTATIONS=100000 pytest -m sweep ..."""


def table_or_sentence(read):
    try:
        return read(), ""
    except DataError as error:
        return None, str(error)


@pytest.mark.parametrize(
    ("content", "name", "answer"),
    [case[1:] for case in hostile.HOSTILE],
    ids=[case[0] for case in hostile.HOSTILE],
)
def test_a_hostile_file_is_a_table_or_refused_in_words(content, name, answer):
    start = time.monotonic()
    table, said = table_or_sentence(lambda: read_table(content, name))
    assert time.monotonic() - start < 30
    if isinstance(answer, tuple):
        assert table is not None, said
        assert table.frame.shape == answer
    elif answer or table is None:
        assert re.search(answer or "", said)
        assert said.endswith(".")


def test_there_are_enough_of_them():
    assert len(hostile.HOSTILE) >= 98


def changed(content, chance):
    """Return bytes with some overwritten, doubled, cut out or cut off."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(data) + 1)
        kind = chance.randrange(5)
        if kind == 0 and place < len(data):
            data[place] = chance.randrange(256)
        elif kind == 1:
            data[place:place] = bytes(chance.randrange(256) for _ in range(chance.randrange(9)))
        elif kind == 2:
            del data[place : place + chance.randrange(1, 40)]
        elif kind == 3:
            data[place:place] = data[place : place + chance.randrange(200)]
        elif chance.random() < 0.1:
            del data[place:]
    return bytes(data)


SEEDS = [
    (content, name)
    for _, content, name, answer in hostile.HOSTILE
    if len(content) < 20_000 and isinstance(answer, tuple)
]
TEXT_SEEDS = [(content, name) for content, name in SEEDS if "csv" in name or "tsv" in name]


def endings_of(files):
    for content, name in files:
        yield content, format_of(name), name


def check_mutations(seeds, number, read):
    chance = random.Random(20261128)
    for _ in range(number):
        content, ending, name = chance.choice(list(endings_of(seeds)))
        content = changed(content, chance)
        table, said = table_or_sentence(lambda: read(content, ending, name, Layout()))  # noqa: B023
        assert said or (len(table.frame) == len(table.rows) and table.frame.shape[1] > 1)


def test_changed_texts_are_a_table_or_refused():
    check_mutations(TEXT_SEEDS, 300, parse)


def test_changed_binary_files_are_a_table_or_refused():
    check_mutations([seed for seed in SEEDS if seed not in TEXT_SEEDS], 6, parse_apart)


@pytest.mark.sweep
def test_many_changed_files_are_a_table_or_refused():
    check_mutations(SEEDS, MUTATIONS, parse)
