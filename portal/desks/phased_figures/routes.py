"""Figures for access teams and referrers, on their desk. Public pages never show these: they look at no sign-in."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue import queries as catalogue
from portal.catalogue.criteria import LIST
from portal.catalogue.visitor import page_context, provider_by_slug
from portal.choosing.criteria import MOST_COMPARED, Pairs, read_list
from portal.choosing.presenters.common import address
from portal.choosing.queries import offers_named
from portal.core.access import asks
from portal.core.database import current_session
from portal.core.links import link
from portal.desks.conversation.criteria import Conversation
from portal.desks.figure_views import add_figure_views
from portal.desks.phased_figures.presenters import compare_page
from portal.outcomes import queries
from portal.outcomes.presenters import outcomes
from portal.outcomes.rules import current_rules
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
    """All figures of a provider that they may see; a former address leads to the present one."""
    found = provider_by_slug(slug)
    if found is None:
        present = catalogue.present_slug(current_session(), slug) or abort(HTTPStatus.NOT_FOUND)
        return redirect(_provider_href(present))
    if found.successor is not None:
        return redirect(_provider_href(found.successor.slug))
    viewer, context = _viewer(), page_context()
    figures = queries.figures_of_provider(current_session(), found.id, viewer)
    return render_template(
        "desks/figures/phased_provider.html",
        name=found.name,
        public_href=link("catalogue.provider", slug=slug),
        index_href=address("conversation.search", _carried()),
        totals_href=address("phased_figures.totals", _carried()),
        results=outcomes(figures, viewer, current_rules(), context),
    )


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
    return address("phased_figures.provider", _carried(), slug=slug)


add_figure_views(blueprint, _viewer, lambda one: _provider_href(one.provider.slug), _carried)
