"""Files of a desk for a spreadsheet program."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response, stream_with_context

from portal.exchange.export import csv_cell
from portal.exchange.sheets import SheetCell

BEGIN = "\ufeff"
"""By this spreadsheet programs know that a file is UTF-8."""


def csv_line(cells: Sequence[SheetCell]) -> str:
    """One row, as values that nobody guarded yet: here they become cells of which none is a formula."""
    file = StringIO(newline="")
    csv.writer(file, delimiter=";").writerow([csv_cell(cell) for cell in cells])
    return file.getvalue()


def csv_file(name: str, lines: Iterable[str]) -> Response:
    """A file of these lines, sent a piece at a time."""
    response = Response(stream_with_context(iter(lines)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def csv_table(name: str, header: Sequence[str], rows: Iterable[Sequence[SheetCell]]) -> Response:
    """A file of a table that is short enough to be made at once."""
    return csv_file(name, [BEGIN + csv_line(header), *map(csv_line, rows)])
