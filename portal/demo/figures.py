"""Opens the fictional region's figures to some, and lets a provider object, so that every state can be seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.models import Provider, Region
from portal.core.actor import Actor
from portal.outcomes import operations
from portal.outcomes.models import Figure, Measurement, Phase
from portal.outcomes.operations import About
from portal.outcomes.types import Audience, Indicator, MeasuredFramework, Rules, Ruling, Voice

_ACTOR = Actor.command("demo load")
_SHOWN_TO_PROVIDERS = 90
"""So many days ago."""
_SHOWN_LATELY = 4
"""So many days ago the newest figures of one indicator were: their providers can still object."""
_OPENED = {
    Indicator.GOALS_REACHED: Audience.PUBLIC,
    Indicator.SATISFACTION: Audience.PUBLIC,
    Indicator.DROPOUT: Audience.PUBLIC,
    Indicator.WITHOUT_HELP: Audience.ACCESS_TEAMS,
    Indicator.PROBLEMS_REDUCED: Audience.PROVIDER,
}
"""How far the figures of an indicator are; those of the others only the region sees."""
_LATE, _EARLY = Indicator.PROBLEMS_REDUCED, Indicator.WITHOUT_HELP
"""Of the one the newest period is still with the providers, of the other the oldest is with all referrers."""
_OBJECTS, _EXPLAINS, _IS_WRONG, _IS_RIGHT = "B013", "B001", "B020", "B031"
"""Providers: one objects, one explains, of one the region said that its figure stays, of one that it is right."""


def open_figures(session: Session, region_name: str, today: date, rules: Rules) -> None:
    """Let the figures be seen by those who may. Does nothing where it was done before."""
    region = session.scalars(select(Region).where(Region.name == region_name)).one()
    if session.scalars(select(Phase.id).where(Phase.region_id == region.id).limit(1)).first() is not None:
        return
    first_shown = datetime.combine(today - timedelta(_SHOWN_TO_PROVIDERS), time(9), UTC)
    opened = first_shown + timedelta(rules.look_days)
    periods = session.scalars(
        select(Measurement.period).join(Provider, Provider.id == Measurement.provider_id)
        .where(Provider.region_id == region.id).distinct().order_by(Measurement.period)
    ).all()  # fmt: skip
    everything = [About(region.id, indicator, period) for period in periods for indicator in _OPENED]
    late = About(region.id, _LATE, periods[-1])
    earlier = [about for about in everything if about != late]
    operations.move(session, earlier, Audience.PROVIDER, _ACTOR, "", rules, first_shown)
    _let_speak(session, region.id, periods[-1], rules, first_shown)
    for audience in (Audience.ACCESS_TEAMS, Audience.PUBLIC):
        further = [about for about in earlier if _OPENED[about.indicator] is audience]
        operations.move(session, further, audience, _ACTOR, "", rules, opened)
    operations.move(session, [About(region.id, _EARLY, periods[0])], Audience.REFERRERS, _ACTOR, "", rules, opened)
    now = datetime.combine(today, time(9), UTC)
    operations.move(session, [late], Audience.PROVIDER, _ACTOR, "", rules, now - timedelta(_SHOWN_LATELY))
    operations.refresh(session, region.id, rules, today)
    operations.plan(session, late, Audience.ACCESS_TEAMS, today + timedelta(30), _ACTOR, "", rules, now)


def _let_speak(session: Session, region_id: int, period: str, rules: Rules, now: datetime) -> None:
    """Objections, of which two are decided about, and a comment of a provider and of the region."""
    found = session.scalars(
        select(Figure).join(Figure.provider).where(
            Figure.region_id == region_id, Figure.period == period, Figure.arrangement == "begeleiding",
            Figure.indicator == Indicator.GOALS_REACHED,
            Figure.framework == MeasuredFramework.VOLUNTARY,
            Provider.identifier.in_((_OBJECTS, _EXPLAINS, _IS_WRONG, _IS_RIGHT)),
        )
    )  # fmt: skip
    by_provider = {figure.provider.identifier: figure for figure in found}
    operations.object_to(
        session, by_provider[_OBJECTS], "Van een van onze teams zijn de gezinnen niet meegeteld.", _ACTOR, rules, now
    )
    own = "Bij ons komen vooral gezinnen met jonge kinderen. Daar spreken we kleine doelen af."
    operations.comment(session, by_provider[_EXPLAINS], Voice.PROVIDER, own, _ACTOR, now)
    operations.comment(
        session, by_provider[_EXPLAINS], Voice.REGION, "De vragenlijst was dit jaar korter dan eerst.", _ACTOR, now
    )
    for provider, reason, ruling, answer in (
        (_IS_WRONG, "Gezinnen die nog hulp krijgen zijn meegeteld.", Ruling.DISMISSED,
         "Nageteld met de aanbieder: alleen gezinnen van wie de hulp klaar is, zijn geteld."),
        (_IS_RIGHT, "De cijfers van twee locaties zijn verwisseld.", Ruling.UPHELD,
         "Dat klopt. De aanbieder levert de tellingen opnieuw aan."),
    ):  # fmt: skip
        objection = operations.object_to(session, by_provider[provider], reason, _ACTOR, rules, now)
        session.flush()
        operations.settle(session, objection, ruling, answer, _ACTOR, rules, now + timedelta(days=3))
