"""What a family is told about the road to help: advice from the code lists, per arrangement and municipality.

The advice is data (`guidance.csv`), so that a region says it in its own words; here is to whom it is told, and how
the local names get into it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What advice is about: the parts of a page, in their order."""

    LIGHTER = "lighter"
    DECIDES = "decides"
    STEP = "step"
    WAITING = "waiting"
    EIGHTEEN = "eighteen"
    STAYING = "staying"
    COSTS = "costs"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice, without its words."""

    code: str
    part: Part
    arrangements: tuple[str, ...]
    """`*`, a route, or arrangements with what lies below them; after a `!` what is left out again."""
    municipalities: tuple[str, ...]
    """CBS codes where it holds; empty: everywhere."""
    source: str

    def holds_for(self, names: Collection[str], municipality: str | None) -> bool:
        """Whether it is told about an arrangement with these `names` (its code, its parent, its route), there."""
        if self.municipalities and municipality not in self.municipalities:
            return False
        is_named = any(name in self.arrangements for name in ("*", *names))
        return is_named and not any(f"!{name}" in self.arrangements for name in names)


@dataclass(frozen=True, slots=True)
class AdviceWords:
    """The words of a piece of advice in one language; names in braces are filled in (`PLACES_TO_FILL`)."""

    label: str
    explanation: str = ""
    term: str = ""
    """How long, or when; of a step."""


PLACES_TO_FILL = ("gemeente", "toegang", "crisis", "norm")
"""The municipality, its access point and the crisis service by their local names, and the agreed waiting time; with a
capital (`{Toegang}`) where a sentence begins."""
_PLACE = re.compile(r"\{(.*?)\}")


def unknown_places(text: str) -> list[str]:
    """The names in braces that nothing fills."""
    return [name for name in _PLACE.findall(text) if name.lower() not in PLACES_TO_FILL]


def filled(text: str, names: Mapping[str, str]) -> str:
    """`text` with the local `names` in it."""

    def name(place: re.Match[str]) -> str:
        found = names[place[1].lower()]
        return found[:1].upper() + found[1:] if place[1][0].isupper() else found

    return _PLACE.sub(name, text)
