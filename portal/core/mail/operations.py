"""Posting mail, and its way out of the outbox. The caller commits.

No mail is sent twice: `claim` moves the next try on, so that a sender that dies leaves nothing behind, and of all who
claimed a mail only one passes `hand_over`, whatever their clocks say.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from portal.core.mail.models import Mail
from portal.core.mail.types import Letter, MailState, Trouble, mailbox, subject_line

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
HANDING_OVER_LASTS = timedelta(hours=1)
"""No server takes longer: a sender that has not said after this how it went, never will."""
_ERASED = {"recipient": None, "subject": None, "body": None}


def post(
    session: Session,
    to: str,
    subject: str,
    body: str,
    at: datetime,
    *,
    language: str,
    not_after: datetime | None = None,
) -> int:
    """Put a mail in the outbox, in the caller's transaction; its id. It leaves when that is committed.

    `body` is plain text, ready in `language`. After `not_after` it is not sent any more: a link that has expired helps
    nobody.

    Raises ValueError where `to` is not one mailbox or `subject` is not one line.
    """
    mail = Mail(
        recipient=mailbox(to),
        subject=subject_line(subject),
        body=body,
        language=language,
        created_at=at,
        not_before=at,
        not_after=not_after,
    )
    session.add(mail)
    session.flush()
    return mail.id


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 20)), LONGEST_PAUSE)


def due(session: Session, now: datetime, most: int) -> Sequence[int]:
    """The ids of mails that can be tried now, longest waiting first."""
    return session.scalars(select(Mail.id).where(*_is_due(now)).order_by(Mail.not_before, Mail.id).limit(most)).all()


def claim(session: Session, mail_id: int, now: datetime) -> tuple[Letter, str] | None:
    """Take a mail that is due, to try it; the letter and the claim. None where another sender was first."""
    mail = session.scalars(select(Mail).where(Mail.id == mail_id, *_is_due(now))).one_or_none()
    if mail is None:
        return None
    token = secrets.token_hex(16)
    taken = session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.attempts == mail.attempts, *_is_due(now))
        .values(claim=token, attempts=mail.attempts + 1, not_before=now + pause_after(mail.attempts + 1))
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None
    letter = Letter(mail.id, mail.recipient or "", mail.subject or "", mail.body or "", mail.language, mail.created_at)
    return letter, token


def hand_over(session: Session, mail_id: int, token: str, now: datetime) -> bool:
    """Begin to give a mail to the server; whether this sender may."""
    begun = session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.claim == token, Mail.state == MailState.WAITING)
        .values(state=MailState.HANDING_OVER, not_before=now + HANDING_OVER_LASTS)
    )
    return bool(begun.rowcount == 1)  # type: ignore[attr-defined]


def end(session: Session, mail_id: int, state: MailState, trouble: Trouble | None, now: datetime) -> None:
    """Write down what became of a mail that this sender claimed, and erase what it said and to whom."""
    session.execute(
        update(Mail).where(Mail.id == mail_id).values(state=state, trouble=trouble, ended_at=now, claim=None, **_ERASED)
    )


def put_back(session: Session, mail_id: int, token: str, trouble: Trouble) -> None:
    """Let a mail that the server certainly did not take wait for its next try."""
    session.execute(
        update(Mail).where(Mail.id == mail_id, Mail.claim == token).values(state=MailState.WAITING, trouble=trouble)
    )


def are_stuck(session: Session, now: datetime) -> bool:
    """Whether there are mails whose sender died while it handed them over."""
    return session.scalars(select(Mail.id).where(*_is_stuck(now)).limit(1)).first() is not None


def give_up(session: Session, now: datetime) -> None:
    """Erase mails whose sender died while it handed them over: they may have arrived."""
    session.execute(
        update(Mail)
        .where(*_is_stuck(now))
        .values(state=MailState.UNCERTAIN, trouble=Trouble.BROKEN_OFF, ended_at=now, claim=None, **_ERASED)
    )


def give_up_all(session: Session, now: datetime) -> None:
    """Erase every mail that waits: what a restored backup says is to be sent may have left since."""
    session.execute(
        update(Mail)
        .where(Mail.ended_at.is_(None))
        .values(state=MailState.UNCERTAIN, trouble=Trouble.BROKEN_OFF, ended_at=now, claim=None, **_ERASED)
    )


def forget(session: Session, now: datetime, kept_days: int) -> int:
    """Delete what was posted longer ago than mail is kept, and what is of no use any more; how many there were."""
    deleted = session.execute(
        delete(Mail).where(
            Mail.state != MailState.HANDING_OVER,
            or_(
                Mail.created_at <= now - timedelta(days=kept_days),
                (Mail.state == MailState.WAITING) & (Mail.not_after <= now),
            ),
        )
    )
    return int(deleted.rowcount)  # type: ignore[attr-defined]


def _is_stuck(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Mail.state == MailState.HANDING_OVER, Mail.not_before <= now


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Mail.state == MailState.WAITING,
        Mail.not_before <= now,
        or_(Mail.not_after.is_(None), Mail.not_after > now),
    )
