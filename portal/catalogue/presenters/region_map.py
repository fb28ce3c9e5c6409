"""A map of the region beside a list by municipality: both say the same, and link to each other.

What is found counts in the municipalities of its locations; nothing finer is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue import wording
from portal.catalogue.drawing import SMALL_DOT, WIDTH, Drawing, Words
from portal.catalogue.geography import distance_km
from portal.catalogue.places import Place, Precision
from portal.catalogue.presenters.common import Context
from portal.core.languages import gettext
from portal.core.pages import Link, NavLink
from portal.core.text import fold, slugify


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was found, and the municipalities (CBS codes) where it is; none: nowhere in particular."""

    link: Link
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A municipality on the map."""

    label: str
    """"Heerlen: 12 aanbieders"."""
    href: str
    """Its group in the list; empty where nothing was found there."""
    number: str
    """How many, inside the dot; empty where the dot is too small or nothing was found."""
    x: float
    y: float
    radius: int
    outline: str
    name: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class MapFamily:
    """Where the family is, with a ring around it where a distance was chosen."""

    label: str
    x: float
    y: float
    is_postcode: bool
    """Else it is drawn around the dot of the municipality."""
    ring: float
    """0: none."""


@dataclass(frozen=True, slots=True)
class MapGroup:
    """What was found in one municipality, or nowhere in particular."""

    anchor: str
    title: str
    count: str
    note: str
    """"ongeveer 8 km van u"; empty where that is not known."""
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RegionMap:
    """A map and the list beside it."""

    description: str
    """What the map shows, for whoever does not see it."""
    width: int
    height: int
    outlines: tuple[str, ...]
    places: tuple[MapPlace, ...]
    family: MapFamily | None
    groups: tuple[MapGroup, ...]
    nothing_in: str
    """"Geen in: Beek en Vaals."; empty where every municipality has something."""
    explanation: str


NOWHERE = "zonder-plek"


def region_map(
    found: Iterable[Found],
    counted: Callable[[int], str],
    drawing: Drawing,
    place: Place | None,
    within_km: int | None,
    context: Context,
) -> RegionMap:
    """`found` on the map and in a list by municipality; `counted` says a number of them in words.

    The list begins with the municipalities nearest to `place`, where that is known, else it is in order of name; what
    lies outside the region follows, and last what has no known place.
    """
    groups = _grouped(found)
    order = sorted(groups, key=lambda code: (code not in drawing.places, *_rank(code, place, context)))
    empty = [context.municipality(code) for code in drawing.places if code not in groups]
    return RegionMap(
        description=gettext("Map of the region. Each municipality leads to its part of the list."),
        width=WIDTH,
        height=drawing.sheet.height,
        outlines=drawing.outlines,
        places=tuple(_place(code, len(groups.get(code, ())), counted, drawing, context) for code in drawing.places),
        family=_family(place, within_km, drawing),
        groups=tuple(_group(code, groups[code], counted, place, context) for code in order),
        nothing_in=gettext("None in: %(places)s.", places=wording.listing(empty)) if empty and groups else "",
        explanation=_explanation(place),
    )


def views(list_href: str, map_href: str, is_map: bool) -> tuple[NavLink, ...]:
    """The same as a list or on the map, as two links."""
    return NavLink(gettext("As a list"), list_href, not is_map), NavLink(gettext("On the map"), map_href, is_map)


def _grouped(found: Iterable[Found]) -> Mapping[str, Sequence[Link]]:
    """Links by municipality; under the empty code what has none."""
    groups: dict[str, list[Link]] = defaultdict(list)
    for one in found:
        for code in dict.fromkeys(one.municipalities) or ("",):
            groups[code].append(one.link)
    return groups


def _rank(code: str, place: Place | None, context: Context) -> tuple[bool, float, str]:
    km = _km(code, place, context)
    return not code, 0.0 if km is None else km, fold(context.municipality(code))


def _km(code: str, place: Place | None, context: Context) -> float | None:
    """From the family to the reference point of a municipality, the same for all that is found there."""
    known = context.code_lists.municipalities.get(code)
    return distance_km(place.point, known.point) if place is not None and known is not None else None


def _place(code: str, number: int, counted: Callable[[int], str], drawing: Drawing, context: Context) -> MapPlace:
    drawn, name = drawing.places[code], context.municipality(code)
    return MapPlace(
        label=f"{name}: {counted(number)}",
        href=f"#{_anchor(code, context)}" if number else "",
        number=str(number) if number and drawn.radius > SMALL_DOT else "",
        x=drawn.x,
        y=drawn.y,
        radius=drawn.radius if number else SMALL_DOT,
        outline=drawn.outline,
        name=drawn.name,
    )


def _anchor(code: str, context: Context) -> str:
    return f"plaats-{slugify(context.municipality(code))}" if code else NOWHERE


def _group(
    code: str, links: Sequence[Link], counted: Callable[[int], str], place: Place | None, context: Context
) -> MapGroup:
    return MapGroup(
        anchor=_anchor(code, context),
        title=context.municipality(code) or gettext("No fixed place, or not told"),
        count=counted(len(links)),
        note=_distance_note(code, place, context),
        links=tuple(sorted(links, key=lambda link: fold(link.label))),
    )


def _distance_note(code: str, place: Place | None, context: Context) -> str:
    km = _km(code, place, context)
    if km is None:
        return ""
    if place is not None and place.precision is Precision.MUNICIPALITY and place.municipality == code:
        return gettext("your municipality")
    return gettext("about %(km)s km", km=max(1, round(km)))


def _family(place: Place | None, within_km: int | None, drawing: Drawing) -> MapFamily | None:
    if place is None or not drawing.sheet.holds(place.point):
        return None
    x, y = drawing.sheet.at(place.point)
    ring = drawing.sheet.units(within_km) if within_km else 0.0
    is_postcode = place.precision is Precision.POSTCODE
    label = gettext("Your postcode") if is_postcode else gettext("The middle of your municipality")
    return MapFamily(label, round(x, 1), round(y, 1), is_postcode, round(ring, 1))


def _explanation(place: Place | None) -> str:
    shown = gettext("The map shows municipalities, not addresses. Who works in several of them stands under each.")
    if place is None:
        return shown
    return shown + " " + gettext("Distances are in a straight line, to the middle of the municipality.")
