"""Whether the trail is whole: each entry as it was sealed, each following the one before, from the start to the end."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, type_coerce
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from portal.core.database import keys_of
from portal.core.trail.models import TrailEntry, TrailMark
from portal.core.trail.types import KEY, NOTHING, Flaw, Mark, MarkName, Verification, sealed

_AT_ONCE = 2_000
_COLUMNS = TrailEntry.__table__.c


def verify(session: Session, seen: Mapping[int, str] | None = None) -> Verification:
    """Read the whole trail and say whether it is whole, or where its first flaw is.

    `seen` holds the hashes of entries that this machine saw written (`witness.py`): without it, a trail that was put
    back to an earlier state together with its sealed end cannot be told from a trail that ended there.
    """
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        # One picture of entries and marks while others write on. SQLite gives that to every transaction.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    keys = keys_of(session).all_of(KEY)
    marks = {mark.name: mark for mark in session.scalars(select(TrailMark))}
    for name in MarkName:
        if name not in marks or not _is_ours(marks[name], keys):
            return Verification(0, NOTHING, Flaw.MARK_ALTERED)
    start, head = (Mark(marks[name].number, marks[name].hash) for name in MarkName)
    return _Reading(keys, start, head, seen or {}).verify(_entries(session))


@dataclass
class _Reading:
    """How far the trail was read, and what must come next."""

    keys: Sequence[bytes]
    start: Mark
    head: Mark
    seen: Mapping[int, str]
    last: Mark = field(init=False)
    read: int = 0

    def __post_init__(self) -> None:
        self.last = self.start

    def verify(self, entries: Iterator[tuple[Any, ...]]) -> Verification:
        try:
            for *columns, own_hash in entries:
                flaw = self._flaw_of(tuple(columns), own_hash)
                if flaw is not None:
                    return self._broken(*flaw)
                self.last = Mark(columns[0], own_hash)
                self.read += 1
        except OperationalError as error:
            if "decode" not in str(error.orig):
                raise
            return self._broken(Flaw.ALTERED, self.last.number + 1)  # bytes that are no text, which SQLite can hold
        if self.last.number < self.head.number:
            return self._broken(Flaw.CUT_OFF, self.last.number + 1)
        if self.last != self.head:
            return self._broken(Flaw.ADDED, self.head.number + 1)
        if max(self.seen, default=0) > self.last.number:
            return self._broken(Flaw.CUT_OFF, self.last.number + 1)
        return Verification(self.read, self.last)

    def _flaw_of(self, columns: tuple[Any, ...], own_hash: object) -> tuple[Flaw, int] | None:
        """What is wrong with the next entry, and the number to look at."""
        number, previous_hash, expected = columns[0], columns[-1], self.last.number + 1
        if number != expected:
            return (Flaw.MISSING, expected) if number > expected else (Flaw.ADDED, number)
        if not self._is_sealed(columns, own_hash):
            return Flaw.ALTERED, number
        if previous_hash != self.last.hash:
            return Flaw.OUT_OF_PLACE, number
        if self.seen.get(number, own_hash) != own_hash:
            return Flaw.REPLACED, number
        return None

    def _is_sealed(self, columns: tuple[Any, ...], own_hash: object) -> bool:
        """Whether one of the keys made this hash; from then on no older key counts: it may have leaked."""
        for age, key in enumerate(self.keys):
            if isinstance(own_hash, str) and own_hash.isascii() and hmac.compare_digest(sealed(key, columns), own_hash):
                self.keys = self.keys[: age + 1]
                return True
        return False

    def _broken(self, flaw: Flaw, number: int) -> Verification:
        return Verification(self.read, self.last, flaw, number)


def _is_ours(mark: TrailMark, keys: Sequence[bytes]) -> bool:
    place = Mark(mark.number, mark.hash)
    if place == NOTHING:
        return True
    return any(hmac.compare_digest(place.seal(key, mark.name).encode(), mark.seal.encode()) for key in keys)


def _entries(session: Session) -> Iterator[tuple[Any, ...]]:
    """All entries by number, as the database holds them, some at a time; the hash of each comes last."""
    # Not through the types of the columns: one that was altered may not fit its own.
    raw = [type_coerce(column, NullType()) for column in _COLUMNS if column is not _COLUMNS.hash]
    last: int | None = None
    while True:
        asked = select(*raw, type_coerce(_COLUMNS.hash, NullType())).order_by(_COLUMNS.number).limit(_AT_ONCE)
        if last is not None:
            asked = asked.where(_COLUMNS.number > last)
        rows = session.execute(asked).all()
        yield from (tuple(row) for row in rows)
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1][0]
