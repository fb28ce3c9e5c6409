"""Which words led families to a provider."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, render_template, request

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.codelists import current_code_lists
from portal.core.access import asks
from portal.core.database import current_session
from portal.core.settings import current_settings
from portal.desks.found_with.presenters import found_page
from portal.search.white_spots.queries import found_months, said_of, shown_for

blueprint = asks(Permission.PROVIDER_DESK, Blueprint("found_with", __name__))


@blueprint.get("/werkplek/aanbieder/woorden")
def index() -> str:
    """The topics and words of a month, the latest by default."""
    session, lists = current_session(), current_code_lists()
    provider_id = current_visitor().scope(Permission.PROVIDER_DESK).provider_id
    if provider_id is None:
        abort(HTTPStatus.FORBIDDEN)
    periods, asked = found_months(session), request.args.get("maand", "")
    period = asked if asked in periods else next(iter(periods), "")
    shown = [(topic, times) for topic, times in shown_for(session, provider_id, period) if topic in lists.topics]
    said = said_of(session, [topic for topic, _ in shown], period)
    page = found_page(periods, period, shown, said, current_settings().white_spot_sightings, lists)
    return render_template("desks/found_with.html", page=page)
