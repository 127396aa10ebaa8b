"""What the parts of a trial sheet are made of: checked when made, and not changed afterwards."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Section(BaseModel):
    """What all parts share: nothing unknown in them, and nothing changed once made."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _as_text(value: object) -> object:
    """Take a number where a sheet means the text of a cell: 999 for "999"."""
    return f"{value:g}" if isinstance(value, int | float) and value is not True else value


Cell = Annotated[str, BeforeValidator(_as_text)]
"""What stands in a cell of the file."""
