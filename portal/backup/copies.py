"""A whole copy of the database of each kind, taken while others write, and put back in its place.

SQLite writes its copy itself, from one moment (`VACUUM INTO`): copying the file of a running database gives a damaged
one, and what was deleted would come along. PostgreSQL's own programs do the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Engine, inspect, make_url, text

from portal.core.database import sqlite_module


class CannotCopy(RuntimeError):
    """The database cannot be copied or put back; the message says why, and what would help."""


# --- SQLite ----------------------------------------------------------------------------------------------


def copy_sqlite(engine: Engine, target: Path) -> None:
    """Write all of the database, as it is at one moment, to the file `target`. Raises CannotCopy."""
    raw = engine.raw_connection()  # outside any transaction of ours
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(target),)).close()
    except sqlite_module().Error as error:
        raise CannotCopy(f"the database could not be copied: {error}") from error
    finally:
        raw.close()
    target.chmod(0o600)
    check_sqlite(target)
    sync(target)


def check_sqlite(file: Path) -> None:
    """Raise CannotCopy where `file` is no whole database."""
    connection = sqlite_module().connect(f"file:{file}?mode=ro", uri=True)
    try:
        flaws = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        if flaws != ["ok"] or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise CannotCopy(f"the copy of the database is damaged: {flaws[0]}")
    except sqlite_module().DatabaseError as error:
        raise CannotCopy(f"the copy of the database is damaged: {error}") from error
    finally:
        connection.close()


def put_back_sqlite(source: Path, live: Path, prepare: Callable[[str], None]) -> None:
    """Let a copy of `source` take the place of `live`, after `prepare` was done to it by its address.

    Until the very last step the database of before stays as it was. Raises CannotCopy for a damaged copy.
    """
    fresh = live.with_name(f"{live.name}.restored")
    _remove_sqlite(fresh)
    live.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(source, fresh)
    fresh.chmod(0o600)
    try:
        check_sqlite(fresh)
        prepare(f"sqlite:///{fresh}")
        sync(fresh)
        for ending in ("-wal", "-shm", "-journal"):  # of the database of before: they must not be read into the new one
            live.with_name(live.name + ending).unlink(missing_ok=True)
        fresh.replace(live)
        sync(live.parent)
    finally:
        _remove_sqlite(fresh)


def _remove_sqlite(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


# --- PostgreSQL ------------------------------------------------------------------------------------------


def copy_postgresql(engine: Engine, target: Path) -> None:
    """Let `pg_dump` write all of the database, as it is at one moment, to the file `target`. Raises CannotCopy."""
    options = ["--format=plain", "--clean", "--if-exists", "--no-owner", "--no-privileges", f"--file={target}"]
    _run("pg_dump", engine, options)
    target.chmod(0o600)
    sync(target)


def put_back_postgresql(source: Path, engine: Engine) -> None:
    """Let the dump `source` take the place of all tables: all of it or nothing. Raises CannotCopy."""
    with engine.connect() as connection:
        others = connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            )
        ).scalar_one()
    if others:
        raise CannotCopy(f"{others} others are connected to the database: stop the portal on all machines first")
    tables = ", ".join(f'"{name}"' for name in sorted(inspect(engine).get_table_names()))
    engine.dispose()
    away = ["--command", f"DROP TABLE IF EXISTS {tables} CASCADE"] if tables else []
    quiet = ["--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    _run("psql", engine, [*quiet, *away, f"--file={source}"])


def _run(program: str, engine: Engine, options: Sequence[str]) -> None:
    """Run one of PostgreSQL's own programs on this database; its password is in no list of processes."""
    found = shutil.which(program)
    if found is None:
        raise CannotCopy(
            f"{program} is not on this machine: install PostgreSQL's own programs (Debian: postgresql-client), of the "
            "version of the server or newer"
        )
    url = make_url(engine.url).set(drivername="postgresql")
    password = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    address = url.set(password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, with settings of the operator
        [found, f"--dbname={address}", *options], env=os.environ | password, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise CannotCopy(f"{program}: {said[0] if said else done.returncode}")


# --- both ------------------------------------------------------------------------------------------------


def sync(path: Path) -> None:
    """Let a file, or what stands in a folder, be on the disk before anything else is done."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
