"""What the author of an experience can do with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.reviews.models import Dispute, Experience, ProviderAnswer
from portal.reviews.operations import move
from portal.reviews.telling.operations import LONGEST_TEXT, cleaned
from portal.reviews.types import Status


def correct(session: Session, experience: Experience, texts: Mapping[str, str], danger: str, today: date) -> bool:
    """Change the texts; whether anything was another. What was published comes off until it was read again."""
    new = {name: cleaned(text)[:LONGEST_TEXT] for name, text in texts.items()}
    if all(getattr(experience, name) == text for name, text in new.items()):
        return False
    if experience.status is not Status.RECEIVED:
        move(session, None, experience, Status.RECEIVED, today)
    for name, text in new.items():
        setattr(experience, name, text)
    experience.danger, experience.blanked = danger, 0
    answer = session.get(ProviderAnswer, experience.id)
    if answer is not None and answer.status is Status.PUBLISHED:
        answer.status = Status.RECEIVED  # it answers what stood there before: a moderator looks again
    session.flush()
    return True


def ask_second_look(session: Session, experience: Experience) -> bool:
    """Let somebody else look at a refusal or removal; whether that could be asked."""
    if experience.status not in (Status.REFUSED, Status.REMOVED):
        return False
    experience.wants_second_look = True
    session.flush()
    return True


def disputes_of(session: Session, experience_id: str) -> list[Dispute]:
    """What the provider disputes, what nobody decided yet first."""
    found = select(Dispute).where(Dispute.experience_id == experience_id).order_by(Dispute.outcome, Dispute.id)
    return list(session.scalars(found))


def answer_dispute(session: Session, experience: Experience, dispute_id: str, says: str) -> bool:
    """Keep what the author says of a disputed sentence; whether there was such a dispute that nobody decided yet."""
    for dispute in disputes_of(session, experience.id):
        if dispute.id == dispute_id and not dispute.outcome:
            dispute.author_says = cleaned(says)[:LONGEST_TEXT]
            session.flush()
            return True
    return False
