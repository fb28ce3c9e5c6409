"""Words that worry: where one stands in a story, a moderator reads it before the others.

Search hears danger in sentences, and shows whom to call; it is careful with idioms (`portal.search.hearing`). Whoever
reads stories reads all of them, so that hearing too much costs nothing here but the order: a list of single words
(`worry_words.txt`) misses far less (`tests/reviews/danger_stories.txt`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from portal.core.text import fold

WORRY = "worry"
"""What stands in the place of a danger where only words worry."""
WORDS_FILE = Path(__file__).with_name("worry_words.txt")


@cache
def _words() -> re.Pattern[str]:
    lines = WORDS_FILE.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line and not line.startswith("#")]
    phrases = [re.escape(phrase).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for phrase in told]
    return re.compile("|".join(rf"\b{phrase}\b" for phrase in phrases))


def worries_in(text: str) -> bool:
    """Whether a word that worries stands in `text`."""
    return _words().search(fold(text)) is not None
