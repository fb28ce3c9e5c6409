"""The sentence of an offer that shows best why it was found."""

from __future__ import annotations

import re

from portal.catalogue.wording import teaser
from portal.search.language import stems

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ASKED = 3


def snippet(text: str, asked: frozenset[str], about: frozenset[str]) -> str:
    """The part of `text` that starts at its most telling sentence.

    A sentence tells most by the stems that were `asked`, then by those that the topics are `about`.
    """
    sentences = _SENTENCE_END.split(" ".join(text.split()))
    telling = [_ASKED * len(asked & found) + len(about & found) for found in map(_stems, sentences)]
    best = telling.index(max(telling)) if any(telling) else 0
    start = " ".join(sentences[best:])
    return teaser(start if best == 0 else f"… {start}")


def _stems(sentence: str) -> frozenset[str]:
    return frozenset(stems(sentence))
