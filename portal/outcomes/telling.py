"""Telling providers that there is something to look at, with the settings of the running application."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.signing_in.web import mail_site
from portal.outcomes import mails
from portal.outcomes.operations import Refreshed, looked_until
from portal.outcomes.rules import current_rules


def tell_providers(session: Session, done: Refreshed, now: datetime) -> int:
    """Post a mail to everybody at the providers that have something new to look at; how many mails that are."""
    if not done.to_look_at:
        return 0
    return mails.to_look_at(session, mail_site(), done.to_look_at, looked_until(now.date(), current_rules()), now)
