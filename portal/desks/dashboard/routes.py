"""How it goes in the region, for everybody who works there: each page with its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from flask import Blueprint, Response, render_template, request

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.availability import Situation
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Offer, Region
from portal.catalogue.visitor import current_facts
from portal.core import clock
from portal.core.access import asks
from portal.core.database import current_session
from portal.core.links import link
from portal.core.settings import current_settings
from portal.desks.choice.criteria import asked_quarter
from portal.desks.choice.disclosure import By, Told, told
from portal.desks.choice.presenters import FILE_HEADER, file_rows, numbers
from portal.desks.choice.queries import counted_in, finished_quarters
from portal.desks.dashboard import queries
from portal.desks.dashboard.presenters import (
    RESPONSE_HEADER,
    SUPPLY_HEADER,
    WAITING_HEADER,
    Overview,
    response_page,
    response_rows,
    supply_page,
    supply_rows,
    views,
    waiting_page,
    waiting_rows,
)
from portal.desks.dashboard.queries import FREE, Supply, Waiting
from portal.desks.files import csv_table
from portal.outcomes.rules import current_rules
from portal.reviews.types import Quarter

T = TypeVar("T")
blueprint = asks(Permission.REGION_DESK, Blueprint("dashboard", __name__, url_prefix="/werkplek/regio/beeld"))


@blueprint.get("")
def choice() -> str:
    """How often families had a real choice, by municipality and by kind of help."""
    quarter = _quarter()
    page = numbers(
        _told(quarter), quarter, _quarters(), link("dashboard.choice_file", kwartaal=str(quarter)), current_rules(),
        current_code_lists(), of_one_municipality=False,
    )  # fmt: skip
    return render_template("desks/dashboard/choice.html", page=page, views=views("dashboard.choice"))


@blueprint.get("/keuze.csv")
def choice_file() -> Response:
    """The same as a file; without rows where nothing may be told."""
    quarter = _quarter()
    return csv_table("keuze.csv", FILE_HEADER, file_rows(_told(quarter), quarter, current_code_lists()))


@blueprint.get("/aanbod")
def supply() -> str:
    """Where in the region there is something to choose, and where not."""
    return _shown("dashboard.supply", supply_page(_supply(), _places(), current_code_lists()))


@blueprint.get("/aanbod.csv")
def supply_file() -> Response:
    """The same, every municipality and kind of help."""
    return csv_table("aanbod.csv", SUPPLY_HEADER, supply_rows(_supply(), _places()))


@blueprint.get("/wachttijden")
def waiting() -> str:
    """How soon help begins, and how fresh that is."""
    settings = current_settings()
    page = waiting_page(
        _waiting(), settings.waiting_reminder_days, settings.stale_waiting_after_days, current_code_lists(),
        link("reminders.stale"),
    )  # fmt: skip
    return _shown("dashboard.waiting", page)


@blueprint.get("/wachttijden.csv")
def waiting_file() -> Response:
    """The same as a file."""
    return csv_table("wachttijden.csv", WAITING_HEADER, waiting_rows(_waiting()))


@blueprint.get("/respons")
def response() -> str:
    """How many families with a code told how it was."""
    found = queries.response_by_kind(current_session(), _region_id())
    return _shown("dashboard.response", response_page(_in_order(found), current_code_lists()))


@blueprint.get("/respons.csv")
def response_file() -> Response:
    """The same as a file."""
    found = queries.response_by_kind(current_session(), _region_id())
    return csv_table("respons.csv", RESPONSE_HEADER, response_rows(_in_order(found)))


def _shown(endpoint: str, page: Overview) -> str:
    return render_template("desks/dashboard/overview.html", page=page, views=views(endpoint))


def _quarters() -> Sequence[Quarter]:
    return finished_quarters(current_session(), _region_id(), Quarter.of(clock.today()))


def _quarter() -> Quarter | None:
    return asked_quarter(request.args.get("kwartaal", ""), _quarters())


def _told(quarter: Quarter | None) -> Told | None:
    if quarter is None:
        return None
    cells = counted_in(current_session(), _region_id(), quarter)
    return told(cells, current_code_lists().real_choices, By.MUNICIPALITY, current_rules())


def _supply() -> Supply:
    lists = current_code_lists()
    situations = {place: _situation(place) for place in _places()}
    kinds = [code for code in lists.arrangements if code not in lists.decided_elsewhere]
    return queries.supply(_offers(), situations, [*kinds, FREE])


def _waiting() -> Mapping[str, Waiting]:
    settings = current_settings()
    found = queries.waiting_by_kind(
        _offers(), _situation(None), settings.waiting_reminder_days, settings.stale_waiting_after_days
    )
    return _in_order(found)


def _in_order(found: Mapping[str, T]) -> Mapping[str, T]:
    """In the order of the list of kinds of help; what is freely accessible comes last."""
    order = [*current_code_lists().arrangements, FREE]
    return {kind: found[kind] for kind in order if kind in found}


def _offers() -> Sequence[Offer]:
    return queries.open_offers(current_session(), _region_id(), _situation(None))


def _situation(municipality: str | None) -> Situation:
    return current_facts().situation(current_code_lists(), clock.today(), municipality)


def _places() -> Mapping[str, str]:
    """The municipalities of the region, by code."""
    lists, region = current_code_lists(), current_session().get(Region, _region_id())
    return {one.code: one.name for one in lists.municipalities_of(region.youth_region if region else None)}


def _region_id() -> int:
    return current_visitor().scope(Permission.REGION_DESK).region_id
