"""The parts of a sentence that say what is *not* the matter: "op school gaat het goed", "gepest wordt ze niet".

Phrases of `words/reassuring.csv`, written as those of `danger.csv`; a full stop is where a part begins or ends. What
such a part tells of is no worry and is not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from portal.core.text import fold
from portal.search.danger import END
from portal.search.language import Token, parted
from portal.search.phrases import Phrases

_ENDS = re.compile(r"[.,;:!?()\n]|\s[-–—]\s")
_BEGINS = frozenset("maar terwijl want omdat doordat sinds nadat waardoor alleen toch but because while".split())
_DENIES = frozenset("niet nie niets niks geen nooit amper nauwelijks zonder minder slecht weinig nergens".split())
_DOUBTS = frozenset(
    "hoe wat waar welke of wanneer als zolang zodat ooit weer misschien moet moeten kan kunnen zou zal".split()
)
"""Words beside which nothing is said to be well: "hoe komt het weer goed"."""
_POINTS_BACK = frozenset("dat da da's das daar dit die is maar".split())
_SHORT = 8
"""What points back has at most so many words."""


class Well(StrEnum):
    """What is said to be well."""

    HERE = "well"
    """The part in which it is said, unless that denies something: "slaapt goed", not "slaapt niet goed"."""
    PAST = "past"
    """That part, which may be a denial; one of a few words that points back takes the part before it along: "adhd heeft
    hij ook, maar daar gaat het nu niet om"."""


class Reassurance:
    """Knows how families say that something is well."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases` are a `Well` and words."""
        self._phrases = Phrases(phrases)

    def parts_of(self, text: str, words: Sequence[Token]) -> frozenset[int]:
        """Where those of `words` begin in `text` that stand in a part that says what is not the matter.

        Nothing where the whole sentence says so: then that is what it is about.
        """
        parts = parted(text, words, _ENDS, _BEGINS)
        if len(parts) < 2:
            return frozenset()
        well: set[int] = set()
        for number, part in enumerate(parts):
            folded = [fold(word.text) for word in part]
            said = self._said_in(folded)
            if said is not None:
                well.add(number)
            if said is Well.PAST and number and len(part) <= _SHORT and folded[0] in _POINTS_BACK:
                well.add(number - 1)
        if len(well) == len(parts):
            return frozenset()
        return frozenset(word.start for number in well for word in parts[number])

    def _said_in(self, words: Sequence[str]) -> Well | None:
        if not _DOUBTS.isdisjoint(words):
            return None
        found = {meaning for meaning, _ in self._phrases.found_in((END, *words, END))}
        if Well.PAST in found:
            return Well.PAST
        return Well.HERE if found and _DENIES.isdisjoint(words) else None
