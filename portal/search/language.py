"""Dutch, as far as search needs it: words, their stems, their parts, and what a mistyped word was meant to be.

A stem is the dictionary form (simplemma) cut by the Porter stemmer for Dutch, with accents dropped. Words that
belong together but end up with different stems (angst, angstig) are joined by `words/derivations.txt`. The
newer Snowball algorithm for Dutch is not used: it makes one word of gezin and zin, begeleiding and beleid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import simplemma
from whoosh.lang.snowball.dutch import DutchStemmer

from portal.core.text import fold

WORDS = Path(__file__).parent / "words"
LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LINKS = ("", "s", "en", "e", "er", "n")
"""What may stand between the parts of a Dutch compound: gezin-s-begeleiding, zorg-en-kind."""
_SHORTEST_COMPOUND = 7
_SHORTEST_PART = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A word as typed, where it stands, and its stem."""

    text: str
    start: int
    end: int
    stem: str


def tokens(text: str) -> list[Token]:
    """The words of `text` in order; a word longer than `LONGEST_WORD` is left out."""
    return [
        Token(match.group(), match.start(), match.end(), stem(match.group()))
        for match in _WORD.finditer(text)
        if len(match.group()) <= LONGEST_WORD
    ]


def stems(text: str) -> tuple[str, ...]:
    """The stems of the words of `text` in order."""
    return tuple(token.stem for token in tokens(text))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """What `word` has in common with its other forms: kind and kinderen, gezin and gezinnen, boos and boze."""
    plain = fold(word).replace("’", "'").removesuffix("'s")
    own = _derivations().get(plain)
    if own is not None:
        return own
    lemma = fold(simplemma.lemmatize(word.lower(), lang="nl"))
    own = _derivations().get(lemma)
    if own is not None:
        return own
    return _porter().stem(lemma) if len(lemma) > _SHORTEST_PART else lemma


@cache
def _porter() -> DutchStemmer:
    return DutchStemmer()


@cache
def _derivations() -> dict[str, str]:
    """Word to the stem of its family, from lines `angst: angstig angstige`."""
    joined: dict[str, str] = {}
    for line in (WORDS / "derivations.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            head, _, members = line.partition(":")
            for word in (head, *members.split()):
                joined[fold(word)] = fold(head)
    return joined


class Compounds:
    """Splits compounds into parts that are known words, with their linking letters."""

    def __init__(self, lexicon: Iterable[str]) -> None:
        self._stems = {stem(word) for word in lexicon if len(word) >= _SHORTEST_PART}
        self._split = lru_cache(maxsize=100_000)(self._find)

    def parts(self, word: str) -> tuple[str, ...]:
        """The stems of the parts of `word` (two or more), or nothing where it is no compound of known words."""
        return self._split(fold(word))

    def _find(self, word: str) -> tuple[str, ...]:
        if not _SHORTEST_COMPOUND <= len(word) <= LONGEST_WORD:
            return ()
        best: tuple[int, tuple[str, ...]] = (0, ())
        for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            tail = word[at:]
            if stem(tail) not in self._stems:
                continue
            for head in self._heads(word[:at]):
                # The split is best whose shorter part is longest: school-angst, not schoo-langst.
                quality = min(len(head), len(tail)) * 2 + (len(head) + len(tail) == len(word))
                if quality > best[0]:
                    best = (quality, (*(self._find(head) or (stem(head),)), *(self._find(tail) or (stem(tail),))))
        return best[1]

    def _heads(self, text: str) -> Iterator[str]:
        for linking in _LINKS:
            head = text.removesuffix(linking) if linking else text
            if (linking and head == text) or len(head) < _SHORTEST_PART:
                continue
            if stem(head) in self._stems or self._find(head):
                yield head


class Speller:
    """Finds the known word that a mistyped one was meant to be.

    Two words are near when deleting at most one letter from each makes them the same: one letter wrong, too
    many, too few, or two changed places (the idea of SymSpell, with deletions of one letter only).
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._words: dict[str, int] = {}
        self._by_deletion: dict[str, list[str]] = {}
        for rank, word in enumerate(vocabulary):
            if len(word) >= 5 and word not in self._words:
                self._words[word] = rank
                for shorter in _deletions(word):
                    self._by_deletion.setdefault(shorter, []).append(word)

    def correct(self, word: str) -> str | None:
        """The known word nearest to `word`; None where `word` is known, short, a real word, or near to nothing."""
        plain = fold(word)
        if len(plain) < 5 or plain in self._words or simplemma.is_known(word.lower(), lang="nl"):
            return None
        near = {known for shorter in (plain, *_deletions(plain)) for known in self._by_deletion.get(shorter, ())}
        # The earlier in the vocabulary, the more common; the same first letter and length count for more.
        return min(
            near,
            key=lambda known: (known[0] != plain[0], abs(len(known) - len(plain)), self._words[known]),
            default=None,
        )


def _deletions(word: str) -> Iterator[str]:
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
