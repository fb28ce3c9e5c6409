"""Value objects of choosing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.catalogue.codelists import ChoicePoint
from portal.catalogue.models import Offer, Provider
from portal.catalogue.types import OfferStatus
from portal.outcomes.models import Figure
from portal.outcomes.types import Series

MOST_WEIGHT = 2


class Verdict(StrEnum):
    """Whether an offer fits a wish."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """Nobody told, it was told too long ago, or only the family can judge."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A point that matters to the family; `weight` is 1, or 2 where it matters very much."""

    point: ChoicePoint
    weight: int


@dataclass(frozen=True, slots=True)
class Subject:
    """An offer as one family sees it."""

    offer: Offer
    provider: Provider
    status: OfferStatus
    km: float | None
    """To its nearest location; None where one of the two places is unknown."""
    comes_to_family: bool
    waiting_is_old: bool
    results: Mapping[Series, Figure] = field(default_factory=dict)
    """The figures that the viewer may see about this kind of help at its provider, where it stands beside others."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How an offer fits the wishes of a family, the heaviest first."""

    judged: tuple[tuple[Wish, Verdict], ...]

    def of(self, verdict: Verdict) -> tuple[Wish, ...]:
        """The wishes on which the verdict is this."""
        return tuple(wish for wish, found in self.judged if found is verdict)

    @property
    def order(self) -> tuple[int, int]:
        """Smallest first: by the weight of what fits, then by the weight of what does not."""
        fits, fits_not = (sum(wish.weight for wish in self.of(verdict)) for verdict in (Verdict.YES, Verdict.NO))
        return -fits, fits_not


class Sheet(StrEnum):
    """For whom the sheet is."""

    FAMILY = "gezin"
    ACCESS_TEAM = "toegang"
    """For the worker of the municipality, to record the choice."""
