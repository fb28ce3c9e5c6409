"""What waits for a moderator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.catalogue.models import Provider
from portal.reviews.models import Dispute, Experience, ExperienceFlag, InvitationBatch, Office, ProviderAnswer, is_of
from portal.reviews.types import Status
from portal.reviews.worries import WORRY

WAITS: ColumnElement[bool] = or_(
    Experience.status == Status.RECEIVED, Experience.wants_second_look, Experience.proposed_by.is_not(None)
)
"""The condition that a moderator has to look at an experience."""
SPEAKS_OF_DANGER: ColumnElement[bool] = Experience.danger.not_in(("", WORRY))


def number_waiting(session: Session, region_id: int) -> int:
    """How many experiences are to be looked at."""
    return _number(session, region_id, WAITS)


def queue(session: Session, region_id: int, limit: int | None = None, offset: int = 0) -> Sequence[Experience]:
    """What is to be read: danger first, then what worries, then second looks and proposals, then the oldest.

    Within a day the order is that of the random ids: nothing tells who was first.
    """
    first = (
        SPEAKS_OF_DANGER,
        Experience.danger != "",
        Experience.wants_second_look,
        Experience.proposed_by.is_not(None),
    )
    return session.scalars(
        select(Experience)
        .where(Experience.region_id == region_id, WAITS)
        .options(joinedload(Experience.provider))
        .order_by(*(case((one, 0), else_=1) for one in first), Experience.arrived_on.nulls_first(), Experience.id)
        .limit(limit)
        .offset(offset)
    ).all()


def experience(session: Session, region_id: int, experience_id: str) -> Experience | None:
    """One of the region's experiences."""
    return session.scalars(
        select(Experience)
        .where(Experience.region_id == region_id, Experience.id == experience_id)
        .options(joinedload(Experience.provider))
    ).one_or_none()


def number_published(session: Session, region_id: int) -> int:
    """How many experiences stand on the site."""
    return _number(session, region_id, Experience.status == Status.PUBLISHED)


def published(session: Session, region_id: int, limit: int | None = None, offset: int = 0) -> Sequence[Experience]:
    """What stands on the site, by the name of the provider or office, and then in no order."""
    return session.scalars(
        select(Experience)
        .outerjoin(Experience.provider)
        .outerjoin(Office, Office.id == Experience.office_id)
        .where(Experience.region_id == region_id, Experience.status == Status.PUBLISHED)
        .options(contains_eager(Experience.provider))
        .order_by(func.coalesce(Provider.name, Office.name), Experience.id)
        .limit(limit)
        .offset(offset)
    ).all()


def _number(session: Session, region_id: int, condition: ColumnElement[bool]) -> int:
    return (
        session.scalar(select(func.count()).select_from(Experience).where(Experience.region_id == region_id, condition))
        or 0
    )


@dataclass(frozen=True, slots=True)
class Group:
    """How many families it could be of."""

    handed_out: int | None
    """Codes; None where nobody wrote down how many. A code that was made and lies in a drawer hides nobody."""
    told: int


def group_of(session: Session, found: Experience) -> Group:
    """Among how many codes and stories of this provider and kind of help an experience hides."""
    handed_out = session.scalar(
        select(func.sum(InvitationBatch.handed_out)).where(
            is_of(InvitationBatch, found.about), InvitationBatch.arrangement == found.arrangement
        )
    )
    told = session.scalar(
        select(func.count()).select_from(Experience).where(
            is_of(Experience, found.about), Experience.arrangement == found.arrangement
        )
    )  # fmt: skip
    return Group(None if handed_out is None else int(handed_out), int(told or 0))


def flags(session: Session, experience_id: str) -> Sequence[ExperienceFlag]:
    """What is odd about it."""
    return session.scalars(
        select(ExperienceFlag).where(ExperienceFlag.experience_id == experience_id).order_by(ExperienceFlag.kind)
    ).all()


def answers_to_read(session: Session, region_id: int) -> Sequence[tuple[ProviderAnswer, Experience]]:
    """Answers of providers that nobody read yet."""
    return [
        (answer, found)
        for answer, found in session.execute(
            select(ProviderAnswer, Experience)
            .join(Experience, Experience.id == ProviderAnswer.experience_id)
            .where(Experience.region_id == region_id, ProviderAnswer.status == Status.RECEIVED)
            .options(joinedload(Experience.provider))
            .order_by(ProviderAnswer.experience_id)
        )
    ]


def open_disputes(session: Session, region_id: int) -> Sequence[tuple[Dispute, Experience]]:
    """Facts that a provider disputes and about which nobody decided."""
    return [
        (dispute, found)
        for dispute, found in session.execute(
            select(Dispute, Experience)
            .join(Experience, Experience.id == Dispute.experience_id)
            .where(Experience.region_id == region_id, Dispute.outcome == "")
            .options(joinedload(Experience.provider))
            .order_by(Dispute.answer_by, Dispute.id)
        )
    ]
