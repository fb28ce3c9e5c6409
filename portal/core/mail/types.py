"""What mail is made of: addresses, the server that takes it, how it fares."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self
from urllib.parse import unquote, urlsplit

LONGEST_ADDRESS = 254
"""Characters of a mail address (RFC 5321, 4.5.3.1.3)."""
LONGEST_SUBJECT = 200
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
    re.IGNORECASE | re.ASCII,  # without ASCII, [a-z] would also take ı, ſ and the Kelvin sign
)
"""One mailbox, as HTML defines it for `<input type=email>`, but with a dot in the domain and none on its own."""
_ON_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class MailState(StrEnum):
    """How far a mail is."""

    WAITING = "waiting"
    HANDING_OVER = "handing_over"
    """The server is being given it; only one sender can bring a mail to this state."""
    SENT = "sent"
    REFUSED = "refused"
    """The server says that there is no such mailbox."""
    UNCERTAIN = "uncertain"
    """The connection broke while the server was given it: it may have arrived, so it is not sent again."""


class Trouble(StrEnum):
    """Why a mail could not be sent. A kind, not the server's words: these can hold the recipient."""

    UNREACHABLE = "unreachable"
    INSECURE = "insecure"
    """No encryption, or a certificate that is not that of the server."""
    SIGN_IN = "sign_in"
    SENDER = "sender"
    MAILBOX = "mailbox"
    """There is no such mailbox."""
    REFUSED = "refused"
    """The server does not take it, now or ever."""
    BROKEN_OFF = "broken_off"

    @property
    def concerns_every_mail(self) -> bool:
        """Whether the next mail would fare the same."""
        return self in (Trouble.UNREACHABLE, Trouble.INSECURE, Trouble.SIGN_IN, Trouble.SENDER)


def mailbox(text: str) -> str:
    """`text` as the address of one mailbox, without the spaces around it.

    Raises ValueError where it is not one: nothing that it holds can then become a header or a second recipient.
    """
    address = text.strip(" ")
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise ValueError("not the address of a mailbox")
    return address


def subject_line(text: str) -> str:
    """`text` as the subject of a mail.

    Raises ValueError for an empty or endless one, and for characters that could begin another header.
    """
    if not text.strip() or len(text) > LONGEST_SUBJECT or not text.isprintable():
        raise ValueError(f"a subject is one line of 1 to {LONGEST_SUBJECT} characters")
    return text


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail on its way."""

    id: int
    recipient: str
    subject: str
    body: str
    language: str
    posted_at: datetime


class Encryption(StrEnum):
    """How the connection to the mail server is kept secret."""

    FROM_THE_START = "tls"
    STARTTLS = "starttls"
    NONE = "none"
    """Only for a server on this machine: the mail does not leave it unencrypted."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes our mail."""

    host: str
    port: int
    encryption: Encryption
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read `smtps://user:password@host:465` (encrypted from the start) or `smtp://user:password@host:587`.

        The latter must offer STARTTLS, unless it runs on this machine. Special characters of user and password are
        written with a percent sign.

        Raises ValueError that says what is wrong, without repeating what may be a password.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps"):
            raise ValueError("must begin with smtps:// or smtp://")
        try:
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError("has a port that is no number; write special characters of a password as %..") from None
        if not host or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("is not smtps://user:password@host; write special characters of a password as %..")
        if (parts.username is None) != (parts.password is None):
            raise ValueError("has a user without a password")
        if parts.scheme == "smtps":
            encryption, usual = Encryption.FROM_THE_START, 465
        elif host in _ON_THIS_MACHINE:
            encryption, usual = Encryption.NONE, 25
        else:
            encryption, usual = Encryption.STARTTLS, 587
        return cls(host, port or usual, encryption, unquote(parts.username or ""), unquote(parts.password or ""))
