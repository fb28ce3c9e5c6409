"""Mergers at the desk: what hangs on an offer goes along with it. The caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.catalogue.models import Offer, Provider
from portal.catalogue.operations import merge_provider, undo_merger
from portal.core.actor import Actor
from portal.desks.corrections.models import Correction
from portal.desks.texts.models import TextDraft


def merge(
    session: Session, region_id: int, identifier: str, into: str, *, takes_along: bool, actor: Actor, at: datetime
) -> Provider:
    """As `merge_provider`; drafts of texts and what anybody said about an offer follow it. Raises CannotMerge."""
    successor = merge_provider(session, region_id, identifier, into, actor=actor, at=at, takes_along=takes_along)
    _follow(session, region_id)
    return successor


def unmerge(session: Session, region_id: int, identifier: str, *, actor: Actor, at: datetime) -> Provider:
    """As `undo_merger`; the same follows each offer back. Raises CannotMerge."""
    provider = undo_merger(session, region_id, identifier, actor=actor, at=at)
    _follow(session, region_id)
    return provider


def _follow(session: Session, region_id: int) -> None:
    for kind in (TextDraft, Correction):
        owner = select(Offer.provider_id).where(Offer.id == kind.offer_id).scalar_subquery()
        session.execute(
            update(kind)
            .where(kind.region_id == region_id, kind.offer_id.is_not(None), kind.provider_id != owner)
            .values(provider_id=owner)
            .execution_options(synchronize_session=False)
        )
