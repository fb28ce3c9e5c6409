"""What was not confirmed for long, and who can be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Membership
from portal.accounts.types import MembershipStatus
from portal.catalogue.availability import Situation, is_open
from portal.catalogue.models import Offer, Provider
from portal.desks.reminders.models import Reminder, ReminderRefusal
from portal.desks.reminders.types import ReminderKind

_CONFIRMED_ON = {ReminderKind.WAITING: Offer.waiting_reported_on, ReminderKind.PROFILE: Offer.checked_on}


def is_old(kind: ReminderKind, today: date, after_days: int) -> ColumnElement[bool]:
    """The condition on `Offer` that it was not confirmed for longer than so many days."""
    column = _CONFIRMED_ON[kind]
    return or_(column.is_(None), column < today - timedelta(days=after_days))


def old_offers(
    session: Session, region_id: int, kind: ReminderKind, situation: Situation, after_days: int
) -> Mapping[int, Sequence[Offer]]:
    """The open offers of a region that are old, by the id of their provider; the longest unconfirmed first."""
    column = _CONFIRMED_ON[kind]
    found: dict[int, list[Offer]] = {}
    for offer in session.scalars(
        select(Offer)
        .options(joinedload(Offer.provider))
        .where(Offer.region_id == region_id, is_open(situation), is_old(kind, situation.today, after_days))
        .order_by(Offer.provider_id, column.is_not(None), column, Offer.name, Offer.id)
    ):
        found.setdefault(offer.provider_id, []).append(offer)
    return found


def recipients(session: Session, provider_id: int) -> Sequence[Membership]:
    """Who at a provider gets reminders: everybody who works there and did not refuse."""
    return session.scalars(_recipients(provider_id).options(joinedload(Membership.person))).all()


def gets_reminders(session: Session, membership_id: int) -> bool:
    """Whether this person is among them."""
    return not session.scalar(select(exists().where(ReminderRefusal.membership_id == membership_id)))


def is_only_recipient(session: Session, provider_id: int, membership_id: int) -> bool:
    """Whether nobody else at the provider gets them."""
    others = _recipients(provider_id).where(Membership.id != membership_id)
    return not session.scalar(select(others.exists()))


def _recipients(provider_id: int):  # type: ignore[no-untyped-def]
    refused = select(ReminderRefusal.membership_id).where(ReminderRefusal.membership_id == Membership.id)
    return (
        select(Membership)
        .where(
            Membership.provider_id == provider_id,
            Membership.status == MembershipStatus.ACTIVE,
            ~refused.exists(),
        )
        .order_by(Membership.id)
    )


@dataclass(frozen=True, slots=True)
class Silent:
    """A provider with offers that are old."""

    provider: Provider
    offers: int
    oldest: date | None
    """None where one of them was never told."""
    people: int
    """How many people of it have an account."""
    reminder: Reminder | None


def silent_providers(
    session: Session, region_id: int, kind: ReminderKind, situation: Situation, after_days: int
) -> Sequence[Silent]:
    """The providers of a region with old offers; who was asked most often first, then who was silent longest."""
    column = _CONFIRMED_ON[kind]
    people = (
        select(func.count())
        .select_from(Membership)
        .where(Membership.provider_id == Provider.id, Membership.status == MembershipStatus.ACTIVE)
        .scalar_subquery()
    )
    never = func.count(Offer.id) - func.count(column)
    found = session.execute(
        select(Provider, func.count(Offer.id), func.min(column), never, people, Reminder)
        .join(Offer, Offer.provider_id == Provider.id)
        .outerjoin(Reminder, and_(Reminder.provider_id == Provider.id, Reminder.kind == kind))
        .where(Offer.region_id == region_id, is_open(situation), is_old(kind, situation.today, after_days))
        .group_by(Provider.id, Reminder.provider_id, Reminder.kind)
        .order_by(func.coalesce(Reminder.times, 0).desc(), never.desc(), func.min(column), Provider.name, Provider.id)
    )
    return [
        Silent(provider, offers, None if unknown else oldest, members, reminder)
        for provider, offers, oldest, unknown, members, reminder in found
    ]
