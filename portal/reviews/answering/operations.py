"""What a provider, access team or institution can do with what families told of it: answer below it, and dispute a
fact. Nothing else.

No operation here touches status, text or order of an experience.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.accounts.signing_in.codes import new_public_id
from portal.accounts.types import Scope
from portal.catalogue.operations import touch
from portal.core.actor import Actor
from portal.reviews.models import WRITTEN, Dispute, Experience, Office, ProviderAnswer
from portal.reviews.operations import note
from portal.reviews.questions import TEXTS
from portal.reviews.telling.operations import cleaned
from portal.reviews.types import OfficeKind, Quarter, Status

LONGEST_ANSWER = 2_000
LONGEST_PROMISE = 300


class CannotAnswer(ValueError):
    """What a provider asks cannot be done; the message says why."""


def can_be_answered(scope: Scope) -> ColumnElement[bool]:
    """The condition that an experience is one which somebody with this scope can answer: it stands on the page of the
    provider, on its page as a certified institution, or on that of the municipality's access team.

    Who chose answers and wrote nothing stands on no page: below it nobody would read an answer."""
    offices = select(Office.id).where(Office.region_id == scope.region_id)
    if scope.provider_id is not None:
        institution = offices.where(Office.kind == OfficeKind.YOUTH_PROTECTOR, Office.provider_id == scope.provider_id)
        is_own = or_(Experience.provider_id == scope.provider_id, Experience.office_id.in_(institution))
    else:
        team = offices.where(Office.kind == OfficeKind.ACCESS_TEAM, Office.municipality == scope.municipality)
        is_own = Experience.office_id.in_(team)
    return and_(is_own, Experience.status == Status.PUBLISHED, Experience.is_named, WRITTEN)


def experiences_of(session: Session, scope: Scope) -> list[Experience]:
    """What somebody with this scope can answer."""
    return list(
        session.scalars(
            select(Experience).where(can_be_answered(scope)).order_by(Experience.quarter.desc(), Experience.id)
        )
    )


def answer(
    session: Session, actor: Actor, experience: Experience, text: str, promise: str, due: str, today: date
) -> None:
    """Answer an experience, or change the answer; a moderator reads it before it is shown.

    Raises CannotAnswer for nothing, too much, or a promise without a quarter to come.
    """
    text, promise = cleaned(text), cleaned(promise)
    if not text or len(text) > LONGEST_ANSWER or len(promise) > LONGEST_PROMISE:
        raise CannotAnswer("an answer of some length")
    if promise and (not due or Quarter.read(due) < Quarter.of(today)):
        raise CannotAnswer("a promise has a quarter by which it is kept")
    found = session.get(ProviderAnswer, experience.id)
    if found is None:
        found = ProviderAnswer(experience_id=experience.id, text=text, status=Status.RECEIVED)
        session.add(found)
    found.text, found.promise, found.promise_due = text, promise, due if promise else ""
    found.status, found.reason, found.kept = Status.RECEIVED, "", ""
    touch(session)  # what stood there is gone until the new one was read
    note(session, actor, "answer.received", experience, today, before={}, after={})


def say_kept(session: Session, actor: Actor, experience: Experience, today: date) -> None:
    """Say that a promise was kept. Raises CannotAnswer where there is none that is shown."""
    found = session.get(ProviderAnswer, experience.id)
    if found is None or not found.promise or found.status is not Status.PUBLISHED:
        raise CannotAnswer("there is no promise that is shown")
    found.kept = "kept"
    touch(session)
    note(session, actor, "promise.kept", experience, today, before={}, after={})


def dispute(
    session: Session, actor: Actor, experience: Experience, sentence: str, grounds: str, days: int, today: date
) -> Dispute:
    """Dispute a sentence; its author is asked through the phrase, and a moderator decides.

    Raises CannotAnswer where the sentence does not stand there, or was disputed before, or without grounds.
    """
    sentence, grounds = sentence.strip(), cleaned(grounds)
    if len(sentence) < 10 or not any(sentence in getattr(experience, name) for name in TEXTS):
        raise CannotAnswer("a sentence that stands there")
    if not 20 <= len(grounds) <= LONGEST_ANSWER:
        raise CannotAnswer("why it is not right")
    before = session.scalar(
        select(Dispute.id).where(Dispute.experience_id == experience.id, Dispute.sentence == sentence)
    )
    if before is not None:
        raise CannotAnswer("once for each sentence")
    made = Dispute(
        id=new_public_id(), experience_id=experience.id, sentence=sentence, grounds=grounds,
        answer_by=today + timedelta(days=days),
    )  # fmt: skip
    session.add(made)
    touch(session)  # how often a provider objects stands on its page
    note(session, actor, "dispute.received", experience, today, before={}, after={})
    return made
