"""Providers with what hangs on them, and contracts that end, within one region."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.accounts.models import Membership
from portal.accounts.types import MembershipStatus
from portal.catalogue.models import Contract, FormerSlug, Offer, Provider

PER_PAGE = 50
MOST_OTHERS = 15
"""Of how many providers one can be chosen at a glance."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A provider in a list, with how much it has."""

    provider: Provider
    offers: int
    contracts: int


def providers(session: Session, region_id: int, text: str, page: int) -> tuple[int, Sequence[Listed]]:
    """The providers of a region of which name or identifier holds `text`, by name; how many, and one page of them."""
    wanted = [Provider.region_id == region_id]
    if text:
        wanted.append(_holds(text))
    total = session.scalars(select(func.count()).select_from(Provider).where(*wanted)).one()
    offers = select(func.count()).select_from(Offer).where(Offer.provider_id == Provider.id).scalar_subquery()
    contracts = select(func.count()).select_from(Contract).where(Contract.provider_id == Provider.id).scalar_subquery()
    found = session.execute(
        select(Provider, offers, contracts)
        .options(joinedload(Provider.successor))
        .where(*wanted)
        .order_by(func.lower(Provider.name), Provider.id)
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    return total, [Listed(*row) for row in found]


def provider(session: Session, region_id: int, slug: str) -> Provider | None:
    """A provider of the region with its offers, contracts and places, or None."""
    return session.scalars(
        select(Provider)
        .options(
            joinedload(Provider.successor), selectinload(Provider.offers), selectinload(Provider.contracts),
            selectinload(Provider.locations),
        )
        .where(Provider.region_id == region_id, Provider.slug == slug)
    ).one_or_none()  # fmt: skip


def provider_with(session: Session, region_id: int, identifier: str) -> Provider | None:
    """A provider of the region by the sender's own identifier."""
    return session.scalars(
        select(Provider)
        .options(selectinload(Provider.locations))
        .where(Provider.region_id == region_id, Provider.identifier == identifier)
        .execution_options(populate_existing=True)
    ).one_or_none()


def others(session: Session, region_id: int, than: int, text: str) -> Sequence[Provider]:
    """Providers to merge into of which name or identifier holds `text`, by name: MOST_OTHERS and one more at most."""
    return session.scalars(
        select(Provider)
        .where(Provider.region_id == region_id, Provider.successor_id.is_(None), Provider.id != than, _holds(text))
        .order_by(func.lower(Provider.name), Provider.id)
        .limit(MOST_OTHERS + 1)
    ).all()


def _holds(text: str) -> ColumnElement[bool]:
    """Whether the name or the identifier of a provider holds a text; spaces and hyphens do not count."""
    wanted = text.lower().replace(" ", "").replace("-", "")
    columns = (Provider.name, Provider.identifier)
    bare = (func.replace(func.replace(func.lower(column), " ", ""), "-", "") for column in columns)
    return or_(*(column.contains(wanted, autoescape=True) for column in bare))


def former_slugs(session: Session, provider_id: int) -> Sequence[str]:
    """The earlier addresses of a provider, which lead to its present one."""
    return session.scalars(
        select(FormerSlug.slug).where(FormerSlug.provider_id == provider_id).order_by(FormerSlug.slug)
    ).all()


def people_of(session: Session, provider_id: int) -> int:
    """How many people can work as a provider."""
    mine = (Membership.provider_id == provider_id, Membership.status == MembershipStatus.ACTIVE)
    return session.scalars(select(func.count()).select_from(Membership).where(*mine)).one()


def offers_of_kind(session: Session, provider_id: int, arrangement: str) -> int:
    """How many offers of a provider are of this kind of help, and have no day on which they stop."""
    mine = (Offer.provider_id == provider_id, Offer.arrangement == arrangement, Offer.withdrawn_on.is_(None))
    return session.scalars(select(func.count()).select_from(Offer).where(*mine)).one()


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Ending:
    """A contract that ends, and the contract that goes on with the same help, where there is one."""

    contract: Contract
    next: Contract | None
    offers: int
    """How many offers families can choose by it."""


def ending(session: Session, region_id: int, first: date, last: date) -> Sequence[Ending]:
    """The contracts of a region that end from `first` to `last`, the soonest first; who merged away is left out."""
    found = session.scalars(
        select(Contract)
        .join(Contract.provider)
        .options(joinedload(Contract.provider))
        .where(
            Contract.region_id == region_id, Contract.end_date >= first, Contract.end_date <= last,
            Provider.successor_id.is_(None),
        )
        .order_by(Contract.end_date, func.lower(Provider.name), Contract.identifier)
    ).all()  # fmt: skip
    owners = {contract.provider_id for contract in found}
    siblings = session.scalars(select(Contract).where(Contract.provider_id.in_(owners))).all() if owners else ()
    offers = {
        (provider_id, arrangement): count
        for provider_id, arrangement, count in session.execute(
            select(Offer.provider_id, Offer.arrangement, func.count())
            .where(Offer.provider_id.in_(owners), or_(Offer.withdrawn_on.is_(None), Offer.withdrawn_on > first))
            .group_by(Offer.provider_id, Offer.arrangement)
        )
    }
    return [
        Ending(contract, _next(contract, siblings), offers.get((contract.provider_id, contract.arrangement), 0))
        for contract in found
    ]


def _next(contract: Contract, siblings: Sequence[Contract]) -> Contract | None:
    """The contract for the same help, in all of the same places, that begins before a day is missed and ends later."""
    end = contract.end_date
    assert end is not None  # noqa: S101 - it is asked of contracts that end
    for other in sorted(siblings, key=lambda one: one.start_date):
        same = other.provider_id == contract.provider_id and other.arrangement == contract.arrangement
        covers = other.whole_region or (
            not contract.whole_region and set(contract.municipalities) <= set(other.municipalities)
        )
        lasts = other.end_date is None or other.end_date > end
        if same and covers and lasts and other.id != contract.id and (other.start_date - end).days <= 1:
            return other
    return None
