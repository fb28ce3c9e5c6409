"""The home page."""

from __future__ import annotations

from dataclasses import dataclass

from portal.catalogue.codelists import Route
from portal.catalogue.presenters.common import Context
from portal.catalogue.queries import FAMILY_HOME, CatalogueSize
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.pages import Link, Option


@dataclass(frozen=True, slots=True)
class HomePage:
    """The home page."""

    region_name: str
    municipalities: tuple[Option, ...]
    topics: tuple[Link, ...]
    """The main groups of worries, each leading to `/zoeken?onderwerp=…`."""
    arrangements: tuple[Link, ...]
    """The kinds of help, each leading to `/zoeken?arrangement=…`."""
    summary: str
    """"219 aanbieders, met samen 567 vormen van hulp."; empty before the first import."""


def home_page(region_name: str, municipalities: tuple[Option, ...], size: CatalogueSize, context: Context) -> HomePage:
    """The home page for a catalogue of this size."""
    lists = context.code_lists
    return HomePage(
        region_name=region_name,
        municipalities=municipalities,
        topics=tuple(_topic_link(code, context) for code, topic in lists.topics.items() if topic.parent is None),
        arrangements=tuple(
            arrangement_link(code, context)
            for code, arrangement in lists.arrangements.items()
            if arrangement.route is Route.CHOICE
        ),
        summary=_summary(size),
    )


def _topic_link(code: str, context: Context) -> Link:
    label = context.code_lists.label("topics", code, context.language)
    return Link(label.label, link("search.results", onderwerp=code), label.explanation)


def arrangement_link(code: str, context: Context) -> Link:
    """A kind of help, leading to its offers; family homes have an overview of their own."""
    term = context.arrangement(code)
    href = link("catalogue.family_homes") if code == FAMILY_HOME else link("search.results", arrangement=code)
    return Link(term.label, href, term.explanation)


def _summary(size: CatalogueSize) -> str:
    if size.providers == 0:
        return ""
    offers = ngettext("%(num)s form of help", "%(num)s forms of help", size.offers)
    return ngettext(
        "%(num)s provider, with %(offers)s.", "%(num)s providers, with %(offers)s together.", size.providers,
        offers=offers,
    ) + " " + gettext("Nobody can pay for a place.")  # fmt: skip
