"""Public pages: what families tell of access teams and certified institutions."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, render_template, request

from portal.catalogue.codelists import current_code_lists
from portal.catalogue.visitor import current_facts, help_nearby, page_context, provider_by_slug, remembered
from portal.core.access import public
from portal.core.database import current_session
from portal.core.links import link
from portal.core.pages import Link
from portal.reviews.offices import queries
from portal.reviews.offices.presenters import office_page, offices_page, pages_of_office
from portal.reviews.offices.queries import Tellable
from portal.reviews.showing import presenters as showing
from portal.reviews.showing.presenters import ExperiencesShown
from portal.reviews.showing.queries import Told, told_about_office, unnamed_about_offices
from portal.reviews.types import OFFICES_TOLD_OF

blueprint = public(Blueprint("offices", __name__))


@blueprint.get("/toegang")
def index() -> str:
    """The access teams and institutions of which families tell."""
    session, lists = current_session(), current_code_lists()
    teams = [(lists.municipalities[one.municipality].name, one) for one, _ in _teams()]
    institutions = [
        one for region_id in current_facts().youth_regions for one in queries.institutions(session, region_id)
    ]
    stories = {kind: unnamed_about_offices(session, kind) for kind in OFFICES_TOLD_OF}
    pages = showing.pages_of("offices.index")
    unnamed = showing.unnamed_about_offices(stories, pages, request.args.get("pagina"))
    return render_template("reviews/offices.html", page=offices_page(teams, institutions, unnamed))


@blueprint.get("/toegang/<slug>")
def team(slug: str) -> str:
    """The access team of a municipality."""
    one, region_id = next((found for found in _teams() if found[0].value.endswith(f"/{slug}")), (None, 0))
    if one is None:
        abort(HTTPStatus.NOT_FOUND)
    help = help_nearby(page_context(one.municipality))
    told = _shown(region_id, one)
    return render_template("reviews/office.html", page=office_page(one, help, None, told))


@blueprint.get("/jeugdbescherming/<slug>")
def institution(slug: str) -> str:
    """A certified institution."""
    provider = provider_by_slug(slug) or abort(HTTPStatus.NOT_FOUND)
    found = queries.institutions(current_session(), provider.region_id)
    one = next((one for one in found if one.provider_id == provider.id), None) or abort(HTTPStatus.NOT_FOUND)
    told = _shown(provider.region_id, one)
    page = Link(provider.name, link("catalogue.provider", slug=slug))
    return render_template("reviews/office.html", page=office_page(one, None, page, told))


def _teams() -> list[tuple[Tellable, int]]:
    """The access teams of all regions, each with its region."""
    session, lists = current_session(), current_code_lists()
    return [
        (one, region_id)
        for region_id in current_facts().youth_regions
        for one in queries.teams(session, region_id, lists)
    ]


def _shown(region_id: int, one: Tellable) -> ExperiencesShown:
    return showing.experiences(_told(region_id, one), pages_of_office(one), request.args.get("pagina"), one.kind)


def _told(region_id: int, one: Tellable) -> Told:
    def read() -> Told:
        office = queries.office_of(current_session(), region_id, one)
        return told_about_office(current_session(), office.id) if office is not None else Told((), (), None)

    return remembered(("told of office", region_id, one.value), read)
