"""Pages of choosing: offers side by side, the family's list with its sheet, and help to choose.

A form may be posted here where it holds what a family writes about its child: that must never stand in an address. It
is shown again in the answer, which no browser keeps, and is stored nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.criteria import LIST
from portal.catalogue.visitor import current_facts, help_nearby, municipality_options
from portal.choosing.criteria import WEIGHT, Family, ListCriteria, Story
from portal.choosing.looking import Found, cards_found, find, look, told_of, understood_of, view_of
from portal.choosing.presenters.common import address
from portal.choosing.presenters.compare import compare_page
from portal.choosing.presenters.helper import OUTCOME, SHOWN, helper_page, outcome_page
from portal.choosing.presenters.sheet import my_list_page
from portal.core import carried
from portal.core.access import Door, needs, public
from portal.core.links import link
from portal.core.settings import current_settings
from portal.search.asking import answer_to
from portal.search.presenters import filters_on, href
from portal.search.ways_on import WaysOn, ways_on

blueprint = public(Blueprint("choosing", __name__))
_SEVERAL = (LIST, "onderwerp")
"""Fields that these forms may send more than once."""
_SEARCHES = {"/zoeken": "search.results", "/keuzehulp/uitkomst": OUTCOME}
MOST_PARAMETERS = 60


@blueprint.get("/vergelijken")
def compare() -> str:
    """Two to four offers side by side."""
    criteria = ListCriteria.read(request.args, current_code_lists())
    looked = look(criteria.keys, criteria.family)
    page = compare_page(looked, criteria, told_of(list(looked.subjects.values())))
    return render_template("choosing/compare.html", page=page)


@blueprint.route("/mijn-lijst", methods=["GET", "POST"])
@needs(Door.PUBLIC, repeated=_SEVERAL)
def my_list() -> Response:
    """The family's list, and the sheet for the conversation."""
    told, story = _told()
    before = _search_before()
    criteria = ListCriteria.read(told, current_code_lists())
    if before is not None:
        criteria = replace(criteria, family=criteria.family.completed_by(before.family))
    looked = look(criteria.keys, criteria.family)
    context = looked.view.context
    page = my_list_page(
        looked, criteria, story, help_nearby(context), municipality_options(context), told.get("postcode", ""),
        before.href(criteria.family) if before else "", current_settings().base_url,
    )  # fmt: skip
    return _answered("choosing/my_list.html", page)


@blueprint.route("/keuzehulp", methods=["GET", "POST"])
@needs(Door.PUBLIC, repeated=_SEVERAL)
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
@needs(Door.PUBLIC, repeated=_SEVERAL)
def outcome() -> ResponseReturnValue:
    """What fits the answers. Where nothing was written about the child, it has an address of its own."""
    lists = current_code_lists()
    told, story = _told()
    given = Family.read(told, lists)
    show_all = told.get("alle") == "ja"
    if request.method == "POST" and _is_misread(told, given):
        return helper()
    if request.method == "POST" and not story:
        pairs = given.parameters(lists)
        return redirect(address(OUTCOME, (*pairs, ("alle", "ja")) if show_all else pairs), HTTPStatus.SEE_OTHER)
    found = find(given)
    context = found.view.context
    cards = cards_found(found, None if show_all else SHOWN)
    page = outcome_page(found, story, cards, show_all, _ways_on(found), help_nearby(context))
    return _answered("choosing/outcome.html", page)


def _ways_on(found: Found) -> WaysOn | None:
    context = found.view.context
    return ways_on(
        found.criteria,
        found.answer,
        filters_on(found.criteria, context),
        current_facts().municipalities,
        lambda other: answer_to(other, found.answer.question),
        lambda other: href(other, context),
        context,
    )


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


@dataclass(frozen=True, slots=True)
class _SearchBefore:
    """The page of results from which a visitor came."""

    endpoint: str
    asked: MultiDict[str, str]

    @property
    def family(self) -> Family:
        """What that page knew of the family: a star without script carries the municipality only."""
        return understood_of(Family.read(self.asked, current_code_lists()))

    def href(self, family: Family) -> str:
        """The way back to it, with the list as it is now and what counts for the family."""
        path = link(self.endpoint).partition("?")[0]
        asked = [pair for pair in self.asked.items(multi=True) if not pair[0].startswith(WEIGHT)]
        return f"{path}?{urlencode([*asked, *family.weights(), *carried.parameters()])}"


def _search_before() -> _SearchBefore | None:
    """The page of results from which a visitor saved an offer; None where it was another page.

    The browser tells it to us alone (`Referrer-Policy`), and only its path and parameters are used.
    """
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:  # no address at all
        return None
    if before.netloc != request.host or before.path not in _SEARCHES:
        return None
    asked = [pair for pair in parse_qsl(before.query)[:MOST_PARAMETERS] if pair[0] not in (LIST, "lang")]
    return _SearchBefore(_SEARCHES[before.path], MultiDict(asked))
