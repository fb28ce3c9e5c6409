"""Which quarter is asked for in an address."""

from __future__ import annotations

from collections.abc import Sequence

from portal.reviews.types import Quarter


def asked_quarter(text: str, quarters: Sequence[Quarter]) -> Quarter | None:
    """The quarter that is named where it is one of these, else the newest; None where there is none."""
    return next((one for one in quarters if str(one) == text), quarters[0] if quarters else None)
