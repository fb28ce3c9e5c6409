"""The empty workbook: passes as it is, explains every column in plain words, and offers the right lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from click.testing import Result
from flask import Flask
from openpyxl import Workbook

from portal.catalogue.codelists import CodeLists
from portal.core.database import Database
from portal.core.languages import translate
from portal.exchange.columns import EXPLANATION_SHEET, PICK_LIST_SHEET, TABLES, Column, Kind
from portal.exchange.export_command import export_command
from portal.exchange.importing import import_package
from portal.exchange.problems import Severity
from tests.conftest import TODAY

CHOSEN_FROM_A_LIST = {Kind.CHOICE, Kind.YES_NO, Kind.ARRANGEMENT, Kind.MUNICIPALITY}


@pytest.fixture
def make(app: Flask, tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Writes a template and says where it is."""

    def make(*arguments: str) -> Path:
        path = tmp_path / "leeg.xlsx"
        path.unlink(missing_ok=True)
        result: Result = app.test_cli_runner().invoke(export_command, [str(path), "--template", *arguments])
        assert result.exit_code == 0, result.output
        return path

    yield make


@pytest.fixture
def book(make: Callable[..., Path]) -> Workbook:
    return openpyxl.load_workbook(make())


def pick_list(book: Workbook, name: str) -> list[str]:
    sheet = book[PICK_LIST_SHEET]
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == name)
    return [str(cell.value) for cell in sheet[letter][2:] if cell.value is not None]


def validated(book: Workbook) -> Iterator[tuple[str, Column, list[str], str | None]]:
    """Each column with a list on it: sheet, column, the values in the list, and how strict it is."""
    for table in TABLES.values():
        for rule in book[table.name].data_validations.dataValidation:
            (area,) = rule.sqref.ranges
            assert area.min_row == 2
            sheet_name, _, cells = str(rule.formula1).partition("!")
            values = [str(row[0].value) for row in book[sheet_name][cells.replace("$", "")]]
            yield table.name, table.columns[area.min_col - 1], values, rule.errorStyle


def test_it_passes_the_import_as_it_is_and_after_a_spreadsheet_program_saved_it(
    make: Callable[..., Path], database: Database, code_lists: CodeLists, tmp_path: Path
) -> None:
    for language in ("nl", "en"):
        path = make("--lang", language)
        saved = tmp_path / "opgeslagen.xlsx"
        openpyxl.load_workbook(path).save(saved)
        for file in (path, saved):
            report = import_package(database, code_lists, file, "Zuid-Limburg", today=TODAY, check_only=True)
            assert report.ok, report.as_text("en")
            assert not report.problems.of(Severity.WARNING)


def test_a_filled_in_template_is_imported(
    make: Callable[..., Path], database: Database, code_lists: CodeLists, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(make())
    for name in ("providers", "locations", "offers", "contracts", "methods", "consortia", "access_points", "outcomes"):
        book[name].append([column.example for column in TABLES[name].columns])
    second = [column.example.replace("A001", "A002") for column in TABLES["providers"].columns]
    book["providers"].append(second)
    book.save(tmp_path / "ingevuld.xlsx")
    report = import_package(database, code_lists, tmp_path / "ingevuld.xlsx", "Zuid-Limburg", today=TODAY)
    assert report.ok, report.as_text("en")
    assert report.changes["offers"].added == 1


def test_the_sheets_come_in_order_and_hide_nothing(book: Workbook, make: Callable[..., Path]) -> None:
    assert book.sheetnames == [EXPLANATION_SHEET, *TABLES, PICK_LIST_SHEET]
    for sheet in book:
        assert sheet.sheet_state == "visible"
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())
        assert not any(dimension.hidden for dimension in sheet.row_dimensions.values())
    for name, table in TABLES.items():
        assert [cell.value for cell in book[name][1]] == [column.name for column in table.columns]
        assert book[name].max_row == 1
        assert all(cell.font.bold for cell in book[name][1])
    with ZipFile(make()) as archive:
        assert not [name for name in archive.namelist() if "comment" in name.lower() or "vml" in name.lower()]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_column_is_explained_in_the_language(language: str, make: Callable[..., Path]) -> None:
    sheet = openpyxl.load_workbook(make("--lang", language))[EXPLANATION_SHEET]
    rows = {(row[0], row[1]): row for row in sheet.iter_rows(values_only=True) if row[1]}
    yes = {"nl": "ja", "en": "yes"}[language]
    for table in TABLES.values():
        for column in table.columns:
            _, _, _label, required, meaning, allowed, example = rows[table.name, column.name]
            assert meaning == translate(column.help, language)
            assert (required == yes) is column.required
            assert allowed
            assert (example or "") == column.example
            if language == "nl":
                assert meaning != column.help, f"{column.help!r} has no Dutch"
            if column.choices:
                assert all(choice in str(allowed) for choice in column.choices)


def test_the_texts_are_dutch_unless_asked(make: Callable[..., Path]) -> None:
    assert openpyxl.load_workbook(make())[EXPLANATION_SHEET]["A1"].value == "Zo vult u deze werkmap in"
    english = openpyxl.load_workbook(make("--lang", "en"))[EXPLANATION_SHEET]
    assert english["A1"].value == "How to fill in this workbook"


def test_columns_with_one_value_from_a_list_offer_it_and_no_others_do(book: Workbook, code_lists: CodeLists) -> None:
    found = {(name, column.name) for name, column, _, _ in validated(book)}
    expected = {(n, c.name) for n, table in TABLES.items() for c in table.columns if c.kind in CHOSEN_FROM_A_LIST}
    assert found == expected
    for name, column, values, style in validated(book):
        if column.choices:
            assert values == [member.value for member in column.choices], (name, column.name)
        elif column.kind is Kind.ARRANGEMENT:
            assert values == list(code_lists.arrangements)
        elif column.kind is Kind.YES_NO:
            assert values == ["yes", "no"]
        assert style == "warning", "the import understands more words than the list has"


def test_the_lists_say_what_each_value_means(book: Workbook, code_lists: CodeLists) -> None:
    sheet = book[PICK_LIST_SHEET]
    meanings = {
        str(value.value): str(meaning.value)
        for column in range(1, sheet.max_column, 2)
        for value, meaning in zip(
            [row[0] for row in sheet.iter_rows(3, min_col=column, max_col=column)],
            [row[0] for row in sheet.iter_rows(3, min_col=column + 1, max_col=column + 1)],
            strict=True,
        )
        if value.value is not None
    }
    assert "None" not in meanings.values()
    assert [cell.value for cell in sheet[2]][:2] == ["vul dit in", "betekenis"]
    assert meanings["begeleiding"] == code_lists.label("arrangements", "begeleiding", "nl").label
    assert meanings["family_home"] == "Gezinshuis"
    assert pick_list(book, "topics") == list(code_lists.topics)
    assert pick_list(book, "languages") == list(code_lists.languages)


def test_the_municipalities_are_those_of_the_region(make: Callable[..., Path], code_lists: CodeLists) -> None:
    south = pick_list(openpyxl.load_workbook(make()), "municipality")
    assert len(south) == 16
    assert "Heerlen" in south
    assert "Enschede" in pick_list(openpyxl.load_workbook(make("--region", "Twente")), "municipality")
    everywhere = pick_list(openpyxl.load_workbook(make("--region", "Ergens")), "municipality")
    assert len(everywhere) == len(code_lists.municipalities)
    assert all(code_lists.municipality(name) for name in everywhere)


def test_a_template_for_an_unknown_region_says_that_it_lists_all_municipalities(app: Flask, tmp_path: Path) -> None:
    arguments = [str(tmp_path / "x.xlsx"), "--template", "--region"]
    result = app.test_cli_runner().invoke(export_command, [*arguments, "Ergens"])
    assert "Ergens is geen jeugdregio" in result.output


def test_a_number_that_begins_with_zero_keeps_it(book: Workbook) -> None:
    columns = TABLES["providers"].columns
    letters = {c.name: openpyxl.utils.get_column_letter(n) for n, c in enumerate(columns, start=1)}
    for name in ("provider_id", "kvk_number", "agb_code", "phone"):
        assert book["providers"].column_dimensions[letters[name]].number_format == "@"
