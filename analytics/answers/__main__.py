"""Print the answers of the pages as JSON, for a file of one's own or the embedded cohort.

python -m analytics.answers [FILE] [--trial SHEET] [--filters QUERY] [--page NAME ...]

QUERY is the query string of the explorer's address, such as "arm=evt&age_years=60..80". Only
what the address could say is understood: anything else is an error, because a filter that is
ignored would answer another question.
"""

import argparse
import json
import os
import sys
import textwrap
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qsl

from analytics.answers.document import Json, document
from analytics.answers.pages import PAGES
from analytics.answers.query import RESERVED, read_query
from analytics.patients.answers import SHEET, sheet_number
from analytics.request import P_VALUES, SHOWN, Request, not_offered
from data.data_set import DataSet, open_embedded
from data.errors import DataError
from data.opening import open_file

MISUSE = 2
STANDARD_OUTPUT, STANDARD_ERROR = 1, 2
_LONGEST_LINE = 600


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise DataError(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the document and return 0, or print one line on standard error and return 2."""
    try:
        given = _parse(arguments)
        with _nothing_else_printed():
            data, intake = _open(given.file, given.trial)
            pages = list(dict.fromkeys(given.page)) or list(PAGES)
            request = _ask(data, given.filters, pages)
            printed = json.dumps(document(request, pages, intake), allow_nan=False, indent=1)
        print(printed, flush=True)
    except BrokenPipeError:
        # Whoever reads has read enough; nothing may be written when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (DataError, OSError) as error:
        line = textwrap.shorten(str(error), _LONGEST_LINE, placeholder=" ...")
        print(f"analytics.answers: {line}", file=sys.stderr)
        return MISUSE
    return 0


@contextmanager
def _nothing_else_printed() -> Generator[None]:
    """Send to standard error whatever a library prints: standard output is the document's."""
    sys.stdout.flush()
    kept = os.dup(STANDARD_OUTPUT)
    try:
        os.dup2(STANDARD_ERROR, STANDARD_OUTPUT)
        with redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(kept, STANDARD_OUTPUT)
        os.close(kept)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(prog="python -m analytics.answers", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="a trial's own file")
    parser.add_argument("--trial", type=Path, help="the file's trial sheet")
    parser.add_argument("--filters", default="", help="the query string of the address")
    parser.add_argument(
        "--page", nargs="+", action="extend", default=[], help=f"one of {', '.join(PAGES)}"
    )
    given = parser.parse_args(arguments)
    for page in given.page:
        if page not in PAGES:
            msg = f"There is no page '{page}'. Choose from {', '.join(PAGES)}."
            raise DataError(msg)
    return given


def _open(path: Path | None, sheet: Path | None) -> tuple[DataSet, list[Json]]:
    if path is None and sheet is not None:
        msg = "A trial sheet goes with a file. Name the file too."
        raise DataError(msg)
    if path is None:
        return open_embedded(), []
    data, decisions = open_file(path, reserved=RESERVED, sheet=sheet)
    return data, [asdict(decision) for decision in decisions]


def _ask(data: DataSet, query: str, pages: Sequence[str]) -> Request:
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    twice = [name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place])]
    if twice:
        msg = f"The query says '{twice[0]}' twice. Join its values with a comma."
        raise DataError(msg)
    empty = [name for name, text in pairs if not text.replace(",", "").strip()]
    if empty:
        msg = f"The query gives '{empty[0]}' no value. Leave it out to keep every patient."
        raise DataError(msg)
    if query.strip("? ") and not pairs:
        msg = f"'{query}' is no query string. Write it as in the address: name=value&name=value."
        raise DataError(msg)
    request, notices = read_query(data, dict(pairs))
    # Two pages may share a setting.
    wrong = list(dict.fromkeys([*notices, *_ignored(request, pages)]))
    if wrong:
        raise DataError(" ".join(wrong))
    return request


def _ignored(request: Request, pages: Sequence[str]) -> Iterable[str]:
    wanted = dict(request.settings).get(P_VALUES, SHOWN)
    if wanted != SHOWN:
        yield f"The link's setting '{P_VALUES}' asks for '{wanted}'; it can only be '{SHOWN}'."
    # Pages that share a name may offer different options: only those that answer must have them.
    asked = [(page, setting) for page in pages for setting in PAGES[page].settings]
    for page, setting in asked:
        for text in request.not_offered(setting):
            yield _elsewhere(request, page, setting.name, text) or not_offered(setting, text)
    names = {setting.name for _, setting in asked}
    for setting in (setting for page in PAGES.values() for setting in page.settings):
        if setting.name not in names:
            yield from request.ignored(setting)
    sheet = dict(request.settings).get(SHEET, "1")
    if sheet_number(sheet) is None:
        yield f"The link's setting '{SHEET}' asks for '{sheet}'; pages are numbered from 1."


def _elsewhere(request: Request, page: str, name: str, text: str) -> str:
    """Say which pages offer what one of them does not, nothing where none does."""
    data = request.cohort.data
    offering = [
        other
        for other, answers in PAGES.items()
        if any(s.name == name and text in s.options(data) for s in answers.settings)
    ]
    if not offering:
        return ""
    return (
        f"The link's setting '{name}' asks for '{text}', which the page {page} does not offer. "
        f"Ask only what does: --page {' '.join(offering)}."
    )


if __name__ == "__main__":
    sys.exit(main())
