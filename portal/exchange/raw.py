"""A data package as it lies there: tables of cells with their places, nothing yet understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from portal.core.messages import N_
from portal.core.text import fold, nearest
from portal.exchange.columns import TABLES
from portal.exchange.dutch_names import DUTCH_TABLES
from portal.exchange.problems import Fault, Problem, error

MOST_ROWS = 200_000
MOST_COLUMNS = 200
TWICE_ENCODED = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")
"""What is left of a letter with an accent that was read in the wrong character set."""

Cell = str | int | float | bool | datetime | None
"""A cell as its file has it; of a CSV file always `str`."""


def _nowhere() -> int:
    return 0


@dataclass(slots=True)
class RawTable:
    """A file or sheet: its header, and then its rows, which can be gone through once."""

    name: str
    """As it is compared with the known tables: `offers` for `Offers.CSV`."""
    place: str
    """The file or sheet as it is called."""
    header: list[str]
    rows: Iterator[tuple[int, Sequence[Cell]]]
    """Row number as a spreadsheet program counts, and cells; blank rows are left out."""
    header_row: int = 1
    is_sheet: bool = False
    """Whether its places are called as cells of a spreadsheet."""
    position: Callable[[], int] = _nowhere
    """How many bytes of it have been read, for progress."""


@dataclass(slots=True)
class RawPackage:
    """What was found at a path."""

    file_name: str
    sha256: str
    size: int
    """Of all tables in bytes, for progress."""
    tables: Iterator[RawTable]
    """Opened one after the other; each must be read before the next is asked for."""
    table_names: tuple[str, ...]
    other_files: tuple[str, ...] = field(default=())
    """Files that are no table at all."""


def table_name(name: str) -> str:
    """The name of a file or sheet as it is compared with the tables' names."""
    return re.sub(r"[\s-]+", "_", fold(re.sub(r"\.(csv|txt|tsv)$", "", name, flags=re.IGNORECASE)))


def column_name(cell: str) -> str:
    """A header cell as it is compared with the columns' names."""
    return re.sub(r"[\s-]+", "_", fold(cell))


def letters_of(number: int) -> str:
    """The name of the column with this number, from 1: `A`, `Z`, `AA`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def unknown_table(name: str) -> Problem:
    """The problem of a file or sheet that is no table of the data package."""
    asked = table_name(PurePosixPath(name).stem)
    near = DUTCH_TABLES.get(asked) or nearest(asked, TABLES)
    return Problem(
        error(
            "unknown_table",
            N_("%(name)s is not part of a data package"),
            N_("did you mean %(near)s? Then call it %(near)s; if it does not belong here, leave it out")
            if near
            else N_("leave it out; known are: %(known)s"),
            name=name,
            near=near,
            known=", ".join(TABLES),
        ),
        name,
    )


def too_many_rows() -> Fault:
    """The fault of a table that is longer than any real one."""
    return error(
        "too_many_rows",
        N_("a table can have at most %(most)s rows"),
        N_("leave out empty rows at the end, or send the table in parts"),
        most=MOST_ROWS,
    )


def too_many_columns() -> Fault:
    """The fault of a table that is wider than any real one."""
    return error(
        "too_many_columns",
        N_("a table can have at most %(most)s columns"),
        N_("empty the cells to the right of the last column"),
        most=MOST_COLUMNS,
    )
