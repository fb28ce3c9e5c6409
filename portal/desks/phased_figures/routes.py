"""Figures for access teams and referrers, on their desk. Public pages never show these: they look at no sign-in."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue import queries as catalogue
from portal.catalogue.criteria import LIST
from portal.catalogue.visitor import page_context, provider_by_slug
from portal.choosing.criteria import MOST_COMPARED, read_list
from portal.choosing.presenters.common import address
from portal.choosing.queries import offers_named
from portal.core.access import asks
from portal.core.database import current_session
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Link
from portal.desks.conversation.criteria import FILTERS
from portal.desks.figure_files import figures_file
from portal.desks.figure_totals import comparison_page, totals_page
from portal.desks.phased_figures.presenters import compare_page
from portal.outcomes import queries
from portal.outcomes.presenters import outcomes
from portal.outcomes.queries import Asked
from portal.outcomes.rules import current_rules
from portal.outcomes.types import Viewer
from portal.outcomes.viewers import viewer_of

blueprint = asks(
    Permission.PHASED_FIGURES, Blueprint("phased_figures", __name__, url_prefix="/werkplek/verwijzer/cijfers")
)


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Where the search with figures was; it stands on the page on which a list is made now."""
    named = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return redirect(address("conversation.search", tuple(named.items())))


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
        index_href=link("conversation.search"),
        results=outcomes(figures, viewer, current_rules(), context),
    )


@blueprint.get("/vergelijken")
def compare() -> str:
    """Figures of two to four offers side by side, a table for each kind of help."""
    session, viewer = current_session(), _viewer()
    offers = list(offers_named(session, read_list(request.args.getlist(LIST))).values())[:MOST_COMPARED]
    figures = {offer.provider_id: queries.figures_of_provider(session, offer.provider_id, viewer) for offer in offers}
    return render_template("desks/figures/phased_compare.html", page=compare_page(offers, figures, page_context()))


@blueprint.get("/totalen")
def totals() -> str:
    """Averages per kind of help that they may see."""
    page = totals_page(
        queries.averages(current_session(), _viewer()),
        lambda one: link("phased_figures.comparison", average_id=str(one.id)),
        link("conversation.search"), link("phased_figures.file"), page_context(),
    )  # fmt: skip
    return render_template("desks/figures/totals.html", page=page)


@blueprint.get("/vergelijking/<int(max=2147483647):average_id>")
def comparison(average_id: int) -> str:
    """Figures that share an average, in a picture and a table."""
    shown = queries.comparable(current_session(), average_id, _viewer()) or abort(HTTPStatus.NOT_FOUND)
    page = comparison_page(
        shown, lambda one: link("phased_figures.provider", slug=one.provider.slug), current_rules(),
        Link(gettext("Totals per kind of help"), link("phased_figures.totals")), page_context(),
    )  # fmt: skip
    return render_template("desks/figures/comparison.html", page=page)


@blueprint.get("/cijfers.csv")
def file() -> Response:
    """The same as a file for a spreadsheet program, with every caveat in a column."""
    period = request.args.get("periode", "")[:7] or None
    return figures_file(_viewer(), Asked(_viewer().region_id, period=period))


def _viewer() -> Viewer:
    return viewer_of(current_visitor().membership)
