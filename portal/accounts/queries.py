"""Who is who: people and what they hold."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, Person


def folded_email(typed: str) -> str:
    """A mail address as it is kept: people write the same one in many ways."""
    return typed.strip().lower()


def person_by_email(session: Session, typed: str) -> Person | None:
    """The person with this mail address."""
    return session.scalars(select(Person).where(Person.email == folded_email(typed)[:254])).one_or_none()


def memberships_of(session: Session, person_id: int) -> list[Membership]:
    """Everything that somebody is or was here, in the order in which it came."""
    return list(session.scalars(select(Membership).where(Membership.person_id == person_id).order_by(Membership.id)))


def active_memberships(session: Session, person_id: int) -> list[Membership]:
    """What somebody can work as, in the order in which it came."""
    return [held for held in memberships_of(session, person_id) if held.is_active]
