"""Public pages of the catalogue."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue import queries
from portal.catalogue.availability import ended_arrangements, status_of
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.criteria import FamilyHomeCriteria
from portal.catalogue.places import place_of
from portal.catalogue.presenters.easy import easy_provider_page, spelled_out
from portal.catalogue.presenters.family_homes import family_homes_page
from portal.catalogue.presenters.glossary import glossary_letters
from portal.catalogue.presenters.help import help_page as present_help
from portal.catalogue.presenters.home import home_page
from portal.catalogue.presenters.offer import gone_offer_page, offer_page
from portal.catalogue.presenters.provider import provider_page
from portal.catalogue.presenters.providers import providers_page
from portal.catalogue.presenters.road import road_page
from portal.catalogue.types import OfferStatus
from portal.catalogue.visitor import (
    catalogue_size,
    help_nearby,
    municipality_options,
    offer_at,
    page_context,
    provider_by_slug,
    region_drawing,
    remembered,
)
from portal.core import languages
from portal.core.access import public
from portal.core.database import current_session
from portal.core.reading import in_reading, is_easy
from portal.core.settings import current_settings
from portal.outcomes.presenters import outcomes
from portal.outcomes.queries import figures_of_offer, figures_of_provider, with_figures
from portal.outcomes.rules import current_rules
from portal.outcomes.types import EVERYBODY
from portal.reviews.offices.presenters import institution_link
from portal.reviews.offices.queries import PROTECTION
from portal.reviews.showing.presenters import experiences, pages_of, pages_of_provider, unnamed
from portal.reviews.showing.queries import NOTHING_TOLD, told_about, told_of, unnamed_stories

blueprint = public(Blueprint("catalogue", __name__))


@blueprint.get("/")
def home() -> str:
    """The search box, in the family's own words."""
    context = page_context()
    page = home_page(current_settings().region_name, municipality_options(context), catalogue_size(context), context)
    return render_template(in_reading("catalogue/home.html", "easy/home.html"), page=page)


@blueprint.get("/aanbieders")
def providers() -> str:
    """All providers, A-Z and by municipality."""
    context = page_context(request.args.get("gemeente"))
    session, lists = current_session(), current_code_lists()
    is_map = request.args.get("kaart") == "ja"
    page = providers_page(
        queries.all_providers(session), place_of(session, lists, None, context.situation.municipality),
        region_drawing() if is_map else None, municipality_options(context), context,
    )  # fmt: skip
    return render_template("catalogue/providers.html", page=page)


@blueprint.get("/aanbieders/<slug>")
def provider(slug: str) -> ResponseReturnValue:
    """A provider; a former address leads to the present one."""
    found = provider_by_slug(slug)
    if found is None:
        present = queries.present_slug(current_session(), slug) or abort(HTTPStatus.NOT_FOUND)
        return _moved(url_for("catalogue.provider", slug=present))
    if found.successor is not None:
        return _moved(url_for("catalogue.provider", slug=found.successor.slug))
    context = page_context(request.args.get("gemeente"))
    if is_easy():
        easy = easy_provider_page(found, municipality_options(context), help_nearby(context), context)
        return render_template("easy/provider.html", page=easy)
    session = current_session()
    page = provider_page(found, municipality_options(context), help_nearby(context), context)
    # Of most providers there is nothing yet; of which there is, is asked once a revision.
    has_figures = found.id in remembered("with figures", lambda: with_figures(session, EVERYBODY))
    figures = (
        remembered(("figures", found.id), lambda: figures_of_provider(session, found.id, EVERYBODY))
        if has_figures
        else ()
    )
    has_told = found.id in remembered("told of", lambda: told_of(session))
    told = remembered(("told", found.id), lambda: told_about(session, found.id)) if has_told else NOTHING_TOLD
    ended = ended_arrangements(found, context.situation) if figures else frozenset()
    results = outcomes(figures, EVERYBODY, current_rules(), context, ended)
    protects = any(contract.arrangement in PROTECTION for contract in found.contracts)
    stories = experiences(
        told, pages_of_provider(slug, context.place), request.args.get("pagina"),
        elsewhere=institution_link(slug) if protects else None,
    )  # fmt: skip
    return render_template("catalogue/provider.html", page=page, results=results, told=stories)


@blueprint.get("/aanbieders/<slug>/aanbod/<path:identifier>")
def offer(slug: str, identifier: str) -> ResponseReturnValue:
    """One offer; 410 where it was withdrawn, and to its present address where another provider has it by now."""
    session, at = current_session(), offer_at(slug, identifier) or abort(HTTPStatus.NOT_FOUND)
    if isinstance(at, str):
        return _moved(url_for("catalogue.offer", slug=at, identifier=identifier))
    found, chosen = at
    context = page_context(request.args.get("gemeente"))
    if status_of(chosen, found.contracts, context.situation) is OfferStatus.WITHDRAWN:
        page = gone_offer_page(chosen, found.successor or found, context)
        return render_template("catalogue/offer_gone.html", page=page), HTTPStatus.GONE
    methods = queries.methods_named(session, chosen.region_id, chosen.methods)
    return render_template(
        "catalogue/offer.html",
        page=offer_page(chosen, found, methods, municipality_options(context), help_nearby(context), context),
        results=outcomes(figures_of_offer(session, chosen, EVERYBODY), EVERYBODY, current_rules(), context),
    )


@blueprint.get("/gezinshuizen")
def family_homes() -> str:
    """Overview of family homes, by municipality only."""
    lists = current_code_lists()
    context = page_context(request.args.get("gemeente"))
    criteria = FamilyHomeCriteria.read(request.args, lists)
    session = current_session()
    page = family_homes_page(
        queries.family_homes(session, context.situation), criteria,
        place_of(session, lists, criteria.postcode, criteria.municipality), region_drawing(),
        municipality_options(context), request.args.get("leeftijd", ""), request.args.get("postcode", ""), context,
    )  # fmt: skip
    return render_template("catalogue/family_homes.html", page=page)


@blueprint.get("/hulp-krijgen", endpoint="help_page")
def help_page() -> str:
    """Routes, costs, lighter help, contacts per municipality."""
    context = page_context(request.args.get("gemeente"))
    nearby = spelled_out(help_nearby(context)) if is_easy() else help_nearby(context)
    page = present_help(current_settings().region_name, municipality_options(context), nearby, context)
    stories = unnamed_stories(current_session())
    told = unnamed(stories, pages_of("catalogue.help_page", gemeente=context.place), request.args.get("pagina"))
    return render_template(in_reading("catalogue/help.html", "easy/help.html"), page=page, told=told)


@blueprint.get("/hulp-krijgen/<arrangement>")
def road(arrangement: str) -> str:
    """The road to one kind of help, from the first question to what comes after."""
    lists = current_code_lists()
    if arrangement not in lists.arrangements:
        abort(HTTPStatus.NOT_FOUND)
    context = page_context(request.args.get("gemeente"))
    supply = queries.supply_of(current_session(), context.situation, lists.arrangement_and_below(arrangement))
    page = road_page(arrangement, supply, municipality_options(context), help_nearby(context), context)
    pages = pages_of("catalogue.road", arrangement=arrangement, gemeente=context.place)
    told = unnamed(unnamed_stories(current_session(), arrangement), pages, request.args.get("pagina"))
    return render_template("catalogue/road.html", page=page, told=told)


@blueprint.get("/woordenlijst")
def glossary() -> str:
    """Terms of art, explained."""
    letters = glossary_letters(current_code_lists().glossary(languages.chosen()))
    return render_template("catalogue/glossary.html", letters=letters)


def _moved(address: str) -> ResponseReturnValue:
    """A lasting redirect within this site that keeps what was asked."""
    asked = request.query_string.decode("ascii", "ignore")
    path = address.partition("?")[0]
    return redirect(f"{path}?{asked}" if asked else path, HTTPStatus.MOVED_PERMANENTLY)
