"""An .xlsx workbook as raw tables, and a refusal by name of whatever hides in it.

A workbook is a zip of XML parts (ECMA-376). We read the parts ourselves, since only then can be seen what a
spreadsheet library passes over: hidden rows, formulas, comments, pivot caches. Each part is streamed once;
nothing in it is resolved or run, and what is not read (the author, printer settings) is never kept.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse as safe_iterparse

from portal.core.messages import N_, Message
from portal.exchange.columns import OWN_SHEETS
from portal.exchange.problems import Fault, Problems, UnreadableError, error, shortened
from portal.exchange.raw import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    RawPackage,
    RawTable,
    letters_of,
    table_name,
    too_many_columns,
    too_many_rows,
)

MOST_ELEMENTS_A_ROW = 100_000
MOST_SHARED_ELEMENTS = 8_000_000

_FORBIDDEN_PARTS = (
    ("macro", r"vbaproject|vbadata|/macrosheets/", N_("a macro")),
    ("external_link", r"/externallinks/", N_("a link to another workbook")),
    ("pivot", r"/pivotcache/|/pivottables/|/slicer|/timeline", N_("a pivot table, which keeps hidden data")),
    ("embedded_object", r"/embeddings/|/activex/|/ctrlprops/", N_("an embedded object")),
    ("connection", r"/connections\.xml|/querytables/|/xl/model/", N_("a link to other data")),
    ("drawing", r"/media/|/charts/|/drawings/drawing|/diagrams/", N_("a picture, chart or drawing")),
)
_DATE_FORMATS = {str(number) for first, end in ((14, 18), (22, 23), (27, 32), (34, 37), (50, 59))
                 for number in range(first, end)}  # fmt: skip
_TIME_FORMATS = {"18", "19", "20", "21", "32", "33", "45", "46", "47"}
_PERCENT_FORMATS = {"9", "10"}
_NARROWEST = 1
"""Characters wide; nothing can be read in a column that is narrower."""
_LOWEST_ROW = 2
"""Points high."""
_DECEPTIVE = re.compile(
    r'[0#?][^;"]*"[^;"]*[^\s"][^;"]*"|"[^"]*[0-9][^"]*"|[0#?]\s*\\[^\W\d_]|[0#?]\s*\[\$[^\]-]*[^\W\d_]'
)
"""Words after the digits of a number format, as in `0" maanden"`, or digits that are not the number's own."""
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
"""`0,` shows thousands."""
_NOT_A_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAMAGE = (ParseError, BadZipFile, zlib.error, EOFError, ValueError, LookupError, RuntimeError, OverflowError)


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str


def is_workbook(archive: ZipFile) -> bool:
    """Whether this zip is an office document rather than a zip of files."""
    return bool({"[content_types].xml", "mimetype"} & {name.lower() for name in archive.namelist()})


def read_workbook(name: str, sha256: str, archive: ZipFile, problems: Problems) -> RawPackage:
    """The sheets of the workbook as raw tables; what hides in it is added to `problems` by name and place.

    Raises UnreadableError where it is no .xlsx workbook, or a part of it is not what it should be.
    """
    book = _Book(name, archive, problems)
    own = [sheet for sheet in book.sheets if table_name(sheet.name) in OWN_SHEETS]
    others = [sheet for sheet in book.sheets if sheet not in own]

    def tables() -> Iterator[RawTable]:
        for sheet in own:
            for _ in _SheetReader(book, sheet, problems).rows():
                pass  # read for what may hide in it
        for sheet in others:
            yield _SheetReader(book, sheet, problems).table()

    return RawPackage(
        file_name=name,
        sha256=sha256,
        size=sum(archive.getinfo(book.members[sheet.part]).file_size for sheet in others),
        tables=tables(),
        table_names=tuple(table_name(sheet.name) for sheet in others),
    )


class _Book:
    """The parts of one workbook. Part names are compared in lower case, as the standard says."""

    def __init__(self, name: str, archive: ZipFile, problems: Problems) -> None:
        self.name = name
        self.archive = archive
        self.members = {"/" + member.lower(): member for member in archive.namelist()}
        self.sheets: list[_Sheet] = []
        self.epoch = datetime(1899, 12, 30)  # noqa: DTZ001 - a day in a spreadsheet has no time zone
        for part in self.members:
            if part.endswith((".xml", ".rels")):
                self._refuse_doctype(part)
        main = next(iter(self.related("/", "/officedocument").values()), "")
        kind = self._content_type(main)
        if main not in self.members or not re.search(r"(spreadsheetml|ms-excel)\S*\.main\+xml$", kind):
            raise UnreadableError(_not_xlsx(), name)
        if "macroenabled" in kind:
            problems.add(_contains("macro", N_("a macro")), name)
        self._read_main(main, problems)
        self._refuse_parts(problems)
        self.texts = self._shared_texts(main)
        self.formats = self._cell_formats(main)

    def open(self, part: str) -> IO[bytes]:
        """The part as a stream of bytes."""
        return self.archive.open(self.members[part])

    def elements(self, part: str) -> Iterator[tuple[str, Element]]:
        """The elements of the part by local name, each when it ends.

        Raises UnreadableError where the part is not well-formed.
        """
        try:
            with self.open(part) as stream:
                yield from _elements(stream)
        except _DAMAGE as failure:
            raise UnreadableError(_malformed(part), self.name) from failure

    def related(self, part: str, of_type: str = "") -> dict[str, str]:
        """The parts to which `part` refers, by reference; only those whose type ends in `of_type`."""
        folder, _, file = part.rpartition("/")
        relations = f"{folder}/_rels/{file}.rels"
        found = {}
        for tag, element in self.elements(relations) if relations in self.members else ():
            outside = element.get("TargetMode", "").lower() == "external"
            if tag == "Relationship" and not outside and element.get("Type", "").lower().endswith(of_type):
                target = element.get("Target", "").lower()
                found[element.get("Id", "")] = _resolved(folder, target)
        return found

    def _read_main(self, main: str, problems: Problems) -> None:
        parts = self.related(main, "/worksheet")
        for tag, element in self.elements(main):
            if tag == "workbookPr" and _is_true(element.get("date1904")):
                self.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 - as above
            elif tag == "sheet":
                reference = next((v for k, v in element.items() if k.rpartition("}")[2] == "id"), "")
                sheet = _Sheet(element.get("name", ""), parts.get(reference, ""))
                if sheet.part in self.members:
                    self.sheets.append(sheet)
                else:
                    problems.add(_contains("other_sheet", N_("a sheet that is no table")), sheet.name)
                if element.get("state", "visible") != "visible":
                    problems.add(_hidden("hidden_sheet", N_("this sheet is hidden")), sheet.name)
            elif tag == "definedName" and not element.get("name", "").lower().startswith("_xlnm."):
                problems.add(
                    error(
                        "defined_name",
                        N_("the workbook has a defined name: %(name)s"),
                        N_("remove it in the name manager"),
                        name=element.get("name", ""),
                    ),
                    self.name,
                )

    def _refuse_parts(self, problems: Problems) -> None:
        owners = {part: sheet.name for sheet in self.sheets for part in self.related(sheet.part).values()}
        commented = {part for sheet in self.sheets for part in self.comment_parts(sheet)}
        for part in self.members:
            for code, pattern, what in _FORBIDDEN_PARTS:
                if re.search(pattern, part) and not part.endswith(".rels"):
                    problems.add(_contains(code, what), owners.get(part, self.name), value=part.lstrip("/"))
            if "comments" in part and part.endswith(".xml") and part not in commented:
                problems.add(_contains("comment", N_("a comment")), self.name, value=part.lstrip("/"))

    def comment_parts(self, sheet: _Sheet) -> list[str]:
        """The parts that hold the comments of `sheet`."""
        related = (*self.related(sheet.part, "comments").values(),
                   *self.related(sheet.part, "comment").values())  # fmt: skip
        return [part for part in related if part in self.members]

    def _shared_texts(self, main: str) -> list[str]:
        texts: list[str] = []
        for part in self.related(main, "/sharedstrings").values():
            for count, (tag, element) in enumerate(self.elements(part) if part in self.members else ()):
                if count > MOST_SHARED_ELEMENTS:
                    raise UnreadableError(too_many_rows(), self.name)
                if tag == "si":
                    texts.append(_text_of(element))
                    element.clear()
        return texts

    def _cell_formats(self, main: str) -> list[str]:
        own: dict[str, str] = {}
        formats: list[str] = []
        for part in self.related(main, "/styles").values():
            for tag, element in self.elements(part) if part in self.members else ():
                if tag == "numFmt":
                    own[element.get("numFmtId", "")] = element.get("formatCode", "")
                elif tag == "cellXfs":
                    formats = [_format_kind(style.get("numFmtId", "0"), own) for style in element]
        return formats

    def _content_type(self, part: str) -> str:
        kinds: dict[str, str] = {}
        if "/[content_types].xml" in self.members:
            for tag, element in self.elements("/[content_types].xml"):
                if tag in {"Override", "Default"}:
                    name = element.get("PartName") or element.get("Extension") or ""
                    kinds[name.lower()] = element.get("ContentType", "").lower()
        return kinds.get(part) or kinds.get("xml", "")

    def _refuse_doctype(self, part: str) -> None:
        try:
            with self.open(part) as stream:
                # A document type can stand before the first element only.
                next(safe_iterparse(stream, events=("start",), forbid_dtd=True), None)
        except DefusedXmlException as failure:
            raise UnreadableError(
                error(
                    "doctype",
                    N_("the workbook holds a document type or entity (in %(part)s)"),
                    N_("make the workbook again in a spreadsheet program"),
                    part=part.lstrip("/"),
                ),
                self.name,
            ) from failure
        except _DAMAGE as failure:
            raise UnreadableError(_malformed(part), self.name) from failure


class _SheetReader:
    """One sheet, streamed."""

    def __init__(self, book: _Book, sheet: _Sheet, problems: Problems) -> None:
        self._book = book
        self._sheet = sheet
        self._problems = problems
        self._name = table_name(sheet.name)
        self._header: list[str] = []
        self._position = 0
        self._indexes: dict[str, int] = {}
        self._hidden_rows: list[int] = []

    def table(self) -> RawTable:
        """The sheet as a table; the first row that is not blank is its header."""
        rows = self.rows()
        header_row, header = next(rows, (1, []))
        self._header = ["" if cell is None else str(cell).strip() for cell in header]
        return RawTable(
            name=self._name,
            place=self._sheet.name,
            header=self._header,
            rows=rows,
            header_row=header_row,
            is_sheet=True,
            position=lambda: self._position,
        )

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Row numbers and cells of the rows that are not blank."""
        try:
            with self._book.open(self._sheet.part) as stream:
                yield from self._read(stream)
            if self._hidden_rows:
                self._refuse_hidden_rows()
            for part in self._book.comment_parts(self._sheet):
                for tag, element in self._book.elements(part):
                    if tag in {"comment", "threadedComment"}:
                        self._refuse(_contains("comment", N_("a comment")), element.get("ref", ""))
        except UnreadableError as refusal:
            self._problems.put(refusal.problem)
        except _DAMAGE:
            self._problems.add(_malformed(self._sheet.part), self._name)

    def _read(self, stream: IO[bytes]) -> Iterator[tuple[int, list[Cell]]]:
        number = count = elements = 0
        for tag, element in _elements(stream):
            elements += 1
            if tag == "row":
                previous, number = number, int(element.get("r") or number + 1)
                if number <= previous:
                    raise ValueError("rows out of order")
                count, elements = count + 1, 0
                self._position = stream.tell()
                if _is_true(element.get("hidden")) or _is_below(element.get("ht"), _LOWEST_ROW):
                    self._hidden_rows.append(number)
                cells = self._cells(element, number)
                element.clear()
                if count > MOST_ROWS + 1 or (cells and number > MOST_ROWS + 1):
                    self._problems.add(too_many_rows(), self._name, number)
                    return
                if len(cells) > MOST_COLUMNS:
                    self._problems.add(too_many_columns(), self._name, number)
                    return
                if cells:
                    yield number, cells
            elif elements > MOST_ELEMENTS_A_ROW:
                self._problems.add(too_many_columns(), self._name, number + 1)
                return
            elif tag == "col" and (_is_true(element.get("hidden")) or _is_below(element.get("width"), _NARROWEST)):
                place = f"{letters_of(int(element.get('min', '1')))}1"
                self._refuse(_hidden("hidden_column", N_("this column is hidden")), place)
            elif tag == "sheetFormatPr" and _is_true(element.get("zeroHeight")):
                self._problems.add(_hidden("hidden_row", N_("rows are hidden")), self._name, 1)
            elif tag == "mergeCell" and self._name not in OWN_SHEETS:
                self._refuse(
                    error(
                        "merged_cells",
                        N_("cells are merged"),
                        N_("split them, and fill in each cell by itself"),
                    ),
                    element.get("ref", ""),
                )

    def _cells(self, row: Element, number: int) -> list[Cell]:
        """The cells of the row up to the last one that is not empty."""
        cells: list[Cell] = []
        for element in row:
            reference = element.get("r")
            index = self._index_of(reference) if reference else len(cells)
            value = self._value(element, number, index)
            if value is None:
                continue
            if index < len(cells):
                raise ValueError("cells out of order")
            if index >= MOST_COLUMNS:
                return [value] * (MOST_COLUMNS + 1)
            cells.extend([None] * (index - len(cells)))
            cells.append(value)
        return cells

    def _value(self, cell: Element, number: int, index: int) -> Cell:
        kind = cell.get("t", "n")
        text = ""
        for part in cell:
            name = part.tag.rpartition("}")[2]
            if name == "v":
                text = part.text or ""
            elif name == "is":
                text = _text_of(part)
            elif name == "f":
                self._refuse(
                    error(
                        "formula",
                        N_("this cell holds a formula"),
                        N_("copy the cell and paste it as a value only"),
                    ),
                    f"{letters_of(index + 1)}{number}",
                )
        if kind == "s" and text:
            number_of_text = int(text)
            if number_of_text < 0:
                raise ValueError("no such text")
            text = self._book.texts[number_of_text]
        if not text or text.isspace():
            return None
        style = cell.get("s")
        if style and self._book.formats and self._book.formats[int(style)] == "deceptive":
            self._refuse(
                error(
                    "deceptive_format",
                    N_("this cell shows something else than it holds"),
                    N_("give it the format General, and look at what it holds"),
                ),
                f"{letters_of(index + 1)}{number}",
            )
        if kind == "b":
            return text.strip() == "1"
        return self._number(float(text), style) if kind == "n" else _unescaped(text)

    def _number(self, number: float, style: str | None) -> Cell:
        if not math.isfinite(number):
            raise ValueError("not a number")
        shown_as = self._book.formats[int(style)] if style and self._book.formats else ""
        if shown_as == "percent":
            return f"{number * 100:.10g}%"
        if shown_as == "time" or (shown_as == "date" and 0 <= number < 1):
            minutes = round(number * 24 * 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
        if shown_as == "date":
            return self._book.epoch + timedelta(seconds=round(number * 86_400))
        return int(number) if number.is_integer() and abs(number) < 1e15 else number

    def _index_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        found = self._indexes.get(letters)
        if found is None:
            if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
                raise ValueError("no cell")
            found = self._indexes[letters] = _column_number(letters) - 1
        return found

    def _refuse_hidden_rows(self) -> None:
        first, last, count = self._hidden_rows[0], self._hidden_rows[-1], len(self._hidden_rows)
        one = _hidden("hidden_row", N_("this row is hidden"))
        several = error(
            "hidden_row",
            N_("%(count)s rows are hidden, from row %(first)s to row %(last)s"),
            N_("take away the filter, if there is one; show the rows, and remove what should not be sent"),
            count=count,
            first=first,
            last=last,
        )
        self._problems.add(one if count == 1 else several, self._name, first)

    def _refuse(self, fault: Fault, place: str) -> None:
        letters, row = re.match(r"([A-Z]*)(\d*)", place.upper()).groups()  # type: ignore[union-attr]
        index = _column_number(letters) - 1
        column = self._header[index] if letters and index < len(self._header) else letters
        self._problems.add(
            fault,
            self._name,
            int(row) if row else None,
            shortened(column),
            place,
        )


def _elements(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    names: dict[str, str] = {}
    # The standard parser is twice as fast, and safe here: every part has passed `_refuse_doctype`.
    for _event, element in iterparse(stream, events=("end",)):  # noqa: S314
        tag = element.tag
        yield names.get(tag) or names.setdefault(tag, tag.rpartition("}")[2]), element


def _resolved(folder: str, target: str) -> str:
    parts: list[str] = []
    for part in (target if target.startswith("/") else f"{folder}/{target}").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in {"", "."}:
            parts.append(part)
    return "/" + "/".join(parts)


def _text_of(element: Element) -> str:
    """The text of a shared or inline string, without its phonetic reading."""
    pieces = []
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces.extend(part.text or "" for part in child if part.tag.rpartition("}")[2] == "t")
    return "".join(pieces)


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    # Two escapes can be the halves of one emoji; a half by itself is no character.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _format_kind(number: str, own: Mapping[str, str]) -> str:
    if number not in own:
        return (
            "date" if number in _DATE_FORMATS
            else "time" if number in _TIME_FORMATS
            else "percent" if number in _PERCENT_FORMATS
            else ""
        )  # fmt: skip
    # `[h]:mm` counts hours; any other text in brackets is a colour, language or condition.
    duration = bool(re.search(r"\[[hms]+\]", own[number].lower()))
    code = _NOT_A_CODE.sub("", own[number].lower().partition(";")[0])
    if not duration and (not code.strip() or _SCALED.search(code) or _DECEPTIVE.search(own[number])):
        return "deceptive"
    if "general" in code:
        return ""
    if "y" in code or "d" in code:
        return "date"
    if duration or "h" in code or "s" in code:
        return "time"
    if "m" in code:
        return "date"
    return "percent" if "%" in code else ""


def _is_true(value: str | None) -> bool:
    return value in {"1", "true", "on"}


def _is_below(value: str | None, least: float) -> bool:
    return value is not None and not float(value) >= least


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _contains(code: str, what: str) -> Fault:
    return error(
        code,
        N_("here is %(what)s, which may hide data"),
        N_("remove it, or copy the visible cells to a new workbook"),
        what=Message(what),
    )


def _hidden(code: str, what: str) -> Fault:
    return error(code, what, N_("show it, look at what is in it, and remove what should not be sent"))


def _malformed(part: str) -> Fault:
    return error(
        "damaged_workbook",
        N_("a part of the workbook cannot be read (%(part)s)"),
        N_("open it in a spreadsheet program and save it as .xlsx"),
        part=part.lstrip("/"),
    )


def _not_xlsx() -> Fault:
    return error(
        "wrong_type",
        N_("this is an office document, but no .xlsx workbook"),
        N_("save it as .xlsx"),
    )
