"""All providers, A-Z."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from portal.catalogue.availability import status_of
from portal.catalogue.drawing import Drawing
from portal.catalogue.models import Provider
from portal.catalogue.places import Place
from portal.catalogue.presenters.common import Context, place_names, provider_link
from portal.catalogue.presenters.region_map import Found, RegionMap, region_map, views
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.pages import Link, NavLink, Option
from portal.core.text import fold


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """A provider in the A-Z list."""

    name: str
    href: str
    places: str
    arrangements: str
    note: str
    """Why it cannot be chosen now, or empty."""


@dataclass(frozen=True, slots=True)
class LetterGroup:
    """The providers under one letter."""

    letter: str
    anchor: str
    providers: tuple[ProviderLine, ...]


@dataclass(frozen=True, slots=True)
class ProvidersPage:
    """All providers, A-Z, perhaps of one municipality."""

    title: str
    count: str
    letters: tuple[LetterGroup, ...]
    map: RegionMap | None
    """In place of the letters, where that was asked."""
    views: tuple[NavLink, ...]
    municipalities: tuple[Option, ...]
    hidden_fields: tuple[tuple[str, str], ...]
    """What the form carries along besides the frame's own."""


def providers_page(
    providers: Iterable[Provider],
    place: Place | None,
    drawing: Drawing | None,
    municipalities: tuple[Option, ...],
    context: Context,
) -> ProvidersPage:
    """All `providers`, sorted by name; where the context has a municipality, only those one can choose there.

    On a map, where there is a `drawing`; its list then begins with what is nearest to `place`.
    """
    lines: list[ProviderLine] = []
    found: list[Found] = []
    for provider in providers:
        line = _line(provider, context)
        if context.situation.municipality is None or not line.note:
            lines.append(line)
            codes = sorted({location.municipality for location in provider.locations if location.municipality})
            told = " · ".join(part for part in (line.arrangements, line.note) if part)
            found.append(Found(Link(line.name, line.href, told), tuple(codes)))
    letters = tuple(
        LetterGroup(letter, f"letter-{letter.lower()}" if letter != "#" else "letter-0", tuple(group))
        for letter, group in groupby(lines, key=lambda line: _letter(line.name))
    )
    return ProvidersPage(
        title=gettext("All providers for %(place)s", place=context.place)
        if context.place
        else gettext("All providers, A to Z"),
        count=_count(lines),
        letters=letters if drawing is None else (),
        map=region_map(found, _counted, drawing, place, None, context) if drawing and lines else None,
        views=_views(drawing is not None, context) if lines else (),
        municipalities=municipalities,
        hidden_fields=(("kaart", "ja"),) if drawing else (),
    )


def _counted(number: int) -> str:
    return ngettext("%(num)s provider", "%(num)s providers", number)


def _views(is_map: bool, context: Context) -> tuple[NavLink, ...]:
    as_list, on_map = (link("catalogue.providers", gemeente=context.place, kaart=kaart) for kaart in (None, "ja"))
    return views(as_list, on_map, is_map)


def _count(lines: list[ProviderLine]) -> str:
    count = ngettext("%(num)s provider.", "%(num)s providers.", len(lines))
    closed = sum(1 for line in lines if line.note)
    if not closed:
        return count
    return f"{count} " + ngettext(
        "%(num)s of them you cannot choose now.", "%(num)s of them you cannot choose now.", closed
    )  # fmt: skip


def _letter(name: str) -> str:
    first = fold(name)[:1].upper()
    return first if first.isalpha() and first.isascii() else "#"


def _line(provider: Provider, context: Context) -> ProviderLine:
    statuses = [status_of(offer, provider.contracts, context.situation) for offer in provider.offers]
    living = [o for o, status in zip(provider.offers, statuses, strict=True) if status.is_open] or provider.offers
    names = sorted({context.arrangement(offer.arrangement).label for offer in living})
    return ProviderLine(
        name=provider.name,
        href=provider_link(provider, context).href,
        places=", ".join(place_names(provider.locations, context)[:4]),
        arrangements=", ".join(names),
        note="" if any(status.is_open for status in statuses) else gettext("cannot be chosen now"),
    )
