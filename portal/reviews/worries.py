"""What worries: a story in which something sounds like it, a moderator reads before the others.

Search hears danger in sentences, and shows whom to call; it is careful with idioms (`portal.search.hearing`). Whoever
reads stories reads all of them, so that hearing too much costs nothing here but the order. A list of words missed six
of ten sentences that were written after it; so this compares a sentence with examples, by their words and by runs of
letters, which find a word in another form, spelling or dialect (naive Bayes; `benchmarks/danger_in_stories.py`
measures it).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from portal.core.text import fold

WORRY = "worry"
"""What stands in the place of a danger where something only worries."""
EXAMPLES_FILE = Path(__file__).with_name("worry_examples.txt")
RUNS = (3, 4, 5)
"""Runs of so many letters are compared."""
WORRIES_FROM = 2.0
"""From so much on a sentence worries. Lower misses less, and puts more harmless stories before the others."""
_SENTENCE = re.compile(r"[^.!?\n]+")
_BETWEEN = re.compile(r"[^a-z0-9]+")


def worries_in(text: str) -> bool:
    """Whether a sentence of `text` is more like those in which somebody may be in danger than like the others."""
    return any(_worry(sentence) >= WORRIES_FROM for sentence in _SENTENCE.findall(text))


def _worry(sentence: str) -> float:
    marks, weights = _marks(sentence), _weights()
    return sum(weights.get(mark, 0.0) for mark in marks) / math.sqrt(len(marks)) if marks else 0.0


def _marks(sentence: str) -> frozenset[str]:
    """What a sentence is compared by: its words, pairs of words, and runs of letters."""
    words = _BETWEEN.sub(" ", fold(sentence)).split()
    letters = f" {' '.join(words)} "
    runs = (letters[at : at + long] for long in RUNS for at in range(len(letters) - long + 1))
    pairs = (f"={word}={after}" for word, after in pairwise(words))
    return frozenset((*runs, *(f"={word}" for word in words), *pairs)) if words else frozenset()


@cache
def _weights() -> Mapping[str, float]:
    """How much each mark speaks for a worry: the logarithm of how much more often it stands in such examples."""
    seen: dict[str, Counter[str]] = {"!": Counter(), "-": Counter()}
    number: Counter[str] = Counter()
    for line in EXAMPLES_FILE.read_text(encoding="utf-8").splitlines():
        kind, _, sentence = line.partition(" ")
        if kind in seen:
            number[kind] += 1
            seen[kind].update(_marks(sentence))
    worrying, harmless = seen["!"], seen["-"]
    return {
        mark: math.log((worrying[mark] + 0.5) / (number["!"] + 1) * (number["-"] + 1) / (harmless[mark] + 0.5))
        for mark in worrying.keys() | harmless.keys()
    }
