"""Making the office of which families will tell, when the first codes are made."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.database import insert_if_absent
from portal.reviews.models import Office
from portal.reviews.offices.queries import Tellable
from portal.reviews.types import About, OfficeKind


def about_of(session: Session, region_id: int, one: Tellable) -> About:
    """Of whom something will be told; an office that is new is made, and one that is known gets its name of today."""
    if one.kind is None:
        return About(one.provider_id)
    office = _made(session, region_id, one.kind, one.value.partition("/")[2], one.municipality, one.provider_id)
    office.name = one.name
    session.flush()
    return About(office_id=office.id)


def count_for_municipality(session: Session, region_id: int, municipality: str) -> None:
    """Let what families of this municipality tell be counted for it too."""
    _made(session, region_id, OfficeKind.MUNICIPALITY, municipality.lower(), municipality, None)


def _made(
    session: Session, region_id: int, kind: OfficeKind, slug: str, municipality: str, provider_id: int | None
) -> Office:
    insert_if_absent(
        session, Office, region_id=region_id, kind=kind, slug=slug, name=slug, municipality=municipality,
        provider_id=provider_id,
    )  # fmt: skip
    return session.scalars(
        select(Office).where(Office.region_id == region_id, Office.kind == kind, Office.slug == slug)
    ).one()
