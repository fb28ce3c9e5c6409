"""A map drawn by ourselves: municipalities as areas, dots and names on a sheet, from points and boundaries.

Nothing finer than a municipality is drawn, so that no dot can tell where a secret address is
(docs/decisions/0014-the-map-knows-municipalities.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

from portal.catalogue.boundaries import Polygons
from portal.catalogue.types import Point

WIDTH = 360
"""Of the sheet, in its own units; a narrow phone shows about as many pixels."""
MARGIN = 34
"""Around the outermost dots; boundaries need less."""
MARGIN_OF_AREAS = 8
TALLEST = 480
DOT = 15
SMALL_DOT = 5
MOST_NUMBERED = 40
"""With more municipalities than this the dots are small, and hold neither number nor name."""
MOST_AREAS = 80
LETTER, LINE = 7.0, 14.0
"""About how wide a letter and how high a line of a name is."""
_TOLERANCE = 0.7
_KM_PER_DEGREE = 111.195
"""Of a meridian: a ball of 6371 km."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """How degrees become units of the sheet: equirectangular, true to scale in the middle of the region."""

    north: float
    west: float
    per_latitude: float
    """Units a degree."""
    per_longitude: float
    height: int
    left: float
    top: float

    def at(self, point: Point) -> tuple[float, float]:
        """Where on the sheet `point` lies, from the upper left corner; it may lie outside."""
        return (
            self.left + (point.longitude - self.west) * self.per_longitude,
            self.top + (self.north - point.latitude) * self.per_latitude,
        )

    def holds(self, point: Point) -> bool:
        """Whether `point` lies on the sheet."""
        x, y = self.at(point)
        return 0 <= x <= WIDTH and 0 <= y <= self.height

    def units(self, km: float) -> float:
        """How long `km` are on the sheet."""
        return km / _KM_PER_DEGREE * self.per_latitude


@dataclass(frozen=True, slots=True)
class Words:
    """One line of a name on the sheet; `anchor` is the SVG attribute `text-anchor`."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """A municipality on the sheet."""

    x: float
    y: float
    radius: int
    outline: str
    """The data of an SVG path, or empty where its boundary was not loaded."""
    name: tuple[Words, ...]
    """Empty where the name finds no room: then it is said, but not drawn."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map without what is found on it."""

    sheet: Sheet
    outlines: tuple[str, ...]
    """Of the regions around the municipalities."""
    places: Mapping[str, DrawnPlace]


def draw(
    points: Mapping[str, Point], names: Mapping[str, str], areas: Mapping[str, Polygons], regions: Iterable[Polygons]
) -> Drawing:
    """A map of the municipalities at `points`, with their `areas` and the `regions` around them where known.

    All by code; `points` may be empty, then so is the map.
    """
    around = list(regions)
    shown = {code: areas[code] for code in points if code in areas} if len(points) <= MOST_AREAS else {}
    corners = _corners([*shown.values(), *around])
    sheet = _sheet([*points.values(), *corners], MARGIN_OF_AREAS if corners else MARGIN)
    dots = {code: sheet.at(point) for code, point in points.items()}
    radius = DOT if len(points) <= MOST_NUMBERED else SMALL_DOT
    labels = _labels(dots, names, sheet) if radius == DOT else {}
    return Drawing(
        sheet,
        tuple(_path(polygons, sheet) for polygons in around),
        {
            code: DrawnPlace(
                round(x, 1), round(y, 1), radius, _path(shown[code], sheet) if code in shown else "",
                labels.get(code, ()),
            )
            for code, (x, y) in dots.items()
        },
    )  # fmt: skip


def _corners(areas: Iterable[Polygons]) -> list[Point]:
    return [Point(y, x) for polygons in areas for polygon in polygons for x, y in polygon[0]]


def _sheet(points: Sequence[Point], margin: int) -> Sheet:
    """The sheet on which all `points` lie, with a margin around them."""
    norths = [point.latitude for point in points] or [52.0]
    easts = [point.longitude for point in points] or [5.0]
    # One municipality alone still gets some land around it.
    middle, half_high = (max(norths) + min(norths)) / 2, max(max(norths) - min(norths), 0.05) / 2
    centre, half_wide = (max(easts) + min(easts)) / 2, max(max(easts) - min(easts), 0.08) / 2
    shrink = cos(radians(middle))
    scale = min((WIDTH - 2 * margin) / (2 * half_wide * shrink), (TALLEST - 2 * margin) / (2 * half_high))
    height = round(2 * half_high * scale + 2 * margin)
    return Sheet(
        north=middle + half_high,
        west=centre - half_wide,
        per_latitude=scale,
        per_longitude=scale * shrink,
        height=height,
        left=WIDTH / 2 - half_wide * scale * shrink,
        top=margin,
    )


def _path(polygons: Polygons, sheet: Sheet) -> str:
    """The data of an SVG path (M, l, z), in whole units; islands too small to see are left out."""
    parts = []
    for polygon in polygons:
        for ring in polygon:
            corners = simplified([sheet.at(Point(y, x)) for x, y in ring], _TOLERANCE)
            whole = [(round(x), round(y)) for x, y in corners]
            steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(whole) if (x, y) != (a, b)]
            if len(steps) > 2:
                (x, y), line = whole[0], " ".join(f"{dx} {dy}" for dx, dy in steps[:-1])
                parts.append(f"M{x} {y}l{line}z".replace(" -", "-"))
    return "".join(parts)


def simplified(line: Sequence[tuple[float, float]], tolerance: float) -> list[tuple[float, float]]:
    """`line` with as few of its points as keep it within `tolerance`; its ends stay.

    D. H. Douglas and T. K. Peucker, "Algorithms for the reduction of the number of points required to represent a
    digitized line or its caricature", Cartographica 10 (1973), p. 112-122.
    """
    kept = {0, len(line) - 1}
    open_parts = [(0, len(line) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        inside = range(first + 1, last)
        farthest = max(inside, key=lambda i: _off(line[i], line[first], line[last]), default=first)
        if farthest != first and _off(line[farthest], line[first], line[last]) > tolerance:
            kept.add(farthest)
            open_parts += [(first, farthest), (farthest, last)]
    return [line[i] for i in sorted(kept)]


def _off(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    """How far `point` is from the piece of line between `a` and `b`."""
    (x, y), (ax, ay), (bx, by) = point, a, b
    squared = (bx - ax) ** 2 + (by - ay) ** 2
    along = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / squared)) if squared else 0.0
    return hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))


# --- names, each where it covers no dot and no other name -------------------------------------------------

_Box = tuple[float, float, float, float]


def _labels(
    dots: Mapping[str, tuple[float, float]], names: Mapping[str, str], sheet: Sheet
) -> dict[str, tuple[Words, ...]]:
    """Names beside their dots. Those with the fewest neighbours come last: they find room anywhere."""
    taken: list[_Box] = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in dots.values()]
    found: dict[str, tuple[Words, ...]] = {}

    def crowd(code: str) -> float:
        x, y = dots[code]
        return sum(1 / max(hypot(x - a, y - b), 1) ** 2 for other, (a, b) in dots.items() if other != code)

    for code in sorted(dots, key=crowd, reverse=True):
        for words in _places_for(names[code], *dots[code]):
            boxes = [_box(line) for line in words]
            if all(_inside(box, sheet) and not any(_cross(box, other) for other in taken) for box in boxes):
                taken += boxes
                found[code] = words
                break
    return found


def _places_for(name: str, x: float, y: float) -> Iterable[tuple[Words, ...]]:
    """Where a name may stand, the best first: below, above, right, left, askew; in one line, else in two."""
    half = _in_two(name)
    for lines in ((name,), half) if len(half) == 2 else ((name,),):
        tall = LINE * (len(lines) - 1)
        for anchor, left, first in (
            ("middle", x, y + DOT + LINE - 2),
            ("middle", x, y - DOT - 4 - tall),
            ("start", x + DOT + 3, y + 4 - tall / 2),
            ("end", x - DOT - 3, y + 4 - tall / 2),
            ("start", x - DOT, y + DOT + LINE - 2),
            ("end", x + DOT, y + DOT + LINE - 2),
        ):
            yield tuple(
                Words(round(left, 1), round(first + LINE * i, 1), anchor, text) for i, text in enumerate(lines)
            )  # fmt: skip


def _in_two(name: str) -> tuple[str, ...]:
    """`Valkenburg` and `aan de Geul`: a long name as two lines, cut near its middle."""
    cuts = [i + (name[i] == "-") for i, letter in enumerate(name) if letter in " -"]
    if not cuts or len(name) < 12:
        return (name,)
    cut = min(cuts, key=lambda i: abs(i - len(name) / 2))
    return name[:cut].strip(), name[cut:].strip()


def _box(line: Words) -> _Box:
    wide = len(line.text) * LETTER
    left = {"start": line.x, "middle": line.x - wide / 2, "end": line.x - wide}[line.anchor]
    return left, line.y - LINE + 3, left + wide, line.y + 3


def _inside(box: _Box, sheet: Sheet) -> bool:
    return box[0] >= 2 and box[1] >= 2 and box[2] <= WIDTH - 2 and box[3] <= sheet.height - 2


def _cross(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
