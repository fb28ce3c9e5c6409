"""Reading the catalogue. Today's date and the code lists are arguments; nothing here knows of a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Select, String, and_, bindparam, cast, func, select, type_coerce
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, raiseload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from portal.catalogue.availability import Situation, holds_there, is_current, is_open
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import (
    AccessPoint,
    CatalogueRevision,
    Consortium,
    ConsortiumMember,
    Contract,
    FormerSlug,
    Location,
    Method,
    Offer,
    OfferMunicipality,
    Provider,
    Region,
)
from portal.catalogue.types import AccessPointKind, ContractBasis, LocationKind, OfferAccess, Setting
from portal.core.text import fold

FAMILY_HOME = "gezinshuis"
"""The arrangement under which family homes are offered."""
CRISIS = "crisis"
"""The arrangement that begins with a call to the crisis service."""


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """What holds for all pages until the catalogue changes."""

    revision: int
    youth_regions: Mapping[int, str | None]
    """Region id to the code of its youth region."""
    with_contracts: frozenset[int]
    """Ids of the regions that have delivered contracts."""
    municipalities: tuple[str, ...]
    """The CBS codes that a visitor can choose from, by name."""
    is_fictional: bool
    """Whether invented data are shown."""
    crisis_line: tuple[str, str] | None
    """Name and phone of the crisis service that most municipalities share."""
    shared_identifiers: frozenset[str]
    """Identifiers of offers that several regions use, so that they do not name one offer alone."""
    merged: frozenset[int]
    """Ids of the providers that merged into another."""

    def situation(self, code_lists: CodeLists, today: date, municipality: str | None = None) -> Situation:
        """The circumstances in which availability is asked, for a municipality (CBS code) or anywhere."""
        there = frozenset(self.youth_regions)
        if municipality is not None:
            youth_region = code_lists.municipalities[municipality].youth_region
            there = frozenset(i for i, code in self.youth_regions.items() if code in (None, youth_region))
        return Situation(today, municipality, there, self.with_contracts, self.merged)


_REVISION = select(CatalogueRevision.number)
_facts: WeakKeyDictionary[Engine, RegionFacts] = WeakKeyDictionary()


def ids_by_code(
    session: Session, ids: InstrumentedAttribute[int], codes: InstrumentedAttribute[Any]
) -> dict[str, NDArray[np.int64]]:
    """Each code of a table with the ids that have it, joined by the database: ten times sooner than a row a pair."""
    joined = func.aggregate_strings(cast(ids, String), ",")
    found = session.execute(select(type_coerce(codes, String), joined).group_by(codes))
    return {code: np.array(text.split(","), dtype=np.int64) for code, text in found}


def catalogue_revision(engine: Engine) -> int:
    """The present revision.

    Raises OperationalError, as a session would, where the database cannot be used.
    """
    return revision_and_edition(engine)[0]


def revision_and_edition(engine: Engine) -> tuple[int, int]:
    """The present revision, and the edition of code lists and words, asked of the database without a session: every
    page of results begins with it.

    Raises OperationalError, as a session would, where the database cannot be used.
    """
    statement = "SELECT number, edition FROM catalogue_revision"
    try:
        with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(statement)
            found = cursor.fetchone() or (0, 0)
    except engine.dialect.loaded_dbapi.Error as error:
        raise OperationalError(statement, None, error) from error
    return int(found[0]), int(found[1])


def region_facts(session: Session, code_lists: CodeLists, revision: int | None = None) -> RegionFacts:
    """The facts of this revision, by default the present one; read once a revision by each process."""
    engine = session.get_bind().engine
    if revision is None:
        revision = session.execute(_REVISION).scalar_one()
    known = _facts.get(engine)
    if known is None or known.revision != revision:
        known = _facts[engine] = _read_facts(session, code_lists, revision)
    return known


def _read_facts(session: Session, code_lists: CodeLists, revision: int) -> RegionFacts:
    regions = session.scalars(select(Region)).all()
    codes = {
        municipality.code
        for region in regions
        if region.youth_region
        for municipality in code_lists.municipalities_of(region.youth_region)
    }
    codes |= set(session.scalars(select(AccessPoint.municipality).distinct()))
    if not codes:
        codes = set(filter(None, session.scalars(select(Location.municipality).distinct())))
    known = [code_lists.municipalities[code] for code in codes if code in code_lists.municipalities]
    return RegionFacts(
        revision,
        {region.id: region.youth_region for region in regions},
        frozenset(session.scalars(select(Contract.region_id).distinct())),
        tuple(municipality.code for municipality in sorted(known, key=lambda m: fold(m.name))),
        any(region.fictional for region in regions),
        _crisis_line(session),
        _shared_identifiers(session) if len(regions) > 1 else frozenset(),
        frozenset(session.scalars(select(Provider.id).where(Provider.successor_id.is_not(None)))),
    )


def _shared_identifiers(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(Offer.identifier).group_by(Offer.identifier).having(func.count() > 1)))


def _crisis_line(session: Session) -> tuple[str, str] | None:
    how_many = func.count(func.distinct(AccessPoint.municipality))
    found = session.execute(
        select(AccessPoint.name, AccessPoint.phone)
        .where(AccessPoint.kind == AccessPointKind.CRISIS, AccessPoint.phone.is_not(None))
        .group_by(AccessPoint.name, AccessPoint.phone)
        .order_by(how_many.desc(), AccessPoint.name, AccessPoint.phone)
        .limit(1)
    ).first()
    return (found.name, found.phone or "") if found else None


# The statements of the provider page are made once: building them anew would cost more than running them.
_PROVIDER = (
    select(Provider)
    .where(Provider.slug == bindparam("slug"))
    .options(joinedload(Provider.region), joinedload(Provider.successor), raiseload("*"))
)
_OF_PROVIDER = (
    (Provider.offers, select(Offer).where(Offer.provider_id == bindparam("id")).order_by(Offer.identifier)),
    (
        Provider.locations,
        select(Location).where(Location.provider_id == bindparam("id")).order_by(Location.identifier),
    ),
    (
        Provider.contracts,
        select(Contract).where(Contract.provider_id == bindparam("id")).order_by(Contract.identifier),
    ),
    (
        Provider.consortia,
        select(Consortium)
        .join(ConsortiumMember, ConsortiumMember.consortium_id == Consortium.id)
        .where(ConsortiumMember.provider_id == bindparam("id"))
        .order_by(Consortium.name)
        .options(selectinload(Consortium.providers).raiseload("*")),
    ),
)


def region_named(session: Session, name: str) -> Region | None:
    """The region with this name; case and accents do not matter."""
    regions = session.scalars(select(Region)).all()
    return next((region for region in regions if fold(region.name) == fold(name)), None)


def provider_by_slug(session: Session, slug: str) -> Provider | None:
    """The provider at this address with all that its page shows, or None."""
    provider = session.scalars(_PROVIDER, {"slug": slug}).one_or_none()
    if provider is not None:
        for relation, statement in _OF_PROVIDER:
            rows = session.scalars(statement, {"id": provider.id}).all()
            set_committed_value(provider, relation.key, list(rows))
    return provider


def providers_with(session: Session, ids: Collection[int]) -> Sequence[Provider]:
    """The providers with these primary keys, by name."""
    return session.scalars(select(Provider).where(Provider.id.in_(ids)).order_by(Provider.name)).all()


def present_slug(session: Session, former: str) -> str | None:
    """The address to which a former one leads."""
    return session.scalar(
        select(Provider.slug).join(FormerSlug, FormerSlug.provider_id == Provider.id).where(FormerSlug.slug == former)
    )


def owner_of_offer(session: Session, region_id: int, identifier: str) -> str | None:
    """The address of the provider that has this offer of a region now."""
    return session.scalar(
        select(Provider.slug)
        .join(Offer, Offer.provider_id == Provider.id)
        .where(Offer.region_id == region_id, Offer.identifier == identifier)
    )


def all_providers(session: Session) -> Sequence[Provider]:
    """Every provider that has not merged into another, by name, with offers, contracts and locations."""
    providers = session.scalars(
        select(Provider)
        .where(Provider.successor_id.is_(None))
        .options(
            selectinload(Provider.offers).raiseload("*"),
            selectinload(Provider.locations).raiseload("*"),
            selectinload(Provider.contracts).raiseload("*"),
            raiseload("*"),
        )
    ).all()
    return sorted(providers, key=lambda provider: fold(provider.name))


def family_homes(session: Session, situation: Situation) -> Sequence[Offer]:
    """The open offers of living in a family home with their providers and locations, by name."""
    found = _with_provider(select(Offer).where(is_open(situation), Offer.arrangement == FAMILY_HOME))
    offers = [offer for offer in session.scalars(found).unique() if _is_lived_in(offer)]
    return sorted(offers, key=lambda offer: fold(offer.name))


def _is_lived_in(offer: Offer) -> bool:
    """Whether a child lives there: family homes also give training and aftercare under the same arrangement."""
    return Setting.RESIDENTIAL in offer.settings or offer.places_free is not None


def offers_with_providers(session: Session, offer_ids: Sequence[int]) -> list[Offer]:
    """These offers in the order of their ids as given, ready for cards."""
    offers = session.scalars(_with_provider(select(Offer).where(Offer.id.in_(offer_ids)))).unique().all()
    by_id = {offer.id: offer for offer in offers}
    return [by_id[offer_id] for offer_id in offer_ids if offer_id in by_id]


def _with_provider(statement: Select[Offer]) -> Select[Offer]:
    return statement.options(
        joinedload(Offer.provider).options(
            selectinload(Provider.locations).raiseload("*"),
            selectinload(Provider.contracts).raiseload("*"),
            raiseload("*"),
        )
    )


def methods_named(session: Session, region_id: int, names: Sequence[str]) -> dict[str, Method]:
    """Folded name to method, for those of `names` that the region has described."""
    wanted = {fold(name) for name in names}
    found = session.scalars(select(Method).where(Method.region_id == region_id)) if wanted else ()
    return {fold(method.name): method for method in found if fold(method.name) in wanted}


def access_points(session: Session, municipality: str) -> Sequence[AccessPoint]:
    """Who helps a family of this municipality (CBS code)."""
    return session.scalars(
        select(AccessPoint).where(AccessPoint.municipality == municipality).order_by(AccessPoint.id)
    ).all()


def lighter_help(session: Session, situation: Situation, limit: int) -> list[Offer]:
    """Freely accessible offers in the municipality of `situation`; those meant for it alone come first."""
    limited = select(OfferMunicipality.offer_id).where(OfferMunicipality.offer_id == Offer.id).exists()
    offers = session.scalars(
        select(Offer)
        .where(is_open(situation), Offer.access == OfferAccess.FREE, Offer.accepting_clients)
        .order_by(limited.desc(), Offer.name)
        .limit(limit)
        .options(joinedload(Offer.provider).raiseload("*"))
    )
    return list(offers)


@dataclass(frozen=True, slots=True)
class CatalogueSize:
    """How much the catalogue holds that a family can choose from."""

    providers: int
    offers: int


def catalogue_size(session: Session, situation: Situation) -> CatalogueSize:
    """How many providers and offers are open."""
    providers, offers = session.execute(
        select(func.count(func.distinct(Offer.provider_id)), func.count(Offer.id)).where(is_open(situation))
    ).one()
    return CatalogueSize(providers, offers)


def open_providers(session: Session, situation: Situation) -> Sequence[tuple[str, str]]:
    """Name and slug of each provider that has an open offer."""
    has_open_offer = select(Offer.provider_id).where(is_open(situation))
    found = session.execute(select(Provider.name, Provider.slug).where(Provider.id.in_(has_open_offer)))
    return [(name, slug) for name, slug in found]


def home_municipalities(offer: Offer) -> list[str]:
    """The municipalities (CBS codes) of the family homes behind an offer: of its own places, else of the provider's."""
    homes = [place for place in offer.provider.locations if place.kind is LocationKind.FAMILY_HOME]
    own = [place for place in homes if place.identifier in offer.location_identifiers]
    return sorted({place.municipality for place in own or homes if place.municipality})


@dataclass(frozen=True, slots=True)
class Supply:
    """Who gives a kind of help, somewhere."""

    providers: int
    agreed_weeks: tuple[int, int] | None
    """The shortest and the longest waiting time that region and providers agreed; None where none was told."""
    consortia: tuple[tuple[Consortium, tuple[Provider, ...]], ...]
    """Combinations of which several members give this help there, with those members, by name."""


def supply_of(session: Session, situation: Situation, arrangements: Collection[str]) -> Supply:
    """Who gives help of these `arrangements` in this situation, by open offers."""
    wanted = and_(is_open(situation), Offer.arrangement.in_(arrangements))
    giving = set(session.scalars(select(Offer.provider_id).where(wanted).distinct()))
    contracts = session.scalars(
        select(Contract).where(
            Contract.provider_id.in_(giving), Contract.arrangement.in_(arrangements), is_current(situation.today),
            Contract.max_waiting_weeks.is_not(None), Contract.basis.is_distinct_from(ContractBasis.SUBSIDY),
        )
    )  # fmt: skip
    weeks = [contract.max_waiting_weeks or 0 for contract in contracts if holds_there(contract, situation)]
    found = session.scalars(
        select(Consortium)
        .where(Consortium.providers.any(Provider.id.in_(giving)))
        .order_by(Consortium.name)
        .options(selectinload(Consortium.providers).raiseload("*"))
    )
    members = [(one, tuple(p for p in one.providers if p.id in giving)) for one in found]
    together = tuple(pair for pair in members if len(pair[1]) > 1)
    return Supply(len(giving), (min(weeks), max(weeks)) if weeks else None, together)
