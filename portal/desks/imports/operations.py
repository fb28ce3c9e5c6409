"""Keeping a file that was sent while somebody looks at it. The caller commits."""

from __future__ import annotations

import hashlib
import json
import secrets
import zlib
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.core import sealing
from portal.desks.imports.models import FileCheck
from portal.desks.imports.types import KEPT, MOST_AT_ONCE, SILENT, Stage
from portal.exchange.readers import Upload
from portal.exchange.report import Report

_FILE, _REPORT = b"file that was sent", b"report about a file"


class Busy(Exception):
    """As many files are being read as can be, or one of this person: then `mine` is its public id. It will not last."""

    def __init__(self, mine: str = "") -> None:
        super().__init__(mine)
        self.mine = mine


class NotThere(Exception):
    """There is no such file to be imported: it was too long ago, imported, or replaced by another."""


def key_of_sign_in(form_token: str) -> bytes:
    """What seals a file: known to who is signed in, and stored nowhere."""
    return hashlib.sha256(b"file of " + form_token.encode()).digest()


def take(session: Session, region_id: int, person_id: int, upload: Upload, key: bytes, now: datetime) -> FileCheck:
    """Keep a file to be looked at, in place of an earlier one of this person. Raises Busy."""
    forget(session, now)
    mine = session.scalars(select(FileCheck).where(FileCheck.person_id == person_id).with_for_update()).one_or_none()
    if mine is not None and mine.stage.is_busy and mine.changed_at > now - SILENT:
        raise Busy(mine.public_id)
    working = select(func.count()).select_from(FileCheck).where(
        FileCheck.stage.in_((Stage.CHECKING, Stage.IMPORTING)), FileCheck.changed_at > now - SILENT,
        FileCheck.person_id != person_id,
    )  # fmt: skip
    if session.scalars(working).one() >= MOST_AT_ONCE:
        raise Busy
    if mine is not None:
        session.delete(mine)
        session.flush()
    named = json.dumps(upload.name).encode() + b"\n" + upload.content
    found = FileCheck(
        public_id=secrets.token_urlsafe(16), region_id=region_id, person_id=person_id, stage=Stage.CHECKING,
        size=len(upload.content), changed_at=now, package=sealing.sealed(key, named, _FILE),
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


def begin_import(session: Session, public_id: str, key: bytes, seen: str, now: datetime) -> None:
    """Let the file be imported as it was shown: `seen` is the fingerprint of its report. Raises NotThere, Busy."""
    found = session.scalars(
        select(FileCheck)
        .where(FileCheck.public_id == public_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None or found.stage is not Stage.CHECKED or found.package is None:
        raise NotThere
    if seen != (report_of(found, key) or {}).get("fingerprint"):
        raise NotThere
    found.stage, found.changed_at, found.done = Stage.IMPORTING, now, 0


def being_read(session: Session, public_id: str, stage: Stage) -> FileCheck | None:
    """The file with this public id, while it is at this stage.

    Never by the number of its row: SQLite gives that of a row that is gone to the next.
    """
    return session.scalars(
        select(FileCheck).where(FileCheck.public_id == public_id, FileCheck.stage == stage).with_for_update()
    ).one_or_none()


def note_progress(session: Session, public_id: str, stage: Stage, done: int, size: int, now: datetime) -> None:
    """Write down how far the reading is, while the file is at the stage that it is read for."""
    session.execute(
        update(FileCheck)
        .where(FileCheck.public_id == public_id, FileCheck.stage == stage)
        .values(done=done, size=size, changed_at=now)
    )


def conclude(
    session: Session, public_id: str, stage: Stage, report: Report | None, key: bytes, now: datetime
) -> None:  # fmt: skip
    """Write down what came of a file at this stage; without a report something failed. What is not to be imported any
    more is erased."""
    found = being_read(session, public_id, stage)
    if found is None:  # replaced by another file meanwhile, or somebody else went on with it
        return
    found.changed_at = now
    if report is None:
        found.stage, found.package, found.report = Stage.FAILED, None, None
        return
    found.stage = Stage.CHECKED if report.checked_only or not report.ok else Stage.IMPORTED
    if found.stage is Stage.IMPORTED or not report.ok:
        found.package = None
    said = report.as_json() | {"fingerprint": report.fingerprint}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    found.report = sealing.sealed(key, zlib.compress(text, 3), _REPORT)


def upload_of(check: FileCheck, key: bytes) -> Upload | None:
    """The file itself; None where it is gone or was sent in another sign-in."""
    data = sealing.opened(key, check.package, _FILE) if check.package is not None else None
    if data is None:
        return None
    name, _, content = data.partition(b"\n")
    return Upload(json.loads(name), content)


def report_of(check: FileCheck, key: bytes) -> dict[str, Any] | None:
    """What was said of it, as `Report.as_json` with its `fingerprint`; None where there is nothing that can be read."""
    data = sealing.opened(key, check.report, _REPORT) if check.report is not None else None
    if data is None:
        return None
    found: dict[str, Any] = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
    return found


def throw_away(session: Session, public_id: str, now: datetime) -> bool:
    """Erase a file, unless somebody works on it; whether it is gone."""
    found = session.scalars(select(FileCheck).where(FileCheck.public_id == public_id).with_for_update()).one_or_none()
    if found is not None and found.stage.is_busy and found.changed_at > now - SILENT:
        return False
    if found is not None:
        session.delete(found)
    return True


def check_of(session: Session, region_id: int, person_id: int, public_id: str) -> FileCheck | None:
    """A file that this person sent for this region."""
    return session.scalars(
        select(FileCheck).where(
            FileCheck.public_id == public_id, FileCheck.person_id == person_id, FileCheck.region_id == region_id
        )
    ).one_or_none()


def forget(session: Session, now: datetime) -> int:
    """Erase what nobody went on with for an hour; how many."""
    done = session.execute(
        delete(FileCheck).where(FileCheck.changed_at < now - KEPT).execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
