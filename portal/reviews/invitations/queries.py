"""Batches of codes, and how many families were invited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.catalogue.models import Provider
from portal.reviews.models import InvitationBatch, InvitationCode
from portal.reviews.types import COUNTED_QUARTERS, Quarter


def batches(session: Session, region_id: int) -> Sequence[InvitationBatch]:
    """The batches of a region, newest first."""
    return session.scalars(
        select(InvitationBatch)
        .where(InvitationBatch.region_id == region_id)
        .options(joinedload(InvitationBatch.provider))
        .order_by(InvitationBatch.issued_on.desc(), InvitationBatch.id.desc())
    ).all()


def batch(session: Session, region_id: int, public_id: str) -> InvitationBatch | None:
    """One of them."""
    return session.scalars(
        select(InvitationBatch).where(
            InvitationBatch.region_id == region_id, InvitationBatch.public_id == public_id
        )
    ).one_or_none()  # fmt: skip


def spent_shares(session: Session, region_id: int) -> Mapping[int, int]:
    """How many codes of each batch were used."""
    found = session.execute(
        select(InvitationCode.batch_id, func.count())
        .join(InvitationBatch, InvitationBatch.id == InvitationCode.batch_id)
        .where(InvitationBatch.region_id == region_id, InvitationCode.is_spent)
        .group_by(InvitationCode.batch_id)
    )
    return {row[0]: row[1] for row in found}


def invited(session: Session, region_id: int, now: Quarter) -> Mapping[int, int]:
    """How many families of each provider got a code in the last three years: as told, else as many as were made."""
    since = str(now.before(COUNTED_QUARTERS))
    found = session.execute(
        select(InvitationBatch.provider_id, func.sum(func.coalesce(InvitationBatch.handed_out, InvitationBatch.codes)))
        .where(InvitationBatch.region_id == region_id, InvitationBatch.period >= since)
        .group_by(InvitationBatch.provider_id)
    )
    return {provider_id: int(number) for provider_id, number in found}


def providers_of(session: Session, region_id: int) -> Sequence[Provider]:
    """The providers of a region, by name."""
    return session.scalars(
        select(Provider).where(Provider.region_id == region_id, Provider.successor_id.is_(None)).order_by(Provider.name)
    ).all()
