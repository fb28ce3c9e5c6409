"""Counting attempts: before they are made, exactly, for all workers together.

Each call is a transaction of its own, so that what is rolled back later still counted. Call it before the request
begins to change anything: on SQLite only one transaction writes at a time.
"""

from __future__ import annotations

import math
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from portal.core.database import PATIENCE, Database, insert_if_absent, keys_of
from portal.core.keys import keyed_digest
from portal.core.throttle.models import ThrottleCount, ThrottleSalt
from portal.core.throttle.types import LONGEST_OF_NETWORKS, SLICES, Limit, Scope, TooManyAttempts, Who

KEY = "throttle"
"""The purpose of the key of the digests."""
_SALT_LASTS = LONGEST_OF_NETWORKS * 2
"""How long after its day a salt is kept: as long as attempts of that day count."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The places that an attempt took: in which count, and in which slice."""

    places: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class _Tally:
    """One limit, and the counts that matter for it: the one of today first, and perhaps that of yesterday."""

    limit: Limit
    digests: Sequence[str]


def refuse_if_too_many(database: Database, limits: Sequence[Limit], who: Who, now: datetime) -> Counted:
    """Count an attempt under each of `limits`, before it is made. Hand the answer to `give_back` when it succeeded.

    A device that is known is counted on its own, and not with strangers, its network or everybody.

    Raises TooManyAttempts where one of the limits is reached; the attempt then counts nowhere. Raises what the database
    raises where nothing can be counted: then nothing may be tried.
    """
    with database.transaction() as session:
        _be_quick(session)
        salts = _salts(session, now)
        tallies = [tally for limit in limits if (tally := _tally(session, limit, who, salts, now))]
        counts = _locked(session, tallies, now)
        waits = [_wait(tally, counts, now) for tally in tallies]
        if any(waits):
            raise TooManyAttempts(math.ceil(max(waits)))
        for tally in tallies:
            _add(counts[tally.digests[0]], tally.limit, now)
    return Counted([(tally.digests[0], _slice(tally.limit, now)) for tally in tallies])


def give_back(database: Database, counted: Counted) -> None:
    """Take an attempt that succeeded out of the count. Failures before it still count: nobody can wash them off."""
    with database.transaction() as session:
        _be_quick(session)
        for digest, place in sorted(counted.places):
            count = session.get(ThrottleCount, digest, with_for_update=True)
            if count is not None and count.slices.get(str(place), 0) > 0:
                count.slices = {**count.slices, str(place): count.slices[str(place)] - 1}


def forgive(database: Database, limits: Sequence[Limit], account: str) -> None:
    """Forget all attempts of strangers on `account`: for whoever lets somebody in again by hand."""
    with database.transaction() as session:
        digests = [_digest_of_account(session, limit, account, "") for limit in limits if limit.scope is Scope.ACCOUNT]
        session.execute(delete(ThrottleCount).where(ThrottleCount.digest.in_(digests)))


def forget(session: Session, now: datetime) -> int:
    """Delete counts of which nothing counts any more, and keys of days that are over; how many counts there were."""
    expired = session.scalars(
        select(ThrottleCount.digest)
        .where(ThrottleCount.expires_at <= now)
        .order_by(ThrottleCount.digest)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(delete(ThrottleCount).where(ThrottleCount.digest.in_(expired)))
    session.execute(delete(ThrottleSalt).where(ThrottleSalt.day < _day(now - _SALT_LASTS)))
    return len(expired)


def _be_quick(session: Session) -> None:
    """Let nobody wait long for a count that somebody else holds."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(PATIENCE))


def _salts(session: Session, now: datetime) -> Mapping[date, str]:
    """The salt of today, made where it is missing, and as long as its attempts count that of yesterday."""
    today, oldest = _day(now), _day(now - _SALT_LASTS)
    insert_if_absent(session, ThrottleSalt, day=today, salt=secrets.token_hex(32))
    salts = {salt.day: salt.salt for salt in session.scalars(select(ThrottleSalt))}
    if min(salts) < oldest:
        session.execute(delete(ThrottleSalt).where(ThrottleSalt.day < oldest))
    return {day: salt for day, salt in salts.items() if oldest <= day <= today}


def _tally(session: Session, limit: Limit, who: Who, salts: Mapping[date, str], now: datetime) -> _Tally | None:
    """Where attempts of `who` are counted for this limit; None where they are not."""
    device = who.device if limit.trusts_devices else ""
    if limit.scope is Scope.ACCOUNT:
        return _Tally(limit, [_digest_of_account(session, limit, who.account, device)]) if who.account else None
    if device:
        return None
    key = keys_of(session).of(KEY)
    if limit.scope is Scope.EVERYBODY:
        return _Tally(limit, [keyed_digest(key, limit.name)])
    if not who.network:
        return None
    oldest = _day(now - limit.looks_back)
    days = [day for day in sorted(salts, reverse=True) if day >= oldest]
    return _Tally(limit, [keyed_digest(key, limit.name, salts[day], who.network) for day in days])


def _day(moment: datetime) -> date:
    """The day that a salt belongs to: in UTC, which has no summer time."""
    return moment.astimezone(UTC).date()


def _digest_of_account(session: Session, limit: Limit, account: str, device: str) -> str:
    return keyed_digest(keys_of(session).of(KEY), limit.name, account, device)


def _locked(session: Session, tallies: Sequence[_Tally], now: datetime) -> Mapping[str, ThrottleCount]:
    """The counts that matter, locked; always in the same order, so that no two attempts wait for each other."""
    counts = {}
    for digest in sorted(digest for tally in tallies for digest in tally.digests):
        insert_if_absent(session, ThrottleCount, digest=digest, slices={}, expires_at=now)
        counts[digest] = session.get_one(ThrottleCount, digest, with_for_update=True)
    return counts


def _add(count: ThrottleCount, limit: Limit, now: datetime) -> None:
    place = str(_slice(limit, now))
    kept = {name: number for name, number in count.slices.items() if _counts(limit, int(name), now)}
    count.slices = kept | {place: kept.get(place, 0) + 1}
    count.expires_at = now + limit.looks_back


def _slice(limit: Limit, now: datetime) -> int:
    return int(now.timestamp() // limit.slice_seconds)


def _counts(limit: Limit, place: int, now: datetime) -> bool:
    """Whether attempts of this slice count now. Those of a later one do not: the clock went wrong, and was set back."""
    return 0 <= _slice(limit, now) - place <= SLICES or place == _slice(limit, now) + 1


def _wait(tally: _Tally, counts: Mapping[str, ThrottleCount], now: datetime) -> float:
    """How many seconds until there is a place again; 0 where there is one."""
    recent: Counter[int] = Counter()
    for digest in tally.digests:
        recent.update({int(place): number for place, number in counts[digest].slices.items()})
    left = sum(number for place, number in recent.items() if _counts(tally.limit, place, now))
    wait = 0.0
    for place in sorted(place for place in recent if _counts(tally.limit, place, now)):
        if left < tally.limit.most:
            break
        left -= recent[place]
        wait = (place + SLICES + 1) * tally.limit.slice_seconds - now.timestamp()
    return wait
