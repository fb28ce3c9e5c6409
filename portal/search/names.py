"""Which provider a question names: in one word or several, with or without "Praktijk", and with one letter wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from portal.core.text import fold
from portal.search.language import Speller, Token, tokens

_LONGEST = 5
"""A name is looked for in so many words in a row."""
_SHORTEST_GLUED = 8
"""A name that is written glued or split is taken for one from so many letters on."""
_SHORTEST_WORD = 5
"""And by one of its words alone, where nothing else was asked."""
_COMMON = 4
"""A word of so many names tells none of them: Praktijk, Gezinshuis."""
_TELLS_LITTLE = frozenset(
    "de het een t n d en voor van in aan op praktijk kinderpraktijk jeugdpraktijk psychologiepraktijk gezinshuis "
    "stichting bureau buro centrum zorgboerderij logeerhuis zorggroep zorg jeugdzorg jeugdhulp pleegzorg coach gezin "
    "jeugd".split()
)
"""Nor does what many are called, whoever they are."""
_MOST_WORDS_MENDED = 6
"""Names that are split or have a letter wrong are looked for in questions that are no longer: else they are seldom
about a name."""


class Named(NamedTuple):
    """Which providers are named, and which words do it."""

    providers: tuple[int, ...]
    words: frozenset[int]


NOBODY = Named((), frozenset())


class ProviderNames:
    """The names of providers; each is known by its place in the list."""

    def __init__(self, names: Sequence[str]) -> None:
        read = [[fold(token.text) for token in tokens(name)] for name in names]
        times = Counter(word for words in read for word in set(words))
        self._common = frozenset(word for word, count in times.items() if count >= _COMMON) | _TELLS_LITTLE
        with_key: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(read):
            telling = [word for word in words if word not in self._common]
            single = [word for word in telling if len(word) >= _SHORTEST_WORD and times[word] == 1]
            for key in {"".join(words), "".join(telling), *single} - {""}:
                with_key[key].append(number)
        self._with_key = {key: tuple(numbers) for key, numbers in with_key.items()}
        self._telling = {word for words in read for word in words if word not in self._common} | set(self._with_key)
        self._speller = Speller(key for key in self._with_key if len(key) >= _SHORTEST_GLUED)
        self._mended = lru_cache(maxsize=10_000)(self._speller.correct)

    def named_in(self, words: Sequence[Token], is_ordinary: Callable[[Token], bool]) -> Named:
        """The providers that `words` name.

        A word of the dictionary, or of which `is_ordinary` says that families use it, names nobody among other words,
        unless a name is made of several such.
        """
        folded = [fold(word.text) for word in words]
        if len(words) > _MOST_WORDS_MENDED and self._telling.isdisjoint(folded):
            return NOBODY  # as nearly always, and much sooner
        providers: dict[int, None] = {}
        taken: set[int] = set()
        for first, last, typed in self._windows(folded):
            key = typed
            within = range(first, last)
            if taken.intersection(within):
                continue
            if key not in self._with_key and len(words) <= _MOST_WORDS_MENDED and len(key) >= _SHORTEST_GLUED:
                key = self._mended(key) or key
            found = self._with_key.get(key)
            rest_is_common = all(word in self._common for at, word in enumerate(folded) if at not in within)
            is_telling = sum(folded[at] not in self._common for at in within) > 1 or not (
                is_ordinary(words[first]) or Speller.is_real(key)
            )
            if found and (rest_is_common or (is_telling and len(key) >= _SHORTEST_GLUED)):
                providers |= dict.fromkeys(found)
                taken.update(within)
        return Named(tuple(providers), frozenset(taken))

    def _windows(self, folded: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Words in a row as one, the longest first, with and without their common words."""
        for length in range(min(_LONGEST, len(folded)), 0, -1):
            for first in range(len(folded) - length + 1):
                within = folded[first : first + length]
                yield first, first + length, "".join(within)
                telling = [word for word in within if word not in self._common]
                if telling and len(telling) < length:
                    yield first, first + length, "".join(telling)
