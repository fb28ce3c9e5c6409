"""The mail about what a visitor says is not right."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.mails import MailSite, send
from portal.accounts.models import Person
from portal.core.messages import N_


def passed_on(session: Session, site: MailSite, to: Person, name: str, at: datetime) -> None:
    """Post: somebody says that something is not right. What was written stays at the desk."""
    send(session, site, to.email, to.language, at, N_("Is this still right?"), (
        N_("A visitor says that something about %(name)s is not right. The region asks you to look at it:"),
        site.address("/werkplek/aanbieder/klopt-niet", to.language),
    ), name=name)  # fmt: skip
