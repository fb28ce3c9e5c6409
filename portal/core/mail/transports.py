"""How a mail leaves: through a mail server, or in a demonstration into a folder."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol

from portal.core.mail.types import Encryption, Letter, MailServer, Trouble

TIMEOUT_SECONDS = 20.0
_NO_SUCH_MAILBOX = (b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.6", b"5.1.10")
"""Enhanced status codes (RFC 3463, 3.2) that will not change however often one tries."""


class NotSent(Exception):
    """The mail certainly did not leave."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class MaybeSent(Exception):
    """The connection broke while the server was given the mail."""


class Overtaken(Exception):
    """Another sender has this mail."""


class Transport(Protocol):
    """What takes a mail away."""

    def deliver(self, letter: Letter, hand_over: Callable[[], bool]) -> None:
        """Take the mail away. The last thing before it can arrive is to ask `hand_over` whether it may.

        Raises NotSent, MaybeSent, or Overtaken where `hand_over` says no.
        """


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """The mail as it travels. Raises ValueError where a header would hold a line break."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.posted_at)
    # The same for each try of the same mail: should it arrive twice after all, programs know it for one.
    message["Message-ID"] = f"<portal.{letter.id}.{int(letter.posted_at.timestamp())}@{address.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(letter.body, cte="quoted-printable")  # lines stay short whatever a link is
    message["Content-Language"] = letter.language  # after the content, which would remove it
    return message


class MailServerTransport:
    """Through a mail server."""

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server, self._sender = server, sender

    def deliver(self, letter: Letter, hand_over: Callable[[], bool]) -> None:
        """Give the mail to the server. The errors are ours: those of `smtplib` hold the recipient."""
        content = message_of(letter, self._sender).as_bytes()
        with self._connection() as connection:
            self._announce(connection, letter.recipient)
            if not hand_over():
                raise Overtaken
            try:
                code, reply = connection.data(content)
            except smtplib.SMTPDataError as refusal:
                raise NotSent(_trouble_with(refusal.smtp_code, refusal.smtp_error)) from None
            except (OSError, smtplib.SMTPException):
                raise MaybeSent from None
            if code != 250:
                raise NotSent(_trouble_with(code, reply))

    def try_out(self) -> None:
        """Connect and sign in, and send nothing. Raises NotSent."""
        with self._connection() as connection:
            connection.noop()

    def _announce(self, connection: smtplib.SMTP, recipient: str) -> None:
        """Say from whom to whom a mail goes."""
        try:
            code, _ = connection.mail(parseaddr(self._sender)[1])
            if code != 250:
                raise NotSent(Trouble.SENDER)
            code, reply = connection.rcpt(recipient)
            if code not in (250, 251):
                raise NotSent(_trouble_with(code, reply))
        except (OSError, smtplib.SMTPException):
            raise NotSent(Trouble.BROKEN_OFF) from None

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        connection: smtplib.SMTP | None = None
        try:
            connection = self._connect()
            self._sign_in(connection)
            yield connection
        finally:
            if connection is not None:
                _hang_up(connection)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        try:
            if server.encryption is Encryption.FROM_THE_START:
                context = ssl.create_default_context()
                return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
            return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        except ssl.SSLError:
            raise NotSent(Trouble.INSECURE) from None
        except (OSError, smtplib.SMTPException):
            raise NotSent(Trouble.UNREACHABLE) from None

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        server = self._server
        try:
            connection.ehlo_or_helo_if_needed()
            if server.encryption is Encryption.STARTTLS:
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
        except (ssl.SSLError, smtplib.SMTPNotSupportedError):
            raise NotSent(Trouble.INSECURE) from None  # also where it has no way to sign in: that comes with encryption
        except smtplib.SMTPAuthenticationError:
            raise NotSent(Trouble.SIGN_IN) from None
        except (OSError, smtplib.SMTPException):
            raise NotSent(Trouble.UNREACHABLE) from None


class FolderTransport:
    """Into a folder, one file a mail: for a demonstration, where `/voorbeeldpost` shows them."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder, self._sender = folder, sender

    def deliver(self, letter: Letter, hand_over: Callable[[], bool]) -> None:
        """Write the file, whole or not at all. Raises NotSent where the folder cannot be written to."""
        content = message_of(letter, self._sender).as_bytes()
        if not hand_over():
            raise Overtaken
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = self._folder / f"{letter.posted_at:%Y%m%dT%H%M%S}-{letter.id:06}.eml"
            beside = file.with_suffix(".new")
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
                written.write(content)
            beside.replace(file)
        except OSError:
            raise NotSent(Trouble.UNREACHABLE) from None


def _trouble_with(code: int, reply: bytes | str) -> Trouble:
    words = reply.encode("ascii", "replace") if isinstance(reply, str) else reply
    return Trouble.MAILBOX if code >= 500 and words.lstrip().startswith(_NO_SUCH_MAILBOX) else Trouble.REFUSED


def _hang_up(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()
