"""Journeys of the people for whom this is made, in a real browser, also without script and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_newcomer_finds_a_family_home_near_heerlen_for_a_girl_of_ten(
    open_page: Callable[..., Page], script: bool
) -> None:
    page = open_page("/", width=360, script=script)
    page.get_by_role("link", name="Gezinshuis", exact=True).click()
    page.get_by_label("Waar woont u?").select_option("Heerlen")
    page.get_by_label("Leeftijd").fill("10")
    page.get_by_label("Voor wie").select_option(label="een meisje")
    page.get_by_role("button", name="Zoek").click()
    for chosen in ("Heerlen", "10 jaar", "een meisje"):
        expect(page.get_by_label("Uw filters").get_by_text(chosen)).to_be_visible()
    first = page.locator("main article").first
    expect(first).to_contain_text("Heerlen")
    first.get_by_role("link").first.click()
    for words in ("Voor wie", "Wachttijd", "Vrije plekken"):
        expect(page.locator("main")).to_contain_text(words)


def test_a_parent_searches_narrows_and_reaches_the_access_point(open_page: Callable[..., Page]) -> None:
    page = open_page("/", width=360, script=False)
    page.get_by_label("Wat is er aan de hand?").fill("boos en agressief")
    page.get_by_label("In welke gemeente").select_option("Heerlen")
    page.get_by_role("button", name="Zoek").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heerlen")
    expect(page.locator("main")).to_contain_text("Toegang")
    page.locator("main article").first.get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("Heerlen")


def test_the_skip_link_is_first_and_works(open_page: Callable[..., Page]) -> None:
    page = open_page("/aanbieders")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#inhoud"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#inhoud"


def test_a_search_by_keyboard_alone(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.get_by_label("Wat is er aan de hand?").focus()
    page.keyboard.type("slapen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zoeken?*q=slapen*")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
