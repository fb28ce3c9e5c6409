"""What belongs in a backup, and what must not come back with it.

In a backup are the database and the boundaries that the operator loaded. What can be made again (index, downloads) is
not, nor what must outlive a restore: which stories were withdrawn, which addresses became secret, whose access
ended, and what this machine saw written into the trail.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.accounts.models import MailCode, SignIn
from portal.accounts.people.operations import distrust, end_again
from portal.accounts.signing_in.passwords import Passwords
from portal.backup.copies import (
    CannotCopy,
    check_sqlite,
    copy_postgresql,
    copy_sqlite,
    put_back_postgresql,
    put_back_sqlite,
    sync,
)
from portal.catalogue import boundaries
from portal.catalogue.models import CatalogueRevision, Provider
from portal.catalogue.operations import touch
from portal.catalogue.queries import catalogue_revision
from portal.core import migrations
from portal.core.actor import Actor
from portal.core.database import Database
from portal.core.keys import Keys, keyed_digest
from portal.core.mail.operations import give_up_all
from portal.core.settings import Settings
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from portal.core.trail.witness import Witness
from portal.exchange.downloads import FOLDER as DOWNLOADS
from portal.exchange.secret_places import hide_again
from portal.reviews.operations import bury_again
from portal.reviews.tombstones import Tombstones
from portal.search.index import IndexFolder

MANIFEST = "backup.json"
FORMAT = 1
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.sql"}
"""The file of the database, by its kind."""
SIGNS_OF_LIFE_SECONDS = 5.0
"""`portal serve` gives a sign of life many times in so long."""


class CannotRestore(RuntimeError):
    """This backup cannot be put back here; the message says why, and what would help."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done to what was put back."""

    made_at: datetime
    buried: int
    """Stories that their authors took back after the backup was made."""
    hidden: int
    """Places whose address became secret after it."""
    ended: int
    """Roles of people that ended after it."""


# --- making ----------------------------------------------------------------------------------------------


def back_up(settings: Settings, database: Database, destination: Path, now: datetime) -> None:
    """Write a backup into the new folder `destination`; it appears there when it is whole.

    Raises CannotCopy where something is there already, or where the database cannot be copied.
    """
    if destination.exists():
        raise CannotCopy(f"{destination} is there already: a backup is never written over anything")
    kind = database.engine.dialect.name
    aside = destination.with_name(f".{destination.name}.{os.getpid()}")
    destination.parent.mkdir(parents=True, exist_ok=True)
    aside.mkdir(mode=0o700)
    try:
        (copy_sqlite if kind == "sqlite" else copy_postgresql)(database.engine, aside / DATABASES[kind])
        if (settings.data_dir / boundaries.FOLDER).is_dir():
            shutil.copytree(settings.data_dir / boundaries.FOLDER, aside / boundaries.FOLDER)
        files = [file for file in sorted(aside.rglob("*")) if file.is_file()]
        contents = {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "database": kind,
            "revision": migrations.current(database.engine),
            "files": {str(file.relative_to(aside)): _digest(file) for file in files},
        }
        manifest = aside / MANIFEST
        seal = _seals(settings.keys, contents)[0]
        manifest.write_text(json.dumps({**contents, "seal": seal}, indent=1) + "\n", encoding="utf-8")
        sync(manifest)
        aside.rename(destination)
        sync(destination.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


# --- putting back ----------------------------------------------------------------------------------------


def restore(
    settings: Settings, database: Database, source: Path, actor: Actor, now: datetime, *, replaces: bool
) -> Restored:
    """Put the backup in the folder `source` in the place of what is there now.

    What was over before must not live again: stories that their authors took back, addresses that became secret, access
    that ended, passwords that were changed, sign-ins and mailed codes that were used, mail that may have left. Raises
    CannotRestore and CannotCopy; then nothing was changed.
    """
    contents = _read(settings, database, source)
    followed = IndexFolder(settings.data_dir).followed_at()
    if followed is not None and time.time() - followed < SIGNS_OF_LIFE_SECONDS:
        raise CannotRestore("the portal is running: stop `portal serve` first")
    revision = _revision_of(database)
    if revision is not None and not replaces:
        raise CannotRestore(
            "there is a database already. Make a backup of it if you can, and say --replace to put this one in its "
            "place"
        )
    made_at = datetime.fromisoformat(contents["made_at"])
    kind = database.engine.dialect.name
    done = Restored(made_at, 0, 0, 0)

    def prepare(fresh: Database) -> None:
        nonlocal done
        migrations.upgrade(fresh.engine)
        with fresh.transaction() as session:
            done = _lay_to_rest(session, settings, actor, made_at, now, revision or 0)
        fresh.sweep()

    def prepare_file(address: str) -> None:
        fresh = Database(address, settings.keys)
        try:
            prepare(fresh)
        finally:
            fresh.engine.dispose()

    if kind == "sqlite":
        live = Path(str(database.engine.url.database))
        database.engine.dispose()
        put_back_sqlite(source / DATABASES[kind], live, prepare_file)
    else:
        put_back_postgresql(source / DATABASES[kind], database.engine)
        prepare(database)
    _put_back_files(settings, source, contents["files"], now)
    return done


def _read(settings: Settings, database: Database, source: Path) -> dict[str, Any]:
    """What a backup says it is, where it is whole and fits here. Raises CannotRestore."""
    try:
        contents = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        seal = str(contents.pop("seal"))
        files, kind, revision = contents["files"], contents["database"], str(contents["revision"])
        is_known = contents["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise CannotRestore(f"{source} is no backup: it has no {MANIFEST} that can be read") from None
    if not is_known or revision > migrations.head():
        raise CannotRestore("this backup was made by a newer version of the program: install that first")
    if not any(hmac.compare_digest(seal, own) for own in _seals(settings.keys, contents)):
        raise CannotRestore(
            "this backup was made with another PORTAL_SECRET_KEY, or was changed since. With another key no code and "
            "no phrase of a family would open: set that key, or name it in PORTAL_FORMER_SECRET_KEYS"
        )
    if kind != database.engine.dialect.name:
        raise CannotRestore(f"this is a backup of {kind}, and PORTAL_DATABASE_URL names {database.engine.dialect.name}")
    for name, digest in files.items():
        file = source / name
        is_own = file.is_file() and file.resolve() == source.resolve() / name  # no link to a file of somewhere else
        if not is_own or _digest(file) != digest:
            raise CannotRestore(f"{file} is not as it was written: this backup is damaged")
    if kind == "sqlite":
        check_sqlite(source / DATABASES[kind])
    return dict(contents)


def _lay_to_rest(
    session: Session, settings: Settings, actor: Actor, made_at: datetime, now: datetime, revision: int
) -> Restored:
    """End in a restored database what is over, and say how much that was. `revision` is that of before."""
    hidden = hide_again(session, settings.data_dir, made_at)
    buried = bury_again(session, Tombstones(settings.data_dir).all())
    ended = end_again(session, actor, settings.data_dir, made_at, now)
    distrust(session, Passwords())
    session.execute(delete(SignIn))
    session.execute(delete(MailCode))
    give_up_all(session, now)
    # Nothing that was remembered of the database of before may pass for something of this one.
    session.execute(
        update(CatalogueRevision).where(CatalogueRevision.number < revision).values(number=revision)
    )  # fmt: skip
    touch(session, session.scalars(select(Provider.id)).all())
    record(session, actor, "installation.restored", Subject("installation", "database"),
           after={"made_at": made_at, "stories_withdrawn_since": buried, "addresses_hidden_since": hidden,
                  "roles_ended_since": ended}, at=now)  # fmt: skip
    return Restored(made_at, buried, hidden, ended)


def _put_back_files(settings: Settings, source: Path, names: Iterable[str], now: datetime) -> None:
    """The files beside the database: put back, made again later, or set aside.

    Of the backup only what its manifest names: what else lies in its folder is not ours.
    """
    folder = settings.data_dir
    for name in (boundaries.FOLDER, DOWNLOADS, IndexFolder(folder).path.name):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in names:
        if Path(name).is_relative_to(boundaries.FOLDER):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, folder / name)
    seen = Witness(folder).file
    if seen.exists():  # of entries that are gone with the database of before; kept, to be looked at
        seen.replace(seen.with_name(f"seen-until-{now:%Y%m%d-%H%M%S}.txt"))


def _revision_of(database: Database) -> int | None:
    """The catalogue revision of a database; None where there is none that can be read, or it is empty."""
    try:
        return catalogue_revision(database.engine) if migrations.current(database.engine) is not None else None
    except SQLAlchemyError:
        return 0


# --- both ------------------------------------------------------------------------------------------------


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _seals(keys: Keys, contents: dict[str, Any]) -> list[str]:
    """What proves that this installation wrote this manifest, by the key of now and those of before."""
    text = json.dumps(contents, sort_keys=True)
    return [keyed_digest(key, text) for key in keys.all_of("backup")]
