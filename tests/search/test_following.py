"""The index follows the catalogue, and nothing of a text that was changed or withdrawn stays in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from flask import Flask, current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import serving
from portal.catalogue.models import CatalogueRevision, Offer, Provider
from portal.catalogue.operations import KEPT_REVISIONS, touch
from portal.core import clock
from portal.core.database import current_database
from portal.search import following, index
from portal.search.documents import Document
from portal.search.engine import Engine, current_engine
from portal.search.following import Follower, current_follower, is_behind
from portal.search.index import IndexFolder, one_writer
from tests.conftest import TODAY
from tests.search.asking import ask
from tests.search.test_engine import damage


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


def spoiled(content: str, kind: str) -> str:
    """The manifest `content` with one thing in it that was never written."""
    manifest = json.loads(content)
    first = manifest["parts"][0]
    file, (size, digest) = next(iter(first["files"].items()))
    match kind:
        case "no revision":
            manifest["revision"] = None
        case "revision in words":
            manifest["revision"] = "2"
        case "true":
            manifest["revision"] = True
        case "far revision":
            manifest["revision"] = 10**30
        case "NUL":
            first["name"] = "part-\0"
        case "surrogate":
            first["name"] = "part-\ud800"
        case "elsewhere":
            first["name"] = ".."
        case "size in words":
            first["files"][file] = [str(size), digest]
        case "no digest":
            first["files"][file] = [size, None]
        case "no parts":
            manifest["parts"] = []
        case "twice":
            manifest["parts"] *= 2
        case "no offers":
            first["offers"] = None
        case "a list":
            manifest["parts"] = {"name": 1}
    return json.dumps(manifest)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"revision": 1}',
        "\x00" * 40,
        '{"parts": [{"name": "../x"}]}',
        "[" * 100_000,
        '{"parts": 1e999}',
    ],
    ids=range(8),
)
def test_a_damaged_manifest_is_survived(searchable_app: Flask, follower: Follower, content: str) -> None:
    path: Path = current_engine().folder.path / "current"
    path.write_text(content, encoding="utf-8")
    assert current_engine().index() is None
    assert follower.catch_up()
    assert ask(searchable_app, q="angst").total > 3


@pytest.mark.parametrize(
    "kind",
    [
        "no revision", "revision in words", "true", "far revision", "NUL", "surrogate", "elsewhere", "size in words",
        "no digest", "no parts", "twice", "no offers", "a list",
    ],
)  # fmt: skip
def test_a_manifest_of_another_shape_is_none(searchable_app: Flask, follower: Follower, kind: str) -> None:
    path: Path = current_engine().folder.path / "current"
    path.write_text(spoiled(path.read_text(encoding="utf-8"), kind), encoding="utf-8")
    if kind != "no parts":  # as a catalogue without offers has it
        assert current_engine().index() is None
    assert follower.catch_up()
    assert ask(searchable_app, q="angst").total > 3
    assert not follower.catch_up()


# --- damage ----------------------------------------------------------------------------------------------


def another_worker() -> Engine:
    return Engine(current_app.extensions["portal.lists"].files, current_engine().folder.path.parent, None)


def first_part() -> Path:
    manifest = current_engine().folder.manifest()
    assert manifest is not None
    return current_engine().folder.path / manifest.parts[0].name


@pytest.mark.parametrize("kind", ["missing", "truncated", "zeroed", "flipped", "foreign"])
def test_a_damaged_part_is_written_anew_at_the_start(searchable_app: Flask, follower: Follower, kind: str) -> None:
    damage(first_part(), kind)
    assert follower.catch_up()
    assert ask(searchable_app, q="angst").total > 3
    assert not follower.compare()
    follower.catch_up()
    assert not follower.catch_up()


def test_damage_that_a_worker_meets_is_mended(searchable_app: Flask, follower: Follower) -> None:
    assert not follower.catch_up()
    damage(first_part(), "zeroed")
    worker = another_worker()
    assert worker.index() is None
    assert follower.catch_up()
    assert worker.index() is not None
    current_engine().folder.sweep(grace=0)
    follower.catch_up()
    assert not follower.catch_up()


def test_damage_that_nobody_meets_is_mended_at_the_comparison(searchable_app: Flask, follower: Follower) -> None:
    assert not follower.catch_up()
    damage(first_part(), "zeroed")
    follower.mend()
    assert another_worker().index() is not None


@pytest.mark.parametrize("kind", ["zeroed", "truncated"])
def test_damage_under_a_running_worker_changes_no_answer(searchable_app: Flask, follower: Follower, kind: str) -> None:
    mine, other = current_engine().index(), another_worker().index()
    assert mine is not None
    assert other is not None
    (stem,) = current_engine().question("autisme").terms
    right = mine.weights_of(stem)
    assert right is not None
    damage(first_part(), kind)
    found = other.weights_of(stem)
    assert found is not None
    assert all(np.array_equal(one, another) for one, another in zip(right, found, strict=True))


def test_only_files_of_the_manifest_are_opened(searchable_app: Flask, follower: Follower) -> None:
    (first_part() / "_MAIN_9.toc").write_bytes(b"another index")
    assert another_worker().index() is not None


def test_a_process_holds_no_file_of_the_index(searchable_app: Flask, follower: Follower) -> None:
    ask(searchable_app, q="angst")
    assert str(current_engine().folder.path) not in Path("/proc/self/maps").read_text()


def test_a_part_stays_for_a_while_after_it_was_superseded(searchable_app: Flask, follower: Follower) -> None:
    part = first_part()
    os.utime(part, (0, 0))
    follower.rebuild()
    assert part.is_dir(), "a process may just be opening it"
    os.utime(part, (0, 0))
    current_engine().folder.sweep()
    assert not part.exists()


def test_long_keys_are_counted() -> None:
    kept = index._Kept(10_000)
    for number in range(100):
        kept.recall(("terms", f"{number}" * 1_000), lambda: None)
    assert len(kept._postings) < 10


# --- the process that follows -----------------------------------------------------------------------------


def test_a_process_that_was_killed_while_it_wrote_is_noticed(
    searchable_app: Flask, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, itself = current_engine().folder.manifest(), os.getpid()
    write = IndexFolder.write_parts

    def killed(folder: IndexFolder, documents: Iterable[Document]) -> list[index.PartEntry]:
        if os.getpid() != itself:
            os.kill(os.getpid(), signal.SIGKILL)
        return write(folder, documents)

    monkeypatch.setattr(index, "PART_SIZE", 200)
    with monkeypatch.context() as patched, pytest.raises(BrokenProcessPool):
        patched.setattr(IndexFolder, "write_parts", killed)
        follower.rebuild()
    assert current_engine().folder.manifest() == before
    assert follower.rebuild() > 0


def test_what_a_writer_left_running_does_not_keep_the_next_one_out(follower: Follower) -> None:
    folder = current_engine().folder
    with one_writer(folder):
        left = os.fork()
        if not left:
            time.sleep(60)
            os._exit(0)
        with pytest.raises(subprocess.TimeoutExpired):
            _write_elsewhere(folder, patience=5)
    try:
        _write_elsewhere(folder, patience=30)
    finally:
        os.kill(left, signal.SIGKILL)
        os.waitpid(left, 0)


def _write_elsewhere(folder: IndexFolder, patience: float) -> None:
    script = (
        "import sys; from pathlib import Path; from portal.search.index import IndexFolder, one_writer\n"
        "with one_writer(IndexFolder(Path(sys.argv[1]))): pass"
    )
    subprocess.run([sys.executable, "-c", script, str(folder.path.parent)], check=True, timeout=patience)


def test_a_former_text_goes_after_a_restart_too(searchable_app: Flask, follower: Follower) -> None:
    rename(searchable_app, some_offer(searchable_app).identifier, "Kwispelstaartjes")
    follower.catch_up()
    rename(searchable_app, some_offer(searchable_app).identifier, "Tovertolletjes")
    follower.catch_up()
    current_follower().follow(1.0)
    current_engine().folder.sweep(grace=0)
    assert b"kwispelstaart" not in index_bytes(follower)


def test_tidying_that_failed_is_tried_again(
    searchable_app: Flask, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(searchable_app, some_offer(searchable_app).identifier, "Kwispelstaartjes")

    def broken() -> bool:
        raise ZeroDivisionError

    with monkeypatch.context() as patched, pytest.raises(ZeroDivisionError):
        patched.setattr(follower, "tidy", broken)
        follower.follow(1.0)
    follower.follow(2.0)
    assert len(current_engine().folder.manifest().parts) == 1  # type: ignore[union-attr]


def test_what_changes_while_parts_are_written_anew_is_tidied_as_well(
    searchable_app: Flask, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = rename(searchable_app, some_offer(searchable_app).identifier, "Kwispelstaartjes")
    follow_on, names = follower._follow_on, iter(["Tovertolletjes", "Hinkelpaadjes"])

    def changed_meanwhile() -> None:
        if name := next(names, None):
            rename(searchable_app, offer.identifier, name)
        follow_on()

    monkeypatch.setattr(follower, "_follow_on", changed_meanwhile)
    follower.follow(1.0)
    for later in range(1, 4):
        follower.follow(1.0 + later * (following.TIDY_AFTER_SECONDS + 1))
    current_engine().folder.sweep(grace=0)
    assert b"kwispelstaart" not in index_bytes(follower)
    assert b"hinkelpaad" in index_bytes(follower)


def test_an_offer_withdrawn_from_tomorrow_goes_tomorrow(searchable_app: Flask, follower: Follower) -> None:
    offer = rename(searchable_app, some_offer(searchable_app).identifier, "Kwispelstaartjes")
    with current_database().transaction() as session:
        session.execute(update(Offer).where(Offer.id == offer.id).values(withdrawn_on=TODAY + timedelta(1)))
        touch(session, {offer.provider_id})
    with clock.frozen(TODAY):
        follower.follow(1.0)
        follower.follow(2.0 + following.TIDY_AFTER_SECONDS)
        current_engine().folder.sweep(grace=0)
        assert b"kwispelstaart" in index_bytes(follower)
    with clock.frozen(TODAY + timedelta(1)):
        follower.follow(3.0 + following.TIDY_AFTER_SECONDS)
        current_engine().folder.sweep(grace=0)
        assert b"kwispelstaart" not in index_bytes(follower)


class Stopped(BaseException):
    """Ends a loop that has no end."""


def test_following_goes_on_after_any_error(follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    errors = iter([ZeroDivisionError(), BrokenProcessPool(), RecursionError(), Stopped()])
    pauses: list[float] = []

    def broken(_now: float) -> None:
        raise next(errors)

    monkeypatch.setattr(follower, "follow", broken)
    monkeypatch.setattr(following.time, "sleep", pauses.append)
    with pytest.raises(Stopped):
        follower.run()
    assert pauses == [1, 2, 4]


def test_what_runs_beside_the_workers_is_begun_again_when_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "PAUSE_SECONDS", 0.05)
    began = tmp_path / "began"
    script = "import sys, time; open(sys.argv[1], 'a').write('x'); time.sleep(60)"
    with caplog.at_level("ERROR", logger="portal"), serving.beside([(sys.executable, "-c", script, str(began))]):
        for times in (1, 2):
            _wait_for(lambda times=times: began.is_file() and len(began.read_text()) == times)  # type: ignore[misc]
            (process,) = (child for child in _children() if str(began) in _words_of(child))
            os.kill(process, signal.SIGKILL)
        _wait_for(lambda: len(began.read_text()) == 3)
    assert not [child for child in _children() if str(began) in _words_of(child)]
    assert "ended" in caplog.text


def _wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


def _children() -> list[int]:
    return [int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()]


def _words_of(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text()


def test_the_doctor_tells_when_nothing_keeps_the_index_in_step(searchable_app: Flask, follower: Follower) -> None:
    def told() -> str:
        return next(line for line in run(args=["doctor"]).output.splitlines() if " index: " in line)

    run = searchable_app.test_cli_runner().invoke
    follower.follow(1.0)
    assert told().startswith("ok")
    rename(searchable_app, some_offer(searchable_app).identifier, "Kwispelstaartjes")
    assert told().startswith("ok"), "it was followed a moment ago and will be again"
    beat = current_engine().folder.path / "followed"
    os.utime(beat, (0, 0))
    assert told().startswith("warning")
    assert "since" in told()
    beat.unlink()
    assert told().startswith("warning")


def test_an_import_says_whose_texts_changed(searchable_app: Flask, follower: Follower, tmp_path: Path) -> None:
    from portal.exchange.importing import import_package

    with current_database().sessions() as session:
        offer = session.scalars(select(Offer).order_by(Offer.id)).first()
        assert offer is not None
        provider = session.get_one(Provider, offer.provider_id)
    file = tmp_path / "offers.csv"
    lists = searchable_app.extensions["portal.lists"].files
    head = "offer_id;provider_id;name;arrangement;description\n"
    file.write_text(f"{head}{offer.identifier};{provider.identifier};Kwispelstaartjes;{offer.arrangement};Iets\n")
    report = import_package(current_database(), lists, file, "Zuid-Limburg", today=TODAY)
    assert report.ok, report.as_text("en")
    assert follower.catch_up()
    assert [hit.offer_id for hit in ask(searchable_app, q="kwispelstaartjes").hits] == [offer.id]
    assert not follower.compare()
