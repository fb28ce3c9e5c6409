"""Search with a family at the table, the list that comes of it, and its sheet. Nothing of it is stored.

The list stands in the address, notes stand in the browser. Search and sheet are those of the public site; what is added
here are the figures of their phase, and the turns in which the first results come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.accounts.access import current_visitor
from portal.accounts.models import Person
from portal.accounts.permissions import Permission
from portal.catalogue import queries as catalogue
from portal.catalogue.availability import ended_arrangements, status_of
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Offer, Provider
from portal.catalogue.presenters.common import Context, can_begin
from portal.catalogue.presenters.offer import gone_offer_page, offer_page
from portal.catalogue.presenters.provider import provider_page
from portal.catalogue.types import OfferStatus
from portal.catalogue.visitor import (
    current_facts,
    help_nearby,
    municipality_options,
    offer_at,
    offers_with_providers,
    page_context,
    provider_by_slug,
)
from portal.choosing.criteria import MOST_COMPARED, ListCriteria, Story
from portal.choosing.looking import look, told_of
from portal.choosing.presenters.common import address
from portal.choosing.presenters.compare import compare_page
from portal.choosing.presenters.listed import comparable
from portal.choosing.presenters.sheet import PAGE, printed_sheet
from portal.choosing.queries import offers_named
from portal.choosing.types import Sheet
from portal.core.access import asks
from portal.core.database import current_session, current_transaction
from portal.core.pages import Option
from portal.core.settings import current_settings
from portal.desks.conversation.criteria import Conversation
from portal.desks.conversation.forms import MunicipalityForm
from portal.desks.conversation.leads import COMPARE, LIST_PAGE, SEARCH, DeskLeads
from portal.desks.conversation.presenters import (
    FoundOffer,
    Remember,
    Team,
    list_page,
    own_first,
    remember,
    said_filters,
    search_page,
    shown_offer,
    team_of,
    ways_back,
)
from portal.desks.conversation.turns import in_turn, soonest_first
from portal.outcomes.models import Figure
from portal.outcomes.presenters import outcomes
from portal.outcomes.queries import figures_of_offer, figures_of_provider, figures_of_several
from portal.outcomes.rules import current_rules
from portal.outcomes.types import EVERYBODY, Viewer
from portal.outcomes.viewers import viewer_of
from portal.reviews.showing.presenters import experiences
from portal.reviews.showing.queries import told_about
from portal.search.answers import PAGE_SIZE
from portal.search.asking import Asked, ask
from portal.search.question import Question

blueprint = asks(Permission.REFERRER_DESK, Blueprint("conversation", __name__, url_prefix="/werkplek/verwijzer"))
FIRST = 12
"""So many are shown in turn: enough to choose from, and to be read together."""
LOOKED_AT = 60


@blueprint.get("/zoeken")
def search() -> str:
    """Three filters to a list: what it is about, the age, and where and how soon."""
    asked = _asked()
    if not asked.is_asked:
        context = page_context(asked.asked.get("gemeente"))
        page = search_page(
            asked, asked, _options(context), Question(), None, (), 1, _team(context), _remember(asked, context), context
        )  # fmt: skip
        return render_template("desks/conversation/search.html", page=page)
    answered = _ask(asked, PAGE_SIZE if asked.shows_all else LOOKED_AT)
    question, total = answered.found.question, answered.found.total
    case = replace(asked.with_said(said_filters(question, answered.context)), fitted=total)
    context = _at_desk(answered.context, case)
    offers: Sequence[Offer] = _found(answered)
    if not asked.shows_all:
        free = _found(_ask(asked, FIRST, only_free=True))
        offers = _soonest(offers, free, context) if asked.soonest_first else in_turn(offers, free, FIRST)
    pages = max(1, -(-total // PAGE_SIZE)) if asked.shows_all else 1
    page = search_page(
        asked, case, _options(context), question, total, _shown(offers, case, context), pages, _team(context),
        _remember(asked, context), context,
    )  # fmt: skip
    return render_template("desks/conversation/search.html", page=page)


@blueprint.post("/gemeente")
def remember_municipality() -> ResponseReturnValue:
    """Begin each search with this municipality from now on; back to the search as it was."""
    code = MunicipalityForm(request.form).municipality.data or ""
    with current_transaction() as session:
        person = session.get_one(Person, current_visitor().person.id)
        person.usual_municipality = code if code in current_facts().municipalities else ""
    return redirect(address(SEARCH, _asked().pairs))


@blueprint.get("/lijst")
def shortlist() -> str:
    """The list of this conversation, with room for notes that stay in the browser."""
    asked, visitor = _asked(), current_visitor()
    context = _at_desk(page_context(asked.asked.get("gemeente")), asked)
    offers = list(offers_named(current_session(), asked.keys).values())
    kinds = Counter(offer.arrangement for offer in offers if offer.arrangement)
    kind = asked.asked.get("arrangement") or next((kind for kind, _ in kinds.most_common(1)), "")
    page = list_page(
        asked, _shown(offers, asked, context), kind,
        sees_figures=visitor.may(Permission.PHASED_FIGURES),
        prints_figures=visitor.may(Permission.FIGURES_ON_PAPER),
        counts=visitor.may(Permission.RECORD_CHOICE),
    )  # fmt: skip
    return render_template("desks/conversation/shortlist.html", page=page)


@blueprint.get("/vergelijken")
def compare() -> str:
    """The list side by side, as families see it, with the figures of their phase marked so."""
    asked = _asked()
    criteria = ListCriteria.read(request.args, current_code_lists())
    looked = look(criteria.keys, criteria.family, _viewer())
    looked = replace(looked, view=replace(looked.view, context=_at_desk(looked.view.context, asked)))
    page = compare_page(
        looked, criteria, told_of(list(looked.subjects.values())),
        lambda other: address(COMPARE, replace(asked, keys=other.keys).pairs),
    )  # fmt: skip
    return render_template("desks/conversation/compare.html", page=page, ways_back=ways_back(asked))


@blueprint.get("/aanbieders/<slug>")
def provider(slug: str) -> ResponseReturnValue:
    """A provider as families see it, with all figures of their phase; a former address leads to the present one."""
    asked, session = _asked(), current_session()
    leads, found = DeskLeads(asked, current_code_lists()), _provider(slug)
    if found.slug != slug:
        return redirect(leads.provider(found.slug, None))
    context = _at_desk(page_context(asked.asked.get("gemeente")), asked)
    figures = figures_of_provider(session, found.id, _viewer())
    ended = ended_arrangements(found, context.situation) if figures else frozenset()
    return render_template(
        "desks/conversation/provider.html",
        page=provider_page(found, (), help_nearby(context), context),
        results=outcomes(figures, _viewer(), current_rules(), context, ended),
        told=experiences(
            told_about(session, found.id), lambda page: leads.stories(found.slug, page), request.args.get("pagina")
        ),
        ways_back=ways_back(asked),
        sees_more=current_visitor().may(Permission.PHASED_FIGURES),
    )


@blueprint.get("/aanbieders/<slug>/aanbod/<path:identifier>")
def offer(slug: str, identifier: str) -> ResponseReturnValue:
    """One offer as families see it, with the figures of their phase; 410 where it was withdrawn, and to its
    present address where another provider has it by now."""
    asked, session = _asked(), current_session()
    at = offer_at(slug, identifier) or abort(HTTPStatus.NOT_FOUND)
    if isinstance(at, str):
        return redirect(DeskLeads(asked, current_code_lists()).offer(at, identifier, None))
    found, chosen = at
    context = _at_desk(page_context(asked.asked.get("gemeente")), asked)
    if status_of(chosen, found.contracts, context.situation) is OfferStatus.WITHDRAWN:
        gone = gone_offer_page(chosen, found.successor or found, context)
        page = render_template("desks/conversation/offer_gone.html", page=gone, ways_back=ways_back(asked))
        return page, HTTPStatus.GONE
    methods = catalogue.methods_named(session, chosen.region_id, chosen.methods)
    return render_template(
        "desks/conversation/offer.html",
        page=offer_page(chosen, found, methods, (), help_nearby(context), context),
        results=outcomes(figures_of_offer(session, chosen, _viewer()), _viewer(), current_rules(), context),
        ways_back=ways_back(asked),
        sees_more=current_visitor().may(Permission.PHASED_FIGURES),
    )


@blueprint.get("/gespreksblad")
def sheet() -> ResponseReturnValue:
    """The sheet on paper: for the family with what everybody may know, for the worker with the figures of their phase,
    marked so. The code on either leads to the public list."""
    criteria, asked = ListCriteria.read(request.args, current_code_lists()), Conversation.read(request.args, "")
    is_record = criteria.sheet is Sheet.ACCESS_TEAM
    if is_record and not current_visitor().may(Permission.FIGURES_ON_PAPER):
        abort(HTTPStatus.FORBIDDEN)
    looked = look(criteria.keys, criteria.family, _viewer() if is_record else EVERYBODY)
    subjects = comparable(looked)
    if not subjects:  # an empty list: where one is made
        return redirect(address(LIST_PAGE, ()))
    lists, context = current_code_lists(), looked.view.context
    keys = tuple(("aanbod", key) for key in subjects)
    share = current_settings().base_url + address(PAGE, (*keys, *criteria.family.shared(lists)))
    page = printed_sheet(
        list(subjects.values())[:MOST_COMPARED], criteria, Story(), help_nearby(context), share, looked.view,
        with_all_figures=is_record, fitted=asked.fitted if is_record else None,
    )  # fmt: skip
    return render_template("desks/conversation/sheet.html", page=page, list_href=address(LIST_PAGE, asked.pairs))


def _asked() -> Conversation:
    return Conversation.read(request.args, _usual_place())


def _works_in() -> str:
    membership = current_visitor().membership
    return membership.municipality if membership else ""


def _usual_place() -> str:
    """The name of the municipality in which they work, or mostly search; empty for none."""
    usual = current_code_lists().municipalities.get(_works_in() or current_visitor().person.usual_municipality)
    return usual.name if usual else ""


def _options(context: Context) -> Sequence[Option]:
    return own_first(municipality_options(context), _usual_place())


def _remember(asked: Conversation, context: Context) -> Remember | None:
    return None if _works_in() else remember(asked, context, current_visitor().person.usual_municipality)


def _viewer() -> Viewer:
    return viewer_of(current_visitor().membership)


def _at_desk(context: Context, asked: Conversation) -> Context:
    return replace(context, leads=DeskLeads(asked, current_code_lists()))


def _team(context: Context) -> Team:
    is_own = context.situation.municipality is not None and context.situation.municipality == _works_in()
    return team_of(help_nearby(context), is_own=is_own)


def _provider(slug: str) -> Provider:
    """The provider that has, or had, this address, or the one into which it merged."""
    found = provider_by_slug(slug)
    if found is None:
        present = catalogue.present_slug(current_session(), slug) or abort(HTTPStatus.NOT_FOUND)
        found = provider_by_slug(present) or abort(HTTPStatus.NOT_FOUND)
    if found.successor is not None:
        found = provider_by_slug(found.successor.slug) or abort(HTTPStatus.NOT_FOUND)
    return found


def _ask(asked: Conversation, per_page: int, *, only_free: bool = False) -> Asked:
    """Ask search; freely accessible help is of no kind that is contracted."""
    told = {**asked.chosen, "pagina": str(asked.page) if asked.shows_all else "1"}
    if not asked.shows_all:  # what fits best is what the turns begin with
        told.pop("sorteer", None)
    if only_free:
        told = {name: value for name, value in told.items() if name != "arrangement"} | {"vrij": "ja"}
    return ask(MultiDict(told), per_page)


def _found(answered: Asked) -> list[Offer]:
    return offers_with_providers([hit.offer_id for hit in answered.found.hits])


def _soonest(offers: Sequence[Offer], free: Sequence[Offer], context: Context) -> Sequence[Offer]:
    """In turn those of each group who can begin soonest, and of all these the soonest on top."""

    def begins(offer: Offer) -> bool:
        return can_begin(offer, status_of(offer, offer.provider.contracts, context.situation))

    chosen = in_turn(soonest_first(offers, begins), soonest_first(free, begins), FIRST)
    return soonest_first(chosen, begins)


def _shown(offers: Sequence[Offer], asked: Conversation, context: Context) -> Sequence[FoundOffer]:
    """The offers with the figures of their phase; partners see what everybody sees."""
    rules = current_rules()
    by_help: dict[tuple[int, str], list[Figure]] = {}
    for figure in figures_of_several(current_session(), {offer.provider_id for offer in offers}, _viewer()):
        by_help.setdefault((figure.provider_id, figure.arrangement), []).append(figure)
    return [shown_offer(offer, _of(by_help, offer), asked, rules, context) for offer in offers]


def _of(by_help: Mapping[tuple[int, str], Sequence[Figure]], offer: Offer) -> Sequence[Figure]:
    return by_help.get((offer.provider_id, offer.arrangement or ""), ())
