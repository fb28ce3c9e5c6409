"""The offers of which a waiting time is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from portal.catalogue.availability import is_offered
from portal.catalogue.models import Offer
from portal.catalogue.types import Origin
from portal.core.trail.models import TrailEntry
from portal.core.trail.queries import Filters, entries
from portal.core.trail.types import Subject


def offers_of(session: Session, provider_id: int, today: date) -> Sequence[Offer]:
    """What a provider offers today, under contract or not: the longest unconfirmed first."""
    return session.scalars(
        select(Offer)
        .options(joinedload(Offer.provider))
        .where(Offer.provider_id == provider_id, is_offered(today))
        .order_by(Offer.waiting_reported_on.is_not(None), Offer.waiting_reported_on, Offer.name, Offer.id)
    ).all()


def has_told(session: Session, provider_id: int) -> bool:
    """Whether a provider ever told or confirmed a waiting time itself."""
    mine = exists().where(Offer.provider_id == provider_id, Offer.waiting_origin == Origin.DESK)
    return bool(session.scalar(select(mine)))


def offer_of(session: Session, provider_id: int, identifier: str, today: date) -> Offer | None:
    """One of them, by the identifier in its address."""
    return session.scalars(
        select(Offer)
        .options(joinedload(Offer.provider))
        .where(Offer.provider_id == provider_id, Offer.identifier == identifier, is_offered(today))
    ).one_or_none()


def offer_by_id(session: Session, offer_id: int, today: date) -> Offer | None:
    """An offer that is still offered, for who holds a link to it."""
    return session.scalars(
        select(Offer).options(joinedload(Offer.provider)).where(Offer.id == offer_id, is_offered(today))
    ).one_or_none()


def last_told(session: Session, offer: Offer) -> TrailEntry | None:
    """What was told or confirmed of an offer most recently, with what held before."""
    filters = Filters(action="waiting", subject=Subject("offer", offer.identifier))
    return next(iter(entries(session, offer.region_id, filters, size=1).entries), None)
