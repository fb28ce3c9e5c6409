"""How English, dialect and shorthand are read: as the Dutch words that stand beside them in `words/readings.csv`.

Dialect and shorthand are read wherever they stand, since no such word means anything else in Dutch. English is read
only where the sentence as a whole is English: "die", "was" and "bed" are words of both.

As in the other lists `a|b` is either word, and `50..84` is any number from the one to the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import chain, product

from portal.core.text import fold
from portal.search.language import Token, tokens

_WORDS_KEPT = 10_000
"""Of so many words it is kept whether they are English."""
_NUMBERS = re.compile(r"(\d+)\.\.(\d+)")


class Tongue(StrEnum):
    """Whose word it is."""

    ENGLISH = "en"
    DIALECT = "li"
    SHORTHAND = "nl"


@dataclass(frozen=True, slots=True)
class Reading:
    """Words as typed, and what they are in Dutch; nothing where Dutch needs no word for it."""

    tongue: Tongue
    typed: str
    meant: str


_Phrases = dict[tuple[str, str], list[tuple[tuple[str, ...], tuple[Token, ...]]]]
"""The first two words to the phrases that begin with them, longest first, with their Dutch; of one word the second is
empty."""


class Readings:
    """Reads what is not plain Dutch."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._everywhere: _Phrases = defaultdict(list)
        self._english: _Phrases = defaultdict(list)
        for reading in readings:
            known = self._english if reading.tongue is Tongue.ENGLISH else self._everywhere
            for typed in written_out(reading.typed):
                phrase = tuple(_plain(word.text) for word in tokens(typed))
                known[phrase[0], phrase[1] if len(phrase) > 1 else ""].append((phrase, tuple(tokens(reading.meant))))
        for phrases in (*self._everywhere.values(), *self._english.values()):
            phrases.sort(key=lambda item: -len(item[0]))
        self._begin_english = frozenset(first for first, _ in self._english)
        self._may_be_english = lru_cache(maxsize=_WORDS_KEPT)(self._has_english)

    def is_english(self, words: Sequence[Token], is_dutch: Callable[[Token], bool]) -> bool:
        """Whether more of these words are English and not Dutch than Dutch and not English."""
        balance = 0
        for word in words:
            balance += self._may_be_english(word.text) - is_dutch(word)
        return balance > 0

    def _has_english(self, word: str) -> bool:
        return any(form in self._begin_english for form in _forms(_plain(word)))

    def read(self, words: Sequence[Token], english: bool) -> list[Token]:
        """The words with their Dutch in place of what was typed; in an English sentence of its words too."""
        known, forms = (self._english, _forms) if english else (self._everywhere, _as_typed)
        plain = [_plain(word.text) for word in words]
        read: list[Token] = []
        at = 0
        while at < len(words):
            length, meant = _longest(known, forms, plain[at:])
            if length:
                typed = " ".join(word.text for word in words[at : at + length])
                start, end = words[at].start, words[at + length - 1].end
                read += [replace(word, start=start, end=end, typed=typed) for word in meant]
            else:
                read.append(words[at])
            at += max(1, length)
        return read


def written_out(typed: str) -> Iterator[str]:
    """Each way of typing that `typed` stands for: "iq|tiq 50..84" for "iq 50" and so on up to "tiq 84"."""
    return map(" ".join, product(*map(_choices, typed.split())))


def _choices(part: str) -> Sequence[str]:
    numbers = _NUMBERS.fullmatch(part)
    if numbers is None:
        return [word for word in part.split("|") if word]
    return [str(number) for number in range(int(numbers[1]), int(numbers[2]) + 1)]


def _longest(
    known: _Phrases, forms: Callable[[str], Iterator[str]], plain: Sequence[str]
) -> tuple[int, tuple[Token, ...]]:
    """How many of these words the longest phrase at their beginning takes, and its Dutch."""
    seconds = [*forms(plain[1])] if len(plain) > 1 else []
    for first in forms(plain[0]):
        for phrase, meant in chain.from_iterable(known.get((first, second), ()) for second in (*seconds, "")):
            rest = plain[1 : len(phrase)]
            if len(rest) == len(phrase) - 1 and all(
                word == said or word in forms(said) for word, said in zip(phrase[1:], rest, strict=True)
            ):
                return len(phrase), meant
    return 0, ()


def _plain(word: str) -> str:
    return fold(word).replace("’", "'")


def _as_typed(word: str) -> Iterator[str]:
    yield word


def _forms(word: str) -> Iterator[str]:
    """An English word as typed, then what it may be a form of: cries, cry; hitting, hit; smoked, smoke."""
    yield word
    for ending, replacements in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            trunk = word.removesuffix(ending)
            for replacement in replacements:
                yield trunk + replacement
            if trunk[-1] == trunk[-2]:
                yield trunk[:-1]


_ENDINGS = (("'s", ("",)), ("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ied", ("y",)), ("ed", ("", "e")),
            ("ing", ("", "e")))  # fmt: skip
