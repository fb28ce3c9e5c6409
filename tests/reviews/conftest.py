"""Two regions with providers, and codes for families."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from flask import Flask

from portal.accounts.types import Scope
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import AccessPoint, Contract, Region
from portal.catalogue.types import AccessPointKind
from portal.core.database import Database
from portal.reviews.offices.queries import Tellable, tellable
from tests.accounts.people import CHEAP, World
from tests.reviews.families import Family, make_codes

HEERLEN = "GM0917"


@pytest.fixture
def world(app: Flask) -> World:
    """Two regions with two providers each, on an empty database."""
    app.extensions["portal.passwords"] = CHEAP
    return World.make(app.extensions["portal.database"])


@pytest.fixture
def data(app: Flask, world: World) -> Database:
    """The database of the application, with the providers in it."""
    return world.database


@pytest.fixture
def codes(world: World) -> Sequence[str]:
    """Twenty codes for the first provider."""
    return make_codes(world.database, world.regions[0], world.providers[0])


@pytest.fixture
def family(app: Flask, world: World) -> Family:
    """A family at the first page."""
    return Family.at(app)


@pytest.fixture
def known(world: World, code_lists: CodeLists) -> dict[str, Tellable]:
    """Of whom families of the first region can tell: its first provider is also a certified institution."""
    with world.database.transaction() as session:
        region_id = world.regions[0]
        session.get_one(Region, region_id).youth_region = "JZ41"
        session.add(
            AccessPoint(region_id=region_id, municipality=HEERLEN, kind=AccessPointKind.ACCESS_TEAM,
                        name="Wijkteam Parkstad", phone="14 045")
        )  # fmt: skip
        session.add(
            Contract(region_id=region_id, provider_id=world.providers[0], identifier="GI", whole_region=True,
                     arrangement="jeugdbescherming", municipalities=[], start_date=date(2020, 1, 1))
        )  # fmt: skip
    with world.database.sessions() as session:
        return {one.value: one for one in tellable(session, Scope(region_id), code_lists)}
