"""What is not kept right, for the region."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.catalogue.visitor import page_context
from portal.core import clock
from portal.core.access import needs
from portal.core.database import current_session
from portal.core.settings import current_settings
from portal.desks.reminders.presenters import stale_page
from portal.desks.reminders.queries import silent_providers
from portal.desks.reminders.types import ReminderKind

blueprint = Blueprint("reminders", __name__)


@blueprint.get("/werkplek/regio/actueel")
@needs(Permission.REGION_DESK)
def stale() -> str:
    """The providers whose waiting times are old, and whether they were asked."""
    region_id = current_visitor().scope(Permission.REGION_DESK).region_id
    silent = silent_providers(
        current_session(), region_id, ReminderKind.WAITING, page_context().situation,
        current_settings().waiting_reminder_days,
    )  # fmt: skip
    return render_template("desks/stale.html", page=stale_page(silent, clock.today()))
