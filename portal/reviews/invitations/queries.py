"""Batches of codes, and how many families were invited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.types import Scope
from portal.reviews.models import InvitationBatch, InvitationCode
from portal.reviews.types import COUNTED_QUARTERS, About, Quarter


def batches(session: Session, scope: Scope) -> Sequence[InvitationBatch]:
    """The batches that a region made, newest first; for a municipality those that it made itself."""
    return session.scalars(
        select(InvitationBatch)
        .where(*_within(scope))
        .options(joinedload(InvitationBatch.provider))
        .order_by(InvitationBatch.issued_on.desc(), InvitationBatch.id.desc())
    ).all()


def batch(session: Session, scope: Scope, public_id: str) -> InvitationBatch | None:
    """One of them."""
    return session.scalars(
        select(InvitationBatch).where(*_within(scope), InvitationBatch.public_id == public_id)
    ).one_or_none()


def spent_shares(session: Session, scope: Scope) -> Mapping[int, int]:
    """How many codes of each batch were used."""
    found = session.execute(
        select(InvitationCode.batch_id, func.count())
        .join(InvitationBatch, InvitationBatch.id == InvitationCode.batch_id)
        .where(*_within(scope), InvitationCode.is_spent)
        .group_by(InvitationCode.batch_id)
    )
    return {row[0]: row[1] for row in found}


def _within(scope: Scope) -> Sequence[ColumnElement[bool]]:
    own = (InvitationBatch.municipality == scope.municipality,) if scope.municipality else ()
    return (InvitationBatch.region_id == scope.region_id, *own)


def invited(session: Session, region_id: int, now: Quarter) -> Mapping[About, int]:
    """How many families got a code in the last three years, by about whom: as told, else as many as were made."""
    since = str(now.before(COUNTED_QUARTERS))
    found = session.execute(
        select(
            InvitationBatch.provider_id,
            InvitationBatch.office_id,
            func.sum(func.coalesce(InvitationBatch.handed_out, InvitationBatch.codes)),
        )
        .where(InvitationBatch.region_id == region_id, InvitationBatch.period >= since)
        .group_by(InvitationBatch.provider_id, InvitationBatch.office_id)
    )
    return {About(provider_id, office_id): int(number) for provider_id, office_id, number in found}


def invited_by(session: Session, region_id: int, municipality: str, now: Quarter) -> int:
    """How many families got a code about a provider from this municipality in the last three years."""
    number = session.scalar(
        select(func.sum(func.coalesce(InvitationBatch.handed_out, InvitationBatch.codes))).where(
            InvitationBatch.region_id == region_id,
            InvitationBatch.municipality == municipality,
            InvitationBatch.provider_id.isnot(None),
            InvitationBatch.period >= str(now.before(COUNTED_QUARTERS)),
        )
    )
    return int(number or 0)
