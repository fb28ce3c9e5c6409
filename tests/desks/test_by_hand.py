"""One provider, offer or contract by hand: the same rules as a file, nobody overwritten, and the next file knows."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.types import Post, Role
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Contract, FormerSlug, Location, Offer, Provider, Region, TextChange
from portal.catalogue.types import Origin
from portal.core import clock
from portal.core.database import Database
from portal.core.trail.models import TrailEntry
from portal.desks.by_hand.types import FIELDS, Thing
from portal.desks.corrections.models import Correction
from portal.desks.corrections.types import Matter
from portal.desks.texts.types import OFFER_FIELDS, PROVIDER_FIELDS
from portal.exchange import by_hand
from portal.exchange.by_hand import ChangedMeanwhile
from portal.exchange.columns import TABLES
from portal.exchange.importing import import_package, writing
from portal.exchange.models import ImportUndo
from portal.exchange.problems import Severity
from portal.exchange.readers import Upload
from portal.exchange.report import Report
from portal.exchange.store import TEXTS_OF_A_DESK
from tests.accounts.people import CHEAP, NOW, Someone, World
from tests.desks.test_imports import state
from tests.exchange.packages import Tables, as_text, csv_text, sound, write_folder
from tests.inspection import Page

DESK = "/werkplek/regio/aanbieders"
OFFER = f"{DESK}/wijzigen/aanbod/A001-1"
Take = Callable[[Tables], Report]


@pytest.fixture
def take(app: Flask, code_lists: CodeLists, tmp_path: Path) -> Take:
    numbers = iter(range(100))

    def take(tables: Tables) -> Report:
        folder = write_folder(tmp_path / f"p{next(numbers)}", tables)
        report = import_package(app.extensions["portal.database"], code_lists, folder, "Zuid-Limburg", today=NOW.date())
        assert report.ok, report.as_text("en")
        return report

    return take


@pytest.fixture
def karin(app: Flask, take: Take) -> Iterator[Someone]:
    """A contract manager of a region with the small package, beside a region of others."""
    app.extensions["portal.passwords"] = CHEAP
    world = World.make(app.extensions["portal.database"])
    world.add("karin@regio.example", Post(Role.CONTRACT_MANAGER, world.regions[0]))
    world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    world.add("elders@regio.example", Post(Role.CONTRACT_MANAGER, world.regions[1]))
    take(sound())
    with clock.stopped(NOW):
        yield Someone(app, "karin@regio.example")


def sent(someone: Someone, path: str, **changed: object) -> dict[str, object]:
    """What a browser sends from the form at this address: what stands there, but for what is `changed`."""
    page = someone.page(path)
    found: dict[str, object] = {}
    for field in page.all("input"):
        name = field.get("name")
        if name in (None, "csrf_token", "lang"):
            continue
        if field.get("type") == "checkbox":
            if "checked" in field:
                found.setdefault(name, []).append(field["value"])  # type: ignore[attr-defined]
        else:
            found[name] = field.get("value", "")
    with someone.database.sessions() as session:  # texts and choices as they are stored
        parts = path.removeprefix(f"{DESK}/wijzigen/").partition("/")
        thing = Thing(parts[0])
        region_id = session.scalars(select(Region.id).where(Region.name == "Zuid-Limburg")).one()
        row = by_hand.stored_row(session, region_id, thing.table, parts[2])
        assert row is not None
        cells = by_hand.cells_of(row.values)
        for field_ in FIELDS[thing][1:]:
            found.setdefault(field_.column, cells[field_.column])
        found["version"] = by_hand.version_of(row)
    return found | changed


def offer(database: Database, identifier: str = "A001-1") -> Offer:
    with database.sessions() as session:
        return session.scalars(select(Offer).where(Offer.identifier == identifier)).one()


def trail(database: Database) -> list[TrailEntry]:
    with database.sessions() as session:
        found = session.scalars(select(TrailEntry).order_by(TrailEntry.number))
        return [entry for entry in found if entry.action != "catalogue.imported"]


def test_an_untouched_form_changes_nothing(karin: Someone) -> None:
    before = state(karin.database)
    for path in (OFFER, f"{DESK}/wijzigen/aanbieder/A001", f"{DESK}/wijzigen/contract/K1"):
        answer = karin.submit(path, **sent(karin, path))
        assert answer.status_code == 302 and "gelijk" in answer.headers["Location"], answer.get_data(as_text=True)
    assert state(karin.database) == before


def test_a_mended_offer_is_read_found_and_traced(karin: Someone) -> None:
    changes = {"name": "Weer graag naar school", "topics": "angst; slapen", "age_max": "12"}
    answer = karin.submit(OFFER, **sent(karin, OFFER, **changes))
    assert answer.status_code == 302
    found = offer(karin.database)
    assert (found.name, found.topics, found.age_max, found.approach) == (
        "Weer graag naar school", ["angst", "slapen"], 12, "Thuis.",
    )  # fmt: skip
    assert found.desk_texts == ["name"] and found.waiting_reported_on == date(2026, 10, 1)
    (entry,) = trail(karin.database)
    assert (entry.action, entry.actor_label) == ("offer.mended", "Karin (contractmanager)")
    assert entry.before_values["age_max"] == 18 and entry.after_values["age_max"] == 12
    assert "approach" not in entry.after_values
    with karin.database.sessions() as session:
        latest = session.scalars(select(TextChange.provider_id).order_by(TextChange.revision.desc())).first()
        assert latest == found.provider_id
    text = karin.client.get("/werkplek/regio/logboek").get_data(as_text=True)
    assert "aanbod met de hand verbeterd" in text


@pytest.mark.parametrize(
    ("typed", "column", "said"),
    [
        ({"name": ""}, "name", "Vul dit in."),
        ({"age_min": "4", "age_max": "3"}, "age_min", "‘Vanaf leeftijd’ 4 is hoger dan ‘Tot en met leeftijd’ 3"),
        ({"waiting_weeks_start": "ca. 6"}, "waiting_weeks_start", "Schrijf 6."),
        ({"waiting_weeks_start": "1.234"}, "waiting_weeks_start", "kan 1234 of 1,234 betekenen"),
        ({"withdrawn_on": "31-02-2027"}, "withdrawn_on", "is geen duidelijke datum. Schrijf het als 31-12-2026."),
        ({"arrangement": "iets"}, "arrangement", "staat niet in de lijst"),
        ({"description": "123456782"}, "description", "burgerservicenummer"),
        ({"municipalities": ["GM9999"]}, "municipalities", "GM9999"),
        ({"location_ids": ["B-1"]}, "location_ids", "B-1"),
        ({"name": "x" * 300}, "name", "200"),
        ({"description": "x" * 40_000}, "description", "20000"),
    ],
)
def test_what_is_wrong_is_told_as_for_a_file_and_nothing_typed_is_lost(
    karin: Someone, typed: dict[str, object], column: str, said: str
) -> None:
    before = state(karin.database)
    answer = karin.submit(OFFER, **sent(karin, OFFER, **typed))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in text and f'id="{column}-fout"' in text
    if isinstance(typed[column], str) and column != "arrangement" and len(str(typed[column])) < 400:
        assert f'value="{typed[column]}"' in text or f">{typed[column]}</textarea>" in text
    assert state(karin.database) == before


def test_nobody_overwrites_what_a_colleague_changed_meanwhile(app: Flask, karin: Someone) -> None:
    noor = Someone.enter(app, "noor@regio.example")
    seen = sent(karin, OFFER)
    assert noor.submit(OFFER, **seen | {"places_free": "7"}).status_code == 302
    answer = karin.submit(OFFER, **seen | {"places_free": "3", "name": "Van Karin"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Hier staat nu: 7" in text and 'value="3"' in text and "Van Karin" in text
    assert offer(karin.database).places_free == 7
    assert karin.submit(OFFER, **sent(karin, OFFER, places_free="3")).status_code == 302
    assert offer(karin.database).places_free == 3


@pytest.mark.parametrize("rounds", [20, pytest.param(500, marks=pytest.mark.long)])
def test_interleavings_of_two_editors_overwrite_nothing(karin: Someone, code_lists: CodeLists, rounds: int) -> None:
    rolls = random.Random(5)  # noqa: S311
    database = karin.database
    with database.sessions() as session:
        region_id = session.scalars(select(Region.id).where(Region.name == "Zuid-Limburg")).one()

    def look() -> tuple[str, dict[str, str]]:
        with database.sessions() as session:
            row = by_hand.stored_row(session, region_id, "offers", "A001-1")
            assert row is not None
            return by_hand.version_of(row), by_hand.cells_of(row.values)

    seen = {who: look() for who in ("karin", "noor")}
    for _ in range(rounds):
        who = rolls.choice(("karin", "noor"))
        if rolls.random() < 0.3:
            seen[who] = look()
        before = look()
        column = rolls.choice(("name", "places_free", "topics", "waiting_weeks_start"))
        typed = seen[who][1] | {column: str(rolls.randint(1, 9))}
        cells = {field.column: typed[field.column] for field in FIELDS[Thing.OFFER][1:]}
        try:
            with writing(database) as session:
                region = session.get_one(Region, region_id)
                actor = by_hand.Actor.system("test")
                mended = by_hand.mend_row(
                    session, region, "offers", "A001-1", cells, seen[who][0], code_lists, actor, NOW
                )
                assert mended.ok
        except ChangedMeanwhile:
            assert look() == before and before[0] != seen[who][0]
            continue
        assert before[0] == seen[who][0]
        after = look()[1]
        assert {name for name in after if after[name] != before[1][name]} <= {column, "waiting_reported_on"}
        seen[who] = look()


def test_the_next_file_keeps_texts_and_the_newer_waiting_time_and_says_so(karin: Someone, take: Take) -> None:
    karin.submit(OFFER, **sent(karin, OFFER, description="Met de hand.", waiting_weeks_start="3", age_max="12"))
    found = offer(karin.database)
    assert (found.waiting_origin, found.waiting_reported_on) == (Origin.DESK, NOW.date())
    path = f"{DESK}/wijzigen/aanbieder/A001"
    karin.submit(path, **sent(karin, path, name="De Papaver"))
    report = take(sound())
    found = offer(karin.database)
    assert (found.description, found.waiting_weeks_start, found.age_max) == ("Met de hand.", 3, 18)
    said = {(p.fault.code, p.column) for p in report.problems.of(Severity.NOTE)}
    assert {
        ("desk_text_kept", "description"),
        ("desk_text_kept", "name"),
        ("desk_waiting_kept", "waiting_reported_on"),
    } <= said
    with karin.database.sessions() as session:
        assert session.scalars(select(Provider.name).where(Provider.identifier == "A001")).one() == "De Papaver"


def test_a_fact_that_a_provider_told_stays_when_the_next_file_comes_and_the_report_says_so(
    karin: Someone, take: Take, app: Flask
) -> None:
    with karin.database.transaction() as session:
        owner = session.scalars(select(Provider).where(Provider.identifier == "A001")).one()
        world, region_id, owner_id = World(karin.database, [owner.region_id], [owner.id]), owner.region_id, owner.id
    world.add("pien@voorbeeld.example", Post(Role.PROVIDER_EDITOR, region_id, owner_id))
    pien, path = Someone.enter(app, "pien@voorbeeld.example"), "/werkplek/aanbieder/gegevens/hulp/A001-1"
    told = {"name": "Samen weer naar school", "description": "Wij helpen.", "age_max": "12", "naar": "regio"}
    assert pien.submit(path, version="0", **told).status_code == 302
    queue = karin.page("/werkplek/regio/wijzigingen")
    draft = next(a["href"] for a in queue.all("a") if a.get("href", "").startswith("/werkplek/regio/wijzigingen/"))
    assert karin.submit(f"{draft}/goed", version="1").status_code == 302
    assert offer(karin.database).age_max == 12 and "age_max" in offer(karin.database).desk_texts
    tables = sound()
    tables["providers"][0]["phone"] = "045-555 77 77"
    report = take(tables)
    assert offer(karin.database).age_max == 12
    assert ("desk_text_kept", "age_max") in {(p.fault.code, p.column) for p in report.problems.of(Severity.NOTE)}

    page = karin.page(OFFER)
    ticks = {field["value"] for field in page.all("input") if field.get("name") == "veld"}
    assert {"age_max", "name", "description"} <= ticks and "Wat een bestand niet overschrijft" in page.text
    leave = f"{DESK}/bestand-beslist/aanbod/A001-1"
    version = next(field["value"] for field in page.all("input") if field.get("name") == "version")
    assert karin.submit(leave, version="x", veld=["age_max"]).status_code == 409
    assert "gelijk" in karin.submit(leave, version=version, veld=["bestaat-niet"]).headers["Location"]
    assert "gedaan=bestand" in karin.submit(leave, version=version, veld=["age_max"]).headers["Location"]
    assert offer(karin.database).age_max == 12, "until a file comes"
    assert set(offer(karin.database).desk_texts) == ticks - {"age_max"}
    log = karin.page("/werkplek/regio/logboek").text
    assert "bestanden beslissen weer over aanbod" in log and "Tot en met leeftijd" in log
    take(tables)  # the very same file, which is not taken for known already
    assert offer(karin.database).age_max != 12 and offer(karin.database).name == "Samen weer naar school"


def test_a_new_name_gives_a_new_address_and_the_old_one_goes_on_working(karin: Someone) -> None:
    path = f"{DESK}/wijzigen/aanbieder/A001"
    answer = karin.submit(path, **sent(karin, path, name="De Papaver"))
    assert answer.headers["Location"].startswith(f"{DESK}/de-papaver")
    assert (
        karin.client.get("/aanbieders/de-klaproos-jeugdhulp").headers["Location"].startswith("/aanbieders/de-papaver")
    )
    with karin.database.sessions() as session:
        assert session.scalars(select(FormerSlug.slug)).all() == ["de-klaproos-jeugdhulp"]


def test_a_provider_an_offer_and_a_contract_are_made_and_can_be_chosen(karin: Someone) -> None:
    answer = karin.submit(f"{DESK}/nieuw/aanbieder", provider_id="N1", name="Het Nieuwe Huis", languages="nl")
    assert answer.headers["Location"].startswith(f"{DESK}/het-nieuwe-huis"), answer.get_data(as_text=True)
    answer = karin.submit(
        f"{DESK}/nieuw/aanbod?aanbieder=het-nieuwe-huis", offer_id="N1-1", name="Rust", arrangement="begeleiding",
        description="Wij helpen.", topics="slapen", settings=["home", "school"], framework="voluntary",
        access="referral", gender="all", accepting_clients="yes", waiting_weeks_start="4",
    )  # fmt: skip
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert "geen contract" in karin.page(f"{DESK}/het-nieuwe-huis").text
    answer = karin.submit(
        f"{DESK}/nieuw/contract?aanbieder=het-nieuwe-huis", contract_id="NK", arrangement="begeleiding",
        municipalities=["GM0917", "GM0928"], start_date="1-1-2026",
    )  # fmt: skip
    assert answer.status_code == 302, answer.get_data(as_text=True)
    told = karin.page(f"{DESK}/het-nieuwe-huis").text
    assert "gezinnen kunnen dit kiezen" in told and "vanaf 1 januari 2026, geen einde afgesproken" in told
    made = offer(karin.database, "N1-1")
    assert (made.settings, made.waiting_reported_on, made.waiting_origin) == (
        ["home", "school"], NOW.date(), Origin.DESK,
    )  # fmt: skip
    assert "Rust" in karin.client.get("/aanbieders/het-nieuwe-huis").get_data(as_text=True)
    assert [entry.action for entry in trail(karin.database)] == ["provider.made", "offer.made", "contract.made"]


def test_an_offer_of_which_no_wait_is_told_does_not_say_that_it_was(karin: Someone) -> None:
    answer = karin.submit(
        f"{DESK}/nieuw/aanbod?aanbieder=de-klaproos-jeugdhulp", offer_id="N1-1", name="Rust", description="Wij helpen.",
        arrangement="begeleiding", topics="slapen", framework="voluntary", access="referral", gender="all",
        accepting_clients="yes",
    )  # fmt: skip
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert offer(karin.database, "N1-1").waiting_reported_on is None


def test_a_provider_is_found_whatever_its_spaces_and_hyphens(karin: Someone) -> None:
    for text in ("de klaproos", "Deklap roos", "de-klaproos", "a-001"):
        assert "De Klaproos" in karin.page(f"{DESK}?zoek={text}").text, text
    assert "De Klaproos" not in karin.page(f"{DESK}?zoek=papaver").text


def test_an_offer_that_takes_nobody_cannot_be_chosen(karin: Someone) -> None:
    page = f"{DESK}/de-klaproos-jeugdhulp"
    assert "neemt nu geen nieuwe gezinnen aan" not in karin.page(page).text
    with karin.database.transaction() as session:
        session.execute(update(Offer).values(accepting_clients=False))
    told = karin.page(page).text
    assert "neemt nu geen nieuwe gezinnen aan" in told and "gezinnen kunnen dit kiezen" not in told


def test_an_offer_that_no_family_finds_or_can_choose_says_so_at_once(karin: Someone) -> None:
    karin.submit(f"{DESK}/nieuw/aanbieder", provider_id="N1", name="Het Nieuwe Huis", languages="nl")
    answer = karin.submit(
        f"{DESK}/nieuw/aanbod?aanbieder=het-nieuwe-huis", offer_id="N1-1", name="Rust", description="Wij helpen.",
        arrangement="begeleiding", topics="angst;ondersteboven", framework="voluntary", access="referral",
        gender="all", accepting_clients="yes",
    )  # fmt: skip
    page = karin.page(answer.headers["Location"])
    assert "Geen gezin kan het al kiezen" in page.text and "“ondersteboven”" in page.text
    assert "“angst”" not in page.text
    assert page.text.count("Geen gezin kan het al kiezen") == 1
    assert {"Maak het contract", "Verander de onderwerpen"} <= set(page.texts["a"])
    assert "Geen gezin kan het al kiezen" not in karin.page(f"{DESK}/het-nieuwe-huis?over=N1-1").text


def test_something_new_never_takes_the_place_of_something_that_is_there(karin: Someone) -> None:
    before = state(karin.database)
    answer = karin.submit(f"{DESK}/nieuw/aanbieder", provider_id="A001", name="Ander")
    assert answer.status_code == 422 and "A001 is al in gebruik" in answer.get_data(as_text=True)
    assert karin.submit(f"{DESK}/nieuw/aanbieder", provider_id=" ../x ", name="Ander").status_code == 422
    assert state(karin.database) == before


def proposed(someone: Someone, thing: str, column: str) -> str:
    page = someone.page(f"{DESK}/nieuw/{thing}")
    return next(field["value"] for field in page.all("input") if field.get("name") == column)


def test_the_next_free_code_is_proposed_and_nothing_has_the_code_of_something_else(karin: Someone) -> None:
    assert proposed(karin, "aanbieder", "provider_id") == "D26-001"
    karin.submit(f"{DESK}/nieuw/aanbieder", provider_id="D26-001", name="Nieuw", languages="nl")
    assert proposed(karin, "aanbieder", "provider_id") == "D26-002"
    place = {"kind": "office", "municipality": "GM0917", "street": "Markt", "house_number": "1", "postcode": "6411 AB",
             "city": "Heerlen"}  # fmt: skip
    answer = karin.submit(f"{DESK}/nieuw/locatie?aanbieder=nieuw", location_id="D26-002", **place)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    for thing, column in (("aanbod", "offer_id"), ("contract", "contract_id"), ("aanbieder", "provider_id")):
        assert proposed(karin, f"{thing}?aanbieder=nieuw", column) == "D26-003", thing


def test_a_long_form_stands_in_parts_with_a_list_of_them(karin: Someone) -> None:
    page = karin.page(OFFER)
    titles = ["Wat het is", "Voor wie", "Waar en hoe", "Hoe snel"]
    assert [title for title in page.texts["h2"] if title in titles] == titles
    listed = [link["href"] for link in page.all("a") if link["href"].startswith("#deel-")]
    assert listed == [f"#{heading['id']}" for heading in page.all("h2") if "id" in heading] and len(listed) == 4


@pytest.mark.parametrize("thing", ["aanbieder", "aanbod", "locatie"])
def test_hints_speak_to_the_region(karin: Someone, thing: str) -> None:
    text = karin.page(f"{DESK}/nieuw/{thing}?aanbieder=de-klaproos-jeugdhulp").text
    assert not re.search(r"Wie u bent|Hoe u werkt|Kunt u er", text)


def test_an_offer_stops_and_a_contract_ends_with_what_comes_of_it(karin: Someone) -> None:
    path = f"{DESK}/einde/aanbod/A001-1"
    page = karin.page(path)
    assert "vinden gezinnen dit niet meer" in page.text
    version = next(field["value"] for field in page.all("input") if field.get("name") == "version")
    assert karin.submit(path, version=version, withdrawn_on="", reason="").status_code == 422
    assert karin.submit(path, version="x", withdrawn_on="22-11-2026", reason="").status_code == 409
    assert karin.submit(path, version=version, withdrawn_on="22-11-2026", reason="Te weinig mensen.").status_code == 302
    assert karin.client.get("/aanbieders/de-klaproos-jeugdhulp/aanbod/A001-1").status_code == 410
    entry = trail(karin.database)[-1]
    assert (entry.reason, entry.after_values["withdrawn_on"]) == ("Te weinig mensen.", "2026-11-22")
    path = f"{DESK}/einde/contract/K1"
    page = karin.page(path)
    assert "mogen we blijven" in page.text
    version = next(field["value"] for field in page.all("input") if field.get("name") == "version")
    answer = karin.submit(path, version=version, end_date="1-1-2020", reason="")
    assert answer.status_code == 422 and "1-1-2020" in answer.get_data(as_text=True)
    assert karin.submit(path, version=version, end_date="31-12-2026", reason="").status_code == 302
    with karin.database.sessions() as session:
        assert session.scalars(select(Contract.end_date).where(Contract.identifier == "K1")).one() == date(2026, 12, 31)


def test_a_merger_shows_first_what_moves_and_can_be_undone(karin: Someone) -> None:
    path = f"{DESK}/zuidwind/samenvoegen"
    before = state(karin.database)
    text = karin.page(f"{path}?met=de-klaproos-jeugdhulp").text
    assert "/aanbieders/zuidwind" in text and "1 aanbod van Zuidwind is niet meer te vinden" in text
    assert state(karin.database) == before
    assert karin.submit(path, met="bestaat-niet").status_code == 422
    assert karin.submit(path, met="zuidwind").status_code == 409
    assert karin.submit(path, met="de-klaproos-jeugdhulp").status_code == 302
    assert karin.client.get("/aanbieders/zuidwind").headers["Location"].startswith("/aanbieders/de-klaproos-jeugdhulp")
    back = karin.submit(f"{DESK}/de-klaproos-jeugdhulp/samenvoegen", met="zuidwind")
    assert back.status_code == 409 and "leidt zelf naar" in back.get_data(as_text=True)
    assert karin.submit(f"{DESK}/zuidwind/loskoppelen").status_code == 302
    assert karin.client.get("/aanbieders/zuidwind").status_code == 200
    assert [entry.action for entry in trail(karin.database)] == ["provider.merged", "provider.unmerged"]


def test_the_other_provider_of_a_merger_is_searched_by_name(karin: Someone) -> None:
    path = f"{DESK}/zuidwind/samenvoegen"

    def offered(page: Page) -> list[str]:
        return [field["value"] for field in page.all("input") if field.get("type") == "radio"]

    assert offered(karin.page(path)) == []
    page = karin.page(f"{path}?zoek=KLAPROOS")
    assert offered(page) == ["de-klaproos-jeugdhulp"] and "1 aanbieder" in page.text
    assert offered(karin.page(f"{path}?zoek=a001")) == ["de-klaproos-jeugdhulp"]
    page = karin.page(f"{path}?zoek=zuidwind")
    assert offered(page) == [] and "Geen andere aanbieder heeft dit" in page.text
    with karin.database.transaction() as session:
        region = session.scalars(select(Provider.region_id).where(Provider.slug == "zuidwind")).one()
        for number in range(20):
            session.add(
                Provider(region_id=region, identifier=f"V{number}", name=f"Veel {number}", slug=f"veel-{number}")
            )
    page = karin.page(f"{path}?zoek=veel")
    assert len(offered(page)) == 15 and "Er passen er meer dan 15" in page.text


def test_a_merger_takes_offers_contracts_and_places_along_and_back(karin: Someone) -> None:
    path, into = f"{DESK}/de-klaproos-jeugdhulp/samenvoegen", "zuidwind"
    with karin.database.transaction() as session:
        klaproos = session.scalars(select(Provider).where(Provider.identifier == "A001")).one()
        mine = session.scalars(select(Offer).where(Offer.identifier == "A001-1")).one()
        session.add(
            Correction(public_id="c", region_id=klaproos.region_id, provider_id=klaproos.id, offer_id=mine.id,
                       matter=Matter.OTHER, text="Klopt niet.", received_on=NOW.date())
        )  # fmt: skip
    before = state(karin.database)
    text = karin.page(f"{path}?met={into}&mee=ja").text
    for said in (
        "Naar Zuidwind gaan: aanbod 1, contracten 1, locaties 2.", "Gezinnen vinden dit bij Zuidwind: Weer naar school",
        "Cijfers en ervaringen over De Klaproos Jeugdhulp zijn niet meer te zien en gaan niet mee",
        "Schrijf in het volgende bestand bij deze rijen A002",
    ):  # fmt: skip
        assert said in text, said
    assert state(karin.database) == before
    assert karin.submit(path, met=into, mee="ja").status_code == 302
    offer_page = "/aanbieders/{}/aanbod/A001-1"
    assert karin.client.get(offer_page.format(into)).status_code == 200
    moved = karin.client.get(offer_page.format("de-klaproos-jeugdhulp"))
    assert (moved.status_code, moved.headers["Location"]) == (301, offer_page.format(into))
    desk = karin.page(f"{DESK}/{into}").text
    assert "Weer naar school" in desk and "K1" in desk and "gezinnen kunnen dit kiezen" in desk
    with karin.database.sessions() as session:
        zuidwind = session.scalars(select(Provider.id).where(Provider.identifier == "A002")).one()
        assert session.scalars(select(Correction.provider_id)).one() == zuidwind
        assert set(session.scalars(select(Location.provider_id))) == {zuidwind}
    assert karin.submit(f"{DESK}/de-klaproos-jeugdhulp/loskoppelen").status_code == 302
    after = state(karin.database)
    for table in ("offer", "contract", "location", "correction", "provider"):
        assert after[table] == before[table], table
    merged, undone = trail(karin.database)
    assert merged.after_values["offers"] == undone.before_values["offers"] == ["A001-1"]


def test_a_file_that_gives_rows_to_who_merged_is_warned_of(karin: Someone, code_lists: CodeLists) -> None:
    assert karin.submit(f"{DESK}/zuidwind/samenvoegen", met="de-klaproos-jeugdhulp", mee="ja").status_code == 302
    rows = csv_text(sound()["offers"]).encode()
    report = import_package(
        karin.database, code_lists, Upload("offers.csv", rows), "Zuid-Limburg", today=NOW.date(), check_only=True
    )
    (problem,) = [one for one in report.problems.of(Severity.WARNING) if one.fault.code == "merged_provider"]
    assert (problem.row, problem.value) == (3, "A002")
    assert problem.fault.reason.in_language("nl") == "A002 is opgegaan in A001; geen gezin zou deze rij vinden"


def test_a_location_is_made_and_then_chosen_for_an_offer(karin: Someone) -> None:
    path = f"{DESK}/wijzigen/aanbod/A002-1"
    assert "Deze aanbieder heeft nog geen locaties" in karin.page(path).text
    answer = karin.submit(
        f"{DESK}/nieuw/locatie?aanbieder=zuidwind", location_id="L9", kind="office", street="Nieuwstraat",
        house_number="1", postcode="6411 xx", city="Heerlen", municipality="GM0917", address_confidential="no",
    )  # fmt: skip
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert "Nieuwstraat 1" in karin.page(f"{DESK}/zuidwind").text
    assert karin.submit(path, **sent(karin, path, location_ids=["L9"])).status_code == 302
    assert offer(karin.database, "A002-1").location_identifiers == ["L9"]
    assert "Nieuwstraat" in karin.client.get("/aanbieders/zuidwind").get_data(as_text=True)


def test_an_address_that_becomes_secret_by_hand_stands_nowhere_any_more(
    karin: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in the trail, and not in what is kept to undo the last import; and a backup of before is noted."""
    noted: list[str] = []
    monkeypatch.setattr(
        by_hand, "note_secret", lambda _session, changes, _at: noted.append(changes[0][0]["identifier"])
    )
    with karin.database.sessions() as session:
        assert len(session.scalars(select(ImportUndo)).all()) == 1  # it made the place
    path = f"{DESK}/wijzigen/locatie/A001-L1"
    assert karin.submit(path, **sent(karin, path, street="Anderestraat")).status_code == 302
    assert karin.submit(path, **sent(karin, path, address_confidential="yes")).status_code == 302
    text = as_text(karin.database)
    assert "Verzonnenstraat" not in text and "Anderestraat" not in text
    with karin.database.sessions() as session:
        assert session.scalars(select(ImportUndo)).all() == []
        place = session.scalars(select(Location).where(Location.identifier == "A001-L1")).one()
        assert (place.street, place.address_confidential) == (None, True)
    assert noted == ["A001-L1"]
    assert "adres geheim" in karin.page(f"{DESK}/de-klaproos-jeugdhulp").text


def test_the_head_of_a_form_names_each_field_that_is_wrong(karin: Someone) -> None:
    path = f"{DESK}/nieuw/contract?aanbieder=zuidwind"
    page = Page(karin.submit(path, contract_id="N", start_date="gisteren").get_data(as_text=True))
    links = {a["href"] for a in page.all("a")}
    assert {"#arrangement", "#municipalities", "#start_date"} <= links
    told = [text for text in page.texts["a"] if text.startswith(("Eerste dag: ", "Soort hulp: ", "Gemeenten: "))]
    assert len(told) == 3


def test_what_must_be_chosen_is_asked_as_a_choice(karin: Someone, code_lists: CodeLists) -> None:
    """Never "not known" where something must be known, nor an example to be typed; one's own region stands first."""
    path = f"{DESK}/nieuw/contract?aanbieder=zuidwind"
    page = Page(karin.submit(path, contract_id="N", start_date="1-1-2026").get_data(as_text=True))
    assert page.text.count("Gemeenten: Kies wat hier klopt.") == 1
    empty = {
        texts[0]
        for texts in (page.texts["option"], karin.page(f"{DESK}/nieuw/locatie?aanbieder=zuidwind").texts["option"])
    }
    assert empty == {"Kies"}
    with karin.database.transaction() as session:
        session.execute(update(Region).values(youth_region=code_lists.youth_region_named("Zuid-Limburg")))
    places = karin.page(f"{DESK}/nieuw/locatie?aanbieder=zuidwind").texts["option"]
    assert places.index("Voerendaal") < places.index("Aalten")


def test_another_region_is_as_if_it_did_not_exist(app: Flask, karin: Someone) -> None:
    stranger = Someone.enter(app, "elders@regio.example")
    before = state(karin.database)
    for path in (
        "/de-klaproos-jeugdhulp", "/wijzigen/aanbieder/A001", "/wijzigen/aanbod/A001-1", "/einde/contract/K1",
        "/de-klaproos-jeugdhulp/samenvoegen", "/nieuw/aanbod?aanbieder=de-klaproos-jeugdhulp", "/wijzigen/x/A001",
        "/einde/aanbieder/A001",
    ):  # fmt: skip
        assert stranger.client.get(f"{DESK}{path}").status_code == 404, path
    for path in ("/wijzigen/aanbod/A001-1", "/einde/contract/K1", "/de-klaproos-jeugdhulp/loskoppelen"):
        assert stranger.submit(f"{DESK}{path}", version="x", name="Gekaapt", end_date="1-1-2027").status_code == 404
    assert (
        "Klaproos" not in stranger.page(DESK).text
        and "Klaproos" not in stranger.page("/werkplek/regio/contracten").text
    )
    assert state(karin.database) == before


def test_foreign_fields_change_nothing(karin: Someone) -> None:
    foreign = {"provider_id": "A002", "offer_id": "X", "id": "1", "region_id": "2", "desk_texts": "[]", "slug": "x"}
    karin.submit(OFFER, **sent(karin, OFFER, places_free="9"), **foreign)
    found = offer(karin.database)
    with karin.database.sessions() as session:
        assert session.get_one(Provider, found.provider_id).identifier == "A001"
    assert (found.places_free, found.desk_texts) == (9, [])


def test_contracts_that_end_soon_with_whom_to_phone(karin: Someone, take: Take) -> None:
    tables = sound()
    base = tables["contracts"][0]
    tables["contracts"] = [
        base | {"contract_id": "E1", "end_date": "2027-01-31"},
        base | {"contract_id": "E2", "provider_id": "A002", "arrangement": "behandeling", "end_date": "2026-12-31"},
        base | {"contract_id": "E3", "provider_id": "A002", "arrangement": "behandeling", "start_date": "2027-01-01"},
        base | {"contract_id": "E4", "end_date": "2028-06-30"},
        base | {"contract_id": "E5", "end_date": "2026-11-21"},
    ]
    take(tables)
    with karin.database.transaction() as session:
        session.execute(update(Provider).where(Provider.identifier == "A001").values(phone="=045-555 01 23"))
        session.execute(update(Contract).where(Contract.identifier == "K2").values(end_date=None))
    page = karin.page("/werkplek/regio/contracten?maanden=3")
    rows = [row for row in ("E1", "E2", "E3", "E4", "E5") if row in page.text]
    assert rows == ["E1", "E2", "E3"]  # E3 as what goes on
    assert page.text.index("31 december 2026") < page.text.index("31 januari 2027")
    assert "gaat door met E3 vanaf 1 januari 2027" in page.text and "045-555 01 23" in page.text
    assert "E4" in karin.page("/werkplek/regio/contracten?maanden=24").text
    file = karin.client.get("/werkplek/regio/contracten/aflopend.csv?maanden=3").get_data(as_text=True)
    assert "'=045-555 01 23" in file and file.index("E2") < file.index("E1") and "E4" not in file
    assert karin.client.get("/werkplek/regio/contracten?maanden=x").status_code == 200


def test_every_text_of_a_providers_desk_is_kept_from_packages() -> None:
    assert {field.name for field in PROVIDER_FIELDS} <= TEXTS_OF_A_DESK["providers"]
    assert {field.name for field in OFFER_FIELDS} <= TEXTS_OF_A_DESK["offers"]


def test_every_column_of_the_package_is_in_a_form_or_follows() -> None:
    left_out = {
        thing: {column.name for column in TABLES[thing.table].columns} - {field.column for field in FIELDS[thing]}
        for thing in Thing
    }
    assert left_out == {
        Thing.PROVIDER: set(),
        Thing.OFFER: {"provider_id", "waiting_reported_on", "checked_on"},
        Thing.CONTRACT: {"provider_id"},
        Thing.LOCATION: {"provider_id"},
    }
