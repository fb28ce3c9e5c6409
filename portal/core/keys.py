"""Keys made of the installation's one secret: each purpose has its own, so that none can stand in for another."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keys:
    """What the secret of the installation opens.

    Of a demonstration without a secret everybody can make the keys: they then protect nothing.
    """

    secret: str = field(default="", repr=False)
    former: Sequence[str] = field(default=(), repr=False)
    """Secrets of before, newest first: what was sealed with them is still recognised."""

    def of(self, purpose: str) -> bytes:
        """The key for `purpose`."""
        return derived_key(self.secret, purpose)

    def all_of(self, purpose: str) -> Sequence[bytes]:
        """The key for `purpose`, and after it those of before."""
        return [derived_key(secret, purpose) for secret in (self.secret, *self.former)]


def derived_key(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes for `purpose`, made of PORTAL_SECRET_KEY (HMAC-SHA-256, as the expansion of RFC 5869)."""
    return hmac.digest(secret.encode(), f"portal {purpose}".encode() + b"\x01", hashlib.sha256)


def keyed_digest(key: bytes, *parts: str) -> str:
    """A digest of `parts` in 64 hexadecimal digits, which nobody can make or search through without the key."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()
