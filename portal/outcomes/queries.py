"""Reading figures. Who reads is an argument of every question: nothing is read that this viewer may not see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.catalogue.models import Offer, Provider
from portal.catalogue.types import OfferAccess
from portal.outcomes.models import Average, Doubt, Figure, Measurement, Objection, Phase
from portal.outcomes.types import Audience, Indicator, MeasuredFramework, Series, Shown, Viewer


def may_see(viewer: Viewer) -> ColumnElement[bool]:
    """Which figures `viewer` may see: what is public, and besides it the region its own, a provider its own once shown
    to it, access teams and referrers what their region shows them."""
    is_public = Figure.audience == Audience.PUBLIC
    if viewer.audience is Audience.PUBLIC:
        return is_public
    here = Figure.region_id == viewer.region_id if viewer.region_id is not None else false()
    if viewer.audience is Audience.REGION:
        return here
    wide_enough = [audience for audience in Audience if audience.rank >= viewer.audience.rank]
    if viewer.audience is Audience.PROVIDER:
        here = Figure.provider_id.in_(viewer.provider_ids)
    return or_(is_public, and_(here, Figure.audience.in_(wide_enough)))


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


def figures_of_offer(session: Session, offer: Offer, viewer: Viewer) -> Sequence[Figure]:
    """What `viewer` may see of this kind of help of its provider, the newest first.

    Figures are about help with a referral; of help that is free nobody counts what came of it.
    """
    if offer.arrangement is None or offer.access is OfferAccess.FREE:
        return ()
    return figures_of_provider(session, offer.provider_id, viewer, offer.arrangement)


def with_figures(session: Session, viewer: Viewer) -> frozenset[int]:
    """The providers (primary keys) of which `viewer` may see any figure."""
    seen = select(Figure.provider_id).join(Figure.provider).where(may_see(viewer), Provider.successor_id.is_(None))
    return frozenset(session.scalars(seen.distinct()))


def figures_of_several(session: Session, provider_ids: Collection[int], viewer: Viewer) -> Sequence[Figure]:
    """What `viewer` may see of these providers."""
    return session.scalars(_figures(viewer).where(Figure.provider_id.in_(provider_ids)).order_by(Figure.id)).all()


def figures_of_providers(session: Session, viewer: Viewer) -> Sequence[Figure]:
    """The figures of the viewer's own providers that they can see, the newest first, by kind of help."""
    own = _figures(viewer).where(Figure.provider_id.in_(viewer.provider_ids))
    return session.scalars(
        own.order_by(Figure.period.desc(), Figure.arrangement, Figure.framework.desc(), Figure.indicator, Figure.id)
    ).all()


def own_figure(session: Session, figure_id: int, viewer: Viewer) -> Figure | None:
    """A figure of one of the viewer's own providers that they can see; None for any other."""
    own = _figures(viewer).where(Figure.id == figure_id, Figure.provider_id.in_(viewer.provider_ids))
    return session.scalars(own).one_or_none()


def figure_of_region(session: Session, figure_id: int, region_id: int) -> Figure | None:
    """A figure of the region, for its staff."""
    return session.scalars(_figures(Viewer(Audience.REGION, region_id)).where(Figure.id == figure_id)).one_or_none()


def series_of(session: Session, figure: Figure, viewer: Viewer) -> Sequence[Figure]:
    """The figure itself, and then what `viewer` may see of the same over other periods, the newest first."""
    about = ("framework", "indicator", "informant", "is_mean")
    others = [
        other
        for other in figures_of_provider(session, figure.provider_id, viewer, figure.arrangement)
        if other.id != figure.id and all(getattr(other, name) == getattr(figure, name) for name in about)
    ]
    return [figure, *others]


def phase_of(session: Session, region_id: int, indicator: Indicator, period: str) -> Phase | None:
    """How far the figures of an indicator over a period are; None while only the region sees them."""
    return session.scalars(
        select(Phase).where(Phase.region_id == region_id, Phase.indicator == indicator, Phase.period == period)
    ).one_or_none()


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
    """The figures that `viewer` may see and that are compared with this average, by name of the provider.

    None where `viewer` may see none of them, or the average does not stand yet and they are not of its region.
    """
    average = session.get(Average, average_id)
    is_staff = average is not None and viewer.audience is Audience.REGION and viewer.region_id == average.region_id
    if average is None or (average.established_on is None and not is_staff):
        return None
    found = session.scalars(
        _figures(viewer).where(Figure.average_id == average_id).order_by(Provider.name, Figure.id)
    ).all()
    return Comparable(average, found) if found else None


def averages(session: Session, viewer: Viewer) -> Sequence[Average]:
    """The averages with which figures that `viewer` may see are compared, the newest first; for others than the
    region those that stand."""
    seen = select(Figure.average_id).join(Figure.provider).where(may_see(viewer), Provider.successor_id.is_(None))
    wanted = select(Average).where(Average.id.in_(seen))
    if viewer.audience is not Audience.REGION:
        wanted = wanted.where(Average.established_on.is_not(None))
    return session.scalars(
        wanted.order_by(
            Average.period.desc(), Average.arrangement, Average.framework.desc(), Average.indicator, Average.informant,
            Average.id,
        )
    ).all()  # fmt: skip


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


def objections(session: Session, region_id: int, settled: int = 20) -> tuple[Sequence[Objection], Sequence[Objection]]:
    """What is still to be decided, the longest waiting first; and the last `settled` that were."""
    wanted = (
        select(Objection)
        .join(Objection.figure)
        .where(Figure.region_id == region_id)
        .options(
            contains_eager(Objection.figure).options(
                joinedload(Figure.provider).raiseload("*"), joinedload(Figure.average)
            )
        )
    )
    waiting = session.scalars(
        wanted.where(Objection.settled_on.is_(None)).order_by(Objection.made_on, Objection.id)
    ).all()
    done = session.scalars(
        wanted.where(Objection.settled_on.is_not(None))
        .order_by(Objection.settled_on.desc(), Objection.id.desc())
        .limit(settled)
    ).all()
    return waiting, done


def deliveries_by_provider(session: Session, region_id: int) -> dict[int, dict[str, frozenset[Indicator]]]:
    """Of each provider (primary key) the indicators over which it delivered counts for the whole region, by period."""
    found: dict[int, dict[str, set[Indicator]]] = {}
    for row in session.execute(
        select(Measurement.provider_id, Measurement.period, Measurement.indicator)
        .join(Provider, Provider.id == Measurement.provider_id)
        .where(Provider.region_id == region_id, Measurement.municipality == "")
        .distinct()
    ):
        found.setdefault(row.provider_id, {}).setdefault(row.period, set()).add(row.indicator)
    return {key: {period: frozenset(kinds) for period, kinds in periods.items()} for key, periods in found.items()}


DOUBTS_PER_PAGE = 50


def doubts(
    session: Session, region_id: int, provider_id: int | None = None, period: str | None = None, page: int = 1
) -> tuple[int, Sequence[Doubt]]:
    """How many doubts there are about counts of the region, and a page of them, by period and provider."""
    wanted = [Provider.region_id == region_id]
    if provider_id is not None:
        wanted.append(Doubt.provider_id == provider_id)
    if period is not None:
        wanted.append(Doubt.period == period)
    total = session.scalar(select(func.count(Doubt.id)).join(Doubt.provider).where(*wanted)) or 0
    found = session.scalars(
        select(Doubt)
        .join(Doubt.provider)
        .where(*wanted)
        .options(contains_eager(Doubt.provider).raiseload("*"))
        .order_by(Doubt.period.desc(), Provider.name, Doubt.import_row, Doubt.id)
        .limit(DOUBTS_PER_PAGE)
        .offset((page - 1) * DOUBTS_PER_PAGE)
    ).all()
    return total, found


def doubts_by_provider(session: Session, region_id: int) -> dict[tuple[int, str], int]:
    """How many doubts there are, by provider (primary key) and period."""
    found = session.execute(
        select(Doubt.provider_id, Doubt.period, func.count(Doubt.id))
        .join(Doubt.provider)
        .where(Provider.region_id == region_id)
        .group_by(Doubt.provider_id, Doubt.period)
    )
    return {(provider_id, period): count for provider_id, period, count in found}
