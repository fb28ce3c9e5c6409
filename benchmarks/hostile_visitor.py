"""A hostile visitor who wants to know where in its municipality a secret address is, and must not learn it.

    python -m benchmarks.hostile_visitor [--questions 10000]

Makes the fictional region twice. In one world every secret address (those given as confidential, and all family
homes) lies in the north-west of its municipality, in the other in the south-east, with another street, postcode and
point each. Then it asks both worlds the same: distances from 400 postcodes with every radius and order, on the pages of
results, on their map, on the pages of choosing and of family homes, and through the API; and every provider, offer,
download and list of HSDS. Whatever a visitor could learn about a secret address shows as a difference between two
answers: there must be none.

It also takes bearings as a visitor would, by the distances that the API tells, and prints how near the best fix comes
to the true place and to the middle of the municipality, which anybody knows.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import random
import re
import statistics
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.region import loaded_region
from portal.catalogue import codelists
from portal.catalogue.geography import distance_km
from portal.catalogue.operations import replace_postcode_areas, touch
from portal.catalogue.types import Point

NORTH_WEST, SOUTH_EAST = (0.013, -0.02), (-0.013, 0.02)
"""Where in its municipality a secret address lies in each world: about 2 km from the middle, in degrees."""
GRID = 20
_CORNERS = Point(50.72, 5.62), Point(51.13, 6.13)
RADII = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 50)


@dataclass
class World:
    """A region whose secret addresses lie on one side of their municipalities."""

    app: Flask
    secrets: dict[str, tuple[str, Point]]
    """Identifier of each secret location with its municipality (CBS code) and its true place."""
    providers: dict[str, list[str]]
    """Slug of each provider with the identifiers of its offers."""
    homes: dict[str, str]
    """Identifier of each secret location with its provider's."""


@dataclass
class Report:
    """What a crawl found out."""

    questions: int = 0
    refused: int = 0
    leaks: list[str] = field(default_factory=list)
    """Addresses to which the two worlds answer differently."""


def postcodes() -> dict[str, Point]:
    """Four hundred postcodes in a grid over the region."""
    south_west, north_east = _CORNERS
    steps = [(row / (GRID - 1), column / (GRID - 1)) for row in range(GRID) for column in range(GRID)]
    return {
        str(6100 + number): Point(
            south_west.latitude + up * (north_east.latitude - south_west.latitude),
            south_west.longitude + right * (north_east.longitude - south_west.longitude),
        )
        for number, (up, right) in enumerate(steps)
    }


@contextmanager
def world(shift: tuple[float, float]) -> Iterator[World]:
    """The region with every secret address moved by `shift` from the middle of its municipality."""
    lists, secrets, homes = codelists.load(), {}, {}

    def hide(package: Path) -> None:
        path = package / "locations.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows, names = list(reader), list(reader.fieldnames or ())
        side = "NW" if shift[0] > 0 else "ZO"
        for number, row in enumerate(rows):
            municipality = lists.municipality(row["municipality"])
            if municipality is None or not (row["address_confidential"] == "yes" or row["kind"] == "family_home"):
                continue
            point = Point(municipality.latitude + shift[0], municipality.longitude + shift[1])
            area = min(postcodes().items(), key=lambda known: distance_km(known[1], point))[0]
            row |= {
                "name": f"Schuilplaats {side}", "street": f"Geheimlaan {side}", "house_number": str(number),
                "postcode": f"{area} {'AA' if shift[0] > 0 else 'ZZ'}", "city": f"Stilstad {side}",
                "latitude": f"{point.latitude:.5f}", "longitude": f"{point.longitude:.5f}",
            }  # fmt: skip
            if row["kind"] == "family_home" and number % 2:
                row["address_confidential"] = "no"  # stored, and still shown to nobody
            secrets[row["location_id"]] = municipality.code, point
            homes[row["location_id"]] = row["provider_id"]
        names += [name for name in ("latitude", "longitude") if name not in names]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, restval="")
            writer.writeheader()
            writer.writerows(rows)

    with loaded_region(hide) as (app, _):
        with app.extensions["portal.database"].transaction() as session:
            replace_postcode_areas(session, postcodes())
            touch(session)
        client = app.test_client()
        sitemap = client.get("/sitemap.xml").get_data(as_text=True)
        slugs = re.findall(r"<loc>[^<]*?/aanbieders/([^<]+)</loc>", sitemap)
        offers = {
            slug: [offer["offer_id"] for offer in client.get(f"/api/v1/providers/{slug}").json["offers"]]
            for slug in slugs
        }
        yield World(app, secrets, offers, homes)


def fixed_questions(world: World) -> Iterator[str]:
    """Every address that shows places without being asked from where."""
    for slug, offers in world.providers.items():
        yield f"/aanbieders/{slug}"
        yield f"/aanbieders/{slug}?lezen=makkelijk"
        yield f"/api/v1/providers/{slug}"
        yield from (f"/aanbieders/{slug}/aanbod/{offer}" for offer in offers)
    for name in ("organizations", "services", "service_at_locations"):
        yield from (f"/api/hsds/{name}?full=true&per_page=100&page={page}" for page in range(1, 8))
    yield from ("/aanbieders?kaart=ja", "/gezinshuizen?kaart=ja", "/zoeken?kaart=ja", "/sitemap.xml")
    yield from (f"/data/zuid-limburg/aanbod{kind}" for kind in (".xlsx", "-csv.zip", "-hsds.zip"))


def distance_questions(world: World, number: int) -> Iterator[str]:
    """So many questions of distance, the way one would close in on a place; always the same ones."""
    rng = random.Random(7)  # noqa: S311 - repeatable, not secret
    areas, offers = list(postcodes()), [offer for known in world.providers.values() for offer in known]
    narrowings = [{}, {"waar": "residential"}, {"arrangement": "gezinshuis"}, {"arrangement": "verblijf"},
                  {"arrangement": "pleegzorg"}, {"q": "gezinshuis"}, {"q": "veilig wonen"}]  # fmt: skip
    for _ in range(number):
        near = {"postcode": rng.choice(areas)}
        within = {"afstand": rng.choice(RADII)} if rng.random() < 0.8 else {}
        search = {**near, **within, **rng.choice(narrowings), "sorteer": rng.choice(("afstand", "relevantie"))}
        kind = rng.random()
        if kind < 0.55:
            yield "/api/v1/providers?" + urlencode({**search, "per_page": 100})
        elif kind < 0.7:
            yield "/zoeken?" + urlencode({**search, "pagina": rng.randint(1, 4)})
        elif kind < 0.8:
            yield "/zoeken?" + urlencode({**search, "kaart": "ja"})
        elif kind < 0.9:
            yield "/gezinshuizen?" + urlencode({**near, "kaart": rng.choice(("ja", "nee"))})
        elif kind < 0.97:
            chosen = [("aanbod", offer) for offer in rng.sample(offers, 4)]
            page = rng.choice(("/vergelijken", "/mijn-lijst"))
            yield f"{page}?" + urlencode([*chosen, *near.items(), ("telt.dichtbij", "2")])
        else:
            yield "/keuzehulp/uitkomst?" + urlencode({**near, "telt.dichtbij": "2", "alle": "ja"})


def crawl(one: World, other: World, asked: Sequence[str]) -> Report:
    """Ask both worlds the same, and note where their answers differ."""
    report = Report()
    here, there = one.app.test_client(), other.app.test_client()
    for address in asked:
        first, second = _answer(here, address), _answer(there, address)
        report.questions += 1
        report.refused += first[0] >= 400
        if first != second:
            report.leaks.append(address)
    return report


def _answer(client: FlaskClient, address: str) -> tuple[int, object]:
    """Status and content; of an archive what is in it, since archives carry the time at which they were made."""
    response = client.get(address)
    body = response.get_data()
    response.close()
    if address.startswith("/data/") and response.status_code == 200:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = (name for name in archive.namelist() if not name.startswith("docProps/"))
            return 200, {name: archive.read(name) for name in names}
    return response.status_code, re.sub(rb"[0-9a-f]{16}", b"", body)  # the number of the request


def take_bearings(one: World) -> list[tuple[str, float, float]]:
    """Each secret place that distances can be asked to: how far the best fix is from it, and from its municipality."""
    client, areas = one.app.test_client(), postcodes()
    told: dict[str, dict[str, float]] = {}
    for area in areas:
        page: str | None = "/api/v1/providers?" + urlencode(
            {"postcode": area, "waar": "residential", "per_page": 100, "sorteer": "afstand"}
        )
        while page:
            answer = client.get(page.removeprefix("http://127.0.0.1:8000")).json
            for result in answer["results"]:
                if result["distance_km"] is not None:
                    told.setdefault(result["provider_id"], {})[area] = result["distance_km"]
            page = answer["next"]
    lists, found = codelists.load(), []
    places_of: dict[str, list[str]] = {}
    for identifier, provider in one.homes.items():
        places_of.setdefault(provider, []).append(identifier)
    for provider, identifiers in places_of.items():
        if len(identifiers) == 1 and provider in told:
            municipality, true_place = one.secrets[identifiers[0]]
            fix = _fix({areas[area]: km for area, km in told[provider].items()})
            middle = lists.municipalities[municipality].point
            found.append((identifiers[0], distance_km(fix, true_place), distance_km(fix, middle)))
    return found


def _fix(told: dict[Point, float]) -> Point:
    """The point whose distances fit best what was told, found on ever finer grids."""
    south_west, north_east = _CORNERS
    best = Point((south_west.latitude + north_east.latitude) / 2, (south_west.longitude + north_east.longitude) / 2)
    near = sorted(told.items(), key=lambda known: known[1])[:40]

    def error(point: Point) -> float:
        return sum((distance_km(point, area) - km) ** 2 for area, km in near)

    for step in (0.04, 0.01, 0.002, 0.0005):
        steps = [i * step for i in range(-6, 7)]
        best = min((Point(best.latitude + up, best.longitude + right) for up in steps for right in steps), key=error)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=10_000)
    options = parser.parse_args()

    with world(NORTH_WEST) as one, world(SOUTH_EAST) as other:
        began = time.perf_counter()
        asked = [*fixed_questions(one), *distance_questions(one, options.questions)]
        report = crawl(one, other, asked)
        print(
            f"{report.questions} questions, of which {options.questions} of distance, about {len(one.secrets)} secret "
            f"addresses; refused {report.refused}; answers that tell where one is: {len(report.leaks)} "
            f"({time.perf_counter() - began:.0f} s)"
        )
        for address in report.leaks[:10]:
            print(f"  {address}")
        bearings = take_bearings(one)
        print(
            f"bearings on {len(bearings)} secret places: the best fix is {_spread(b[1] for b in bearings)} km from the "
            f"true place, and {_spread(b[2] for b in bearings)} km from the middle of the municipality"
        )


def _spread(values: Iterator[float]) -> str:
    known = sorted(values) or [math.nan]
    return f"{known[0]:.2f} to {known[-1]:.2f} (median {statistics.median(known):.2f})"


if __name__ == "__main__":
    main()
