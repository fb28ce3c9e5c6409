"""What is wrong with this installation: one line for each thing looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.core import migrations
from portal.core.database import Database, file_system_of, journal_mode_for
from portal.core.settings import Settings

SHORTEST_SECRET = 32
BUILT = datetime(2026, 11, 22, tzinfo=UTC)
"""No clock of a sound machine is before this."""


class Health(StrEnum):
    """How a thing is."""

    GOOD = "ok"
    WARNING = "warning"
    BAD = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and for what is wrong the remedy."""

    subject: str
    health: Health
    message: str


def examine(settings: Settings, database: Database) -> list[Finding]:
    """Look at the settings, the data folder, the clock and the database."""
    return [*_settings(settings), _folder(settings), _clock(), *_database(database)]


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.demonstration:
        yield Finding("settings", Health.WARNING, "PORTAL_DEMONSTRATION is on: not for real visitors")
    elif not settings.secret_key:
        yield Finding("settings", Health.BAD, "PORTAL_SECRET_KEY is missing: `portal serve` will refuse to start")
    elif len(settings.secret_key) < SHORTEST_SECRET:
        yield Finding("settings", Health.BAD, "PORTAL_SECRET_KEY is shorter than 32 characters")
    else:
        yield Finding("settings", Health.GOOD, "secret key is set")
    if not settings.base_url.startswith("https://") and not settings.demonstration:
        yield Finding("settings", Health.WARNING, f"PORTAL_BASE_URL {settings.base_url} is not https")
    if settings.base_url.startswith("https://") and not settings.proxies:
        # We speak plain HTTP, so a proxy is in front; all visitors then come from its address.
        message = (
            "PORTAL_PROXIES is 0: all visitors count as one, so that ten wrong passwords of anybody would stop "
            "everybody for five minutes, and limits on questions hold for all together, or for nobody"
        )
        yield Finding("settings", Health.WARNING, message)
    if not settings.question_limits:
        yield Finding("settings", Health.WARNING, "PORTAL_QUESTION_LIMITS is off: one visitor can keep out all others")
    if not settings.contact_email:
        yield Finding("settings", Health.WARNING, "PORTAL_CONTACT_EMAIL is missing: visitors cannot reach anybody")
    if not settings.trusted_hosts and not settings.demonstration:
        yield Finding("settings", Health.WARNING, "PORTAL_TRUSTED_HOSTS is empty: any host name is answered")
    if settings.theme and not settings.theme.is_file():
        yield Finding("settings", Health.BAD, f"PORTAL_THEME: there is no file {settings.theme}")


def _folder(settings: Settings) -> Finding:
    folder = settings.data_dir.resolve()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        return Finding("data folder", Health.BAD, f"{folder} cannot be written to")
    return Finding("data folder", Health.GOOD, f"{folder} ({file_system_of(folder) or 'unknown file system'})")


def _clock() -> Finding:
    now = datetime.now(UTC)
    if now < BUILT:
        return Finding("clock", Health.BAD, f"it says {now:%Y-%m-%d %H:%M} UTC, before this program was made")
    return Finding("clock", Health.GOOD, f"{now:%Y-%m-%d %H:%M} UTC")


def _database(database: Database) -> Iterator[Finding]:
    try:
        with database.engine.connect() as connection:
            if database.engine.dialect.name == "sqlite":
                version = str(connection.execute(text("SELECT sqlite_version()")).scalar_one())
                mode = str(connection.execute(text("PRAGMA journal_mode")).scalar_one())
                numbers = tuple(int(part) for part in version.split("."))
                safe = journal_mode_for((numbers[0], numbers[1], numbers[2])) == "wal"
                yield Finding(
                    "database",
                    Health.GOOD if safe else Health.WARNING,
                    f"SQLite {version}, journal {mode}"
                    + (
                        ""
                        if safe
                        else ": no write-ahead log with this version (WAL-reset bug); readers wait for writers"
                    ),
                )
                damage = str(connection.execute(text("PRAGMA quick_check(1)")).scalar_one())
                if damage != "ok":
                    yield Finding("database", Health.BAD, f"damaged: {damage}. Restore a backup")
            else:
                version = str(connection.execute(text("SHOW server_version")).scalar_one())
                yield Finding("database", Health.GOOD, f"PostgreSQL {version}")
        revision, head = migrations.current(database.engine), migrations.head()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        yield Finding("database", Health.BAD, f"cannot be reached: {reason}")
        return
    if revision == head:
        yield Finding("tables", Health.GOOD, f"as this version wants them ({head})")
    else:
        yield Finding("tables", Health.BAD, f"are at {revision or 'nothing'}, should be at {head}: run `portal init`")


def data_folder(settings: Settings) -> Path:
    """The data folder, made if absent and open to its owner only."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return settings.data_dir
