"""A thousand families of one region tell, two moderators read, and three years go by."""

from __future__ import annotations

import random
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.actor import Actor
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews.models import Experience, ExperienceCounts
from portal.reviews.moderating.operations import Blanks, approve, refuse, state_of
from portal.reviews.publishing.operations import keep_up
from portal.reviews.questions import load_sets
from portal.reviews.types import Quarter, Rule, Status
from tests.accounts.people import World
from tests.reviews.families import make_codes, tell

pytestmark = pytest.mark.long

FAMILIES, QUARTERS = 1_000, 10


@pytest.mark.parametrize("seed", [1])
def test_a_thousand_experiences_are_moderated_and_released(app: Flask, seed: int) -> None:
    chance, world = random.Random(seed), World.make(app.extensions["portal.database"])  # noqa: S311
    moderator = Actor.person(1, "Lezer", world.regions[0])
    first, told = Quarter.of(date(2026, 1, 1)), 0
    for quarter in range(QUARTERS):
        day = Quarter(first.number + quarter).first_day
        with clock.frozen(day):
            for provider in world.providers[:2]:
                for code in make_codes(world.database, world.regions[0], provider, FAMILIES // QUARTERS // 2):
                    mark = str(chance.randint(1, 10))
                    experience, _ = tell(world.database, code, story=f"Verhaal {told}.", usefulness=mark)
                    told += 1
                    with world.database.transaction() as session:
                        one = session.get_one(Experience, experience)
                        if chance.random() < 0.1:
                            reason = "Dit is al eerder verteld."
                            refuse(session, moderator, one, Rule.TWICE, reason, state_of(one), day)
                        else:
                            approve(session, moderator, one, Blanks((), ()), state_of(one), day)
            with world.database.transaction() as session:
                keep_up(session, world.regions[0], load_sets(), DEFAULT_RULES, 90, day)
    with world.database.sessions() as session:
        statuses = select(Experience.status, func.count()).group_by(Experience.status)
        by_status = {row[0]: row[1] for row in session.execute(statuses)}
        counts = session.scalars(select(ExperienceCounts)).all()
    assert told == FAMILIES == sum(by_status.values()) == sum(one.received for one in counts)
    assert by_status[Status.PUBLISHED] > 850 and set(by_status) == {Status.PUBLISHED, Status.REFUSED}
