"""Where families and locations are: as fine as may be known, and no finer."""

from __future__ import annotations

from math import hypot

import pytest
from sqlalchemy import select, update

from portal.catalogue.codelists import CodeLists
from portal.catalogue.geography import distance_km, from_rd
from portal.catalogue.models import CatalogueRevision, Location, Provider, Region
from portal.catalogue.operations import replace_postcode_areas
from portal.catalogue.places import Precision, location_points, place_of, read_postcode
from portal.catalogue.types import LocationKind, Point
from portal.core.database import Database

HEERLEN, MAASTRICHT = "GM0917", "GM0935"
CENTRE = Point(50.8881, 5.9795)
WESTERTOREN = (120_700.723, 487_525.501), Point(52.37453253, 4.88352559)
MARTINITOREN = (233_883.131, 582_065.167), Point(53.21938317, 6.56820053)
"""Towers whose place the Kadaster publishes in both systems."""


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        # The example by which implementations of the formula are compared (Rosetta Code), for a radius of 6371 km.
        (Point(36.12, -86.67), Point(33.94, -118.40), 2886.444),
        (Point(51.0, 5.0), Point(52.0, 5.0), 111.195),  # a degree of a meridian: a quarter of the earth / 90
        (Point(50.85, 5.69), Point(50.85, 5.69), 0.0),
    ],
)
def test_distances_are_those_that_others_compute(a: Point, b: Point, km: float) -> None:
    assert distance_km(a, b) == pytest.approx(km, abs=0.01)
    assert distance_km(b, a) == pytest.approx(km, abs=0.01)


def test_distances_agree_with_the_national_grid() -> None:
    # The grid is flat and made for measuring; it stretches by no more than a ten-thousandth.
    (x1, y1), west = WESTERTOREN
    (x2, y2), north = MARTINITOREN
    assert distance_km(west, north) == pytest.approx(hypot(x2 - x1, y2 - y1) / 1000, rel=0.003)


@pytest.mark.parametrize(("grid", "point"), [WESTERTOREN, MARTINITOREN])
def test_grid_coordinates_become_degrees(grid: tuple[float, float], point: Point) -> None:
    assert distance_km(from_rd(*grid), point) < 0.001


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("6411 AB", "6411 AB"), ("6411ab", "6411 AB"), (" 6411  ", "6411"), ("6411\u00a0ab", "6411 AB"),
        ("6411 a b", "6411 AB"),
        ("0411 AB", None), ("641", None), ("6411 A", None), ("6411 ABC", None), ("٦٤١١", None), ("64 11", None),
        ("", None), (None, None), ("alle", None),
    ],
)  # fmt: skip
def test_a_postcode_is_read_as_people_type_it(typed: str | None, read: str | None) -> None:
    assert read_postcode(typed) == read


@pytest.fixture
def region(database: Database) -> Database:
    """A provider with an office in Heerlen, and a family home that says more of its place than may be told."""
    with database.transaction() as session:
        provider = Provider(region=Region(name="Ergens"), identifier="A", slug="a", name="A")
        session.add(provider)
        session.flush()

        def location(identifier: str, **values: object) -> None:
            session.add(
                Location(region_id=provider.region_id, provider_id=provider.id, identifier=identifier, **values)
            )

        location("office", kind=LocationKind.OFFICE, postcode="6411 AB", municipality=HEERLEN)
        location("exact", kind=LocationKind.OFFICE, postcode="6411 AB", municipality=HEERLEN, latitude=50.9,
                 longitude=6.0)  # fmt: skip
        location("far", kind=LocationKind.OFFICE, postcode="6211 AB", municipality=MAASTRICHT)
        location("home", kind=LocationKind.FAMILY_HOME, postcode="6463 AB", municipality="GM0928", latitude=50.8,
                 longitude=6.1)  # fmt: skip
        location("secret", kind=LocationKind.RESIDENTIAL, municipality=MAASTRICHT, address_confidential=True)
        location("abroad", kind=LocationKind.OTHER)
    return database


def points(database: Database, code_lists: CodeLists) -> dict[str, Point]:
    with database.sessions() as session:
        names = dict(session.execute(select(Location.id, Location.identifier)).all())
        return {names[key]: point for key, point in location_points(session, code_lists).items()}


def load(database: Database, **areas: Point) -> None:
    with database.transaction() as session:
        replace_postcode_areas(session, {name.removeprefix("p"): point for name, point in areas.items()})


def test_a_location_is_where_it_says_else_its_postcode_else_its_municipality(
    region: Database, code_lists: CodeLists
) -> None:
    heerlen, maastricht = code_lists.municipalities[HEERLEN].point, code_lists.municipalities[MAASTRICHT].point
    found = points(region, code_lists)
    assert (found["office"], found["exact"], found["far"]) == (heerlen, Point(50.9, 6.0), maastricht)
    assert "abroad" not in found
    load(region, p6411=CENTRE)
    found = points(region, code_lists)
    assert (found["office"], found["exact"], found["far"]) == (CENTRE, Point(50.9, 6.0), maastricht)


def test_a_secret_location_is_its_municipality_whatever_is_stored(region: Database, code_lists: CodeLists) -> None:
    load(region, p6463=Point(50.85, 6.05), p6211=Point(50.85, 5.7))
    with region.transaction() as session:
        # A confidential address cannot be in the table at all; that of a family home can.
        session.execute(update(Location).where(Location.identifier == "exact").values(kind=LocationKind.FAMILY_HOME))
    found = points(region, code_lists)
    assert found["home"] == code_lists.municipalities["GM0928"].point
    assert found["secret"] == code_lists.municipalities[MAASTRICHT].point
    assert found["exact"] == code_lists.municipalities[HEERLEN].point


def test_a_family_is_as_near_as_it_told(region: Database, code_lists: CodeLists) -> None:
    load(region, p6412=CENTRE)
    with region.sessions() as session:
        from_table = place_of(session, code_lists, "6412 CD", MAASTRICHT)
        from_catalogue = place_of(session, code_lists, "6411", MAASTRICHT)
        from_choice = place_of(session, code_lists, "9999 ZZ", MAASTRICHT)
        nowhere = place_of(session, code_lists, "9999", None)
        untold = place_of(session, code_lists, None, None)
    assert from_table is not None and from_catalogue is not None and from_choice is not None
    assert (from_table.point, from_table.precision) == (CENTRE, Precision.POSTCODE)
    assert (from_catalogue.municipality, from_catalogue.precision) == (HEERLEN, Precision.MUNICIPALITY)
    assert from_choice.municipality == MAASTRICHT
    assert nowhere is None and untold is None


def test_a_secret_location_does_not_give_its_postcode_away(region: Database, code_lists: CodeLists) -> None:
    # Whoever tries all postcodes must not learn in which of them a family home stands.
    with region.sessions() as session:
        assert place_of(session, code_lists, "6463", None) is None


def test_loading_postcodes_again_replaces_them_and_is_a_change(region: Database, code_lists: CodeLists) -> None:
    load(region, p6411=CENTRE, p6412=CENTRE)
    with region.sessions() as session:
        before = session.scalars(select(CatalogueRevision.number)).one()
    load(region, p6411=Point(50.9, 5.9))
    with region.sessions() as session:
        assert session.scalars(select(CatalogueRevision.number)).one() > before
        assert place_of(session, code_lists, "6412", None) is None
        found = place_of(session, code_lists, "6411", None)
    assert found is not None and found.point == Point(50.9, 5.9)
