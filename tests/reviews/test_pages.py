"""Many stories: by page, each once, in no order that tells anything."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence

import pytest
from flask import Flask

from portal.accounts.types import Post, Profession, Role
from portal.catalogue.operations import touch
from portal.core import clock
from portal.core.pages import Pager
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews.answering.operations import answer
from portal.reviews.models import Experience, ProviderAnswer
from portal.reviews.moderating.operations import decide_answer
from portal.reviews.operations import move
from portal.reviews.publishing.operations import keep_up
from portal.reviews.types import Quarter, Status, Voice
from tests.accounts.people import Someone, World
from tests.inspection import Page
from tests.reviews.families import ACTOR, SETS, make_codes, tell

QUEUE, DESK, PUBLIC = "/werkplek/regio/ervaringen", "/werkplek/aanbieder/ervaringen", "/aanbieders/zuid-limburg-1"


def tell_many(
    world: World, number: int, voice: Voice = Voice.PARENT, story: str = "Verhaal {}.", **more: str
) -> list[str]:
    """So many stories about the first provider; their ids."""
    codes = make_codes(world.database, world.regions[0], world.providers[0], max(20, number))
    return [
        tell(world.database, code, story.format(f"{voice.value} {at:03}"), voice, **more)[0]
        for at, code in enumerate(codes[:number])
    ]


def publish(world: World, told: Sequence[str]) -> None:
    with world.database.transaction() as session:
        for one in told:
            move(session, ACTOR, session.get_one(Experience, one), Status.READY, clock.today())
        session.flush()
        keep_up(session, world.regions[0], SETS, DEFAULT_RULES, 90, clock.today())


def enter(app: Flask, world: World, role: Role, *of: int) -> Someone:
    world.add("iemand@voorbeeld.example", Post(role, world.regions[0], *of))
    return Someone.enter(app, "iemand@voorbeeld.example")


def following(page: Page) -> str:
    """The address of the next page; empty on the last."""
    return next((one["href"] for one in page.all("a") if one.get("rel") == "next"), "")


def linked(page: Page) -> list[str]:
    """The stories that a page of a moderator leads to."""
    found = (re.fullmatch(rf"{QUEUE}/([\w-]{{22}})", one.get("href", "")) for one in page.all("a"))
    return [one[1] for one in found if one]


def test_at_a_referrers_desk_the_other_stories_stand_at_the_desk_too(app: Flask, world: World) -> None:
    publish(world, tell_many(world, 24))
    world.add("arts@voorbeeld.example", Post(Role.REFERRER, world.regions[0], profession=Profession.GP))
    doctor = Someone.enter(app, "arts@voorbeeld.example")
    first = doctor.page("/werkplek/verwijzer/aanbieders/zuid-limburg-1?q=boos&aanbod=A1")
    address = following(first)
    assert address.startswith("/werkplek/verwijzer/aanbieders/zuid-limburg-1?")
    assert "q=boos" in address and "aanbod=A1" in address, "with the search and the list"
    second = doctor.page(address)
    assert "Pagina 2 van 3" in second.text and second.text != first.text


@pytest.mark.parametrize(
    ("asked", "page"), [(None, 1), ("", 1), ("2", 2), ("3", 3), ("4", 3), ("99999", 3), ("999999", 1), ("0", 1),
                        ("-1", 1), ("x", 1), ("²", 1)]
)  # fmt: skip
def test_an_address_can_ask_for_any_page_and_gets_one_that_is_there(asked: str | None, page: int) -> None:
    found = Pager.over(41, 20, asked, str)
    assert (found.page, found.pages) == (page, 3)
    assert found.previous_href == (str(page - 1) if page > 1 else None)
    assert found.next_href == (str(page + 1) if page < 3 else None)
    assert Pager.over(0, 20, asked, str).pages == Pager.over(20, 20, asked, str).pages == 1


def test_a_moderator_reads_fifty_a_page_with_danger_on_the_first(app: Flask, world: World) -> None:
    told = tell_many(world, 118) + tell_many(world, 2, danger="suicide")
    reader = enter(app, world, Role.MODERATOR)
    first = reader.page(QUEUE)
    assert "120 verhalen" in first.text and "Pagina 1 van 3" in first.text
    assert set(linked(first)[:2]) == set(told[-2:])
    second = reader.page(following(first))
    third = reader.page(following(second))
    pages = [linked(one) for one in (first, second, third)]
    assert [len(one) for one in pages] == [50, 50, 20]
    assert sorted(one for page in pages for one in page) == sorted(told)
    assert all("120 verhalen" in one.text for one in (second, third)) and not following(third)
    assert linked(reader.page(f"{QUEUE}?pagina=77")) == pages[2]


def test_what_stands_on_the_site_has_pages_of_its_own(app: Flask, world: World) -> None:
    told = tell_many(world, 60)
    reader = enter(app, world, Role.MODERATOR)
    assert "op de site" not in reader.page(QUEUE).text
    publish(world, told)
    page = reader.page(QUEUE)
    assert "Er staan 60 verhalen op de site" in page.text and not linked(page)
    page = reader.page(next(one["href"] for one in page.all("a") if one.get("href", "").endswith("/geplaatst")))
    found = linked(page)
    assert len(found) == 50
    assert sorted(found + linked(reader.page(following(page)))) == sorted(told)


def test_a_provider_page_shows_ten_of_each_voice_and_leads_to_the_others(app: Flask, world: World) -> None:
    told = tell_many(world, 24) + tell_many(world, 12, Voice.YOUNG_PERSON)
    client, shown, numbers, address = app.test_client(), list[str](), list[int](), f"{PUBLIC}?gemeente=Heerlen"
    assert "nieuwste" not in client.page(address).text  # type: ignore[attr-defined]
    publish(world, told)
    while address:
        page = client.page(address)  # type: ignore[attr-defined]
        assert "36 verhalen. De nieuwste staan vooraan." in page.text
        here = re.findall(r"Verhaal ((?:parent|young_person) \d{3})\.", page.text)
        shown += here
        numbers.append(len(here))
        address = following(page)
        assert not address or ("gemeente=Heerlen" in address and address.endswith("#ervaringen"))
    assert numbers == [20, 12, 4]
    assert len(set(shown)) == len(shown) == 36
    with world.database.sessions() as session:  # in the order of the random ids, across pages
        ids = {one.story: one.id for one in session.query(Experience)}
    of_parents = [ids[f"Verhaal {one}."] for one in shown if one.startswith("parent")]
    assert of_parents == sorted(of_parents) and of_parents != told[:24]


@pytest.mark.parametrize(("voice", "to"), [(Voice.PARENT, "gezinnen"), (Voice.YOUNG_PERSON, "jongeren")])
def test_advice_stands_there_for_whom_it_was_asked(app: Flask, world: World, voice: Voice, to: str) -> None:
    publish(world, tell_many(world, 3, voice, advice="Vraag wie er komt."))
    assert f"Voor andere {to}:" in app.test_client().page(PUBLIC).text  # type: ignore[attr-defined]


def test_stories_without_a_name_stand_ten_on_a_page_too(app: Flask, world: World) -> None:
    told = tell_many(world, 24)
    with world.database.transaction() as session:
        for one in told:
            found = session.get_one(Experience, one)
            found.status, found.is_named, found.arrived_on = Status.PUBLISHED, False, None
        touch(session)
    client, shown, address = app.test_client(), list[list[str]](), "/hulp-krijgen?gemeente=Heerlen"
    while address:
        page = client.page(address)  # type: ignore[attr-defined]
        assert "24 verhalen over aanbieders" in page.text
        shown.append(re.findall(r"Verhaal parent (\d{3})\.", page.text))
        address = following(page)
        assert not address or ("gemeente=Heerlen" in address and address.endswith("#ervaringen"))
    assert [len(one) for one in shown] == [10, 10, 4]
    assert len({one for here in shown for one in here}) == 24


def test_a_page_with_the_longest_stories_stays_light(app: Flask, world: World) -> None:
    words = [
        f"{a}{b}{c}" for a in ("rust", "plan", "zorg", "huis") for b in "aeiou" for c in ("kind", "thuis", "samen")
    ]
    publish(world, tell_many(world, 60, story="Verhaal {}. " + " ".join(words * 2)))
    body = app.test_client().get(PUBLIC).get_data()
    assert body.count(b'<article class="portal-story"') == 10
    assert len(gzip.compress(body)) < 15_000


def test_the_desk_of_a_provider_shows_a_story_on_the_page_where_it_stands(app: Flask, world: World) -> None:
    told = sorted(tell_many(world, 45))
    publish(world, told)
    someone = enter(app, world, Role.PROVIDER_MANAGER, world.providers[0])

    def stories(page: Page) -> list[str]:
        return [one["id"].removeprefix("v-") for one in page.all("section") if one.get("id", "").startswith("v-")]

    first = someone.page(DESK)
    assert stories(first) == told[:20]
    assert stories(someone.page(following(first))) == told[20:40]
    looked = someone.submit(f"{DESK}/{told[42]}/antwoord", text="Dank u wel.", doe="bekijk")
    page = Page(looked.get_data(as_text=True))
    assert stories(page) == told[40:] and "Zo zien gezinnen het" in page.text and "Pagina 3 van 3" in page.text
    sent = someone.submit(f"{DESK}/{told[42]}/antwoord", text="Dank u wel.", doe="verstuur")
    page = someone.page(sent.headers["Location"])
    assert stories(page) == told[40:] and "Uw antwoord wacht" in page.text
    with world.database.transaction() as session:
        one, today = session.get_one(Experience, told[25]), clock.today()
        answer(session, ACTOR, one, "Dank.", "Wij bellen terug.", str(Quarter.of(today)), today)
        session.flush()
        decide_answer(session, ACTOR, session.get_one(ProviderAnswer, told[25]), one, True, "", today)
    promise = next(one["href"] for one in someone.page(DESK).all("a") if one.get("href", "").endswith(f"#v-{told[25]}"))
    assert stories(someone.page(promise)) == told[20:40]
