"""The page of results."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, render_template, request

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.presenters.common import OfferCard
from portal.catalogue.queries import open_providers
from portal.catalogue.visitor import cards_of, current_facts, help_nearby, municipality_options, page_context
from portal.core.access import public
from portal.core.database import current_session
from portal.core.finished_pages import do_not_keep
from portal.search.asking import Asked, answer_to, ask
from portal.search.criteria import TAKEN_OFF, Criteria
from portal.search.engine import current_engine
from portal.search.presenters import filters_on, how_far, href, results_page, suggested, why_found
from portal.search.suggestions import current_suggester
from portal.search.ways_on import WaysOn, ways_on
from portal.search.white_spots.counter import current_counter
from portal.search.white_spots.noticing import spots_of

blueprint = public(Blueprint("search", __name__))


@blueprint.get("/zoeken")
def results() -> str:
    """Results with filters; every state of the page is in its address."""
    asked = ask(request.args)
    if asked.found.is_behind or not asked.found.from_index:
        do_not_keep()
    if request.method == "GET":
        spots = spots_of(asked.criteria, asked.found, current_code_lists())
        current_counter().note(spots, asked.context.today)
    page = results_page(
        asked.criteria, asked.found, _cards(asked), municipality_options(asked.context), help_nearby(asked.context),
        _typed_age(asked.criteria), _typed_postcode(asked.criteria), _ways_on(asked), asked.context,
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
    return ways_on(
        asked.criteria,
        asked.found,
        filters_on(asked.criteria, asked.context),
        current_facts().municipalities,
        lambda other: answer_to(other, asked.found.question),
        lambda other: href(other, asked.context),
        asked.context,
    )


def _typed_age(criteria: Criteria) -> str:
    """What stands in the age field: what was typed there, else the age that the question names."""
    typed = request.args.get("leeftijd", "")
    named = "" if criteria.age is None else str(criteria.age)
    return named if typed in ("", "alle") else typed


def _typed_postcode(criteria: Criteria) -> str:
    """What stands in the postcode field: what was typed there, else the postcode that the question names."""
    typed = request.args.get("postcode", "")
    return criteria.postcode or "" if typed in ("", TAKEN_OFF) else typed


def _cards(asked: Asked) -> tuple[OfferCard, ...]:
    found, context, understander = asked.found, asked.context, current_engine().understander
    cards = cards_of([hit.offer_id for hit in found.hits], context)
    return tuple(
        how_far(why_found(card, offer.description, hit, found.question, understander, context), offer, hit, found.place)
        for hit, (offer, card) in zip(found.hits, cards, strict=True)
    )
