"""The people within a reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.accounts.models import MailCode, Membership, Person
from portal.accounts.types import MembershipStatus, Role, Scope
from portal.catalogue.models import Provider

PER_PAGE = 50
_KNOWN_NAME = case((Membership.status == MembershipStatus.INVITED, ""), else_=Person.name)
"""Whoever is only invited has no name here yet: they may have one elsewhere, which is nobody's business."""


def within(scope: Scope) -> ColumnElement[bool]:
    """The condition that a membership lies within this reach."""
    condition = Membership.region_id == scope.region_id
    if scope.provider_id is not None:
        condition &= Membership.provider_id == scope.provider_id
    if scope.municipality:
        condition &= Membership.municipality == scope.municipality
    return condition


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which of them are asked for."""

    text: str = ""
    """Part of a name, a mail address or the name of a provider."""
    role: Role | None = None
    status: MembershipStatus | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of people, and how many there are."""

    memberships: Sequence[Membership]
    total: int

    @property
    def pages(self) -> int:
        """How many pages they fill; one where there is nobody."""
        return max(1, -(-self.total // PER_PAGE))


def people(session: Session, scope: Scope, wanted: PeopleFilter) -> PeoplePage:
    """The memberships within `scope` that are asked for, by provider and name; those who left stand last."""
    statement = _narrowed(select(Membership).join(Membership.person).outerjoin(Membership.provider), scope, wanted)
    total = session.execute(select(func.count()).select_from(statement.order_by(None).subquery())).scalar_one()
    ordered = statement.order_by(
        Membership.status == MembershipStatus.LEFT, func.coalesce(Provider.name, ""), _KNOWN_NAME, Person.email,
        Membership.id,
    )  # fmt: skip
    loaded = ordered.options(joinedload(Membership.person), joinedload(Membership.provider))
    return PeoplePage(session.scalars(loaded.limit(PER_PAGE).offset((wanted.page - 1) * PER_PAGE)).all(), total)


def _narrowed(statement: Select[Membership], scope: Scope, wanted: PeopleFilter) -> Select[Membership]:
    statement = statement.where(within(scope))
    if wanted.text:
        sought = wanted.text.lower()
        columns = (_KNOWN_NAME, Person.email, Provider.name)
        statement = statement.where(or_(*(func.lower(column).contains(sought, autoescape=True) for column in columns)))
    if wanted.role is not None:
        statement = statement.where(Membership.role == wanted.role)
    if wanted.status is not None:
        statement = statement.where(Membership.status == wanted.status)
    return statement


def member(session: Session, scope: Scope, public_id: str) -> Membership | None:
    """The membership of this name within `scope`; one beyond it is as if it did not exist."""
    return session.scalars(
        select(Membership)
        .where(Membership.public_id == public_id[:22], within(scope))
        .options(joinedload(Membership.person), joinedload(Membership.provider), joinedload(Membership.region))
    ).one_or_none()


def invited_until(session: Session, membership: Membership) -> datetime | None:
    """Until when the code works with which somebody can accept this; None where it is long gone."""
    return session.scalar(select(MailCode.expires_at).where(MailCode.membership_id == membership.id))


def providers_of(session: Session, region_id: int) -> Sequence[Provider]:
    """The providers at which somebody of this region can work, by name; those that merged into another are left out."""
    return session.scalars(
        select(Provider).where(Provider.region_id == region_id, Provider.successor_id.is_(None)).order_by(Provider.name)
    ).all()


def everybody(session: Session, region_id: int | None) -> Sequence[Membership]:
    """All memberships of a region, or of all; for a command."""
    statement = select(Membership).join(Membership.person).order_by(Person.email, Membership.id)
    if region_id is not None:
        statement = statement.where(Membership.region_id == region_id)
    return session.scalars(
        statement.options(
            contains_eager(Membership.person), joinedload(Membership.provider), joinedload(Membership.region)
        )
    ).all()
