"""An access worker counts that a family had a choice, and nothing of that family or that talk is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.types import Post, Role
from portal.core import clock
from portal.core.database import Base
from portal.core.trail.models import TrailEntry
from portal.daily import forget_choices
from portal.desks.choice import operations
from portal.desks.choice.models import ChoiceCount, ChoicePress
from portal.desks.choice.seals import Counted, NoSeal, read_undo
from portal.desks.choice.types import Place, Talk
from tests.accounts.people import Someone
from tests.desks.conftest import NOW, TODAY, Desk
from tests.inspection import Page

FORM, NUMBERS = "/werkplek/verwijzer/keuze", "/werkplek/verwijzer/keuze/aantallen"
TALK = {"arrangement": "begeleiding", "offered": "3", "discussed": "2", "outcome": "chosen"}


@pytest.fixture
def samira(desk: Desk) -> Iterator[Someone]:
    desk.world.add("samira@voorbeeld.example", Post(Role.ACCESS_WORKER, desk.world.regions[0], municipality="GM0917"))
    yield desk.enter("samira")


def form_page(someone: Someone, asked: str = "") -> Page:
    """A new form: its number is in the address to which one is sent."""
    return someone.page(someone.client.get(FORM + asked).headers["Location"])


def hidden(someone: Someone, name: str, html: str | None = None) -> str:
    fields = (form_page(someone) if html is None else Page(html)).all("input")
    return next(field["value"] for field in fields if field.get("name") == name)


def counters(desk: Desk) -> dict[str, int]:
    with desk.database.sessions() as session:
        rows = session.scalars(select(ChoiceCount)).all()
        assert {(row.municipality, row.arrangement, row.month) for row in rows} <= {
            ("GM0917", "begeleiding", "2026-11")
        }
        return {row.what: row.number for row in rows}


def test_a_talk_makes_counters_grow_and_leaves_nothing_else(desk: Desk, samira: Someone) -> None:
    before = everything(desk)
    answer = samira.submit(FORM, press=hidden(samira, "press"), **TALK)
    assert answer.status_code == 200 and "Geteld" in answer.get_data(as_text=True)
    onward = [link["href"] for link in Page(answer.get_data(as_text=True)).all("a")]
    assert "/werkplek/verwijzer/zoeken" in onward, "the next family begins there"
    samira.submit(FORM, press=hidden(samira, "press"), **{**TALK, "outcome": "urgent"})
    assert counters(desk) == {"chosen": 1, "urgent": 1, "#offered": 6, "#discussed": 4}
    changed = {table for table, rows in everything(desk).items() if rows != before[table]}
    assert changed <= {"choice_count", "choice_press", "sign_in"}, "no line in the trail, no row of the talk"
    columns = {column.name for column in ChoiceCount.__table__.columns}
    assert columns == {"region_id", "municipality", "arrangement", "month", "what", "number"}


def everything(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    with desk.database.sessions() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_a_quarter_that_is_over_is_told_where_the_desk_begins(desk: Desk, samira: Someone) -> None:
    samira.submit(FORM, press=hidden(samira, "press"), **TALK)
    assert "Er wacht niets op u." in samira.page("/werkplek/verwijzer").text
    for day, is_new in ((date(2027, 1, 4), True), (date(2027, 2, 4), False)):
        with clock.frozen(day):
            page = desk.enter("samira").page("/werkplek/verwijzer").text
            assert ("gesprekken van het vierde kwartaal van 2026" in page) == is_new


def test_pressing_twice_counts_once(desk: Desk, samira: Someone) -> None:
    press = hidden(samira, "press")
    for _ in range(2):
        answer = samira.submit(FORM, press=press, **TALK).get_data(as_text=True)
    assert counters(desk)["chosen"] == 1
    assert "al geteld" in answer and 'name="undo"' in answer, "it can still be taken back"


def test_who_goes_back_to_a_form_meets_the_same_form_and_counts_once(desk: Desk, samira: Someone) -> None:
    """A browser that goes back asks for the page anew, since nothing of a desk is kept."""
    address = samira.client.get(f"{FORM}?arrangement=begeleiding&offered=3").headers["Location"]
    assert "arrangement=begeleiding" in address and "offered=3" in address
    first = samira.page(address)
    samira.submit(FORM, press=next(one["value"] for one in first.all("input") if one.get("name") == "press"), **TALK)
    again = samira.page(address)
    assert "Dit gesprek is al geteld" in again.text
    assert FORM in [a["href"] for a in again.all("a")], "and the way to another talk"
    pressed = next(one["value"] for one in again.all("input") if one.get("name") == "press")
    assert "al geteld" in samira.submit(FORM, press=pressed, **TALK).get_data(as_text=True)
    assert counters(desk)["chosen"] == 1
    made_up = samira.client.get(f"{FORM}?formulier=x").headers["Location"]
    assert "formulier=x" not in made_up, "what we did not make is no form"


def test_no_count_is_lost_where_many_press_at_the_same_moment(desk: Desk) -> None:
    place, talk = Place(desk.world.regions[0], "GM0917", "2026-11"), Talk("begeleiding", 3, 2, "chosen")
    forms = [Counted(str(number), place, talk) for number in range(12)]
    firsts: list[bool] = []

    def press(counted: Counted) -> None:
        with desk.database.transaction() as session:
            firsts.append(operations.count(session, counted, TODAY))

    def take_back(counted: Counted) -> None:
        with desk.database.transaction() as session:
            operations.take_back(session, counted, TODAY)

    def at_once(*work: tuple[Callable[[Counted], None], Counted]) -> None:
        threads = [threading.Thread(target=what, args=(counted,)) for what, counted in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    at_once(*((press, counted) for counted in forms * 2))
    assert firsts.count(True) == 12 and counters(desk)["chosen"] == 12
    at_once(*((take_back, counted) for counted in forms * 2))
    assert counters(desk) == {}


def test_the_same_form_with_other_answers_is_asked_about(desk: Desk, samira: Someone) -> None:
    press = hidden(samira, "press")
    samira.submit(FORM, press=press, **TALK)
    answer = samira.submit(FORM, press=press, **{**TALK, "outcome": "urgent"})
    assert answer.status_code == 409 and "andere antwoorden" in answer.get_data(as_text=True)
    assert counters(desk) == {"chosen": 1, "#offered": 3, "#discussed": 2}


def test_a_mistake_is_taken_back_without_a_trace(desk: Desk, samira: Someone) -> None:
    empty = everything(desk)
    answer = samira.submit(FORM, press=hidden(samira, "press"), **TALK)
    undo = hidden(samira, "undo", answer.get_data(as_text=True))
    back = samira.submit(f"{FORM}/terug", undo=undo)
    assert back.status_code == 200 and "Teruggedraaid" in back.get_data(as_text=True)
    left = everything(desk)
    assert left["choice_count"] == left["choice_press"] == empty["choice_count"] == []
    samira.submit(FORM, press=hidden(samira, "press"), **TALK)
    samira.submit(f"{FORM}/terug", undo=undo)
    assert counters(desk)["chosen"] == 1, "taken back once"


def test_later_or_by_somebody_else_it_cannot_be_taken_back(desk: Desk, samira: Someone) -> None:
    desk.world.add("sem@voorbeeld.example", Post(Role.ACCESS_WORKER, desk.world.regions[0], municipality="GM0917"))
    answer = samira.submit(FORM, press=hidden(samira, "press"), **TALK)
    undo = hidden(samira, "undo", answer.get_data(as_text=True))
    assert desk.enter("sem").submit(f"{FORM}/terug", undo=undo).status_code == 409
    owner, keys = desk.membership("samira"), desk.database.keys
    assert read_undo(keys, undo, owner, NOW + timedelta(minutes=29)).talk.outcome == "chosen"
    with pytest.raises(NoSeal):
        read_undo(keys, undo, owner, NOW + timedelta(minutes=31))
    assert samira.submit(f"{FORM}/terug", undo="x").status_code == 409
    assert counters(desk)["chosen"] == 1


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"offered": ""}, "offered", "heel getal"),
        ({"offered": "ongeveer 3"}, "offered", "heel getal"),
        ({"offered": "-3"}, "offered", "heel getal"),
        ({"offered": "\u0663"}, "offered", "heel getal"),
        ({"offered": "999"}, "offered", "meer aanbieders dan er zijn"),
        ({"discussed": "4"}, "discussed", "maar er pasten er 3"),
        ({"offered": "1", "discussed": "1"}, "outcome", "Kiezen kan uit twee of meer"),
        ({"outcome": ""}, "outcome", "Kies wat er uit het gesprek kwam"),
        ({"outcome": "Jan wilde niet"}, "outcome", "Kies wat er uit het gesprek kwam"),
        ({"arrangement": "jeugdbescherming"}, "arrangement", "Kies de soort hulp"),
    ],
)
def test_what_cannot_be_right_is_told_and_nothing_is_counted(
    desk: Desk, samira: Someone, typed: dict[str, str], field: str, said: str
) -> None:
    answer = samira.submit(FORM, press=hidden(samira, "press"), **{**TALK, **typed})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in text and f'id="{field}' in text
    assert counters(desk) == {}


def test_numbers_are_told_when_the_quarter_is_over_and_there_are_enough(desk: Desk, samira: Someone) -> None:
    with desk.database.transaction() as session:
        for month, outcome, number in (
            ("2026-08", "chosen", 12), ("2026-08", "urgent", 2), ("2026-08", "#offered", 42),
            ("2026-08", "#discussed", 28), ("2026-11", "chosen", 40), ("2026-05", "chosen", 3),
        ):  # fmt: skip
            session.add(
                ChoiceCount(
                    region_id=desk.world.regions[0], municipality="GM0917", arrangement="begeleiding", month=month,
                    what=outcome, number=number,
                )
            )  # fmt: skip
    text = samira.page(NUMBERS).text
    assert "in minstens 10 van de 14" in text and "3,0" in text and "Te veel haast" not in text and "haast" not in text
    assert "40" not in text, "the running quarter is not told"
    assert "Te weinig gesprekken" in samira.page(f"{NUMBERS}?kwartaal=2026-Q2").text
    lines = samira.client.get(f"{NUMBERS}.csv?kwartaal=2026-Q3").get_data(as_text=True).splitlines()
    assert lines[-1] == "2026-Q3;;begeleiding;14;10;14;3,0;2,0"


def test_what_was_pressed_is_forgotten(desk: Desk, samira: Someone) -> None:
    samira.submit(FORM, press=hidden(samira, "press"), **TALK)
    with desk.app.app_context():
        forget_choices(NOW.date())
        with desk.database.sessions() as session:
            assert session.scalars(select(ChoicePress)).all()
        forget_choices(NOW.date() + timedelta(days=2))
    with desk.database.sessions() as session:
        assert session.scalars(select(ChoicePress)).all() == []
        assert session.scalars(select(TrailEntry)).all() == []
    assert counters(desk)["chosen"] == 1
