"""How far: measured from what the family told, never finer than may be known, and said in words."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict

from portal.catalogue.codelists import CodeLists
from portal.catalogue.geography import distance_km
from portal.catalogue.models import Location, Offer, Provider, Region
from portal.catalogue.operations import replace_postcode_areas, touch
from portal.catalogue.places import Place, Precision
from portal.catalogue.queries import region_facts
from portal.catalogue.types import LocationKind, Point
from portal.core import clock
from portal.core.database import Database
from portal.search import queries
from portal.search.cards import distance_said
from portal.search.criteria import Criteria, Sort
from portal.search.distance import LocationPoints, Reach, comes_to_family, read_points
from portal.search.engine import current_engine
from tests.conftest import TODAY, make_app
from tests.inspection import InspectingClient
from tests.search.asking import ask

HEERLEN_STATION, MAASTRICHT_STATION = Point(50.8905, 5.9747), Point(50.8497, 5.7056)
AREAS = {"6411": HEERLEN_STATION, "6211": Point(50.8493, 5.6889), "6131": Point(51.0007, 5.8690)}


@pytest.fixture(scope="module")
def near_heerlen(indexed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The region, with some postcodes loaded; tests only read it."""
    folder = tmp_path_factory.mktemp("near") / "data"
    shutil.copytree(indexed_folder, folder)
    app = make_app(f"sqlite:///{folder / 'portal.sqlite3'}", folder)
    with app.extensions["portal.database"].transaction() as session:
        replace_postcode_areas(session, AREAS)
    yield app
    app.extensions["portal.database"].engine.dispose()


@pytest.fixture
def visitor(near_heerlen: Flask) -> Iterator[InspectingClient]:
    with clock.frozen(TODAY):
        client = near_heerlen.test_client()
        assert isinstance(client, InspectingClient)
        yield client


# --- points and distances ---


@pytest.fixture
def offers(database: Database) -> Database:
    """Offers A1 (at both places), A2 (at its own only), B1 (no location), C1 (at home)."""
    with database.transaction() as session:
        region = Region(name="Ergens")
        providers = {name: Provider(region=region, identifier=name, slug=name.lower(), name=name) for name in "ABC"}
        session.add_all(providers.values())
        session.flush()
        places = {"near": HEERLEN_STATION, "far": MAASTRICHT_STATION}
        for name, point in places.items():
            session.add(
                Location(
                    region_id=region.id, provider_id=providers["A"].id, identifier=name, kind=LocationKind.OFFICE,
                    latitude=point.latitude, longitude=point.longitude,
                )
            )  # fmt: skip
        rows = [("A1", [], ["location"]), ("A2", ["far"], ["location"]), ("B1", [], []), ("C1", [], ["home"])]
        for name, locations, settings in rows:
            session.add(
                Offer(
                    region_id=region.id, provider_id=providers[name[0]].id, identifier=name, name=name, description="",
                    location_identifiers=locations, settings=settings,
                )
            )  # fmt: skip
    return database


def read(database: Database, code_lists: CodeLists, names: Sequence[str]) -> LocationPoints:
    with database.sessions() as session:
        ids = dict(session.execute(select(Offer.identifier, Offer.id)).all())
        return read_points(session, code_lists, np.array([ids[name] for name in names], dtype=np.int64))


def test_the_nearest_of_an_offers_locations_counts(offers: Database, code_lists: CodeLists) -> None:
    points = read(offers, code_lists, ["A2", "B1", "A1", "C1"])
    km = points.km_from(HEERLEN_STATION)
    # About 19 km as the crow flies; by train, along the line, some 24.
    assert km.tolist() == pytest.approx([19.42, inf, 0.0, inf], abs=0.01)
    assert points.to_travel(km).tolist() == pytest.approx([19.42, inf, 0.0, 0.0], abs=0.01)


def test_a_catalogue_without_locations_has_no_distances(database: Database, code_lists: CodeLists) -> None:
    with database.sessions() as session:
        points = read_points(session, code_lists, np.array([1, 2], dtype=np.int64))
    assert points.km_from(HEERLEN_STATION).tolist() == [inf, inf]


def test_arrays_measure_as_the_formula_does(offers: Database, code_lists: CodeLists) -> None:
    points = read(offers, code_lists, ["A2"])
    for latitude in np.linspace(50.75, 53.5, 12):
        for longitude in np.linspace(3.4, 7.2, 12):
            start = Point(float(latitude), float(longitude))
            assert points.km_from(start)[0] == pytest.approx(distance_km(start, MAASTRICHT_STATION), abs=0.001)


@pytest.mark.parametrize(
    ("settings", "names_a_location", "comes"),
    [
        (["home"], False, True), (["location", "home"], True, True), (["location"], False, False),
        (["school"], False, True), (["school"], True, False), (["online"], True, True),
        (["location", "online"], False, False), ([], False, False),
    ],
)  # fmt: skip
def test_for_which_help_nobody_travels(settings: list[str], names_a_location: bool, comes: bool) -> None:
    assert comes_to_family(settings, names_a_location) is comes


# --- the address and the question ---


def criteria(code_lists: CodeLists, **parameters: str) -> Criteria:
    return Criteria.read(MultiDict(parameters), code_lists)


def test_addresses_that_we_make_hold_four_digits_only(code_lists: CodeLists) -> None:
    read = criteria(code_lists, postcode="6411ab", afstand="10", sorteer="afstand")
    assert (read.postcode, read.within_km, read.sort) == ("6411 AB", 10, Sort.DISTANCE)
    assert read.parameters(code_lists) == [("postcode", "6411"), ("afstand", "10"), ("sorteer", "afstand")]


@pytest.mark.parametrize(
    ("typed", "km"), [("0", None), ("1", 1), ("200", 200), ("999", 200), ("-5", None), ("x", None)]
)
def test_a_distance_is_from_1_to_200_km(typed: str, km: int | None, code_lists: CodeLists) -> None:
    assert criteria(code_lists, afstand=typed).within_km == km


@pytest.mark.parametrize(
    ("question", "postcode"),
    [
        ("wij wonen in 6411 AB", "6411 AB"), ("mijn zoon is bang, 6411ab", "6411 AB"), ("angst in 6411", "6411"),
        ("angst, postcode 1999", "1999"), ("bang sinds 2019 is het erger", None), ("hij is in 2015 geboren", None),
        ("1500 euro schuld", None), ("bang", None),
    ],
)  # fmt: skip
def test_a_postcode_in_the_question_is_understood(near_heerlen: Flask, question: str, postcode: str | None) -> None:
    with near_heerlen.app_context():
        assert current_engine().question(question).postcode == postcode


# --- results ---


def test_nearest_first_after_help_that_comes(near_heerlen: Flask) -> None:
    answer = ask(near_heerlen, postcode="6411 AB", sort=Sort.DISTANCE, settings=("group",), per_page=100)
    with near_heerlen.extensions["portal.database"].sessions() as session:
        offers = {offer.id: offer for offer in session.scalars(select(Offer))}
    found = [offers[hit.offer_id] for hit in answer.hits]
    comes = [comes_to_family(offer.settings, bool(offer.location_identifiers)) for offer in found]
    assert answer.place is not None and answer.place.precision is Precision.POSTCODE
    assert comes == sorted(comes, reverse=True)
    far = [hit.distance_km or inf for hit, comes_here in zip(answer.hits, comes, strict=True) if not comes_here]
    assert far == pytest.approx(sorted(far), abs=0.1) and far[0] <= 5 and far[-1] > 15


def test_within_a_distance_is_what_is_near_and_what_comes(near_heerlen: Flask) -> None:
    everything = ask(near_heerlen, postcode="6411", settings=("location", "home"), per_page=1000)
    near = ask(near_heerlen, postcode="6411", within_km=8, settings=("location", "home"), per_page=1000)
    with near_heerlen.extensions["portal.database"].sessions() as session:
        settings = {offer.id: offer.settings for offer in session.scalars(select(Offer))}
    assert 0 < near.total < everything.total
    for hit in near.hits:
        assert "home" in settings[hit.offer_id] or (hit.distance_km is not None and hit.distance_km <= 8)


def test_without_a_place_distance_neither_orders_nor_narrows(near_heerlen: Flask) -> None:
    plain = ask(near_heerlen, per_page=1000)
    asked = ask(near_heerlen, postcode="9999", within_km=5, sort=Sort.DISTANCE, per_page=1000)
    assert asked.place is None
    assert sorted(hit.provider_id for hit in asked.hits) == sorted(hit.provider_id for hit in plain.hits)
    assert all(hit.distance_km is None for hit in asked.hits)


def test_a_municipality_alone_is_measured_from_its_middle(near_heerlen: Flask) -> None:
    answer = ask(near_heerlen, municipality="GM0917")
    assert answer.place is not None and answer.place.precision is Precision.MUNICIPALITY
    assert any(hit.distance_km is not None for hit in answer.hits)


def test_the_database_alone_answers_alike(near_heerlen: Flask, code_lists: CodeLists) -> None:
    asked = Criteria(postcode="6411", within_km=8, sort=Sort.DISTANCE, per_page=1000)
    by_engine = ask(near_heerlen, postcode="6411", within_km=8, sort=Sort.DISTANCE, per_page=1000)
    with near_heerlen.app_context(), near_heerlen.extensions["portal.database"].sessions() as session:
        situation = region_facts(session, code_lists).situation(code_lists, TODAY, None)
        by_database = queries.answer(session, asked, code_lists, situation)
    assert {hit.provider_id for hit in by_database.hits} == {hit.provider_id for hit in by_engine.hits}
    assert by_database.counts["arrangement"] == by_engine.counts["arrangement"]
    assert by_database.place == by_engine.place


def test_nothing_tells_where_in_its_municipality_a_family_home_is(searchable_app: Flask) -> None:
    # Whoever moves a pin about, or narrows the distance, must not close in on a secret place.
    def seen() -> list[object]:
        return [
            [
                (hit.offer_id, hit.distance_km)
                for hit in ask(searchable_app, postcode=pc4, within_km=within, **homes).hits
            ]
            for pc4 in AREAS
            for within in (None, 3, 6, 12)
        ]

    homes = {"sort": Sort.DISTANCE, "settings": ("residential",), "per_page": 1000}
    database = searchable_app.extensions["portal.database"]
    with database.transaction() as session:
        replace_postcode_areas(session, AREAS)
    before = seen()
    assert any(before)
    with database.transaction() as session:
        of_homes = Location.kind == LocationKind.FAMILY_HOME
        session.execute(
            update(Location).where(of_homes, ~Location.address_confidential)
            .values(postcode="6411 AB", latitude=50.8905, longitude=5.9747)
        )  # fmt: skip
        touch(session)
    assert seen() == before


# --- the page ---


@pytest.mark.parametrize(
    ("settings", "km", "precision", "said"),
    [
        (["location"], 4.2, Precision.POSTCODE, "ongeveer 4 km"),
        (["location"], 0.1, Precision.POSTCODE, "ongeveer 1 km"),
        (["location"], 0.1, Precision.MUNICIPALITY, "in uw gemeente"),
        (["location"], None, Precision.POSTCODE, ""),
        (["home"], 21.0, Precision.POSTCODE, "komt bij u thuis"),
        (["home", "location"], 21.4, Precision.POSTCODE, "komt bij u thuis, of ongeveer 21 km"),
        (["school"], 21.0, Precision.POSTCODE, ""),
        (["online"], 21.0, Precision.POSTCODE, ""),
        ([], 21.0, Precision.POSTCODE, "ongeveer 21 km"),
    ],
)
def test_a_card_says_how_far_in_words(
    app: Flask, settings: list[str], km: float | None, precision: Precision, said: str
) -> None:
    with app.test_request_context("/"):
        reach = Reach.of(settings, names_a_location=False)
        assert distance_said(reach, km, Place(HEERLEN_STATION, precision)) == said
        assert distance_said(reach, km, None) == ""


def test_the_page_measures_and_says_from_where(visitor: InspectingClient) -> None:
    page = visitor.get("/zoeken?postcode=6411ab&sorteer=afstand&afstand=10").get_data(as_text=True)
    assert re.search(r"ongeveer \d+ km", page)
    assert "vanaf het midden van postcode 6411" in page
    assert "Binnen 10 km" in page
    assert 'value="6411ab"' in page
    linked = [address for address in re.findall(r'href="([^"]*postcode=[^"]*)"', page) if "lang=" not in address]
    assert linked and all(re.search(r"postcode=6411(?:&|$)", address) for address in linked)


def test_the_order_is_offered_only_where_it_can_be_kept(visitor: InspectingClient) -> None:
    nowhere = visitor.get("/zoeken?sorteer=afstand&afstand=10").get_data(as_text=True)
    assert "Dichtstbij eerst" not in nowhere
    assert "Vul eerst uw postcode in of kies uw gemeente." in nowhere
    assert 'aria-label="Haal weg: Binnen 10 km"' not in nowhere and nowhere.count("Binnen 10 km") == 1
    assert "Dichtstbij eerst" in visitor.get("/zoeken?gemeente=Heerlen").get_data(as_text=True)


@pytest.mark.parametrize(
    ("postcode", "error"),
    [
        ("64", "Dit is geen postcode. Vul vier cijfers en twee letters in, bijvoorbeeld 6411 AB."),
        ("9999", "Deze postcode kennen we niet. Kies uw gemeente, dan meten we van daar."),
        ("6411", ""),
        ("", ""),
        ("alle", ""),
    ],
)
def test_a_postcode_that_cannot_be_used_is_told_at_the_field(
    visitor: InspectingClient, postcode: str, error: str
) -> None:
    page = visitor.get("/zoeken", query_string={"postcode": postcode}).get_data(as_text=True)
    assert ('id="postcode-fout"' in page) is bool(error)
    assert error in page


def test_a_postcode_stays_out_of_the_log(visitor: InspectingClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        visitor.get("/zoeken?postcode=6411ab&q=bang+in+6411+AB")
    assert caplog.records
    for record in caplog.records:
        assert not re.search(r"6411|6411 ?AB", str(record.__dict__), re.IGNORECASE)
