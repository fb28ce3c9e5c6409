"""What in a text may tell who somebody is: patterns that are surely numbers, addresses or days, nothing more.

It finds a citizen service number (BSN, with its check), telephone numbers, mail addresses, a postcode with a house
number, full dates and number plates. It does not find names: whoever asks says so to the person who writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum


class PersonalKind(StrEnum):
    """What kind of personal data it looks like."""

    BSN = "bsn"
    PHONE = "phone"
    MAIL = "mail"
    ADDRESS = "address"
    DATE = "date"
    PLATE = "plate"


Found = tuple[int, int, PersonalKind]
"""Where it begins and ends in the text, and what it is."""
_MONTHS = (
    "jan(?:uari)?|feb(?:ruari)?|maart|mrt|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?|sept?(?:ember)?|okt(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?|january|february|march|may|june|july|august|october"
)
_PLATE = re.compile(r"(?<![\w-])[A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,2}(?![\w-])", re.I)
_PLATE_PARTS = re.compile(r"\d+|[a-z]+", re.I)


def _is_bsn(text: str) -> bool:
    """Whether nine digits pass the eleven test: 9×a + 8×b + … + 2×h − 1×i is a multiple of 11."""
    digits = [int(character) for character in text if character.isdigit()]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(digit * weight for digit, weight in zip(digits, weights, strict=True))
    return any(digits) and total % 11 == 0


def _is_plate(text: str) -> bool:
    """Whether it has the six letters and digits of a Dutch plate, each part of one kind."""
    parts = text.split("-")
    is_pure = all(_PLATE_PARTS.fullmatch(part) for part in parts)
    return is_pure and sum(map(len, parts)) == 6 and any(part.isalpha() for part in parts) and not text.isalpha()


def _always(_text: str) -> bool:
    return True


_PATTERNS: tuple[tuple[PersonalKind, re.Pattern[str], Callable[[str], bool]], ...] = (
    (PersonalKind.MAIL, re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"), _always),
    (PersonalKind.BSN, re.compile(r"(?<!\d)\d{3}[ .-]?\d{2}[ .-]?\d{1}[ .-]?\d{3}(?!\d)"), _is_bsn),
    (PersonalKind.BSN, re.compile(r"(?<!\d)\d{4}[ .-]\d{2}[ .-]\d{3}(?!\d)"), _is_bsn),
    (
        PersonalKind.PHONE,
        re.compile(r"(?<![\d+])(?:(?:\+|00)31[ .-]?(?:\(0\)[ .-]?)?|\(?0)[1-9](?:\)?[ .-]?\d\)?){8}(?!\d)"),
        _always,
    ),
    # Capitals, or letters that touch the digits: "2025 is" is no postcode.
    (PersonalKind.ADDRESS, re.compile(r"\b[1-9]\d{3}(?: ?[A-Z]{2}|[a-z]{2})\b(?:[ ,]+(?:nr\.? ?|nummer )?\d{1,5})?"),
     _always),
    (
        PersonalKind.DATE,
        re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])([-/. ])(?:0?[1-9]|1[0-2])\1(?:\d{4}|\d{2})(?!\d)"),
        _always,
    ),
    (PersonalKind.DATE, re.compile(r"(?<!\d)(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"), _always),
    (
        PersonalKind.DATE,
        re.compile(rf"(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?:e|ste|de|th|st|nd|rd)?\s+(?:{_MONTHS})\.?\s+(?:19|20|')?\d{{2}}\b",
                   re.I),
        _always,
    ),
    (PersonalKind.PLATE, _PLATE, _is_plate),
)  # fmt: skip


def find_personal_data(text: str) -> list[Found]:
    """Where `text` holds what looks like personal data, in its order; nothing is found twice."""
    found: list[Found] = []
    for kind, pattern, is_one in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if is_one(match.group()) and all(end <= other[0] or start >= other[1] for other in found):
                found.append((start, end, kind))
    return sorted(found)
