"""What is stored so that only who has the key can read it (AES-256-GCM)."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


def sealed(key: bytes, data: bytes, purpose: bytes) -> bytes:
    """`data`, to be read with this key of 32 bytes only, and for this purpose only."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, purpose)


def opened(key: bytes, data: bytes, purpose: bytes) -> bytes | None:
    """What was sealed; None where it was sealed with another key or for another purpose, or was altered."""
    try:
        return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], purpose)
    except (InvalidTag, ValueError):
        return None
