"""Tokens by which a browser is known that once signed in: its attempts are counted on their own.

A token is signed and not stored. It opens nothing: whoever steals one may guess as often as its owner, elsewhere than
strangers do. After OWASP, Slow Down Online Guessing Attacks with Device Cookies.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import date, timedelta

from portal.core.keys import Keys, keyed_digest

VALID = timedelta(days=180)
KEY = "device"
"""The purpose of the key that signs."""


def issue(keys: Keys, account: str, today: date) -> str:
    """A token for a browser in which somebody proved to own `account`; letters, digits and full stops, for a cookie."""
    device, until = secrets.token_hex(16), (today + VALID).isoformat()
    return f"{device}.{until}.{keyed_digest(keys.of(KEY), account, device, until)}"


def recognised(keys: Keys, account: str, token: str, today: date) -> str:
    """The device that `token` was issued to, for `Who`; empty where it is not valid for this account today."""
    device, _, rest = token.partition(".")
    until, _, signature = rest.partition(".")
    expected = [keyed_digest(key, account, device, until) for key in keys.all_of(KEY)]
    if not any(hmac.compare_digest(signature.encode(), known.encode()) for known in expected):
        return ""
    return device if date.fromisoformat(until) >= today else ""
