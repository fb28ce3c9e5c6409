"""The page of results."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from portal.catalogue.availability import status_of
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.presenters.common import offer_card
from portal.catalogue.queries import offers_with_providers
from portal.catalogue.visitor import help_nearby, municipality_options, page_context
from portal.core.database import current_session
from portal.search.criteria import Criteria
from portal.search.presenters import results_page
from portal.search.queries import answer

blueprint = Blueprint("search", __name__)


@blueprint.get("/zoeken")
def results() -> str:
    """Results with filters; every state of the page is in its address."""
    lists, session = current_code_lists(), current_session()
    criteria = Criteria.read(request.args, lists)
    context = page_context(request.args.get("gemeente"))
    found = answer(session, criteria, lists, context.situation)
    offers = offers_with_providers(session, [hit.offer_id for hit in found.hits])
    cards = tuple(
        offer_card(offer, offer.provider, status_of(offer, offer.provider.contracts, context.situation), context)
        for offer in offers
    )
    page = results_page(
        criteria, found, cards, municipality_options(context), help_nearby(context),
        request.args.get("leeftijd", ""), context,
    )  # fmt: skip
    return render_template("search/results.html", page=page)
