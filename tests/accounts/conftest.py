"""Two regions, people in them, and browsers in which they are signed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.accounts.signing_in import routes
from tests.accounts.people import CHEAP, SignIn, Someone, World


@pytest.fixture(autouse=True)
def _cheap_passwords(request: pytest.FixtureRequest) -> None:
    if "app" in request.fixturenames:
        request.getfixturevalue("app").extensions["portal.passwords"] = CHEAP


@pytest.fixture(autouse=True)
def _quick_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long an answer takes is for `benchmarks/enumeration.py` to say."""
    monkeypatch.setattr(routes, "ASKING_TAKES", 0.0)


@pytest.fixture
def world(app: Flask) -> World:
    """Two regions with two providers each, on an empty database."""
    return World.make(app.extensions["portal.database"])


@pytest.fixture
def sign_in(app: Flask) -> Iterator[SignIn]:
    """Signs somebody in through the pages."""

    def sign_in(email: str) -> Someone:
        return Someone(app, email)

    yield sign_in
