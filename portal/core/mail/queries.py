"""Reading the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.mail.models import Mail
from portal.core.mail.types import MailState, Trouble


@dataclass(frozen=True, slots=True)
class Outbox:
    """How the outbox fares."""

    waiting: int
    oldest: datetime | None
    """When the mail was posted that waits longest."""
    trouble: Trouble | None
    """Why that one was not sent the last time."""
    refused: int
    """Mails to mailboxes that do not exist."""
    uncertain: int
    """Mails that may or may not have arrived."""


def outbox(session: Session) -> Outbox:
    """How much waits, and what became of mail that could not be sent."""
    counts = dict(session.execute(select(Mail.state, func.count()).group_by(Mail.state)).all())
    on_its_way = Mail.state.in_((MailState.WAITING, MailState.HANDING_OVER))
    first = session.execute(
        select(Mail.created_at, Mail.trouble).where(on_its_way).order_by(Mail.created_at, Mail.id).limit(1)
    ).one_or_none()
    return Outbox(
        waiting=counts.get(MailState.WAITING, 0) + counts.get(MailState.HANDING_OVER, 0),
        oldest=first.created_at if first else None,
        trouble=first.trouble if first else None,
        refused=counts.get(MailState.REFUSED, 0),
        uncertain=counts.get(MailState.UNCERTAIN, 0),
    )


def state_of(session: Session, mail_id: int) -> MailState | None:
    """How far the mail is; None where it was deleted since."""
    return session.scalar(select(Mail.state).where(Mail.id == mail_id))
