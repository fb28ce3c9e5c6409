"""What a data officer runs into: columns that are left out, cells that are emptied, numbers of citizens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from portal.catalogue.codelists import CodeLists
from portal.core.database import Database
from portal.exchange.importing import import_package
from portal.exchange.problems import Severity
from portal.exchange.report import Report
from portal.exchange.values import holds_bsn
from tests.exchange.packages import Tables, as_text, everything, sound, write_folder, write_workbook

TODAY = date(2026, 11, 22)
Take = Callable[[Tables], Report]
Look = Callable[[Tables, Callable[[Workbook], object]], Report]


@pytest.fixture
def take(database: Database, code_lists: CodeLists, tmp_path: Path) -> Take:
    """Imports tables after the sound package; gives the report, good or not."""

    def take(tables: Tables) -> Report:
        folder = write_folder(tmp_path / "next", tables)
        return import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY)

    assert import_package(
        database, code_lists, write_folder(tmp_path / "first", sound()), "Zuid-Limburg", today=TODAY
    ).ok
    return take


def said(report: Report, severity: Severity, code: str, language: str = "nl") -> list[str]:
    """The lines of one code as a person reads them."""
    found = [problem for problem in report.problems.of(severity) if problem.fault.code == code]
    return [
        f"{p.table}|{p.row}|{p.column}|{p.fault.reason.in_language(language)}; {p.fault.remedy.in_language(language)}"
        for p in found
    ]


# --- numbers of citizens ---


@pytest.mark.parametrize(
    "text", ["111222333", "BSN 123456782.", "kind 1234.56.782 (Jan)", "123 456 782", "x111222333x", "in 2024 123456782"]
)
def test_a_number_that_can_be_of_a_citizen_is_seen(text: str) -> None:
    assert holds_bsn(text)


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "045-555 01 23",
        "+31 455 550 123",
        "123456789",
        "0111222333",
        "1112223330",
        "1.111222333",
        "6411 AB 12",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not holds_bsn(text)


@pytest.mark.parametrize(
    ("table", "column", "cell"),
    [
        ("offers", "description", "Bel over 111222333."),
        ("offers", "name", "123 456 782"),
        ("offers", "topics", "angst;111222333"),
        ("providers", "about", "1234.56.782"),
        ("outcomes", "source", "dossier 111222333"),
        ("outcomes", "numerator", "111222333"),
        ("locations", "location_id", "111222333"),
        ("access_points", "explanation", "vraag naar 111222333"),
    ],
)
def test_a_number_of_a_citizen_stops_the_package_and_is_not_repeated(
    take: Take, database: Database, table: str, column: str, cell: str
) -> None:
    tables = sound()
    tables[table][0][column] = cell
    before = everything(database)
    report = take({table: tables[table]})
    assert said(report, Severity.ERROR, "citizen_number")[0].startswith(f"{table}|2|{column}|")
    for secret in ("111222333", "123 456 782", "1234.56.782"):
        assert secret not in str(report.as_json()) + report.as_text("nl")
    assert everything(database) == before


def test_a_column_with_some_numbers_of_citizens_is_one_about_clients(take: Take) -> None:
    rows: list[dict[str, object]] = [
        {"name": f"M{n}", "kenmerk": "111222333" if n < 30 else f"x{n}"} for n in range(200)
    ]
    report = take({"methods": rows})
    assert len(said(report, Severity.ERROR, "per_client_column")) == 1


# --- columns that are left out, cells that are empty ---


def test_the_waiting_times_alone_are_enough_for_offers_that_we_know(take: Take) -> None:
    report = take({"offers": [{"offer_id": "A001-1", "waiting_weeks_start": 9, "waiting_reported_on": "2026-11-01"}]})
    assert report.ok, report.as_text("en")
    assert report.changes["offers"].changed == 1


def test_a_new_row_needs_all_that_is_required(take: Take) -> None:
    report = take({"offers": [{"offer_id": "A001-1", "places_free": 1}, {"offer_id": "A9", "places_free": 1}]})
    missing = said(report, Severity.ERROR, "column_missing", "en")
    assert [line.split("|")[2] for line in missing] == ["provider_id", "name", "arrangement", "description"]
    assert "1 rows are new; see row 3" in missing[0]


def test_a_family_home_stays_secret_where_its_kind_is_left_out(take: Take, database: Database) -> None:
    row = {"location_id": "A001-L2", "street": "Stillestraat", "address_confidential": ""}
    assert take({"locations": [row]}).ok
    assert "Stillestraat" not in as_text(database)


def test_emptied_cells_are_told_once_a_column(take: Take) -> None:
    rows = sound()["offers"]
    report = take({"offers": [rows[0] | {"age_min": "", "methods": ""}, rows[1]]})
    emptied = said(report, Severity.WARNING, "emptied")
    assert [line.split("|")[:3] for line in emptied] == [
        ["offers", "None", "age_min"], ["offers", "None", "methods"]
    ]  # fmt: skip
    assert "1 lege cel wist wat er nu staat: rij 2 (A001-1)" in emptied[0]


def test_all_errors_that_do_not_hang_on_each_other_are_told_at_once(take: Take) -> None:
    tables = sound()
    tables["offers"][0] |= {
        "waiting_weeks_start": "ca. 6",
        "provider_id": "A009",
        "location_ids": "L99",
        "colour": "red",
    }
    tables["contracts"][0] |= {"start_date": "gisteren", "provider_id": "A008"}
    found = Counter((one.column, one.fault.code) for one in take(tables).problems.of(Severity.ERROR))
    assert found == {
        ("waiting_weeks_start", "not_a_number"): 1, ("provider_id", "unknown_reference"): 2,
        ("location_ids", "unknown_reference"): 1, ("colour", "unknown_column"): 1, ("start_date", "not_a_date"): 1,
    }  # fmt: skip


@pytest.mark.parametrize("more", [{"access": "free"}, {"withdrawn_on": "2026-10-01"}])
def test_who_needs_no_contract_is_not_told_that_there_is_none(take: Take, more: dict[str, object]) -> None:
    tables = sound()
    tables["offers"][0] |= {"arrangement": "regie", **more}
    assert not said(take(tables), Severity.WARNING, "no_contract")
    short = {"offer_id": "A001-1", "provider_id": "A001", "arrangement": "regie", "places_free": 3}
    assert not said(take({"offers": [short]}), Severity.WARNING, "no_contract")  # the rest is as it was stored


def test_of_many_emptied_cells_the_first_rows_are_named(take: Take) -> None:
    tables = sound()
    rows = [tables["offers"][0] | {"offer_id": f"Z{number}"} for number in range(1, 8)]
    assert take({"offers": rows}).ok
    (line,) = said(take({"offers": [row | {"approach": ""} for row in rows]}), Severity.WARNING, "emptied")
    assert "7 lege cellen wissen wat er nu staat: rijen 2 (Z1), 3 (Z2), 4 (Z3), 5 (Z4), 6 (Z5) …" in line


def test_an_address_that_would_be_erased_is_told_without_a_word_of_it(take: Take) -> None:
    home = sound()["locations"][1] | {"address_confidential": "no"}
    assert take({"locations": [home]}).ok
    as_public = {"location_id": "A001-L2", "provider_id": "A001", "kind": "family_home", "municipality": "Heerlen",
                 "street": "", "name": "", "address_confidential": "yes"}  # fmt: skip
    report = take({"locations": [as_public]})
    (line,) = said(report, Severity.WARNING, "address_erased")
    assert "1 plek wordt geheim, en het adres wordt gewist: rij 2 (A001-L2)" in line
    assert "Stillestraat" not in report.as_text("nl")
    assert not said(take({"locations": [as_public]}), Severity.WARNING, "address_erased")  # it is gone already


def test_of_a_long_text_the_part_that_differs_is_shown(take: Take) -> None:
    long = "Samen met uw kind en de school maken wij een plan dat past bij wat er thuis en op school al goed gaat. "
    rows = sound()["offers"][:1]
    assert take({"offers": [rows[0] | {"description": long + "Dat duurt zes weken."}]}).ok
    (row,) = take({"offers": [rows[0] | {"description": long + "Dat duurt acht weken."}]}).changes["offers"].rows
    assert row.columns["description"] == ("…aat. Dat duurt zes weken.", "…aat. Dat duurt acht weken.")


def test_an_empty_cell_with_a_meaning_says_what_changes(take: Take) -> None:
    tables = sound()
    tables["offers"][0]["accepting_clients"] = "no"
    assert take({"offers": tables["offers"]}).ok
    tables["offers"][0]["accepting_clients"] = ""
    (line,) = said(take({"offers": tables["offers"]}), Severity.WARNING, "emptied")
    assert "'no'" in line
    assert "'yes'" in line


def test_what_is_not_in_the_file_stays_and_that_is_said(take: Take) -> None:
    report = take({"offers": sound()["offers"][:1]})
    (line,) = said(report, Severity.NOTE, "not_in_file")
    assert line.startswith("offers|None||1 ")
    assert "withdrawn_on" in line


def test_changed_municipalities_are_named(take: Take) -> None:
    report = take({"offers": [{"offer_id": "A001-1", "municipalities": "Kerkrade;Amsterdam"}]})
    (row,) = report.changes["offers"].rows
    assert row.columns["municipalities"] == ("Heerlen", "Kerkrade;Amsterdam")
    assert "Amsterdam" in said(report, Severity.WARNING, "outside_region")[0]


# --- places and names as people know them ---


@pytest.fixture
def look(database: Database, code_lists: CodeLists, tmp_path: Path) -> Look:
    """Checks a workbook."""

    def look(tables: Tables, change: Callable[[Workbook], object]) -> Report:
        path = write_workbook(tmp_path / "pakket.xlsx", tables, change)
        return import_package(database, code_lists, path, "Zuid-Limburg", today=TODAY, check_only=True)

    return look


def test_a_workbook_says_the_cell_as_excel_shows_it(
    look: Look,
) -> None:
    report = look({"offers": sound()["offers"][:1]}, lambda book: book["offers"].__setitem__("I2", date(2026, 6, 4)))
    text = report.as_text("nl")
    assert "offers, cel I2 (age_min)" in text
    assert "4 juni 2026" in text
    (problem,) = (p for p in report.as_json()["errors"] if p["code"] == "date_in_number")
    assert problem["cell"] == "I2"


def test_hidden_rows_are_one_line(look: Look) -> None:
    rows: list[dict[str, object]] = [{"name": f"M{n}"} for n in range(90)]

    def hide(book: Workbook) -> None:
        for number in range(5, 85):
            book["methods"].row_dimensions[number].hidden = True

    (line,) = said(look({"methods": rows}, hide), Severity.ERROR, "hidden_row")
    assert "80" in line
    assert "84" in line
    assert "filter" in line


def test_dutch_names_of_columns_are_understood_and_corrected(take: Take) -> None:
    row = sound()["offers"][0] | {"wachttijd start": 5, "leeftijd max": 12}
    lines = said(take({"offers": [row]}), Severity.ERROR, "unknown_column")
    assert any("waiting_weeks_start" in line for line in lines)
    assert any("age_max" in line for line in lines)


def test_a_sentence_above_the_header_is_one_error(take: Take, tmp_path: Path) -> None:
    title = "Overzicht van alle cliënten en jeugdigen per traject zoals aangeleverd in 2026"
    rows: list[dict[str, object]] = [{title: "offer_id", "": "name"}, {title: "A1", "": "b"}]
    report = take({"offers": rows})
    assert [p.fault.code for p in report.problems.of(Severity.ERROR)] == ["no_header"]
    assert title not in report.as_text("nl")


def test_a_column_without_a_name_is_told_once_with_what_may_be_missing(take: Take) -> None:
    rows: list[dict[str, object]] = [{"name": f"M{n}", "": "x"} for n in range(40)]
    (line,) = said(take({"methods": rows}), Severity.ERROR, "nameless_column")
    assert "kolom B" in line
    assert "40" in line
    assert "evidence" in line


def test_a_package_without_rows_says_so(take: Take, tmp_path: Path) -> None:
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / "methods.csv").write_text("name,evidence\n")
    assert said(take({}), Severity.NOTE, "no_rows")
