"""What a search finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.catalogue.places import Place
from portal.search.question import Question

PAGE_SIZE = 20
FEW = 3
"""Fewer providers than this are hardly a choice: the page helps on, and the region hears what is wanted."""
FACETS = ("arrangement", "onderwerp", "waar", "taal", "grootte", "vrij")
"""The filters that show how many providers each choice would leave."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A provider that fits, with the offer that shows it best."""

    offer_id: int
    provider_id: int
    topics: tuple[str, ...] = ()
    """The topics of the question for which the offer was found."""
    unsuitable: tuple[str, ...] = ()
    """Topics of the question for which its provider says that it is not suitable."""
    fits_closely: bool = True
    """Whether it fits nearly as well as the best; always where that is not what the order is by."""
    distance_km: float | None = None
    """As the crow flies to the nearest location of the offer; None where one of the two places is unknown."""


@dataclass(frozen=True, slots=True)
class HowFar:
    """How far an offer is from where a family lives."""

    km: float | None
    """As the crow flies to its nearest location; None where one of the two places is unknown."""
    comes_to_family: bool
    """Whether nobody has to travel."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of hits, how many providers fit in all, and per facet how many each choice would leave."""

    hits: Sequence[Hit]
    total: int
    counts: Mapping[str, Mapping[str, int]]
    question: Question = field(default_factory=Question)
    from_index: bool = True
    """False where only the words themselves could be looked up, since the index was not there."""
    is_behind: bool = False
    """True where the catalogue changed a moment ago and is still being read: new help may be missing."""
    not_among: tuple[int, ...] = ()
    """The providers (primary keys) that the question names and that do not fit, or cannot be chosen."""
    place: Place | None = None
    """Where distances are measured from; None where the family did not tell, or its postcode is unknown."""
