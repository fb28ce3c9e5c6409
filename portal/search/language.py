"""Dutch, as far as search needs it: words, their stems, their parts, and what a mistyped word was meant to be.

A stem is the dictionary form (simplemma) cut by the Porter stemmer for Dutch, with accents dropped. Words that
belong together but end up with different stems (angst, angstig) are joined by `words/derivations.txt`. The
newer Snowball algorithm for Dutch is not used: it makes one word of gezin and zin, begeleiding and beleid.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
import simplemma
from simplemma.strategies import DefaultStrategy
from whoosh.lang.snowball.dutch import DutchStemmer

from portal.core.text import fold

WORDS = Path(__file__).parent / "words"
LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LINKS = ("", "s", "en", "e", "er", "n")
"""What may stand between the parts of a Dutch compound: gezin-s-begeleiding, zorg-en-kind."""
_SHORTEST_COMPOUND = 7
_SHORTEST_PART = 3
_SHORTEST_SPELLED = 5
_SHORTEST_SOUND = 4


@dataclass(frozen=True, slots=True)
class Token:
    """A word as typed, where it stands, and its stem."""

    text: str
    start: int
    end: int
    stem: str
    typed: str = ""
    """What was typed, where this word was read in its place."""


def tokens(text: str) -> list[Token]:
    """The words of `text` in order; a word longer than `LONGEST_WORD`, as typed or once folded, is left out."""
    return [
        Token(match.group(), match.start(), match.end(), stem(match.group()))
        for match in _WORD.finditer(text)
        if len(match.group()) <= LONGEST_WORD and len(fold(match.group())) <= LONGEST_WORD
    ]


def parted(text: str, words: Iterable[Token], ends: re.Pattern[str], begins: Collection[str]) -> list[list[Token]]:
    """The words of `text` in its parts: one begins where `ends` is found before a word, or with a word of `begins`."""
    parts: list[list[Token]] = []
    for word in words:
        if not parts or ends.search(text, parts[-1][-1].end, word.start) or fold(word.text) in begins:
            parts.append([])
        parts[-1].append(word)
    return parts


def stems(text: str) -> tuple[str, ...]:
    """The stems of the words of `text` in order."""
    return tuple(token.stem for token in tokens(text))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What `word` has in common with its other forms: kind and kinderen, gezin and gezinnen, boos and boze."""
    plain = fold(word).replace("’", "'").removesuffix("'s")
    own = _derivations().get(plain)
    if own is not None:
        return own
    lemma = fold(_lemmatizer().lemmatize(word.lower(), lang="nl"))
    own = _derivations().get(lemma)
    if own is not None:
        return own
    return _porter().stem(lemma) if len(lemma) > _SHORTEST_PART else lemma


@cache
def _lemmatizer() -> simplemma.Lemmatizer:
    # What `stem` remembers need not be remembered here once more.
    return simplemma.Lemmatizer(cache_max_size=1, lemmatization_strategy=DefaultStrategy(low_memory=True))


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
        words = {fold(word) for word in lexicon if len(word) >= _SHORTEST_PART}
        self._stems = {stem(word) for word in words}
        # The forms of a word begin alike, and to compare beginnings is much faster than to find a stem.
        self._beginnings = {word[:_SHORTEST_PART] for word in words}
        self._split = lru_cache(maxsize=50_000)(self._find)

    def parts(self, word: str) -> tuple[str, ...]:
        """The stems of the parts of `word` (two or more), or nothing where it is no compound of known words."""
        return self._split(fold(word))

    def forget(self) -> None:
        """Drop what was found so far."""
        self._split.cache_clear()

    def _find(self, word: str) -> tuple[str, ...]:
        if not _SHORTEST_COMPOUND <= len(word) <= LONGEST_WORD:
            return ()
        best: tuple[int, tuple[str, ...]] = (0, ())
        for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            tail = word[at:]
            if not self._is_part(tail):
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
            if self._is_part(head) or self._find(head):
                yield head

    def _is_part(self, text: str) -> bool:
        return text[:_SHORTEST_PART] in self._beginnings and stem(text) in self._stems


class Speller:
    """Finds the known word that a mistyped one was meant to be.

    Two words are near when they sound the same (hoovt, hoofd), or when deleting at most one letter from each makes
    them the same: one letter wrong, too many, too few, or two changed places (the idea of SymSpell, with deletions of
    one letter only).
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        words = dict.fromkeys(word for word in vocabulary if len(word) >= _SHORTEST_SOUND)
        self._rank = {word: rank for rank, word in enumerate(words)}
        self._words = tuple(words)
        # Kept as numbers, since the deletions themselves would take more room than all other words together.
        self._near = _Marked((shorter, rank) for word, rank in self._rank.items() for shorter in _deletions(word))
        self._alike = _Marked((sound(word), rank) for word, rank in self._rank.items())

    def knows(self, word: str) -> bool:
        """Whether this is one of the words."""
        return fold(word) in self._rank

    @staticmethod
    def is_real(word: str) -> bool:
        """Whether the Dutch dictionary has this word."""
        return simplemma.is_known(word.lower(), lang="nl", low_memory=True)

    def correct(self, word: str) -> str | None:
        """The known word nearest to `word`; None where `word` is known, short, a real word, or near to nothing."""
        plain = fold(word)
        if len(plain) < _SHORTEST_SOUND or plain in self._rank:
            return None
        if self.is_real(word):
            return None
        alike = {known for known in self._known(self._alike, [sound(plain)]) if sound(known) == sound(plain)}
        near = set[str]()
        if len(plain) >= _SHORTEST_SPELLED:
            candidates = self._known(self._near, _deletions(plain))
            near = {known for known in candidates if len(known) >= _SHORTEST_SPELLED and _one_apart(known, plain)}
        # Sound tells most; then the same first letter and length; the earlier in the vocabulary, the more common.
        return min(
            alike | near,
            key=lambda known: (
                known not in alike, known[0] != plain[0], abs(len(known) - len(plain)), self._rank[known]
            ),
            default=None,
        )  # fmt: skip

    def _known(self, marked: _Marked, keys: Iterable[str]) -> Iterator[str]:
        return (self._words[rank] for key in keys for rank in marked.with_mark(key))


class _Marked:
    """Ranks of words by a key, of which only a number is kept. Two keys seldom have the same: who asks, checks."""

    def __init__(self, keys: Iterable[tuple[str, int]]) -> None:
        marks = np.fromiter((crc32(key.encode()) << 32 | rank for key, rank in keys), dtype=np.uint64)
        marks.sort()
        self._marks = (marks >> np.uint64(32)).astype(np.uint32)
        self._ranks = marks.astype(np.uint32)  # the lower half

    def with_mark(self, key: str) -> list[int]:
        """The ranks that have this key, and perhaps a few others."""
        mark = np.uint32(crc32(key.encode()))
        first, last = np.searchsorted(self._marks, mark), np.searchsorted(self._marks, mark, side="right")
        ranks: list[int] = self._ranks[first:last].tolist()
        return ranks


_SPOKEN = (
    ("sch", "sg"), ("ch", "g"), ("ph", "f"), ("th", "t"), ("x", "ks"), ("qu", "kw"), ("ce", "se"), ("ci", "si"),
    ("cy", "sy"), ("c", "k"), ("ij", "ei"), ("ou", "au"), ("ie", "i"), ("y", "i"), ("v", "f"), ("z", "s"),
)  # fmt: skip
"""Letters, and those that sound the same; in this order."""
_AT_THE_END = (("dt", "t"), ("d", "t"), ("b", "p"))
_DOUBLED = re.compile(r"(.)\1+")


def sound(word: str) -> str:
    """A key that is the same for spellings that sound alike in Dutch: hoofd and hooft, dochter and dogter."""
    for written, spoken in _SPOKEN:
        word = word.replace(written, spoken)
    for written, spoken in _AT_THE_END:
        if word.endswith(written):
            word = word.removesuffix(written) + spoken
            break
    return _DOUBLED.sub(r"\1", word)


def _deletions(word: str) -> Iterator[str]:
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


def _one_apart(one: str, other: str) -> bool:
    return not set(_deletions(one)).isdisjoint(_deletions(other))
