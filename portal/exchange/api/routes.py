"""The addresses of the API. What stands beside a route is what it accepts, and what the OpenAPI document says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Annotated, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue import queries as catalogue_queries
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.visitor import current_facts, offers_with_providers, page_context, provider_by_slug
from portal.core import clock, languages
from portal.core.access import public
from portal.core.database import current_session
from portal.core.languages import gettext
from portal.core.problems import Refusal
from portal.core.remembered import Remembered
from portal.core.settings import current_settings
from portal.exchange import hsds
from portal.exchange.api import directory, presenters
from portal.exchange.api.directory import Directory, Shape
from portal.exchange.api.openapi import Operation, document
from portal.exchange.api.parameters import (
    EXPERIENCES,
    FIGURES,
    LANG,
    MOST_PER_PAGE,
    SEARCH,
    Flag,
    Parameter,
    Text,
    Whole,
    check,
)
from portal.exchange.api.records import ProviderRecord, provider_record
from portal.exchange.api.schemas import Described, Record, as_json
from portal.exchange.experiences import ExperiencesFound, experience_record
from portal.exchange.figures import FiguresFound, figure_records
from portal.outcomes.queries import Asked, figures
from portal.outcomes.rules import current_rules
from portal.outcomes.types import EVERYBODY, Indicator, MeasuredFramework
from portal.reviews.showing.queries import public_stories
from portal.reviews.types import Voice
from portal.search.answers import PAGE_SIZE
from portal.search.asking import ask
from portal.search.criteria import Sort
from portal.search.engine import current_engine

blueprint = public(Blueprint("api", __name__, url_prefix="/api"))

OPERATIONS: dict[str, Operation] = {}
"""By endpoint."""

View = Callable[..., object]


def _reads(
    rule: str,
    summary: str,
    answer: object,
    parameters: Sequence[Parameter] = (),
    paths: Mapping[str, str] | None = None,
    may_move: bool = False,
) -> Callable[[View], View]:
    """Answer `rule` with what the view makes, as JSON, after its parameters were checked; and document it."""

    def decorate(view: View) -> View:
        operation = Operation(view.__name__, summary, (*parameters, LANG), answer, paths or {}, may_move)
        OPERATIONS[f"{blueprint.name}.{view.__name__}"] = operation

        @blueprint.get(rule, strict_slashes=False)
        @wraps(view)
        def answered(**values: str) -> ResponseReturnValue:
            check(request.args, operation.parameters, current_code_lists())
            made = view(**values)
            return made if isinstance(made, Response) else _json(made)

        return cast(View, answered)

    return decorate


def _json(answer: object) -> Response:
    return Response(as_json(answer) + "\n", mimetype="application/json")


# --- our own ---------------------------------------------------------------------------------------------


@_reads("/v1/providers", "Providers that fit a question and filters", presenters.ProvidersFound, SEARCH)
def providers() -> object:
    """The same question as the page of results, and the same answer."""
    asked = ask(request.args, int(request.args.get("per_page", PAGE_SIZE)))
    wanted = "afstand" if asked.criteria.within_km else "sorteer" if asked.criteria.sort is Sort.DISTANCE else None
    if wanted is not None and asked.found.place is None:
        detail = gettext("We do not know where to measure from. Give a postcode that we know, or a municipality.")
        errors = [{"parameter": wanted, "detail": detail}]
        raise Refusal(HTTPStatus.BAD_REQUEST, f"{wanted}: {detail}", {"errors": errors})
    offers = offers_with_providers([hit.offer_id for hit in asked.found.hits])
    return presenters.providers_found(
        asked, offers, current_engine().understander, current_settings().base_url, _other_page("pagina")
    )


@_reads(
    "/v1/providers/<slug>", "The whole public record of a provider", ProviderRecord,
    paths={"slug": "The provider's part of the address, as `slug` says elsewhere."}, may_move=True,
)  # fmt: skip
def provider(slug: str) -> object:
    """A provider; a former address leads to the present one."""
    found = provider_by_slug(slug)
    present = catalogue_queries.present_slug(current_session(), slug) if found is None else None
    if found is not None and found.successor is not None:
        present = found.successor.slug
    if present is not None:
        return redirect(url_for("api.provider", slug=present), HTTPStatus.MOVED_PERMANENTLY)
    if found is None:
        raise _unknown()
    return provider_record(found, current_settings().base_url, page_context())


@_reads("/v1/outcomes", "What the help brought families, with all that a reader must know", FiguresFound, FIGURES)
def outcomes() -> object:
    """The figures that everybody may see, by page."""
    args, settings = request.args, current_settings()
    number, size = int(args.get("pagina", 1)), int(args.get("per_page", MOST_PER_PAGE))
    asked = Asked(
        provider_id=args.get("aanbieder"),
        arrangement=args.get("arrangement"),
        indicator=Indicator(args["indicator"]) if "indicator" in args else None,
        framework=MeasuredFramework(args["kader"]) if "kader" in args else None,
        period=args.get("periode"),
    )
    total, found = figures(current_session(), asked, EVERYBODY, size, (number - 1) * size)
    address = _other_page("pagina")
    return FiguresFound(
        total=total, page=number, per_page=size,
        next=address(number + 1) if number * size < total else None,
        previous=address(number - 1) if number > 1 else None,
        explained=settings.base_url + url_for("outcomes.explained"),
        results=tuple(figure_records(found, current_rules(), current_code_lists(), languages.chosen())),
    )  # fmt: skip


@_reads("/v1/experiences", "What families told, as it stands on the pages", ExperiencesFound, EXPERIENCES)
def experiences() -> object:
    """The texts that everybody may see, by page; those about a very small provider without its name."""
    args, settings = request.args, current_settings()
    number, size = int(args.get("pagina", 1)), int(args.get("per_page", MOST_PER_PAGE))
    voice = Voice(args["stem"]) if "stem" in args else None
    found, total = public_stories(
        current_session(), args.get("aanbieder"), args.get("arrangement"), voice, size, (number - 1) * size
    )
    address = _other_page("pagina")
    return ExperiencesFound(
        total=total, page=number, per_page=size,
        next=address(number + 1) if number * size < total else None,
        previous=address(number - 1) if number > 1 else None,
        rules=settings.base_url + url_for("telling.house_rules"),
        results=tuple(experience_record(one) for one in found),
    )  # fmt: skip


@_reads("/v1/arrangements", "The kinds of help that are contracted", presenters.Arrangements)
def arrangements() -> object:
    """The code list."""
    return presenters.arrangements(current_code_lists(), languages.chosen())


@_reads("/v1/topics", "What help can be about", presenters.Topics)
def topics() -> object:
    """The code list."""
    return presenters.topics(current_code_lists(), languages.chosen())


@_reads("/v1/municipalities", "All municipalities, and which of them this portal is for", presenters.Municipalities)
def municipalities() -> object:
    """The code list."""
    return presenters.municipalities(current_code_lists(), current_facts().municipalities)


_OpenApi = Annotated[Record, Described("OpenApi", {"type": "object", "required": ["openapi", "info", "paths"]})]


@_reads("/v1/openapi.json", "This document", _OpenApi)
def openapi() -> object:
    """The description of every address here, by which programs can be made."""
    settings = current_settings()
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.endpoint in OPERATIONS]
    title = f"Jeugdhulp kiezen in {settings.region_name}"
    operations = [(rule.rule, OPERATIONS[rule.endpoint]) for rule in rules]
    return document(operations, title, settings.base_url, settings.contact_email, current_code_lists())


# --- Open Referral HSDS 3 --------------------------------------------------------------------------------

_PAGING = (
    Parameter("page", Whole(1, 1_000_000, 1), "Page of the list."),
    Parameter("per_page", Whole(1, MOST_PER_PAGE, MOST_PER_PAGE), "Rows a page."),
    Parameter("full", Flag(), "Whether each row has all that is nested in it."),
)
_OF_ORGANIZATION = Parameter("organization_id", Text(100), "Only what this organization does.")
_ID = {"id": "The UUID."}
_About = Annotated[
    Record,
    Described(
        "HsdsAbout",
        {
            "type": "object",
            "properties": {
                "version": {"type": "string"},
                "profile": {"type": "string", "format": "uri"},
                "openapi_url": {"type": "string", "format": "uri"},
            },
            "required": ["version", "profile", "openapi_url"],
        },
    ),
]


@_reads("/hsds/", "Which version and profile of HSDS this is", _About)
def hsds_about() -> object:
    """What HSDS wants to stand at the root of an API."""
    site = current_settings().base_url
    openapi_url = site + url_for("api.openapi", lang=None)
    return {"version": hsds.API_VERSION, "profile": f"{site}/data", "openapi_url": openapi_url}


@_reads("/hsds/organizations", "Providers as HSDS organizations", directory.Organizations, _PAGING)
def hsds_organizations() -> object:
    """A page of organizations."""
    return _listed(directory.ORGANIZATION_BRIEF, directory.ORGANIZATION)


@_reads("/hsds/organizations/<id>", "A provider as an HSDS organization", directory.Organization, paths=_ID)
def hsds_organization(id: str) -> object:
    """One organization."""
    return _one(directory.ORGANIZATION, id)


@_reads("/hsds/services", "Offers as HSDS services", directory.Services, (*_PAGING, _OF_ORGANIZATION))
def hsds_services() -> object:
    """A page of services."""
    return _listed(directory.SERVICE_BRIEF, directory.SERVICE)


@_reads("/hsds/services/<id>", "An offer as an HSDS service", directory.Service, paths=_ID)
def hsds_service(id: str) -> object:
    """One service."""
    return _one(directory.SERVICE, id)


@_reads(
    "/hsds/service_at_locations", "Where which offer is given", directory.ServicesAtLocations,
    (*_PAGING, _OF_ORGANIZATION),
)  # fmt: skip
def hsds_service_at_locations() -> object:
    """A page of services at locations."""
    return _listed(directory.AT_LOCATION_BRIEF, directory.AT_LOCATION)


@_reads("/hsds/service_at_locations/<id>", "An offer at a place", directory.ServiceAtLocation, paths=_ID)
def hsds_service_at_location(id: str) -> object:
    """One service at a location."""
    return _one(directory.AT_LOCATION, id)


def _listed(brief: Shape, full: Shape) -> Record:
    args, found = request.args, _directory()
    number, size = int(args.get("page", 1)), int(args.get("per_page", MOST_PER_PAGE))
    ids = found.ids(brief.table, args.get("organization_id"))
    shape = full if args.get("full") == "true" else brief
    shown = ids[(number - 1) * size : number * size]
    contents = found.objects(current_session(), current_code_lists(), clock.today(), shape, shown)
    return directory.envelope(contents, len(ids), number, size)


def _one(shape: Shape, own: str) -> Record:
    found = _directory()
    if own not in found.rows[shape.table]:
        raise _unknown()
    return found.objects(current_session(), current_code_lists(), clock.today(), shape, [own])[0]


def _directory() -> Directory:
    """Which rows there are, read once a revision and day by each process."""
    remembered = current_app.extensions.setdefault("portal.directory", Remembered(1))
    today = clock.today()
    return cast(Remembered, remembered).recall(
        current_facts().revision, today, lambda: Directory.read(current_session(), today)
    )


# --- both ------------------------------------------------------------------------------------------------


def _unknown() -> Refusal:
    return Refusal(HTTPStatus.NOT_FOUND, gettext("There is nothing with this name here."))


def _other_page(parameter: str) -> Callable[[int], str]:
    """Gives the address of another page of the same answer."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != parameter]

    def address(number: int) -> str:
        return f"{current_settings().base_url}{request.path}?{urlencode([*kept, (parameter, number)])}"

    return address
