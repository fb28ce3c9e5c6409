"""What a provider promised in an answer: later families are asked whether they noticed, and the page says so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest
from flask import Flask

from portal.core import clock
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews.answering.operations import answer, say_kept
from portal.reviews.models import Experience, ProviderAnswer
from portal.reviews.moderating.operations import decide_answer
from portal.reviews.operations import move
from portal.reviews.publishing.operations import keep_up
from portal.reviews.questions import NOTICED
from portal.reviews.types import Quarter, Status
from tests.accounts.people import World
from tests.reviews.families import ACTOR, SETS, Family, make_codes, tell

PROMISE = "Elk gezin hoort vooraf wie er komt."
PAGE = "/aanbieders/zuid-limburg-1"


def publish(world: World) -> None:
    with world.database.transaction() as session:
        keep_up(session, world.regions[0], SETS, DEFAULT_RULES, 90, clock.today())


def told(world: World, code: str, **answers: str) -> str:
    one, _ = tell(world.database, code, **answers)
    with world.database.transaction() as session:
        move(session, ACTOR, session.get_one(Experience, one), Status.READY, clock.today())
    return one


@pytest.fixture
def promised(world: World, codes: Sequence[str]) -> str:
    """The id of a published story of which the answer promises something by the end of this quarter."""
    stories = [told(world, code) for code in codes[:3]]
    publish(world)
    promise(world, stories[0], str(Quarter.of(clock.today())))
    return stories[0]


def promise(world: World, story: str, due: str) -> None:
    with world.database.transaction() as session:
        one = session.get_one(Experience, story)
        answer(session, ACTOR, one, "Dank.", PROMISE, due, clock.today())
        session.flush()
        decide_answer(session, ACTOR, session.get_one(ProviderAnswer, story), one, True, "", clock.today())


def families_say(world: World, codes: Iterator[str], story: str, **said: int) -> None:
    for answered, number in said.items():
        for _ in range(number):
            told(world, next(codes), **{NOTICED + story: answered})
    publish(world)


def stories_on_page(app: Flask) -> str:
    """The page of the provider, with the second page of its stories."""
    return "".join(app.test_client().page(f"{PAGE}?pagina={page}").text for page in (1, 2))  # type: ignore[attr-defined]


def test_later_families_are_asked_what_they_noticed_before_they_write(
    app: Flask, world: World, codes: Sequence[str], promised: str
) -> None:
    family = Family.at(app)
    family.begin(codes[5])
    family.answer("parent", naar="choosing")
    page = family.answer("several")
    assert family.hidden()["vraag"] == NOTICED + promised
    assert PROMISE in page.text and "Merkte u hier iets van?" in page.h1
    page = family.answer("partly")
    assert family.hidden()["vraag"] == "story"
    assert "Een beetje" in family.change("check").text
    family.send()
    with world.database.sessions() as session:
        assert any(one.answers.get(NOTICED + promised) == "partly" for one in session.query(Experience))


def test_nobody_is_asked_about_what_is_not_due_or_of_another_provider(
    app: Flask, world: World, codes: Sequence[str], promised: str
) -> None:
    promise(world, promised, str(Quarter(Quarter.of(clock.today()).number + 2)))
    family = Family.at(app)
    family.begin(codes[5])
    family.answer("parent", naar="choosing")
    family.answer("several")
    assert family.hidden()["vraag"] == "story"
    with world.database.transaction() as session:
        say_kept(session, ACTOR, session.get_one(Experience, promised), clock.today())
    family.change("choosing")
    family.answer("several")
    assert family.hidden()["vraag"] == NOTICED + promised, "kept before its time"
    other = Family.at(app)
    other.begin(make_codes(world.database, world.regions[0], world.providers[1])[0])
    other.answer("parent", naar="choosing")
    other.answer("several")
    assert other.hidden()["vraag"] == "story"


@pytest.mark.parametrize(
    ("yes", "no", "state", "says"), [(9, 3, "kept", "merkten daar iets van"), (2, 10, "not_noticed", "merken het niet")]
)
def test_the_page_shows_what_families_noticed(
    app: Flask, world: World, promised: str, yes: int, no: int, state: str, says: str
) -> None:
    codes = iter(make_codes(world.database, world.regions[0], world.providers[0], 40))
    with world.database.transaction() as session:
        say_kept(session, ACTOR, session.get_one(Experience, promised), clock.today())
    client = app.test_client()
    assert PROMISE in client.page(PAGE).text  # type: ignore[attr-defined]
    families_say(world, codes, promised, yes=yes, no=no)
    assert says in stories_on_page(app)
    records = json.loads(client.get("/api/v1/experiences").get_data())["results"]
    assert {one["promise_state"] for one in records} == {None, state}


def test_fewer_than_ten_say_nothing(app: Flask, world: World, promised: str) -> None:
    codes = iter(make_codes(world.database, world.regions[0], world.providers[0], 40))
    families_say(world, codes, promised, no=9)
    shown = stories_on_page(app)
    assert "merken het niet" not in shown and "open" in shown
    families_say(world, codes, promised, no=1)
    assert "merken het niet" in stories_on_page(app)


def test_no_other_question_can_be_answered(app: Flask, world: World, codes: Sequence[str]) -> None:
    """A form with the key of a promise that is not asked is as one without a question."""
    family = Family.at(app)
    family.begin(codes[0])
    family.answer("parent")
    family.post("/ervaring/vragen", {**family.hidden(), "vraag": NOTICED + "x" * 22, "antwoord": "yes"})
    family.change("check")
    family.send()
    with world.database.sessions() as session:
        assert [one.answers for one in session.query(Experience)] == [{}]
