"""Where families and locations are, for distances: as fine as may be known, and no finer.

Of a secret location (a confidential address, and every family home) there is the reference point of its municipality
and nothing else: neither its own point nor its postcode is looked at, also where they are stored, so that no distance,
order or filter can tell more than the page does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Location, PostcodeArea
from portal.catalogue.types import LocationKind, Point

_POSTCODE = re.compile(r"([1-9][0-9]{3})(?:\s*([A-Za-z])\s*([A-Za-z]))?")
_IS_SECRET = or_(Location.address_confidential, Location.kind == LocationKind.FAMILY_HOME)
"""`Location.is_secret`, for the database."""


class Precision(StrEnum):
    """How finely it is known where somebody is."""

    POSTCODE = "postcode"
    """The middle of the area of a four-digit postcode."""
    MUNICIPALITY = "municipality"
    """The reference point of a municipality."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a family is, as far as it told."""

    point: Point
    precision: Precision
    municipality: str | None = None
    """CBS code of the municipality whose reference point it is, or in which the postcode lies as far as we can tell."""


def read_postcode(text: str | None) -> str | None:
    """A Dutch postcode as it is written, `6411 AB`, or its four digits; None where `text` is none."""
    found = _POSTCODE.fullmatch((text or "").strip())
    if found is None:
        return None
    return f"{found[1]} {found[2]}{found[3]}".upper() if found[2] else found[1]


def place_of(session: Session, code_lists: CodeLists, postcode: str | None, municipality: str | None) -> Place | None:
    """Where a family is that told its `postcode` (or the four digits) or its `municipality` (CBS code), or neither.

    The middle of the postcode's area, where postcodes were loaded; else the municipality in which most locations
    with these four digits stand; else the municipality told. None where nothing of this is known.
    """
    digits = (postcode or "")[:4]
    area = session.get(PostcodeArea, digits) if digits else None
    there = _municipality_of(session, digits) if digits else None
    if area is not None:
        return Place(Point(area.latitude, area.longitude), Precision.POSTCODE, there)
    for code in (there, municipality):
        known = code_lists.municipalities.get(code or "")
        if known is not None:
            return Place(known.point, Precision.MUNICIPALITY, known.code)
    return None


def location_points(session: Session, code_lists: CodeLists) -> dict[int, Point]:
    """The point of each location, by its primary key; a location whose municipality is unknown may have none.

    Its own point, else the middle of its postcode's area, else its municipality; of a secret one only the last.
    """
    postcode_of = func.substr(Location.postcode, 1, 4)
    rows = session.execute(
        select(
            Location.id, Location.municipality, _IS_SECRET.label("is_secret"), Location.latitude, Location.longitude,
            PostcodeArea.latitude.label("area_latitude"), PostcodeArea.longitude.label("area_longitude"),
        ).outerjoin(PostcodeArea, PostcodeArea.pc4 == postcode_of)
    )  # fmt: skip
    points: dict[int, Point] = {}
    for row in rows:
        if not row.is_secret and row.latitude is not None:
            points[row.id] = Point(row.latitude, row.longitude)
        elif not row.is_secret and row.area_latitude is not None:
            points[row.id] = Point(row.area_latitude, row.area_longitude)
        elif row.municipality in code_lists.municipalities:
            points[row.id] = code_lists.municipalities[row.municipality].point
    return points


def _municipality_of(session: Session, digits: str) -> str | None:
    """The municipality of most locations with these four digits; secret ones do not give away where they are."""
    here: ColumnElement[bool] = and_(not_(_IS_SECRET), Location.municipality.is_not(None))
    return session.scalars(
        select(Location.municipality)
        .where(here, Location.postcode.startswith(digits, autoescape=True))
        .group_by(Location.municipality)
        .order_by(func.count().desc(), Location.municipality)
        .limit(1)
    ).first()
