"""What a search finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.search.question import Question

PAGE_SIZE = 20
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


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of hits, how many providers fit in all, and per facet how many each choice would leave."""

    hits: Sequence[Hit]
    total: int
    counts: Mapping[str, Mapping[str, int]]
    question: Question = field(default_factory=Question)
    from_index: bool = True
    """False where only the words themselves could be looked up, since the index was not there."""
