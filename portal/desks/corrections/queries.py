"""What is said to be not right, and what it is about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Membership
from portal.accounts.types import MembershipStatus
from portal.catalogue.models import AccessPoint, Offer, Provider, Region
from portal.desks.corrections.models import Correction
from portal.desks.corrections.types import State

_ALL = (joinedload(Correction.provider), joinedload(Correction.offer))
MOST_DECIDED = 25


@dataclass(frozen=True, slots=True)
class About:
    """A page on which something can be not right: of a provider, of one of its offers, or of a municipality."""

    region_id: int
    provider: Provider | None = None
    offer: Offer | None = None
    municipality: str = ""
    """CBS code."""


def about_provider(session: Session, slug: str, identifier: str) -> About | None:
    """The provider at this address, or its offer with this identifier; None where there is none."""
    provider = session.scalars(select(Provider).where(Provider.slug == slug)).one_or_none()
    if provider is None:
        return None
    if not identifier:
        return About(provider.region_id, provider)
    offer = session.scalars(
        select(Offer).where(Offer.provider_id == provider.id, Offer.identifier == identifier)
    ).one_or_none()
    return About(provider.region_id, provider, offer) if offer else None


def about_municipality(session: Session, municipality: str, youth_region: str) -> About | None:
    """Whom to turn to in this municipality; it belongs to the region that told it, else to its youth region."""
    region_id = session.scalar(
        select(AccessPoint.region_id).where(AccessPoint.municipality == municipality).order_by(AccessPoint.id).limit(1)
    ) or session.scalar(select(Region.id).where(Region.youth_region == youth_region).order_by(Region.id).limit(1))
    return About(region_id, municipality=municipality) if region_id else None


def about_correction(correction: Correction) -> About:
    """What somebody said it about."""
    return About(correction.region_id, correction.provider, correction.offer, correction.municipality)


def open_corrections(session: Session, region_id: int, most: int) -> Sequence[Correction]:
    """What waits for a decision, the longest first."""
    return session.scalars(
        select(Correction)
        .options(*_ALL)
        .where(Correction.region_id == region_id, Correction.state == State.OPEN)
        .order_by(Correction.received_on, Correction.id)
        .limit(most)
    ).all()


def count_open(session: Session, region_id: int) -> int:
    """How many wait."""
    return session.execute(
        select(func.count()).where(Correction.region_id == region_id, Correction.state == State.OPEN)
    ).scalar_one()


def decided_corrections(session: Session, region_id: int) -> Sequence[Correction]:
    """What was decided lately, and is still kept; the newest first."""
    return session.scalars(
        select(Correction)
        .options(*_ALL)
        .where(Correction.region_id == region_id, Correction.state != State.OPEN, Correction.text != "")
        .order_by(Correction.decided_on.desc(), Correction.id.desc())
        .limit(MOST_DECIDED)
    ).all()


def correction(session: Session, region_id: int, public_id: str) -> Correction | None:
    """One of a region, whatever became of it."""
    return session.scalars(
        select(Correction).options(*_ALL).where(Correction.region_id == region_id, Correction.public_id == public_id)
    ).one_or_none()


def with_people(session: Session, provider_ids: Collection[int]) -> frozenset[int]:
    """Those of these providers at which somebody can sign in: what is passed on to the others nobody would see."""
    return frozenset(
        session.scalars(
            select(Membership.provider_id)
            .where(Membership.provider_id.in_(provider_ids), Membership.status == MembershipStatus.ACTIVE)
            .distinct()
        )
    )


def forwarded_to(session: Session, provider_id: int) -> Sequence[Correction]:
    """What the region passed on to a provider and is not mended yet, the longest first."""
    return session.scalars(
        select(Correction)
        .options(*_ALL)
        .where(
            Correction.provider_id == provider_id, Correction.state == State.OPEN, Correction.forwarded_on.is_not(None)
        )
        .order_by(Correction.received_on, Correction.id)
    ).all()
