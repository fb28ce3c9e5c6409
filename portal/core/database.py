"""The database: one engine a process, one session a request; what changes it does so in one transaction.

SQLite 3.7.0 to 3.51.2 can lose or corrupt data in write-ahead mode when two connections write and
checkpoint at the same moment (https://sqlite.org/wal.html, "The WAL-Reset Bug"); fixed in 3.51.3 and
backported to 3.50.7 and 3.44.6. `journal_mode_for` therefore grants write-ahead mode only to a
version that is safe, and the `pysqlite3` dependency brings one where the platform has a wheel.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from flask import Flask, current_app, g
from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, create_engine, event, literal, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from portal.core.keys import Keys

NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph"}
BUSY_TIMEOUT_MS = 15_000
PATIENCE = "SET LOCAL lock_timeout = '4s'; SET LOCAL statement_timeout = '5s'"
"""How long a page waits for PostgreSQL: a visitor gets an answer, also while something is being migrated."""


class Base(DeclarativeBase):
    """Base of all models; gives every constraint a name, so that a violation can be told apart."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def choice(kind: type[StrEnum], named: str = "") -> Enum:
    """The column type of an enumeration: kept as its text, with a check that is `named` after it or otherwise."""
    return Enum(
        kind,
        name=f"{named or kind.__name__.lower()}_known",
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


class Moment(TypeDecorator[datetime]):
    """The column type of a moment: given and taken with a time zone, kept in UTC. SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """In UTC. Raises ValueError for a moment without a time zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment has a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """With its zone."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class DatabaseUnsafe(RuntimeError):
    """The database lies where it cannot be kept safe; the message says where it should be."""


def journal_mode_for(version: tuple[int, int, int]) -> str:
    """`"wal"` for a SQLite version without the WAL-reset bug, else `"delete"` (rollback journal)."""
    safe = (
        version >= (3, 51, 3)
        or (version[:2] == (3, 50) and version >= (3, 50, 7))
        or (version[:2] == (3, 44) and version >= (3, 44, 6))
    )
    return "wal" if safe else "delete"


@cache
def sqlite_module() -> ModuleType:
    """The SQLite driver with the newest library that is installed."""
    try:
        import pysqlite3
    except ImportError:
        return sqlite3
    newer = pysqlite3.sqlite_version_info >= sqlite3.sqlite_version_info
    return pysqlite3 if newer else sqlite3


def file_system_of(path: Path, mounts: str | None = None) -> str:
    """The type of the file system that holds `path` (empty where the system does not tell)."""
    if mounts is None:
        table = Path("/proc/mounts")
        mounts = table.read_text(encoding="utf-8", errors="replace") if table.exists() else ""
    best = ("", "")
    for line in mounts.splitlines():
        parts = line.split()
        if len(parts) >= 3 and path.resolve().is_relative_to(parts[1]) and len(parts[1]) >= len(best[0]):
            best = (parts[1], parts[2])
    return best[1]


def make_engine(url: str) -> Engine:
    """Open the database at `url`; SQLite gets a safe journal, foreign keys and durable commits.

    What a visitor asked is a parameter of a statement: errors name the statement only, so that no log holds it.

    Raises DatabaseUnsafe for a SQLite file on a network file system.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        # Who looks up a code list does so beside the session of the request: a pool with a bound could wait for itself.
        return create_engine(
            address, pool_pre_ping=True, max_overflow=-1, hide_parameters=True, connect_args={"connect_timeout": 5}
        )
    module = sqlite_module()
    if address.database:
        folder = Path(address.database).parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kind = file_system_of(folder)
        if kind in NETWORK_FILE_SYSTEMS:
            raise DatabaseUnsafe(
                f"{address.database} is on {kind}: SQLite cannot share a file over a network. "
                "Use a local disk, or PostgreSQL through PORTAL_DATABASE_URL."
            )
    engine = create_engine(
        address,
        module=module,
        max_overflow=-1,
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
    )
    journal_mode = journal_mode_for(module.sqlite_version_info)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, see below
        cursor = connection.cursor()
        _set_journal_mode(cursor, journal_mode)
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # Python's driver would start a transaction only at the first write, so that a read before
        # it could see another state than the write after it.
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _set_journal_mode(cursor: Any, mode: str) -> None:
    """Two who open a new file at once: SQLite refuses the second here at once, where it waits anywhere else."""
    give_up = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute(f"PRAGMA journal_mode={mode}")
            return
        except sqlite_module().OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


class Database:
    """The engine and its sessions; in `data_dir` is noted what must outlive a restore (`portal/core/outliving.py`)."""

    def __init__(self, url: str, keys: Keys | None = None, data_dir: Path | None = None) -> None:
        self.engine = make_engine(url)
        self.keys = keys or Keys()
        self.sessions = sessionmaker(
            self.engine, expire_on_commit=False, info={"keys": self.keys, "data_dir": data_dir}
        )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session outside a request: committed at the end of the block, rolled back on an error."""
        with self.sessions() as session, session.begin():
            if self.engine.dialect.name == "sqlite":
                # Take the write lock at once: a writer that has read first cannot be upgraded safely.
                session.connection(execution_options={"begin": "BEGIN IMMEDIATE"})
            yield session

    def sweep(self) -> None:
        """Let nothing that was overwritten linger in SQLite's write-ahead log; readers at work may delay it.

        The file itself is swept by `secure_delete`. PostgreSQL keeps old rows until it vacuums.
        """
        if self.engine.dialect.name == "sqlite":
            raw = self.engine.raw_connection()  # outside any transaction: inside one there is nothing to sweep
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                raw.close()

    def answers(self) -> bool:
        """Whether the database can be reached."""
        with self.engine.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar_one() == 1)


def keys_of(session: Session) -> Keys:
    """The keys of the installation that `session` works for."""
    return cast(Keys, session.info["keys"])


def insert_if_absent(session: Session, kind: type[Base], /, **values: object) -> bool:
    """Add this row unless one with its key is there, and say whether it was added.

    Waits where another writer is just adding it.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = insert(kind).values(**values).on_conflict_do_nothing().returning(literal(1))
    return session.execute(added).first() is not None


def init_app(app: Flask, url: str, keys: Keys, data_dir: Path) -> Database:
    """Open the database for `app` and close each request's session."""
    database = Database(url, keys, data_dir)
    app.extensions["portal.database"] = database

    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        session: Session | None = g.pop("session", None)
        if session is not None:
            session.close()

    return database


def current_database() -> Database:
    """The database of the running application."""
    return cast(Database, current_app.extensions["portal.database"])


def current_session() -> Session:
    """The session of this request; opened at first use, closed with the request."""
    if "session" not in g:
        g.session = current_database().sessions()
        if current_database().engine.dialect.name == "postgresql":
            g.session.execute(text(PATIENCE))
    return cast(Session, g.session)


def let_go() -> None:
    """End the reading of this request so far: with a rollback journal a writer would wait for its own reader.

    What was read stays as it was read.
    """
    if "session" in g:
        g.session.commit()


@contextmanager
def current_transaction() -> Iterator[Session]:
    """A transaction of this request, committed at the end of the block, rolled back on an error."""
    let_go()
    with current_database().transaction() as session:
        yield session
