"""The link of a mail, good for the waiting time of one offer and nothing else.

It is not stored: a seal over the offer, the membership it was mailed to and its last day. It stops working when that
person leaves, and a day is all it tells to who finds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from portal.core.keys import Keys

VALID_DAYS = 40
"""Longer than a month, so that the mail of this month works until that of the next is there."""
_PURPOSE = "waiting link"


@dataclass(frozen=True, slots=True)
class WaitingLink:
    """Which offer, and to whom it was mailed."""

    offer_id: int
    membership_id: int


class NoLink(ValueError):
    """It was not made by us, or its last day has passed."""


def sealed(keys: Keys, link: WaitingLink, today: date) -> str:
    """What stands in the address, from today for `VALID_DAYS` days."""
    until = today + timedelta(days=VALID_DAYS)
    made: str = _serializer(keys).dumps([link.offer_id, link.membership_id, until.toordinal()])
    return made


def path(keys: Keys, link: WaitingLink, today: date) -> str:
    """The path of that address, as it is mailed."""
    return f"/nog-juist/{sealed(keys, link, today)}"


def opened(keys: Keys, token: str, today: date) -> WaitingLink:
    """What the address leads to. Raises NoLink."""
    try:
        offer_id, membership_id, until = _serializer(keys).loads(token)
    except (BadSignature, TypeError, ValueError):
        raise NoLink from None
    if until < today.toordinal():
        raise NoLink
    return WaitingLink(offer_id, membership_id)


def _serializer(keys: Keys) -> URLSafeSerializer:
    # It signs with the last of its keys, and knows what was signed with the others.
    return URLSafeSerializer(list(reversed(keys.all_of(_PURPOSE))), salt=_PURPOSE)
