"""The empty workbook that a sender fills in: an explanation, a sheet for each table, and the values to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.catalogue.codelists import CodeLists
from portal.core.languages import translate
from portal.core.messages import N_
from portal.exchange import sheets
from portal.exchange.columns import EXPLANATION_SHEET, PICK_LIST_SHEET, TABLES, Column, Kind, Table
from portal.exchange.destination import new_file
from portal.exchange.export import Rows, municipality_cell
from portal.exchange.labels import choice_labels, column_label
from portal.exchange.raw import MOST_ROWS

_YES_NO, _ARRANGEMENTS, _TOPICS, _LANGUAGES, _MUNICIPALITIES = (
    "yes/no", "arrangement", "topics", "languages", "municipality",
)  # fmt: skip
_CODED = {
    Kind.YES_NO: _YES_NO,
    Kind.ARRANGEMENT: _ARRANGEMENTS,
    Kind.LANGUAGES: _LANGUAGES,
    Kind.TOPICS: _TOPICS,
    Kind.MUNICIPALITY: _MUNICIPALITIES,
    Kind.MUNICIPALITIES: _MUNICIPALITIES,
}

_INTRODUCTION = (
    N_("How to fill in this workbook"),
    N_("Each sheet is one table. Leave the names of the sheets and of the columns as they are."),
    N_("Leave out the sheets and columns that you do not need. What you do not send stays as it is."),
    N_("A column that is there with an empty cell clears what we have. Do not send the column if it must stay."),
    N_("Several values in one cell: put a semicolon between them."),
    N_("Write dates as 2026-01-31. Do not use formulas, comments, or hidden rows and columns."),
    N_("Never write about one child or one family. Such a workbook is refused."),
    N_("One mistake anywhere, and nothing is stored. You then see the sheet, the row and the column."),
    N_("The sheet %(sheet)s holds the values from which you can choose. We do not read it, nor this one."),
)
_HEADINGS = (N_("Sheet"), N_("Column"), N_("In words"), N_("Must be filled in"), N_("What it means"),
             N_("What may stand in it"), N_("Example"))  # fmt: skip
_WIDTHS = (16, 24, 30, 18, 60, 50, 40)

_ALLOWED = {
    Kind.IDENTIFIER: N_("Text without spaces at the ends; each code once"),
    Kind.NAME: N_("Text of one line"),
    Kind.TEXT: N_("Text; line breaks are fine"),
    Kind.TOPICS: N_("Words from the list %(list)s, or your own, with a semicolon between them"),
    Kind.TEXTS: N_("Short texts with a semicolon between them"),
    Kind.EIGHT_DIGITS: N_("8 digits, also the zero in front"),
    Kind.POSTCODE: N_("Postcode, such as 6411 XX"),
    Kind.PHONE: N_("Telephone number"),
    Kind.EMAIL: N_("E-mail address"),
    Kind.URL: N_("Address that starts with https://"),
    Kind.WHOLE: N_("Whole number from %(lowest)s to %(highest)s"),
    Kind.DECIMAL: N_("Number from %(lowest)s to %(highest)s"),
    Kind.DATE: N_("Date, such as 2026-01-31"),
    Kind.PERIOD: N_("Year or half year, such as 2025 or 2025-H1"),
    Kind.YES_NO: N_("yes or no"),
    Kind.REFERENCE: N_("A code from the sheet %(table)s"),
    Kind.REFERENCES: N_("Codes from the sheet %(table)s with a semicolon between them"),
    Kind.CHOICE: N_("One of: %(values)s"),
    Kind.CHOICES: N_("One or more of: %(values)s"),
    Kind.ARRANGEMENT: N_("A code from the list %(list)s"),
    Kind.LANGUAGES: N_("Codes from the list %(list)s with a semicolon between them"),
    Kind.MUNICIPALITY: N_("A name from the list %(list)s, or its CBS code"),
    Kind.MUNICIPALITIES: N_("Names from the list %(list)s, or CBS codes, with a semicolon between them"),
}
_NOT_IN_LIST = N_("This is not in the list. Is it right?")
_MAYBE_NOT_IN_LIST = N_("This municipality is not in the list of your region. Is it right?")


@dataclass(frozen=True, slots=True)
class PickList:
    """Values to choose from, each with what it means."""

    name: str
    entries: Sequence[tuple[str, str]]


def write_template(
    path: Path, code_lists: CodeLists, youth_region: str | None, language: str, rows: Mapping[Table, Rows] | None = None
) -> None:
    """Write the template to `path`, explained in `language`; with `rows` filled in where some are given.

    Its municipalities are those of `youth_region`; None means all.
    Raises CannotWriteError where `path` cannot be used or a text is longer than a cell can be.
    """
    filled = rows or {}
    for table, found in filled.items():
        sheets.refuse_too_long(table, found)
    lists = pick_lists(code_lists, youth_region, language)
    with new_file(path) as file, sheets.new_workbook(file) as book:
        sheets.add_texts(book, EXPLANATION_SHEET, _WIDTHS, _explanation(language))
        ranges = _ranges(lists)
        for table in TABLES.values():
            sheet = sheets.add_table(book, table, filled.get(table, ()))
            for validation in _validations(table, ranges, language):
                sheet.data_validations.append(validation)
        widths = [width for _list in lists for width in (24, 34)]
        sheets.add_texts(book, PICK_LIST_SHEET, widths, _side_by_side(lists, language))


def pick_lists(code_lists: CodeLists, youth_region: str | None, language: str) -> list[PickList]:
    """All lists of the template; the municipalities are those of the youth region (None: all)."""

    def labelled(name: str, codes: Iterable[str]) -> list[tuple[str, str]]:
        return [(code, code_lists.label(name, code, language).label) for code in codes]

    municipalities = code_lists.municipalities_of(youth_region)
    return [
        PickList(_YES_NO, [(word, translate(word, language)) for word in (N_("yes"), N_("no"))]),
        PickList(_ARRANGEMENTS, labelled("arrangements", code_lists.arrangements)),
        PickList(_TOPICS, labelled("topics", code_lists.topics)),
        PickList(_MUNICIPALITIES, [(municipality_cell(m.code, code_lists), m.code) for m in municipalities]),
        PickList(_LANGUAGES, labelled("languages", code_lists.languages)),
        *(
            PickList(
                f"{table.name}.{column.name}",
                list(choice_labels(column.choices, code_lists, language).items()),
            )
            for table in TABLES.values()
            for column in table.columns
            if column.choices is not None
        ),
    ]


def _explanation(language: str) -> Iterator[tuple[Sequence[str], bool]]:
    title, *sentences = _INTRODUCTION
    yield [translate(title, language)], True
    for sentence in sentences:
        yield [translate(sentence, language, sheet=PICK_LIST_SHEET)], False
    for table in TABLES.values():
        yield [], False
        yield [table.name, "", "", "", translate(table.help, language)], True
        yield [translate(heading, language) for heading in _HEADINGS], True
        for column in table.columns:
            required = translate(N_("yes"), language) if column.required else ""
            allowed = _allowed(table, column, language)
            label, explained = column_label(column.name, language), translate(column.help, language)
            yield [table.name, column.name, label, required, explained, allowed, column.example], False


def _allowed(table: Table, column: Column, language: str) -> str:
    values = {
        "lowest": f"{column.lowest:g}" if column.lowest is not None else "",
        "highest": f"{column.highest:.0f}" if column.highest is not None else "",
        "table": column.refers_to,
        "list": _list_name(table, column),
        "values": ", ".join(column.choices) if column.choices else "",
    }
    return translate(_ALLOWED[column.kind], language, **values)


def _list_name(table: Table, column: Column) -> str:
    if column.choices is not None:
        return f"{table.name}.{column.name}"
    return _CODED.get(column.kind, "")


def _side_by_side(lists: Sequence[PickList], language: str) -> Iterator[tuple[Sequence[str], bool]]:
    yield [text for pick_list in lists for text in (pick_list.name, "")], True
    yield [translate(text, language) for _list in lists for text in (N_("fill in this"), N_("meaning"))], True
    for row in zip_longest(*(pick_list.entries for pick_list in lists), fillvalue=("", "")):
        yield [text for entry in row for text in entry], False


def _ranges(lists: Sequence[PickList]) -> dict[str, str]:
    """List name to the cells of its values on the sheet of pick lists."""
    found = {}
    for number, pick_list in enumerate(lists):
        letter, first = get_column_letter(2 * number + 1), 3  # below the two headings
        found[pick_list.name] = f"{PICK_LIST_SHEET}!${letter}${first}:${letter}${first + len(pick_list.entries) - 1}"
    return found


def _validations(table: Table, ranges: Mapping[str, str], language: str) -> Iterator[DataValidation]:
    """The pick lists of a sheet; a cell for several values can have none."""
    for number, column in enumerate(table.columns, start=1):
        source = ranges.get(_list_name(table, column))
        if source is None or column.kind.is_list:
            continue
        # The import understands more than the list: names, words, places outside the region. So the program asks.
        message = _MAYBE_NOT_IN_LIST if column.kind is Kind.MUNICIPALITY else _NOT_IN_LIST
        letter = get_column_letter(number)
        yield DataValidation(
            type="list",
            formula1=source,
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="warning",
            errorTitle=column.name,
            error=translate(message, language),
            sqref=f"{letter}2:{letter}{MOST_ROWS + 1}",
        )
