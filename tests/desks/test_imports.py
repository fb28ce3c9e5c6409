"""A data officer brings files in at the desk: looked at first, locked meanwhile, undone when it was wrong."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from openpyxl.comments import Comment
from sqlalchemy import delete, select, update
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse

from portal.accounts.types import Post, Role
from portal.catalogue.models import Offer, Provider
from portal.catalogue.types import Origin
from portal.core import clock
from portal.core.database import Database
from portal.core.trail.models import TrailEntry
from portal.desks.imports import operations, work
from portal.desks.imports.models import FileCheck
from portal.desks.imports.types import LARGEST_FILE, Stage
from portal.exchange.apart import ReadApart
from portal.exchange.importing import read_here
from portal.exchange.models import ImportRun, ImportUndo
from portal.exchange.problems import Problems
from portal.exchange.readers import Upload
from portal.exchange.values import Around
from tests.accounts.people import CHEAP, NOW, Someone, World
from tests.exchange.packages import Tables, as_text, csv_text, everything, sound, write_workbook
from tests.inspection import Page

FILES = "/werkplek/regio/bestanden"
Sent = tuple[str, bytes]


class Officer(Someone):
    """Somebody who sends files."""

    def send(self, *files: Sent) -> TestResponse:
        fields: MultiDict[str, object] = MultiDict([("csrf_token", self.token)])
        for name, content in files:
            fields.add("bestand", FileStorage(io.BytesIO(content), name))
        return self.client.post(FILES, data=fields, headers={"Sec-Fetch-Site": "same-origin"})

    def look(self, *files: Sent) -> Page:
        """Send files and see what is said of them."""
        answer = self.send(*files)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        self.address = answer.headers["Location"]
        return self.client.page(self.address)

    def bring_in(self) -> TestResponse:
        page = self.client.page(self.address)
        seen = next(field["value"] for field in page.all("input") if field.get("name") == "gezien")
        return self.submit(f"{self.address}/binnenhalen", gezien=seen)


@pytest.fixture
def officer(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Officer]:
    """Rachid, data officer of the first of two regions; files are read in this process, which is quicker."""
    app.extensions["portal.passwords"] = CHEAP
    world = World.make(app.extensions["portal.database"])
    world.add("rachid@regio.example", Post(Role.DATA_OFFICER, world.regions[0]))
    world.add("karin@regio.example", Post(Role.CONTRACT_MANAGER, world.regions[0]))
    world.add("elders@regio.example", Post(Role.DATA_OFFICER, world.regions[1]))
    monkeypatch.setattr(work, "reading_of", lambda _settings: read_here)
    with clock.stopped(NOW):
        yield Officer(app, "rachid@regio.example")


def workbook(tables: Tables, folder: Path, **more: object) -> Sent:
    path = write_workbook(folder / "levering.xlsx", tables, **more)  # type: ignore[arg-type]
    return "levering.xlsx", path.read_bytes()


def csv_file(tables: Tables, name: str) -> Sent:
    return f"{name}.csv", csv_text(tables[name], ";").encode()


def state(database: Database) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows for name, rows in everything(database).items() if name not in {"file_check", "sign_in"}}


def checks(database: Database) -> list[FileCheck]:
    with database.sessions() as session:
        return list(session.scalars(select(FileCheck)))


def test_a_file_is_looked_at_first_and_then_brought_in(officer: Officer, tmp_path: Path) -> None:
    before = state(officer.database)
    page = officer.look(workbook(sound(), tmp_path))
    assert (
        "Het bestand is goed" in page.text or "Het bestand kan binnen" in page.text
    ) and "Aanbieders (providers)" in page.text
    assert state(officer.database) == before
    assert "Verzonnenstraat" not in as_text(officer.database)  # it waits locked
    assert officer.bring_in().status_code == 302
    page = officer.client.page(officer.address)
    assert "Het is binnengehaald" in page.text
    with officer.database.sessions() as session:
        run = session.scalars(select(ImportRun)).one()
        entry = session.scalars(select(TrailEntry).where(TrailEntry.action == "catalogue.imported")).one()
        assert run.actor_label == entry.actor_label == "Rachid (gegevensbeheerder)"
        assert session.scalars(select(Offer.name).where(Offer.identifier == "A001-1")).one() == "Weer naar school"
    (check,) = checks(officer.database)
    assert (check.stage, check.package) == (Stage.IMPORTED, None)  # the original is not kept
    assert "levering.xlsx" in officer.page(FILES).text


def test_the_report_says_what_the_command_says(officer: Officer, tmp_path: Path) -> None:
    tables = sound()
    tables["offers"][0]["waiting_weeks_start"] = "ca. 6"
    page = officer.look(workbook(tables, tmp_path))
    assert "1 ding moet nog goed" in page.text
    for said in (
        "Aanbod (offers), cel",
        "Weken tot de hulp begint",
        "waiting_weeks_start",
        "ca. 6",
        "is geen getal",
        "Schrijf 6.",
    ):
        assert said in page.text, said
    assert not [field for field in page.all("input") if field.get("name") == "gezien"]
    assert checks(officer.database)[0].package is None  # what is wrong is not kept
    report = officer.client.get(f"{officer.address}/verslag.csv").get_data(as_text=True)
    assert "waiting_weeks_start" in report and "schrijf 6" in report


def test_the_workbook_for_staff_holds_all_and_changes_nothing_when_it_is_sent_back(
    officer: Officer, tmp_path: Path
) -> None:
    tables = sound()
    tables["locations"][1]["address_confidential"] = "no"  # the family home itself wants its address known
    tables["offers"][1]["withdrawn_on"] = "2026-01-01"
    officer.look(workbook(tables, tmp_path))
    officer.bring_in()
    with officer.database.transaction() as session:
        first, second = session.scalars(select(Provider).where(Provider.identifier.in_(("A001", "A002"))))
        second.successor_id = first.id
        offer = session.scalars(select(Offer).where(Offer.identifier == "A001-1")).one()
        offer.name, offer.desk_texts, offer.waiting_origin = "Van een desk", ["name"], Origin.DESK
    before = state(officer.database)
    answer = officer.client.get(f"{FILES}/alles.xlsx")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "alles-2026" in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.data))
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"Stillestraat", "A002-1", "Zuidwind", "Van een desk", "Weken tot de hulp begint"} <= cells
    assert book["outcomes"].max_row == 1  # counts as delivered are for nobody to take along
    page = officer.look(("alles.xlsx", answer.data))
    assert "Het bestand is goed, en alles is al bekend" in page.text
    assert "Dit wordt leeg" not in page.text
    assert state(officer.database) == before


def test_what_becomes_empty_is_told_before_anything_is_brought_in(officer: Officer, tmp_path: Path) -> None:
    tables = sound()
    tables["locations"][1]["address_confidential"] = "no"
    officer.look(workbook(tables, tmp_path))
    officer.bring_in()
    tables["offers"][0]["age_min"] = ""
    tables["locations"][1]["address_confidential"] = "yes"
    page = officer.look(workbook(tables, tmp_path))
    text = page.text
    assert "Dit wordt leeg (2)" in text
    assert "1 plek wordt geheim, en het adres wordt gewist: rij 3 (A001-L2)" in text
    assert "1 lege cel wist wat er nu staat: rij 2 (A001-1)" in text
    assert text.index("Dit wordt leeg") < text.rindex("Binnenhalen")


def test_a_change_stands_field_by_field_before_what_stays(officer: Officer, tmp_path: Path) -> None:
    officer.look(workbook(sound(), tmp_path))
    officer.bring_in()
    tables = sound()
    tables["offers"][0] |= {"waiting_weeks_start": "9", "waiting_reported_on": "2026-11-01"}
    page = officer.look(workbook(tables, tmp_path))
    assert "Aanbod A001-1Weken tot de hulp begint69" in page.texts["tr"]
    assert page.text.index("Aanbod (offers)") < page.text.index("Aanbieders (providers)")  # nothing of these changes
    changes = officer.client.get(f"{officer.address}/wijzigingen.csv").get_data(as_text=True)
    assert "offers;A001-1;Weken tot de hulp begint (waiting_weeks_start);6;9" in changes


def test_several_csv_files_are_one_package(officer: Officer) -> None:
    tables = sound()
    officer.look(*(csv_file(tables, name) for name in tables))
    officer.bring_in()
    with officer.database.sessions() as session:
        assert len(session.scalars(select(Offer)).all()) == 2


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ((), "Kies eerst een bestand"),
        ((("a.xlsx", b"PK"), ("b.csv", b"name\n")), "a.xlsx is geen csv-bestand"),
        ((("A.csv", b"name\n"), ("a.csv", b"name\n")), "staat er twee keer bij"),
        (tuple((f"{n}.csv", b"name\n") for n in range(201)), "Dat zijn 201 bestanden"),
    ],
)
def test_what_cannot_be_a_package_is_told_at_once(officer: Officer, files: tuple[Sent, ...], said: str) -> None:
    answer = officer.send(*files)
    assert answer.status_code == 422 and said in answer.get_data(as_text=True)
    assert checks(officer.database) == []


def _packed(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (("leeg.csv", b""), "leeg"),
        (("foto.csv", b"\x89PNG\r\n"), "ander soort bestand"),
        (("oud.xls", b"\xd0\xcf\x11\xe0" + bytes(600)), "oude soort"),
        (("offers.csv", b"offer_id;naam\n\x00;"), "ander soort bestand"),
        (("bom.zip", _packed("offers.csv", bytes(30_000_000))), "100"),
        (("nest.zip", _packed("meer.zip", b"PK\x03\x04")), "nog een"),
        (("weg.zip", _packed("../offers.csv", b"offer_id\n")), "buiten"),
        (("clienten.csv", b"bsn;naam\n123456782;Sanne Jansen\n"), "clienten"),
        (("outcomes.csv", b"provider_id;bsn\n1;123456782\n"), "enkele cli"),
        (("../../etc/passwd", b"root:x:0:0"), "ander soort bestand"),
        (("<script>.csv", b"name\nx\n"), "script"),
        (("a" * 300 + ".csv", b"name\nx\n"), "aaa"),
    ],
)
def test_hostile_files_are_refused_by_name_and_nothing_of_them_stays(officer: Officer, sent: Sent, said: str) -> None:
    before = state(officer.database)
    page = officer.look(sent)
    assert (said in page.text and "moet nog goed" in page.text) or "moeten nog goed" in page.text
    assert "123456782" not in page.text and "Sanne" not in page.text
    assert state(officer.database) == before
    assert "Sanne" not in as_text(officer.database)
    assert [check.package for check in checks(officer.database)] == [None]


def test_what_a_workbook_hides_is_named(officer: Officer, tmp_path: Path) -> None:
    def hide(book: object) -> None:
        sheet = book.create_sheet("kladblok")  # type: ignore[attr-defined]
        sheet["A1"] = "Sanne Jansen"
        sheet.sheet_state = "veryHidden"
        book["offers"]["A2"].comment = Comment("Sanne", "ik")  # type: ignore[index]

    page = officer.look(workbook(sound(), tmp_path, change=hide))
    assert "kladblok" in page.text and "verborgen" in page.text and "Sanne" not in page.text


def test_more_than_fits_is_told_with_what_to_do_and_is_not_read(officer: Officer) -> None:
    answer = officer.client.post(
        FILES, data=b"", headers={"Sec-Fetch-Site": "same-origin"}, content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "200000000"},
    )  # fmt: skip
    text = answer.get_data(as_text=True)
    assert answer.status_code == 413 and "200 MB" in text and "20 MB" in text and "portal import" in text
    assert re.search(rf"<a href=.{FILES}.><svg.{{,150}}</svg>Een ander bestand sturen</a>", text)


def test_a_big_body_is_only_read_from_who_may_send_files(app: Flask, officer: Officer) -> None:
    def post(client: FlaskClient, path: str) -> TestResponse:
        parts = (
            b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + officer.token.encode(),
            b'--x\r\nContent-Disposition: form-data; name="bestand"; filename="x.csv"\r\n\r\n'
            + bytes(LARGEST_FILE - 1_000),
            b"--x--\r\n",
        )
        return client.post(
            path, data=b"\r\n".join(parts), headers={"Sec-Fetch-Site": "same-origin"},
            content_type="multipart/form-data; boundary=x",
        )  # fmt: skip

    assert post(officer.client, FILES).status_code == 302
    assert post(officer.client, "/werkplek/account/naam").status_code == 413
    stranger = post(app.test_client(), FILES)
    assert stranger.status_code == 302 and stranger.headers["Location"].startswith("/inloggen")


def test_a_form_of_another_site_sends_nothing(officer: Officer) -> None:
    data = {"csrf_token": officer.token, "bestand": (io.BytesIO(b"name\nx\n"), "methods.csv")}
    answer = officer.client.post(FILES, data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and checks(officer.database) == []
    data = {"csrf_token": "x", "bestand": (io.BytesIO(b"name\nx\n"), "methods.csv")}
    answer = officer.client.post(FILES, data=data, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403 and checks(officer.database) == []


def test_only_what_was_seen_is_brought_in(officer: Officer, tmp_path: Path) -> None:
    """Somebody else imports between look and press: what the file would do by now is shown, and asked again."""
    officer.look(csv_file(sound(), "providers"))
    officer.bring_in()
    tables = sound()
    tables["providers"][0]["summary"] = "Van Rachid."
    officer.look(csv_file(tables, "providers"))
    with officer.database.transaction() as session:
        session.execute(update(Provider).where(Provider.identifier == "A001").values(summary="Van Karin."))
    answer = officer.bring_in()
    page = officer.client.page(answer.headers["Location"])
    assert "intussen" in page.text and "Van Karin." in page.text
    with officer.database.sessions() as session:
        assert session.scalars(select(Provider.summary).where(Provider.identifier == "A001")).one() == "Van Karin."
    officer.bring_in()
    with officer.database.sessions() as session:
        assert session.scalars(select(Provider.summary).where(Provider.identifier == "A001")).one() == "Van Rachid."


def test_a_change_at_the_end_of_a_long_text_is_seen_too(officer: Officer) -> None:
    long = "Wij helpen gezinnen. " * 10
    tables = sound()
    tables["providers"][0]["about"] = long
    officer.look(csv_file(tables, "providers"))
    officer.bring_in()
    tables["providers"][0]["about"] = "Kort."
    officer.look(csv_file(tables, "providers"))
    with officer.database.transaction() as session:
        session.execute(update(Provider).where(Provider.identifier == "A001").values(about=f"{long}En meer."))
    assert "anders" in officer.bring_in().headers["Location"]


def test_pressing_twice_imports_once(officer: Officer) -> None:
    officer.look(csv_file(sound(), "providers"))
    page = officer.client.page(officer.address)
    seen = next(field["value"] for field in page.all("input") if field.get("name") == "gezien")
    first = officer.submit(f"{officer.address}/binnenhalen", gezien=seen)
    again = officer.submit(f"{officer.address}/binnenhalen", gezien=seen)
    assert (first.status_code, again.status_code) == (302, 409)
    assert "Het is binnengehaald" in again.get_data(as_text=True)
    with officer.database.sessions() as session:
        assert len(session.scalars(select(ImportRun)).all()) == 1


def test_what_waits_is_for_one_person_in_one_sign_in_and_an_hour(app: Flask, officer: Officer) -> None:
    officer.look(csv_file(sound(), "providers"))
    for email in ("karin@regio.example", "elders@regio.example"):
        somebody = Someone.enter(app, email)
        assert somebody.client.get(officer.address).status_code == 404
        assert somebody.submit(f"{officer.address}/binnenhalen", gezien="x").status_code == 404
        assert somebody.client.get(f"{officer.address}/verslag.csv").status_code == 404
    later = Someone.enter(app, "rachid@regio.example")
    assert "niet meer te lezen" in later.page(officer.address).text
    with officer.database.transaction() as session:
        assert operations.forget(session, NOW + timedelta(minutes=61)) == 1
    answer = officer.submit(f"{officer.address}/binnenhalen", gezien="x")
    assert answer.status_code == 404
    page = Page(answer.get_data(as_text=True))
    assert "Dit bestand wacht hier niet meer" in page.text
    assert [field for field in page.all("input") if field.get("id") == "bestand"], "it can be sent again from there"


def test_a_file_can_be_thrown_away(officer: Officer) -> None:
    officer.look(csv_file(sound(), "providers"))
    assert officer.submit(f"{officer.address}/weg").status_code == 302
    assert checks(officer.database) == []


def test_a_file_that_is_worked_on_is_not_thrown_away_and_nobody_says_so(officer: Officer) -> None:
    officer.look(csv_file(sound(), "methods"))
    with officer.database.transaction() as session:
        session.execute(update(FileCheck).values(stage=Stage.CHECKING))
    assert "Dit bestand weggooien" not in officer.page(officer.address).text
    answer = officer.submit(f"{officer.address}/weg")
    assert (answer.status_code, answer.location) == (302, officer.address)
    assert len(checks(officer.database)) == 1
    with clock.stopped(NOW + timedelta(minutes=6)):  # whoever read it has stopped
        assert "Dit bestand weggooien" in officer.page(officer.address).text
        officer.submit(f"{officer.address}/weg")
    assert checks(officer.database) == []


def test_not_too_many_files_are_read_at_once(app: Flask, officer: Officer) -> None:
    for email in ("karin@regio.example", "elders@regio.example"):
        other = Officer(app, email)
        other.look(csv_file(sound(), "methods"))
    with officer.database.transaction() as session:
        session.execute(update(FileCheck).values(stage=Stage.CHECKING))
    answer = officer.send(csv_file(sound(), "methods"))
    assert answer.status_code == 409 and "Stuur het over een minuut nog eens" in answer.get_data(as_text=True)
    with clock.stopped(NOW + timedelta(minutes=6)):  # whoever read them has stopped
        assert officer.send(csv_file(sound(), "methods")).status_code == 302


def test_a_page_shows_how_far_a_long_reading_is(officer: Officer) -> None:
    officer.look(csv_file(sound(), "methods"))
    with officer.database.transaction() as session:
        session.execute(update(FileCheck).values(stage=Stage.CHECKING, done=40, size=100, report=None))
    page = officer.client.page(officer.address)
    assert "40 % is gelezen" in page.text and "Kijk opnieuw" in page.text
    answer = officer.client.get(officer.address)
    assert answer.headers["Refresh"] == f"5; url={officer.address}"  # and no meta element, at which a reader stumbles
    assert "Deze bladzijde kijkt elke vijf seconden vanzelf opnieuw" in page.text
    refused = officer.send(csv_file(sound(), "providers"))
    assert refused.status_code == 409
    told = refused.get_data(as_text=True)
    assert "nog bezig met het bestand dat u eerder stuurde" in told and f'href="{officer.address}"' in told
    with clock.stopped(NOW + timedelta(minutes=6)):
        assert "Het is niet gelukt" in officer.client.page(officer.address).text
        assert "Refresh" not in officer.client.get(officer.address).headers


def test_a_mistake_of_ours_is_told_and_nothing_is_kept(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(work, "reading_of", lambda _settings: broken)
    assert "Het is niet gelukt" in officer.look(csv_file(sound(), "methods")).text
    assert [(check.stage, check.package) for check in checks(officer.database)] == [(Stage.FAILED, None)]


def test_what_came_of_a_file_is_never_written_at_another_that_took_its_place(officer: Officer) -> None:
    officer.look(csv_file(sound(), "providers"))
    (gone,) = checks(officer.database)
    with officer.database.transaction() as session:
        session.execute(delete(FileCheck))
    officer.look(csv_file(sound(), "methods"))
    (fresh,) = checks(officer.database)
    assert fresh.public_id != gone.public_id
    assert officer.database.engine.dialect.name != "sqlite" or fresh.id == gone.id, "SQLite gives a number again"
    with officer.database.transaction() as session:
        operations.note_progress(session, gone.public_id, Stage.CHECKED, 7, 9, NOW)
        operations.conclude(session, gone.public_id, Stage.CHECKED, None, b"", NOW)
        for late in (Stage.CHECKING, Stage.IMPORTING):  # the same file, which went on meanwhile
            operations.note_progress(session, fresh.public_id, late, 7, 9, NOW)
            operations.conclude(session, fresh.public_id, late, None, b"", NOW)
    (after,) = checks(officer.database)
    assert (after.stage, after.done, after.size, after.package) == (
        fresh.stage, fresh.done, fresh.size, fresh.package
    )  # fmt: skip
    assert after.stage is Stage.CHECKED and officer.bring_in().status_code == 302


# --- undoing ---------------------------------------------------------------------------------------------------


def test_the_last_import_is_undone_at_the_desk(officer: Officer, tmp_path: Path) -> None:
    officer.look(csv_file(sound(), "providers"))
    officer.bring_in()
    tables = sound()
    tables["providers"][0]["name"] = "De Papaver"
    before = state(officer.database)
    officer.look(csv_file(tables, "providers"))
    officer.bring_in()
    (href,) = [a["href"] for a in officer.page(FILES).all("a") if "/terugdraaien/" in a["href"]]
    seen = state(officer.database)
    assert "1 weer zoals het was" in officer.page(href).text
    assert state(officer.database) == seen  # looking changes nothing
    assert officer.submit(href).status_code == 302
    assert "Teruggedraaid op" in officer.page(FILES).text
    after = state(officer.database)
    assert {name for name in before if before[name] != after[name]} == {
        "import_run", "trail_entry", "trail_mark", "catalogue_revision", "text_change", "import_undo",
    }  # fmt: skip
    assert "al teruggedraaid" in officer.submit(href).get_data(as_text=True)


def test_what_brought_all_providers_is_not_offered_to_undo_and_the_list_says_why(officer: Officer) -> None:
    with officer.database.transaction() as session:
        session.execute(delete(Provider))
    officer.look(csv_file(sound(), "providers"))
    officer.bring_in()
    page = officer.page(FILES)
    assert not [a for a in page.all("a") if "/terugdraaien/" in a["href"]]
    assert "Al uw aanbieders kwamen met dit bestand: zonder dit bestand is de regio leeg." in page.text
    with officer.database.transaction() as session:
        region = session.scalars(select(Provider.region_id).distinct()).one()
        session.add(Provider(region_id=region, identifier="Z", name="Later", slug="later"))
    assert [a for a in officer.page(FILES).all("a") if "/terugdraaien/" in a["href"]]


def test_what_stands_in_the_way_of_undoing_is_listed(app: Flask, officer: Officer) -> None:
    officer.look(csv_file(sound(), "providers"))
    officer.bring_in()
    with officer.database.transaction() as session:
        run = session.scalars(select(ImportUndo.import_run_id)).one()
        session.execute(update(Provider).where(Provider.identifier == "A001").values(phone="045-555 99 99"))
    answer = officer.submit(f"{FILES}/terugdraaien/{run}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "De Klaproos Jeugdhulp · A001 is daarna gewijzigd" in text
    assert 'href="/werkplek/regio/aanbieders/de-klaproos-jeugdhulp"' in text
    assert Someone.enter(app, "elders@regio.example").client.get(f"{FILES}/terugdraaien/{run}").status_code == 404


def test_what_stands_in_the_way_says_who_changed_it_when_and_leads_to_it(app: Flask, officer: Officer) -> None:
    officer.look(*(csv_file(sound(), name) for name in ("providers", "offers", "locations")))
    officer.bring_in()
    karin = Someone.enter(app, "karin@regio.example")
    ending = "/werkplek/regio/aanbieders/einde/aanbod/A001-1"
    version = next(field["value"] for field in karin.page(ending).all("input") if field.get("name") == "version")
    assert karin.submit(ending, version=version, withdrawn_on="31-12-2026").status_code == 302
    with officer.database.sessions() as session:
        run = session.scalars(select(ImportUndo.import_run_id)).one()
    page = officer.page(f"{FILES}/terugdraaien/{run}")
    (line,) = [text for text in page.texts["li"] if "daarna gewijzigd" in text]
    assert "Weer naar school · A001-1" in line and "Karin (contractmanager), 22 nov 2026" in line
    assert "/werkplek/regio/aanbieders/wijzigen/aanbod/A001-1" in [a.get("href") for a in page.all("a")]
    assert "Terugdraaien gaat helemaal of niet" in page.text


# --- reading apart ---------------------------------------------------------------------------------------------


def test_a_file_is_read_in_a_process_of_its_own_with_the_same_report(officer: Officer, tmp_path: Path) -> None:
    tables = sound()
    tables["offers"][0]["waiting_weeks_start"] = "ca. 6"
    name, content = workbook(tables, tmp_path)
    around = Around(officer.client.application.extensions["portal.lists"].files, NOW.date(), "JR26")
    said = []
    for read in (read_here, ReadApart(None)):
        problems = Problems()
        understood = read(Upload(name, content), around, problems, lambda _done, _size: None, lambda _sha256: None)
        said.append((understood, [problems._kept, problems._counts, problems._letters]))
    assert said[0] == said[1]


@pytest.mark.parametrize("limits", [{"most_seconds": 1}, {"most_memory": 150 * 1024**2}])
@pytest.mark.either_database
def test_a_file_that_asks_for_too_much_is_refused(officer: Officer, limits: dict[str, int]) -> None:
    rows = "".join(f"{n};Aanbod {n};begeleiding;{'woord ' * 40}\n" for n in range(100_000)).encode()
    around = Around(officer.client.application.extensions["portal.lists"].files, NOW.date(), "JR26")
    problems = Problems()
    upload = Upload("offers.csv", b"offer_id;name;arrangement;description\n" + rows)
    ReadApart(None, **limits)(upload, around, problems, None, lambda _sha256: None)
    assert [problem.fault.code for kept in problems._kept.values() for problem in kept] == ["too_much_work"]
