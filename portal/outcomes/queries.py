"""Reading figures. Who reads is an argument of every question: nothing is read that this viewer may not see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.catalogue.models import Provider
from portal.outcomes.models import Average, Figure, Measurement, OutcomeEvent, Phase
from portal.outcomes.types import Audience, Indicator, MeasuredFramework, Series, Shown, Viewer


def may_see(viewer: Viewer) -> ColumnElement[bool]:
    """Which figures `viewer` may see: the region its own, a provider its own once shown to it, others by audience."""
    wide_enough = [audience for audience in Audience if audience.rank >= viewer.audience.rank]
    if viewer.audience is Audience.REGION:
        return Figure.region_id == viewer.region_id if viewer.region_id is not None else false()
    if viewer.audience is Audience.PROVIDER:
        own = and_(Figure.provider_id.in_(viewer.provider_ids), Figure.audience.in_(wide_enough))
        return or_(own, Figure.audience == Audience.PUBLIC)
    return Figure.audience.in_(wide_enough)


def _figures(viewer: Viewer) -> Select[Figure]:
    return (
        select(Figure)
        .join(Figure.provider)
        .where(may_see(viewer), Provider.successor_id.is_(None))
        .options(
            joinedload(Figure.average), joinedload(Figure.provider).raiseload("*"), selectinload(Figure.objections),
            selectinload(Figure.comments),
        )
    )  # fmt: skip


def figures_of_provider(
    session: Session, provider_id: int, viewer: Viewer, arrangement: str | None = None
) -> Sequence[Figure]:
    """What `viewer` may see of a provider (of one arrangement, where given), the newest first."""
    asked = _figures(viewer).where(Figure.provider_id == provider_id)
    if arrangement is not None:
        asked = asked.where(Figure.arrangement == arrangement)
    return session.scalars(asked.order_by(Figure.period.desc(), Figure.id)).all()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures somebody wants; None leaves it open."""

    region_id: int | None = None
    provider_id: str | None = None
    """The sender's identifier."""
    arrangement: str | None = None
    indicator: Indicator | None = None
    framework: MeasuredFramework | None = None
    period: str | None = None


def figures(
    session: Session, asked: Asked, viewer: Viewer, limit: int | None = None, offset: int = 0
) -> tuple[int, Sequence[Figure]]:
    """How many figures `viewer` may see of what is asked, and those from `offset` on.

    In an order that tells nothing: by provider, arrangement, indicator and period.
    """
    wanted = [
        (Figure.region_id, asked.region_id),
        (Provider.identifier, asked.provider_id),
        (Figure.arrangement, asked.arrangement),
        (Figure.indicator, asked.indicator),
        (Figure.framework, asked.framework),
        (Figure.period, asked.period),
    ]
    conditions = [column == value for column, value in wanted if value is not None]
    total = session.scalar(
        select(func.count(Figure.id))
        .join(Figure.provider)
        .where(may_see(viewer), Provider.successor_id.is_(None), *conditions)
    )
    found = _figures(viewer).where(*conditions).order_by(
        Provider.identifier, Provider.id, Figure.arrangement, Figure.framework, Figure.indicator, Figure.period,
        Figure.id,
    )  # fmt: skip
    return total or 0, session.scalars(found.limit(limit).offset(offset)).all()


def newest_figures(
    session: Session, provider_ids: Collection[int], indicator: Indicator, viewer: Viewer
) -> dict[tuple[int, str], Figure]:
    """Of each of these providers and each arrangement the newest figure of voluntary help that tells something."""
    found = session.scalars(_telling(provider_ids, viewer).where(Figure.indicator == indicator))
    return {(figure.provider_id, figure.arrangement): figure for figure in found}


def newest_of_each_series(
    session: Session, provider_ids: Collection[int], viewer: Viewer
) -> dict[tuple[int, str], dict[Series, Figure]]:
    """The same of every indicator, and apart by who told it: what stands side by side where help is compared."""
    found: dict[tuple[int, str], dict[Series, Figure]] = defaultdict(dict)
    for figure in session.scalars(_telling(provider_ids, viewer)):
        series = Series(figure.indicator, figure.informant, figure.is_mean)
        found[figure.provider_id, figure.arrangement][series] = figure
    return found


def _telling(provider_ids: Collection[int], viewer: Viewer) -> Select[Figure]:
    """Figures of voluntary help that tell something, the newest last."""
    return (
        _figures(viewer)
        .where(
            Figure.provider_id.in_(provider_ids),
            Figure.framework == MeasuredFramework.VOLUNTARY,
            Figure.shown.in_([shown for shown in Shown if shown.tells_something]),
        )
        .order_by(Figure.period, Figure.id)
    )


@dataclass(frozen=True, slots=True)
class Comparable:
    """Figures that share an average: what a funnel plot shows."""

    average: Average
    figures: Sequence[Figure]


def comparable(session: Session, average_id: int, viewer: Viewer) -> Comparable | None:
    """The figures that `viewer` may see and that are compared with this average, by name of the provider."""
    average = session.get(Average, average_id)
    if average is None or (average.established_on is None and viewer.audience is not Audience.REGION):
        return None
    found = session.scalars(_figures(viewer).where(Figure.average_id == average_id).order_by(Provider.name, Figure.id))
    return Comparable(average, found.all())


def widest_average(session: Session, indicator: Indicator, viewer: Viewer) -> int | None:
    """The newest average with which most figures that `viewer` may see can be compared: an example to explain with."""
    shown = func.count(Figure.id)
    return session.scalar(
        select(Figure.average_id)
        .join(Average, Average.id == Figure.average_id)
        .where(
            may_see(viewer),
            Figure.indicator == indicator,
            Figure.framework == MeasuredFramework.VOLUNTARY,
            Average.established_on.is_not(None),
            Average.is_mean.is_(False),
        )
        .group_by(Figure.average_id, Average.period)
        .order_by(Average.period.desc(), shown.desc(), Figure.average_id)
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far the figures of an indicator over a period are: who delivered, what can be shown, who sees it."""

    indicator: Indicator
    period: str
    providers: int
    """That delivered counts for the whole region."""
    told: int
    few: int
    withheld: int
    held: int
    """Corrections that wait."""
    objections: int
    """Not settled."""
    phase: Phase | None


def deliveries(session: Session, region_id: int) -> list[Delivery]:
    """All indicators and periods of which the region has counts, the newest period first."""
    delivered = {
        (row.indicator, row.period): row.providers
        for row in session.execute(
            select(
                Measurement.indicator, Measurement.period,
                func.count(func.distinct(Measurement.provider_id)).label("providers"),
            )
            .join(Provider, Provider.id == Measurement.provider_id)
            .where(Provider.region_id == region_id, Measurement.municipality == "")
            .group_by(Measurement.indicator, Measurement.period)
        )
    }  # fmt: skip
    phases = {
        (phase.indicator, phase.period): phase
        for phase in session.scalars(select(Phase).where(Phase.region_id == region_id))
    }

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    is_open = Figure.objections.any(settled_on=None)
    made = {
        (row.indicator, row.period): row
        for row in session.execute(
            select(
                Figure.indicator, Figure.period, count(Figure.shown == Shown.FEW).label("few"),
                count(Figure.shown == Shown.WITHHELD).label("withheld"), count(Figure.is_held.is_(True)).label("held"),
                count(is_open).label("objections"), func.count(Figure.id).label("all"),
            )
            .where(Figure.region_id == region_id)
            .group_by(Figure.indicator, Figure.period)
        )
    }  # fmt: skip
    found = []
    for indicator, period in sorted(delivered.keys() | phases.keys(), key=lambda key: (key[1], key[0]), reverse=True):
        row = made.get((indicator, period))
        few, withheld = (row.few, row.withheld) if row else (0, 0)
        told = row.all - few - withheld if row else 0
        found.append(
            Delivery(
                indicator, period, delivered.get((indicator, period), 0), told, few, withheld, row.held if row else 0,
                row.objections if row else 0, phases.get((indicator, period)),
            )
        )  # fmt: skip
    return found


def events(session: Session, region_id: int, limit: int = 100) -> Sequence[OutcomeEvent]:
    """What was done about figures, the latest first."""
    return session.scalars(
        select(OutcomeEvent).where(OutcomeEvent.region_id == region_id).order_by(OutcomeEvent.id.desc()).limit(limit)
    ).all()
