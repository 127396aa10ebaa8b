"""Say how a trial's own file is understood, and what it leaves open.

python -m data.intake FILE [--trial SHEET] [--write SHEET] [--json]

Nothing is loaded or changed. A question ends with status 2 and the lines of a trial sheet that
answer it; what cannot be read at all ends with status 1; a file that can be used, with 0.
`--write` keeps what is known as a sheet to be completed; `--json` prints one object, whatever the
status.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from data.errors import DataError
from data.intake.convert import Understanding
from data.intake.description import described, refused
from data.intake.files import sheet_at, understand_file
from data.intake.reapplication import counted
from data.trial_sheet.text import write_sheet

USABLE, UNREADABLE, ASKED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was understood and return the status."""
    parser = argparse.ArgumentParser(prog="python -m data.intake", description=__doc__)
    parser.add_argument("file", type=Path, help="a trial's own file")
    parser.add_argument("--trial", type=Path, help="its trial sheet")
    parser.add_argument("--write", type=Path, help="where to keep the sheet that results")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    try:
        sheet = sheet_at(given.trial)
        understood = understand_file(given.file, sheet)
        if given.write:
            given.write.write_text(
                write_sheet(counted(understood.sheet, len(understood.patients))), encoding="utf-8"
            )
    except (DataError, OSError) as error:
        text = json.dumps(refused(str(error)), indent=1) if given.json else str(error)
        sys.stdout.write(f"{text}\n")
        return UNREADABLE
    said = described(understood)
    text = json.dumps(said, indent=1, allow_nan=False) if given.json else _told(understood)
    sys.stdout.write(f"{text}\n")
    return _status(understood)


def _status(understood: Understanding) -> int:
    if understood.questions:
        return ASKED
    return UNREADABLE if understood.problems else USABLE


def _told(understood: Understanding) -> str:
    return "\n".join(_lines(understood))


def _lines(understood: Understanding) -> Iterator[str]:
    for decision in understood.decisions:
        place = f"{decision.column}: " if decision.column else ""
        yield f"{place}{decision.what}"
    for problem in understood.problems:
        yield f"Problem: {problem.sentence}"
    for question in understood.questions:
        yield f"\nQuestion: {question.text}"
        yield "In the trial sheet, one of:" if len(question.choices) > 1 else "In the trial sheet:"
        yield from question.answers
    if understood.questions:
        yield "\nWrite the answers into a trial sheet (--write makes one) and give it as --trial."
    elif not understood.problems:
        yield "The file can be used."


if __name__ == "__main__":
    sys.exit(main())
