"""Reading what may leave the portal. Today's date is an argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.catalogue.models import (
    AccessPoint,
    Consortium,
    Contract,
    Location,
    Method,
    Offer,
    Provider,
    Region,
)


@dataclass(frozen=True, slots=True)
class PublicCatalogue:
    """What everybody may see of one region, each list in the order of its identifiers.

    A provider that merged into another is left out with all it had, and so is an offer that was withdrawn:
    their pages only lead elsewhere or say that they are gone.
    """

    region: Region
    providers: Sequence[Provider]
    consortia: Sequence[Consortium]
    access_points: Sequence[AccessPoint]
    locations: Sequence[Location]
    offers: Sequence[Offer]
    contracts: Sequence[Contract]
    methods: Sequence[Method]


def region_names(session: Session) -> Sequence[str]:
    """The names of all regions in the catalogue."""
    return session.scalars(select(Region.name).order_by(Region.name)).all()


def public_catalogue(session: Session, region: Region, today: date) -> PublicCatalogue:
    """What is public of `region` on the day `today`."""
    # Loaded first, so that the references to them below are found in the session without a query each.
    providers = session.scalars(
        select(Provider)
        .where(Provider.region_id == region.id, Provider.successor_id.is_(None))
        .order_by(Provider.identifier)
    ).all()
    is_there = Provider.successor_id.is_(None)
    locations = session.scalars(
        select(Location)
        .join(Location.provider)
        .where(Location.region_id == region.id, is_there)
        .options(joinedload(Location.provider))
        .order_by(Location.identifier)
    ).all()
    offers = session.scalars(
        select(Offer)
        .join(Offer.provider)
        .where(
            Offer.region_id == region.id,
            is_there,
            or_(Offer.withdrawn_on.is_(None), Offer.withdrawn_on > today),
        )
        .options(joinedload(Offer.provider))
        .order_by(Offer.identifier)
    ).all()
    contracts = session.scalars(
        select(Contract)
        .join(Contract.provider)
        .where(Contract.region_id == region.id, is_there)
        .options(joinedload(Contract.provider))
        .order_by(Contract.identifier)
    ).all()
    consortia = session.scalars(
        select(Consortium)
        .where(Consortium.region_id == region.id)
        .options(selectinload(Consortium.providers))
        .order_by(Consortium.identifier)
    ).all()
    access_points = session.scalars(
        select(AccessPoint)
        .where(AccessPoint.region_id == region.id)
        .order_by(AccessPoint.municipality, AccessPoint.kind, AccessPoint.id)
    ).all()
    methods = session.scalars(select(Method).where(Method.region_id == region.id).order_by(Method.name)).all()
    return PublicCatalogue(region, providers, consortia, access_points, locations, offers, contracts, methods)
