"""Pages of choosing: offers side by side, the family's list with its sheet, and help to choose.

A form may be posted here where it holds what a family writes about its child: that must never stand in an address. It
is shown again in the answer, which no browser keeps, and is stored nowhere.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.criteria import LIST
from portal.catalogue.visitor import cards_of, current_facts, help_nearby, municipality_options
from portal.choosing.criteria import Family, ListCriteria, Story
from portal.choosing.looking import look, subjects_of, view_of
from portal.choosing.presenters.common import address
from portal.choosing.presenters.compare import compare_page
from portal.choosing.presenters.helper import MOST_SEEN, OUTCOME, SHOWN, helper_page, ordered, outcome_page
from portal.choosing.presenters.sheet import my_list_page
from portal.core import carried, clock
from portal.core.database import current_session
from portal.core.links import link
from portal.core.origin import refuse_foreign_forms
from portal.core.settings import current_settings
from portal.search.answers import FEW
from portal.search.asking import answer_to
from portal.search.criteria import Criteria
from portal.search.engine import current_engine
from portal.search.presenters import filters_on, how_far, href, why_found
from portal.search.ways_on import ways_on

blueprint = Blueprint("choosing", __name__)
blueprint.before_request(refuse_foreign_forms)
_SEARCHES = {"/zoeken": "search.results", "/keuzehulp/uitkomst": OUTCOME}
MOST_PARAMETERS = 60


@blueprint.get("/vergelijken")
def compare() -> str:
    """Two to four offers side by side."""
    criteria = ListCriteria.read(request.args, current_code_lists())
    page = compare_page(look(criteria.keys, criteria.family), criteria)
    return render_template("choosing/compare.html", page=page)


@blueprint.route("/mijn-lijst", methods=["GET", "POST"])
def my_list() -> Response:
    """The family's list, and the sheet for the conversation."""
    told, story = _told()
    criteria = ListCriteria.read(told, current_code_lists())
    looked = look(criteria.keys, criteria.family)
    context = looked.view.context
    page = my_list_page(
        looked, criteria, story, help_nearby(context), municipality_options(context), _search_before(),
        current_settings().base_url,
    )  # fmt: skip
    return _answered("choosing/my_list.html", page)


@blueprint.route("/keuzehulp", methods=["GET", "POST"])
def helper() -> Response:
    """Seven questions, one a screen; nothing is sent before the last."""
    told, story = _told()
    family = Family.read(told, current_code_lists())
    view = view_of(family)
    page = helper_page(
        family, story, told.get("leeftijd", ""), told.get("postcode", ""), municipality_options(view.context), view
    )  # fmt: skip
    return _answered("choosing/helper.html", page)


@blueprint.route("/keuzehulp/uitkomst", methods=["GET", "POST"])
def outcome() -> ResponseReturnValue:
    """What fits the answers. Where nothing was written about the child, it has an address of its own."""
    lists, engine, facts = current_code_lists(), current_engine(), current_facts()
    told, story = _told()
    given = Family.read(told, lists)
    show_all = told.get("alle") == "ja"
    if request.method == "POST" and _is_misread(told, given):
        return helper()
    if request.method == "POST" and not story:
        pairs = (*given.parameters(lists), *((("alle", "ja"),) if show_all else ()))
        return redirect(address(OUTCOME, pairs), HTTPStatus.SEE_OTHER)
    engine.catalogue(current_session(), facts.revision, clock.today())  # so that the question may name a provider
    question = engine.question(given.q, facts.municipalities)
    family = given.completed(question)
    criteria = Criteria(
        q=family.q, municipality=family.municipality, postcode=family.postcode, age=family.age, gender=family.gender,
        topics=family.topics, per_page=MOST_SEEN,
    )  # fmt: skip
    answer = answer_to(criteria, question)
    if family.topics and family.q and answer.total < FEW:
        # Help that only holds the words of the question is better than hardly any.
        criteria = replace(criteria, topics=())
        answer = answer_to(criteria, question)
    view = view_of(family)
    context = view.context
    seen = {offer.id: (offer, card) for offer, card in cards_of([hit.offer_id for hit in answer.hits], context)}
    hit_of = {hit.offer_id: hit for hit in answer.hits}
    ranked = ordered(subjects_of([offer for offer, _ in seen.values()], view), view)
    cards = []
    for subject, _ in ranked if show_all else ranked[:SHOWN]:
        offer, card = seen[subject.offer.id]
        hit = hit_of[offer.id]
        told_why = why_found(card, offer.description, hit, question, engine.understander, context)
        cards.append(how_far(told_why, offer, hit, answer.place))
    ways = ways_on(
        criteria, answer, filters_on(criteria, context), facts.municipalities,
        lambda other: answer_to(other, question), lambda other: href(other, context), context,
    )  # fmt: skip
    page = outcome_page(family, story, answer, ranked, cards, show_all, ways, help_nearby(context), view)
    return _answered("choosing/outcome.html", page)


def _is_misread(told: MultiDict[str, str], read: Family) -> bool:
    """Whether a field holds what is no age or postcode: then its question is asked again, with what was typed."""
    fields = ((told.get("leeftijd", ""), read.age), (told.get("postcode", ""), read.postcode))
    return any(typed.strip() and value is None for typed, value in fields)


def _told() -> tuple[MultiDict[str, str], Story]:
    """What was asked, and what the family wrote: from the body of a form only, also where it stands in an address."""
    if request.method == "POST":
        return request.form, Story.read(request.form)
    return request.args, Story()


def _answered(template: str, page: object) -> Response:
    response = make_response(render_template(template, page=page))
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def _search_before() -> str:
    """The page of results from which a visitor saved an offer, with the list as it is now; empty for none.

    The browser tells it to us alone (`Referrer-Policy`), and only its path and parameters are used.
    """
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host or before.path not in _SEARCHES:
        return ""
    asked = [pair for pair in parse_qsl(before.query)[:MOST_PARAMETERS] if pair[0] not in (LIST, "lang")]
    path = link(_SEARCHES[before.path]).partition("?")[0]
    return f"{path}?{urlencode([*asked, *carried.parameters()])}"
