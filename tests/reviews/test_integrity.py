"""What is odd is flagged, and a flag decides nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.types import Post, Role
from portal.core import clock
from portal.core.database import Database
from portal.outcomes.models import Figure
from portal.outcomes.types import (
    DEFAULT_RULES,
    Audience,
    Indicator,
    Informant,
    MeasuredFramework,
    Shown,
    Verdict,
    WhyNotCompared,
)
from portal.reviews.answering.operations import dispute
from portal.reviews.integrity import (
    NEAR_DUPLICATE,
    Compared,
    _tail,
    compare,
    flag,
    is_nearly,
    is_unlike,
    likeness,
    shingles,
)
from portal.reviews.models import Experience, ExperienceFlag, InvitationBatch
from portal.reviews.operations import move
from portal.reviews.publishing.operations import keep_up
from portal.reviews.telling import routes
from portal.reviews.types import Status
from tests.accounts.people import Someone, World
from tests.reviews.families import ACTOR, SETS, Family, make_codes, tell

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
    first = iter(make_codes(world.database, world.regions[0], world.providers[0], 100))
    second = iter(make_codes(world.database, world.regions[0], world.providers[1], 100))
    caught = 0
    for _ in range(100):
        words = [chance.choice(WORDS) for _ in range(30)]
        tell(world.database, next(first), story=" ".join(words))
        words[chance.randrange(30)] = "anders"
        copy, _ = tell(world.database, next(second), story=" ".join(words).capitalize() + "!")
        caught += "duplicate" in flagged(world.database, copy)
        with world.database.sessions() as session:
            assert session.get_one(Experience, copy).status is Status.RECEIVED
    assert caught >= 95


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


def test_what_is_seen_after_a_few_shingles_is_what_all_of_them_say() -> None:
    chance, near = random.Random(3), 0  # noqa: S311
    for _ in range(400):
        one = [chance.choice(WORDS) for _ in range(chance.randint(8, 30))]
        other = [word if chance.random() > 0.07 else chance.choice(WORDS) for word in one]
        other += chance.choices(WORDS, k=chance.randint(0, 3))
        own, text = shingles(" ".join(one)), " ".join(other)
        is_near = likeness(own, shingles(text)) >= NEAR_DUPLICATE
        assert is_nearly(own, text) is is_near
        near += is_near
    assert 50 < near < 350


def test_a_copy_that_comes_between_the_comparison_and_the_sending_is_flagged_too(world: World) -> None:
    story = "Er kwam elke week iemand anders, en daar werd ons kind heel onrustig van."
    codes = make_codes(world.database, world.regions[0], world.providers[0])
    tell(world.database, codes[0], story="Na drie weken zijn wij gestopt, want het klikte van geen kant met ons.")
    with world.database.sessions() as session:
        before = compare(session, world.regions[0], story)
    assert len(before.others) == 1 and not before.is_told_before
    tell(world.database, codes[1], story=story)
    own, _ = tell(world.database, codes[2], story=story + " Echt.")
    with world.database.transaction() as session:
        assert [one.kind for one in flag(session, session.get_one(Experience, own), before)] == ["duplicate"]


def test_a_story_is_compared_with_the_others_while_somebody_else_sends(
    app: Flask, world: World, codes: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    story = "Er kwam elke week iemand anders, en daar werd ons kind heel onrustig van."
    family = Family.at(app)
    family.fill_in(codes[0], story=story)

    def compare_while_somebody_sends(session: Session, region_id: int, text: str) -> Compared:
        compared = compare(session, region_id, text)
        tell(world.database, codes[1], story=story)
        return compared

    monkeypatch.setattr(routes, "compare", compare_while_somebody_sends)
    family.send()
    with world.database.sessions() as session:
        assert "duplicate" in session.scalars(select(ExperienceFlag.kind)).all()


def test_a_batch_unlike_all_others_is_flagged(world: World) -> None:
    codes = iter(make_codes(world.database, world.regions[0], world.providers[0], 40))
    with clock.frozen(clock.today() - timedelta(days=200)):
        for number in range(20):
            tell(world.database, next(codes), story=f"Eerder {number}", usefulness=str(5 + number % 4))
    told = [tell(world.database, next(codes), story=f"Nu {n}", usefulness="10")[0] for n in range(8)]
    assert "unlike" in flagged(world.database, told[-1])
    with world.database.sessions() as session:
        assert session.get_one(Experience, told[-1]).status is Status.RECEIVED


@pytest.mark.parametrize(
    ("own", "others", "odd"),
    [
        (["9"] * 8, ["7"] * 20, True),
        (["1"] * 8, ["7"] * 20, True),
        (["9"] * 12, ["9", "7", "6", "8"] * 5, True),
        (["9"] * 4 + ["7"] * 4, ["9", "7", "6", "8"] * 5, False),
        (["9"] * 4, ["7"] * 20, False),
        (["9"] * 8, ["7"] * 9, False),
    ],
)
def test_marks_are_compared_exactly(own: list[str], others: list[str], odd: bool) -> None:
    assert is_unlike(own, others) is odd


def test_the_tail_is_that_of_the_hypergeometric_distribution() -> None:
    assert _tail(3, 5, 4, 20) == pytest.approx(1 - (4368 + 7280 + 3360) / 15504)


def test_more_codes_than_families_or_clients_is_told_at_the_desk(app: Flask, world: World) -> None:
    world.add("contract@voorbeeld.example", Post(Role.CONTRACT_MANAGER, world.regions[0]))
    codes = make_codes(world.database, world.regions[0], world.providers[0], 40)
    make_codes(world.database, world.regions[0], world.providers[1], 40)
    for code in codes[:12]:
        tell(world.database, code)
    desk = Someone.enter(app, "contract@voorbeeld.example")
    path = "/werkplek/regio/codes"
    assert "meer codes gebruikt" not in desk.page(path).text
    with world.database.transaction() as session:
        first, second = session.scalars(select(InvitationBatch).order_by(InvitationBatch.id))
        first.handed_out = 11
        second.handed_out = 30
        for number, ended in ((0, 25), (1, 25)):
            session.add(
                Figure(
                    region_id=world.regions[0], provider_id=world.providers[number], arrangement="behandeling",
                    framework=MeasuredFramework.VOLUNTARY, indicator=Indicator.DROPOUT, is_mean=False,
                    informant=Informant.REGISTRATION, periods=str(clock.today().year), source="Opgave",
                    period=str(clock.today().year), shown=Shown.EXACT, n=ended, numerator=6, formula=1, evidence=[],
                    audience=Audience.REGION, verdict=Verdict.NOT_COMPARED, why_not=WhyNotCompared.FEW_PROVIDERS,
                )
            )  # fmt: skip
    page = desk.page(path)
    assert page.text.count("meer codes gebruikt dan") == 1, "twelve of eleven"
    assert page.text.count("Meer gezinnen kregen") == 1, "thirty of twenty-five"


def test_fifty_objections_take_nothing_down_and_everybody_sees_how_many_there_were(app: Flask, world: World) -> None:
    codes = make_codes(world.database, world.regions[0], world.providers[0], 40)
    sentences = [f"Zin nummer {n} van dit verhaal." for n in range(25)]
    told = [tell(world.database, code, story=" ".join(sentences))[0] for code in codes[:3]]
    with world.database.transaction() as session:
        for one in told:
            move(session, ACTOR, session.get_one(Experience, one), Status.READY, clock.today())
        keep_up(session, world.regions[0], SETS, DEFAULT_RULES, 90, clock.today())
    for one in told[:2]:
        with world.database.transaction() as session:
            for sentence in sentences:
                dispute(session, ACTOR, session.get_one(Experience, one), sentence, "Dit is niet waar, zeggen wij.",
                        21, clock.today())  # fmt: skip
    later = clock.today() + timedelta(days=60)
    with world.database.transaction() as session:
        keep_up(session, world.regions[0], SETS, DEFAULT_RULES, 90, later)
    page = app.test_client().page("/aanbieders/zuid-limburg-1")  # type: ignore[attr-defined]
    assert page.text.count("Zin nummer 24") == 3
    assert "50 feiten in deze verhalen werden betwist door wie het betreft; weggelaten: 0" in page.text
