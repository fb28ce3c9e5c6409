"""What a provider tells of how long a family waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.catalogue.models import Offer

LONGEST_WAIT = 520
"""Weeks; the same as in the data package."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one offer: whole weeks to a first talk and to the start, and whether families are taken."""

    intake: int | None
    start: int | None
    is_accepting: bool

    @classmethod
    def of(cls, offer: Offer) -> Told:
        """What the catalogue says now."""
        return cls(offer.waiting_weeks_intake, offer.waiting_weeks_start, offer.accepting_clients)

    @classmethod
    def from_trail(cls, values: Mapping[str, Any]) -> Told:
        """As it was written down by `in_trail`."""
        return cls(values.get("weeks_to_talk"), values.get("weeks_to_start"), bool(values.get("takes_families")))

    @property
    def in_trail(self) -> Mapping[str, object]:
        """How the trail writes it down."""
        return {
            "weeks_to_talk": self.intake, "weeks_to_start": self.start, "takes_families": self.is_accepting,
        }  # fmt: skip


def version_of(offer: Offer) -> str:
    """What stands of it now, in few letters: who sends it back changes nothing that they have not seen."""
    parts = (offer.waiting_weeks_intake, offer.waiting_weeks_start, int(offer.accepting_clients))
    day = offer.waiting_reported_on
    return ".".join("" if part is None else str(part) for part in (*parts, day.isoformat() if day else None))
