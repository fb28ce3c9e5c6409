"""The index follows the catalogue, and nothing of a text that was changed or withdrawn stays in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.catalogue.models import CatalogueRevision, Offer, Provider
from portal.catalogue.operations import KEPT_REVISIONS, touch
from portal.core.database import current_database
from portal.search import following, index
from portal.search.engine import current_engine
from portal.search.following import Follower, current_follower, is_behind
from tests.conftest import TODAY
from tests.search.asking import ask


@pytest.fixture
def follower(searchable_app: Flask) -> Iterator[Follower]:
    with searchable_app.app_context():
        yield current_follower()


def rename(app: Flask, identifier: str, name: str) -> Offer:
    """Give an offer another name, in the way that an operation does."""
    with app.app_context(), current_database().transaction() as session:
        offer = session.scalars(select(Offer).where(Offer.identifier == identifier)).one()
        offer.name = name
        touch(session, {offer.provider_id})
    return offer


def some_offer(app: Flask) -> Offer:
    with app.app_context(), current_database().sessions() as session:
        return session.scalars(select(Offer).order_by(Offer.id)).first()  # type: ignore[return-value]


def index_bytes(follower: Follower) -> bytes:
    folder = current_engine().folder.path
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_changed_text_is_found_and_the_former_is_not(searchable_app: Flask, follower: Follower) -> None:
    assert not follower.catch_up()
    offer = rename(searchable_app, some_offer(searchable_app).identifier, "Kwispelstaartjes")
    assert follower.catch_up()
    assert not follower.catch_up()
    assert [hit.offer_id for hit in ask(searchable_app, q="kwispelstaartjes").hits] == [offer.id]
    rename(searchable_app, offer.identifier, "Tovertolletjes")
    # Not followed yet: what was withdrawn a moment ago is not found any more all the same.
    assert ask(searchable_app, q="kwispelstaartjes").total == 0
    follower.catch_up()
    assert ask(searchable_app, q="kwispelstaartjes").total == 0
    assert ask(searchable_app, q="tovertolletjes").total == 1
    assert len(current_engine().folder.manifest().parts) == 3  # type: ignore[union-attr]


def test_a_change_of_something_else_leaves_the_index(searchable_app: Flask, follower: Follower) -> None:
    before = current_engine().folder.manifest()
    with current_database().transaction() as session:
        session.execute(update(Offer).values(waiting_weeks_start=3))
        touch(session)
    assert not follower.catch_up()
    assert current_engine().folder.manifest() == before
    assert ask(searchable_app, longest_wait=3).total == ask(searchable_app).counts["wachttijd"]["4"]


def test_nothing_of_a_former_text_stays_in_the_files(searchable_app: Flask, follower: Follower) -> None:
    offer = rename(searchable_app, some_offer(searchable_app).identifier, "Kwispelstaartjes")
    follower.catch_up()
    assert b"kwispelstaart" in index_bytes(follower)
    with current_database().transaction() as session:
        session.execute(update(Offer).where(Offer.id == offer.id).values(withdrawn_on=TODAY - timedelta(1)))
        touch(session, {offer.provider_id})
    follower.catch_up()
    assert follower.tidy()
    current_engine().folder.sweep(grace=0)
    assert b"kwispelstaart" not in index_bytes(follower)
    assert not follower.tidy()
    assert not follower.compare()
    assert len(current_engine().folder.manifest().parts) == 1  # type: ignore[union-attr]


def test_the_same_answers_before_and_after_tidying(searchable_app: Flask, follower: Follower) -> None:
    rename(searchable_app, some_offer(searchable_app).identifier, "Begeleiding bij angst op school")
    follower.catch_up()
    asked = ("angst op school", "mijn dochter eet niet", "autisme")
    before = [[hit.offer_id for hit in ask(searchable_app, q=q).hits] for q in asked]
    assert follower.tidy()
    assert [[hit.offer_id for hit in ask(searchable_app, q=q).hits] for q in asked] == before
    follower.rebuild()
    assert [[hit.offer_id for hit in ask(searchable_app, q=q).hits] for q in asked] == before


def test_changes_are_followed_while_parts_are_written_anew(
    searchable_app: Flask, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = rename(searchable_app, some_offer(searchable_app).identifier, "Kwispelstaartjes")
    follower.catch_up()
    follow_on = follower._follow_on
    changed: list[int] = []

    def changed_meanwhile() -> None:
        if not changed:
            changed.append(1)
            rename(searchable_app, offer.identifier, "Tovertolletjes")
        follow_on()

    monkeypatch.setattr(follower, "_follow_on", changed_meanwhile)
    assert follower.tidy()
    assert changed
    assert ask(searchable_app, q="tovertolletjes").total == 1
    assert ask(searchable_app, q="kwispelstaartjes").total == 0
    assert not follower.compare()


def test_a_divergence_is_found_and_mended(searchable_app: Flask, follower: Follower) -> None:
    with current_database().transaction() as session:
        first, second, third, *_ = session.scalars(select(Offer).order_by(Offer.id)).all()
        first.name = "Kwispelstaartjes"  # and nobody said so
        second.withdrawn_on = TODAY - timedelta(1)
    with current_database().sessions() as session:
        folder = current_engine().folder
        manifest = folder.manifest()
        assert manifest is not None
        others = following._documents_of(current_engine(), session, [o for o in _offers(session) if o != third.id])
        monitored = folder.write_parts(others)
        folder.put(index.Manifest(manifest.revision, manifest.fingerprint, tuple(monitored)))
    # The index now lacks the third, and holds the new name; make it hold the former one.
    difference = follower.compare()
    assert difference is not None
    assert difference.missing == {third.id}
    follower.mend()
    assert not follower.compare()
    assert ask(searchable_app, q="kwispelstaartjes").total == 1


def test_unannounced_texts_are_found_by_their_digest(searchable_app: Flask, follower: Follower) -> None:
    with current_database().transaction() as session:
        first, second, *_ = session.scalars(select(Offer).order_by(Offer.id)).all()
        first.description = "Iets heel anders."
        second.withdrawn_on = TODAY
    difference = follower.compare()
    assert difference is not None
    assert (difference.missing, difference.left_over, difference.outdated) == (set(), {second.id}, {first.id})
    assert follower.mend() == difference
    assert not follower.compare()


def _offers(session: Session) -> list[int]:
    return list(session.scalars(select(Offer.id).order_by(Offer.id)))


def test_a_large_index_is_written_by_several_processes(
    searchable_app: Flask, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [hit.offer_id for hit in ask(searchable_app, q="angst op school").hits]
    monkeypatch.setattr(index, "PART_SIZE", 200)
    count = follower.rebuild()
    manifest = current_engine().folder.manifest()
    assert manifest is not None
    assert sum(part.offers for part in manifest.parts) == count
    assert len(manifest.parts) > 2
    assert not follower.compare()
    assert [hit.offer_id for hit in ask(searchable_app, q="angst op school").hits] == before


def test_an_index_of_long_ago_is_written_anew(searchable_app: Flask, follower: Follower) -> None:
    offer = some_offer(searchable_app)
    with current_database().transaction() as session:
        session.execute(update(Offer).where(Offer.id == offer.id).values(name="Kwispelstaartjes"))
        session.execute(update(CatalogueRevision).values(number=CatalogueRevision.number + KEPT_REVISIONS + 1))
    assert follower.catch_up()
    assert ask(searchable_app, q="kwispelstaartjes").total == 1


def test_a_failed_rebuild_leaves_the_live_index(
    searchable_app: Flask, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = current_engine().folder
    before, parts = folder.manifest(), {path for path in folder.path.iterdir() if path.is_dir()}

    def broken(_texts: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(current_engine().reader, "document", broken)
    with pytest.raises(ZeroDivisionError):
        follower.rebuild()
    assert folder.manifest() == before
    assert {path for path in folder.path.iterdir() if path.is_dir()} == parts


def test_the_folder_is_private_and_nothing_superfluous_stays(searchable_app: Flask, follower: Follower) -> None:
    folder = current_engine().folder
    assert folder.path.stat().st_mode & 0o777 == 0o700
    (folder.path / "part-half-written").mkdir()
    folder.sweep(grace=0)
    manifest = folder.manifest()
    assert manifest is not None
    assert {path.name for path in folder.path.iterdir()} - {"writer.lock"} == {
        "current", *(part.name for part in manifest.parts)
    }  # fmt: skip


def test_what_lags_behind_is_told(searchable_app: Flask, follower: Follower) -> None:
    with current_database().sessions() as session:
        assert not is_behind(current_engine(), session)
    rename(searchable_app, some_offer(searchable_app).identifier, "Kwispelstaartjes")
    with current_database().sessions() as session:
        assert is_behind(current_engine(), session)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"revision": 1}', "\x00" * 40, '{"parts": [{"name": "../x"}]}'])
def test_a_damaged_manifest_is_survived(searchable_app: Flask, follower: Follower, content: str) -> None:
    path: Path = current_engine().folder.path / "current"
    path.write_text(content, encoding="utf-8")
    assert current_engine().index() is None
    assert follower.catch_up()
    assert ask(searchable_app, q="angst").total > 3


def test_an_import_says_whose_texts_changed(searchable_app: Flask, follower: Follower, tmp_path: Path) -> None:
    from portal.exchange.importing import import_package

    with current_database().sessions() as session:
        offer = session.scalars(select(Offer).order_by(Offer.id)).first()
        assert offer is not None
        provider = session.get_one(Provider, offer.provider_id)
    file = tmp_path / "offers.csv"
    lists = searchable_app.extensions["portal.code_lists"]
    head = "offer_id;provider_id;name;arrangement;description\n"
    file.write_text(f"{head}{offer.identifier};{provider.identifier};Kwispelstaartjes;{offer.arrangement};Iets\n")
    report = import_package(current_database(), lists, file, "Zuid-Limburg", today=TODAY)
    assert report.ok, report.as_text("en")
    assert follower.catch_up()
    assert [hit.offer_id for hit in ask(searchable_app, q="kwispelstaartjes").hits] == [offer.id]
    assert not follower.compare()
