"""What a page knows of its visitor: the day, the language, and the municipality that the address names."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import TypeVar, cast

from flask import current_app, g, has_request_context, request

from portal.catalogue import boundaries, queries
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.criteria import read_municipality
from portal.catalogue.drawing import Drawing, draw
from portal.catalogue.edits.live import current_lists
from portal.catalogue.models import Offer, Provider
from portal.catalogue.presenters import common
from portal.catalogue.presenters.common import Context, MunicipalityHelp
from portal.catalogue.queries import CatalogueSize, RegionFacts
from portal.core import clock, languages
from portal.core.carried import carried
from portal.core.database import current_database, current_session
from portal.core.pages import Option
from portal.core.remembered import Remembered
from portal.core.settings import current_settings
from portal.core.snapshots import snapshot

T = TypeVar("T")
LIGHTER_HELP_SHOWN = 6
MOST_REMEMBERED = 3_000
"""Whole providers among them, as snapshots, which take some 10 kB each."""


REVISION_AND_EDITION = "portal.revision_and_edition"
"""Where these two stand in the environment of a request for which they were asked of the database before."""


def current_revision() -> int:
    """The catalogue's revision; asked of the database once a request."""
    if "catalogue_revision" not in g:
        asked = request.environ.get(REVISION_AND_EDITION) if has_request_context() else None
        g.catalogue_revision, edition = asked or queries.revision_and_edition(current_database().engine)
        current_lists().see(edition)
    return cast(int, g.catalogue_revision)


def current_facts() -> RegionFacts:
    """What holds for all pages now."""
    if "region_facts" not in g:
        g.region_facts = queries.region_facts(current_session(), current_code_lists(), current_revision())
    return cast(RegionFacts, g.region_facts)


def page_context(municipality: str | None = None) -> Context:
    """What presenters need to know, with the municipality that the visitor named (a name or CBS code)."""
    lists, settings = current_code_lists(), current_settings()
    code = read_municipality(municipality, lists)
    facts = current_facts()
    return Context(
        facts.situation(lists, clock.today(), code),
        lists,
        languages.chosen(),
        settings.stale_after_days,
        settings.stale_waiting_after_days,
        facts.crisis_line,
        facts.shared_identifiers,
    )


def municipality_options(context: Context) -> tuple[Option, ...]:
    """The municipalities of our regions, the visitor's own selected."""
    return common.municipality_options(current_facts().municipalities, context.situation.municipality, context)


def catalogue_size(context: Context) -> CatalogueSize:
    """How much help can be chosen today; counted once a revision."""
    return _remembered().recall(
        current_revision(),
        ("size", context.today),
        lambda: queries.catalogue_size(current_session(), context.situation),
    )


def provider_by_slug(slug: str) -> Provider | None:
    """The provider at this address, read once a revision; pages are made anew from it."""
    revision, key = current_facts().revision, ("provider", slug)
    found = _remembered().recall(revision, key, lambda: _read_provider(slug))
    if found is None:
        _remembered().forget(key)  # anybody can make up addresses
    return found


def _read_provider(slug: str) -> Provider | None:
    found = queries.provider_by_slug(current_session(), slug)
    return None if found is None else snapshot(found)


def offer_at(slug: str, identifier: str) -> tuple[Provider, Offer] | str | None:
    """The offer at this address, with the provider that it stands with; the slug under which it is now; else None."""
    found = provider_by_slug(slug)
    if found is None:
        return queries.present_slug(current_session(), slug)
    chosen = next((offer for offer in found.offers if offer.identifier == identifier), None)
    if chosen is None:
        return queries.owner_of_offer(current_session(), found.region_id, identifier)
    return found, chosen


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` says under this key of the present revision; made once by each process."""
    return remembering()(key, make)


def remembering() -> Callable[[Hashable, Callable[[], T]], T]:
    """As `remembered`, for who asks several times."""
    known, revision = _remembered(), current_facts().revision
    return lambda key, make: known.recall(revision, key, make)


def offers_with_providers(offer_ids: Sequence[int]) -> list[Offer]:
    """These offers in the order of their ids, ready for cards; each read once a revision."""

    def read(missing: list[tuple[str, int]]) -> dict[tuple[str, int], Offer]:
        offers = queries.offers_with_providers(current_session(), [offer_id for _, offer_id in missing])
        return {("offer", offer.id): snapshot(offer) for offer in offers}

    return _remembered().recall_many(current_facts().revision, [("offer", i) for i in offer_ids], read)


def help_nearby(context: Context) -> MunicipalityHelp | None:
    """Whom a family can turn to in the visitor's own municipality, if one was named."""
    code = context.situation.municipality
    if code is None:
        return None
    if carried():
        return _read_help(code, context)
    key = (code, context.today, context.language)
    return _remembered().recall(current_facts().revision, key, lambda: _read_help(code, context))


def region_drawing() -> Drawing:
    """The map of our municipalities; drawn anew when the catalogue changed, or other boundaries were loaded."""
    folder = current_settings().data_dir
    facts, key = current_facts(), ("drawing", *boundaries.stamp(folder))
    return _remembered().recall(facts.revision, key, lambda: _draw(facts, folder))


def _draw(facts: RegionFacts, folder: Path) -> Drawing:
    known = {code: current_code_lists().municipalities[code] for code in facts.municipalities}
    regions = boundaries.stored_boundaries(folder, "youth_regions").areas
    ours = {code for code in facts.youth_regions.values() if code in regions}
    return draw(
        {code: municipality.point for code, municipality in known.items()},
        {code: municipality.name for code, municipality in known.items()},
        boundaries.stored_boundaries(folder, "municipalities").areas,
        [regions[code] for code in sorted(filter(None, ours))],
    )


def _read_help(code: str, context: Context) -> MunicipalityHelp:
    session = current_session()
    return common.municipality_help(
        context.municipality(code),
        queries.access_points(session, code),
        queries.lighter_help(session, context.situation, LIGHTER_HELP_SHOWN),
    )


def _remembered() -> Remembered:
    """This application's memory of what the catalogue says; made at first use."""
    return cast(Remembered, current_app.extensions.setdefault("portal.remembered", Remembered(MOST_REMEMBERED)))
