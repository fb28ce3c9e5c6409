"""Reading white spots."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.search.white_spots.models import Sighting, SightingKey, WhiteSpot
from portal.search.white_spots.types import Ledger


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
