"""Writing white spots: once a day, for days that are over. The caller commits."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.search.white_spots.models import FoundBy, Sighting, SightingKey, WhiteSpot
from portal.search.white_spots.queries import ledger
from portal.search.white_spots.types import DayCount, FoundKind, Rules, Spot, period_before, period_of

MOST_A_DAY = 3
"""One day adds at most so many sightings of a spot: one insistent person does not make it common."""
MOST_FOUND_A_DAY = 30
"""The same of what led to a provider. It is of our own lists and tells nothing of anybody: this bounds robots only."""


def open_periods(session: Session, today: date) -> None:
    """Make the keys of this period and of the next, so that counting does not stop at midnight."""
    current = period_of(today)
    for period in (current, period_before(current, -1)):
        if session.get(SightingKey, period) is None:
            session.add(SightingKey(period=period, salt=secrets.token_hex(32)))
    session.flush()


def merge(session: Session, days: Mapping[date, DayCount], rules: Rules, most_a_day: int = MOST_A_DAY) -> None:
    """Add what was met on these days. A day that was merged before changes nothing."""
    opened = set(session.scalars(select(SightingKey.period)))
    for day, count in sorted(days.items()):
        if period_of(day) in opened:
            for digest, times in sorted(count.sightings.items()):
                _add(session, day, digest, min(times, most_a_day), rules)
            for spot in sorted(count.common):
                _write_down(session, period_of(day), spot)
    session.flush()


def _add(session: Session, day: date, digest: str, times: int, rules: Rules) -> None:
    known = session.get(Sighting, (period_of(day), digest))
    if known is None:
        known = Sighting(period=period_of(day), digest=digest, times=0, days=0, last_day=date.min, is_common=False)
        session.add(known)
    if known.last_day < day:
        known.times += times
        known.days += 1
        known.last_day = day
        known.is_common = rules.is_common(digest, known.times, known.days)


def _write_down(session: Session, period: str, spot: Spot) -> None:
    row: WhiteSpot | FoundBy
    if isinstance(spot.kind, FoundKind):
        row = FoundBy(period=period, kind=spot.kind, value=spot.value, beside=spot.beside, times=None)
    else:
        row = WhiteSpot(period=period, kind=spot.kind, value=spot.value, municipality=spot.beside, times=None)
    if session.get(type(row), (period, spot.kind, spot.value, spot.beside)) is None:
        session.add(row)


def close_periods(session: Session, today: date, secret: str, rules: Rules) -> list[str]:
    """End the periods before that of `today`; which they were.

    What was written down gets its rounded number. Everything that stayed rare goes, and the key with it.
    """
    over = sorted(session.scalars(select(SightingKey.period).where(SightingKey.period < period_of(today))))
    for period in over:
        book = ledger(session, period, secret)
        for row, spot in _written_down(session, period):
            counted = session.get(Sighting, (period, book.digest(spot))) if book else None
            row.times = rules.rounded(counted.times if counted else 0)
        session.execute(delete(Sighting).where(Sighting.period == period))
        session.execute(delete(SightingKey).where(SightingKey.period == period))
    session.flush()
    return over


def _written_down(session: Session, period: str) -> Iterator[tuple[WhiteSpot | FoundBy, Spot]]:
    """What was written down in a period that is not closed yet."""
    for spot in session.scalars(select(WhiteSpot).where(WhiteSpot.period == period, WhiteSpot.times.is_(None))):
        yield spot, Spot(spot.kind, spot.value, spot.municipality)
    for found in session.scalars(select(FoundBy).where(FoundBy.period == period, FoundBy.times.is_(None))):
        yield found, Spot(found.kind, found.value, found.beside)


def forget(session: Session, today: date, kept_months: int) -> None:
    """Delete the white spots, and what led to providers, of periods longer ago than the region keeps them."""
    oldest = period_before(period_of(today), kept_months)
    session.execute(delete(WhiteSpot).where(WhiteSpot.period < oldest))
    session.execute(delete(FoundBy).where(FoundBy.period < oldest))
