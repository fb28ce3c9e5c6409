"""Where postcodes lie, from the files that CBS, GeoNames and 4pp publish: what it is, is told by its header.

Several rows of one postcode (its six-character ones, or its places) become their mean.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean

from portal.catalogue.geography import from_rd
from portal.catalogue.places import read_postcode
from portal.catalogue.types import Point
from portal.core.messages import N_
from portal.core.text import fold
from portal.exchange.problems import Fault, Problems, error, shown
from portal.exchange.raw import Cell, RawTable, column_name
from portal.exchange.readers import csv_table

_NAMES = {
    "postcode": ("pc4", "postcode", "postcode4", "postcode_4", "pc4_code", "pc6", "postcode6", "postal_code"),
    "latitude": ("latitude", "lat", "breedtegraad"),
    "longitude": ("longitude", "lon", "lng", "lengtegraad"),
    "x": ("x", "x_rd", "rd_x", "x_coordinaat"),
    "y": ("y", "y_rd", "rd_y", "y_coordinaat"),
    "point": ("geo_point", "geo_point_2d"),
    "kind": ("soort",),
    "suspect": ("coord_suspect",),
    "country": ("country_code",),
}
"""How files call what we read. 4pp says by `kind` which postcodes are addresses: those of boxes may lie elsewhere."""
_MEANING = {name: meaning for meaning, names in _NAMES.items() for name in names}
_GEONAMES = ("country_code", "postal_code", "place_name", "admin_name1", "admin_code1", "admin_name2", "admin_code2",
             "admin_name3", "admin_code3", "latitude", "longitude", "accuracy")  # fmt: skip
"""The columns of GeoNames' postal code files, which have no header (https://download.geonames.org/export/zip/)."""

_SOUTH, _NORTH, _WEST, _EAST = 50.7, 53.7, 3.2, 7.3
"""The European Netherlands, a little wider."""
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


@dataclass(frozen=True, slots=True)
class PostcodeFile:
    """What a file says of where postcodes lie."""

    points: Mapping[str, Point]
    """By four digits."""
    left_out: int
    """Rows of postcodes without addresses, of other countries, and those marked as doubtful."""


class _BadCell(Exception):
    """A cell that cannot be read; `meaning` is the column's."""

    def __init__(self, fault: Fault, meaning: str) -> None:
        super().__init__(fault.code)
        self.fault, self.meaning = fault, meaning


def read_postcodes(name: str, data: bytes, problems: Problems) -> PostcodeFile:
    """The postcodes in the file called `name`; what is wrong with it is added to `problems`.

    Raises UnreadableError where it is no table of text at all.
    """
    table = csv_table(name, data, problems)
    table.name = table.place  # it is none of the package's tables, so it is called as the file is
    header, rows = _with_header(table)
    column_of = {_MEANING[plain]: at for at, cell in enumerate(header) if (plain := column_name(cell)) in _MEANING}
    if fault := _missing(column_of.keys(), header):
        problems.add(fault, table.name, table.header_row)
        return PostcodeFile({}, 0)
    found: dict[str, list[Point]] = defaultdict(list)
    left_out = 0
    for number, cells in rows:
        row = {meaning: str(cells[at]).strip() if at < len(cells) else "" for meaning, at in column_of.items()}
        if _is_left_out(row):
            left_out += 1
            continue
        try:
            pc4, point = _pc4(row), _point(row)
        except _BadCell as bad:
            problems.add(bad.fault, table.name, number, header[column_of[bad.meaning]], row[bad.meaning])
        else:
            found[pc4].append(point)
    if not found and not problems.errors:
        problems.add(
            error(
                "no_postcodes",
                N_("this file has no rows with a postcode"),
                N_("load a file with a row for each postcode"),
            ),
            table.name,
        )
    return PostcodeFile({pc4: _mean(points) for pc4, points in found.items()}, left_out)


def _with_header(table: RawTable) -> tuple[Sequence[str], Iterator[tuple[int, Sequence[Cell]]]]:
    """Header and rows; a file of GeoNames gets the header that it lacks."""
    first = table.header
    is_geonames = len(first) == len(_GEONAMES) and re.fullmatch("[A-Z]{2}", first[0]) and _NUMBER.fullmatch(first[9])
    if not is_geonames:
        return first, table.rows
    return _GEONAMES, chain([(table.header_row, first)], table.rows)


def _missing(known: Collection[str], header: Sequence[str]) -> Fault | None:
    seen = ", ".join(header)
    if "postcode" not in known:
        return error(
            "no_postcode_column",
            N_("there is no column with the postcode; the columns are: %(seen)s"),
            N_("call it one of: %(known)s"),
            seen=seen,
            known=", ".join(_NAMES["postcode"]),
        )
    if not any(pair <= set(known) for pair in ({"latitude", "longitude"}, {"x", "y"}, {"point"})):
        return error(
            "no_coordinate_columns",
            N_("there are no columns that say where a postcode lies; the columns are: %(seen)s"),
            N_("call them latitude and longitude (degrees), x and y (Rijksdriehoek) or geo_point (both in one cell)"),
            seen=seen,
        )
    return None


def _is_left_out(row: Mapping[str, str]) -> bool:
    has_no_addresses = "adres" not in fold(row.get("kind", "adres"))
    return has_no_addresses or bool(row.get("suspect")) or row.get("country", "NL") != "NL"


def _pc4(row: Mapping[str, str]) -> str:
    postcode = read_postcode(row["postcode"])
    if postcode is None:
        raise _BadCell(
            error(
                "not_a_postcode",
                N_("'%(value)s' is not a Dutch postcode"),
                N_("write four digits, for example 6411; the first is not a 0"),
                value=shown(row["postcode"]),
            ),
            "postcode",
        )
    return postcode[:4]


def _point(row: Mapping[str, str]) -> Point:
    if "latitude" in row and "longitude" in row:
        meaning, point = "latitude", Point(_number(row, "latitude"), _number(row, "longitude"))
    elif "point" in row:
        # Both in one cell, with points for decimals and a comma between them.
        latitude, _, longitude = (part.strip() for part in row["point"].partition(","))
        halves = {"point": latitude}, {"point": longitude}
        meaning, point = "point", Point(_number(halves[0], "point"), _number(halves[1], "point"))
    else:
        meaning, point = "x", from_rd(_number(row, "x"), _number(row, "y"))
    if _SOUTH <= point.latitude <= _NORTH and _WEST <= point.longitude <= _EAST:
        return point
    is_swapped = _SOUTH <= point.longitude <= _NORTH and _WEST <= point.latitude <= _EAST
    raise _BadCell(
        error(
            "outside_the_country",
            N_("this point (%(latitude)s, %(longitude)s) does not lie in the Netherlands"),
            N_("latitude and longitude have changed places; put them right")
            if is_swapped
            else N_("the latitude lies between %(south)s and %(north)s, the longitude between %(west)s and %(east)s"),
            latitude=round(point.latitude, 4),
            longitude=round(point.longitude, 4),
            south=_SOUTH,
            north=_NORTH,
            west=_WEST,
            east=_EAST,
        ),
        meaning,
    )


def _number(row: Mapping[str, str], meaning: str) -> float:
    text = row[meaning]
    if _NUMBER.fullmatch(text) is None:
        raise _BadCell(
            error(
                "not_a_coordinate",
                N_("'%(value)s' is not a coordinate"),
                N_("write a number such as 50.8881"),
                value=shown(text),
            ),
            meaning,
        )
    return float(text.replace(",", "."))


def _mean(points: Sequence[Point]) -> Point:
    return Point(fmean(point.latitude for point in points), fmean(point.longitude for point in points))
