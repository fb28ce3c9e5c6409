"""Small things done to text that several packages need."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LONGEST_KEPT = 40


def sentence(text: str) -> str:
    """`text` with a capital at its start and a full stop, unless it ends as a sentence does."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def fold(text: str) -> str:
    """`text` as it is compared: lower case, accents dropped, runs of white space made one space."""
    return _folded_word(text) if len(text) <= _LONGEST_KEPT else _folded(text)


def _folded(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


_folded_word = lru_cache(maxsize=20_000)(_folded)
"""Of words and short names, which come again and again."""


def slugify(text: str) -> str:
    """`text` as part of an address: `De Springplank (2)` becomes `de-springplank-2`; never empty."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:100].strip("-") or "x"


def whole_number(text: str, digits: int) -> int | None:
    """The number that `text` writes with at most so many digits and nothing else; None where it writes none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The entry of `known` that looks most like `word`, or None where nothing is near."""
    by_fold = {fold(entry): entry for entry in known}
    found = difflib.get_close_matches(fold(word), by_fold, n=1, cutoff=cutoff)
    return by_fold[found[0]] if found else None


def one_line(text: str) -> str:
    """`text` on one line: what is not printed (line ends, escape codes, directions of writing) becomes a space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
