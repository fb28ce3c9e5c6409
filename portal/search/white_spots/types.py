"""What is counted, and under which rules."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

DIGEST_CHARACTERS = 32
LONGEST_VALUE = 80


class SpotKind(StrEnum):
    """What was looked for in vain."""

    WORD = "word"
    """A Dutch word that search does not know."""
    TOPIC = "topic"
    """A topic with too few providers in a municipality."""


class FoundKind(StrEnum):
    """What led families to a provider, as far as it is in our own lists."""

    SHOWN = "shown"
    """A topic for which a provider stood on the first page."""
    SAID = "said"
    """A word with which a topic was asked for."""


class Spot(NamedTuple):
    """One thing that is counted: a single word or a topic, and what it was met beside."""

    kind: SpotKind | FoundKind
    value: str
    beside: str = ""
    """Of a topic looked for in vain the municipality (CBS code; empty: anywhere), of a topic that was found the
    provider (primary key), of a word that was said the topic."""


def kind_of(text: str) -> SpotKind | FoundKind:
    """The kind that is written so. Raises ValueError for any other text."""
    return SpotKind(text) if text in tuple(SpotKind) else FoundKind(text)


@dataclass(frozen=True, slots=True)
class Rules:
    """From when a spot is common enough to be written down."""

    least_sightings: int = 5
    least_days: int = 2

    def is_common(self, digest: str, sightings: int, days: int) -> bool:
        """Whether the spot behind `digest` may be written down when it is met again.

        Each spot wants up to twice the least number, by chance that only its digest knows: who types a word
        just often enough, to see whether one more family did, cannot tell.
        """
        more = int(digest[:8], 16) % self.least_sightings
        return days >= self.least_days and sightings >= self.least_sightings + more

    def rounded(self, sightings: int) -> int:
        """What is told of a number: never so exact that one family makes a difference that is seen."""
        return max(sightings - sightings % self.least_sightings, self.least_sightings)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a process needs to count in one period."""

    period: str
    key: bytes = field(repr=False)
    common: frozenset[str]
    """Digests of the spots that may be written down."""

    def digest(self, spot: Spot) -> str:
        """What stands for `spot` while it is rare: nothing without the key, which is thrown away with its period."""
        text = "\0".join((spot.kind, spot.value, spot.beside))
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()[:DIGEST_CHARACTERS]


@dataclass
class DayCount:
    """What was met on one day."""

    sightings: dict[str, int] = field(default_factory=dict)
    """Digest to how often."""
    common: set[Spot] = field(default_factory=set)
    """Spots that were common before."""

    def add(self, other: DayCount) -> None:
        """Take up what another process met on the same day."""
        for digest, times in other.sightings.items():
            self.sightings[digest] = self.sightings.get(digest, 0) + times
        self.common |= other.common


def period_of(day: date) -> str:
    """The period that `day` belongs to: its month, as `2026-11`."""
    return f"{day:%Y-%m}"


def period_before(period: str, months: int) -> str:
    """The period so many months earlier."""
    number = int(period[:4]) * 12 + int(period[5:]) - 1 - months
    return f"{number // 12:04}-{number % 12 + 1:02}"
