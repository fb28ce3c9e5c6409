"""Bringing the database to the shape of this version, and back.

Alembic takes ten megabytes, so it is imported by what migrates, and not by each web worker.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import click
from sqlalchemy import Connection, Engine, inspect

from portal.core.resources import ROOT

if TYPE_CHECKING:
    from alembic.config import Config


def _config(connection: Connection) -> Config:
    from alembic.config import Config

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
            from alembic import command

            command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Migrate down to `revision`."""
    from alembic import command

    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def current(engine: Engine) -> str | None:
    """The revision of the database, None where it was never made."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return found


@cache
def head() -> str:
    """The revision that this version of the program wants: the number of the last file of `migrations/versions`."""
    return max(path.name.partition("_")[0] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def refuse_other_version(engine: Engine) -> None:
    """Raise click.UsageError where the database is not of this version: no command can work with it."""
    if current(engine) != head():
        raise click.UsageError("the database is not ready; run: portal init")


def draft(message: str, engine: Engine) -> None:
    """Write a migration from what the models have and the (migrated, empty) database has not."""
    from alembic import command

    with engine.begin() as connection:
        number = f"{int(current(engine) or 0) + 1:04}"
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)
