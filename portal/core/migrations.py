"""Bringing the database to the shape of this version, and back."""

from __future__ import annotations

import click
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from portal.core.resources import ROOT


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate up to `revision`; all of it or nothing. Safe to call again and from two processes at once."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection = connection.execution_options(begin="BEGIN IMMEDIATE")
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7406051)")
            command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Migrate down to `revision`."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def current(engine: Engine) -> str | None:
    """The revision of the database, None where it was never made."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The revision that this version of the program wants."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    return ScriptDirectory.from_config(config).get_current_head() or ""


def refuse_other_version(engine: Engine) -> None:
    """Raise click.UsageError where the database is not of this version: no command can work with it."""
    if current(engine) != head():
        raise click.UsageError("the database is not ready; run: portal init")


def draft(message: str, engine: Engine) -> None:
    """Write a migration from what the models have and the (migrated, empty) database has not."""
    with engine.begin() as connection:
        number = f"{int(current(engine) or 0) + 1:04}"
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)
