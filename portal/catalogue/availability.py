"""Whether an offer can be chosen today: the one rule, in Python for a page and in SQL for a search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select

from portal.catalogue.models import Contract, ContractMunicipality, Offer, OfferMunicipality, Provider
from portal.catalogue.types import ContractBasis, OfferAccess, OfferStatus


@dataclass(frozen=True, slots=True)
class Situation:
    """The day and the place for which the rule is asked.

    `municipality` is a CBS code or None for anywhere; `regions_there` are the ids of the regions of which it
    is part (all regions for None); `regions_with_contracts` those that have delivered contracts at all; `merged` are
    the ids of the providers that merged into another.
    """

    today: date
    municipality: str | None
    regions_there: frozenset[int]
    regions_with_contracts: frozenset[int]
    merged: frozenset[int] = frozenset()


def status_of(offer: Offer, contracts: Iterable[Contract], situation: Situation) -> OfferStatus:
    """The status of `offer`, given all contracts of its provider. Who merged into another offers nothing any more."""
    today, place = situation.today, situation.municipality
    if offer.provider_id in situation.merged:
        return OfferStatus.WITHDRAWN
    if withdrawn_since(offer, today) is not None:
        return OfferStatus.WITHDRAWN
    if place is not None and offer.municipalities and place not in offer.municipalities:
        return OfferStatus.NOT_CONTRACTED
    if offer.access is OfferAccess.FREE:
        if place is None or offer.municipalities or offer.region_id in situation.regions_there:
            return OfferStatus.FREE
        return OfferStatus.NOT_CONTRACTED
    if offer.arrangement is None or offer.region_id not in situation.regions_with_contracts:
        return OfferStatus.UNKNOWN if place is None else OfferStatus.NOT_CONTRACTED
    found = OfferStatus.NOT_CONTRACTED
    for contract in contracts:
        if contract.arrangement != offer.arrangement or not holds_there(contract, situation):
            continue
        if contract.start_date > today:
            found = OfferStatus.STARTS_LATER
        elif contract.end_date is not None and contract.end_date < today:
            found = OfferStatus.ENDED if found is not OfferStatus.STARTS_LATER else found
        else:
            return OfferStatus.CONTRACTED
    return found


def ended_arrangements(provider: Provider, situation: Situation) -> frozenset[str]:
    """The kinds of help that the provider gives no more, wherever in the region: all that it offered has ended."""
    anywhere = replace(situation, municipality=None)
    is_open: dict[str, bool] = {}
    for offer in provider.offers:
        if offer.arrangement is not None:
            status = status_of(offer, provider.contracts, anywhere)
            still = status.is_open or status is OfferStatus.STARTS_LATER
            is_open[offer.arrangement] = is_open.get(offer.arrangement, False) or still
    return frozenset(arrangement for arrangement, still in is_open.items() if not still)


def current_contracts(offer: Offer, contracts: Iterable[Contract], situation: Situation) -> list[Contract]:
    """The contracts that hold today, there, for the arrangement of `offer`."""
    return [
        contract
        for contract in contracts
        if contract.arrangement == offer.arrangement
        and holds_there(contract, situation)
        and contract.start_date <= situation.today
        and (contract.end_date is None or contract.end_date >= situation.today)
    ]


def limited_to(offer: Offer, contracts: Iterable[Contract], situation: Situation) -> frozenset[str]:
    """The municipalities to which `offer` is limited today, by itself or by its contracts; empty where by neither."""
    own = frozenset(offer.municipalities)
    held = [] if offer.access is OfferAccess.FREE else current_contracts(offer, contracts, situation)
    if not held or any(contract.whole_region for contract in held):
        return own
    named = frozenset(code for contract in held for code in contract.municipalities)
    return named & own if own else named


def agreed_weeks(offer: Offer, contracts: Iterable[Contract], situation: Situation) -> int | None:
    """The longest wait that was agreed for `offer`, by the contracts that hold today; None where nothing was."""
    return max(
        (
            contract.max_waiting_weeks
            for contract in current_contracts(offer, contracts, situation)
            if contract.basis is not ContractBasis.SUBSIDY and contract.max_waiting_weeks is not None
        ),
        default=None,
    )


def holds_there(contract: Contract, situation: Situation) -> bool:
    """Whether `contract` holds in the municipality of `situation`, whatever the day."""
    if situation.municipality is None:
        return True
    if contract.whole_region:
        return contract.region_id in situation.regions_there
    return situation.municipality in contract.municipalities


def is_current(today: date) -> ColumnElement[bool]:
    """The condition on `Contract` that it holds on this day."""
    return and_(Contract.start_date <= today, or_(Contract.end_date.is_(None), Contract.end_date >= today))


def withdrawn_since(offer: Offer, today: date) -> date | None:
    """Since when an offer is withdrawn; None where it is not yet."""
    day = offer.withdrawn_on
    return day if day is not None and day <= today else None


def is_offered(today: date) -> ColumnElement[bool]:
    """The condition on `Offer` that it is not withdrawn, nor of a provider that merged into another."""
    merged = select(Provider.id).where(Provider.successor_id.is_not(None))
    return and_(or_(Offer.withdrawn_on.is_(None), Offer.withdrawn_on > today), Offer.provider_id.not_in(merged))


def is_open(situation: Situation) -> ColumnElement[bool]:
    """The condition on `Offer` that holds exactly where `status_of(...).is_open`."""
    place, today = situation.municipality, situation.today
    offered = is_offered(today)
    current = and_(
        Contract.provider_id == Offer.provider_id, Contract.arrangement == Offer.arrangement, is_current(today)
    )
    is_free = Offer.access == OfferAccess.FREE
    limited = select(OfferMunicipality.offer_id).where(OfferMunicipality.offer_id == Offer.id)
    if place is None:
        unknown = or_(Offer.arrangement.is_(None), Offer.region_id.not_in(situation.regions_with_contracts))
        return and_(offered, or_(is_free, unknown, exists().where(current)))
    offered_here = or_(~limited.exists(), limited.where(OfferMunicipality.municipality == place).exists())
    named = exists().where(ContractMunicipality.contract_id == Contract.id, ContractMunicipality.municipality == place)
    covers = or_(named, and_(Contract.whole_region, Contract.region_id.in_(situation.regions_there)))
    free_here = and_(is_free, or_(limited.exists(), Offer.region_id.in_(situation.regions_there)))
    known = Offer.region_id.in_(situation.regions_with_contracts)
    contracted = and_(Offer.access != OfferAccess.FREE, known, exists().where(and_(current, covers)))
    return and_(offered, offered_here, or_(free_here, contracted))
