"""The sentence of an offer that shows best why it was found."""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from portal.catalogue.wording import teaser
from portal.search.language import tokens
from portal.search.understanding import Understander

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_CLAUSE_END = re.compile(r"(?<=;)\s+")
_LONG = 160
"""A sentence of more letters is cut where a clause begins, so that what tells is not left out at its end."""
_ASKED = 2.0
_FURTHER_TOPIC = 0.6
_LEAST = 1.5
"""A part that tells less than this is no better than the beginning."""
_TEXTS_KEPT = 10_000
"""Of so many texts the stems are kept: to read twenty texts anew for each page takes longer than to find them."""


class ReadText(NamedTuple):
    """A text with the stems of each of its parts, and where in it each part starts."""

    text: str
    starts: array[int]
    stems: tuple[tuple[str, ...], ...]


def snippet(read: ReadText, asked: Collection[str], topics: Sequence[str], understander: Understander) -> str:
    """The part of a text that starts at its most telling sentence.

    A sentence tells most by the stems that were `asked`, each by how much it says at all, and by those that speak for
    the `topics`, the first more than the others.
    """
    worth_of = _worth(understander, frozenset(asked), tuple(topics)).get
    telling = [sum(filter(None, map(worth_of, part))) for part in read.stems]
    most = max(telling, default=0.0)
    best = telling.index(most) if most >= _LEAST else 0
    return teaser(read.text if best == 0 else f"… {read.text[read.starts[best] :]}")


def _parts(text: str) -> list[str]:
    sentences = _SENTENCE_END.split(" ".join(text.split()))
    return [
        part
        for sentence in sentences
        for part in (_CLAUSE_END.split(sentence) if len(sentence) > _LONG else [sentence])
    ]


@lru_cache(maxsize=_TEXTS_KEPT)
def read_text(text: str, understander: Understander) -> ReadText:
    """Read `text`, so that a part of it can be chosen for any question."""
    parts = _parts(text)
    joined = " ".join(parts)
    return ReadText(
        text if text == joined else joined,  # mostly the same, and then it takes no room of its own
        array("i", accumulate((len(part) + 1 for part in parts), initial=0)),
        # Interned: texts share their words, and a word is found at once where it is the very same.
        tuple(tuple(map(sys.intern, sorted(understander.stems_in(tokens(part))))) for part in parts),
    )


@lru_cache(maxsize=1_000)
def _pulls(understander: Understander, topic: str, share: float) -> Mapping[str, float]:
    return {sys.intern(stem): pull * share for stem, pull in understander.stems_of(topic).items()}


@lru_cache(maxsize=32)
def _worth(understander: Understander, asked: frozenset[str], topics: tuple[str, ...]) -> Mapping[str, float]:
    """Stem to how much it tells; the same for most hits of a page."""
    worth: dict[str, float] = {}
    for number, topic in enumerate(topics):
        for stem, pull in _pulls(understander, topic, _FURTHER_TOPIC if number else 1.0).items():
            worth[stem] = worth.get(stem, 0.0) + pull
    for stem in asked:
        worth[stem] = worth.get(stem, 0.0) + _ASKED * understander.worth_of(stem)
    return worth
