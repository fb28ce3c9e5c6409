"""Ages as people write them: in figures and in words."""

from __future__ import annotations

import re

OLDEST_AGE = 27
"""Youth care can go on until 23 and by exception longer; above this an age is a slip."""
_DUTCH = (
    "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien"
).split()
_ENGLISH = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen"
).split()
NUMBERS_IN_WORDS = {word: number for words in (_DUTCH, _ENGLISH) for number, word in enumerate(words, start=1)} | {
    "één": 1
}
_AGE = re.compile(
    r"(?:van |is |leeftijd:? )?(?P<turns>(?:wordt |word )?(?:bijna|haast|almost) |wordt |turns )?(?:net )?"
    r"(?P<number>\d{1,2}|" + "|".join(NUMBERS_IN_WORDS) + r")(?:[,.]\d|½)?"
    r"(?: ?-?(?:jaar|jr|j|jarig|jarige|years?|yrs?|yo)\.?)?(?: (?:oud|old))?",
    re.ASCII,
)


def read_age(text: str | None) -> int | None:
    """A child's age in whole years from 0 to `OLDEST_AGE`, or None where `text` is not one: `9`, `negen`, `13 jaar`.

    Who is nearly five is four.
    """
    found = _AGE.fullmatch(" ".join((text or "").lower().split()))
    if found is None:
        return None
    number = found["number"]
    age = NUMBERS_IN_WORDS.get(number) or int(number)
    age -= found["turns"] is not None
    return age if 0 <= age <= OLDEST_AGE else None
