"""What families told is kept as long as was said, to the day, and no longer (P8): by a journey through time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.clock import AMSTERDAM
from portal.core.database import Base
from portal.core.settings import Settings
from portal.core.throttle.models import ThrottleCount
from portal.reviews.models import Draft, Experience, InvitationCode
from portal.reviews.operations import move
from portal.reviews.types import SHOWN_QUARTERS, Quarter, Rule, Status
from tests.accounts.people import World
from tests.reviews.families import ACTOR, Family, make_codes, tell

START = date(2026, 11, 10)
Daily = Callable[[date], None]


@pytest.fixture
def daily(cli: Callable[..., Result]) -> Daily:
    """Runs `portal daily` twice on a day: the second time changes nothing."""

    def run(day: date) -> None:
        with at(day):
            for _ in range(2):
                assert cli("daily").exit_code == 0

    return run


def at(day: date) -> AbstractContextManager[None]:
    """On a day, at night."""
    return clock.stopped(datetime(day.year, day.month, day.day, 3, tzinfo=AMSTERDAM))


def number(world: World, kind: type[Base]) -> int:
    with world.database.sessions() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def lasts(world: World, daily: Daily, kind: type[Base], last: date) -> None:
    """It is there on its last day, and gone on the next."""
    daily(last)
    assert number(world, kind) > 0, f"gone before {last}"
    daily(last + timedelta(days=1))
    assert number(world, kind) == 0, f"still there after {last}"


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.extensions["portal.settings"]
    return found


def test_a_draft_lasts_seven_days(app: Flask, world: World, settings: Settings, daily: Daily) -> None:
    with at(START):
        code = make_codes(world.database, world.regions[0], world.providers[0])[0]
        family = Family.at(app)
        family.begin(code)
        family.answer("parent")
    assert settings.draft_days == 7
    lasts(world, daily, Draft, START + timedelta(days=7))


def test_codes_last_a_year_and_one_more_to_say_that_they_are_old(
    app: Flask, world: World, settings: Settings, daily: Daily
) -> None:
    with at(START):
        codes = make_codes(world.database, world.regions[0], world.providers[0])
    assert settings.code_days == 365
    for day, status in ((START + timedelta(days=365), 200), (START + timedelta(days=366), 410)):
        with at(day):
            Family.at(app).begin(codes[0], status)
    lasts(world, daily, InvitationCode, START + timedelta(days=730))


def test_a_refused_text_is_erased_ninety_days_after_its_quarter_and_what_is_counted_stays(
    world: World, settings: Settings, daily: Daily
) -> None:
    with at(START):
        code = make_codes(world.database, world.regions[0], world.providers[0])[0]
        told, _ = tell(world.database, code, story="Een geweigerd verhaal.")
        with world.database.transaction() as session:
            one = session.get_one(Experience, told)
            move(session, ACTOR, one, Status.REFUSED, START, rule=Rule.ABUSE, reason="Daarom, en zo kan het wel.")
    assert settings.refused_days == 90
    over = Quarter(Quarter.of(START).number + 1).first_day + timedelta(days=90)
    for day, story in ((over - timedelta(days=1), "Een geweigerd verhaal."), (over, "")):
        daily(day)
        with world.database.sessions() as session:
            assert session.get_one(Experience, told).story == story, day


def test_a_published_story_goes_with_its_sixteenth_quarter(
    app: Flask, world: World, codes: Sequence[str], daily: Daily
) -> None:
    with at(START):
        codes = make_codes(world.database, world.regions[0], world.providers[0])
        for code in codes[:3]:
            told, _ = tell(world.database, code, story="Een oud verhaal.")
            with world.database.transaction() as session:
                move(session, ACTOR, session.get_one(Experience, told), Status.READY, START)
    daily(START)
    assert "Een oud verhaal." in app.test_client().get("/aanbieders/zuid-limburg-1").get_data(as_text=True)
    lasts(world, daily, Experience, Quarter(Quarter.of(START).number + SHOWN_QUARTERS).first_day - timedelta(days=1))


def test_attempts_and_the_keys_of_their_networks_are_gone_the_day_after(app: Flask, world: World, daily: Daily) -> None:
    """The same network has another digest the next day (P9)."""
    digests = []
    for day in (START, START + timedelta(days=2)):
        with at(day):
            Family.at(app).begin("ABCD-EFGH-JKMN-PQRS", 422)
        with world.database.sessions() as session:
            digests.append({row.digest for row in session.scalars(select(ThrottleCount))})
        daily(day + timedelta(days=2))
        assert number(world, ThrottleCount) == 0
    assert len(digests[0]) == len(digests[1]) == 2
    assert len(digests[0] & digests[1]) == 1, "only that of everybody together is the same"
