"""The map says what the list beside it says, knows municipalities only, and is drawn from whatever was loaded."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.catalogue.boundaries import Boundaries, store_boundaries, stored_boundaries
from portal.catalogue.codelists import CodeLists
from portal.catalogue.drawing import DOT, SMALL_DOT, WIDTH, Drawing, Words, draw, simplified
from portal.catalogue.geography import distance_km
from portal.catalogue.operations import replace_postcode_areas, touch
from portal.catalogue.types import Point
from portal.core import clock
from tests.conftest import TODAY, make_app
from tests.inspection import InspectingClient, Page

HEERLEN, MAASTRICHT = "GM0917", "GM0935"
HEERLEN_STATION = Point(50.8905, 5.9747)


def square(point: Point, half: float = 0.02) -> list[list[list[list[float]]]]:
    """A square of `half` degrees around a point, as polygons."""
    (south, north), (west, east) = ((at - half, at + half) for at in point)
    return [[[[west, south], [east, south], [east, north], [west, north], [west, south]]]]


# --- drawing ---


@pytest.fixture(scope="module")
def drawing(code_lists: CodeLists) -> Drawing:
    region = code_lists.municipalities_of("JZ41")
    return draw({m.code: m.point for m in region}, {m.code: m.name for m in region}, {}, [])


def test_every_municipality_lies_on_the_sheet_true_to_scale(drawing: Drawing, code_lists: CodeLists) -> None:
    assert len(drawing.places) == 16
    for place in drawing.places.values():
        assert DOT <= place.x <= WIDTH - DOT and DOT <= place.y <= drawing.sheet.height - DOT
    a, b = drawing.places[HEERLEN], drawing.places[MAASTRICHT]
    km = distance_km(code_lists.municipalities[HEERLEN].point, code_lists.municipalities[MAASTRICHT].point)
    assert hypot(a.x - b.x, a.y - b.y) == pytest.approx(drawing.sheet.units(km), rel=0.01)
    assert a.x > b.x and a.y < b.y  # Heerlen lies north-east of Maastricht


def test_names_cover_no_dot_and_no_other_name(drawing: Drawing) -> None:
    dots = [(p.x - DOT, p.y - DOT, p.x + DOT, p.y + DOT) for p in drawing.places.values()]
    names = [box(line) for place in drawing.places.values() for line in place.name]
    assert len([place for place in drawing.places.values() if place.name]) >= 14
    for number, name in enumerate(names):
        assert min(name) >= 0 and name[2] <= WIDTH and name[3] <= drawing.sheet.height
        for other in [*dots, *names[:number]]:
            assert not (name[0] < other[2] and other[0] < name[2] and name[1] < other[3] and other[1] < name[3])


def box(line: Words) -> tuple[float, float, float, float]:
    wide = len(line.text) * 6.5
    left = {"start": line.x, "middle": line.x - wide / 2, "end": line.x - wide}[line.anchor]
    return left, line.y - 9, left + wide, line.y + 2


def test_a_region_of_one_municipality_and_one_without_any_can_be_drawn() -> None:
    assert draw({HEERLEN: HEERLEN_STATION}, {HEERLEN: "Heerlen"}, {}, []).places[HEERLEN].name
    assert draw({}, {}, {}, []).places == {}


def test_a_country_is_drawn_in_small_dots(code_lists: CodeLists) -> None:
    everywhere = code_lists.municipalities.values()
    country = draw({m.code: m.point for m in everywhere}, {m.code: m.name for m in everywhere}, {}, [])
    assert {place.radius for place in country.places.values()} == {SMALL_DOT}
    assert not any(place.name for place in country.places.values())


def test_an_area_is_a_closed_line_around_its_dot() -> None:
    drawn = draw({HEERLEN: HEERLEN_STATION}, {HEERLEN: "Heerlen"}, {HEERLEN: square(HEERLEN_STATION)}, [])
    place = drawn.places[HEERLEN]
    assert re.fullmatch(r"M\d+ \d+l[-\d ]+z", place.outline)
    x, y = (int(n) for n in re.findall(r"-?\d+", place.outline)[:2])
    assert x < place.x and y > place.y  # it begins in the south-west


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=2, max_size=60), st.floats(0.1, 30))
def test_a_simplified_line_stays_near_the_line(line: list[tuple[float, float]], tolerance: float) -> None:
    kept = simplified(line, tolerance)
    assert kept[0] == line[0] and kept[-1] == line[-1]
    remaining = iter(line)
    assert all(point in remaining for point in kept)  # in their order
    for x, y in line:
        assert any(_near(x, y, a, b, tolerance) for a, b in pairwise(kept))


def _near(x: float, y: float, a: tuple[float, float], b: tuple[float, float], tolerance: float) -> bool:
    squared = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
    along = ((x - a[0]) * (b[0] - a[0]) + (y - a[1]) * (b[1] - a[1])) / squared if squared else 0.0
    along = min(1.0, max(0.0, along))
    return hypot(x - a[0] - along * (b[0] - a[0]), y - a[1] - along * (b[1] - a[1])) <= tolerance + 1e-6


def test_what_was_loaded_is_read_back_and_nothing_is_none(tmp_path: Path) -> None:
    assert stored_boundaries(tmp_path, "municipalities").areas == {}
    boundaries = Boundaries("municipalities", {HEERLEN: square(HEERLEN_STATION)})
    store_boundaries(tmp_path, boundaries)
    assert stored_boundaries(tmp_path, "municipalities") == boundaries


# --- pages ---


@pytest.fixture(scope="module")
def map_app(indexed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The searchable region with a postcode; tests only read it."""
    folder = tmp_path_factory.mktemp("map") / "data"
    shutil.copytree(indexed_folder, folder)
    app = make_app(f"sqlite:///{folder / 'portal.sqlite3'}", folder)
    with app.extensions["portal.database"].transaction() as session:
        replace_postcode_areas(session, {"6411": HEERLEN_STATION})
        touch(session)
    yield app
    app.extensions["portal.database"].engine.dispose()


@pytest.fixture
def visitor(map_app: Flask) -> Iterator[InspectingClient]:
    with clock.frozen(TODAY):
        client = map_app.test_client()
        assert isinstance(client, InspectingClient)
        yield client


def on_map(page: Page) -> dict[str, int]:
    """The municipalities on the map with how many were found there."""
    labels = [element["aria-label"] for element in places(page)]
    return {name: int(re.findall(r"\d+", count)[0]) for name, count in (label.split(": ") for label in labels)}


def places(page: Page) -> list[dict[str, str]]:
    return [attributes for _, attributes in page.elements if "portal-map__place" in attributes.get("class", "")]


def in_list(page: Page) -> dict[str, int]:
    """The same from the list: the anchors of its groups, with the links under each."""
    groups: dict[str, int] = {}
    current = ""
    for tag, attributes in page.elements:
        if tag == "section":
            current = attributes.get("id", "") if "portal-places__group" in attributes.get("class", "") else ""
        elif tag == "a" and current:
            groups[current] = groups.get(current, 0) + 1
    return groups


MAPS = [
    "/zoeken?kaart=ja", "/zoeken?kaart=ja&gemeente=Heerlen&leeftijd=13", "/zoeken?kaart=ja&q=pleegzorg&postcode=6411",
    "/aanbieders?kaart=ja", "/aanbieders?kaart=ja&gemeente=Vaals", "/gezinshuizen?kaart=ja",
    "/gezinshuizen?kaart=ja&leeftijd=10&postcode=6411",
]  # fmt: skip


@pytest.mark.parametrize("path", MAPS)
def test_map_and_list_say_the_same(visitor: InspectingClient, path: str) -> None:
    page = visitor.page(path)
    listed = in_list(page)
    drawn = on_map(page)
    assert len(drawn) == 16 and sum(drawn.values()) > 0
    linked = {element["href"].removeprefix("#"): element["aria-label"] for element in places(page) if "href" in element}
    assert linked.keys() <= listed.keys()
    for anchor, label in linked.items():
        assert drawn[label.split(": ")[0]] == listed[anchor] > 0
    for name, number in drawn.items():
        assert number > 0 or name in page.text.split("Geen in: ", 1)[1]


@pytest.mark.parametrize("path", MAPS)
def test_every_dot_is_a_link_with_words(visitor: InspectingClient, path: str) -> None:
    page = visitor.page(path)
    ids = {attributes.get("id") for _, attributes in page.elements}
    for element in places(page):
        assert re.fullmatch(r"[\w' -]+: \d+ (aanbieders?|plek(ken)? om te wonen)", element["aria-label"])
        assert "href" not in element or element["href"].removeprefix("#") in ids


def test_the_map_of_a_search_holds_all_that_the_pages_of_the_list_hold(visitor: InspectingClient) -> None:
    address = "/zoeken?q=boos&gemeente=Heerlen&leeftijd=13"
    listed: set[str] = set()
    for number in range(1, 30):
        page = visitor.page(f"{address}&pagina={number}")
        found = [a["href"] for a in page.all("a") if "/aanbod/" in a.get("href", "") and "=" in a["href"]]
        if not found:
            break
        listed |= {href.partition("?")[0] for href in found}
    drawn = visitor.page(f"{address}&kaart=ja")
    groups = {a["href"].partition("?")[0] for a in drawn.all("a") if "/aanbod/" in a.get("href", "")}
    lighter = {a["href"].partition("?")[0] for a in visitor.page("/hulp-krijgen?gemeente=Heerlen").all("a")
               if "/aanbod/" in a.get("href", "")}  # fmt: skip
    assert listed - lighter == groups - lighter and len(groups) > 10


def test_the_nearest_municipality_comes_first_and_says_how_far(visitor: InspectingClient) -> None:
    groups = list(in_list(visitor.page("/zoeken?kaart=ja&postcode=6411")))
    assert groups.index("plaats-heerlen") < groups.index("plaats-maastricht")
    assert groups[0] in ("plaats-heerlen", "plaats-voerendaal")
    assert "zonder-plek" not in groups[:-1]
    assert re.search(r"Heerlen \d+ aanbieders · ongeveer \d+ km", visitor.page("/zoeken?kaart=ja&postcode=6411").text)
    assert "uw gemeente" in visitor.page("/zoeken?kaart=ja&gemeente=Heerlen").text


def test_a_chosen_distance_is_a_ring_around_the_family(visitor: InspectingClient) -> None:
    def rings(path: str) -> list[dict[str, str]]:
        return [a for a in visitor.page(path).all("circle") if a.get("class") == "portal-map__ring"]

    near, far = (rings(f"/zoeken?kaart=ja&postcode=6411&afstand={km}")[0] for km in (5, 10))
    assert float(far["r"]) == pytest.approx(2 * float(near["r"]), abs=0.2)
    assert rings("/zoeken?kaart=ja&postcode=6411") == []
    assert rings("/zoeken?kaart=ja&afstand=10") == []


def test_filters_pages_and_the_list_keep_the_map_or_leave_it(visitor: InspectingClient) -> None:
    page = visitor.page("/zoeken?kaart=ja&gemeente=Heerlen&leeftijd=13&pagina=3")
    assert ("kaart", "ja") in {(field.get("name"), field.get("value")) for field in page.all("input")}
    without_age = [a["href"] for a in page.all("a") if a.get("class") == "portal-chip" and "leeftijd" not in a["href"]]
    assert without_age and all("kaart=ja" in href for href in without_age)
    views = [a["href"] for a in page.all("a") if "zoeken" in a["href"] and "aria-current" not in a]
    assert any("kaart" not in href and "leeftijd=13" in href for href in views)
    homes = visitor.page("/gezinshuizen?kaart=ja&leeftijd=10")
    assert any(a["href"] == "/gezinshuizen?leeftijd=10" for a in homes.all("a"))


@pytest.mark.parametrize("path", ["/zoeken?kaart=ja&q=xyzzy", "/gezinshuizen?kaart=ja&leeftijd=27", "/zoeken?kaart=x"])
def test_a_map_of_nothing_is_no_map(visitor: InspectingClient, path: str) -> None:
    assert places(visitor.page(path)) == []


def test_no_part_of_the_map_is_finer_than_a_municipality(visitor: InspectingClient, code_lists: CodeLists) -> None:
    # Whatever is asked, dots stand where they always stand; only numbers differ.
    def dots(path: str) -> set[tuple[str, str]]:
        circles = visitor.page(path).all("circle")
        return {(a["cx"], a["cy"]) for a in circles if a.get("class") == "portal-map__dot"}

    assert len({frozenset(dots(path)) for path in MAPS}) == 1


def test_boundaries_are_drawn_as_soon_as_they_are_loaded(
    searchable_app: Flask, searchable: InspectingClient, tmp_path: Path, code_lists: CodeLists
) -> None:
    def outlines(kind: str) -> int:
        return len([a for a in searchable.page("/zoeken?kaart=ja&lang=en").all("path") if a.get("class") == kind])

    assert outlines("portal-map__area") == outlines("portal-map__region") == 0
    for code, half in ((HEERLEN, 0.02), ("JZ41", 0.3)):
        file = tmp_path / f"{code}.geojson"
        polygons = {"type": "MultiPolygon", "coordinates": square(HEERLEN_STATION, half)}
        feature = {"type": "Feature", "properties": {"code": code}, "geometry": polygons}
        file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
        result = searchable_app.test_cli_runner().invoke(args=["geo", "load", str(file)])
        assert result.exit_code == 0, result.output
        clock_moves_on(searchable_app)
    assert outlines("portal-map__area") == outlines("portal-map__region") == 1


def clock_moves_on(app: Flask) -> None:
    """Pages of results that were made a moment ago are not sent again."""
    with app.extensions["portal.database"].transaction() as session:
        touch(session)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("52062", "een ander land"), ("D-52062", "een ander land"), ("B-3620", "een ander land"),
        ("b 3620", "een ander land"), ("64", "geen postcode"), ("zes", "geen postcode"), ("9999", "kennen we niet"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/zoeken", "/gezinshuizen"])
def test_a_postcode_that_cannot_be_used_helps_on(visitor: InspectingClient, path: str, typed: str, said: str) -> None:
    page = visitor.get(path, query_string={"postcode": typed}).get_data(as_text=True)
    assert said in page.split('id="postcode-fout"', 1)[1].split("</p>", 1)[0]
    assert f'value="{typed}"' in page


def test_family_homes_are_as_far_as_their_municipality(region: InspectingClient, visitor: InspectingClient) -> None:
    page = visitor.page("/gezinshuizen?postcode=6411&leeftijd=10")
    assert "van uw postcode" in page.text
    assert "6411 " not in str([a.get("href") for a in page.all("a")])


def test_map_pages_on_both_databases(region: InspectingClient) -> None:
    for path in ("/aanbieders", "/gezinshuizen", "/zoeken"):
        page = region.page(f"{path}?kaart=ja&gemeente=Heerlen")
        assert sum(on_map(page).values()) == sum(n for a, n in in_list(page).items() if a in linked_anchors(page))


def linked_anchors(page: Page) -> set[str]:
    return {element["href"].removeprefix("#") for element in places(page) if "href" in element}
