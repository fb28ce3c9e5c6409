"""The sentence of an offer that shows best why it was found."""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, count, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.catalogue.wording import beginning, teaser
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
_LOOKED_AT = 440
"""A part is shown in as many letters as a teaser has at most, once its white space is one space each."""
_TEXTS_KEPT = 10_000
"""Of so many texts the stems are kept: to read twenty texts anew for each page takes longer than to find them."""


class ReadText(NamedTuple):
    """A text with its stems, as numbers, the part in which each stands, and where in the text each part starts."""

    text: str
    starts: array[int]
    stems: NDArray[np.int32]
    parts: NDArray[np.int16]


def snippets(
    texts: Sequence[ReadText], asked: Collection[str], topics: Sequence[str], understander: Understander
) -> list[str]:
    """Of each of these texts (one or more) the part that starts at its most telling sentence.

    A sentence tells most by the stems that were `asked`, each by how much it says at all, and by those that speak for
    the `topics`, the first more than the others. All texts at once, since each step of numpy costs as much for one.
    """
    worth = _worth(understander, frozenset(asked), tuple(topics))
    # A stem that got its number later than these is none of them: it meets the last of `worth`, which is nothing.
    worths = worth.take(np.concatenate([read.stems for read in texts]), mode="clip")
    ends = list(accumulate(max(1, len(read.starts)) for read in texts))
    firsts = [0, *ends[:-1]]
    of = np.repeat(firsts, [len(read.stems) for read in texts])
    telling = np.bincount(of + np.concatenate([read.parts for read in texts]), worths, minlength=ends[-1]).tolist()
    return [_told(read, telling[first:end]) for read, first, end in zip(texts, firsts, ends, strict=True)]


def _told(read: ReadText, telling: Sequence[float]) -> str:
    most = max(telling)
    best = telling.index(most)
    if best == 0 or most < _LEAST:
        return start_of(read)
    start = read.starts[best]
    return _shown(f"… {read.text[start : start + _LOOKED_AT]}")


def start_of(read: ReadText) -> str:
    """The first sentence or two of a text."""
    return _shown(read.text[:_LOOKED_AT])


def _shown(part: str) -> str:
    # Most texts have one space between words, and to look is much faster than to write them anew.
    is_spaced = "  " not in part and part.isprintable() and part == part.strip()
    return beginning(part) if is_spaced else teaser(part)


def read_text(text: str, understander: Understander) -> ReadText:
    """Read `text`, so that a part of it can be chosen for any question."""
    return _read(sys.intern(text), understander)  # a provider that is remembered has the same text, as the same object


@lru_cache(maxsize=_TEXTS_KEPT)
def _read(text: str, understander: Understander) -> ReadText:
    starts = list(_starts(text))
    ends = [*starts[1:], len(text)]
    stems = [understander.stems_in(tokens(text[start:end])) for start, end in zip(starts, ends, strict=True)]
    return ReadText(
        text,
        array("i", starts),
        np.array([_number(stem) for found in stems for stem in sorted(found)], dtype=np.int32),
        np.repeat(np.arange(len(starts), dtype=np.int16), [len(found) for found in stems]),
    )


def _starts(text: str) -> Iterator[int]:
    """Where in `text` its parts start."""
    sentences = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    for start, end in pairwise(sentences):
        if start < end or start == 0:
            yield start
        if end - start > _LONG:
            yield from (match.end() for match in _CLAUSE_END.finditer(text, start, end) if match.end() < end)


_numbers: dict[str, int] = {}
_next_number = count()


def _number(stem: str) -> int:
    """What stands for a stem in this process: a number takes a tenth of the room of a word."""
    known = _numbers.get(stem)
    return _numbers.setdefault(stem, next(_next_number)) if known is None else known


@lru_cache(maxsize=32)
def _worth(understander: Understander, asked: frozenset[str], topics: tuple[str, ...]) -> NDArray[np.float64]:
    """Number of a stem to how much it tells; the same for most hits of a page."""
    pulls = [_pulls(understander, topic) for topic in topics]
    asked_for = {_number(stem): _ASKED * understander.worth_of(stem) for stem in asked}
    worth = np.zeros(max([*asked_for, *(int(stems.max(initial=0)) for stems, _ in pulls)], default=0) + 2)
    for place, (stems, pull) in enumerate(pulls):
        worth[stems] += pull * (_FURTHER_TOPIC if place else 1.0)
    worth[list(asked_for)] += list(asked_for.values())
    return worth


@lru_cache(maxsize=1_000)
def _pulls(understander: Understander, topic: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The stems that speak for a topic, as numbers, and how much each says for it."""
    pulls = understander.stems_of(topic)
    return np.array([_number(stem) for stem in pulls], dtype=np.int32), np.array(list(pulls.values()), dtype=np.float64)


def forget() -> None:
    """Drop what was read with words that are not used any more."""
    for kept in (_read, _worth, _pulls):
        kept.cache_clear()
