"""Reading what may leave the portal. Today's date is an argument."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
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
from portal.exchange.models import ImportRun


@dataclass(frozen=True, slots=True)
class RegionCatalogue:
    """Rows of one region, each list in the order of its identifiers: what everybody may see, or all for its staff.

    From what everybody may see a provider that merged into another is left out with all it had, and so is an offer that
    was withdrawn: their pages only lead elsewhere or say that they are gone.
    """

    region: Region
    providers: Sequence[Provider]
    consortia: Sequence[Consortium]
    access_points: Sequence[AccessPoint]
    locations: Sequence[Location]
    offers: Sequence[Offer]
    contracts: Sequence[Contract]
    methods: Sequence[Method]
    hides_family_homes: bool = False
    """Whether each family home stays secret, as on the pages, also where the region declared its address open."""
    is_whole: bool = False
    """Whether it is all there is: then a row keeps its reference to one that does not fit in a data package."""

    def is_secret(self, location: Location) -> bool:
        """Whether nothing finer than the municipality of `location` may leave."""
        return location.is_secret if self.hides_family_homes else location.address_confidential


def region_names(session: Session) -> Sequence[str]:
    """The names of all regions in the catalogue."""
    return session.scalars(select(Region.name).order_by(Region.name)).all()


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The senders' own identifiers of what is public in one region, each in their order."""

    region_name: str
    providers: Mapping[str, int]
    """With their primary key."""
    offers: Mapping[str, tuple[int, Sequence[str]]]
    """With the primary key of their provider and the identifiers of their places."""
    locations: frozenset[str]


def regions(session: Session) -> Sequence[Region]:
    """All regions in the catalogue, by name."""
    return session.scalars(select(Region).order_by(Region.name)).all()


def any_slug(session: Session) -> str | None:
    """The address of the first provider by name, for an example; None where there is none."""
    return session.scalar(
        select(Provider.slug).where(Provider.successor_id.is_(None)).order_by(Provider.name, Provider.id).limit(1)
    )


def identifiers(session: Session, today: date) -> list[Identifiers]:
    """What is public on the day `today`, region by region."""
    found = []
    for region in regions(session):
        is_there = (Provider.region_id == region.id, Provider.successor_id.is_(None))
        providers = session.execute(
            select(Provider.identifier, Provider.id).where(*is_there).order_by(Provider.identifier)
        )
        offers = session.execute(
            select(Offer.identifier, Offer.provider_id, Offer.location_identifiers)
            .join(Offer.provider)
            .where(*is_there, _is_offered(today))
            .order_by(Offer.identifier)
        )
        locations = session.scalars(select(Location.identifier).join(Location.provider).where(*is_there))
        found.append(
            Identifiers(
                region.name,
                dict(providers.all()),
                {identifier: (key, places) for identifier, key, places in offers},
                frozenset(locations),
            )
        )
    return found


def _is_offered(today: date) -> ColumnElement[bool]:
    return or_(Offer.withdrawn_on.is_(None), Offer.withdrawn_on > today)


def catalogue_for_everybody(
    session: Session, region: Region, today: date, providers_only: Collection[int] | None = None
) -> RegionCatalogue:
    """As `public_catalogue`, and with the address of every family home secret, as on the pages."""
    return replace(public_catalogue(session, region, today, providers_only), hides_family_homes=True)


def public_catalogue(
    session: Session, region: Region, today: date, providers_only: Collection[int] | None = None
) -> RegionCatalogue:
    """What is public of `region` on the day `today`; of these providers (primary keys) only, where they are given.

    Then a place of another provider is there too where one of their offers names it.
    """
    is_there = Provider.successor_id.is_(None)
    chosen = is_there if providers_only is None else and_(is_there, Provider.id.in_(providers_only))
    found = _catalogue(session, region, chosen, and_(chosen, _is_offered(today)))
    if providers_only is None:
        return found
    named = {place for offer in found.offers for place in offer.location_identifiers}
    places = and_(is_there, or_(chosen, Location.identifier.in_(named)))
    return replace(found, locations=session.scalars(_locations(region, places)).all())


def whole_catalogue(session: Session, region: Region) -> RegionCatalogue:
    """All of `region` for its own staff: also what was withdrawn, who merged, and each address that is stored."""
    return replace(_catalogue(session, region, true(), true()), is_whole=True)


def in_no_package(session: Session, region_id: int) -> int:
    """How many rows of a region a data package cannot hold: offers without arrangement, places without municipality."""
    offers = select(func.count()).where(Offer.region_id == region_id, Offer.arrangement.is_(None))
    places = select(func.count()).where(Location.region_id == region_id, Location.municipality.is_(None))
    return session.scalars(offers).one() + session.scalars(places).one()


def _catalogue(
    session: Session, region: Region, of_provider: ColumnElement[bool], of_offer: ColumnElement[bool]
) -> RegionCatalogue:
    """The rows of the providers of a region, and of their offers, for which this holds."""
    # Loaded first, so that the references to them below are found in the session without a query each.
    providers = session.scalars(
        select(Provider).where(Provider.region_id == region.id, of_provider).order_by(Provider.identifier)
    ).all()
    offers = session.scalars(
        select(Offer)
        .join(Offer.provider)
        .where(Offer.region_id == region.id, of_offer)
        .options(joinedload(Offer.provider))
        .order_by(Offer.identifier)
    ).all()
    locations = session.scalars(_locations(region, of_provider)).all()
    contracts = session.scalars(
        select(Contract)
        .join(Contract.provider)
        .where(Contract.region_id == region.id, of_provider)
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
    return RegionCatalogue(region, providers, consortia, access_points, locations, offers, contracts, methods)


def _locations(region: Region, of_provider: ColumnElement[bool]) -> Select[Location]:
    return (
        select(Location)
        .join(Location.provider)
        .where(Location.region_id == region.id, of_provider)
        .options(joinedload(Location.provider))
        .order_by(Location.identifier)
    )


def import_runs(session: Session, ids: Collection[int]) -> Mapping[int, ImportRun]:
    """These imports by their number."""
    found = session.scalars(select(ImportRun).where(ImportRun.id.in_(ids))).all() if ids else ()
    return {run.id: run for run in found}


def past_imports(session: Session, region_id: int, page: int, per_page: int) -> tuple[int, Sequence[ImportRun]]:
    """What was brought into a region, newest first: how much in all, and one page of it."""
    mine = ImportRun.region_id == region_id
    total = session.scalars(select(func.count()).select_from(ImportRun).where(mine)).one()
    found = select(ImportRun).where(mine).order_by(ImportRun.id.desc())
    return total, session.scalars(found.offset((page - 1) * per_page).limit(per_page)).all()


def brought_all_providers(session: Session, run: ImportRun) -> bool:
    """Whether every provider that its region has came with this import: undoing it would leave nothing."""
    mine = select(func.count()).select_from(Provider).where(Provider.region_id == run.region_id)
    return session.scalars(mine).one() <= run.changes.get("providers", {}).get("added", 0)
