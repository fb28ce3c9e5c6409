"""What an import does to the database: all or nothing, only what changed, and the desk's word where it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, select, update

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import (
    AccessPoint,
    CatalogueRevision,
    ConsortiumMember,
    Contract,
    ContractMunicipality,
    FormerSlug,
    Location,
    Offer,
    OfferMunicipality,
    OfferSetting,
    OfferTopic,
    Provider,
    ProviderLanguage,
    Region,
)
from portal.catalogue.operations import touch
from portal.catalogue.types import Origin
from portal.core.database import Database
from portal.core.trail.models import TrailEntry
from portal.core.trail.verification import verify
from portal.exchange import checks, problems, store
from portal.exchange.importing import WrongRegionError, import_package
from portal.exchange.models import ImportRun
from portal.exchange.problems import Severity
from portal.exchange.report import Report
from portal.outcomes.models import Measurement
from tests.exchange.packages import Tables, as_text, everything, sound, write_folder

TODAY = date(2026, 11, 22)
Take = Callable[..., Report]


@pytest.fixture
def take(database: Database, code_lists: CodeLists, tmp_path: Path) -> Take:
    """Imports tables as a folder of CSV files; they must be good."""
    numbers = iter(range(100))

    def take(tables: Tables, region: str = "Zuid-Limburg", check_only: bool = False) -> Report:
        folder = write_folder(tmp_path / str(next(numbers)), tables)
        report = import_package(
            database, code_lists, folder, region, today=TODAY, check_only=check_only, new_region=True
        )
        assert report.ok, report.as_text("en")
        return report

    return take


def counts(report: Report, table: str) -> tuple[int, int, int, int]:
    changes = report.changes[table]
    return changes.added, changes.changed, changes.unchanged, changes.removed


def notes(report: Report) -> list[tuple[str, str, int | None, str]]:
    return [(p.fault.code, p.table, p.row, p.column) for p in report.problems.of(Severity.NOTE)]


def test_an_import_leaves_a_line_in_the_trail_of_its_region(database: Database, take: Take) -> None:
    take(sound(), check_only=True)
    take(sound())
    take(sound())
    tables = sound()
    tables["providers"][0]["summary"] = "Anders verteld."
    take(tables)
    with database.sessions() as session:
        region_id = session.scalars(select(Region.id)).one()
        first, second = session.scalars(select(TrailEntry).order_by(TrailEntry.number)).all()
        assert {first.region_id, second.region_id} == {region_id}
        assert (first.action, first.actor_label, first.subject_kind) == (
            "catalogue.imported", "portal import", "import_run",
        )  # fmt: skip
        assert first.after_values["providers"] == {"added": len(sound()["providers"])}
        assert second.after_values == {"file": second.after_values["file"], "providers": {"changed": 1}}
        assert verify(session).ok


def test_the_same_package_twice_changes_nothing(database: Database, take: Take) -> None:
    first = take(sound())
    before = everything(database)
    again = take(sound())
    assert everything(database) == before
    assert [changes.counts for changes in again.changes.values()] == [
        {"added": 0, "changed": 0, "unchanged": changes.added, "removed": 0} for changes in first.changes.values()
    ]


def test_more_warnings_than_a_report_holds_leave_no_row_out(
    database: Database, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "MOST_KEPT", 2)
    monkeypatch.setattr(checks, "MOST_KEPT", 2)
    tables = sound()
    tables["offers"] = [tables["offers"][1] | {"offer_id": str(n), "topics": f"eigen woord {n}"} for n in range(9)]
    report = take(tables)
    assert counts(report, "offers") == (9, 0, 0, 0)
    assert (len(report.problems.of(Severity.WARNING)), report.problems.beyond) == (2, 7)


def test_more_errors_than_a_report_holds_still_refuse(
    database: Database, code_lists: CodeLists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "MOST_KEPT", 2)
    monkeypatch.setattr(checks, "MOST_KEPT", 2)
    rows: Tables = {"methods": [{"name": f"M{n}", "source": "#REF!"} for n in range(9)]}
    report = import_package(database, code_lists, write_folder(tmp_path, rows), "Zuid-Limburg", today=TODAY)
    assert not report.ok
    assert len(report.problems.of(Severity.ERROR)) == 2


def test_a_region_without_rows_is_a_change_of_the_catalogue(
    database: Database, code_lists: CodeLists, tmp_path: Path
) -> None:
    (tmp_path / "methods.csv").write_text("name,evidence\n")

    def take() -> None:
        assert import_package(database, code_lists, tmp_path, "Zuid-Limburg", today=TODAY).ok

    def revision() -> int:
        with database.sessions() as session:
            return session.scalars(select(CatalogueRevision.number)).one()

    before = revision()
    take()
    after = revision()
    assert after > before
    take()
    assert revision() == after


def test_a_check_changes_nothing_and_says_what_would(database: Database, take: Take) -> None:
    before = everything(database)
    report = take(sound(), check_only=True)
    assert everything(database) == before
    assert counts(report, "offers") == (2, 0, 0, 0)


def test_what_is_not_mentioned_stays(database: Database, take: Take) -> None:
    take(sound())
    report = take({"offers": [{"offer_id": "A001-1", "provider_id": "A001", "name": "Nieuw",
                               "arrangement": "begeleiding", "description": "Samen maken wij een plan."}]})  # fmt: skip
    assert list(report.changes) == ["offers"]
    with database.sessions() as session:
        offer = session.scalars(select(Offer).where(Offer.identifier == "A001-1")).one()
        assert (offer.name, offer.approach, offer.age_min, offer.topics) == (
            "Nieuw", "Thuis.", 4, ["schoolweigering", "angst"],
        )  # fmt: skip
        assert session.scalar(select(func.count()).select_from(Offer)) == 2
        assert session.scalar(select(func.count()).select_from(OfferTopic)) == 2


def test_an_empty_cell_clears_and_a_default_returns(database: Database, take: Take) -> None:
    tables = sound()
    tables["offers"][0] |= {"framework": "both", "accepting_clients": "no", "gender": "girls"}
    take(tables)
    tables["offers"][0] |= {"framework": "", "accepting_clients": "", "gender": "", "approach": "", "topics": ""}
    report = take(tables)
    assert report.changes["offers"].rows[0].columns["framework"] == ("both", "voluntary")
    with database.sessions() as session:
        offer = session.scalars(select(Offer).where(Offer.identifier == "A001-1")).one()
        assert (offer.framework, offer.accepting_clients, offer.gender) == ("voluntary", True, "all")
        assert (offer.approach, offer.topics) == (None, [])
        assert session.scalar(select(func.count()).select_from(OfferTopic)) == 0


def test_rows_for_filters_follow(database: Database, take: Take) -> None:
    tables = sound()
    take(tables)
    tables["providers"][0]["languages"] = "ar;en"
    tables["offers"][0] |= {"topics": "angst;iets eigens", "settings": "online", "municipalities": "Kerkrade"}
    tables["contracts"][1]["municipalities"] = "*"
    tables["consortia"][0]["provider_ids"] = "A002"
    report = take(tables)
    assert [counts(report, name)[1] for name in ("providers", "offers", "contracts", "consortia")] == [1, 1, 1, 1]
    with database.sessions() as session:
        assert set(session.scalars(select(ProviderLanguage.language))) == {"ar", "en", "nl"}
        assert set(session.scalars(select(OfferTopic.topic))) == {"angst"}
        assert set(session.scalars(select(OfferSetting.setting))) == {"online"}
        assert set(session.scalars(select(OfferMunicipality.municipality))) == {"GM0928"}
        assert set(session.scalars(select(ContractMunicipality.municipality))) == set()
        assert [c.whole_region for c in session.scalars(select(Contract))] == [True, True]
        assert session.scalar(select(func.count()).select_from(ConsortiumMember)) == 1


def test_access_points_of_a_municipality_and_kind_are_replaced(database: Database, take: Take) -> None:
    take(sound())
    report = take({"access_points": [{"municipality": "Heerlen", "kind": "access_team", "name": "Buurtteam"}]})
    assert counts(report, "access_points") == (1, 0, 0, 1)
    with database.sessions() as session:
        assert set(session.scalars(select(AccessPoint.name))) == {"Buurtteam", "Crisisdienst"}


def test_a_method_keeps_its_row_however_its_name_is_written(take: Take) -> None:
    take(sound())
    report = take({"methods": [{"name": "geweldloos verzet", "evidence": "Bewezen"}]})
    assert counts(report, "methods") == (0, 1, 0, 0)


def test_what_changed_is_listed_with_old_and_new(take: Take) -> None:
    tables = sound()
    take(tables)
    tables["offers"][0] |= {"waiting_weeks_start": "8", "settings": "home"}
    report = take(tables)
    (row,) = report.changes["offers"].rows
    assert (row.identifier, row.change) == ("A001-1", "changed")
    assert row.columns == {"settings": ("home;school", "home"), "waiting_weeks_start": ("6", "8")}
    assert "A001-1: settings home;school → home; waiting_weeks_start 6 → 8" in report.as_text("en")


def test_counts_from_another_source_stand_beside_each_other(database: Database, take: Take) -> None:
    tables = sound()
    tables["outcomes"].append(tables["outcomes"][0] | {"source": "Gemeente"})
    take(tables)
    with database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Measurement)) == 3


def test_a_share_may_become_a_mean(database: Database, take: Take) -> None:
    tables = sound()
    tables["outcomes"] = [tables["outcomes"][1] | {"mean": "", "n": "", "sd": "", "numerator": "4", "denominator": "5"}]
    take(tables)
    columns = ("provider_id", "arrangement", "period", "framework", "indicator", "informant", "instrument", "source")
    row = {name: tables["outcomes"][0][name] for name in columns}
    take({"outcomes": [row | {"mean": "7,5", "n": "5"}]})
    with database.sessions() as session:
        (measurement,) = session.scalars(select(Measurement))
        assert (measurement.mean, measurement.n, measurement.numerator, measurement.denominator) == (7.5, 5, None, None)


# --- all or nothing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", range(1, 14))
def test_a_failure_at_any_moment_leaves_nothing(
    database: Database, code_lists: CodeLists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: int
) -> None:
    before = everything(database)
    seen = iter(range(1, 100))
    original = store._chunks

    def fail(rows: list[object]) -> object:
        if next(seen) == statement:
            raise KeyboardInterrupt
        return original(rows)

    monkeypatch.setattr(store, "_chunks", fail)
    with pytest.raises(KeyboardInterrupt):
        import_package(database, code_lists, write_folder(tmp_path, sound()), "Zuid-Limburg", today=TODAY)
    assert everything(database) == before


def test_two_imports_at_once_are_one_after_the_other(database: Database, code_lists: CodeLists, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, sound())
    reports: list[Report] = []

    def run() -> None:
        reports.append(import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY))

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report.changes["offers"].added for report in reports) == [0, 0, 2]
    with database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Offer)) == 2
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 1


def test_each_import_that_changed_something_is_recorded(database: Database, take: Take) -> None:
    take(sound())
    take(sound())
    with database.sessions() as session:
        (run,) = session.scalars(select(ImportRun))
    assert run.changes["offers"] == {"added": 2, "changed": 0, "unchanged": 0, "removed": 0}
    assert len(run.sha256) == 64


# --- confidential addresses ------------------------------------------------------------------------------


def secrets(database: Database) -> list[str]:
    return [word for word in ("Huize Geheim", "Stillestraat", "6411 XY", "50.8881") if word in as_text(database)]


@pytest.mark.parametrize("confidential", ["yes", "ja", "", None])
def test_a_confidential_address_is_never_stored(database: Database, take: Take, confidential: str | None) -> None:
    tables = sound()
    home = tables["locations"][1]
    home |= {"latitude": "50.8881", "longitude": "5.9801", "address_confidential": confidential}
    if confidential is None:
        tables["locations"] = [{k: v for k, v in home.items() if k != "address_confidential"}]
        tables["offers"][0]["location_ids"] = ""
    report = take(tables)
    assert secrets(database) == []
    assert ("addresses_left_out", "locations", None, "") in notes(report)
    with database.sessions() as session:
        location = session.scalars(select(Location).where(Location.identifier == "A001-L2")).one()
        assert (location.address_confidential, location.municipality) == (True, "GM0917")


def test_an_address_that_becomes_confidential_is_taken_away(database: Database, take: Take) -> None:
    tables = sound()
    tables["locations"][1]["address_confidential"] = "no"
    take(tables)
    assert secrets(database) != []
    row = {"location_id": "A001-L2", "provider_id": "A001", "kind": "family_home", "municipality": "Heerlen"}
    report = take({"locations": [row | {"address_confidential": "yes"}]})
    assert secrets(database) == []
    assert "Stillestraat" not in report.as_text("nl") + str(report.as_json())


def test_a_confidential_address_stays_so_where_the_column_is_left_out(database: Database, take: Take) -> None:
    take(sound())
    row = {"location_id": "A001-L2", "provider_id": "A001", "kind": "residential", "municipality": "Heerlen"}
    report = take({"locations": [row | {"street": "Stillestraat", "postcode": "6411 XY"}]})
    assert secrets(database) == []
    assert ("addresses_left_out", "locations", None, "") in notes(report)


def test_faults_in_a_confidential_address_are_not_told(take: Take) -> None:
    tables = sound()
    tables["locations"][1] |= {"postcode": "fout", "latitude": "Stillestraat 1"}
    report = take(tables)
    assert "Stillestraat" not in report.as_text("nl") + str(report.as_json())


FAULTY_ADDRESSES: dict[str, dict[str, object]] = {
    "unclear answer": {"address_confidential": "geheim"},
    "empty answer and no kind": {"address_confidential": "", "kind": "huis"},
    "answer with a fault": {"address_confidential": "#N/B"},
    "empty answer": {"address_confidential": "", "kind": "office"},
}
WRONG_ADDRESS = {"postcode": "6411 XYZ Stil", "latitude": "50,8881 Stil", "house_number": "Stillestraat 1" * 9,
                 "name": "Stil CafÃ©"}  # fmt: skip


@pytest.mark.parametrize("how", FAULTY_ADDRESSES)
@pytest.mark.parametrize("address", [WRONG_ADDRESS, {"latitude": "5.1234", "longitude": "50.9876"},
                                     {"latitude": "10.1234", "longitude": "10.9876"}])  # fmt: skip
def test_a_report_repeats_no_address_that_may_be_secret(
    database: Database, code_lists: CodeLists, tmp_path: Path, how: str, address: dict[str, object]
) -> None:
    tables = sound()
    tables["locations"][1] |= address | FAULTY_ADDRESSES[how]
    report = import_package(database, code_lists, write_folder(tmp_path, tables), "Zuid-Limburg", today=TODAY)
    said = report.as_text("nl") + report.as_text("en") + str(report.as_json())
    assert not [secret for secret in ("Stil", "8881", "1234", "9876", "XYZ") if secret in said]


def test_a_report_repeats_no_address_where_the_column_that_says_so_is_left_out(
    database: Database, code_lists: CodeLists, tmp_path: Path, take: Take
) -> None:
    take(sound())
    row = {"location_id": "A001-L2", "provider_id": "A001", "kind": "office", "municipality": "Heerlen"}
    tables: Tables = {"locations": [row | WRONG_ADDRESS]}
    report = import_package(database, code_lists, write_folder(tmp_path / "x", tables), "Zuid-Limburg", today=TODAY)
    assert not report.ok
    assert "Stil" not in report.as_text("nl") + str(report.as_json())


def test_a_fault_in_an_open_address_is_told_with_its_value(
    database: Database, code_lists: CodeLists, tmp_path: Path
) -> None:
    tables = sound()
    tables["locations"][0]["postcode"] = "6411 XYZ"
    report = import_package(database, code_lists, write_folder(tmp_path, tables), "Zuid-Limburg", today=TODAY)
    assert "6411 XYZ" in report.as_text("nl")


def test_a_family_home_with_an_open_address_is_warned_of(take: Take) -> None:
    def warned(report: Report) -> list[tuple[int | None, str]]:
        found = report.problems.of(Severity.WARNING)
        return [(p.row, p.column) for p in found if p.fault.code == "open_family_home"]

    tables = sound()
    assert warned(take(tables)) == []
    tables["locations"][1]["address_confidential"] = "no"
    assert warned(take(tables)) == [(3, "address_confidential")]
    assert warned(take(tables)) == []


# --- desk and file ---------------------------------------------------------------------------------------


def at_desk(database: Database, reported_on: date | None, **values: object) -> None:
    with database.transaction() as session:
        session.execute(
            update(Offer)
            .where(Offer.identifier == "A001-1")
            .values(waiting_origin=Origin.DESK, waiting_reported_on=reported_on, waiting_weeks_start=3, **values)
        )
        touch(session)


def waiting(database: Database) -> tuple[int | None, date | None, Origin]:
    with database.sessions() as session:
        offer = session.scalars(select(Offer).where(Offer.identifier == "A001-1")).one()
        return offer.waiting_weeks_start, offer.waiting_reported_on, offer.waiting_origin


def test_a_newer_waiting_time_from_a_desk_stays(database: Database, take: Take) -> None:
    take(sound())
    at_desk(database, date(2026, 11, 1))
    tables = sound()
    tables["offers"][0]["name"] = "Andere naam"
    report = take(tables)
    assert waiting(database) == (3, date(2026, 11, 1), Origin.DESK)
    assert ("desk_waiting_kept", "offers", 2, "waiting_reported_on") in notes(report)
    assert list(report.changes["offers"].rows[0].columns) == ["name"]


@pytest.mark.parametrize("at", [date(2026, 9, 1), None])
def test_a_newer_waiting_time_from_a_file_wins(database: Database, take: Take, at: date | None) -> None:
    take(sound())
    at_desk(database, at)
    take(sound())
    assert waiting(database) == (6, date(2026, 10, 1), Origin.PACKAGE)


def test_a_waiting_time_without_date_does_not_overrule_the_desk(database: Database, take: Take) -> None:
    take(sound())
    at_desk(database, date(2026, 11, 1))
    tables = sound()
    tables["offers"] = [{name: value for name, value in tables["offers"][0].items() if name != "waiting_reported_on"}]
    take(tables)
    assert waiting(database) == (3, date(2026, 11, 1), Origin.DESK)


def test_a_text_approved_at_a_desk_is_never_overwritten(database: Database, take: Take) -> None:
    take(sound())
    with database.transaction() as session:
        session.execute(
            update(Offer)
            .where(Offer.identifier == "A001-1")
            .values(description="Van de werkplek", desk_texts=["description"])
        )
        session.execute(update(Provider).where(Provider.identifier == "A001").values(about="Ook", desk_texts=["about"]))
        touch(session)
    report = take(sound())
    with database.sessions() as session:
        assert session.scalars(select(Offer.description).where(Offer.identifier == "A001-1")).one() == "Van de werkplek"
        assert session.scalars(select(Provider.about).where(Provider.identifier == "A001")).one() == "Ook"
    assert {("desk_text_kept", "offers", 2, "description"), ("desk_text_kept", "providers", 2, "about")} <= set(
        notes(report)
    )
    assert not any(changes.is_change for changes in report.changes.values())


# --- what half a row must go with ------------------------------------------------------------------------


def test_a_column_that_is_left_out_must_fit_what_is_stored(
    database: Database, code_lists: CodeLists, take: Take, tmp_path: Path
) -> None:
    take(sound())
    before = everything(database)
    offer = {"offer_id": "A001-1", "provider_id": "A001", "name": "x", "arrangement": "begeleiding",
             "description": "y", "age_max": "3"}  # fmt: skip
    contract = {"contract_id": "K1", "provider_id": "A001", "arrangement": "begeleiding", "municipalities": "*",
                "start_date": "2030-01-01"}  # fmt: skip
    folder = write_folder(tmp_path / "half", {"offers": [offer], "contracts": [contract]})
    report = import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY)
    found = {(p.table, p.row, p.fault.code) for p in report.problems.of(Severity.ERROR)}
    assert found == {("offers", 2, "ages_swapped"), ("contracts", 2, "period_swapped")}
    assert everything(database) == before


# --- addresses of pages ----------------------------------------------------------------------------------


def slugs(database: Database) -> dict[str, str]:
    with database.sessions() as session:
        return {p.identifier: p.slug for p in session.scalars(select(Provider))}


def former(database: Database) -> set[str]:
    with database.sessions() as session:
        return set(session.scalars(select(FormerSlug.slug)))


def provider(identifier: str, name: str) -> dict[str, object]:
    return {"provider_id": identifier, "name": name}


def test_equal_names_get_different_addresses(database: Database, take: Take) -> None:
    take({"providers": [provider("1", "De Brug"), provider("2", "de brug!"), provider("3", "De Brug")]})
    assert slugs(database) == {"1": "de-brug", "2": "de-brug-2", "3": "de-brug-3"}


def test_a_new_name_gives_a_new_address_and_the_old_one_leads_on(database: Database, take: Take) -> None:
    take({"providers": [provider("1", "De Brug")]})
    take({"providers": [provider("1", "De Sluis"), provider("2", "De Brug")]})
    assert slugs(database) == {"1": "de-sluis", "2": "de-brug-2"}
    assert former(database) == {"de-brug"}
    take({"providers": [provider("1", "De Brug")]})
    assert slugs(database)["1"] == "de-brug"
    assert former(database) == {"de-sluis"}


def test_a_former_address_is_nobody_elses(database: Database, take: Take) -> None:
    take({"providers": [provider("1", "De Brug"), provider("2", "De Haven")]})
    take({"providers": [provider("1", "De Sluis")]})
    take({"providers": [provider("2", "De Brug")]})
    assert slugs(database) == {"1": "de-sluis", "2": "de-brug-2"}
    assert former(database) == {"de-brug", "de-haven"}


def test_a_small_change_of_the_name_keeps_the_address(database: Database, take: Take) -> None:
    take({"providers": [provider("1", "De Brug"), provider("2", "De brug")]})
    take({"providers": [provider("1", "De Brug!"), provider("2", "DE BRUG")]})
    assert slugs(database) == {"1": "de-brug", "2": "de-brug-2"}
    assert former(database) == set()


# --- regions ---------------------------------------------------------------------------------------------


def test_regions_keep_their_own_rows(database: Database, take: Take) -> None:
    take(sound())
    report = take(sound(), region="Noord-Limburg")
    assert counts(report, "offers") == (2, 0, 0, 0)
    with database.sessions() as session:
        assert {(r.name, r.youth_region is None) for r in session.scalars(select(Region))} == {
            ("Zuid-Limburg", False),
            ("Noord-Limburg", False),
        }


def test_a_region_is_found_however_it_is_written(database: Database, take: Take) -> None:
    take(sound(), region="zuid-limburg")
    take(sound(), region="ZUID-LIMBURG")
    with database.sessions() as session:
        assert list(session.scalars(select(Region.name))) == ["Zuid-Limburg"]


def test_an_unknown_region_is_made_with_a_warning(database: Database, take: Take) -> None:
    report = take(sound(), region="Proefstreek Q")
    assert [p.fault.code for p in report.problems.of(Severity.WARNING)] == ["unknown_youth_region"]


@pytest.mark.parametrize("name", ["Zuid Limburg", "Zuid-Limbrug", "Proefstreek QQ", " "])
def test_a_name_that_is_almost_a_region_is_a_slip(
    database: Database, code_lists: CodeLists, take: Take, tmp_path: Path, name: str
) -> None:
    take(sound(), region="Proefstreek Q")
    with pytest.raises(WrongRegionError):
        import_package(database, code_lists, write_folder(tmp_path / "x", sound()), name, today=TODAY)


def has_note(report: Report, code: str) -> bool:
    return any(problem.fault.code == code for problem in report.problems.of(Severity.NOTE))


def test_the_very_same_file_is_not_read_again_until_something_else_changed(
    database: Database, code_lists: CodeLists, tmp_path: Path, take: Take
) -> None:
    folder = write_folder(tmp_path / "same", sound())

    def again() -> Report:
        return import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY)

    first = again()
    second = again()
    assert has_note(second, "known_already")
    assert counts(second, "offers") == (0, 0, counts(first, "offers")[0], 0)
    # A check always looks, and so does an import after anything else was written.
    assert not has_note(
        import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY, check_only=True), "known_already"
    )
    take({"methods": [{"name": "Iets anders"}]})
    assert not has_note(again(), "known_already")


def test_a_changed_code_list_makes_the_same_file_count_again(
    database: Database, code_lists: CodeLists, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "same", sound())
    import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY)
    other = replace(code_lists, fingerprint="another")
    report = import_package(database, other, folder, "Zuid-Limburg", today=TODAY)
    assert not has_note(report, "known_already")


def test_an_address_that_became_confidential_is_nowhere_on_the_disk(database: Database, take: Take) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("a server keeps its own files")
    tables = sound()
    place = tables["locations"][0] | {"street": "Kanariestraat", "address_confidential": "no"}
    take(tables | {"locations": [place]})
    take(tables | {"locations": [place | {"address_confidential": "yes"}]})
    path = Path(str(database.engine.url.database))
    for file in path.parent.glob(f"{path.name}*"):
        assert b"Kanariestraat" not in file.read_bytes(), file.name
