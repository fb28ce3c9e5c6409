"""Figures for access teams and referrers, on their desk. Public pages never show these: they look at no sign-in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.criteria import LIST
from portal.catalogue.visitor import page_context
from portal.choosing.criteria import MOST_COMPARED, Pairs, read_list
from portal.choosing.presenters.common import address
from portal.choosing.queries import offers_named
from portal.core.access import asks
from portal.core.database import current_session
from portal.desks.conversation.criteria import Conversation
from portal.desks.figure_views import add_figure_views
from portal.desks.phased_figures.presenters import compare_page
from portal.outcomes import queries
from portal.outcomes.types import Viewer
from portal.outcomes.viewers import viewer_of

blueprint = asks(
    Permission.PHASED_FIGURES, Blueprint("phased_figures", __name__, url_prefix="/werkplek/verwijzer/cijfers")
)


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Where the search with figures was; it stands on the page on which a list is made now."""
    return redirect(address("conversation.search", _carried()))


@blueprint.get("/aanbieders/<slug>")
def provider(slug: str) -> ResponseReturnValue:
    """Where the figures of a provider were; they stand on its page at the desk now."""
    return redirect(_provider_href(slug))


@blueprint.get("/vergelijken")
def compare() -> str:
    """Figures of two to four offers side by side, a table for each kind of help."""
    session, viewer = current_session(), _viewer()
    offers = list(offers_named(session, read_list(request.args.getlist(LIST))).values())[:MOST_COMPARED]
    figures = {offer.provider_id: queries.figures_of_provider(session, offer.provider_id, viewer) for offer in offers}
    page = compare_page(offers, figures, _carried(), page_context())
    return render_template("desks/figures/phased_compare.html", page=page)


def _viewer() -> Viewer:
    return viewer_of(current_visitor().membership)


def _carried() -> Pairs:
    """The search and the list with which somebody came here, for the way back."""
    return Conversation.read(request.args, "").pairs


def _provider_href(slug: str) -> str:
    return address("conversation.provider", _carried(), slug=slug)


add_figure_views(blueprint, _viewer, lambda one: _provider_href(one.provider.slug), _carried)
