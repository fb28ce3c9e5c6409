"""Keys made of the installation's one secret: each purpose has its own, so that none can stand in for another."""

from __future__ import annotations

import hashlib
import hmac


def derived_key(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes for `purpose`, made of PORTAL_SECRET_KEY (HMAC-SHA-256, as the expansion of RFC 5869)."""
    return hmac.digest(secret.encode(), f"portal {purpose}".encode() + b"\x01", hashlib.sha256)


def keyed_digest(key: bytes, *parts: str) -> str:
    """A digest of `parts` in 64 hexadecimal digits, which nobody can make or search through without the key."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()
