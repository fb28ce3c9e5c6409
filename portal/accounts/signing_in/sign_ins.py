"""Sign-ins: browsers in which somebody is signed in. They live in the database, so that they can be seen and ended.

Half an hour without a page ends one, twelve hours end it anyway (OWASP ASVS 5.0, 7.3); so do another password,
another role and a disabled account.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import MailCode, Membership, Person, SignIn
from portal.accounts.signing_in.codes import new_public_id, new_token, token_digest
from portal.accounts.types import Step

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
HALFWAY = timedelta(minutes=30)
"""So long somebody may take from the password to the first page."""
SEEN_EVERY = timedelta(minutes=1)
"""That somebody is still there is written down once a minute at most."""
LONGEST_TOKEN = 100


def begin(
    session: Session,
    person: Person,
    step: Step,
    now: datetime,
    *,
    device: str = "",
    mail_code: MailCode | None = None,
    issuer: str = "",
) -> tuple[SignIn, str]:
    """Begin a sign-in; with the token for the cookie, which nothing else will ever know."""
    token = new_token()
    sign_in = SignIn(
        public_id=new_public_id(),
        token_digest=token_digest(token),
        person=person,
        step=step,
        mail_code=mail_code,
        issuer=issuer,
        device=device,
        began_at=now,
        seen_at=now,
    )
    session.add(sign_in)
    session.flush()
    return sign_in, token


def advance(session: Session, sign_in: SignIn, step: Step, membership: Membership | None = None) -> str:
    """Let a sign-in come further, or work as somebody else, under a new token; the old one is dead."""
    token = new_token()
    sign_in.token_digest, sign_in.step, sign_in.membership = token_digest(token), step, membership
    if step is Step.COMPLETE:
        sign_in.mail_code = None
    session.flush()
    return token


def find(session: Session, token: str, now: datetime) -> SignIn | None:
    """The sign-in of this token, with person and membership, where it is still alive."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return session.scalars(
        select(SignIn)
        .where(SignIn.token_digest == token_digest(token), _is_alive(now))
        .options(
            joinedload(SignIn.person),
            joinedload(SignIn.membership).joinedload(Membership.region),
            joinedload(SignIn.membership).joinedload(Membership.provider),
        )
    ).one_or_none()


def _is_alive(now: datetime) -> ColumnElement[bool]:
    longest = (SignIn.step == Step.COMPLETE) & (SignIn.began_at > now - LONGEST) & (SignIn.seen_at > now - IDLE)
    halfway = (SignIn.step != Step.COMPLETE) & (SignIn.began_at > now - HALFWAY)
    return longest | halfway


def is_due(sign_in: SignIn, now: datetime) -> bool:
    """Whether it should be written down again that its owner is still there."""
    return sign_in.seen_at <= now - SEEN_EVERY


def note_seen(session: Session, sign_in_id: int, now: datetime) -> None:
    """Write down that its owner is still there."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.seen_at < now).values(seen_at=now))


def of_person(session: Session, person_id: int, now: datetime) -> Sequence[SignIn]:
    """Where somebody is signed in, the latest first."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.step == Step.COMPLETE, _is_alive(now))
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    ).all()


def end_one(session: Session, person_id: int, public_id: str) -> bool:
    """End a sign-in of this person; whether there was one."""
    ended = session.execute(
        delete(SignIn).where(SignIn.person_id == person_id, SignIn.public_id == public_id).returning(SignIn.id)
    )
    return ended.first() is not None


def end_all(session: Session, person_id: int, but: int | None = None) -> int:
    """End every sign-in of this person, or every other one; how many that were."""
    ended = session.execute(
        delete(SignIn).where(SignIn.person_id == person_id, SignIn.id != (but or 0)).returning(SignIn.id)
    )
    return len(ended.all())


def forget_dead(session: Session, now: datetime) -> int:
    """Delete the sign-ins whose time is over; how many that were."""
    dead = session.execute(
        delete(SignIn).where(or_(SignIn.began_at <= now - LONGEST, ~_is_alive(now))).returning(SignIn.id)
    )
    return len(dead.all())
