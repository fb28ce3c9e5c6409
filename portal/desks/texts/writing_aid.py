"""Advice about a text: long sentences, and words of the trade with plain ones instead.

Only advice: nothing is refused.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LONG_SENTENCE = 20
"""Words; plain Dutch (B1) stays below it, says the language level of the national style guide."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORDS = Path(__file__).with_name("plain_words.csv")


@dataclass(frozen=True, slots=True)
class Advice:
    """What to look at: a long sentence with its number of words, or a word with a plain one."""

    text: str
    words: int = 0
    plain: str = ""


def advice_on(text: str) -> Sequence[Advice]:
    """What a reader who reads little would stumble over, in the order of the text: sentences first, then words."""
    sentences = [" ".join(part.split()) for part in _SENTENCE_END.split(text) if part.strip()]
    long = [Advice(part, words) for part in sentences if (words := len(part.split())) > LONG_SENTENCE]
    found = {match.group().lower(): match for match in reversed(list(_pattern().finditer(text)))}
    in_order = sorted(found.values(), key=lambda match: match.start())
    return [*long, *(Advice(match.group(), plain=plain_words()[match.group().lower()]) for match in in_order)]


@cache
def plain_words() -> Mapping[str, str]:
    """Words of the trade, and what everybody says."""
    with _WORDS.open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["plain"] for row in csv.DictReader(file, delimiter=";")}


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(plain_words(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
