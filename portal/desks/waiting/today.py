"""Which waiting times are to be confirmed, for the page a desk begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.types import Scope
from portal.catalogue.availability import is_open
from portal.catalogue.models import Offer
from portal.catalogue.visitor import page_context
from portal.core.languages import ngettext
from portal.core.links import link
from portal.core.pages import Link
from portal.core.settings import current_settings
from portal.desks.reminders.queries import is_old
from portal.desks.reminders.types import ReminderKind


def to_confirm(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """The waiting times of a provider about which it would be mailed."""
    days = current_settings().waiting_reminder_days
    number = session.execute(
        select(func.count(Offer.id)).where(
            Offer.provider_id == scope.provider_id, is_open(page_context().situation),
            is_old(ReminderKind.WAITING, today, days),
        )
    ).scalar_one()  # fmt: skip
    if not number:
        return ()
    words = ngettext(
        "%(num)s waiting time that you did not confirm for %(days)s days",
        "%(num)s waiting times that you did not confirm for %(days)s days",
        number, days=days,
    )  # fmt: skip
    return [Link(words, link("waiting.index"))]
