"""What `portal doctor` says about mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from portal.core.clock import AMSTERDAM
from portal.core.database import Database
from portal.core.doctor import Finding, Health
from portal.core.mail.queries import outbox
from portal.core.mail.transports import MailServerTransport, NotSent
from portal.core.mail.types import Trouble
from portal.core.settings import Settings

WAITS_TOO_LONG = timedelta(minutes=30)
REMEDIES = {
    Trouble.UNREACHABLE: "cannot be reached: look at host and port of PORTAL_MAIL_URL, and whether it runs",
    Trouble.INSECURE: "does not encrypt, or shows a certificate that is not its own or not trusted by this machine",
    Trouble.SIGN_IN: "does not accept user and password of PORTAL_MAIL_URL",
    Trouble.SENDER: "does not take mail from PORTAL_MAIL_SENDER",
    Trouble.MAILBOX: "knows no such mailbox",
    Trouble.REFUSED: "refuses it",
    Trouble.BROKEN_OFF: "broke off the connection",
}
"""What is wrong, after the words "the mail server"."""


def findings(settings: Settings, database: Database, now: datetime) -> Iterator[Finding]:
    """Look at the settings, try the mail server without sending anything, and say how much waits and how long."""
    if settings.mail_folder is not None:
        yield Finding("mail", Health.GOOD, f"lands in {settings.mail_folder.resolve()} and on /voorbeeldpost")
    elif settings.mail_server is None:
        yield Finding("mail", Health.WARNING, "PORTAL_MAIL_URL is missing: nobody can be invited, mail waits")
    else:
        try:
            MailServerTransport(settings.mail_server, settings.mail_sender).try_out()
            yield Finding("mail", Health.GOOD, f"{settings.mail_server.host} takes it")
        except NotSent as reason:
            yield Finding("mail", Health.BAD, f"the mail server {REMEDIES[reason.trouble]}")
    yield from _outbox(database, now)


def _outbox(database: Database, now: datetime) -> Iterator[Finding]:
    try:
        with database.sessions() as session:
            box = outbox(session)
    except SQLAlchemyError:
        yield Finding("outbox", Health.WARNING, "cannot be looked at while the database cannot be read")
        return
    if box.oldest is None:
        yield Finding("outbox", Health.GOOD, "nothing waits")
    else:
        waits_long = now - box.oldest > WAITS_TOO_LONG
        why = f"; the mail server {REMEDIES[box.trouble]}" if box.trouble else ""
        since = f"{box.oldest.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
        remedy = ": does `portal serve` run?" if waits_long and not why else ""
        message = f"{box.waiting} waiting, the oldest since {since}{why}{remedy}"
        yield Finding("outbox", Health.WARNING if waits_long else Health.GOOD, message)
    if box.refused:
        yield Finding("outbox", Health.WARNING, f"{box.refused} went to mailboxes that do not exist")
    if box.uncertain:
        yield Finding(
            "outbox",
            Health.WARNING,
            f"{box.uncertain} may not have arrived: the connection broke, and they are not sent again",
        )
