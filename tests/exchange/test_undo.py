"""Undoing the last import brings everything back, or says what stands in the way and loses nothing."""

from __future__ import annotations

import random
import threading
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, update

from portal.accounts.types import Post, Role
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import CatalogueRevision, Location, Offer, Provider, Region, TextChange
from portal.catalogue.operations import merge_provider
from portal.catalogue.types import Origin
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import Database
from portal.core.trail.models import TrailEntry
from portal.core.trail.verification import verify
from portal.desks.waiting.operations import tell
from portal.desks.waiting.types import Told, version_of
from portal.exchange.importing import import_package, writing
from portal.exchange.models import ImportRun, ImportUndo
from portal.exchange.undoing import CannotUndo, Undone, forget_old, undo
from portal.outcomes import operations as outcomes
from portal.outcomes.models import Figure, Publication
from portal.outcomes.operations import About
from portal.outcomes.types import DEFAULT_RULES, Audience, Indicator
from tests.accounts.people import NOW, make_person
from tests.exchange.packages import Tables, as_text, everything, sound, write_folder

TODAY = NOW.date()
NOT_OF_THE_CATALOGUE = {"import_run", "import_undo", "trail_entry", "trail_mark", "catalogue_revision", "text_change"}
"""What an import and its undoing leave as a record."""
Take = Callable[[Tables], int]
ACTOR = Actor.command("test")


@pytest.fixture
def take(database: Database, code_lists: CodeLists, tmp_path: Path) -> Take:
    """Imports tables; the number of the import."""
    numbers = iter(range(1_000))

    def take(tables: Tables) -> int:
        folder = write_folder(tmp_path / str(next(numbers)), tables)
        report = import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY, actor=ACTOR)
        assert report.ok, report.as_text("en")
        with database.sessions() as session:
            return session.scalars(select(func.max(ImportRun.id))).one()

    return take


def catalogue(database: Database) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows for name, rows in everything(database).items() if name not in NOT_OF_THE_CATALOGUE}


def take_back(database: Database, run_id: int) -> Undone:
    with writing(database) as session:
        region_id = session.scalars(select(Region.id)).one()
        return undo(session, region_id, run_id, ACTOR, DEFAULT_RULES, NOW)


def refused(database: Database, run_id: int) -> str:
    before = everything(database)
    with pytest.raises(CannotUndo) as refusal:
        take_back(database, run_id)
    assert everything(database) == before
    return str(refusal.value)


def many_changes() -> Tables:
    tables = sound()
    tables["providers"][0] |= {"name": "De Papaver", "languages": "en;ar", "summary": "Anders."}
    tables["providers"].append({"provider_id": "A003", "name": "Nieuw", "languages": "nl"})
    tables["offers"][0] |= {"topics": "angst;eigen woord", "settings": "online", "municipalities": "Kerkrade",
                            "waiting_weeks_start": "9", "age_max": "12", "withdrawn_on": "2026-11-20"}  # fmt: skip
    tables["offers"].append({"offer_id": "A003-1", "provider_id": "A003", "name": "Iets", "arrangement": "regie",
                             "description": "Nieuw.", "topics": "slapen", "location_ids": "A003-L"})  # fmt: skip
    tables["locations"].append({"location_id": "A003-L", "provider_id": "A003", "kind": "office",
                                "municipality": "Heerlen", "postcode": "6411 AB"})  # fmt: skip
    tables["contracts"][1] |= {"municipalities": "*", "provider_id": "A003", "end_date": "2027-01-01"}
    tables["consortia"][0]["provider_ids"] = "A002;A003"
    tables["access_points"] = [tables["access_points"][0] | {"name": "Ander team"}]
    tables["methods"].append({"name": "Iets anders"})
    return tables


def test_everything_is_as_it_was(database: Database, take: Take) -> None:
    take(sound())
    before = catalogue(database)
    run = take(many_changes())
    assert catalogue(database) != before
    done = take_back(database, run)
    assert catalogue(database) == before
    assert done.counts["providers"] == {"changed": 1, "removed": 1}
    assert done.counts["access_points"] == {"added": 1, "removed": 1}
    with database.sessions() as session:
        assert verify(session).ok
        last = session.scalars(select(TrailEntry).order_by(TrailEntry.number.desc()).limit(1)).one()
        assert (last.action, last.after_values["offers"]) == ("catalogue.import_undone", {"changed": 1, "removed": 1})
        assert session.scalars(select(ImportRun.undone_by).where(ImportRun.id == run)).one() == ACTOR.label
    assert "was undone already" in refused(database, run)
    assert take(many_changes()) != run  # the same file is no "nothing has changed"


def test_search_hears_whose_texts_are_others_again(database: Database, take: Take) -> None:
    take(sound())
    run = take(many_changes())
    with database.sessions() as session:
        revision = session.scalars(select(CatalogueRevision.number)).one()
    take_back(database, run)
    with database.sessions() as session:
        assert session.scalars(select(CatalogueRevision.number)).one() > revision
        changed = session.scalars(
            select(Provider.identifier).join(TextChange).where(TextChange.revision > revision)
        ).all()
    assert changed == ["A001"]


def test_the_first_import_can_be_undone_too(database: Database, take: Take) -> None:
    run = take(sound())
    take_back(database, run)
    left = {name for name, rows in catalogue(database).items() if rows}
    assert left <= {"region"}


def test_figures_that_nobody_else_saw_go_back(database: Database, take: Take) -> None:
    tables = sound()
    take(tables)
    before = catalogue(database)
    tables["outcomes"][0] |= {"numerator": "20"}
    tables["outcomes"].append(tables["outcomes"][0] | {"period": "2024", "numerator": "30", "denominator": "60"})
    run = take(tables)
    take_back(database, run)
    assert catalogue(database) == before


def test_figures_that_others_saw_are_known_for_good(database: Database, take: Take) -> None:
    take(sound())
    tables = sound()
    tables["outcomes"][0] |= {"numerator": "20"}
    run = take(tables)
    with database.transaction() as session:
        about = [About(session.scalars(select(Region.id)).one(), Indicator.GOALS_REACHED, "2025-H1")]
        outcomes.move(session, about, Audience.PROVIDER, ACTOR, "", DEFAULT_RULES, NOW)
        later = NOW + timedelta(days=20)
        outcomes.move(session, about, Audience.PUBLIC, ACTOR, "", DEFAULT_RULES, later)
        assert session.scalars(select(Publication.id)).all()
    assert "figures of this import were changed since" in refused(database, run)


def test_a_correction_that_was_shown_at_once_is_not_undone(database: Database, take: Take) -> None:
    """Fewer than 5 of 40 before and after: the page says the same, but others hold the new counts for published."""
    tables = sound()
    tables["outcomes"] = [tables["outcomes"][0] | {"numerator": "2", "denominator": "40", "invited": ""}]
    take(tables)
    with database.transaction() as session:
        about = [About(session.scalars(select(Region.id)).one(), Indicator.GOALS_REACHED, "2025-H1")]
        outcomes.move(session, about, Audience.PROVIDER, ACTOR, "", DEFAULT_RULES, NOW - timedelta(days=40))
        outcomes.move(session, about, Audience.PUBLIC, ACTOR, "", DEFAULT_RULES, NOW - timedelta(days=20))
    tables["outcomes"][0] |= {"numerator": "12", "denominator": "60"}
    run = take(tables)
    with database.transaction() as session:
        outcomes.keep_up(session, session.scalars(select(Region.id)).one(), DEFAULT_RULES, NOW + timedelta(days=20))
        assert len(session.scalars(select(Publication.id)).all()) == 2
    assert refused(database, run)


def test_an_objection_is_not_lost(database: Database, take: Take) -> None:
    tables = sound()
    with_counts = sound()
    del tables["outcomes"]
    take(tables)
    run = take(with_counts)
    with database.transaction() as session:
        about = [About(session.scalars(select(Region.id)).one(), Indicator.GOALS_REACHED, "2025-H1")]
        outcomes.move(session, about, Audience.PROVIDER, ACTOR, "", DEFAULT_RULES, NOW)
        figure = session.scalars(select(Figure).where(Figure.indicator == Indicator.GOALS_REACHED)).one()
        outcomes.object_to(session, figure, "Dit klopt niet.", ACTOR, DEFAULT_RULES, NOW)
    assert refused(database, run)


def test_only_the_last_can_be_undone(database: Database, take: Take) -> None:
    first = take(sound())
    second = take(many_changes())
    assert "only the last import" in refused(database, first)
    take_back(database, second)
    assert "only the last import" in refused(database, first)
    with database.sessions() as session:
        assert session.scalars(select(ImportUndo.import_run_id)).all() == []


def test_what_was_there_before_is_not_kept_for_long(database: Database, take: Take) -> None:
    take(sound())
    run = take(many_changes())
    with database.transaction() as session:
        assert forget_old(session, NOW + timedelta(days=200), 14) == 1
    assert "too long ago" in refused(database, run)


def test_an_address_that_became_secret_is_not_kept_to_be_undone(database: Database, take: Take) -> None:
    take(sound())
    tables = sound()
    tables["locations"][0]["address_confidential"] = "yes"
    tables["providers"][0]["summary"] = "Anders."
    run = take(tables)
    assert "Verzonnenstraat" not in as_text(database)
    with database.sessions() as session:
        assert b"Verzonnenstraat" not in zlib.decompress(session.scalars(select(ImportUndo.rows)).one())
    assert take_back(database, run).stays_secret == 1
    with database.sessions() as session:
        place = session.scalars(select(Location).where(Location.identifier == "A001-L1")).one()
        assert place.address_confidential and place.street is None
        assert session.scalars(select(Provider.summary).where(Provider.identifier == "A001")).one() != "Anders."


def test_a_place_that_became_a_family_home_stays_secret(database: Database, take: Take) -> None:
    take(sound())
    tables = sound()
    tables["locations"][0]["kind"] = "family_home"
    run = take(tables)
    with database.sessions() as session:
        assert b"Verzonnenstraat" not in zlib.decompress(session.scalars(select(ImportUndo.rows)).one())
    assert take_back(database, run).stays_secret == 1
    with database.sessions() as session:
        assert session.scalars(select(Location).where(Location.identifier == "A001-L1")).one().is_secret


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("waiting", "offer Weer naar school · A001-1 was changed since"),
        ("account", "somebody has an account at Nieuw · A003"),
        ("merger", "another provider merged into Nieuw · A003: Zuidwind · A002"),
        ("offer", "Nieuw · A003 has an offer that was added since: X · X"),
    ],
)
def test_what_stands_in_the_way_is_named_and_stays(database: Database, take: Take, what: str, said: str) -> None:
    take(sound())
    run = take(many_changes())
    with database.transaction() as session:
        region = session.scalars(select(Region.id)).one()
        new = session.scalars(select(Provider).where(Provider.identifier == "A003")).one()
        if what == "waiting":
            session.execute(update(Offer).where(Offer.identifier == "A001-1").values(waiting_weeks_start=3))
        elif what == "account":
            make_person(session, "ellen@nieuw.example", Post(Role.PROVIDER_MANAGER, region, new.id))
        elif what == "merger":
            merge_provider(session, region, "A002", "A003", actor=ACTOR, at=NOW)
        else:
            session.add(Offer(region_id=region, provider_id=new.id, identifier="X", name="X", description="X"))
    assert said in refused(database, run)


def test_a_waiting_time_that_is_just_being_told_is_not_overwritten(database: Database, take: Take) -> None:
    """Who undoes waits for who tells, and then sees what was told."""
    take(sound())
    tables = sound()
    tables["offers"][0] |= {"waiting_weeks_start": "9"}
    run = take(tables)
    outcome: list[object] = []

    def undo_it() -> None:
        try:
            outcome.append(take_back(database, run))
        except CannotUndo as refusal:
            outcome.append(str(refusal))

    undoing = threading.Thread(target=undo_it)
    with database.transaction() as session:
        offer = session.scalars(select(Offer).where(Offer.identifier == "A001-1")).one()
        told = Told(intake=2, start=3, is_accepting=True)
        tell(session, offer.id, told, version_of(offer), ACTOR, TODAY, NOW)
        session.flush()
        undoing.start()
        undoing.join(timeout=1)
        assert undoing.is_alive()
    undoing.join(timeout=20)
    with database.sessions() as session:
        assert session.scalars(select(Offer.waiting_weeks_start).where(Offer.identifier == "A001-1")).one() == 3
    assert "was changed since" in str(outcome)


def test_what_was_changed_elsewhere_meanwhile_stays(database: Database, take: Take) -> None:
    take(sound())
    tables = sound()
    tables["offers"][0]["name"] = "Anders"
    run = take(tables)
    with database.transaction() as session:
        session.execute(
            update(Offer)
            .where(Offer.identifier == "A002-1")
            .values(waiting_weeks_start=3, waiting_origin=Origin.DESK, waiting_reported_on=TODAY)
        )
    take_back(database, run)
    with database.sessions() as session:
        names = dict(session.execute(select(Offer.identifier, Offer.name)).all())
        assert names["A001-1"] == "Weer naar school"
        assert session.scalars(select(Offer.waiting_weeks_start).where(Offer.identifier == "A002-1")).one() == 3


@pytest.mark.parametrize("rounds", [12, pytest.param(300, marks=pytest.mark.long)])
def test_any_import_is_undone_whole_or_not_at_all(database: Database, take: Take, rounds: int) -> None:
    """Random packages and random changes in between: as before the import, or refused and nothing lost."""
    rolls = random.Random(11)  # noqa: S311
    take(sound())
    undone = 0
    for places in range(100, 100 + rounds):
        before = catalogue(database)
        run = take(_random_package(rolls))
        since = catalogue(database)
        changed = None
        if rolls.random() < 0.4:
            with database.transaction() as session:
                changed = rolls.choice(session.scalars(select(Offer).order_by(Offer.id)).all()).identifier
                session.execute(update(Offer).where(Offer.identifier == changed).values(places_free=places))
        if since == before:
            continue  # nothing changed, so there is no new import to undo
        now = catalogue(database)
        try:
            take_back(database, run)
        except CannotUndo:
            assert catalogue(database) == now != since
            continue
        undone += 1
        with database.transaction() as session:
            if changed is not None:
                here = select(Offer).where(Offer.identifier == changed)
                assert session.scalars(here).one().places_free == places  # what somebody told meanwhile stays
                was = dict(zip((column.name for column in Offer.__table__.columns), _row(before, changed), strict=True))
                session.scalars(here).one().places_free = was["places_free"]
        assert catalogue(database) == before
    assert undone


def _row(rows: dict[str, list[tuple[object, ...]]], identifier: str) -> tuple[object, ...]:
    return next(row for row in rows["offer"] if identifier in row)


def _random_package(rolls: random.Random) -> Tables:
    tables = sound()
    for rows in tables.values():
        for row in rows:
            for column in (
                "name",
                "summary",
                "description",
                "phone",
                "topics",
                "languages",
                "municipalities",
                "numerator",
            ):
                if row.get(column) and rolls.random() < 0.3:
                    row[column] = _changed(column, rolls)
    for number in range(rolls.randint(0, 2)):
        new = f"N{rolls.randint(0, 5)}-{number}"
        tables["providers"].append({"provider_id": new, "name": f"Nieuw {new}"})
        tables["offers"].append({"offer_id": new, "provider_id": new, "name": "Iets", "arrangement": "regie",
                                 "description": "Iets.", "topics": "slapen"})  # fmt: skip
    return {name: rows for name, rows in tables.items() if name in ("providers", "locations") or rolls.random() < 0.8}


def _changed(column: str, rolls: random.Random) -> str:
    return {
        "phone": f"045-555 {rolls.randint(10, 99)} 00", "topics": rolls.choice(("angst", "slapen;angst", "eigen")),
        "languages": rolls.choice(("nl", "nl;en", "ar")), "municipalities": rolls.choice(("Heerlen", "Kerkrade")),
        "numerator": str(rolls.randint(10, 40)),
    }.get(column, f"Tekst {rolls.randint(1, 9)}")  # fmt: skip


def test_by_command(app: Flask, database: Database, take: Take, cli: Callable[..., Result]) -> None:
    take(sound())
    before = catalogue(database)
    run = take(many_changes())
    listed = cli("imports", "list").output.splitlines()
    assert listed[0].startswith(f"{run}\t") and listed[0].endswith("kan teruggedraaid worden")
    done = cli("imports", "undo", str(run))
    assert done.exit_code == 0 and "Alles is weer zoals" in done.output
    assert catalogue(database) == before
    again = cli("imports", "undo", str(run))
    assert again.exit_code == 1 and "al teruggedraaid" in again.output
    assert cli("imports", "undo", "999").exit_code == 1
    assert cli("imports", "undo", "x").exit_code == cli("imports", "list", "--region", "Elders").exit_code == 2


def test_the_daily_command_erases_what_is_kept_for_too_long(
    database: Database, take: Take, cli: Callable[..., Result]
) -> None:
    run = take(sound())
    with clock.frozen(TODAY + timedelta(days=400)):
        assert "imports: 1 can be undone no more" in cli("daily").output
    assert "too long ago" in refused(database, run)
