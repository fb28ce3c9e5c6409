"""The mails of reminders, ready to be posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.accounts.mails import MailSite, send
from portal.accounts.models import Person
from portal.core.messages import N_
from portal.desks.waiting.links import VALID_DAYS

MOST_NAMED = 40
"""A mail names no more; the desk has them all."""


def still_right(
    session: Session, site: MailSite, to: Person, provider: str, offers: Sequence[tuple[str, str]], at: datetime
) -> None:
    """Post: is this waiting time still right? `offers` have a name and the path of their own link."""
    lines = "\n\n".join(f"{name}\n{site.address(path, to.language)}" for name, path in offers[:MOST_NAMED])
    send(session, site, to.email, to.language, at, N_("Are your waiting times still right?"), (
        N_("Families choose by how long they have to wait. Of %(provider)s these were told more than a month ago:"),
        N_("%(lines)s"),
        N_("One press says that it is still right. Is it not? Then change it there. You need not sign in."),
        N_("All of it together, and whether you want these mails, is at your desk:"),
        site.address("/werkplek/aanbieder/wachttijden", to.language),
    ), not_after=at + timedelta(days=VALID_DAYS), provider=provider, lines=lines)  # fmt: skip


def look_once_more(session: Session, site: MailSite, to: Person, provider: str, offers: int, at: datetime) -> None:
    """Post: is what families read of you still right?"""
    send(session, site, to.email, to.language, at, N_("Is what families read about you still right?"), (
        N_("Nobody looked at the page of %(provider)s for a year (%(offers)s kinds of help)."),
        N_("Read it as a family does. One press says that it is right; what is not, you can put right there:"),
        site.address("/werkplek/aanbieder/gegevens", to.language),
    ), provider=provider, offers=str(offers))  # fmt: skip


def no_answer(session: Session, site: MailSite, to: Person, providers: Sequence[str], at: datetime) -> None:
    """Post to the region: these did not answer."""
    send(session, site, to.email, to.language, at, N_("Providers that do not confirm their waiting times"), (
        N_("These providers were mailed three times and did not say whether their waiting times are right:"),
        N_("%(lines)s"),
        N_("A call often helps. Who was mailed, and when, stands here:"),
        site.address("/werkplek/regio/actueel", to.language),
    ), lines="\n".join(providers[:MOST_NAMED]))  # fmt: skip
