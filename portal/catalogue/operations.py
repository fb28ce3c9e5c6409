"""Changing the catalogue other than by a data package. The caller commits."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.catalogue.models import CatalogueRevision, Provider


def touch(session: Session) -> None:
    """Say that the catalogue has changed. Every operation that changes it calls this in its transaction."""
    session.execute(update(CatalogueRevision).values(number=CatalogueRevision.number + 1))


class CannotMerge(ValueError):
    """A merger that would lead nowhere; the message says why."""


def merge_provider(session: Session, region_id: int, identifier: str, into: str) -> Provider:
    """Let the provider `identifier` lead to the provider `into` from now on, and return the latter.

    Every address of the former, its own former ones included, then redirects. Raises CannotMerge for an
    unknown provider, for a provider with itself, and where the successor leads back.
    """
    merging, successor = _provider(session, region_id, identifier), _provider(session, region_id, into)
    seen: Provider | None = successor
    while seen is not None:
        if seen.id == merging.id:
            raise CannotMerge(f"{into} itself leads to {identifier}")
        seen = session.get(Provider, seen.successor_id) if seen.successor_id else None
    merging.successor_id = successor.id
    touch(session)
    return successor


def undo_merger(session: Session, region_id: int, identifier: str) -> Provider:
    """Let the provider stand on its own again. Raises CannotMerge for an unknown provider."""
    provider = _provider(session, region_id, identifier)
    provider.successor_id = None
    touch(session)
    return provider


def _provider(session: Session, region_id: int, identifier: str) -> Provider:
    found = session.scalars(
        select(Provider).where(Provider.region_id == region_id, Provider.identifier == identifier)
    ).one_or_none()
    if found is None:
        raise CannotMerge(f"there is no provider with provider_id {identifier}")
    return found
