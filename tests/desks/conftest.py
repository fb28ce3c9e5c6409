"""A provider with two kinds of help, and people who work there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Membership, Person
from portal.accounts.types import Post, Role
from portal.catalogue.models import Offer, Provider
from portal.catalogue.types import OfferAccess
from portal.core import clock
from portal.core.clock import AMSTERDAM
from portal.core.database import Database
from tests.accounts.people import CHEAP, Someone, World

TODAY = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 10, 0, tzinfo=AMSTERDAM)


@dataclass
class Desk:
    """The first provider of the first region, with its people."""

    app: Flask
    world: World

    @property
    def database(self) -> Database:
        return self.world.database

    def enter(self, name: str) -> Someone:
        """As one of: ellen (manager), daan (editor), elders (another provider), karim (contract manager)."""
        return Someone.enter(self.app, f"{name}@voorbeeld.example")

    def offer(self, identifier: str = "A1") -> Offer:
        with self.database.sessions() as session:
            return session.scalars(select(Offer).where(Offer.identifier == identifier)).one()

    def change(self, identifier: str = "A1", **values: object) -> None:
        with self.database.transaction() as session:
            offer = session.scalars(select(Offer).where(Offer.identifier == identifier)).one()
            for name, value in values.items():
                setattr(offer, name, value)

    def membership(self, name: str) -> int:
        with self.database.sessions() as session:
            return session.scalars(
                select(Membership.id).join(Membership.person).where(Person.email == f"{name}@voorbeeld.example")
            ).one()


@pytest.fixture
def desk(app: Flask) -> Iterator[Desk]:
    app.extensions["portal.passwords"] = CHEAP
    world = World.make(app.extensions["portal.database"])
    region, provider, other = world.regions[0], world.providers[0], world.providers[1]
    with world.database.transaction() as session:
        for owner, identifier, name in (
            (provider, "A1", "Samen naar school"), (provider, "A2", "Praten helpt"), (other, "B1", "Elders"),
        ):  # fmt: skip
            session.add(
                Offer(
                    region_id=region, provider_id=owner, identifier=identifier, name=name, description="Wij helpen.",
                    access=OfferAccess.FREE, waiting_weeks_intake=2, waiting_weeks_start=6,
                    waiting_reported_on=date(2026, 9, 1),
                )
            )  # fmt: skip
        session.get_one(Provider, provider).phone = "045-555 01 02"
    world.add("ellen@voorbeeld.example", Post(Role.PROVIDER_MANAGER, region, provider))
    world.add("daan@voorbeeld.example", Post(Role.PROVIDER_EDITOR, region, provider))
    world.add("elders@voorbeeld.example", Post(Role.PROVIDER_EDITOR, region, other))
    world.add("karim@voorbeeld.example", Post(Role.CONTRACT_MANAGER, region))
    with clock.stopped(NOW):
        yield Desk(app, world)
