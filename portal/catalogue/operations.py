"""Changing the catalogue other than by a data package. The caller commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.catalogue.models import CatalogueRevision, Contract, Location, Offer, PostcodeArea, Provider, TextChange
from portal.catalogue.types import Point
from portal.core.actor import Actor
from portal.core.messages import N_, Message
from portal.core.trail.models import TrailEntry
from portal.core.trail.operations import record
from portal.core.trail.types import Subject

TEXTS = {
    "providers": frozenset({"name", "summary"}),
    "offers": frozenset({
        "provider_id", "name", "arrangement", "description", "approach", "methods", "topics", "not_suitable_for",
        "withdrawn_on",
    }),
}  # fmt: skip
"""The columns from which an offer is found: who changes one of them says so to `touch`."""
KEPT_REVISIONS = 10_000
"""For how many revisions it is kept whose texts changed; what follows later than that reads everything anew."""


def touch(session: Session, texts_of: Collection[int] = ()) -> None:
    """Say that the catalogue has changed. Every operation that changes it calls this in its transaction.

    `texts_of` are the providers (primary keys) of which one of the `TEXTS` changed, their own or an offer's.
    """
    session.execute(update(CatalogueRevision).values(number=CatalogueRevision.number + 1))
    if texts_of:
        revision = session.execute(select(CatalogueRevision.number)).scalar_one()
        session.execute(
            insert(TextChange), [{"revision": revision, "provider_id": provider} for provider in sorted(texts_of)]
        )
        session.execute(delete(TextChange).where(TextChange.revision < revision - KEPT_REVISIONS))


def replace_postcode_areas(session: Session, points: Mapping[str, Point]) -> None:
    """Let `points` (by four digits) be all that is known of where postcodes lie."""
    session.execute(delete(PostcodeArea))
    if points:
        rows = [{"pc4": pc4, "latitude": p.latitude, "longitude": p.longitude} for pc4, p in sorted(points.items())]
        session.execute(insert(PostcodeArea), rows)
    touch(session)


class CannotMerge(ValueError):
    """A merger that would lead nowhere; the message says why."""

    def __init__(self, text: str, **values: object) -> None:
        self.message = Message(text, values)
        super().__init__(self.message.in_language("en"))


def merge_provider(
    session: Session,
    region_id: int,
    identifier: str,
    into: str,
    *,
    actor: Actor,
    at: datetime,
    takes_along: bool = False,
) -> Provider:
    """Let the provider `identifier` lead to the provider `into` from now on, and return the latter.

    Every address of the former, its own former ones included, then redirects. With `takes_along` its offers, contracts
    and places go to the latter; figures and experiences never do: they tell of how the former worked.

    Raises CannotMerge for an unknown provider, for a provider with itself, and where the successor leads back.
    """
    merging, successor = _provider(session, region_id, identifier), _provider(session, region_id, into)
    seen: Provider | None = successor
    while seen is not None:
        if seen.id == merging.id:
            if into == identifier:
                raise CannotMerge(N_("a provider cannot merge with itself"))
            raise CannotMerge(N_("%(into)s itself leads to %(identifier)s"), into=into, identifier=identifier)
        seen = session.get(Provider, seen.successor_id) if seen.successor_id else None
    merging.successor_id = successor.id
    moved = _move(session, merging, successor) if takes_along else {}
    touch(session, (merging.id, successor.id) if moved else ())
    _record(session, merging, "provider.merged", actor, at, after={"leads_to": successor.name, **moved})
    return successor


def undo_merger(session: Session, region_id: int, identifier: str, *, actor: Actor, at: datetime) -> Provider:
    """Let the provider stand on its own again. Raises CannotMerge for an unknown provider.

    What it took along, as the trail tells, comes back with it; but not what belongs to somebody else by now.
    """
    provider = _provider(session, region_id, identifier)
    successor = session.get(Provider, provider.successor_id) if provider.successor_id else None
    provider.successor_id = None
    if successor is None:
        touch(session)
        return provider
    moved = _move(session, successor, provider, _taken_along(session, provider))
    touch(session, (provider.id, successor.id) if moved else ())
    _record(session, provider, "provider.unmerged", actor, at, before={"leads_to": successor.name, **moved})
    return provider


def _move(
    session: Session, giver: Provider, taker: Provider, only: Mapping[str, Sequence[str]] | None = None
) -> dict[str, list[str]]:
    """Let what one provider has go to another, of all of it `only` this; the identifiers of what went, by kind."""
    mine: Mapping[str, Sequence[Offer | Contract | Location]] = {
        "offers": giver.offers, "contracts": giver.contracts, "locations": giver.locations,
    }  # fmt: skip
    moved = {}
    for name, rows in mine.items():
        going = [row for row in rows if only is None or row.identifier in only.get(name, ())]
        for row in going:
            row.provider_id = taker.id
        if going:
            moved[name] = [row.identifier for row in going]
    session.flush()
    session.expire_all()
    return moved


def _taken_along(session: Session, provider: Provider) -> Mapping[str, Sequence[str]]:
    """What a provider took along when it merged, by kind; nothing where the trail does not go back so far."""
    merger = session.scalars(
        select(TrailEntry)
        .where(
            TrailEntry.region_id == provider.region_id, TrailEntry.action == "provider.merged",
            TrailEntry.subject_kind == "provider", TrailEntry.subject_id == provider.identifier,
        )
        .order_by(TrailEntry.number.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    return merger.after_values if merger is not None else {}


def _record(
    session: Session,
    provider: Provider,
    action: str,
    actor: Actor,
    at: datetime,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Write into the trail of the region what was done to a provider."""
    named = {"provider": provider.name}
    record(
        session, actor, action, Subject("provider", provider.identifier),
        before=before and named | dict(before), after=named | dict(after or {}),
        region_id=provider.region_id, at=at,
    )  # fmt: skip


def _provider(session: Session, region_id: int, identifier: str) -> Provider:
    found = session.scalars(
        select(Provider).where(Provider.region_id == region_id, Provider.identifier == identifier)
    ).one_or_none()
    if found is None:
        raise CannotMerge(N_("there is no provider with provider_id %(identifier)s"), identifier=identifier)
    return found
