"""Questions about the way to help, not about a worry: what it costs, how long to wait, who has to agree.

Phrases of `words/ways.csv`, written as those of `danger.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from portal.search.phrases import Phrases


class Way(StrEnum):
    """What is asked about the way to help."""

    COSTS = "costs"
    WAITING = "waiting"
    REFERRAL = "referral"
    CONSENT = "consent"
    """Who has to agree, and what parents get to know."""
    PRIVACY = "privacy"
    """Who reads the file, and who is told."""
    PGB = "pgb"
    """To buy help with a budget of one's own."""
    FIRST_VISIT = "first_visit"
    """Who comes, and what happens then."""
    ANOTHER_HELPER = "another_helper"
    """Does not get on with the helper, or has had many."""
    COMPLAINT = "complaint"
    COUNSELLOR = "counsellor"
    """Somebody who stands beside the family, free and independent."""
    LEGAL = "legal"
    """A lawyer, the court, the Child Care and Protection Board and its report."""
    ANONYMOUS_CHAT = "anonymous_chat"
    """To talk or chat without giving a name."""


class WayWords:
    """Knows how the way is asked about."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases` are ways and words."""
        self._phrases = Phrases(phrases)

    def asked_in(self, words: Sequence[str]) -> Mapping[Way, frozenset[int]]:
        """The ways that these words (folded) ask about, and where the words stand that do it."""
        found: dict[Way, frozenset[int]] = {}
        for way, places in self._phrases.found_in(words):
            found[Way(way)] = found.get(Way(way), frozenset()).union(places)
        return found
