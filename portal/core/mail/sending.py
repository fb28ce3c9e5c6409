"""Emptying the outbox: by `portal serve` all the time, by `portal mail send` once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from sqlalchemy.exc import SQLAlchemyError

from portal.core import clock
from portal.core.database import Database, current_database
from portal.core.mail import operations
from portal.core.mail.transports import FolderTransport, MailServerTransport, MaybeSent, NotSent, Overtaken, Transport
from portal.core.mail.types import MailState, Trouble
from portal.core.settings import Settings, current_settings

logger = logging.getLogger("portal")

PAUSE_SECONDS = 1.0
"""How often the outbox is looked at."""
PAUSE_AFTER_TROUBLE_SECONDS = 30.0
"""How long a server that took nothing is left alone."""
DEMONSTRATION_SENDER = "Jeugdhulp kiezen <niet-antwoorden@jeugdhulpkiezen.example>"
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Emptied:
    """What came of emptying the outbox."""

    sent: int
    failed: int
    stopped_by: Trouble | None = None
    """What made it pointless to try the rest now."""


class Sender:
    """Takes mail out of the outbox."""

    def __init__(self, database: Database, transport: Transport, now: Callable[[], datetime] = clock.now) -> None:
        self._database, self._transport, self._now = database, transport, now

    def run(self) -> NoReturn:
        """Send what is posted, until stopped."""
        while True:
            pause = PAUSE_SECONDS
            try:
                if self.empty().stopped_by:
                    pause = PAUSE_AFTER_TROUBLE_SECONDS
            except (SQLAlchemyError, OSError) as error:
                logger.error("mail cannot be sent", exc_info=error)
            time.sleep(pause)

    def empty(self) -> Emptied:
        """Try each mail that is due, once."""
        sent = failed = 0
        stopped_by: Trouble | None = None
        with self._database.sessions() as session:
            waiting = operations.due(session, self._now(), _AT_ONCE)
        while waiting and not stopped_by:
            for mail_id in waiting:
                state, trouble = self._send(mail_id)
                sent += state is MailState.SENT
                failed += state is not None and state is not MailState.SENT
                if trouble and trouble.concerns_every_mail:
                    stopped_by = trouble
                    break
            with self._database.sessions() as session:
                waiting = operations.due(session, self._now(), _AT_ONCE)
        with self._database.sessions() as session:
            are_stuck = operations.are_stuck(session, self._now())
        if are_stuck:
            with self._database.transaction() as session:
                operations.give_up(session, self._now())
        if sent:
            self._database.sweep()  # links in a mail are secrets: nothing of them may linger
        return Emptied(sent, failed, stopped_by)

    def _send(self, mail_id: int) -> tuple[MailState | None, Trouble | None]:
        """Try one mail: how far it is now, and why no further; no state where another sender has it."""
        with self._database.transaction() as session:
            claimed = operations.claim(session, mail_id, self._now())
        if claimed is None:
            return None, None
        letter, token = claimed

        def hand_over() -> bool:
            with self._database.transaction() as session:
                return operations.hand_over(session, mail_id, token, self._now())

        try:
            self._transport.deliver(letter, hand_over)
        except Overtaken:
            return None, None
        except NotSent as reason:
            return self._not_sent(mail_id, token, reason.trouble)
        except MaybeSent:
            return self._ended(mail_id, MailState.UNCERTAIN, Trouble.BROKEN_OFF)
        return self._ended(mail_id, MailState.SENT, None)

    def _not_sent(self, mail_id: int, token: str, trouble: Trouble) -> tuple[MailState, Trouble | None]:
        if trouble is Trouble.MAILBOX:
            return self._ended(mail_id, MailState.REFUSED, trouble)
        with self._database.transaction() as session:
            operations.put_back(session, mail_id, token, trouble)
        _log("mail not sent", mail_id, trouble)
        return MailState.WAITING, trouble

    def _ended(self, mail_id: int, state: MailState, trouble: Trouble | None) -> tuple[MailState, Trouble | None]:
        with self._database.transaction() as session:
            operations.end(session, mail_id, state, trouble, self._now())
        _log(f"mail {state}", mail_id, trouble)
        return state, trouble


def _log(message: str, mail_id: int, trouble: Trouble | None) -> None:
    """Write down how a mail fared, by its number: never to whom it went."""
    level = logging.INFO if trouble is None else logging.WARNING
    logger.log(level, message, extra={"fields": {"mail": mail_id} | ({"trouble": trouble.value} if trouble else {})})


def transport_of(settings: Settings) -> Transport | None:
    """How mail leaves this installation; None where it cannot."""
    if settings.mail_folder is not None:
        return FolderTransport(settings.mail_folder, settings.mail_sender or DEMONSTRATION_SENDER)
    server = settings.mail_server
    return MailServerTransport(server, settings.mail_sender) if server else None


def current_sender() -> Sender | None:
    """What sends the mail of the running application; None where no mail server is set."""
    transport = transport_of(current_settings())
    return Sender(current_database(), transport) if transport else None


def forget_files(folder: Path, before: datetime) -> None:
    """Delete the mails of a demonstration that were written before this moment."""
    for file in folder.glob("*.eml"):
        if file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)
