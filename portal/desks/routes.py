"""The desks of the three audiences, and the trail."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.accounts.types import Audience
from portal.accounts.wording import DESKS, place_words, post_words
from portal.catalogue.codelists import current_code_lists
from portal.core import clock
from portal.core.access import needs
from portal.core.database import current_session
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Pager
from portal.core.trail.queries import actions, entries
from portal.desks.criteria import TrailCriteria
from portal.desks.parts import parts_for
from portal.desks.presenters import desk_page, first_steps, trail_page
from portal.desks.today import waiting_elsewhere, waiting_for
from portal.desks.waiting.queries import has_told

blueprint = Blueprint("desks", __name__)


@blueprint.get("/werkplek/regio")
@needs(Permission.REGION_DESK)
def region() -> str:
    """The desk of the region's staff."""
    return _desk(Audience.REGION)


@blueprint.get("/werkplek/verwijzer")
@needs(Permission.REFERRER_DESK)
def referrer() -> str:
    """The desk of access workers, referrers and partners."""
    return _desk(Audience.REFERRER)


@blueprint.get("/werkplek/aanbieder")
@needs(Permission.PROVIDER_DESK)
def provider() -> str:
    """The desk of a provider's people."""
    return _desk(Audience.PROVIDER)


def _desk(audience: Audience) -> str:
    visitor = current_visitor()
    held = visitor.membership
    place = place_words(held, current_code_lists()) if held else ""
    waiting = waiting_for(current_session(), visitor, clock.today())
    mine = held.provider if held and audience is Audience.PROVIDER else None
    first = first_steps(mine.slug) if mine and not has_told(current_session(), mine.id) else ()
    elsewhere = [
        (one.public_id, post_words(one, current_code_lists()), waits)
        for one, waits in waiting_elsewhere(current_session(), visitor, waiting, clock.today())
    ]
    page = desk_page(
        audience, f"{gettext(DESKS[audience])}: {place}", waiting, parts_for(visitor.may), first, elsewhere
    )  # fmt: skip
    return render_template("desks/desk.html", page=page)


@blueprint.get("/werkplek/regio/logboek")
@needs(Permission.READ_TRAIL)
def trail() -> str:
    """Who changed what in the region, newest first."""
    criteria, session = TrailCriteria.read(request.args), current_session()
    region_id = current_visitor().scope(Permission.READ_TRAIL).region_id
    found = entries(session, region_id, criteria.filters, criteria.page)

    def href(page: int) -> str:
        return link("desks.trail", **criteria.asked, pagina=str(page))

    pager = Pager.at(found.page, found.pages, href)
    day_error = ""
    if criteria.unread_day:
        day_error = gettext("%(day)s is not a date. Write it like 27-11-2026.", day=criteria.unread_day)
    page = trail_page(
        found.entries, found.total, criteria.asked, actions(session, region_id), link("desks.trail"), pager,
        current_code_lists(), day_error,
    )  # fmt: skip
    return render_template("desks/trail.html", page=page)
