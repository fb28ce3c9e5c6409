"""Search with a family at the table, the list that comes of it, and its sheet. Nothing of it is stored.

The list stands in the address, notes stand in the browser. Search and sheet are those of the public site; what is added
here are the figures of their phase, and the turns in which the first results come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Offer
from portal.catalogue.presenters.common import Context
from portal.catalogue.visitor import help_nearby, municipality_options, offers_with_providers, page_context
from portal.choosing.criteria import MOST_COMPARED, ListCriteria, Story
from portal.choosing.looking import look
from portal.choosing.presenters.common import address
from portal.choosing.presenters.listed import comparable
from portal.choosing.presenters.sheet import PAGE, printed_sheet
from portal.choosing.queries import offers_named
from portal.core.access import asks, needs
from portal.core.database import current_session
from portal.core.links import link
from portal.core.settings import current_settings
from portal.desks.conversation.criteria import ALL_MUNICIPALITIES, Conversation
from portal.desks.conversation.presenters import LIST_PAGE, FoundOffer, list_page, search_page, shown_offer
from portal.desks.conversation.turns import in_turn
from portal.outcomes.models import Figure
from portal.outcomes.queries import figures_of_several
from portal.outcomes.rules import current_rules
from portal.outcomes.viewers import viewer_of
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
        page = search_page(asked, municipality_options(context), Question(), None, (), 1, context)
        return render_template("desks/conversation/search.html", page=page)
    answered = _ask(asked, PAGE_SIZE if asked.shows_all else LOOKED_AT)
    offers: Sequence[Offer] = _found(answered)
    if not asked.shows_all:
        offers = in_turn(offers, _found(_ask(asked, FIRST, only_free=True)), FIRST)
    context, total = answered.context, answered.found.total
    pages = max(1, -(-total // PAGE_SIZE)) if asked.shows_all else 1
    page = search_page(
        asked, municipality_options(context), answered.found.question, total, _shown(offers, asked, context), pages,
        context,
    )  # fmt: skip
    return render_template("desks/conversation/search.html", page=page)


@blueprint.get("/lijst")
def shortlist() -> str:
    """The list of this conversation, with room for notes that stay in the browser."""
    asked, visitor = _asked(), current_visitor()
    context = page_context(asked.asked.get("gemeente"))
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


@blueprint.get("/gespreksblad")
@needs(Permission.FIGURES_ON_PAPER)
def sheet() -> ResponseReturnValue:
    """The sheet on paper, with the figures of their phase, marked so. The code on it leads to the public list."""
    criteria, asked = ListCriteria.read(request.args, current_code_lists()), Conversation.read(request.args, "")
    looked = look(criteria.keys, criteria.family, viewer_of(current_visitor().membership))
    subjects = comparable(looked)
    if not subjects:  # an empty list: where one is made
        return redirect(address(LIST_PAGE, ()))
    lists, context = current_code_lists(), looked.view.context
    keys = tuple(("aanbod", key) for key in subjects)
    share = current_settings().base_url + address(PAGE, (*keys, *criteria.family.shared(lists)))
    page = printed_sheet(
        list(subjects.values())[:MOST_COMPARED], criteria, Story(), help_nearby(context), share, looked.view,
        with_all_figures=True, fitted=asked.fitted,
    )  # fmt: skip
    return render_template("desks/conversation/sheet.html", page=page, list_href=address(LIST_PAGE, asked.pairs))


def _asked() -> Conversation:
    membership = current_visitor().membership
    own = current_code_lists().municipalities.get(membership.municipality) if membership else None
    return Conversation.read(request.args, own.name if own else "")


def _ask(asked: Conversation, per_page: int, *, only_free: bool = False) -> Asked:
    """Ask search; freely accessible help is of no kind that is contracted."""
    told = {**asked.asked, "pagina": str(asked.page) if asked.shows_all else "1"}
    if told.get("gemeente") == ALL_MUNICIPALITIES:
        del told["gemeente"]
    if only_free:
        told = {name: value for name, value in told.items() if name != "arrangement"} | {"vrij": "ja"}
    return ask(MultiDict(told), per_page)


def _found(answered: Asked) -> list[Offer]:
    return offers_with_providers([hit.offer_id for hit in answered.found.hits])


def _shown(offers: Sequence[Offer], asked: Conversation, context: Context) -> Sequence[FoundOffer]:
    """The offers with the figures of their phase; partners see what everybody sees."""
    visitor, rules = current_visitor(), current_rules()
    viewer, sees_figures = viewer_of(visitor.membership), visitor.may(Permission.PHASED_FIGURES)
    by_help: dict[tuple[int, str], list[Figure]] = {}
    for figure in figures_of_several(current_session(), {offer.provider_id for offer in offers}, viewer):
        by_help.setdefault((figure.provider_id, figure.arrangement), []).append(figure)

    def href(offer: Offer) -> str:
        slug = offer.provider.slug
        if sees_figures:
            return address("phased_figures.provider", asked.pairs, slug=slug)
        return link("catalogue.provider", slug=slug)

    return [
        shown_offer(
            offer, _of(by_help, offer), asked, href(offer), rules, context
        )
        for offer in offers
    ]  # fmt: skip


def _of(by_help: Mapping[tuple[int, str], Sequence[Figure]], offer: Offer) -> Sequence[Figure]:
    return by_help.get((offer.provider_id, offer.arrangement or ""), ())
