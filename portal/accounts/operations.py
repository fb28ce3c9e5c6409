"""What becomes of accounts by the clock. The caller commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from portal.accounts.models import MailCode, Membership, Person
from portal.accounts.signing_in import sign_ins
from portal.accounts.types import MembershipStatus

CODES_KEPT = timedelta(days=30)
"""So long after it expired a code of a mail is still recognised, so that its page can say that it expired."""
PEOPLE_KEPT = timedelta(days=365)
"""So long somebody without a role is kept, also who never answered an invitation; then name, mail address and password
go. The trail keeps what they did."""


def forget(session: Session, now: datetime) -> int:
    """Delete sign-ins and codes that are over, and people who had no role for a year; how many people that were."""
    sign_ins.forget_dead(session, now)
    session.execute(delete(MailCode).where(MailCode.expires_at <= now - CODES_KEPT))
    has_role = exists().where(
        Membership.person_id == Person.id,
        (Membership.status == MembershipStatus.ACTIVE) | (Membership.changed_at > now - PEOPLE_KEPT),
    )
    forgotten = session.scalars(select(Person.id).where(~has_role, Person.created_at <= now - PEOPLE_KEPT)).all()
    session.execute(delete(Person).where(Person.id.in_(forgotten)))
    return len(forgotten)
