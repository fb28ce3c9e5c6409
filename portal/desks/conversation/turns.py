"""In turn: small providers and freely accessible help are in view as much as big institutions.

The order in each group is that of the search, or who can begin soonest; nothing else is weighed but whose turn it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, zip_longest

from portal.catalogue.models import Offer
from portal.catalogue.types import OfferAccess, ProviderSize

SMALL = frozenset({ProviderSize.SOLO, ProviderSize.SMALL})


NEVER_TOLD = 10_000


def soonest_first(offers: Iterable[Offer], begins: Callable[[Offer], bool]) -> Sequence[Offer]:
    """The offers by how many weeks their help takes to start; who told nothing comes after that, and last where
    nobody can begin now (`begins`). Who is as soon as another keeps its place."""

    def weeks(offer: Offer) -> tuple[bool, int]:
        told = offer.waiting_weeks_start
        return not begins(offer), NEVER_TOLD if told is None else told

    return sorted(offers, key=weeks)


def in_turn(offers: Iterable[Offer], free: Iterable[Offer], most: int) -> Sequence[Offer]:
    """At most so many: one that fits of a small provider, one freely accessible, one of a bigger provider, and again.

    Nothing comes twice, and where a group is used up the others go on.
    """
    groups: tuple[list[Offer], list[Offer], list[Offer]] = ([], [], [])
    seen: set[int] = set()
    for offer in chain(offers, free):
        if offer.id in seen:
            continue
        seen.add(offer.id)
        is_free, is_small = offer.access is OfferAccess.FREE, offer.provider.size in SMALL
        groups[1 if is_free else 0 if is_small else 2].append(offer)
    turns = chain.from_iterable(zip_longest(*groups))
    return [offer for offer in turns if offer is not None][:most]
