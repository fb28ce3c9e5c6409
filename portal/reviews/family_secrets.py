"""The two secrets of a family: the code on paper, and the phrase to come back with.

Of each a part is kept in clear, by which its row is found (the selector), and of the whole a slow digest (argon2id over
a digest with a key of the installation, so that the database alone opens nothing). Code and phrase have 80 random bits.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

from portal.accounts.signing_in.codes import read_code
from portal.core import sealing
from portal.core.keys import Keys, keyed_digest
from portal.core.text import fold, nearest

CODE_SELECTOR = 5
"""So many of the sixteen characters of a code find its row."""
PHRASE_WORDS = 8
PHRASE_SELECTOR = 2
"""So many of the eight words of a phrase find its experience."""
WORDS_FILE = Path(__file__).with_name("phrase_words.txt")


@dataclass(frozen=True, slots=True)
class Cost:
    """How slow the digest is; kept with each, so that it can grow."""

    passes: int = 2
    memory_kib: int = 19 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of a secret."""

    salt: str
    digest: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A secret that was right, with the key that only it gives."""

    key: bytes


def keep(keys: Keys, secret: str, cost: Cost = Cost()) -> Kept:
    """What to store of a new secret."""
    salt = f"{cost.passes}.{cost.memory_kib}.{secrets.token_hex(16)}"
    return Kept(salt, _stretched(keys.of("family secret"), secret, salt)[0])


def opened(keys: Keys, secret: str, kept: Kept | None) -> Opened | None:
    """Whether this is the secret of which `kept` was stored; without it, as much work for the answer no."""
    if kept is None:
        _stretched(b"", secret, f"{Cost().passes}.{Cost().memory_kib}.{'0' * 32}")
        return None
    for key in keys.all_of("family secret"):
        digest, inner = _stretched(key, secret, kept.salt)
        if hmac.compare_digest(digest, kept.digest):
            return Opened(inner)
    return None


def _stretched(key: bytes, secret: str, salt: str) -> tuple[str, bytes]:
    """A digest of the secret to be stored, and a key that is made of the secret alone."""
    passes, memory, random = salt.split(".")
    raw = hash_secret_raw(keyed_digest(key, secret).encode(), random.encode(), int(passes), int(memory), 1, 64, Type.ID)
    return hashlib.sha256(raw[:32]).hexdigest(), raw[32:]


# --- what is locked with a code --------------------------------------------------------------------------


def seal(opened: Opened, text: str) -> bytes:
    """`text`, to be read by who has the code only (AES-256-GCM)."""
    return sealing.sealed(opened.key, text.encode(), b"draft")


def unseal(opened: Opened, sealed: bytes) -> str:
    """What was sealed; empty where it cannot be read."""
    found = sealing.opened(opened.key, sealed, b"draft")
    return "" if found is None else found.decode()


# --- codes -----------------------------------------------------------------------------------------------


def selector_of(code: str) -> str:
    """The part of a code by which its row is found."""
    return code[:CODE_SELECTOR]


def proof_of(keys: Keys, code: str) -> str:
    """What the pages of a questionnaire carry along: that this code was found right before."""
    return keyed_digest(keys.of("code was right"), code)


def is_proved(keys: Keys, code: str, proof: str) -> bool:
    """Whether `proof` was made of this code."""
    return hmac.compare_digest(proof_of(keys, code).encode(), proof.encode("utf-8", "replace"))


def read(typed: str) -> str | None:
    """The code that somebody typed or scanned; None where it cannot be one."""
    return read_code(typed)


# --- phrases ---------------------------------------------------------------------------------------------


@cache
def phrase_words() -> tuple[str, ...]:
    """The words of which phrases are made: 1,024, so that each holds ten bits."""
    words = tuple(WORDS_FILE.read_text(encoding="utf-8").split())
    if len(set(words)) != 1024:
        raise ValueError("phrases need 1,024 different words")
    return words


def new_phrase() -> str:
    """Eight random words."""
    return " ".join(secrets.choice(phrase_words()) for _ in range(PHRASE_WORDS))


def read_phrase(typed: str) -> str | None:
    """The phrase that somebody typed, a letter wrong here and there mended; None where it cannot be one."""
    words = fold(typed[:400]).replace(",", " ").replace(".", " ").replace("-", " ").split()
    if len(words) != PHRASE_WORDS:
        return None
    meant = list(_meant(words))
    return " ".join(meant) if len(meant) == PHRASE_WORDS else None


def _meant(words: list[str]) -> Iterator[str]:
    known = frozenset(phrase_words())
    for word in words:
        found = word if word in known else nearest(word, phrase_words(), 0.8)
        if found is not None:
            yield found


def phrase_selector(phrase: str) -> str:
    """The part of a phrase by which its experience is found."""
    return " ".join(phrase.split()[:PHRASE_SELECTOR])
