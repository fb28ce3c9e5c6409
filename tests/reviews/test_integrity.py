"""What is odd is flagged, and a flag decides nothing."""

from __future__ import annotations

import random

from sqlalchemy import select

from portal.core.database import Database
from portal.reviews.integrity import flag, likeness, shingles
from portal.reviews.models import Experience, ExperienceFlag
from portal.reviews.types import Status
from tests.accounts.people import World
from tests.reviews.families import make_codes, tell

WORDS = (
    "ze kwamen thuis luisterden goed begeleider school rust avond samen plan moeilijk wachten gesprek kind zelf "
    "vertrouwen tijd hulp team later beter soms boos blij moe steun gezin broer buurt"
).split()


def flagged(database: Database, experience: str) -> set[str]:
    with database.transaction() as session:
        flag(session, session.get_one(Experience, experience))
    with database.sessions() as session:
        return set(
            session.scalars(select(ExperienceFlag.kind).where(ExperienceFlag.experience_id == experience))
        )  # fmt: skip


def test_near_copies_are_flagged_also_across_providers_and_stay(world: World) -> None:
    chance = random.Random(5)  # noqa: S311
    first = iter(make_codes(world.database, world.regions[0], world.providers[0], 60))
    second = iter(make_codes(world.database, world.regions[0], world.providers[1], 60))
    caught = 0
    for _ in range(50):
        words = [chance.choice(WORDS) for _ in range(30)]
        tell(world.database, next(first), story=" ".join(words))
        words[chance.randrange(30)] = "anders"
        copy, _ = tell(world.database, next(second), story=" ".join(words).capitalize() + "!")
        caught += "duplicate" in flagged(world.database, copy)
        with world.database.sessions() as session:
            assert session.get_one(Experience, copy).status is Status.RECEIVED
    assert caught >= 0.95 * 50


def test_a_campaign_in_one_day_and_the_same_answers_are_flagged(world: World) -> None:
    codes = make_codes(world.database, world.regions[0], world.providers[0], 20)
    told = [
        tell(world.database, code, story=f"Top {n}", goals="all", match="yes")[0] for n, code in enumerate(codes[:8])
    ]
    assert {"burst", "same_answers"} <= flagged(world.database, told[-1])


def test_different_stories_are_not_alike() -> None:
    one = shingles("Er werd goed naar ons geluisterd en dat gaf rust in huis.")
    other = shingles("De wachttijd was veel langer dan beloofd, en niemand belde.")
    assert likeness(one, other) < 0.2 and likeness(one, one) == 1
