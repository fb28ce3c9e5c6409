"""What the region's pages about figures ask of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.catalogue.models import Contract, Provider
from portal.outcomes.models import Figure
from portal.outcomes.types import Audience, Indicator


def providers_to_deliver(session: Session, region_id: int, today: date) -> tuple[Sequence[Provider], frozenset[int]]:
    """The providers of the region by name, and which of them (primary keys) have a contract today."""
    providers = session.scalars(
        select(Provider).where(Provider.region_id == region_id, Provider.successor_id.is_(None)).order_by(Provider.name)
    ).all()
    contracted = session.scalars(
        select(Contract.provider_id).where(
            Contract.region_id == region_id,
            Contract.start_date <= today,
            or_(Contract.end_date.is_(None), Contract.end_date >= today),
        )
    ).all()
    return providers, frozenset(contracted)


def figures_by_audience(
    session: Session, region_id: int, indicator: Indicator, period: str
) -> Mapping[Audience, int]:  # fmt: skip
    """How many figures of an indicator over a period each audience is the widest to see."""
    found = session.execute(
        select(Figure.audience, func.count(Figure.id))
        .where(Figure.region_id == region_id, Figure.indicator == indicator, Figure.period == period)
        .group_by(Figure.audience)
    )
    return dict(found.all())
