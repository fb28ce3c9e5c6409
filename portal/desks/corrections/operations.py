"""Saying that something is not right, and deciding about it. The caller commits.

The trail says what was decided and about whom, and never what was written: that is erased after a while.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from portal.accounts.signing_in.codes import new_public_id
from portal.core.actor import Actor
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from portal.desks.corrections.models import Correction
from portal.desks.corrections.queries import About, with_people
from portal.desks.corrections.types import Matter, ProviderSays, State


class NotThere(Exception):
    """It was never there, or what was written is erased already."""


class DecidedMeanwhile(Exception):
    """A colleague decided about it since this page was made."""


class NobodyThere(Exception):
    """Nobody of the provider can sign in: nobody would see it."""


def say(session: Session, about: About, matter: Matter, text: str, today: date) -> Correction:
    """Put it in the queue. The same words about the same page while they still wait are said once."""
    provider_id, offer_id = about.provider and about.provider.id, about.offer and about.offer.id
    known = session.scalars(
        select(Correction).where(
            Correction.region_id == about.region_id, Correction.state == State.OPEN, Correction.text == text,
            Correction.provider_id.is_(None) if provider_id is None else Correction.provider_id == provider_id,
            Correction.offer_id.is_(None) if offer_id is None else Correction.offer_id == offer_id,
            Correction.municipality == about.municipality,
        ).limit(1)
    ).one_or_none()  # fmt: skip
    if known is not None:
        return known
    correction = Correction(
        public_id=new_public_id(), region_id=about.region_id, provider_id=provider_id, offer_id=offer_id,
        municipality=about.municipality, matter=matter, text=text, received_on=today, state=State.OPEN,
    )  # fmt: skip
    session.add(correction)
    session.flush()
    return correction


def decide(
    session: Session, region_id: int, public_id: str, state: State, reason: str, actor: Actor, at: datetime
) -> Correction:
    """Say that it was mended, or with a reason that it stays.

    Raises NotThere, and DecidedMeanwhile where somebody decided otherwise; the same decision twice is one.
    """
    found = _locked(session, region_id, public_id)
    if found.state is not State.OPEN:
        if found.state is state:
            return found
        raise DecidedMeanwhile
    found.state, found.reason, found.decided_on = state, reason, at.date()
    if state is State.MENDED:
        found.provider_says = None  # the region says so itself
    _record(session, found, f"correction.{state.value}", actor, at)
    return found


def reopen(session: Session, region_id: int, public_id: str, actor: Actor, at: datetime) -> None:
    """Take a decision back. Raises NotThere where the text is erased."""
    found = _locked(session, region_id, public_id)
    if not found.text:
        raise NotThere
    if found.state is not State.OPEN:
        found.state, found.reason, found.decided_on = State.OPEN, "", None
        _record(session, found, "correction.reopened", actor, at)


def forward(session: Session, region_id: int, public_id: str, actor: Actor, at: datetime) -> Correction | None:
    """Let the provider see it at its desk; None where it did already.

    Raises NotThere where it is about none; DecidedMeanwhile; NobodyThere.
    """
    found = _locked(session, region_id, public_id)
    if found.provider_id is None:
        raise NotThere
    if found.state is not State.OPEN:
        raise DecidedMeanwhile
    if not with_people(session, [found.provider_id]):
        raise NobodyThere
    if found.forwarded_on is not None:
        return None
    found.forwarded_on, found.provider_says = at.date(), None
    _record(session, found, "correction.forwarded", actor, at)
    return found


def answer_of_provider(
    session: Session, provider_id: int, public_id: str, says: ProviderSays, actor: Actor, at: datetime
) -> None:
    """What the provider says of what was passed on to it: that it is right now, which ends it, or that it was right,
    and then it waits for the region again.

    Raises NotThere; DecidedMeanwhile.
    """
    region_id = session.scalar(
        select(Correction.region_id).where(
            Correction.public_id == public_id, Correction.provider_id == provider_id,
            or_(Correction.forwarded_on.is_not(None), Correction.provider_says.is_not(None)),
        )
    )  # fmt: skip
    if region_id is None:
        raise NotThere
    found = _locked(session, region_id, public_id)
    if found.provider_says is says and (found.state is State.MENDED or found.forwarded_on is None):
        return  # the same answer twice is one
    if found.state is not State.OPEN or found.forwarded_on is None:
        raise DecidedMeanwhile
    found.provider_says = says
    if says is ProviderSays.RIGHT_NOW:
        found.state, found.decided_on = State.MENDED, at.date()
    else:
        found.forwarded_on = None
    _record(session, found, f"correction.{says.value}", actor, at)


def forget(session: Session, today: date, days: int, wait_days: int) -> int:
    """Erase what was written, so many days after the decision, or after it came where nobody decided; how often."""
    decided = and_(
        Correction.decided_on <= today - timedelta(days=days), or_(Correction.text != "", Correction.reason != "")
    )
    waiting = and_(
        Correction.state == State.OPEN, Correction.received_on <= today - timedelta(days=wait_days),
        Correction.text != "",
    )  # fmt: skip
    erased = session.execute(
        update(Correction)
        .where(or_(decided, waiting))
        .values(text="", reason="")
        .execution_options(synchronize_session=False)
    )
    return int(erased.rowcount)  # type: ignore[attr-defined]


def _locked(session: Session, region_id: int, public_id: str) -> Correction:
    found = session.scalars(
        select(Correction).where(Correction.region_id == region_id, Correction.public_id == public_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotThere
    return found


def _record(session: Session, correction: Correction, action: str, actor: Actor, at: datetime) -> None:
    provider, offer = correction.provider, correction.offer
    named: Mapping[str, object] = {
        "provider": provider.name if provider else None,
        "offer": offer.name if offer else None,
        "municipality": correction.municipality or None,
    }
    record(
        session, actor, action, Subject("correction", correction.public_id),
        after={name: value for name, value in named.items() if value}, region_id=correction.region_id, at=at,
    )  # fmt: skip
