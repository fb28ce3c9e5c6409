"""A small region with measurements, made by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.catalogue.models import Provider, Region
from portal.core.actor import Actor
from portal.core.database import Database
from portal.outcomes import operations
from portal.outcomes.models import Figure, Measurement
from portal.outcomes.operations import About
from portal.outcomes.types import DEFAULT_RULES, Audience, Indicator, Informant, MeasuredFramework, Rules

TODAY = date(2026, 11, 22)
SOMEBODY = Actor.command("test")
Share = tuple[int, int]
NAMES = ("acacia", "berk", "ceder", "den", "eik", "fijn", "gaard", "hazelaar")


def at(day: date) -> datetime:
    """Noon of a day."""
    return datetime.combine(day, time(12), UTC)


class SmallRegion:
    """Providers that deliver counts of goals reached in `begeleiding`, and whoever decides about them."""

    def __init__(self, database: Database, rules: Rules = DEFAULT_RULES) -> None:
        self.database, self.rules = database, rules
        with database.transaction() as session:
            region = Region(name="Ergens")
            session.add(region)
            session.flush()
            self.id = region.id
            self.providers: dict[str, int] = {}
            for name in NAMES:
                provider = Provider(region_id=region.id, identifier=name, slug=name, name=name.capitalize())
                session.add(provider)
                session.flush()
                self.providers[name] = provider.id

    def deliver(
        self, period: str, shares: Mapping[str, Share], *, day: date = TODAY,
        indicator: Indicator = Indicator.GOALS_REACHED, framework: MeasuredFramework = MeasuredFramework.VOLUNTARY,
        informant: Informant | None = Informant.CLIENT, municipality: str = "", source: str = "Eigen",
    ) -> None:  # fmt: skip
        """Store these counts in place of what was there, and make figures."""
        with self.database.transaction() as session:
            for name, (x, n) in shares.items():
                key = {
                    "provider_id": self.providers[name], "arrangement": "begeleiding", "period": period,
                    "indicator": indicator, "framework": framework, "informant": informant,
                    "municipality": municipality, "source": source,
                }  # fmt: skip
                session.execute(delete(Measurement).filter_by(**key))
                session.add(Measurement(numerator=x, denominator=n, instrument="Exit", **key))
            operations.refresh(session, self.id, self.rules, day)

    def refresh(self, day: date = TODAY) -> bool:
        """Make the figures of this day."""
        with self.database.transaction() as session:
            return operations.refresh(session, self.id, self.rules, day).is_changed

    def move(
        self, period: str, to: Audience, day: date = TODAY, reason: str = "",
        indicator: Indicator = Indicator.GOALS_REACHED,
    ) -> None:  # fmt: skip
        """Let the figures of a period be seen by `to`."""
        about = About(self.id, indicator, period)
        with self.database.transaction() as session:
            operations.move(session, [about], to, SOMEBODY, reason, self.rules, at(day))

    def figures(self, name: str | None = None) -> dict[tuple[str, str], Figure]:
        """All figures by provider and periods, or those of one provider."""
        with self.database.sessions() as session:
            names = {key: found for found, key in self.providers.items()}
            found = session.scalars(select(Figure).order_by(Figure.id)).all()
            return {(names[f.provider_id], f.periods): f for f in found if name in (None, names[f.provider_id])}

    def figure(self, name: str, periods: str = "2025") -> Figure:
        """One figure."""
        return self.figures(name)[name, periods]

    def ask(self, question: Callable[[Session], object]) -> object:
        """The answer of a query."""
        with self.database.sessions() as session:
            return question(session)
