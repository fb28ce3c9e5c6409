"""A family tells how it was, in a real browser: by keyboard alone, at 320 px, in both languages, without script too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.accounts.signing_in.codes import for_people
from portal.catalogue.models import Provider
from portal.core import clock
from portal.core.database import Database
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews.answering.operations import answer
from portal.reviews.models import Experience, ProviderAnswer
from portal.reviews.moderating.operations import decide_answer
from portal.reviews.operations import move
from portal.reviews.publishing.operations import keep_up
from portal.reviews.types import Quarter, Status
from tests.browser.conftest import served
from tests.browser.looking import assert_sound
from tests.conftest import copied_app
from tests.reviews.families import ACTOR, QUESTIONS, SETS, make_codes, tell
from tests.reviews.test_hostile_texts import PAYLOADS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def told(indexed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Database]]:
    """The fictional region, served, where families can tell."""
    app = copied_app(indexed_folder, tmp_path_factory.mktemp("told") / "data")
    with served(app) as address:
        yield address, app.extensions["portal.database"]


@pytest.fixture(scope="module")
def site(told: tuple[str, Database]) -> str:
    """Its address, for `open_page`."""
    return told[0]


@pytest.fixture
def codes(told: tuple[str, Database]) -> Sequence[str]:
    with told[1].sessions() as session:
        provider = session.scalars(select(Provider).order_by(Provider.name)).first()
        assert provider is not None
    return make_codes(told[1], provider.region_id, provider.id)


def by_keyboard(page: Page, name: str) -> None:
    """Go to a button with the tab key, and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "BUTTON" and name in page.evaluate(
            "document.activeElement.textContent"
        ):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} was not reached")


def to_answer(page: Page) -> None:
    """Go to the answer with the tab key."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "antwoord":
            return
    raise AssertionError("the answer was not reached")


@pytest.mark.parametrize(
    ("language", "following", "sending"), [("nl", "Volgende", "Verstuur"), ("en", "Next", "Send it")]
)
def test_the_questionnaire_by_keyboard_on_a_narrow_screen(
    open_page: Callable[..., Page], told: tuple[str, Database], codes: Sequence[str], language: str, following: str,
    sending: str,
) -> None:  # fmt: skip
    page = open_page(f"/ervaring?lang={language}#{for_people(codes[0])}", width=320)
    expect(page.locator("#code")).to_have_value(for_people(codes[0]))
    assert "#" not in page.url, "the code does not stay in the address"
    assert_sound(page)
    page.locator("#code").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for number in range(len(QUESTIONS.questions) + 1):
        if number in (0, 2, 5, 15):
            assert_sound(page)
        to_answer(page)
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            page.keyboard.type("Bel 06-12345678." if number == 15 else "Vraag wie er komt.")
        else:
            page.keyboard.press("Space")
        by_keyboard(page, following)
    expect(page.get_by_text("06-12345678").first).to_be_visible()
    assert_sound(page)
    by_keyboard(page, sending)
    assert page.locator(".portal-code").count() == 8
    assert_sound(page)
    with told[1].sessions() as session:
        assert session.scalars(select(Experience)).first() is not None


def test_it_works_without_script(open_page: Callable[..., Page], codes: Sequence[str]) -> None:
    page = open_page("/ervaring", script=False)
    page.locator("#code").fill(codes[1])
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Jongere").check()
    page.get_by_role("button", name="Later verder").click()
    expect(page.locator("h1")).to_contain_text("later verder")


def test_a_lost_connection_loses_nothing(open_page: Callable[..., Page], codes: Sequence[str]) -> None:
    page = open_page("/ervaring")
    page.locator("#code").fill(codes[2])
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Ouder of verzorger").check()
    page.get_by_role("button", name="Volgende").click()
    for _ in QUESTIONS.questions[:-2]:
        page.get_by_role("button", name="Volgende").click()
    page.locator("#antwoord").fill("Een lang verhaal.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Volgende").click()
    expect(page.locator("[data-offline]")).to_be_visible()
    expect(page.locator("#antwoord")).to_have_value("Een lang verhaal.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Volgende").click()
    expect(page.get_by_text("Wat moeten andere gezinnen weten?").first).to_be_visible()


def at_story(page: Page, code: str) -> None:
    """From the code to the page of the story."""
    page.locator("#code").fill(code)
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Ouder of verzorger").check()
    page.get_by_role("button", name="Volgende").click()
    while page.locator("textarea#antwoord").count() == 0:  # one question more for each promise of the provider
        page.get_by_role("button", name="Volgende").click()


@pytest.mark.parametrize("width", [360, 1280])
def test_what_could_tell_who_they_are_is_named_while_they_type(
    open_page: Callable[..., Page], codes: Sequence[str], width: int
) -> None:
    page = open_page("/ervaring", width=width)
    at_story(page, codes[3])
    warning = page.locator("[data-found]")
    expect(warning).to_have_text("", use_inner_text=True)
    page.locator("#antwoord").press_sequentially("Mevrouw Pieters belde, 06-12345678.")
    expect(warning).to_contain_text("06-12345678 (een telefoonnummer)")
    expect(warning).to_contain_text("Pieters (een naam)")
    assert_sound(page)
    expect(page.locator("#antwoord")).to_be_focused()
    page.locator("#antwoord").fill("Zij belde.")
    expect(warning).to_have_text("", use_inner_text=True)


def test_hostile_texts_run_nothing_anywhere(
    open_page: Callable[..., Page], told: tuple[str, Database], codes: Sequence[str]
) -> None:
    """What families write, on every public page on which it stands (S10): `open_page` hears every broken policy."""
    hostile, alerts = "\n".join(PAYLOADS), list[str]()
    stories = [tell(told[1], code, story=hostile, advice=hostile) for code in codes[4:7]]
    with told[1].transaction() as session:
        for one, _ in stories:
            move(session, ACTOR, session.get_one(Experience, one), Status.READY, clock.today())
        story = session.get_one(Experience, stories[0][0])
        keep_up(session, story.region_id, SETS, DEFAULT_RULES, 90, clock.today())
        answer(session, ACTOR, story, hostile[:1_900], hostile[:290], str(Quarter.of(clock.today())), clock.today())
        session.flush()
        decide_answer(session, ACTOR, session.get_one(ProviderAnswer, story.id), story, True, "", clock.today())
        slug = session.get_one(Provider, story.provider_id).slug
    for path in (f"/aanbieders/{slug}", f"/zoeken?q={slug}", "/api/v1/experiences", f"/aanbieders/{slug}?lang=en"):
        page = open_page(path)
        page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
        assert "onerror=alert(1)" in page.locator("body").inner_text() or path.startswith("/zoeken"), path
        assert page.locator("img[src=x], b, iframe, [onload], [onerror], [onfocus]").count() == 0
    page = open_page("/ervaring/terug")
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.locator("#woorden").fill(stories[0][1])
    page.get_by_role("button", name="Open mijn verhaal").click()
    expect(page.locator("#story")).to_have_value(re.compile("onerror=alert"))
    page = open_page("/ervaring")
    at_story(page, codes[7])
    page.locator("#antwoord").fill(hostile)
    page.get_by_role("button", name="Volgende").click()
    page.get_by_role("button", name="Volgende").click()
    expect(page.get_by_text("onerror=alert").first).to_be_visible()
    assert alerts == []
