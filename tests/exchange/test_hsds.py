"""Open Referral HSDS 3: a catalogue that others wrote runs, and ours is one that others can read."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Location, Offer, OfferTopic, Provider
from portal.catalogue.types import Framework, LocationKind, OfferAccess
from portal.core import clock
from portal.core.database import Database
from portal.exchange import hsds
from portal.exchange.export_command import export_command
from portal.exchange.importing import import_package
from portal.exchange.problems import Severity
from portal.exchange.report import Report
from tests.conftest import TODAY

Rows = Sequence[Mapping[str, object]]
Tables = dict[str, list[dict[str, object]]]

NO_CONTRACTS = ("no_contracts", "contracts", None, "")
"""HSDS knows none, and the report says what that means."""


def write(folder: Path, tables: Mapping[str, Rows]) -> Path:
    """An HSDS package of our own making."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(column for row in rows for column in row)), restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


@pytest.fixture
def tables() -> Tables:
    """A small catalogue: two organizations, two services, places, and what hangs on them."""
    return {
        "organizations": [
            {"id": "org-1", "name": "Buurthuis De Linde", "description": "Een huis voor de buurt.\n\nSinds 1980.",
             "email": "linde@buurt.example", "website": "https://linde.example"},
            {"id": "org-2", "name": "Jeugdwerk Zuid", "description": "Jeugdwerk."},
        ],
        "organization_identifiers": [
            {"id": "i1", "organization_id": "org-1", "identifier_scheme": "NL-KVK", "identifier_type": "KvK",
             "identifier": "90000001"},
        ],
        "services": [
            {"id": "srv-1", "organization_id": "org-1", "name": "Huiswerkclub", "status": "active",
             "description": "Samen <b>huiswerk</b> maken.<br>Elke dag &amp; gratis.", "minimum_age": "8",
             "maximum_age": "100", "assured_date": "2026-03-01", "eligibility_description": "Voor wie hier woont.",
             "interpretation_services": "Tolk in het Arabisch.", "url": "https://linde.example/huiswerk"},
            {"id": "srv-2", "organization_id": "org-2", "name": "Inloop", "status": "temporarily closed",
             "description": "Binnenlopen."},
        ],
        "locations": [
            {"id": "loc-1", "location_type": "physical", "organization_id": "org-1", "name": "De Linde",
             "latitude": "50.888", "longitude": "5.979"},
        ],
        "addresses": [
            {"id": "a0", "location_id": "loc-1", "address_1": "Postbus 5", "city": "Heerlen", "postal_code": "6400 AA",
             "state_province": "Limburg", "country": "NL", "address_type": "postal"},
            {"id": "a1", "location_id": "loc-1", "address_1": "Lindeweg 12a", "city": "Heerlen",
             "postal_code": "6411ab", "state_province": "Limburg", "country": "NL", "address_type": "physical"},
        ],
        "service_at_location": [
            {"id": "s1", "service_id": "srv-1", "location_id": "loc-1"},
            {"id": "s2", "service_id": "srv-2", "location_id": "loc-1"},
        ],
        "phones": [
            {"id": "p1", "service_id": "srv-1", "organization_id": "", "number": "045-555 00 01"},
            {"id": "p2", "service_id": "", "organization_id": "org-1", "number": '"+31 45 555 00 02"'},
        ],
        "languages": [
            {"id": "l1", "service_id": "srv-1", "name": "Arabic", "code": "ar"},
            {"id": "l2", "service_id": "srv-1", "name": "Turks", "code": ""},
        ],
        "service_areas": [{"id": "sa1", "service_id": "srv-1", "name": "Heerlen"},
                          {"id": "sa2", "service_id": "srv-2", "name": "Heerlen"},
                          {"id": "sa3", "service_id": "srv-2", "name": "De hele wereld"}],
        "cost_options": [{"id": "c1", "service_id": "srv-1", "currency": "eur", "amount": "5",
                          "amount_description": "per keer", "option": "ouders"}],
        "schedules": [{"id": "sc1", "service_id": "srv-1", "description": "Open van 15 tot 17 uur."}],
        "taxonomies": [{"id": "t1", "name": "Eigen indeling", "description": "x"}],
        "taxonomy_terms": [
            {"id": "tt1", "code": "1", "name": "Faalangst", "description": "x", "taxonomy_id": "t1"},
            {"id": "tt2", "code": "2", "name": "Zelfvertrouwen; sport", "description": "x", "taxonomy_id": "t1"},
        ],
        "attributes": [
            {"id": "at1", "link_id": "srv-1", "taxonomy_term_id": "tt1", "link_type": "x", "link_entity": "service"},
            {"id": "at2", "link_id": "srv-1", "taxonomy_term_id": "tt2", "link_type": "x", "link_entity": "service"},
        ],
    }  # fmt: skip


@pytest.fixture
def load(database: Database, code_lists: CodeLists) -> Callable[[Path], Report]:
    return lambda path: import_package(database, code_lists, path, "Zuid-Limburg", today=TODAY)


@pytest.fixture
def load_tables(load: Callable[[Path], Report], tmp_path: Path) -> Callable[[Tables], Report]:
    return lambda tables: load(write(tmp_path / "package", tables))


def warnings(report: Report) -> list[tuple[str, str, int | None, str]]:
    found = report.problems.of(Severity.WARNING)
    return [(problem.fault.code, problem.table, problem.row, problem.column) for problem in found]


def errors(report: Report) -> list[tuple[str, str, int | None, str]]:
    found = report.problems.of(Severity.ERROR)
    return [(problem.fault.code, problem.table, problem.row, problem.column) for problem in found]


# --- in ----------------------------------------------------------------------------------------------------


def test_organizations_services_and_places_become_ours(
    tables: Tables, load_tables: Callable[[Tables], Report], database: Database
) -> None:
    report = load_tables(tables)
    assert report.ok, report.as_text("en")
    assert warnings(report) == [NO_CONTRACTS]
    with database.sessions() as session:
        linde, south = session.scalars(select(Provider).order_by(Provider.identifier))
        assert (linde.name, linde.summary, linde.about) == (
            "Buurthuis De Linde", "Een huis voor de buurt.", "Sinds 1980.",
        )  # fmt: skip
        assert (linde.phone, linde.kvk_number, linde.languages) == ("+31 45 555 00 02", "90000001", ["ar", "tr"])
        club, walk_in = session.scalars(select(Offer).order_by(Offer.identifier))
        assert club.arrangement is None, "nobody said which: contract unknown"
        assert (club.age_min, club.age_max, club.checked_on) == (8, None, date(2026, 3, 1))
        assert club.municipalities == ["GM0917"]
        assert walk_in.municipalities == [], "an area that is no municipality is wider"
        assert club.topics == ["Faalangst", "Zelfvertrouwen, sport"]
        assert session.scalars(select(OfferTopic.topic)).all() == ["faalangst"]
        assert club.description.startswith("Samen huiswerk maken.\nElke dag & gratis.\n\n")
        for text in ("Voor wie hier woont.", "Tolk in het Arabisch.", "Open van 15 tot 17 uur.",
                     "EUR 5, per keer, ouders", "https://linde.example/huiswerk"):  # fmt: skip
            assert text in club.description, "nothing is lost for which we have no column"
        assert (club.accepting_clients, walk_in.accepting_clients) == (True, False)
        place, shared = session.scalars(select(Location).order_by(Location.identifier))
        assert (place.street, place.house_number, place.postcode) == ("Lindeweg", "12a", "6411 AB")
        assert (place.municipality, place.latitude, place.kind) == ("GM0917", 50.888, LocationKind.OTHER)
        assert club.location_identifiers == ["loc-1"]
        assert (shared.provider_id, walk_in.location_identifiers) == (south.id, [shared.identifier])


def test_the_same_package_twice_changes_nothing(tables: Tables, load_tables: Callable[[Tables], Report]) -> None:
    assert load_tables(tables).changes["offers"].added == 2
    again = load_tables(tables)
    assert not any(changes.is_change for changes in again.changes.values())


def test_a_zip_with_files_that_hsds_does_not_know_is_read_too(
    tables: Tables, load: Callable[[Path], Report], tmp_path: Path
) -> None:
    tables["eigen_lijst"] = [{"id": "1", "iets": "x"}]
    tables["contacts"] = [{"id": "1", "name": "Ann Persona"}]
    folder = write(tmp_path / "package", tables)
    (folder / "datapackage.json").write_text("{}")
    with ZipFile(tmp_path / "package.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    report = load(tmp_path / "package.zip")
    assert report.ok, report.as_text("en")
    assert warnings(report) == [NO_CONTRACTS, ("hsds_unknown_table", "eigen_lijst.csv", None, "")]


def test_only_organizations_are_needed(tables: Tables, load_tables: Callable[[Tables], Report]) -> None:
    report = load_tables({"organizations": tables["organizations"]})
    assert report.ok, report.as_text("en")
    assert report.changes["providers"].added == 2


def test_a_table_that_is_not_there_clears_nothing(
    tables: Tables, load_tables: Callable[[Tables], Report], database: Database, load: Callable[[Path], Report],
    tmp_path: Path,
) -> None:  # fmt: skip
    load_tables(tables)
    report = load(write(tmp_path / "less", {name: tables[name] for name in ("organizations", "services")}))
    assert report.ok
    with database.sessions() as session:
        linde = session.scalars(select(Provider).where(Provider.identifier == "org-1")).one()
        assert (linde.phone, linde.kvk_number, linde.languages) == ("+31 45 555 00 02", "90000001", ["ar", "tr"])


@pytest.mark.parametrize(
    ("table", "row", "change", "expected"),
    [
        ("locations", 0, {"latitude": "100", "longitude": "101"}, ("hsds_no_point", "locations", 2, "latitude")),
        ("locations", 0, {"latitude": "0", "longitude": "0"}, ("hsds_no_point", "locations", 2, "latitude")),
        ("locations", 0, {"latitude": "50.9", "longitude": ""}, ("hsds_no_point", "locations", 2, "latitude")),
        ("locations", 0, {"latitude": "nan"}, ("hsds_no_point", "locations", 2, "latitude")),
        ("locations", 0, {"latitude": "noord"}, ("hsds_no_point", "locations", 2, "latitude")),
        ("locations", 0, {"organization_id": "org-9"}, ("hsds_dangling", "locations", 2, "organization_id")),
        ("services", 1, {"organization_id": "org-9"}, ("hsds_dangling", "services", 3, "organization_id")),
        ("services", 1, {"organization_id": ""}, ("hsds_dangling", "services", 3, "organization_id")),
        ("service_at_location", 0, {"service_id": "srv-9"}, ("hsds_dangling", "service_at_location", 2, "service_id")),
        ("addresses", 1, {"location_id": "loc-9"}, ("hsds_dangling", "addresses", 3, "location_id")),
        ("attributes", 1, {"link_id": "x"}, ("hsds_dangling", "attributes", 3, "link_id")),
        ("attributes", 0, {"taxonomy_term_id": "x"}, ("hsds_dangling", "attributes", 2, "taxonomy_term_id")),
        ("services", 0, {"status": "sleeping"}, ("hsds_status", "services", 2, "status")),
        ("services", 0, {"status": "defunct", "assured_date": ""}, ("hsds_ended_undated", "services", 2, "status")),
        ("services", 0, {"minimum_age": "19", "maximum_age": "4"}, ("hsds_left_out", "services", 2, "minimum_age")),
        ("services", 0, {"maximum_age": "oud"}, ("hsds_left_out", "services", 2, "maximum_age")),
        ("services", 0, {"assured_date": "laatst"}, ("not_a_date", "services", 2, "assured_date")),
        ("services", 0, {"name": "x" * 300}, ("hsds_cut", "services", 2, "name")),
        ("services", 0, {"description": "x" * 30_000}, ("hsds_cut", "services", 2, "description")),
        ("organizations", 0, {"email": "geen adres"}, ("not_an_email", "organizations", 2, "email")),
        ("organizations", 0, {"website": "javascript:alert(1)"}, ("not_a_web_address", "organizations", 2, "website")),
        ("organization_identifiers", 0, {"identifier": "12"}, ("not_eight_digits", "organization_identifiers", 2,
                                                              "identifier")),
        ("phones", 1, {"number": "bel maar"}, ("not_a_phone", "phones", 3, "number")),
        ("languages", 0, {"code": "xq", "name": "Elfs"}, ("not_in_list", "languages", 2, "code")),
    ],
)  # fmt: skip
def test_what_is_odd_is_a_warning_with_its_place(
    table: str, row: int, change: dict[str, object], expected: tuple[str, str, int, str], tables: Tables,
    load_tables: Callable[[Tables], Report],
) -> None:  # fmt: skip
    tables[table][row].update(change)
    report = load_tables(tables)
    assert report.ok, report.as_text("en")
    assert expected in warnings(report)
    again = load_tables(tables)
    assert not any(changes.is_change for changes in again.changes.values())


@pytest.mark.parametrize(
    ("table", "change", "expected"),
    [
        ("organizations", {"id": "org-1"}, ("row_twice", "organizations", 3, "id")),
        ("services", {"id": "srv-1"}, ("row_twice", "services", 3, "id")),
        ("organizations", {"name": ""}, ("hsds_empty", "organizations", 3, "name")),
        ("organizations", {"id": ""}, ("hsds_empty", "organizations", 3, "id")),
        ("services", {"name": ""}, ("hsds_empty", "services", 3, "name")),
    ],
)
def test_what_makes_rows_impossible_to_tell_apart_is_an_error(
    table: str, change: dict[str, object], expected: tuple[str, str, int, str], tables: Tables,
    load_tables: Callable[[Tables], Report], database: Database,
) -> None:  # fmt: skip
    tables[table][1].update(change)
    report = load_tables(tables)
    assert not report.ok
    assert expected in errors(report)
    with database.sessions() as session:
        assert session.scalar(select(func.count(Provider.id))) == 0


@pytest.mark.parametrize(("table", "column"), [("organizations", "name"), ("organizations", "id"), ("services", "id")])
def test_a_column_that_identifies_must_be_there(
    table: str, column: str, tables: Tables, load_tables: Callable[[Tables], Report]
) -> None:
    for row in tables[table]:
        del row[column]
    report = load_tables(tables)
    assert ("column_missing", table, 1, column) in errors(report)


def test_services_without_organizations_are_refused(tables: Tables, load_tables: Callable[[Tables], Report]) -> None:
    del tables["organizations"]
    assert ("hsds_no_organizations", "organizations", None, "") in errors(load_tables(tables))


def test_columns_about_one_client_are_refused(tables: Tables, load_tables: Callable[[Tables], Report]) -> None:
    tables["services"][0]["bsn"] = "111222333"
    report = load_tables(tables)
    assert ("per_client_column", "services", 1, "bsn") in errors(report)
    assert "111222333" not in report.as_text("nl")


def test_a_number_of_a_citizen_in_a_text_is_refused_and_not_repeated(
    tables: Tables, load_tables: Callable[[Tables], Report]
) -> None:
    tables["services"][0]["description"] = "Vraag naar 111222333."
    report = load_tables(tables)
    assert ("citizen_number", "services", 2, "description") in errors(report)
    assert "111222333" not in str(report.as_json()) + report.as_text("nl")


def test_our_own_tables_beside_hsds_files_are_not_passed_over() -> None:
    assert hsds.is_hsds(["organizations", "services", "locations"])
    assert hsds.is_hsds(["services"])
    assert not hsds.is_hsds(["providers", "offers", "locations"])
    assert not hsds.is_hsds(["organizations", "offers"])


def test_a_service_that_has_ended_is_withdrawn_on_its_day(
    tables: Tables, load_tables: Callable[[Tables], Report], database: Database
) -> None:
    tables["services"][0] |= {"status": "inactive", "last_modified": "2026-05-04T10:00:00Z"}
    assert load_tables(tables).ok
    with database.sessions() as session:
        ended = session.scalars(select(Offer).where(Offer.identifier == "srv-1")).one()
        assert ended.withdrawn_on == date(2026, 5, 4)


def test_a_virtual_place_is_no_address_but_makes_the_help_online(
    tables: Tables, load_tables: Callable[[Tables], Report], database: Database
) -> None:
    tables["locations"][0]["location_type"] = "virtual"
    assert load_tables(tables).ok
    with database.sessions() as session:
        assert session.scalar(select(func.count(Location.id))) == 0
        assert session.scalars(select(Offer.settings)).all() == [["online"], ["online"]]


def test_a_place_of_nobody_is_left_out(
    tables: Tables, load_tables: Callable[[Tables], Report], database: Database
) -> None:
    tables["locations"][0]["organization_id"] = "org-9"
    tables["service_at_location"].clear()
    tables["service_at_location"].append({"id": "", "service_id": "", "location_id": ""})
    report = load_tables(tables)
    assert report.ok
    assert ("hsds_dangling", "locations", 2, "organization_id") in warnings(report)
    with database.sessions() as session:
        assert session.scalar(select(func.count(Location.id))) == 0


# --- out ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def exported(region_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional region as an HSDS package."""
    path = tmp_path_factory.mktemp("hsds") / "package"
    with clock.frozen(TODAY):
        result: Result = region_app.test_cli_runner().invoke(export_command, [str(path), "--as", "hsds"])
    assert result.exit_code == 0, result.output
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_package_keeps_to_its_own_description(exported: Path) -> None:
    description = json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))
    assert description["conforms_to"] == "Open Referral HSDS 3.0"
    assert {file.name for file in exported.glob("*.csv")} == {r["path"] for r in description["resources"]}
    rows = {r["name"]: read(exported / r["path"]) for r in description["resources"]}
    ids = {name: {row["id"] for row in found} for name, found in rows.items()}
    for resource in description["resources"]:
        found, schema = rows[resource["name"]], resource["schema"]
        assert found, f"the region has {resource['name']}"
        assert list(found[0]) == [field["name"] for field in schema["fields"]]
        assert len(ids[resource["name"]]) == len(found)
        required = [field["name"] for field in schema["fields"] if field["constraints"]["required"]]
        for row in found:
            assert all(row[name] for name in required), (resource["name"], row)
            assert str(UUID(row["id"])) == row["id"]
            for key in schema["foreignKeys"]:
                assert row[key["fields"]] in {"", *ids[key["reference"]["resource"]]}, (resource["name"], row)
    linked = ids["service"] | ids["location"]
    assert {row["link_id"] for row in rows["attribute"]} <= linked


def test_the_export_is_the_same_every_time(exported: Path, region_app: Flask, tmp_path: Path) -> None:
    with clock.frozen(TODAY):
        region_app.test_cli_runner().invoke(export_command, [str(tmp_path / "again"), "--as", "hsds"])
    for file in exported.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name


def test_our_own_export_fills_an_empty_portal(
    exported: Path, load: Callable[[Path], Report], database: Database, region_app: Flask
) -> None:
    report = load(exported)
    assert report.ok, report.as_text("en")
    assert [found for found in warnings(report) if found[0] != "open_family_home"] == [NO_CONTRACTS]
    with region_app.extensions["portal.database"].sessions() as session:
        original = by_names(offer for offer in session.scalars(select(Offer)) if not is_withdrawn(offer))
        secret = set(session.scalars(select(Location.municipality).where(Location.address_confidential)))
    with database.sessions() as session:
        copies = by_names(session.scalars(select(Offer)))
        assert copies.keys() == original.keys()
        for names, copy in copies.items():
            first = original[names]
            assert (copy.arrangement, copy.age_min, copy.age_max) == (first.arrangement, first.age_min, first.age_max)
            assert (copy.access, copy.framework, copy.settings) == (first.access, first.framework, first.settings)
            assert copy.description.startswith(first.description)
        places = list(session.scalars(select(Location).where(Location.address_confidential)))
        assert {place.municipality for place in places} == secret
        assert {(place.name, place.street, place.latitude) for place in places} == {(None, None, None)}
    assert not any(changes.is_change for changes in load(exported).changes.values())


def by_names(offers: Iterable[Offer]) -> dict[tuple[str, str], Offer]:
    return {(offer.provider.name, offer.name): offer for offer in offers}


def is_withdrawn(offer: Offer) -> bool:
    return offer.withdrawn_on is not None and offer.withdrawn_on <= TODAY


def test_a_catalogue_of_others_keeps_its_identifiers(
    tables: Tables, load_tables: Callable[[Tables], Report], app: Flask, tmp_path: Path
) -> None:
    known = "5f0c0a4e-5f60-4c4b-9a53-0d5d1f1d2c11"
    tables["organizations"][1]["id"] = tables["services"][1]["organization_id"] = known
    assert load_tables(tables).ok
    app.test_cli_runner().invoke(export_command, [str(tmp_path / "out"), "--as", "hsds"])
    organizations = read(tmp_path / "out/organizations.csv")
    assert known in {row["id"] for row in organizations}
    assert {row["name"] for row in organizations} == {"Buurthuis De Linde", "Jeugdwerk Zuid"}
    assert {row["status"] for row in read(tmp_path / "out/services.csv")} == {"active", "temporarily closed"}


def test_what_is_free_and_voluntary_is_told_by_terms(exported: Path, region_app: Flask) -> None:
    terms = {row["id"]: (row["taxonomy"], row["code"]) for row in read(exported / "taxonomy_terms.csv")}
    assert (hsds.ACCESS, OfferAccess.FREE.value) in terms.values()
    assert (hsds.FRAMEWORK, Framework.VOLUNTARY.value) in terms.values()
    areas = {row["name"] for row in read(exported / "service_areas.csv")}
    assert "Heerlen" in areas
    assert "Jeugdregio Zuid-Limburg" in areas
