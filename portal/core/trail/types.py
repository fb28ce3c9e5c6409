"""What the trail is made of, and what of it is sealed how."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

HASH_CHARACTERS = 64
LONGEST_ACTION = 60
LONGEST_LABEL = 200
LONGEST_SUBJECT_KIND = 40
LONGEST_SUBJECT_ID = 100
KEY = "trail"
"""The purpose of the key that seals."""
_SECRET_WORDS = {
    "code", "codes", "cookie", "hash", "key", "otp", "passphrase", "password", "passwords", "pin", "secret", "secrets",
    "seed", "token", "tokens", "totp", "wachtwoord",
}  # fmt: skip
_SECRET_BEGINNINGS = ("$argon2", "otpauth:")


class SecretInTrail(ValueError):
    """Somebody would write a secret into the trail, where it could never be taken out again."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What something was done to: its kind, and its id as people or addresses know it."""

    kind: str
    id: str


class MarkName(StrEnum):
    """The two ends of the trail."""

    START = "start"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the chain: how many entries came up to it, and the hash of the last of them."""

    number: int
    hash: str

    def seal(self, key: bytes, name: MarkName) -> str:
        """What proves that we put this mark there."""
        return _hmac(key, json.dumps([name.value, self.number, self.hash]))


NOTHING = Mark(0, "")
"""The start of a trail from which nothing was ever taken away; it needs no seal."""


class Flaw(StrEnum):
    """What can be wrong with a trail."""

    ALTERED = "altered"
    """An entry does not say what was sealed."""
    MISSING = "missing"
    """An entry is not there."""
    OUT_OF_PLACE = "out of place"
    """An entry does not follow the one before it."""
    CUT_OFF = "cut off"
    """The newest entries are gone."""
    ADDED = "added"
    """There is an entry that we did not write."""
    MARK_ALTERED = "mark altered"
    """Where the trail starts or ends does not say what was sealed."""
    REPLACED = "replaced"
    """An entry is another than this machine saw written under its number."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: whether the trail is whole, else where its first flaw is."""

    entries: int
    """How many entries were read and found right."""
    head: Mark
    """The last of them."""
    flaw: Flaw | None = None
    number: int | None = None
    """Of the entry with the flaw; none where a mark has it."""

    @property
    def ok(self) -> bool:
        """Whether nothing was altered, taken out, added or moved."""
        return self.flaw is None


def written(at: datetime) -> str:
    """A moment as the trail writes it.

    Raises ValueError for a moment without a time zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sealed(key: bytes, columns: tuple[object, ...]) -> str:
    """The hash of an entry: a keyed digest over all its columns, the hash of the entry before it among them.

    JSON keeps texts and numbers and the ends of the texts apart. What is no text or number cannot have been sealed by
    us, and gets a hash that fits nothing.
    """
    return _hmac(key, json.dumps(columns, separators=(",", ":"), default=repr))


def as_json(values: Mapping[str, Any] | None) -> str | None:
    """What held before or after, as text: the same values give the same text.

    Raises SecretInTrail where a name or a value looks like a secret, TypeError for a value that JSON does not know.
    """
    if values is None:
        return None
    for name in _secrets(values):
        raise SecretInTrail(f"{name!r} looks like a secret: it does not belong in the trail")
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_date)


def _secrets(value: object, name: str = "") -> Iterator[str]:
    """The names within `value` that look as if they held a secret."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if _SECRET_WORDS & set(str(key).lower().replace("-", "_").split("_")):
                yield str(key)
            yield from _secrets(inner, str(key))
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _secrets(inner, name)
    elif isinstance(value, str) and value.startswith(_SECRET_BEGINNINGS):
        yield name


def _date(value: object) -> object:
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} does not belong in the trail")


def _hmac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
