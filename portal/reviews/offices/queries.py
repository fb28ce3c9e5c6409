"""Whom families can tell of: providers, access teams, certified institutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.types import Scope
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import AccessPoint, Contract, Provider, Region
from portal.catalogue.types import AccessPointKind
from portal.core.text import slugify
from portal.reviews.models import Office
from portal.reviews.types import NAMELESS_FROM, OfficeKind

PROTECTION = ("jeugdbescherming", "jeugdreclassering")
"""The arrangements that certified institutions alone may carry out (Jeugdwet, article 3.2)."""
PATHS = {OfficeKind.ACCESS_TEAM: "toegang", OfficeKind.YOUTH_PROTECTOR: "jeugdbescherming"}
"""Where the pages of a kind stand; also how a form names one of them."""


@dataclass(frozen=True, slots=True)
class Tellable:
    """Somebody of whom families can tell."""

    value: str
    """As forms and commands name it: the slug of a provider, or `toegang/heerlen`."""
    name: str
    kind: OfficeKind | None = None
    provider_id: int | None = None
    municipality: str = ""


def tellable(session: Session, scope: Scope, lists: CodeLists) -> Sequence[Tellable]:
    """Of whom codes can be made: every provider and institution of the region, and its teams or one's own."""
    return [
        *(Tellable(one.slug, one.name, None, one.id) for one in _providers(session, scope.region_id)),
        *(one for one in teams(session, scope.region_id, lists) if scope.municipality in ("", one.municipality)),
        *institutions(session, scope.region_id),
    ]


def teams(session: Session, region_id: int, lists: CodeLists) -> Sequence[Tellable]:
    """The access teams of a region, by municipality, each by the name under which its municipality knows it."""
    names = _team_names(session, region_id)
    youth_region = session.scalar(select(Region.youth_region).where(Region.id == region_id))
    codes = {*names, *(code for code, one in lists.municipalities.items() if one.youth_region == youth_region)}
    found = [lists.municipalities[code] for code in codes if code in lists.municipalities]
    kind = OfficeKind.ACCESS_TEAM
    return [
        Tellable(f"{PATHS[kind]}/{slugify(one.name)}", names.get(one.code, f"Toegang {one.name}"), kind,
                 municipality=one.code)
        for one in sorted(found, key=lambda one: one.name)
    ]  # fmt: skip


def institutions(session: Session, region_id: int) -> Sequence[Tellable]:
    """The certified institutions of a region: who is contracted for what only they may do."""
    kind = OfficeKind.YOUTH_PROTECTOR
    protecting = set(session.scalars(select(Contract.provider_id).where(Contract.arrangement.in_(PROTECTION))))
    return [
        Tellable(f"{PATHS[kind]}/{one.slug}", one.name, kind, one.id)
        for one in _providers(session, region_id)
        if one.id in protecting
    ]


def office_of(session: Session, region_id: int, one: Tellable) -> Office | None:
    """The office of which codes were made before; None where none were."""
    return session.scalars(
        select(Office).where(
            Office.region_id == region_id, Office.kind == one.kind, Office.slug == one.value.partition("/")[2]
        )
    ).one_or_none()


def office_of_municipality(session: Session, scope: Scope, kind: OfficeKind) -> Office | None:
    """The access team of a municipality, or the municipality itself, where codes were made."""
    return session.scalars(
        select(Office).where(
            Office.region_id == scope.region_id, Office.kind == kind, Office.municipality == scope.municipality
        )
    ).one_or_none()


def kinds_that_hide(session: Session, region_id: int) -> frozenset[OfficeKind]:
    """The kinds of office of which so many got codes that a text about one of them names none."""
    return frozenset(
        session.scalars(
            select(Office.kind)
            .where(Office.region_id == region_id)
            .group_by(Office.kind)
            .having(func.count() >= NAMELESS_FROM)
        )
    )


def _team_names(session: Session, region_id: int) -> Mapping[str, str]:
    points = session.scalars(
        select(AccessPoint)
        .where(AccessPoint.region_id == region_id, AccessPoint.kind == AccessPointKind.ACCESS_TEAM)
        .order_by(AccessPoint.id.desc())
    )
    return {point.municipality: point.name for point in points}


def _providers(session: Session, region_id: int) -> Sequence[Provider]:
    return session.scalars(
        select(Provider).where(Provider.region_id == region_id, Provider.successor_id.is_(None)).order_by(Provider.name)
    ).all()
