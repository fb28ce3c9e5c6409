"""Hearing that somebody may be in danger: phrases of `words/danger.csv`, and idioms that only sound like them.

A phrase is words in their order. `a|b` is either word, an asterisk stands for any ending (`suicid*`), and two dots for
up to three words between. The words of an idiom ("dood van het lachen", "slaat met deuren") or of a denial ("geen
suïcidale gedachten") count for no danger. Hearing too much is the smaller fault: then a telephone number stands on a
page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.core.text import fold


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
_GAP = ".."
_WORDS_BETWEEN = 3
_WORD = re.compile(r"\w+")
_LETTERS_KEPT = 3


@dataclass(frozen=True, slots=True)
class _Step:
    """What one word of a phrase may be, and whether other words may stand before it."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    after_gap: bool

    def fits(self, word: str) -> bool:
        return word in self.words or word.startswith(self.beginnings)


class _Phrases:
    """Phrases by their first word."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[tuple[_Step, ...]]] = defaultdict(list)
        self._by_beginning: dict[str, list[tuple[_Step, ...]]] = defaultdict(list)
        for phrase in phrases:
            steps = steps_of(phrase)
            for word in steps[0].words:
                self._by_word[word].append(steps)
            for beginning in dict.fromkeys(beginning[:_LETTERS_KEPT] for beginning in steps[0].beginnings):
                self._by_beginning[beginning].append(steps)

    def found_in(self, words: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """Where the words of each phrase stand that `words` hold."""
        for at, word in enumerate(words):
            beginning = self._by_beginning.get(word[:_LETTERS_KEPT], ())
            for steps in (*self._by_word.get(word, ()), *(s for s in beginning if s[0].fits(word))):
                places = _places(steps, words, at)
                if places:
                    yield places


class DangerWords:
    """Knows what sounds like danger."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        by_meaning: dict[str, list[str]] = defaultdict(list)
        for meaning, phrase in phrases:
            by_meaning[meaning].append(phrase)
        self._idioms = _Phrases(by_meaning[HARMLESS])
        self._dangers = {danger: _Phrases(by_meaning[danger]) for danger in Danger}

    def has_idiom(self, text: str) -> bool:
        """Whether something in `text` only sounds like danger."""
        return any(self._idioms.found_in(_words(text)))

    def heard_in(self, text: str) -> frozenset[Danger]:
        """The dangers of which `text` speaks."""
        words = _words(text)
        harmless = {place for places in self._idioms.found_in(words) for place in places}
        return frozenset(
            danger
            for danger, phrases in self._dangers.items()
            if any(harmless.isdisjoint(places) for places in phrases.found_in(words))
        )


def steps_of(phrase: str) -> tuple[_Step, ...]:
    """The words of a phrase of the list. Raises ValueError where it has none, or two dots stand at either end."""
    parts = fold(phrase).split()
    if not parts or _GAP in (parts[0], parts[-1]):
        raise ValueError("must begin and end with a word, not with dots")
    return tuple(
        _Step(
            frozenset(word for word in part.split("|") if not word.endswith("*")),
            tuple(word.removesuffix("*") for word in part.split("|") if word.endswith("*")),
            at > 0 and parts[at - 1] == _GAP,
        )
        for at, part in enumerate(parts)
        if part != _GAP
    )


def _places(steps: Sequence[_Step], words: Sequence[str], at: int) -> tuple[int, ...]:
    """Where the words of the phrase stand whose first one is at `at`; nothing where the rest does not follow."""
    if len(steps) == 1:
        return (at,)
    reach = _WORDS_BETWEEN + 1 if steps[1].after_gap else 1
    for following in range(at + 1, min(at + 1 + reach, len(words))):
        if steps[1].fits(words[following]):
            rest = _places(steps[1:], words, following)
            if rest:
                return (at, *rest)
    return ()


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
