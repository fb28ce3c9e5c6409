"""Two regions with providers, and codes for families."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from flask import Flask

from portal.core.database import Database
from tests.accounts.people import CHEAP, World
from tests.reviews.families import Family, make_codes


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
