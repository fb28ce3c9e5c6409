"""Figures for access teams and referrers, on their desk. Public pages never show these: they look at no sign-in."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue import queries as catalogue
from portal.catalogue.availability import status_of
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.criteria import LIST
from portal.catalogue.models import Offer
from portal.catalogue.presenters.common import Context, offer_card
from portal.catalogue.types import OfferStatus
from portal.catalogue.visitor import municipality_options, offers_with_providers, page_context, provider_by_slug
from portal.choosing.criteria import MOST_COMPARED, read_list
from portal.choosing.queries import offers_named
from portal.core.access import asks
from portal.core.database import current_session
from portal.core.links import link
from portal.core.pages import Pager
from portal.desks.figure_views import add_figure_views
from portal.desks.phased_figures.presenters import compare_page, search_page
from portal.outcomes import queries
from portal.outcomes.presenters import outcomes
from portal.outcomes.rules import current_rules
from portal.outcomes.types import Viewer
from portal.outcomes.viewers import viewer_of
from portal.search.answers import PAGE_SIZE
from portal.search.asking import ask

blueprint = asks(
    Permission.PHASED_FIGURES, Blueprint("phased_figures", __name__, url_prefix="/werkplek/verwijzer/cijfers")
)
_ASKED = ("q", "gemeente", "arrangement", "leeftijd")


@blueprint.get("")
def index() -> str:
    """Search, with the figures of their phase beside what was found; the own municipality is filled in."""
    session, viewer, rules = current_session(), _viewer(), current_rules()
    asked = {name: request.args[name][:500] for name in _ASKED if request.args.get(name)}
    membership = current_visitor().membership
    municipality = current_code_lists().municipalities.get(membership.municipality) if membership else None
    if "gemeente" not in request.args and municipality is not None:
        asked["gemeente"] = municipality.name
    context = page_context(asked.get("gemeente"))
    options = municipality_options(context)
    if not any(name in request.args for name in _ASKED):
        page = search_page(asked, options, None, (), (), Pager(1, 1, None, None), rules, context)
        return render_template("desks/figures/phased.html", page=page)
    answered = ask(MultiDict({**asked, "pagina": request.args.get("pagina", "")}))
    cards = [
        (offer, offer_card(offer, offer.provider, _status(offer, answered.context), answered.context))
        for offer in offers_with_providers([hit.offer_id for hit in answered.found.hits])
    ]
    figures = queries.figures_of_several(session, {offer.provider_id for offer, _ in cards}, viewer)
    at, pages = answered.criteria.page, max(1, -(-answered.found.total // PAGE_SIZE))

    def href(to: int) -> str:
        return link("phased_figures.index", **asked, pagina=str(to))

    pager = Pager(at, pages, href(at - 1) if at > 1 else None, href(at + 1) if at < pages else None)
    page = search_page(asked, options, answered.found.total, cards, figures, pager, rules, answered.context)
    return render_template("desks/figures/phased.html", page=page)


@blueprint.get("/aanbieders/<slug>")
def provider(slug: str) -> ResponseReturnValue:
    """All figures of a provider that they may see; a former address leads to the present one."""
    found = provider_by_slug(slug)
    if found is None:
        present = catalogue.present_slug(current_session(), slug) or abort(HTTPStatus.NOT_FOUND)
        return redirect(url_for("phased_figures.provider", slug=present))
    if found.successor is not None:
        return redirect(url_for("phased_figures.provider", slug=found.successor.slug))
    viewer, context = _viewer(), page_context()
    figures = queries.figures_of_provider(current_session(), found.id, viewer)
    return render_template(
        "desks/figures/phased_provider.html",
        name=found.name,
        public_href=link("catalogue.provider", slug=slug),
        index_href=link("phased_figures.index"),
        results=outcomes(figures, viewer, current_rules(), context),
    )


@blueprint.get("/vergelijken")
def compare() -> str:
    """Figures of two to four offers side by side, a table for each kind of help."""
    session, viewer = current_session(), _viewer()
    offers = list(offers_named(session, read_list(request.args.getlist(LIST))).values())[:MOST_COMPARED]
    figures = {offer.provider_id: queries.figures_of_provider(session, offer.provider_id, viewer) for offer in offers}
    return render_template("desks/figures/phased_compare.html", page=compare_page(offers, figures, page_context()))


def _status(offer: Offer, context: Context) -> OfferStatus:
    return status_of(offer, offer.provider.contracts, context.situation)


def _viewer() -> Viewer:
    return viewer_of(current_visitor().membership)


add_figure_views(blueprint, _viewer, lambda one: link("phased_figures.provider", slug=one.provider.slug))
