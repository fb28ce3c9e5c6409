"""Hearing that somebody may be in danger: phrases of `words/danger.csv`, and idioms that only sound like them.

The words of an idiom ("dood van het lachen", "slaat met deuren") or of a denial ("geen suïcidale gedachten") count for
no danger. Whoever is in need types in haste, so that words are heard glued or split ("kwildood", "iets aan doe"), with
a letter wrong or without their last n; a name of a provider ("Zevende Hemel") is no word at all. Hearing too much is
the smaller fault: then a telephone number stands on a page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from portal.core.text import fold
from portal.search.language import LONGEST_WORD, Speller
from portal.search.phrases import Phrases, steps_of


class Danger(StrEnum):
    """Who to call first; the most urgent first."""

    MEDICAL = "medical"
    """Poison, swallowed pills, a shaken baby, no breath: 112, or the out-of-hours doctor."""
    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    """Cutting and the like, without a word of dying."""
    VIOLENCE = "violence"
    MISSING = "missing"
    """A child that ran away, or did not come home."""


HARMLESS = "harmless"
"""What the list says of an idiom, where a `Danger` stands otherwise."""
NAME = ""
"""Stands for a word of a provider's name."""
END = "."
"""Stands for the end of a sentence, in the list too: "ik wil niet meer ."."""
_WORD = re.compile(r"\w+|[.!?]+")
_SHORTEST_JOINED = 6
_SHORTEST_GLUED = 5
_SHORTEST_WITHOUT_N = 4
_SPELLED_OUT = 3
"""From so many single letters on these are one word: k.m.s."""
_SAYS_WHEN = frozenset(
    "weer alweer opnieuw al gisteren gister gisteravond gistermiddag vandaag vanochtend vanmorgen vanmiddag vanavond "
    "vannacht net nu ineens opeens plotseling echt gewoon vaak soms steeds altijd regelmatig zomaar heel erg ook zelfs "
    "laatst onlangs eigenlijk".split()
)
"""Words that say when or how: "is weer weggelopen" is heard like "is weggelopen"."""


class Heard(NamedTuple):
    """What was heard in a sentence."""

    dangers: frozenset[Danger]
    idiom: bool
    """Whether something in it only sounds like danger."""


class DangerWords:
    """Knows what sounds like danger."""

    def __init__(self, phrases: Iterable[tuple[str, str]], small_words: Iterable[str] = ()) -> None:
        """`phrases` are meanings and words, `small_words` those with which others are written in one."""
        listed = list(phrases)
        self._phrases = Phrases(listed)
        steps = [step for meaning, phrase in listed if meaning != HARMLESS for step in steps_of(phrase)]
        self._words = frozenset(word for step in steps for word in (*step.words, *step.beginnings))
        self._long_beginnings = tuple(b for step in steps for b in step.beginnings if len(b) >= _SHORTEST_JOINED)
        self._small_words = frozenset(map(fold, small_words))
        self._speller = Speller(sorted(self._words))
        self._repaired = lru_cache(maxsize=10_000)(self._repair)

    def heard_in(self, *readings: Sequence[str]) -> Heard:
        """What a sentence speaks of, in any of its readings: the words (folded; `NAME` for a provider's) as they
        stand, and as they were meant."""
        ended = [(*words, END) for words in readings]
        meant = dict.fromkeys((*ended, *map(self.as_meant, ended)))
        shorter = [tuple(word for word in words if word not in _SAYS_WHEN) for words in meant]
        dangers, idiom = set[Danger](), False
        for words in dict.fromkeys((*meant, *shorter)):
            found = list(self._phrases.found_in(words))
            harmless = {place for meaning, places in found if meaning == HARMLESS for place in places}
            idiom = idiom or bool(harmless)
            dangers |= {
                Danger(meaning) for meaning, places in found if meaning != HARMLESS and harmless.isdisjoint(places)
            }
        return Heard(frozenset(dangers), idiom)

    def as_meant(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words with their mistakes mended as far as that makes them words of danger."""
        return tuple(self._joined([part for word in _spelled_out(words) for part in self._repaired(word)]))

    def _repair(self, word: str) -> tuple[str, ...]:
        # A sign may stand for a dozen letters once it is folded: no word of danger is so long.
        is_plain = _SHORTEST_WITHOUT_N <= len(word) <= LONGEST_WORD
        if not is_plain or word in self._words or word in self._small_words:
            return (word,)
        if f"{word}n" in self._words:
            return (f"{word}n",)
        if self._speller.is_real(word):
            return (word,)
        parts = self._parts(word) if len(word) >= _SHORTEST_GLUED else ()
        return parts or (self._speller.correct(word) or word,)

    def _parts(self, glued: str) -> tuple[str, ...]:
        """The words that were written in one, the fewest; nothing where it is not made of known words."""
        best: list[tuple[str, ...] | None] = [()] + [None] * len(glued)
        for end in range(1, len(glued) + 1):
            for start in range(end):
                before, part = best[start], glued[start:end]
                if before is None or not (part in self._words or part in self._small_words):
                    continue
                if best[end] is None or len(before) + 1 < len(best[end] or ()):
                    best[end] = (*before, part)
        return best[-1] or ()

    def _joined(self, words: Sequence[str]) -> Iterator[str]:
        """The words, two that make one word of danger as one."""
        at = 0
        while at < len(words):
            pair = "".join(words[at : at + 2])
            is_one = (
                len(pair) >= _SHORTEST_JOINED
                and {NAME, END}.isdisjoint(words[at : at + 2])
                and (pair in self._words or pair.startswith(self._long_beginnings))
                and not words[at].startswith(self._long_beginnings)
            )
            yield pair if is_one else words[at]
            at += 2 if is_one else 1


def words_of(text: str, aside: Collection[tuple[int, int]] = ()) -> list[str]:
    """The folded words of `text`; those between the places `aside` are a `NAME`."""
    return [
        NAME if any(start <= match.start() < end for start, end in aside) else _folded(match.group())
        for match in _WORD.finditer(text)
    ]


def _folded(word: str) -> str:
    return END if word[0] in ".!?" else fold(word)


def _spelled_out(words: Sequence[str]) -> Iterator[str]:
    """The words, with single letters in a row as one."""
    for is_letter, run in groupby(words, lambda word: len(word) == 1 and word.isalpha()):
        letters = list(run)
        yield from ["".join(letters)] if is_letter and len(letters) >= _SPELLED_OUT else letters
