"""The page of results."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.presenters.common import Context, OfferCard
from portal.catalogue.visitor import (
    cards_of,
    current_facts,
    help_nearby,
    municipality_options,
    page_context,
)
from portal.core.database import current_session
from portal.search import queries
from portal.search.answers import Answer
from portal.search.criteria import Criteria
from portal.search.engine import Engine, current_engine
from portal.search.presenters import results_page, why_found

blueprint = Blueprint("search", __name__)


@blueprint.get("/zoeken")
def results() -> str:
    """Results with filters; every state of the page is in its address."""
    lists, session, engine = current_code_lists(), current_session(), current_engine()
    asked = Criteria.read(request.args, lists)
    question = engine.question(asked.q, current_facts().municipalities)
    criteria = asked.completed(question)
    context = page_context(criteria.municipality)
    revision = current_facts().revision
    found = engine.answer(session, criteria, question, context.situation, revision)
    if found is None:
        found = replace(queries.answer(session, criteria, lists, context.situation), question=question)
    page = results_page(
        criteria, found, _cards(found, engine, context), municipality_options(context), help_nearby(context),
        _typed_age(criteria), context,
    )  # fmt: skip
    return render_template("search/results.html", page=page)


def _typed_age(criteria: Criteria) -> str:
    """What stands in the age field: what was typed there, else the age that the question names."""
    typed = request.args.get("leeftijd", "")
    named = "" if criteria.age is None else str(criteria.age)
    return named if typed in ("", "alle") else typed


def _cards(found: Answer, engine: Engine, context: Context) -> tuple[OfferCard, ...]:
    cards = []
    for hit, (offer, card) in zip(found.hits, cards_of([hit.offer_id for hit in found.hits], context), strict=True):
        cards.append(why_found(card, offer.description, hit, found.question, engine.understander, context))
    return tuple(cards)
