"""What stands hidden in the forms of a talk: sealed, and never stored.

A form carries a random number, so that it counts once however often it is sent. That number stands in the address of
the form too, so that who goes back meets the same form; it says nothing of the talk. After counting, the page carries
what was counted, so that a mistake can be taken back right away by whoever made it; that stands in no address.
"""

from __future__ import annotations

import secrets
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from portal.core.keys import Keys, keyed_digest
from portal.desks.choice.types import Place, Talk

UNDO_WITHIN = timedelta(minutes=30)
_PRESS, _SAID, _UNDO = "choice press", "choice said", "choice undo"


class NoSeal(ValueError):
    """It was not made by us for this person, or its time is over."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted with a form, to take it back."""

    number: str
    place: Place
    talk: Talk


def new_press(keys: Keys, membership_id: int, today: date) -> str:
    """For a form that is shown today; good until the end of tomorrow."""
    made: str = _serializer(keys, _PRESS).dumps([secrets.token_hex(16), membership_id, today.toordinal()])
    return made


def read_press(keys: Keys, sealed: str, membership_id: int, today: date) -> str:
    """The random number of a form. Raises NoSeal."""
    number, owner, day = _opened(keys, _PRESS, sealed, 3)
    if owner != membership_id or not day <= today.toordinal() <= day + 1:
        raise NoSeal
    return str(number)


def digest_of(keys: Keys, number: str) -> str:
    """Under what it is known that the form with this number was counted."""
    return keyed_digest(keys.of(_PRESS), number)


def said_in(keys: Keys, counted: Counted) -> str:
    """What it said, as nobody can read it who has not the form."""
    said = (*astuple(counted.place), *astuple(counted.talk))
    return keyed_digest(keys.of(_SAID), counted.number, *map(str, said))


def undo(keys: Keys, counted: Counted, membership_id: int, now: datetime) -> str:
    """What takes it back, for some minutes from now."""
    until = int((now + UNDO_WITHIN).timestamp())
    parts = [counted.number, list(astuple(counted.place)), list(astuple(counted.talk)), membership_id, until]
    made: str = _serializer(keys, _UNDO).dumps(parts)
    return made


def read_undo(keys: Keys, sealed: str, membership_id: int, now: datetime) -> Counted:
    """What is to be taken back. Raises NoSeal."""
    number, place, talk, owner, until = _opened(keys, _UNDO, sealed, 5)
    if owner != membership_id or now.timestamp() > until:
        raise NoSeal
    return Counted(number, Place(*place), Talk(*talk))


def _opened(keys: Keys, purpose: str, sealed: str, parts: int) -> list:  # type: ignore[type-arg]
    try:
        found = _serializer(keys, purpose).loads(sealed)
    except (BadSignature, UnicodeError):
        raise NoSeal from None
    if not isinstance(found, list) or len(found) != parts:
        raise NoSeal
    return found


def _serializer(keys: Keys, purpose: str) -> URLSafeSerializer:
    # It signs with the last of its keys, and knows what was signed with the others.
    return URLSafeSerializer(list(reversed(keys.all_of(purpose))), salt=purpose)
