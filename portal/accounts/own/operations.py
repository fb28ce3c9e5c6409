"""Changing the own account, where others see it. The caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.actors import person_actor
from portal.accounts.models import Person
from portal.accounts.queries import memberships_of
from portal.accounts.types import MembershipStatus
from portal.core.trail.operations import record
from portal.core.trail.types import Subject


def rename(session: Session, person: Person, name: str, at: datetime) -> None:
    """Let somebody be known by another name, and write it into the trail of everything that they are.

    Without that line nobody could tell who was meant by a name that stands in older entries.
    """
    former = person.name
    if name == former:
        return
    seen_by = [one for one in memberships_of(session, person.id) if one.status is not MembershipStatus.INVITED]
    actors = [person_actor(person, one) for one in seen_by]
    person.name = name
    session.flush()
    for actor, membership in zip(actors, seen_by, strict=True):
        record(
            session, actor, "person.renamed", Subject("membership", membership.public_id),
            before={"person": former}, after={"person": name}, at=at,
        )  # fmt: skip
