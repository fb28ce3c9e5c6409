"""Reading white spots."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.search.white_spots.models import FoundBy, Sighting, SightingKey, WhiteSpot
from portal.search.white_spots.types import FoundKind, Ledger, SpotKind


def ledger(session: Session, period: str, secret: str) -> Ledger | None:
    """What is needed to count in `period`; None where it was not opened, or is over.

    The key takes both `secret`, the installation's own, and the salt of the period: a copy of the database tells
    nothing, and once the salt is gone the secret tells nothing either.
    """
    salt = session.scalar(select(SightingKey.salt).where(SightingKey.period == period))
    if salt is None:
        return None
    common = session.scalars(select(Sighting.digest).where(Sighting.period == period, Sighting.is_common))
    return Ledger(period, hmac.new(secret.encode(), salt.encode(), hashlib.sha256).digest(), frozenset(common))


def months(session: Session) -> Sequence[str]:
    """The periods that are over and of which white spots are known, latest first."""
    over = select(WhiteSpot.period).where(WhiteSpot.times.is_not(None)).distinct()
    return session.scalars(over.order_by(WhiteSpot.period.desc())).all()


def white_spots(session: Session, period: str) -> Sequence[WhiteSpot]:
    """What many looked for in vain in a period that is over, most wanted first."""
    return session.scalars(
        select(WhiteSpot)
        .where(WhiteSpot.period == period, WhiteSpot.times.is_not(None))
        .order_by(WhiteSpot.times.desc(), WhiteSpot.kind, WhiteSpot.value, WhiteSpot.municipality)
    ).all()


def recent_words(session: Session, limit: int) -> Sequence[str]:
    """The words that families looked for in vain in the latest month that is over, most wanted first."""
    told = select(WhiteSpot.value).where(WhiteSpot.kind == SpotKind.WORD, WhiteSpot.times.is_not(None))
    known = months(session)
    if not known:
        return ()
    newest = told.where(WhiteSpot.period == known[0]).order_by(WhiteSpot.times.desc(), WhiteSpot.value)
    return session.scalars(newest.limit(limit)).all()


def found_months(session: Session) -> Sequence[str]:
    """The periods that are over and of which it is known what led to providers, latest first."""
    over = select(FoundBy.period).where(FoundBy.times.is_not(None)).distinct()
    return session.scalars(over.order_by(FoundBy.period.desc())).all()


def shown_for(session: Session, provider_id: int, period: str) -> Sequence[tuple[str, int]]:
    """The topics (codes) for which a provider stood on the first page, with how often, most often first."""
    rows = _found(session, FoundKind.SHOWN, [str(provider_id)], period)
    return [(row.value, row.times or 0) for row in rows]


def said_of(session: Session, topics: Collection[str], period: str) -> Mapping[str, Sequence[tuple[str, int]]]:
    """The words with which these topics (codes) were asked for, by anybody, with how often, most often first."""
    words: dict[str, list[tuple[str, int]]] = {}
    for row in _found(session, FoundKind.SAID, topics, period):
        words.setdefault(row.beside, []).append((row.value, row.times or 0))
    return words


def _found(session: Session, kind: FoundKind, beside: Collection[str], period: str) -> Sequence[FoundBy]:
    return session.scalars(
        select(FoundBy)
        .where(FoundBy.period == period, FoundBy.kind == kind, FoundBy.beside.in_(beside), FoundBy.times.is_not(None))
        .order_by(FoundBy.times.desc(), FoundBy.value)
    ).all()
