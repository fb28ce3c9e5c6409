"""Files of a desk for a spreadsheet program."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response, stream_with_context

BEGIN = "\ufeff"
"""By this spreadsheet programs know that a file is UTF-8."""


def csv_line(cells: Sequence[object]) -> str:
    """One row."""
    file = StringIO(newline="")
    csv.writer(file, delimiter=";").writerow(cells)
    return file.getvalue()


def csv_file(name: str, lines: Iterable[str]) -> Response:
    """A file of these lines, sent a piece at a time."""
    response = Response(stream_with_context(iter(lines)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def csv_table(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file of a table that is short enough to be made at once."""
    return csv_file(name, [BEGIN + csv_line(header), *map(csv_line, rows)])
