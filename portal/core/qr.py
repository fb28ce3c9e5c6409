"""A QR code as the path of a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import segno


@dataclass(frozen=True, slots=True)
class Qr:
    """A code of `size` by `size` squares; `path` draws the dark ones as lines one unit thick (SVG path data)."""

    size: int
    path: str

    @property
    def outer(self) -> int:
        """Its size with the quiet ground of four squares that a reader needs around it."""
        return self.size + 8


def qr_code(text: str) -> Qr | None:
    """The code that says `text`; None where that is too long for any code (2,953 bytes; ISO/IEC 18004)."""
    try:
        code = segno.make_qr(text, error="l", boost_error=True)
    except segno.DataOverflowError:
        return None
    parts = []
    for y, row in enumerate(code.matrix):
        x = 0
        for is_dark, run in groupby(row):
            length = len(list(run))
            if is_dark:
                parts.append(f"M{x} {y}.5h{length}")
            x += length
    return Qr(len(code.matrix), "".join(parts))
