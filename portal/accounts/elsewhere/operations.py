"""Letting in whom an organisation vouches for. The caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.elsewhere.organisations import Organisation, Vouched
from portal.accounts.models import ExternalIdentity, Person
from portal.accounts.queries import memberships_of, person_by_email
from portal.accounts.signing_in.operations import accept_invitation
from portal.accounts.types import MembershipStatus


def vouched_person(session: Session, organisation: Organisation, vouched: Vouched, at: datetime) -> Person | None:
    """The person for whom an organisation vouches, with every invitation accepted that it covers; None for a stranger.

    Who was invited is known by mail address the first time, and by the organisation's own name for them from then on:
    an address that goes to somebody else does not take the account along.
    """
    identity = session.get(ExternalIdentity, (organisation.issuer, vouched.subject))
    person = identity.person if identity else person_by_email(session, vouched.email) if vouched.email else None
    if person is None:
        return None
    covered = [one for one in memberships_of(session, person.id) if organisation.covers(one)]
    if identity is None:
        is_known_otherwise = session.scalar(
            select(func.count()).where(
                ExternalIdentity.person_id == person.id, ExternalIdentity.issuer == organisation.issuer
            )
        )
        if is_known_otherwise or not any(one.is_active or one.status is MembershipStatus.INVITED for one in covered):
            return None
        session.add(ExternalIdentity(issuer=organisation.issuer, subject=vouched.subject, person=person))
    person.name = person.name or vouched.name or person.email
    session.flush()
    for membership in covered:
        accept_invitation(session, membership, at)
    return person
