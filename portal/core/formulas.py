"""Text that no spreadsheet program may take for a formula.

Somebody else typed it, and a formula would run at who opens the file.
"""

from __future__ import annotations

_STARTS = frozenset("=+-@\t\r\0＝＋－＠")


def guard(text: str) -> str:
    """`text` so that no spreadsheet program takes it for a formula; `unguard` gives it back unchanged."""
    return f"'{text}" if text.lstrip("'")[:1] in _STARTS else text


def unguard(text: str) -> str:
    """`text` without the apostrophe that `guard` put before it."""
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in _STARTS else text
