"""Reading the security log."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.security_log.models import SecurityEvent
from portal.core.security_log.types import SecurityKind

OWN_KINDS = frozenset(SecurityKind) - {SecurityKind.ACCESS_REFUSED, SecurityKind.CSRF_REFUSED}
"""What a person sees of their own account: what somebody else may have done with it."""


def of_person(session: Session, person_id: int, most: int = 20) -> Sequence[SecurityEvent]:
    """What happened lately around signing in to this account, newest first."""
    return _latest(session, SecurityEvent.person_id == person_id, OWN_KINDS, most)


def of_region(
    session: Session, region_id: int, kinds: Collection[SecurityKind] = (SecurityKind.ACCESS_REFUSED,), most: int = 100
) -> Sequence[SecurityEvent]:
    """What happened lately to people of a region, newest first; without more: who was refused what."""
    return _latest(session, SecurityEvent.region_id == region_id, kinds, most)


def _latest(session: Session, whose: object, kinds: Collection[SecurityKind], most: int) -> Sequence[SecurityEvent]:
    return session.scalars(
        select(SecurityEvent)
        .where(whose, SecurityEvent.kind.in_(kinds))  # type: ignore[arg-type]
        .order_by(SecurityEvent.at.desc(), SecurityEvent.id.desc())
        .limit(most)
    ).all()
