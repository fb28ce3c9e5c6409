"""Where a child lives already, and where it is to leave: no wish for such a place.

"Mijn pleegzoon van 6 hamstert eten" asks for help in the foster home, not for another one, and "ik moet uit mijn
gezinshuis" for what comes after it. Phrases of `words/homes.csv`, written as those of `danger.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from portal.search.phrases import Phrases


class Home(StrEnum):
    """What is said of a place to live."""

    LIVES = "lives"
    """A child lives with others than its parents."""
    LEAVES = "leaves"
    """These words name a place that somebody is to leave, or left long ago."""
    SEEKS = "seeks"
    """Such a place is looked for, also by who lives in one."""


class Told(NamedTuple):
    """What a sentence says of where a child lives."""

    stays: bool
    """Whether it lives somewhere already and no other place is asked for."""
    left: frozenset[int]
    """Where the words stand that name a place that is left."""


class Homes:
    """Knows how families tell where a child lives."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases` are a `Home` and words."""
        self._phrases = Phrases(phrases)

    def told_in(self, words: Sequence[str]) -> Told:
        """What these words (folded) say."""
        found = list(self._phrases.found_in(words))
        said = {meaning for meaning, _ in found}
        left = frozenset(place for meaning, places in found if meaning == Home.LEAVES for place in places)
        return Told(Home.LIVES in said and said.isdisjoint((Home.LEAVES, Home.SEEKS)), left)
