"""Codes: the one-time codes of a phone, the codes on paper, and those that travel by mail.

One-time codes follow RFC 6238 (six digits, half a minute). Their secret is not stored: it is made of a salt of the
person and a key of the installation, so that a stolen database opens no account. Codes of mails and on paper have 80
random bits and are kept as digests under another key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp

from portal.core.keys import Keys, keyed_digest

STEP_SECONDS = 30
DRIFT = 1
"""So many half minutes a phone may be ahead or behind."""
FAR = 20
"""Within so many half minutes we can tell that a clock is wrong."""
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: nothing that looks like something else. Read as he says: O is 0, I and L are 1."""
_MISREAD = str.maketrans("OIL", "011")
CODE_LENGTH = 16
SECOND_FACTOR = "second factor"
"""The purpose of the key of which secrets are made."""
RECOVERY_CODES = 10


# --- one-time codes of a phone ---------------------------------------------------------------------------


def totp_secrets(keys: Keys, salt: str) -> Sequence[str]:
    """The secret that phone and portal share, in Base32 (160 bits); after it those of former keys."""
    made = (hmac.digest(key, salt.encode(), hashlib.sha256)[:20] for key in keys.all_of(SECOND_FACTOR))
    return [base64.b32encode(secret).decode() for secret in made]


def current_step(now: datetime) -> int:
    """The half minute that it is."""
    return int(now.timestamp()) // STEP_SECONDS


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The half minute near now to which the typed code belongs, nearest first; None where it belongs to none.

    Spaces do not count. Whether that half minute is near enough, and unused, is for the caller to say.
    """
    code = "".join(typed.split())
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    totp, here = pyotp.TOTP(secret), current_step(now)
    found = None
    for away in sorted(range(-FAR, FAR + 1), key=lambda steps: (-abs(steps), steps)):
        if hmac.compare_digest(totp.generate_otp(here + away), code):
            found = here + away
    return found


def code_at(secret: str, now: datetime) -> str:
    """The code that a phone with this secret shows now."""
    return pyotp.TOTP(secret).generate_otp(current_step(now))


def secret_for_people(secret: str) -> str:
    """The secret in groups of four, to be typed over."""
    return _in_groups(secret)


def setup_address(secret: str, email: str, issuer: str) -> str:
    """What a phone reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


# --- codes on paper and in mails -------------------------------------------------------------------------


def new_code() -> str:
    """A random code of 80 bits, without groups."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def for_people(code: str) -> str:
    """A code as it is shown: in groups of four."""
    return _in_groups(code, "-")


def read_code(typed: str) -> str | None:
    """The code that somebody typed, with or without groups; None where it cannot be one."""
    code = "".join(c for c in typed[:200].upper() if c.isalnum()).translate(_MISREAD)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def code_digests(keys: Keys, code: str) -> Sequence[str]:
    """What is kept of a code that travels by mail; after it what was kept under the installation's former keys."""
    return [keyed_digest(key, code) for key in keys.all_of("mail code")]


def recovery_digests(keys: Keys, person_id: int, code: str) -> Sequence[str]:
    """The same of a code on paper."""
    return [keyed_digest(key, str(person_id), code) for key in keys.all_of("recovery code")]


def new_token() -> str:
    """A random name of 256 bits, for a cookie."""
    return secrets.token_urlsafe(32)


def new_public_id() -> str:
    """A random name of 128 bits, for an address."""
    return secrets.token_urlsafe(16)


def token_digest(token: str) -> str:
    """What is kept of a token; it is long enough to need no key."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def form_token(token: str) -> str:
    """What the forms of a sign-in carry along: known to its own pages only, and no way back to the cookie."""
    return hashlib.sha256(b"form " + token.encode("utf-8", "surrogatepass")).hexdigest()


def _in_groups(text: str, between: str = " ") -> str:
    return between.join(text[at : at + 4] for at in range(0, len(text), 4))
