"""Writing workbooks: text stays text, numbers are numbers, dates are dates, and nothing hides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from portal.core.formulas import guard, unguard
from portal.core.messages import N_, Message
from portal.exchange.columns import Column, Kind, Table
from portal.exchange.destination import CannotWriteError

SheetCell = str | int | float | date | None

LONGEST_CELL = 32_767
"""Characters in one cell of a workbook (Excel specifications and limits)."""

_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_FORMATS = {Kind.WHOLE: "0", Kind.DECIMAL: "General", Kind.DATE: "yyyy-mm-dd", Kind.TEXT: "General"}
_AS_TEXT = "@"
"""So that a spreadsheet program keeps the zero in `01234567` and makes no date of `3-5`."""
_WIDTHS = {Kind.TEXT: 60, Kind.TEXTS: 30, Kind.NAME: 28, Kind.URL: 34, Kind.EMAIL: 30, Kind.REFERENCES: 24,
           Kind.MUNICIPALITIES: 30, Kind.MUNICIPALITY: 20, Kind.PHONE: 16, Kind.DATE: 13}  # fmt: skip
_SPECIAL = re.compile(r"[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")


@contextmanager
def new_workbook(path: Path) -> Iterator[Workbook]:
    """An empty workbook without its maker's name; it is written to `path` when the block ends well."""
    book = Workbook(write_only=True)
    book.properties.creator = None
    try:
        yield book
        book.save(path)
    finally:
        # Sheets are written as they grow; one that stays open complains when it is thrown away.
        for sheet in book.worksheets:
            if isinstance(sheet, WriteOnlyWorksheet) and not sheet.closed:
                with suppress(OSError):
                    sheet.close()


def add_table(book: Workbook, table: Table, rows: Iterable[Sequence[SheetCell]]) -> Worksheet:
    """A sheet for `table` with a header that stays in view, and then its `rows`."""
    sheet: Worksheet = book.create_sheet(table.name)
    sheet.freeze_panes = "A2"
    formats = [_FORMATS.get(column.kind, _AS_TEXT) for column in table.columns]
    for number, column in enumerate(table.columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = _width(column)
        dimension.number_format = formats[number - 1]
    sheet.append([_text_cell(sheet, column.name, font=_BOLD) for column in table.columns])
    for row in rows:
        sheet.append([_cell(sheet, value, form) for value, form in zip(row, formats, strict=True)])
    return sheet


def refuse_too_long(table: Table, rows: Iterable[Sequence[SheetCell]]) -> None:
    """Raise CannotWriteError for a text that is longer than a cell can be; openpyxl would cut it off."""
    for row in rows:
        for value in row:
            if isinstance(value, str) and len(_written(value)) > LONGEST_CELL:
                raise CannotWriteError(
                    Message(
                        N_("A text in sheet %(sheet)s is too long for a workbook (%(start)s …); export as csv."),
                        {"sheet": table.name, "start": value[:40]},
                    )
                )


def add_texts(
    book: Workbook, name: str, widths: Sequence[int], rows: Iterable[tuple[Sequence[str], bool]]
) -> Worksheet:
    """A sheet to read: rows of texts, each with whether it is a heading."""
    sheet: Worksheet = book.create_sheet(name)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for texts, is_heading in rows:
        cells = [_text_cell(sheet, text, font=_BOLD if is_heading else None) for text in texts]
        for cell in cells:
            cell.alignment = _WRAPPED
        sheet.append(cells)
    return sheet


def _written(text: str) -> str:
    """`text` as a cell holds it: what XML cannot carry becomes `_x0007_` (ECMA-376, ST_Xstring)."""
    # A workbook tells text from formulas by itself; only what import would trim or take for a guard needs one.
    safe = text if text == text.strip() and unguard(text) == text else guard(text)
    return _SPECIAL.sub(lambda match: f"_x{ord(match[0]):04X}_", safe)


def _width(column: Column) -> float:
    return max(_WIDTHS.get(column.kind, 12), len(column.name) + 2)


def _cell(sheet: Worksheet, value: SheetCell, number_format: str) -> Cell | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        value = datetime.combine(value, time())
    cell: Cell = _text_cell(sheet, value) if isinstance(value, str) else WriteOnlyCell(sheet, value)
    cell.number_format = number_format
    return cell


def _text_cell(sheet: Worksheet, text: str, font: Font | None = None) -> Cell:
    """A cell that holds `text` and is never taken for a formula, also when somebody edits it."""
    cell: Cell = WriteOnlyCell(sheet, _written(text))
    cell.data_type = "s"
    cell.quotePrefix = guard(text) != text
    if font is not None:
        cell.font = font
    return cell
