"""Where a family lives, as its sentence says: a postcode, or a municipality that it names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from portal.catalogue.codelists import CodeLists
from portal.catalogue.places import read_postcode
from portal.core.text import fold
from portal.search.language import Token

_POSTCODE = (
    re.compile(r"\b([1-9][0-9]{3} ?[A-Z]{2}|[1-9][0-9]{3}[a-z]{2})\b"),
    re.compile(r"\b[Pp]ostcode:? ([1-9][0-9]{3})\b"),
    re.compile(r"\b(?:[Ii]n|[Uu]it) (?!19|20)([1-9][0-9]{3})\b"),
    re.compile(
        r"^(?!19|20)([1-9][0-9]{3}),? (?=[a-z])(?!(?:euro|gram|kilo|kg|keer|meter|km|uur|leerlingen|kinderen)\b)"
    ),
    re.compile(r"(?<=\S )(?!19|20)([1-9][0-9]{3})$"),
)
"""Ways to write a postcode, the surest first; four digits alone may be a year, or anything, but hardly where a sentence
begins or ends."""
_INTRODUCES_PLACE = frozenset({"in", "uit", "gemeente", "bij", "te", "wonen", "woon"})
_ELSEWHERE = frozenset(
    "ziekenhuis kliniek polikliniek osteopaat huisarts tandarts arts winkel supermarkt fabriek kantoor stage club "
    "voetbalclub manege zwembad rechtbank gevangenis werk werkt werken baan opa oma oom tante vader moeder ex "
    "politie".split()
)
"""What is in a place where the family need not live: "het ziekenhuis in Maastricht"."""
_ARTICLES = frozenset({"de", "het", "een"})
_ORDINARY_WORDS = frozenset({"beek", "stein", "well", "best", "oss", "urk", "laren", "buren", "west", "noord"})
"""Names of municipalities that are also words or names: taken for a place only where the sentence says so."""


class Where(NamedTuple):
    """What a sentence says of where the family lives."""

    municipality: str | None
    """CBS code."""
    postcode: str | None
    words: set[int]
    """Where the words begin that say so."""


def read_where(
    text: str, words: Sequence[Token], code_lists: CodeLists, own: Collection[str], beginnings: Collection[str]
) -> Where:
    """Where the family lives that typed `text`, of which these are the words.

    Of the municipalities `own` (CBS codes) the names, and the halves of double ones, are places wherever they stand;
    `beginnings` are the first words of names that have several.
    """
    municipality, of_places = _municipality(words, code_lists, own, beginnings)
    posted = next(filter(None, (pattern.search(text) for pattern in _POSTCODE)), None)
    if posted is not None:
        of_places |= {word.start for word in words if posted.start() <= word.start < posted.end()}
    return Where(municipality, read_postcode(posted[1]) if posted else None, of_places)


def _municipality(
    words: Sequence[Token], code_lists: CodeLists, own: Collection[str], beginnings: Collection[str]
) -> tuple[str | None, set[int]]:
    """The first municipality that the sentence names, and where the words of all that it names stand; `beginnings` are
    the first words of names that have several."""
    halves = _halves(tuple((code, code_lists.municipalities[code].name) for code in own))
    named: dict[int, str] = {}
    taken: set[int] = set()
    of_several = [at for at, word in enumerate(words) if word.text.lower() in beginnings]
    for length in (4, 3, 2, 1):
        for at in of_several if length > 1 else range(len(words)):
            part = words[at : at + length]
            if len(part) < length or taken.intersection(range(at, at + length)):
                continue
            name = " ".join(word.text for word in part)
            found = code_lists.municipality(name)
            code = found.code if found else halves.get(fold(name))
            if code is None:
                continue
            before = fold(words[at - 1].text) if at else ""
            is_of_something = before in _INTRODUCES_PLACE and at > 1 and fold(words[at - 2].text) in _ELSEWHERE
            is_own = code in own
            capital = part[0].text[:1].isupper() and at > 0
            # "Stein, faalangst", "faalangst stein", but not "valt in de beek".
            at_an_end = is_own and (at == 0 or at + length == len(words)) and before not in _ARTICLES
            everywhere = is_own and fold(name) not in _ORDINARY_WORDS
            if before in _INTRODUCES_PLACE or capital or at_an_end or everywhere:
                if not is_of_something:
                    named[at] = code
                taken.update(range(at, at + length))
    return named[min(named)] if named else None, {words[at].start for at in taken}


@lru_cache(maxsize=8)
def _halves(names: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Each half of a double name, and each whole one, with its code; the names come with theirs."""
    return {fold(half): code for code, name in names for half in name.replace(" aan de Geul", "-").split("-") if half}
