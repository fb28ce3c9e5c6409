"""The question box suggests while somebody types: by keyboard and pointer, announced, and never in the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.looking import assert_accessible, assert_accessible_in_the_dark

pytestmark = pytest.mark.browser

QUESTION = "Wat is er aan de hand?"


@pytest.fixture
def sent(open_page: Callable[..., Page]) -> Callable[[Page], list[str]]:
    """The addresses of suggestions that a page asks for from now on."""

    def watch(page: Page) -> list[str]:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "suggesties" in request.url else None)
        return asked

    return watch


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggesties").get_by_role("option")


def chosen_option(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggesties").get_by_role("option", selected=True)


def type_into(page: Page, text: str) -> None:
    page.get_by_label(QUESTION).press_sequentially(text, delay=20)


@pytest.mark.parametrize("path", ["/", "/zoeken"])
def test_axe_finds_nothing_with_the_list_open(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(path)
    type_into(page, "auti")
    page.get_by_role("listbox", name="Suggesties").wait_for()
    page.keyboard.press("ArrowDown")
    assert_accessible(page)
    assert_accessible_in_the_dark(page)


def test_a_topic_is_chosen_by_keyboard_and_the_municipality_stays(open_page: Callable[..., Page]) -> None:
    page = open_page("/", width=360)
    page.get_by_label("In welke gemeente").select_option("Heerlen")
    field = page.get_by_role("combobox", name=QUESTION)
    type_into(page, "faala")
    expect(options(page).first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("Suggesties:")
    page.keyboard.press("ArrowDown")
    chosen = chosen_option(page)
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    words = chosen.evaluate("option => option.firstChild.data")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/zoeken?*gemeente=Heerlen*")
    expect(page.locator("#q")).to_have_value(words)


def test_a_provider_is_chosen_with_the_pointer(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    type_into(page, "autismecentrum")
    options(page).filter(has_text="Aanbieder").first.click()
    page.wait_for_url("**/aanbieders/**")


def test_arrows_go_round_by_way_of_the_field(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    type_into(page, "auti")
    page.get_by_role("listbox").wait_for()
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(chosen_option(page)).to_have_count(0)
    assert page.get_by_role("combobox", name=QUESTION).get_attribute("aria-activedescendant") is None


def test_escape_closes_the_list_and_keeps_what_was_typed(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    type_into(page, "auti")
    page.get_by_role("listbox").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_label(QUESTION)).to_have_value("auti")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zoeken?*q=auti*")


def test_leaving_the_field_closes_the_list(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    type_into(page, "auti")
    page.get_by_role("listbox").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_nothing_is_sent_on_focus_and_little_while_typing(
    open_page: Callable[..., Page], sent: Callable[[Page], list[str]]
) -> None:
    page = open_page("/zoeken?q=autisme")
    asked = sent(page)
    page.get_by_label(QUESTION).focus()
    page.wait_for_timeout(400)
    assert asked == []
    page.get_by_label(QUESTION).fill("")
    type_into(page, "durft niet naar school")
    page.get_by_role("listbox").wait_for()
    assert len(asked) < 5
    page.get_by_label(QUESTION).fill("x" * 70)
    page.wait_for_timeout(400)
    assert not any("xxx" in address for address in asked)


def test_the_field_works_where_suggestions_do_not(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.route("**/zoeken/suggesties**", lambda route: route.abort())
    type_into(page, "slapen")
    page.wait_for_timeout(400)
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/zoeken?*q=slapen*")


def test_without_script_it_is_a_plain_search_field(open_page: Callable[..., Page]) -> None:
    page = open_page("/", script=False)
    expect(page.get_by_role("searchbox", name=QUESTION)).to_be_visible()
