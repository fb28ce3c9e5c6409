"""How far it is to where each offer is given: points read once a revision, distances in arrays.

An offer is given at the locations that it names, else at all of its provider's. Help at home comes to the family; so
does help at school, unless the offer names a location (which is then that school), and help that is only online. Where
online is one of several ways, the place counts: often it is no more than a part of the help.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from portal.catalogue.codelists import CodeLists
from portal.catalogue.geography import EARTH_RADIUS_KM
from portal.catalogue.models import Location, Offer
from portal.catalogue.places import location_points
from portal.catalogue.types import Point, Setting

Kilometres = NDArray[np.float64]


def comes_to_family(settings: Collection[str], names_a_location: bool) -> bool:
    """Whether nobody has to travel for help in these `settings`; `names_a_location` is about the offer itself."""
    at_theirs = {Setting.HOME} if names_a_location else {Setting.HOME, Setting.SCHOOL}
    return not at_theirs.isdisjoint(settings) or set(settings) == {Setting.ONLINE}


@dataclass(frozen=True, slots=True)
class Reach:
    """How a family and an offer meet."""

    comes_home: bool
    is_visited: bool
    """Whether a family may have to go there; also where nobody told how the help is given."""

    @classmethod
    def of(cls, settings: Collection[str], names_a_location: bool) -> Reach:
        """Of help in these `settings`; `names_a_location` is about the offer itself."""
        away = [setting for setting in settings if not comes_to_family([setting], names_a_location)]
        return cls(Setting.HOME in settings, bool(away) or not settings)


@dataclass(frozen=True)
class LocationPoints:
    """Where the offers are given, one row an offer.

    Many offers share the same locations, so each set of them is kept, and measured, once.
    """

    comes_to_family: NDArray[np.bool_]
    """Rows for which nobody has to travel."""
    _points: NDArray[np.float64]
    """A point a row, as a vector from the middle of a ball with radius 1."""
    _members: NDArray[np.int64]
    """The points of the first set, of the second, and so on."""
    _starts: NDArray[np.int64]
    """Where in `_members` each set begins."""
    _set_of_row: NDArray[np.int64]
    """The set of each row, counted from 1; 0 where no location is known."""

    def km_from(self, point: Point) -> Kilometres:
        """Kilometres as the crow flies from `point` to the nearest location of each row; inf where none is known."""
        # The angle between the vectors: the same great circle as `geography.distance_km`, to within a metre.
        cosines = self._points @ _vectors([point])[0]
        nearest = np.maximum.reduceat(cosines[self._members], self._starts)
        km = EARTH_RADIUS_KM * np.arccos(np.minimum(nearest, 1.0))
        by_row: Kilometres = np.concatenate([[np.inf], km])[self._set_of_row]
        return by_row

    def to_travel(self, km: Kilometres) -> Kilometres:
        """How far a family has to go, for order and filter: `km`, but nothing where the help comes to the family.

        What is not known stays inf: last in order, and not within any distance.
        """
        travel: Kilometres = np.where(self.comes_to_family, 0.0, km)
        return travel


def read_points(session: Session, code_lists: CodeLists, offer_ids: NDArray[np.int64]) -> LocationPoints:
    """Where the offers with these primary keys are given, in their order."""
    points = location_points(session, code_lists)
    number_of = {location: number for number, location in enumerate(points)}
    named: dict[tuple[int, str], int] = {}
    all_of: dict[int, list[int]] = defaultdict(list)
    for location, provider, identifier in session.execute(
        select(Location.id, Location.provider_id, Location.identifier).order_by(Location.id)
    ):
        if location in number_of:
            named[provider, identifier] = number_of[location]
            all_of[provider].append(number_of[location])

    row_of = {offer: row for row, offer in enumerate(offer_ids.tolist())}
    sets: dict[tuple[int, ...], int] = {(): 0}
    set_of_row = np.zeros(len(row_of), dtype=np.int64)
    comes = np.zeros(len(row_of), dtype=np.bool_)
    # As text, and decoded once: most of these lists are alike, and a country has a hundred thousand offers.
    decoded = cache(json.loads)
    lists = (cast(Offer.location_identifiers, Text), cast(Offer.settings, Text))
    for offer, provider, identifiers, settings in session.execute(select(Offer.id, Offer.provider_id, *lists)):
        row = row_of.get(offer)
        if row is None:
            continue
        own = tuple(named[provider, name] for name in decoded(identifiers) if (provider, name) in named)
        set_of_row[row] = sets.setdefault(own or tuple(all_of.get(provider, ())), len(sets))
        comes[row] = comes_to_family(decoded(settings), bool(own))
    known = list(sets)[1:]
    return LocationPoints(
        comes_to_family=comes,
        _points=_vectors(list(points.values())),
        _members=np.array([number for members in known for number in members], dtype=np.int64),
        _starts=np.cumsum([0, *(len(members) for members in known)], dtype=np.int64)[:-1],
        _set_of_row=set_of_row,
    )


def _vectors(points: list[Point]) -> NDArray[np.float64]:
    degrees = np.array(points, dtype=np.float64).reshape(-1, 2)
    latitude, longitude = np.radians(degrees).T
    return np.column_stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    )
