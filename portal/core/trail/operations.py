"""Writing the trail. The caller commits: what is done and that it was done stand or fall together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.database import keys_of
from portal.core.trail.models import TrailEntry, TrailMark
from portal.core.trail.types import (
    KEY,
    LONGEST_ACTION,
    LONGEST_LABEL,
    LONGEST_SUBJECT_ID,
    Mark,
    MarkName,
    Subject,
    as_json,
    sealed,
    written,
)

WRITTEN = "trail_written"
"""Under which name a session remembers how far it wrote; `witness.py` looks at it after the commit."""
_ACTION = re.compile(r"[a-z_]+(\.[a-z_]+)+")


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: Subject,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    region_id: int | None = None,
    at: datetime,
) -> int:
    """Add an entry to the trail, in the caller's transaction; its number.

    `action` is a dotted word such as `person.invited`. `before` and `after` hold what changed, by name, and only that;
    `reason` is why, in the actor's own words. Without `region_id` it is the region for which the actor acts.

    From here to the commit nobody else can write an entry: on PostgreSQL let it be the last thing before the commit.

    Raises SecretInTrail where a name looks like a password, code, token or other secret; ValueError for an action that
    is no dotted word, TypeError for values that JSON does not know.
    """
    if not _ACTION.fullmatch(action) or len(action) > LONGEST_ACTION:
        raise ValueError(f"{action!r} is not a dotted word such as person.invited")
    previous = _next_place(session)
    columns: dict[str, Any] = {
        "number": previous.number + 1,
        "at": written(at),
        "actor_kind": actor.kind.value,
        "actor_id": actor.person_id,
        "actor_label": _storable(actor.label)[:LONGEST_LABEL],
        "region_id": actor.region_id if region_id is None else region_id,
        "action": action,
        "subject_kind": subject.kind,
        "subject_id": _storable(subject.id)[:LONGEST_SUBJECT_ID],
        "before": as_json(before),
        "after": as_json(after),
        "reason": _storable(reason),
        "previous_hash": previous.hash,
    }
    key = keys_of(session).of(KEY)
    head = Mark(previous.number + 1, sealed(key, tuple(columns.values())))
    session.execute(insert(TrailEntry.__table__).values(**columns, hash=head.hash))  # type: ignore[arg-type]
    _move(session, MarkName.HEAD, head, key)
    session.info[WRITTEN] = head
    return head.number


def forget(session: Session, before: datetime) -> int:
    """Delete the oldest stretch of entries, all of them older than `before`; how many there were.

    The start is moved first, with its seal: what is left still verifies, and the triggers let the rest go.
    """
    first_kept = session.scalar(
        select(TrailEntry.number).where(TrailEntry.at >= written(before)).order_by(TrailEntry.number).limit(1)
    )
    old = select(TrailEntry.number, TrailEntry.hash).order_by(TrailEntry.number.desc()).limit(1)
    if first_kept is not None:
        old = old.where(TrailEntry.number < first_kept)
    last = session.execute(old).one_or_none()
    if last is None:
        return 0
    _move(session, MarkName.START, Mark(last.number, last.hash), keys_of(session).of(KEY))
    deleted = session.execute(delete(TrailEntry).where(TrailEntry.number <= last.number))
    return int(deleted.rowcount)  # type: ignore[attr-defined]


def start(session: Session) -> Mark:
    """The last entry that was deleted since it was old; number 0 where none was."""
    found = session.scalars(select(TrailMark).where(TrailMark.name == MarkName.START)).one()
    return Mark(found.number, found.hash)


def _next_place(session: Session) -> Mark:
    """The end of the chain, locked until the transaction ends: two writers can never follow the same entry."""
    # An update, since that takes the lock on both databases; the number is set right with the entry.
    found = session.execute(
        update(TrailMark)
        .where(TrailMark.name == MarkName.HEAD)
        .values(number=TrailMark.number)
        .returning(TrailMark.number, TrailMark.hash)
        .execution_options(synchronize_session=False)
    ).one()
    return Mark(found.number, found.hash)


def _move(session: Session, name: MarkName, mark: Mark, key: bytes) -> None:
    session.execute(
        update(TrailMark)
        .where(TrailMark.name == name)
        .values(number=mark.number, hash=mark.hash, seal=mark.seal(key, name))
        .execution_options(synchronize_session=False)
    )


def _storable(text: str) -> str:
    """`text` as every database can keep it, so that what is sealed is what is stored."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
