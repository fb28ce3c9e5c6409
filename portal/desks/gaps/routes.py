"""White spots at the region's desk."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.codelists import Municipality, current_code_lists
from portal.catalogue.models import Region
from portal.catalogue.visitor import current_facts
from portal.core import clock
from portal.core.access import asks
from portal.core.database import current_session
from portal.core.languages import chosen
from portal.core.settings import current_settings
from portal.desks.files import csv_table
from portal.desks.gaps import presenters
from portal.search.engine import current_engine
from portal.search.white_spots.queries import months, white_spots
from portal.search.white_spots.reports import ReportedSpot, providers_now, reported
from portal.search.white_spots.types import SpotKind

blueprint = asks(Permission.REGION_DESK, Blueprint("gaps", __name__, url_prefix="/werkplek/regio/witte-vlekken"))


@blueprint.get("")
def index() -> str:
    """What many looked for in vain, a month at a time."""
    periods, period, place = _asked()
    page = presenters.gaps_page(
        periods, period, _spots(period, place), _municipalities(), place, current_settings().white_spot_sightings,
        current_visitor().may(Permission.EDIT_WORDS),
    )  # fmt: skip
    return render_template("desks/gaps/index.html", page=page)


@blueprint.get("/witte-vlekken.csv")
def file() -> Response:
    """The same as a file."""
    _, period, place = _asked()
    rows = presenters.spot_rows(_spots(period, place))
    return csv_table(f"witte-vlekken-{period or 'leeg'}.csv", presenters.SPOT_COLUMNS, rows)


def _asked() -> tuple[Sequence[str], str, str]:
    """The months that can be told, the one asked for (the latest by default), and a municipality (CBS code)."""
    periods = months(current_session())
    asked = request.args.get("maand", "")
    return periods, asked if asked in periods else next(iter(periods), ""), _place()


def _place() -> str:
    asked = request.args.get("gemeente", "")
    return asked if asked in {one.code for one in _municipalities()} else ""


def _municipalities() -> tuple[Municipality, ...]:
    """Those of the region."""
    region = current_session().get_one(Region, _region_id())
    return current_code_lists().municipalities_of(region.youth_region)


def _spots(period: str, place: str) -> list[ReportedSpot]:
    """Words, and topics of our municipalities; of `place` alone where that is asked."""
    session, lists, facts, today = current_session(), current_code_lists(), current_facts(), clock.today()
    ours = {place} if place else {"", *(one.code for one in _municipalities())}
    found = [
        spot
        for spot in white_spots(session, period)
        if (spot.kind is SpotKind.WORD and not place) or (spot.kind is SpotKind.TOPIC and spot.municipality in ours)
    ]
    return reported(
        found, lists, chosen(), lambda topic, code: providers_now(session, current_engine(), lists, facts, today,
        topic, code),
    )  # fmt: skip


def _region_id() -> int:
    return current_visitor().scope(Permission.REGION_DESK).region_id
