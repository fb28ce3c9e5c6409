"""`portal geo load`: postcodes and boundaries as publishers write them; one error, and nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from portal.catalogue.models import PostcodeArea
from portal.core.database import Database

Cli = Callable[..., Result]

FOUR_PP = """id,postcode,woonplaats,alternatieve_schrijfwijzen,gemeente,provincie,netnummer,latitude,longitude,soort
1,6411,Heerlen,,Heerlen,Limburg,045,50.8881,5.9795,Adres
2,6400,Heerlen,,Heerlen,Limburg,045,52.0907,5.1214,Postbus
3,6412,Heerlen,,Heerlen,Limburg,045,50.9025,5.9912,Adres + Postbus
"""
GEONAMES = """NL\t6411\tHeerlen\tLimburg\t05\tHeerlen\t0917\t\t\t50.8871\t5.9785\t6
NL\t6411\tHeerlen-Centrum\tLimburg\t05\tHeerlen\t0917\t\t\t50.8891\t5.9805\t6
NL\t6412\tHeerlen\tLimburg\t05\tHeerlen\t0917\t\t\t50.9025\t5.9912\t6
BE\t3620\tLanaken\tVlaanderen\tVLG\tLimburg\tVLI\t\t\t50.89\t5.65\t6
"""
GRID = "PC4;x;y\n6411;196680,5;321990,2\n6412;197490;323600\n"
ONE_CELL = 'Geo Point;Year;PC4 code\n"50.8881, 5.9795";2024;6411\n"50.9025, 5.9912";2024;6412\n'
SIX = "postcode,lat,lon\n6411AB,50.8871,5.9785\n6411 AC,50.8891,5.9805\n6412AA,50.9025,5.9912\n"


def stored(database: Database) -> dict[str, tuple[float, float]]:
    with database.sessions() as session:
        return {area.pc4: (area.latitude, area.longitude) for area in session.scalars(select(PostcodeArea))}


def write(folder: Path, content: str | bytes, name: str = "NL.txt") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


@pytest.mark.parametrize(
    "content", [FOUR_PP, GEONAMES, GRID, ONE_CELL, SIX, SIX.replace(",", "\t"), "\ufeff" + FOUR_PP]
)
def test_postcodes_are_read_as_their_publishers_write_them(
    cli: Cli, database: Database, tmp_path: Path, content: str
) -> None:
    result = cli("geo", "load", write(tmp_path, content))
    assert result.exit_code == 0, result.output
    areas = stored(database)
    assert areas.keys() == {"6411", "6412"}
    assert areas["6411"] == pytest.approx((50.8881, 5.9795), abs=0.003)
    assert areas["6412"] == pytest.approx((50.9025, 5.9912), abs=0.003)


def test_a_zip_with_a_readme_is_read(cli: Cli, database: Database, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "NL.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "This is the GeoNames postal code export.")
        archive.writestr("NL.txt", GEONAMES)
    assert cli("geo", "load", str(tmp_path / "NL.zip")).exit_code == 0
    assert stored(database).keys() == {"6411", "6412"}


def test_loading_again_replaces(cli: Cli, database: Database, tmp_path: Path) -> None:
    cli("geo", "load", write(tmp_path, FOUR_PP))
    result = cli("geo", "load", write(tmp_path, "pc4,lat,lon\n6413,50.91,5.97\n"))
    assert result.exit_code == 0
    assert stored(database).keys() == {"6413"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("pc4,lat,lon\n0411,50.8,5.9\n", "NL.txt, row 2, pc4: '0411' is not a Dutch postcode; write four digits"),
        ("pc4,lat,lon\n6411,50.8,5.9\n6412,ca. 50,5.9\n", "row 3, lat: 'ca. 50' is not a coordinate; write a number"),
        ("pc4,lat,lon\n6411,5.98,50.89\n", "row 2, lat: this point (5.98, 50.89) does not lie in the Netherlands; "
         "latitude and longitude have changed places"),
        ("pc4,lat,lon\n6411,48.85,2.35\n", "the latitude lies between 50.7 and 53.7"),
        ("pc4,x,y\n6411,50.8,5.9\n", "row 2, x: this point"),
        ("pc4,naam\n6411,Heerlen\n", "row 1: there are no columns that say where a postcode lies; the columns are: "
         "pc4, naam"),
        ("code,lat,lon\n6411,50.8,5.9\n", "there is no column with the postcode; the columns are: code, lat, lon"),
        ("pc4,lat,lon\n", "this file has no rows with a postcode"),
        ("pc4,lat,lon\n6411,50.8,5.9,7\n", "row 2: this row has 4 cells, the header has 3"),
        (b"%PDF-1.7 nothing", "PDF"),
        (b"", "empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_by_row_and_column_and_nothing_is_stored(
    cli: Cli, database: Database, tmp_path: Path, content: str | bytes, said: str
) -> None:
    cli("geo", "load", write(tmp_path, FOUR_PP))
    before = stored(database)
    result = cli("geo", "load", write(tmp_path, content), "--lang", "en")
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Nothing was stored." in result.stderr
    assert stored(database) == before != {}


def test_every_error_is_told_at_once_in_dutch(cli: Cli, tmp_path: Path) -> None:
    result = cli("geo", "load", write(tmp_path, "pc4;lat;lon\nx;50,9;5,9\n6411;x;5,9\n"))
    assert "NL.txt, rij 2, pc4: 'x' is geen Nederlandse postcode" in result.stderr
    assert "NL.txt, rij 3, lat: 'x' is geen coördinaat" in result.stderr


def test_a_file_that_is_not_there_is_a_wrong_use(cli: Cli, tmp_path: Path) -> None:
    assert cli("geo", "load", str(tmp_path / "nothing.csv")).exit_code == 2


def test_a_zip_of_several_files_is_refused(cli: Cli, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("NL.txt", GEONAMES)
        archive.writestr("BE.txt", GEONAMES)
    result = cli("geo", "load", str(tmp_path / "all.zip"), "--lang", "en")
    assert result.exit_code == 1 and "the zip holds 2 files that could be meant" in result.stderr


# --- boundaries ---

SQUARE = [[5.6, 50.8], [6.1, 50.8], [6.1, 51.0], [5.6, 51.0], [5.6, 50.8]]


def geojson(*features: tuple[str, object]) -> str:
    return json.dumps({
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"statcode": code, "statnaam": "x"}, "geometry": geometry}
            for code, geometry in features
        ],
    })  # fmt: skip


def polygon(ring: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [ring]}


# Two squares that share the arc 0, written with steps as TopoJSON 1.0 prescribes; the second takes it backwards.
TOPOJSON = json.dumps({
    "type": "Topology",
    "transform": {"scale": [0.1, 0.1], "translate": [5.0, 50.0]},
    "arcs": [[[10, 10], [0, 10]], [[10, 20], [-5, 0], [0, -10], [5, 0]], [[10, 10], [5, 0], [0, 10], [-5, 0]]],
    "objects": {"regions": {"type": "GeometryCollection", "geometries": [
        {"type": "Polygon", "arcs": [[0, 1]], "properties": {"statcode": "JZ41"}},
        {"type": "MultiPolygon", "arcs": [[[-1, 2]]], "properties": {"statcode": "JZ39"}},
    ]}},
})  # fmt: skip


def boundaries(app: Flask, kind: str) -> dict[str, object]:
    content = (app.extensions["portal.settings"].data_dir / "boundaries" / f"{kind}.geojson").read_text("utf-8")
    return {f["properties"]["code"]: f["geometry"]["coordinates"] for f in json.loads(content)["features"]}


def test_boundaries_of_regions_and_of_municipalities_lie_side_by_side(cli: Cli, app: Flask, tmp_path: Path) -> None:
    assert cli("geo", "load", write(tmp_path, geojson(("JZ41", polygon(SQUARE))))).exit_code == 0
    assert cli("geo", "load", write(tmp_path, geojson(("GM0917", polygon(SQUARE))))).exit_code == 0
    assert boundaries(app, "youth_regions") == {"JZ41": [[SQUARE]]}
    assert boundaries(app, "municipalities") == {"GM0917": [[SQUARE]]}


def test_a_topology_becomes_whole_outlines(cli: Cli, app: Flask, tmp_path: Path) -> None:
    result = cli("geo", "load", write(tmp_path, TOPOJSON))
    assert result.exit_code == 0, result.output
    west = [[6.0, 51.0], [6.0, 52.0], [5.5, 52.0], [5.5, 51.0], [6.0, 51.0]]
    east = [[6.0, 52.0], [6.0, 51.0], [6.5, 51.0], [6.5, 52.0], [6.0, 52.0]]
    assert boundaries(app, "youth_regions") == {"JZ41": [[west]], "JZ39": [[east]]}


def test_areas_that_the_list_does_not_know_are_left_out_and_told(cli: Cli, app: Flask, tmp_path: Path) -> None:
    result = cli("geo", "load", write(tmp_path, geojson(("JZ41", polygon(SQUARE)), ("JZ99", polygon(SQUARE)))))
    assert result.exit_code == 0 and "JZ99" in result.stdout
    assert boundaries(app, "youth_regions").keys() == {"JZ41"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "this is not JSON"),
        ('{"type": "Feature"}', "neither a GeoJSON FeatureCollection nor a TopoJSON Topology"),
        (geojson(("XX1", polygon(SQUARE))), "no area has the code of a youth region"),
        (geojson(("JZ41", polygon(SQUARE[:-1]))), "1 JZ41: the outline of this area does not close"),
        (geojson(("JZ41", polygon([[196_000, 321_000]] * 5))), "a point that does not lie in the Netherlands"),
        (geojson(("JZ41", {"type": "Point", "coordinates": [5.9, 50.8]})), "this area has no polygon"),
        (geojson(("JZ41", None)), "this area has no polygon"),
        (TOPOJSON.replace("[[0, 1]]", "[[0, 9]]"), "the arcs of this TopoJSON do not fit"),
        (TOPOJSON.replace("[[0, 1]]", "[[1]]"), "does not close"),
        ("{" * 100_000, "this is not JSON"),
        ('{"a":' * 100_000, "this is not JSON"),
    ],
    ids=range(11),
)
def test_boundaries_that_cannot_be_drawn_are_refused_and_the_earlier_ones_stay(
    cli: Cli, app: Flask, tmp_path: Path, content: str, said: str
) -> None:
    cli("geo", "load", write(tmp_path, geojson(("JZ41", polygon(SQUARE)))))
    result = cli("geo", "load", write(tmp_path, content), "--lang", "en")
    assert result.exit_code == 1
    assert said in result.stderr
    assert boundaries(app, "youth_regions") == {"JZ41": [[SQUARE]]}
