"""The mails about a draft."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.mails import MailSite, send
from portal.accounts.models import Person
from portal.core.messages import N_


def approved(session: Session, site: MailSite, to: Person, name: str, path: str, at: datetime) -> None:
    """Post: families read it now."""
    send(session, site, to.email, to.language, at, N_("Your text is on the site"), (
        N_("The region looked at your change of %(name)s. Families read it from now on:"),
        site.address(path, to.language),
    ), name=name)  # fmt: skip


def returned(session: Session, site: MailSite, to: Person, name: str, reason: str, path: str, at: datetime) -> None:
    """Post: please look at it again, and why."""
    send(session, site, to.email, to.language, at, N_("Please look at your text again"), (
        N_("The region looked at your change of %(name)s and asks for something else:"),
        N_("%(reason)s"),
        N_("Your draft is still there. Change it and send it again:"),
        site.address(path, to.language),
    ), name=name, reason=reason)  # fmt: skip
