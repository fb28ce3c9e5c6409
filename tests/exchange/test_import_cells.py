"""Dirty cells: each is read as it was meant, or refused at its place with what to write. Never misread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Region
from portal.core.database import Database
from portal.exchange.importing import import_package
from portal.exchange.problems import Severity
from portal.exchange.report import Report
from portal.exchange.stored import Stored
from tests.exchange.packages import everything, sound, write_folder

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def stocked(
    new_database_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory, code_lists: CodeLists
) -> Database:
    """A database with the sound package; the tests here must leave it as it is."""
    database = Database(new_database_url())
    folder = write_folder(tmp_path_factory.mktemp("sound"), sound())
    report = import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY)
    assert report.ok, report.as_text("en")
    yield database
    database.engine.dispose()


def run(
    database: Database, lists: CodeLists, folder: Path, table: str, column: str, cell: str, **options: bool
) -> Report:
    """Import the sound package with one cell of the first row of `table` replaced."""
    tables = sound()
    tables[table][0][column] = cell
    write_folder(folder, tables)
    return import_package(database, lists, folder, "Zuid-Limburg", today=TODAY, **options)


# --- read as meant ---------------------------------------------------------------------------------------

D = date(2026, 1, 31)
READ: list[tuple[str, str, str, object]] = [
    ("contracts", "start_date", "2026-01-31", D),
    ("contracts", "start_date", "2026-1-31", D),
    ("contracts", "start_date", "2026/01/31", D),
    ("contracts", "start_date", "31-01-2026", D),
    ("contracts", "start_date", "31/1/2026", D),
    ("contracts", "start_date", "31.01.2026", D),
    ("contracts", "start_date", "31 januari 2026", D),
    ("contracts", "start_date", "31 jan 2026", D),
    ("contracts", "start_date", "31 jan. 2026", D),
    ("contracts", "start_date", "31-jan-2026", D),
    ("contracts", "start_date", "31 January 2026", D),
    ("contracts", "start_date", "2026-01-31 00:00:00", D),
    ("contracts", "start_date", "2026-01-31T00:00:00Z", D),
    ("contracts", "start_date", "31-01-2026 00:00", D),
    ("contracts", "start_date", "\u00a031-01-2026\u00a0", D),
    ("contracts", "start_date", "3/4/2026", date(2026, 4, 3)),
    ("contracts", "end_date", "", None),
    ("outcomes", "numerator", "41,0", 41),
    ("outcomes", "numerator", " 41 ", 41),
    ("outcomes", "numerator", "'41", 41),
    ("outcomes", "denominator", "1.234.567", 1234567),
    ("outcomes", "denominator", "1.234,0", 1234),
    ("outcomes", "denominator", "1,234,567.0", 1234567),
    ("locations", "latitude", "50,888", 50.888),
    ("locations", "latitude", "50.88", 50.88),
    ("locations", "latitude", "50.888123", 50.888123),
    ("offers", "waiting_weeks_start", "0", 0),
    ("offers", "waiting_weeks_start", "06", 6),
    ("offers", "waiting_weeks_start", "", None),
    ("offers", "accepting_clients", "ja", True),
    ("offers", "accepting_clients", "Nee", False),
    ("offers", "accepting_clients", "TRUE", True),
    ("offers", "accepting_clients", "0", False),
    ("offers", "accepting_clients", "", True),
    ("offers", "framework", "Vrijwillig", "voluntary"),
    ("offers", "framework", "MANDATORY", "mandatory"),
    ("offers", "framework", "", "voluntary"),
    ("offers", "gender", "meisjes", "girls"),
    ("offers", "form", "Individueel", "individual"),
    ("offers", "settings", "Thuis; op school ;thuis", ["home", "school"]),
    ("offers", "settings", "", []),
    ("offers", "arrangement", "Begeleiding", "begeleiding"),
    ("offers", "arrangement", "jeugd ggz", "jeugd-ggz"),
    ("offers", "topics", "iets heel eigens;angst", ["iets heel eigens", "angst"]),
    ("offers", "methods", "Eigen methode (2e druk)", ["Eigen methode (2e druk)"]),
    ("offers", "municipalities", "gm0917; KERKRADE", ["GM0917", "GM0928"]),
    ("offers", "municipalities", "", []),
    ("offers", "name", "Cafe\u0301", "Café"),
    ("offers", "name", "Hulp\u00a0thuis  bij\tvader", "Hulp thuis bij vader"),
    ("offers", "name", "'=1+1", "=1+1"),
    ("offers", "name", "'+31 plan", "+31 plan"),
    ("offers", "name", "''=1", "'=1"),
    ("offers", "name", "'s Middags", "'s Middags"),
    ("offers", "name", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("offers", "name", "Rood\u200b blauw", "Rood blauw"),
    ("offers", "description", "Regel 1\r\nRegel 2; met komma, en \"aanhaling\"",
        "Regel 1\nRegel 2; met komma, en \"aanhaling\""),
    ("offers", "description", "Emoji 👩‍👧 en مرحبا", "Emoji 👩‍👧 en مرحبا"),
    ("providers", "kvk_number", "9000 0001", "90000001"),
    ("providers", "agb_code", "99-000001", "99000001"),
    ("providers", "kvk_number", "'01234567", "01234567"),
    ("providers", "website", "www.klaproos.example", "https://www.klaproos.example"),
    ("providers", "website", "klaproos.example/over", "https://klaproos.example/over"),
    ("providers", "website", "HTTP://klaproos.example", "HTTP://klaproos.example"),
    ("providers", "email", "mailto:info@klaproos.example", "info@klaproos.example"),
    ("providers", "phone", "'+31 45 555 01 23", "+31 45 555 01 23"),
    ("providers", "phone", "14 045", "14 045"),
    ("providers", "phone", "0800-123 45 67", "0800-123 45 67"),
    ("providers", "phone", "0031 45 555 01 23", "0031 45 555 01 23"),
    ("locations", "house_number", "12-3", "12-3"),
    ("contracts", "contract_id", "2026/K-1", "2026/K-1"),
    ("providers", "size", "ZZP", "solo"),
    ("providers", "same_worker", "nee", "no"),
    ("providers", "languages", "NL;ar;nl", ["nl", "ar"]),
    ("providers", "first_meeting", "", None),
    ("providers", "quality_marks", "SKJ; ;HKZ;", ["SKJ", "HKZ"]),
    ("locations", "postcode", "6411ab", "6411 AB"),
    ("locations", "kind", "Kantoor", "office"),
    ("locations", "municipality", "gemeente heerlen", "GM0917"),
    ("locations", "municipality", "Amsterdam", "GM0363"),
    ("locations", "municipality", "SITTARD GELEEN", "GM1883"),
    ("contracts", "municipalities", "*", ["*"]),
    ("contracts", "municipalities", "Amsterdam", ["GM0363"]),
    ("contracts", "basis", "subsidie", "subsidy"),
    ("providers", "languages", "Arabisch; English", ["ar", "en"]),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "cell", "stored"), READ, ids=lambda value: repr(value)[:40])
def test_is_read_as_meant(
    database: Database, code_lists: CodeLists, tmp_path: Path, table: str, column: str, cell: str, stored: object
) -> None:
    report = run(database, code_lists, tmp_path, table, column, cell)
    assert report.ok, report.as_text("en")
    with database.sessions() as session:
        region = session.scalars(select(Region)).one()
        row = min(Stored(session, region.id).rows(table).values(), key=lambda row: row.id)
    assert row.values[column] == stored


PERIODS = [("2025-h1", "2025-H1"), ("2025 H1", "2025-H1"), ("2025H2", "2025-H2"), ("2025", "2025")]


@pytest.mark.parametrize(("cell", "stored"), PERIODS)
def test_periods_are_read_as_meant(
    database: Database, code_lists: CodeLists, tmp_path: Path, cell: str, stored: str
) -> None:
    assert run(database, code_lists, tmp_path, "outcomes", "period", cell).ok
    with database.sessions() as session:
        region = session.scalars(select(Region)).one()
        periods = {row.values["period"] for row in Stored(session, region.id).rows("outcomes").values()}
    assert stored in periods


# --- refused ---------------------------------------------------------------------------------------------

REFUSED: list[tuple[str, str, str, str, str]] = [
    # table, column, cell, code, what the English remedy must hold
    ("offers", "waiting_weeks_start", "ca. 6", "not_a_number", "write 6"),
    ("offers", "waiting_weeks_start", "6 weken", "not_a_number", "write 6"),
    ("offers", "waiting_weeks_start", "4-6", "not_a_number", "one number"),
    ("offers", "waiting_weeks_start", "> 12", "not_a_number", "is 12 right?"),
    ("offers", "waiting_weeks_start", "zes", "not_a_number", "digits"),
    ("offers", "waiting_weeks_start", "6,5", "not_whole", "whole number"),
    ("offers", "waiting_weeks_start", "-1", "out_of_range", "from 0"),
    ("offers", "waiting_weeks_start", "9999", "out_of_range", "520"),
    ("offers", "waiting_weeks_start", "n.v.t.", "not_a_value", "empty"),
    ("offers", "waiting_weeks_start", "onbekend", "not_a_value", "empty"),
    ("offers", "waiting_weeks_start", "-", "not_a_value", "empty"),
    ("offers", "waiting_weeks_start", "1e3", "not_a_number", ""),
    ("offers", "waiting_weeks_start", "٦", "not_a_number", ""),
    ("offers", "waiting_weeks_start", "１２", "not_a_number", ""),
    ("offers", "waiting_weeks_start", "1 2", "not_a_number", ""),
    ("offers", "waiting_weeks_start", "#N/B", "excel_error", ""),
    ("offers", "waiting_weeks_start", "=6", "not_a_number", "write 6"),
    ("offers", "age_min", "19", "ages_swapped", ""),
    ("offers", "age_min", "120", "out_of_range", "27"),
    ("offers", "accepting_clients", "x", "not_yes_or_no", "yes or no"),
    ("offers", "accepting_clients", "misschien", "not_yes_or_no", ""),
    ("offers", "framework", "volontary", "not_in_list", "voluntary"),
    ("offers", "framework", "dwang", "not_in_list", "mandatory"),
    ("offers", "settings", "home,school", "not_in_list", ""),
    ("offers", "arrangement", "begleiding", "not_in_list", "begeleiding"),
    ("offers", "arrangement", "iets anders", "not_in_list", "known are: behandeling, begeleiding, dagbehandeling"),
    ("offers", "arrangement", "", "empty", "begeleiding"),
    ("offers", "name", "", "empty", ""),
    ("offers", "name", " \u00a0 ", "empty", ""),
    ("offers", "name", "x" * 201, "too_long", ""),
    ("offers", "description", "#NAAM?", "excel_error", ""),
    ("offers", "provider_id", "A0O1", "unknown_reference", "A001"),
    ("offers", "provider_id", "B900", "unknown_reference", ""),
    ("offers", "location_ids", "A001-L1;A001-L9", "unknown_reference", "A001-L"),
    ("offers", "municipalities", "Heerlen;Kerkrade;Herlen", "unknown_municipality", "Heerlen"),
    ("offers", "municipalities", "Heerlen, Kerkrade", "comma_in_list", "Heerlen;Kerkrade"),
    ("offers", "municipalities", "*", "star_among_names", "empty"),
    ("offers", "waiting_reported_on", "2026-11-23", "in_future", ""),
    ("offers", "checked_on", "2027-01-01", "in_future", ""),
    ("offers", "withdrawn_on", "31-01-26", "not_a_date", "2026-01-31"),
    ("offers", "withdrawn_on", "1/31/2026", "not_a_date", "2026-01-31"),
    ("offers", "withdrawn_on", "2026-31-01", "not_a_date", "2026-01-31"),
    ("offers", "withdrawn_on", "30-02-2026", "not_a_date", ""),
    ("offers", "withdrawn_on", "46053", "not_a_date", "2026-01-31"),
    ("offers", "withdrawn_on", "20260131", "not_a_date", "2026-01-31"),
    ("offers", "withdrawn_on", "2026-01-31 14:30", "not_a_date", ""),
    ("offers", "withdrawn_on", "januari 2026", "not_a_date", ""),
    ("offers", "withdrawn_on", "31 foo 2026", "not_a_date", ""),
    ("offers", "withdrawn_on", "binnenkort", "not_a_date", "2026-01-31"),
    ("offers", "withdrawn_on", "onbekend", "not_a_value", "empty"),
    ("offers", "offer_id", "", "empty", ""),
    ("offers", "offer_id", "A;1", "separator_in_identifier", ""),
    ("offers", "offer_id", "A002-1", "", ""),
    ("contracts", "end_date", "9999-12-31", "unlikely_year", "empty"),
    ("contracts", "end_date", "2025-12-31", "period_swapped", ""),
    ("contracts", "start_date", "", "empty", ""),
    ("contracts", "municipalities", "", "empty", ""),
    ("contracts", "municipalities", "*;Heerlen", "star_among_names", "alone"),
    ("contracts", "municipalities", "heel Limburg", "unknown_municipality", ""),
    ("contracts", "provider_id", "", "empty", ""),
    ("providers", "kvk_number", "1234567", "lost_zero", "01234567"),
    ("providers", "agb_code", "123456", "lost_zero", "00123456"),
    ("providers", "kvk_number", "123456789", "not_eight_digits", ""),
    ("providers", "kvk_number", "9,0E+07", "not_eight_digits", ""),
    ("providers", "kvk_number", "onbekend", "not_eight_digits", ""),
    ("providers", "summary", "x" * 301, "too_long", ""),
    ("providers", "website", "javascript:alert(1)", "not_a_web_address", "https://"),
    ("providers", "website", "data:text/html,x", "not_a_web_address", ""),
    ("providers", "website", "ftp://klaproos.example", "not_a_web_address", ""),
    ("providers", "website", "https://", "not_a_web_address", ""),
    ("providers", "website", "https://klaproos.example@evil.example", "not_a_web_address", ""),
    ("providers", "website", "onze site", "not_a_web_address", ""),
    ("providers", "website", "https://[::1", "not_a_web_address", ""),
    ("providers", "email", "info(at)klaproos.example", "not_an_email", ""),
    ("providers", "email", "a@b.example; c@d.example", "not_an_email", "one address"),
    ("providers", "email", "a@b.example\nBcc: x@y.example", "not_an_email", ""),
    ("providers", "phone", "455550123", "lost_zero", "0455550123"),
    ("providers", "phone", "31455550123", "lost_zero", "+31455550123"),
    ("providers", "phone", "bel ons", "not_a_phone", ""),
    ("providers", "phone", "045-555 01 23 of 06-12345678", "not_a_phone", "one number"),
    ("providers", "phone", "6,12E+08", "not_a_phone", ""),
    ("providers", "phone", "045-5550123/5550124", "not_a_phone", "one number"),
    ("providers", "phone", "045 555 01 23 45 67", "not_a_phone", "one number"),
    ("providers", "email", "info@klaproos.example?bcc=x@y.example", "not_an_email", ""),
    ("providers", "email", "info&co@klaproos.example", "not_an_email", ""),
    ("providers", "email", "a%40b@klaproos.example", "not_an_email", ""),
    ("providers", "email", "info@klaproos.example#x", "not_an_email", ""),
    ("providers", "email", "info@klaproos.example/x", "not_an_email", ""),
    ("providers", "provider_id", "A//1", "unsafe_identifier", "hyphens"),
    ("offers", "offer_id", "/A1", "unsafe_identifier", ""),
    ("offers", "offer_id", "A/../1", "unsafe_identifier", ""),
    ("offers", "offer_id", "A\u202e1", "unsafe_identifier", ""),
    ("offers", "offer_id", "A\u200f1", "unsafe_identifier", ""),
    ("offers", "offer_id", "A\x071", "unsafe_identifier", ""),
    ("offers", "offer_id", "1-dec", "not_text", "text"),
    ("offers", "offer_id", "9,01235E+12", "not_text", ""),
    ("offers", "provider_id", "12-mei", "not_text", ""),
    ("offers", "location_ids", "A001-L1;jan-26", "not_text", ""),
    ("contracts", "lot", "2-MRT", "not_text", ""),
    ("locations", "house_number", "feb-12", "not_text", ""),
    ("locations", "house_number", "####", "not_text", ""),
    ("providers", "languages", "Arabsich", "not_in_list", "did you mean ar?"),
    ("providers", "languages", "nl, ar en en", "not_in_list", "write nl;ar;en"),
    ("offers", "settings", "thuis/school", "not_in_list", "write home;school"),
    ("offers", "access", "zonder", "not_in_list", "free (voor iedereen, zonder verwijzing)"),
    ("offers", "municipalities", "Heerlen en Kerkrade", "comma_in_list", "write Heerlen;Kerkrade"),
    ("offers", "municipalities", "hele regio", "whole_region_in_words", "leave the cell empty"),
    ("contracts", "municipalities", "Alle gemeenten", "whole_region_in_words", "write *"),
    ("offers", "location_ids", "A001-L1, A001-L2", "unknown_reference", "write A001-L1;A001-L2"),
    ("offers", "waiting_weeks_start", "2 maanden", "not_weeks", "about 9"),
    ("offers", "waiting_weeks_start", "10 dagen", "not_weeks", "about 1"),
    ("contracts", "max_waiting_weeks", "1 jaar", "not_weeks", "about 52"),
    ("locations", "municipality", "Gulpen", "unknown_municipality", "did you mean Gulpen-Wittem?"),
    ("providers", "languages", "nl,en", "not_in_list", ""),
    ("providers", "languages", "nl-NL", "not_in_list", "nl"),
    ("providers", "languages", "xx", "not_in_list", ""),
    ("providers", "size", "heel klein", "not_in_list", ""),
    ("providers", "same_worker", "ja", "not_in_list", ""),
    ("providers", "team_size", "1.234", "ambiguous_number", "1234"),
    ("providers", "team_size", "1,234", "ambiguous_number", "1234"),
    ("providers", "team_size", "6 fte", "not_a_number", "write 6"),
    ("locations", "postcode", "6411", "not_a_postcode", "6411 AB"),
    ("locations", "postcode", "0411 AB", "not_a_postcode", ""),
    ("locations", "postcode", "B-3600", "not_a_postcode", ""),
    ("locations", "municipality", "Heerle", "unknown_municipality", "Heerlen"),
    ("locations", "municipality", "GM9999", "unknown_municipality", ""),
    ("locations", "municipality", "Heerlen;Kerkrade", "unknown_municipality", ""),
    ("locations", "municipality", "", "empty", ""),
    ("locations", "kind", "huis", "not_in_list", ""),
    ("locations", "latitude", "", "half_a_point", ""),
    ("locations", "latitude", "508.88", "out_of_range", "90"),
    ("locations", "latitude", "50°53'N", "not_a_number", ""),
    ("locations", "provider_id", "A009", "unknown_reference", ""),
    ("locations", "address_confidential", "x", "not_yes_or_no", ""),
    ("consortia", "provider_ids", "A001;A003", "unknown_reference", "A00"),
    ("consortia", "provider_ids", "", "empty", ""),
    ("access_points", "municipality", "Herlen", "unknown_municipality", "Heerlen"),
    ("access_points", "kind", "wijkteam", "not_in_list", ""),
    ("access_points", "name", "", "empty", ""),
    ("methods", "name", "", "empty", ""),
    ("outcomes", "numerator", "51", "more_than_all", ""),
    ("outcomes", "numerator", "-1", "out_of_range", ""),
    ("outcomes", "numerator", "70%", "percentage", "numerator"),
    ("outcomes", "numerator", "70 %", "percentage", ""),
    ("outcomes", "numerator", "0,7", "not_whole", "how many"),
    ("outcomes", "numerator", "0.7", "not_whole", "how many"),
    ("outcomes", "numerator", "1.234", "ambiguous_number", "1234"),
    ("outcomes", "numerator", "", "half_a_share", ""),
    ("outcomes", "numerator", "41 van 50", "not_a_number", "one number"),
    ("outcomes", "denominator", "0", "out_of_range", ""),
    ("outcomes", "denominator", "", "half_a_share", ""),
    ("outcomes", "mean", "7.8", "share_and_mean", ""),
    ("outcomes", "mean", "11", "out_of_range", "10"),
    ("outcomes", "mean", "0,7", "out_of_range", "1"),
    ("outcomes", "mean", "1.234,5", "out_of_range", "10"),
    ("outcomes", "mean", "78", "out_of_range", "10"),
    ("outcomes", "mean", "zeven", "not_a_number", ""),
    ("outcomes", "period", "2027", "in_future", ""),
    ("outcomes", "period", "2026-H2", "period_not_over", ""),
    ("outcomes", "period", "2025-Q1", "not_a_period", "2025-H1"),
    ("outcomes", "period", "2025-H3", "not_a_period", ""),
    ("outcomes", "period", "25-H1", "not_a_period", ""),
    ("outcomes", "period", "", "empty", ""),
    ("outcomes", "framework", "both", "not_in_list", ""),
    ("outcomes", "indicator", "dropouts", "not_in_list", "dropout"),
    ("outcomes", "informant", "oma", "not_in_list", ""),
    ("outcomes", "source", "", "empty", ""),
    ("outcomes", "municipality", "Herlen", "unknown_municipality", "Heerlen"),
    ("outcomes", "provider_id", "A009", "unknown_reference", ""),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "cell", "code", "remedy"), REFUSED, ids=lambda value: repr(value)[:40])
def test_is_refused_at_its_place(
    stocked: Database, code_lists: CodeLists, tmp_path: Path, table: str, column: str, cell: str, code: str, remedy: str
) -> None:
    before = everything(stocked)
    report = run(stocked, code_lists, tmp_path, table, column, cell)
    assert not report.ok
    found = [
        problem
        for problem in report.problems.of(Severity.ERROR)
        if (problem.table, problem.fault.code) == (table, code or "row_twice")
    ]
    assert found, report.as_text("en")
    if code:
        expected = {"ages_swapped": "age_min", "half_a_share": column, "share_and_mean": "mean"}.get(code, column)
        assert found[0].column == expected
    assert found[0].row == (2 if code else 3)
    assert remedy in found[0].fault.remedy.in_language("en")
    assert everything(stocked) == before


# --- warned of -------------------------------------------------------------------------------------------

WARNED: list[tuple[str, str, str, str]] = [
    ("offers", "topics", "iets heel eigens", "unknown_topic"),
    ("offers", "waiting_reported_on", "", "waiting_without_date"),
    ("offers", "arrangement", "logeren", "no_contract"),
    ("offers", "name", "CafÃ© Thuis", "garbled"),
    ("offers", "topics", "angst, schoolweigering", "unknown_topic"),
    ("offers", "municipalities", "Amsterdam", "outside_region"),
    ("locations", "municipality", "Amsterdam", "outside_region"),
    ("offers", "name", "Caf\ufffd", "garbled"),
    ("offers", "name", "a\u202ebc", "control_characters"),
    ("offers", "name", "a\x07b", "control_characters"),
    ("locations", "latitude", "48.85", "point_outside"),
    ("outcomes", "invited", "40", "more_than_invited"),
]


@pytest.mark.parametrize(("table", "column", "cell", "code"), WARNED)
def test_is_warned_of(
    stocked: Database, code_lists: CodeLists, tmp_path: Path, table: str, column: str, cell: str, code: str
) -> None:
    report = run(stocked, code_lists, tmp_path, table, column, cell, check_only=True)
    assert report.ok, report.as_text("en")
    assert code in [problem.fault.code for problem in report.problems.of(Severity.WARNING)]


def test_an_identifier_may_begin_with_an_apostrophe(database: Database, code_lists: CodeLists, tmp_path: Path) -> None:
    tables = sound()
    for rows in tables.values():
        for row in rows:
            for column, cell in row.items():
                row[column] = str(cell).replace("A001", "'t Hoefje")
    report = import_package(database, code_lists, write_folder(tmp_path, tables), "Zuid-Limburg", today=TODAY)
    assert report.ok, report.as_text("en")


def test_every_problem_is_in_one_report(stocked: Database, code_lists: CodeLists, tmp_path: Path) -> None:
    tables = sound()
    tables["offers"][0]["waiting_weeks_start"] = "ca. 6"
    tables["offers"][1]["provider_id"] = "A009"
    tables["providers"][1]["kvk_number"] = "1234567"
    tables["outcomes"][1]["mean"] = "70%"
    write_folder(tmp_path, tables)
    report = import_package(stocked, code_lists, tmp_path, "Zuid-Limburg", today=TODAY)
    places = [(p.table, p.row, p.column, p.fault.code) for p in report.problems.of(Severity.ERROR)]
    assert places == [
        ("offers", 2, "waiting_weeks_start", "not_a_number"),
        ("offers", 3, "provider_id", "unknown_reference"),
        ("outcomes", 3, "mean", "percentage"),
        ("providers", 3, "kvk_number", "lost_zero"),
    ]


def test_a_faulty_row_is_not_blamed_on_those_that_refer_to_it(
    database: Database, code_lists: CodeLists, tmp_path: Path
) -> None:
    report = run(database, code_lists, tmp_path, "providers", "size", "reusachtig")
    assert [problem.fault.code for problem in report.problems.of(Severity.ERROR)] == ["not_in_list"]


def test_swapped_coordinates_are_refused(stocked: Database, code_lists: CodeLists, tmp_path: Path) -> None:
    tables = sound()
    tables["locations"][0] |= {"latitude": "5.979", "longitude": "50.888"}
    write_folder(tmp_path, tables)
    report = import_package(stocked, code_lists, tmp_path, "Zuid-Limburg", today=TODAY)
    (problem,) = report.problems.of(Severity.ERROR)
    assert (problem.table, problem.row, problem.fault.code) == ("locations", 2, "point_swapped")
    assert "latitude 50.888" in problem.fault.remedy.in_language("en")


def test_what_families_would_miss_is_warned_of(database: Database, code_lists: CodeLists, tmp_path: Path) -> None:
    tables = sound()
    tables["locations"][0] |= {"postcode": "", "latitude": "", "longitude": ""}
    del tables["contracts"]
    write_folder(tmp_path, tables)
    (tmp_path / "methods.csv").write_text("name,evidence,source\nEMDR\n")
    report = import_package(database, code_lists, tmp_path, "Zuid-Limburg", today=TODAY)
    assert report.ok
    assert [(p.table, p.row, p.fault.code) for p in report.problems.of(Severity.WARNING)] == [
        ("contracts", None, "no_contracts"),
        ("locations", 2, "no_postcode"),
        ("methods", 2, "too_few_cells"),
    ]
