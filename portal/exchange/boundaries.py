"""Boundaries of youth regions or municipalities, from GeoJSON (RFC 7946) or TopoJSON, checked."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from itertools import accumulate
from typing import Any

from portal.catalogue.boundaries import Boundaries, Kind, Polygons, Ring
from portal.catalogue.codelists import CodeLists
from portal.core.messages import N_
from portal.exchange.problems import Fault, Problems, UnreadableError, error, warning

_CODE = ("statcode", "code", "gemeentecode", "jeugdregiocode")
_SOUTH, _NORTH, _WEST, _EAST = 50.0, 54.5, 2.0, 8.0
"""The European Netherlands with its sea."""


class _BadArea(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def read_boundaries(name: str, data: bytes, code_lists: CodeLists, problems: Problems) -> Boundaries:
    """The boundaries in the file called `name`; what is wrong with it is added to `problems`.

    Areas that the code lists do not know are left out with a warning. Raises UnreadableError where the file is
    neither GeoJSON nor TopoJSON.
    """
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnreadableError(
            error("broken_json", N_("this is not JSON, or it breaks off"), N_("download or export the file again")),
            name,
        ) from None
    areas: dict[str, Polygons] = {}
    for number, (properties, geometry) in enumerate(_features(name, content), start=1):
        code = _code(properties)
        try:
            areas[code] = _checked(geometry)
        except _BadArea as bad:
            problems.add(bad.fault, name, column=f"{number} {code}".strip())
    known: dict[Kind, Collection[str]] = {
        "youth_regions": code_lists.youth_regions,
        "municipalities": code_lists.municipalities,
    }
    kind = max(known, key=lambda kind: len(areas.keys() & known[kind]))
    strangers = sorted(areas.keys() - known[kind])
    if not areas.keys() & known[kind]:
        problems.add(
            error(
                "no_known_area",
                N_("no area has the code of a youth region (JZ41) or a municipality (GM0917)"),
                N_("give each area its code, in a property called %(known)s"),
                known=", ".join(_CODE),
            ),
            name,
        )
    elif strangers:
        problems.add(
            warning(
                "unknown_area",
                N_("these areas are not in our list and are left out: %(codes)s"),
                N_("load a file of the same year as the list, if you miss them"),
                codes=", ".join(code or "–" for code in strangers),
            ),
            name,
        )
    return Boundaries(kind, {code: areas[code] for code in sorted(areas.keys() & known[kind])})


def _features(name: str, content: Any) -> Iterator[tuple[Any, Any]]:
    """Properties and geometry of each area, whichever of the two formats this is."""
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "FeatureCollection" and isinstance(content.get("features"), list):
        for feature in content["features"]:
            inner = feature if isinstance(feature, dict) else {}
            yield inner.get("properties"), inner.get("geometry")
    elif kind == "Topology":
        try:
            yield from _of_topology(content)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            raise UnreadableError(
                error("broken_topology", N_("the arcs of this TopoJSON do not fit its areas"),
                      N_("export the file again, or load it as GeoJSON")), name
            ) from None  # fmt: skip
    else:
        raise UnreadableError(
            error("no_boundaries", N_("this is neither a GeoJSON FeatureCollection nor a TopoJSON Topology"),
                  N_("load boundaries in one of these formats, or a table with postcodes")), name
        )  # fmt: skip


def _of_topology(topology: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The features of a topology, with its arcs put together (TopoJSON 1.0, §2)."""
    arcs = [_arc(arc, topology.get("transform")) for arc in topology["arcs"]]

    def ring(numbers: list[int]) -> Ring:
        """Arcs end to end; ~n is arc n backwards, and each begins where the one before it ended."""
        line: Ring = []
        for number in numbers:
            piece = arcs[number] if number >= 0 else arcs[~number][::-1]
            line += piece[1:] if line else piece
        return line

    found = []
    for collection in topology["objects"].values():
        for geometry in collection.get("geometries", [collection]):
            polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            coordinates = [[ring(numbers) for numbers in polygon] for polygon in polygons]
            found.append((geometry.get("properties"), {"type": "MultiPolygon", "coordinates": coordinates}))
    return found


def _arc(arc: list[list[float]], transform: Any) -> Ring:
    if transform is None:
        return [[point[0], point[1]] for point in arc]
    (across, up), (east, north) = transform["scale"], transform["translate"]
    steps = accumulate(arc, lambda here, step: [here[0] + step[0], here[1] + step[1]])
    return [[round(x * across + east, 6), round(y * up + north, 6)] for x, y in steps]


def _code(properties: Any) -> str:
    by_name = {str(key).casefold(): value for key, value in properties.items()} if isinstance(properties, dict) else {}
    return next((str(by_name[name]).strip() for name in _CODE if by_name.get(name)), "")


def _checked(geometry: Any) -> Polygons:
    """The polygons of a geometry. Raises _BadArea where it is none, or does not close, or lies elsewhere."""
    kind, found = (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, dict) else (None, None)
    if kind == "Polygon":
        found = [found]
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(found, list) or not found:
        raise _BadArea(error("no_polygon", N_("this area has no polygon"), N_("export areas, not points or lines")))
    return [[_checked_ring(ring) for ring in _listed(polygon)] for polygon in found]


def _checked_ring(ring: Any) -> Ring:
    points = [_checked_point(point) for point in _listed(ring)]
    if len(points) < 4 or points[0] != points[-1]:
        raise _BadArea(
            error("open_ring", N_("the outline of this area does not close"),
                  N_("let it end where it begins, after at least three other points"))
        )  # fmt: skip
    return points


def _checked_point(point: Any) -> list[float]:
    numbers = [value for value in _listed(point)[:2] if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == 2 and _WEST <= numbers[0] <= _EAST and _SOUTH <= numbers[1] <= _NORTH:
        return [float(number) for number in numbers]
    raise _BadArea(
        error(
            "not_degrees",
            N_("this area has a point that does not lie in the Netherlands: %(point)s"),
            N_("export it in degrees (WGS 84, EPSG:4326), longitude first"),
            point=json.dumps(point)[:60],
        )
    )


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list) and value:
        return value
    raise _BadArea(error("no_polygon", N_("this area has no polygon"), N_("export areas, not points or lines")))
