"""How many providers a family can choose between, for each kind of help in each municipality."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.availability import Situation, is_open
from portal.catalogue.codelists import CodeLists, Route
from portal.catalogue.models import Offer, Provider
from portal.catalogue.types import OfferAccess

CHOICE = 2
"""From so many providers on there is something to choose."""


@dataclass(frozen=True, slots=True)
class Supply:
    """Who gives a kind of help somewhere."""

    arrangement: str
    municipality: str
    taking: tuple[str, ...]
    """The contracted providers that take new families, by name."""
    contracted: int
    """How many have a contract, also those that take nobody now."""

    @property
    def has_choice(self) -> bool:
        """Whether a family can choose."""
        return len(self.taking) >= CHOICE


def supply(
    session: Session, region_id: int, lists: CodeLists, situations: Iterable[tuple[str, Situation]]
) -> Sequence[Supply]:
    """Every kind of help that families choose, in each municipality of `situations` (CBS code with its situation).

    Help of a kind below another counts for that one too.
    """
    kinds = [code for code, entry in lists.arrangements.items() if entry.route is Route.CHOICE]
    found = []
    for municipality, situation in situations:
        rows = session.execute(
            select(Offer.arrangement, Offer.accepting_clients, Provider.name)
            .join(Provider, Provider.id == Offer.provider_id)
            .where(is_open(situation), Offer.access == OfferAccess.REFERRAL, Offer.region_id == region_id)
            .distinct()
        ).all()
        for kind in kinds:
            below = lists.arrangement_and_below(kind)
            here = [(takes, name) for arrangement, takes, name in rows if arrangement in below]
            taking = tuple(sorted({name for takes, name in here if takes}))
            found.append(Supply(kind, municipality, taking, len({name for _, name in here})))
    return found
