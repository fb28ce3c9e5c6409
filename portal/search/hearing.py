"""Hearing danger in what families tell, for who reads it: the words of `danger.py`, sentence by sentence."""

from __future__ import annotations

import re

from portal.search.danger import Danger, words_of
from portal.search.engine import current_engine

_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")


def danger_in(text: str) -> str:
    """The most urgent `Danger` that is heard in `text`; empty where none is."""
    hears = current_engine().understander.danger
    heard: set[Danger] = set()
    for sentence in _SENTENCE.findall(text):
        heard |= hears.heard_in(words_of(sentence)).dangers
    return next((danger.value for danger in Danger if danger in heard), "")
