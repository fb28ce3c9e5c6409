"""What the pages of the dashboard count. Of families nothing is read here but what may be told already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from portal.accounts.types import Scope
from portal.catalogue.availability import Situation, agreed_weeks, is_open, status_of
from portal.catalogue.models import Offer, Provider
from portal.catalogue.types import OfferAccess
from portal.reviews.invitations.queries import batches, spent_shares
from portal.reviews.types import FEW_SPENT

FREE = ""
"""In place of a kind of help: what is freely accessible."""
SOON_WEEKS, LATE_WEEKS = 4, 10
"""To a first talk and to treatment, the waits that the field agreed at most (Treeknorm, jeugd-ggz)."""


def open_offers(session: Session, region_id: int, situation: Situation) -> Sequence[Offer]:
    """What can be chosen in a region today, with all that decides where."""
    return (
        session.scalars(
            select(Offer)
            .where(Offer.region_id == region_id, is_open(situation))
            .options(
                joinedload(Offer.provider).options(selectinload(Provider.contracts).raiseload("*"), raiseload("*")),
                raiseload("*"),
            )
            .order_by(Offer.id)
        )
        .unique()
        .all()
    )


def kind_of(offer: Offer) -> str | None:
    """Under which kind of help an offer is counted; None where nobody told."""
    return FREE if offer.access is OfferAccess.FREE else offer.arrangement


Supply = Mapping[str, Mapping[str, int]]
"""By kind of help and municipality, how many providers one can choose from that take new families."""


def supply(offers: Sequence[Offer], situations: Mapping[str, Situation], kinds: Sequence[str]) -> Supply:
    """How many there are of each kind in each municipality; `situations` say what holds there."""
    found: dict[str, dict[str, set[int]]] = {kind: {place: set() for place in situations} for kind in kinds}
    for offer in offers:
        kind = kind_of(offer)
        if kind is None or kind not in found or not offer.accepting_clients:
            continue
        for place, situation in situations.items():
            if status_of(offer, offer.provider.contracts, situation).is_open:
                found[kind][place].add(offer.provider_id)
    return {kind: {place: len(who) for place, who in places.items()} for kind, places in found.items()}


@dataclass(slots=True)
class Waiting:
    """How long one waits for a kind of help, in numbers of offers, and how long ago that was told."""

    soon: int = 0
    later: int = 0
    late: int = 0
    unknown: int = 0
    stopped: int = 0
    beyond_norm: int = 0
    """How many tell a longer wait than was agreed."""
    fresh: int = 0
    older: int = 0
    stale: int = 0
    never: int = 0

    @property
    def offers(self) -> int:
        """How many there are."""
        return self.soon + self.later + self.late + self.unknown + self.stopped


def waiting_by_kind(
    offers: Sequence[Offer], situation: Situation, fresh_days: int, stale_days: int
) -> Mapping[str, Waiting]:
    """Of each kind of help how many offers begin how soon, and when that was confirmed last."""
    found: dict[str, Waiting] = {}
    for offer in offers:
        kind = kind_of(offer)
        if kind is not None:
            _count(found.setdefault(kind, Waiting()), offer, situation, fresh_days, stale_days)
    return found


def _count(waiting: Waiting, offer: Offer, situation: Situation, fresh_days: int, stale_days: int) -> None:
    weeks, told_on = offer.waiting_weeks_start, offer.waiting_reported_on
    if not offer.accepting_clients:
        waiting.stopped += 1
    elif weeks is None:
        waiting.unknown += 1
    elif weeks <= SOON_WEEKS:
        waiting.soon += 1
    elif weeks <= LATE_WEEKS:
        waiting.later += 1
    else:
        waiting.late += 1
    norm = agreed_weeks(offer, offer.provider.contracts, situation)
    waiting.beyond_norm += norm is not None and weeks is not None and offer.accepting_clients and weeks > norm
    days = _days(told_on, situation.today)
    if days is None:
        waiting.never += 1
    elif days <= fresh_days:
        waiting.fresh += 1
    elif days <= stale_days:
        waiting.older += 1
    else:
        waiting.stale += 1


def _days(told_on: date | None, today: date) -> int | None:
    return (today - told_on).days if told_on else None


@dataclass(slots=True)
class Response:
    """How many families got a code about a kind of help, and how many used it, as far as that is told."""

    batches: int = 0
    invited: int = 0
    least: int = 0
    most: int = 0
    providers: set[int] = field(default_factory=set)


def response_by_kind(session: Session, region_id: int) -> Mapping[str, Response]:
    """Of each kind of help what the page of codes tells of its batches, added up: nothing finer than stands there."""
    scope = Scope(region_id)
    spent, found = spent_shares(session, scope), dict[str, Response]()
    for batch in batches(session, scope):
        if batch.provider_id is None:  # about an access team or a protector of children
            continue
        response = found.setdefault(batch.arrangement, Response())
        used, invited = spent.get(batch.id, 0), batch.codes if batch.handed_out is None else batch.handed_out
        least = used - used % FEW_SPENT
        response.batches += 1
        response.providers.add(batch.provider_id)
        response.invited += invited
        response.least += min(least, invited)
        response.most += min(least + FEW_SPENT - 1, invited)
    return found
