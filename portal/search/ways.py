"""Questions about the way to help, not about a worry: what it costs, how long to wait, who has to agree.

Phrases of `words/ways.csv`, written as those of `danger.csv`. A full stop is where the question begins or ends:
". klacht ." is nothing but that word, which beside others may be about a body.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from portal.search.danger import END
from portal.search.phrases import Phrases


class Way(StrEnum):
    """What is asked about the way to help."""

    COSTS = "costs"
    WAITING = "waiting"
    BEGIN = "begin"
    """Where to go first, and how to apply."""
    REFERRAL = "referral"
    CHOICE = "choice"
    """Whether the family may choose who helps, or somebody else does."""
    CONSENT = "consent"
    """Who has to agree, and what parents get to know."""
    PRIVACY = "privacy"
    """Who reads the file, and who is told."""
    PGB = "pgb"
    """To buy help with a budget of one's own."""
    FIRST_VISIT = "first_visit"
    """Who comes, and what happens then."""
    ENDING = "ending"
    """The help stops, or the family wants to stop."""
    ANOTHER_HELPER = "another_helper"
    """Does not get on with the helper, or has had many."""
    COMPLAINT = "complaint"
    COUNSELLOR = "counsellor"
    """Somebody who stands beside the family, free and independent."""
    LEGAL = "legal"
    """A lawyer, the court, the Child Care and Protection Board and its report."""
    PREGNANCY_CHOICE = "pregnancy_choice"
    """Whether to have the child."""
    ANONYMOUS_CHAT = "anonymous_chat"
    """To talk or chat without giving a name."""


_MORE_THAN_BEGINNING = frozenset({Way.COMPLAINT, Way.COUNSELLOR, Way.LEGAL, Way.ANONYMOUS_CHAT})
"""Whoever asks where to go with these ("waar kan ik terecht met een klacht") does not ask where help begins."""


class WayWords:
    """Knows how the way is asked about."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases` are ways and words."""
        self._phrases = Phrases(phrases)

    def asked_in(self, words: Sequence[str]) -> Mapping[Way, frozenset[int]]:
        """The ways that these words (folded) ask about, and where the words stand that do it."""
        found: dict[Way, frozenset[int]] = {}
        for way, places in self._phrases.found_in((END, *words, END)):
            own = (place - 1 for place in places if 0 < place <= len(words))
            found[Way(way)] = found.get(Way(way), frozenset()).union(own)
        narrower = next((way for way in found if way in _MORE_THAN_BEGINNING), None)
        if narrower is not None:
            found[narrower] |= found.pop(Way.BEGIN, frozenset())
        return found
