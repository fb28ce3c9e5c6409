"""The page of results."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, render_template, request

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.presenters.common import provider_link
from portal.catalogue.presenters.region_map import RegionMap, region_map
from portal.catalogue.queries import open_providers, providers_with
from portal.catalogue.visitor import (
    current_facts,
    help_nearby,
    offers_with_providers,
    page_context,
    region_drawing,
)
from portal.core.access import public
from portal.core.database import current_session
from portal.core.finished_pages import do_not_keep
from portal.core.languages import ngettext
from portal.core.pages import Link
from portal.search.answers import FEW
from portal.search.asking import Asked, answer_to, ask, last_page
from portal.search.cards import ResultCard, result_cards
from portal.search.criteria import TAKEN_OFF, Criteria
from portal.search.engine import current_engine
from portal.search.presenters import (
    MOST_ON_MAP,
    filters_on,
    href,
    on_map,
    results_page,
    suggested,
)
from portal.search.suggestions import current_suggester
from portal.search.ways_on import WaysOn, ways_on
from portal.search.white_spots.counter import current_counter, current_found_counter
from portal.search.white_spots.noticing import found_by, spots_of

blueprint = public(Blueprint("search", __name__))
MOST_MISSING = 3


@blueprint.get("/zoeken")
def results() -> str:
    """Results with filters; every state of the page is in its address."""
    is_map = request.args.get("kaart") == "ja"
    asked = ask(request.args, MOST_ON_MAP) if is_map else ask(request.args)
    if asked.found.total and not asked.found.hits:
        asked = last_page(asked)
    if asked.found.is_behind or not asked.found.from_index:
        do_not_keep()
    if request.method == "GET":
        spots = spots_of(asked.criteria, asked.found, current_code_lists())
        current_counter().note(spots, asked.context.today)
        led = found_by(asked.criteria, asked.found, current_engine().understander.speller.knows)
        current_found_counter().note(led, asked.context.today)
    page = results_page(
        asked.criteria, asked.found, () if is_map else _cards(asked), _map(asked) if is_map else None,
        help_nearby(asked.context), _typed_age(asked.criteria),
        _typed_postcode(asked.criteria), _ways_on(asked), _not_among(asked), asked.context,
    )  # fmt: skip
    return render_template("search/results.html", page=page)


@blueprint.get("/zoeken/suggesties")
def suggestions() -> Response:
    """What may be meant by what was typed so far, for the script of the search box.

    The browser does not keep it: what somebody typed and wiped out must not be found on a shared computer.
    """
    facts, context = current_facts(), page_context()
    found = current_suggester().suggest(
        request.args.get("q", ""),
        context.language,
        facts.revision,
        context.today,
        lambda: open_providers(current_session(), context.situation),
    )
    answer = jsonify([asdict(suggested(suggestion, context)) for suggestion in found])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _ways_on(asked: Asked) -> WaysOn | None:
    if asked.found.total >= FEW:
        return None
    return ways_on(
        asked.criteria,
        asked.found,
        filters_on(asked.criteria, asked.context),
        current_facts().municipalities,
        lambda other: answer_to(other, asked.found.question),
        lambda other: href(other, asked.context),
        asked.context,
    )


def _not_among(asked: Asked) -> tuple[Link, ...]:
    """The pages of providers that the question names, and that cannot be chosen with these filters."""
    missing = asked.found.not_among[:MOST_MISSING]
    providers = providers_with(current_session(), missing) if missing else ()
    return tuple(provider_link(provider, asked.context) for provider in providers)


def _typed_age(criteria: Criteria) -> str:
    """What stands in the age field: what was typed there, else the age that the question names."""
    typed = request.args.get("leeftijd", "")
    named = "" if criteria.age is None else str(criteria.age)
    return named if typed in ("", "alle") else typed


def _typed_postcode(criteria: Criteria) -> str:
    """What stands in the postcode field: what was typed there, else the postcode that the question names."""
    typed = request.args.get("postcode", "")
    return criteria.postcode or "" if typed in ("", TAKEN_OFF) else typed


def _map(asked: Asked) -> RegionMap | None:
    """What was found, on the map; None where nothing was."""
    found, context = asked.found, asked.context
    if not found.hits:
        return None
    return region_map(
        [on_map(offer, context) for offer in offers_with_providers([hit.offer_id for hit in found.hits])],
        lambda number: ngettext("%(num)s provider", "%(num)s providers", number),
        region_drawing(), found.place, asked.criteria.within_km, context,
    )  # fmt: skip


def _cards(asked: Asked) -> tuple[ResultCard, ...]:
    found = asked.found
    return tuple(result_cards(found.hits, found.question, found.place, asked.context).values())
