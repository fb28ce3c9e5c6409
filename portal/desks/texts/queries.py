"""Drafts, and what they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.catalogue.models import Offer, Provider
from portal.desks.texts.models import TextDraft
from portal.desks.texts.types import DraftStatus, Subject

_ALL = (joinedload(TextDraft.provider), joinedload(TextDraft.offer))


def subject_of(session: Session, provider_id: int, identifier: str | None) -> Subject | None:
    """The provider itself, or its offer with this identifier, which may have stopped; None where there is none."""
    return _subject(session, session.get(Provider, provider_id), identifier)


def subject_of_draft(draft: TextDraft) -> Subject:
    """What a draft is about."""
    return Subject(draft.provider, draft.offer)


def subject_named(session: Session, region_id: int, slug: str, identifier: str) -> Subject | None:
    """A provider of this region by its slug, or with `identifier` its offer; None where there is none."""
    provider = session.scalars(
        select(Provider).where(Provider.region_id == region_id, Provider.slug == slug)
    ).one_or_none()
    return _subject(session, provider, identifier or None)


def _subject(session: Session, provider: Provider | None, identifier: str | None) -> Subject | None:
    if provider is None or identifier is None:
        return Subject(provider) if provider else None
    offer = session.scalars(
        select(Offer).where(Offer.provider_id == provider.id, Offer.identifier == identifier)
    ).one_or_none()
    return Subject(provider, offer) if offer else None


def draft_of(session: Session, subject: Subject) -> TextDraft | None:
    """The draft about it, if there is one."""
    return session.scalars(select(TextDraft).where(TextDraft.subject == subject.key).options(*_ALL)).one_or_none()


def drafts_of_provider(session: Session, provider_id: int) -> Mapping[str, TextDraft]:
    """All drafts of a provider, by the key of what they are about."""
    found = session.scalars(select(TextDraft).options(*_ALL).where(TextDraft.provider_id == provider_id))
    return {draft.subject: draft for draft in found}


def waiting_drafts(session: Session, region_id: int) -> Sequence[TextDraft]:
    """What waits for the region, longest first."""
    return session.scalars(
        select(TextDraft)
        .options(*_ALL)
        .where(TextDraft.region_id == region_id, TextDraft.status == DraftStatus.SENT)
        .order_by(TextDraft.changed_at, TextDraft.id)
    ).all()


def count_waiting(session: Session, region_id: int) -> int:
    """How many those are."""
    return session.execute(
        select(func.count())
        .select_from(TextDraft)
        .where(TextDraft.region_id == region_id, TextDraft.status == DraftStatus.SENT)
    ).scalar_one()


def waiting_draft(session: Session, region_id: int, public_id: str) -> TextDraft | None:
    """A draft of this region, whatever became of it."""
    return session.scalars(
        select(TextDraft).options(*_ALL).where(TextDraft.region_id == region_id, TextDraft.public_id == public_id)
    ).one_or_none()
