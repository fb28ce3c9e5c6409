"""Phrases as word lists write them, and finding them among the words of a question.

A phrase is words in their order. `a|b` is either word, an asterisk stands for any ending (`suicid*`), and two dots for
up to four words between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from portal.core.text import fold

_GAP = ".."
_WORDS_BETWEEN = 4
_LETTERS_KEPT = 3


@dataclass(frozen=True, slots=True)
class Step:
    """What one word of a phrase may be, and whether other words may stand before it."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    after_gap: bool

    def fits(self, word: str) -> bool:
        """Whether it may be this word, given folded."""
        return word in self.words or word.startswith(self.beginnings)


_Listed = tuple[str, tuple[Step, ...]]
"""What a phrase means, and its steps."""
_NOTHING: tuple[_Listed, ...] = ()


class Phrases:
    """Phrases with what they mean, by the words with which they begin."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        by_pair: dict[tuple[str, str], list[_Listed]] = defaultdict(list)
        by_word: dict[str, list[_Listed]] = defaultdict(list)
        by_beginning: dict[str, list[_Listed]] = defaultdict(list)
        for meaning, phrase in phrases:
            steps = steps_of(phrase)
            first, second = steps[0], steps[1] if len(steps) > 1 else None
            for word in first.words:
                # Hundreds begin with the same word: where the next one is a plain word too, both tell them apart.
                if second is not None and not second.after_gap and not second.beginnings:
                    for following in second.words:
                        by_pair[word, following].append((meaning, steps))
                else:
                    by_word[word].append((meaning, steps))
            for beginning in dict.fromkeys(beginning[:_LETTERS_KEPT] for beginning in first.beginnings):
                by_beginning[beginning].append((meaning, steps))
        self._by_pair = {words: tuple(listed) for words, listed in by_pair.items()}
        self._by_word = {word: tuple(listed) for word, listed in by_word.items()}
        self._by_beginning = {beginning: tuple(listed) for beginning, listed in by_beginning.items()}

    def found_in(self, words: Sequence[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
        """What each phrase means that `words` (folded) hold, and where its words stand."""
        for at, (word, following) in enumerate(zip_longest(words, words[1:], fillvalue="")):
            may_be = self._by_pair.get((word, following), _NOTHING) + self._by_word.get(word, _NOTHING)
            begun = self._by_beginning.get(word[:_LETTERS_KEPT])
            if begun:
                may_be += tuple(one for one in begun if word.startswith(one[1][0].beginnings))
            for meaning, steps in may_be:
                places = _places(steps, words, at)
                if places:
                    yield meaning, places


def steps_of(phrase: str) -> tuple[Step, ...]:
    """The words of a phrase of a list. Raises ValueError where it has none, or two dots stand at either end."""
    parts = fold(phrase).split()
    if not parts or _GAP in (parts[0], parts[-1]):
        raise ValueError("must begin and end with a word, not with dots")
    return tuple(
        Step(
            frozenset(word for word in part.split("|") if not word.endswith("*")),
            tuple(word.removesuffix("*") for word in part.split("|") if word.endswith("*")),
            at > 0 and parts[at - 1] == _GAP,
        )
        for at, part in enumerate(parts)
        if part != _GAP
    )


def _places(steps: Sequence[Step], words: Sequence[str], at: int) -> tuple[int, ...]:
    """Where the words of the phrase stand whose first one is at `at`; nothing where the rest does not follow."""
    if len(steps) == 1:
        return (at,)
    following_step = steps[1]
    reach = _WORDS_BETWEEN + 1 if following_step.after_gap else 1
    for following in range(at + 1, min(at + 1 + reach, len(words))):
        if following_step.fits(words[following]):
            rest = _places(steps[1:], words, following)
            if rest:
                return (at, *rest)
    return ()
