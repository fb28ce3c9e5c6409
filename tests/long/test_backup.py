"""Backups of a large database while fifty changes a second are made to it: every one is of one moment (R4)."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from portal.backup.copies import CannotCopy, check_sqlite, copy_sqlite
from portal.core import migrations
from portal.core.database import Database, sqlite_module

pytestmark = pytest.mark.long

BACKUPS, CHANGES_A_SECOND, SECONDS = 20, 50, 60.0
PAGES, PAGE = 13_000, 8_192
"""Together more than a hundred megabytes."""


def change(url: str, stop: Event, done: multiprocessing.Queue) -> None:  # type: ignore[type-arg]
    """Fifty transactions a second: each writes the same number in two tables, and other pages anew."""
    database, number = Database(url), 0
    raw = database.engine.raw_connection()
    started = time.monotonic()
    while not stop.is_set():
        number += 1
        cursor = raw.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("INSERT INTO one VALUES (?)", (number,))
        for at in range(5):
            page = (number * 7919 + at * 104_729) % PAGES
            cursor.execute("UPDATE ballast SET content = ? WHERE id = ?", (os.urandom(PAGE), page))
        cursor.execute("INSERT INTO other VALUES (?)", (number,))
        cursor.execute("COMMIT")
        time.sleep(max(0.0, started + number / CHANGES_A_SECOND - time.monotonic()))
    done.put((number, time.monotonic() - started))


@contextmanager
def under_changes(path: Path) -> Iterator[multiprocessing.Queue]:  # type: ignore[type-arg]
    """A large database to which changes are made all the time."""
    url = f"sqlite:///{path}"
    database = Database(url)
    migrations.upgrade(database.engine)
    raw = database.engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("BEGIN")
    cursor.execute("CREATE TABLE one (number INTEGER)")
    cursor.execute("CREATE TABLE other (number INTEGER)")
    cursor.execute("CREATE TABLE ballast (id INTEGER PRIMARY KEY, content BLOB)")
    cursor.executemany("INSERT INTO ballast VALUES (?, ?)", ((at, os.urandom(PAGE)) for at in range(PAGES)))
    cursor.execute("COMMIT")
    raw.close()
    database.engine.dispose()
    assert path.stat().st_size > 100_000_000
    context = multiprocessing.get_context("spawn")
    stop, done = context.Event(), context.Queue()
    process = context.Process(target=change, args=(url, stop, done))
    process.start()
    try:
        while seen(path) < 10:
            time.sleep(0.1)
        yield done
    finally:
        stop.set()
        process.join()


def seen(path: Path) -> int:
    """The last number that was written, as a reader sees it."""
    connection = sqlite_module().connect(path)
    try:
        return int(connection.execute("SELECT coalesce(max(number), 0) FROM other").fetchone()[0])
    finally:
        connection.close()


def is_of_one_moment(copy: Path, least: int, most: int) -> bool:
    """Whether a copy is whole, and its two tables say the same number, of a moment between these two."""
    try:
        check_sqlite(copy)
        connection = sqlite_module().connect(copy)
        found = [connection.execute(f"SELECT count(*), max(number) FROM {t}").fetchone() for t in ("one", "other")]  # noqa: S608
        connection.close()
    except (CannotCopy, sqlite_module().Error):
        return False
    return found[0] == found[1] and found[0][0] == found[0][1] and least <= found[0][0] <= most


def test_twenty_backups_under_fifty_changes_a_second_are_good_and_copied_files_are_not(tmp_path: Path) -> None:
    path, began = tmp_path / "portal.sqlite3", time.monotonic()
    with under_changes(path) as done:
        database, good, copied = Database(f"sqlite:///{path}"), 0, 0
        for number in range(BACKUPS):
            copy, before = tmp_path / f"{number}.sqlite3", seen(path)
            copy_sqlite(database.engine, copy)
            good += is_of_one_moment(copy, before, seen(path))
            copy.unlink()
            before = seen(path)
            shutil.copyfile(path, copy)  # what people do
            copied += is_of_one_moment(copy, before, seen(path))
            copy.unlink()
            time.sleep(max(0.0, began + SECONDS * (number + 1) / BACKUPS - time.monotonic()))
        database.engine.dispose()
    changes, seconds = done.get(timeout=30)
    assert good == BACKUPS
    assert copied < BACKUPS / 2, f"a copied file was good {copied} times: this test would not notice one"
    assert changes / seconds > 0.5 * CHANGES_A_SECOND, f"only {changes / seconds:.0f} changes a second"
