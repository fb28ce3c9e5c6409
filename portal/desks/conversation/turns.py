"""In turn: small providers and freely accessible help are in view as much as big institutions.

The order in each group is that of the search, or who can begin soonest; nothing else is weighed but whose turn it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, product, zip_longest

from portal.catalogue.models import Offer
from portal.catalogue.types import OfferAccess, ProviderSize

SMALL = frozenset({ProviderSize.SOLO, ProviderSize.SMALL})
NEVER_TOLD = 10_000
FIRST_SEEN = 3
"""So many are seen before one scrolls: a turn of each group."""


def soonest_first(offers: Iterable[Offer], begins: Callable[[Offer], bool]) -> Sequence[Offer]:
    """The offers by how many weeks their help takes to start; who told nothing comes after that, and last where
    nobody can begin now (`begins`). Who is as soon as another keeps its place."""

    def weeks(offer: Offer) -> tuple[bool, int]:
        told = offer.waiting_weeks_start
        return not begins(offer), NEVER_TOLD if told is None else told

    return sorted(offers, key=weeks)


def in_turn(offers: Iterable[Offer], free: Iterable[Offer], most: int) -> Sequence[Offer]:
    """At most so many: one that fits of a small provider, one freely accessible, one of a bigger provider, and again.

    Nothing comes twice, and where a group is used up the others go on. The first three are of different providers
    where their groups have these.
    """
    groups: tuple[list[Offer], list[Offer], list[Offer]] = ([], [], [])
    seen: set[int] = set()
    for offer in chain(offers, free):
        if offer.id in seen:
            continue
        seen.add(offer.id)
        is_free, is_small = offer.access is OfferAccess.FREE, offer.provider.size in SMALL
        groups[1 if is_free else 0 if is_small else 2].append(offer)
    first = _of_different_providers(groups)
    return _turns([sorted(group, key=lambda offer: offer.id not in first) for group in groups])[:most]


def _turns(groups: Sequence[Sequence[Offer]]) -> list[Offer]:
    turns = chain.from_iterable(zip_longest(*groups))
    return [offer for offer in turns if offer is not None]


def _of_different_providers(groups: Sequence[Sequence[Offer]]) -> set[int]:
    """The ids of the offers for the first turns: of as many providers as can be, each high in its group."""
    begin = _turns(groups)[:FIRST_SEEN]
    nominees = [_best_of_each_provider(next(group for group in groups if offer in group)) for offer in begin]

    def cost(chosen: Sequence[tuple[int, Offer]]) -> tuple[int, int]:
        return -len({offer.provider_id for _, offer in chosen}), sum(place for place, _ in chosen)

    return {offer.id for _, offer in min(product(*nominees), key=cost)}


def _best_of_each_provider(group: Sequence[Offer]) -> Sequence[tuple[int, Offer]]:
    """The first of each provider with its place; of so many that one is always of a provider that was not seen yet."""
    best: dict[int, tuple[int, Offer]] = {}
    for place, offer in enumerate(group):
        best.setdefault(offer.provider_id, (place, offer))
    return list(best.values())[:FIRST_SEEN]
