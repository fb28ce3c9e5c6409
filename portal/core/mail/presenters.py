"""Mail of a demonstration, ready to be shown."""

from __future__ import annotations

import email
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from babel.dates import format_datetime

from portal.core.clock import AMSTERDAM
from portal.core.languages import chosen

MOST_SHOWN = 50
_ADDRESS = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)]")


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a text; with an address it is a link."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail as somebody would read it."""

    id: str
    to: str
    subject: str
    sent: str
    language: str
    body: Sequence[Words]


def shown_mail(folder: Path) -> Sequence[ShownMail]:
    """What was sent lately, newest first."""
    files = sorted(folder.glob("*.eml"), reverse=True)[:MOST_SHOWN]
    return [_shown(file) for file in files]


def _shown(file: Path) -> ShownMail:
    message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    sent = parsedate_to_datetime(message["Date"]).astimezone(AMSTERDAM)
    return ShownMail(
        id=f"mail-{file.stem}",
        to=message["To"],
        subject=message["Subject"],
        sent=format_datetime(sent, "d MMMM y H:mm", locale=chosen()),
        language=message["Content-Language"],
        body=list(_with_links(message.get_content().strip())),
    )


def _with_links(text: str) -> Sequence[Words]:
    """`text` cut into pieces, so that each address in it becomes a link."""
    pieces, end = [], 0
    for found in _ADDRESS.finditer(text):
        pieces += [Words(text[end : found.start()]), Words(found[0], found[0])]
        end = found.end()
    return [piece for piece in (*pieces, Words(text[end:])) if piece.text]
