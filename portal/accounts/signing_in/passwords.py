"""Passwords: what is asked of them, and how they are kept.

Kept as argon2id with two passes over 19 MiB (OWASP ASVS 5.0, appendix C). At least twelve characters, at most 128, no
rules about kinds of characters, and none that many people take (ASVS 6.2): not looked up in a stolen list, but
recognised by how such passwords are made, out of a few words and numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 128
WORDS_FILE = Path(__file__).with_name("common_words.txt")


class Weakness(StrEnum):
    """Why a password cannot be taken."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    PERSONAL = "personal"
    """It is hardly more than the name, the mail address or the name of this site."""


class Passwords:
    """Makes and checks hashes. Whoever is unknown takes as long as who is known.

    `passes` and `memory_kib` are the cost; only tests and measurements take less.
    """

    def __init__(self, passes: int = 2, memory_kib: int = 19 * 1024) -> None:
        self._hasher = _hasher(passes, memory_kib)
        self._nobody = _nobody(passes, memory_kib)

    def hash(self, password: str) -> str:
        """What is stored of this password. Raises ValueError for one that is too long to be hashed."""
        if len(password) > LONGEST:
            raise ValueError("a password is measured before it is hashed")
        return self._hasher.hash(_composed(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether this is the password that was stored; without one, as much work for the answer no.

        What is too long is no password, and costs nothing.
        """
        if len(password) > LONGEST:
            return False
        try:
            self._hasher.verify(stored or self._nobody, _composed(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def wants_renewal(self, stored: str) -> bool:
        """Whether the hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)


def _hasher(passes: int, memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)


@cache
def _nobody(passes: int, memory_kib: int) -> str:
    """A hash at this cost that no password has: made when the first application starts, not at the first sign-in."""
    return _hasher(passes, memory_kib).hash("nobody has this password")


def weakness(password: str, personal: Iterable[str] = ()) -> Weakness | None:
    """Why this password cannot be taken, or None. `personal` are words that belong to the person or the site."""
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    folded = _folded(password)
    inner = re.sub(rf"^{_NO_LETTER}+|{_NO_LETTER}+$", "", folded).translate(_WRITTEN_AS)
    own = frozenset(part for text in personal for part in re.split(_NO_LETTER, _folded(text)) if len(part) >= 3)
    if any(_fits(_letters(text), common_words() | own, own) for text in (folded, inner)):
        return Weakness.PERSONAL
    if len(set(folded)) <= FEW_CHARACTERS or _is_run(_letters(folded)) or _is_number(folded):
        return Weakness.COMMON
    is_common = any(_fits(_letters(text), common_words(), common_words()) for text in (folded, inner))
    return Weakness.COMMON if is_common else None


@cache
def common_words() -> frozenset[str]:
    """Words and runs of keys out of which common passwords are made."""
    lines = WORDS_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


_WRITTEN_AS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
FEW_CHARACTERS = 3
FEW_SIGNS = 2
"""With so few letters and kinds of signs it is a number, such as a phone number or a date."""
_NO_LETTER = r"[\W\d_]"


def _letters(folded: str) -> str:
    """The letters of it, without repetition: what is left where numbers and signs say nothing."""
    return re.sub(_NO_LETTER, "", _repeated_unit(folded))


def _is_number(folded: str) -> bool:
    """Whether it is hardly more than digits."""
    signs = {character for character in folded if not character.isalnum()}
    return len(_letters(folded)) <= FEW_SIGNS and len(signs) <= FEW_SIGNS


def _fits(letters: str, words: frozenset[str], needed: frozenset[str]) -> bool:
    """Whether `letters` are one or two of the words, one of them out of `needed`; three are as good as a sentence."""
    if not needed:
        return False
    if letters in needed:
        return True
    halves = ((letters[:cut], letters[cut:]) for cut in range(2, len(letters) - 1))
    return any(a in words and b in words and (a in needed or b in needed) for a, b in halves)


def _repeated_unit(text: str) -> str:
    """The part of which `text` is a repetition, or `text` itself."""
    size = (text + text).find(text, 1)
    return text[:size]


def _is_run(letters: str) -> bool:
    """Whether the letters follow one another in the alphabet, forwards or back."""
    steps = {ord(b) - ord(a) for a, b in pairwise(letters)}
    return steps in ({1}, {-1})


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _composed(password: str) -> str:
    """The same characters in one form, however the keyboard made them (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFC", password)
