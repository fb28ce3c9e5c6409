"""Safe journal modes, safe places, and migrations that go up and down with data in them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from portal.catalogue.models import Provider, Region
from portal.core import database as core_database
from portal.core import migrations
from portal.core.database import Database, DatabaseUnsafe, file_system_of, journal_mode_for, make_engine
from portal.models import Base


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 6, 23), "delete"),  # has no write-ahead log at all
        ((3, 7, 0), "delete"),
        ((3, 40, 1), "delete"),
        ((3, 44, 5), "delete"),
        ((3, 44, 6), "wal"),
        ((3, 45, 0), "delete"),
        ((3, 50, 6), "delete"),
        ((3, 50, 7), "wal"),
        ((3, 51, 0), "delete"),
        ((3, 51, 2), "delete"),
        ((3, 51, 3), "wal"),
        ((3, 53, 4), "wal"),
    ],
)
def test_write_ahead_only_where_the_reset_bug_is_fixed(version: tuple[int, int, int], mode: str) -> None:
    # Versions: https://sqlite.org/wal.html, "The WAL-Reset Bug".
    assert journal_mode_for(version) == mode


def test_engine_uses_the_journal_that_its_library_makes_safe(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with engine.connect() as connection:
        mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
    engine.dispose()
    assert mode == journal_mode_for(core_database.sqlite_module().sqlite_version_info)


def test_sqlite_on_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_database, "file_system_of", lambda _path: "nfs4")
    with pytest.raises(DatabaseUnsafe, match="PORTAL_DATABASE_URL"):
        make_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")


def test_file_system_is_that_of_the_deepest_mount(tmp_path: Path) -> None:
    mounts = f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n"
    assert file_system_of(tmp_path / "deep" / "er", mounts) == "nfs4"
    assert file_system_of(Path("/"), mounts) == "ext4"


def test_tables_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_goes_up_and_down_with_data_in_it(new_database_url: Callable[[], str]) -> None:
    database = Database(new_database_url())
    script = ScriptDirectory(str(migrations.ROOT / "migrations"))
    revisions = [revision.revision for revision in script.walk_revisions()]
    with database.transaction() as session:
        region = Region(name="Ergens", fictional=True)
        session.add(Provider(region=region, identifier="A", slug="a", name="A"))
    for revision in revisions:
        below = script.get_revision(revision).down_revision or "base"
        shape = sorted(inspect(database.engine).get_table_names())
        migrations.downgrade(database.engine, str(below))
        migrations.upgrade(database.engine, revision)
        assert sorted(inspect(database.engine).get_table_names()) == shape
        migrations.downgrade(database.engine, str(below))
    migrations.upgrade(database.engine)
    assert migrations.current(database.engine) == migrations.head()
    database.engine.dispose()


def test_a_new_file_is_opened_by_two_at_once(tmp_path: Path) -> None:
    """SQLite refuses at once where two make a file write ahead: at a first start of two processes, now and then."""
    failures: list[Exception] = []

    def open_it(database: Database, start: threading.Barrier) -> None:
        start.wait()
        try:
            database.answers()
        except Exception as error:
            failures.append(error)

    for number in range(120):
        databases = [Database(f"sqlite:///{tmp_path / str(number)}.sqlite3") for _ in range(2)]
        start = threading.Barrier(2)
        threads = [threading.Thread(target=open_it, args=(database, start)) for database in databases]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for database in databases:
            database.engine.dispose()
    assert failures == []


def test_migrating_twice_and_by_two_at_once_is_harmless(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    databases = [Database(url) for _ in range(2)]
    failures: list[Exception] = []

    def migrate(database: Database) -> None:
        try:
            migrations.upgrade(database.engine)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=migrate, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert migrations.current(databases[0].engine) == migrations.head()
    for database in databases:
        database.engine.dispose()


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        session.add(Region(name="Half"))
        session.flush()
        1 / 0  # noqa: B018
    with database.sessions() as session:
        assert session.scalars(select(Region)).all() == []
