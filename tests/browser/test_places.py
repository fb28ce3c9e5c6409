"""The map by keyboard and pointer, the road to help, and easy reading, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_municipality_on_the_map_leads_to_its_part_of_the_list(
    open_page: Callable[..., Page], width: int, script: bool
) -> None:
    page = open_page("/zoeken?gemeente=Heerlen", width=width, script=script)
    page.get_by_role("link", name="Op de kaart").click()
    page.get_by_role("group", name="Kaart van de regio").get_by_role("link", name="Maastricht:").click()
    expect(page).to_have_url(re.compile("#plaats-maastricht$"))
    heading = page.get_by_role("heading", name="Maastricht")
    expect(heading).to_be_in_viewport()
    page.locator("#plaats-maastricht a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Als lijst").click()
    expect(page.locator("main article").first).to_be_visible()


def test_the_map_is_walked_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page("/gezinshuizen?kaart=ja")
    page.get_by_role("link", name="Op de kaart").focus()
    seen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.getAttribute('aria-label')")
        if not label:
            break
        seen.append(label)
        stroke = page.evaluate("getComputedStyle(document.activeElement.querySelector('circle')).strokeWidth")
        assert stroke == "4px", "focus can be seen"
    assert len(seen) >= 8 and all(": " in label for label in seen)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash").startswith("#plaats-")


@pytest.mark.parametrize("width", [320, 360])
def test_dots_on_a_phone_can_be_touched_and_names_read(open_page: Callable[..., Page], width: int) -> None:
    page = open_page("/zoeken?kaart=ja", width=width)
    dots = page.locator(".portal-map a .portal-map__dot").all()
    boxes = [box for box in (dot.bounding_box() for dot in dots) if box]
    assert len(boxes) == 16
    assert all(min(box["width"], box["height"]) >= 24 for box in boxes)  # WCAG 2.2, 2.5.8
    for number, box in enumerate(boxes):
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        for other in boxes[:number]:
            apart = (middle[0] - other["x"] - other["width"] / 2, middle[1] - other["y"] - other["height"] / 2)
            assert apart[0] ** 2 + apart[1] ** 2 >= 24**2
    measure = "names => names.map(name => name.getBoundingClientRect().height)"
    heights = page.eval_on_selector_all(".portal-map__names text", measure)
    assert min(heights) >= 10


def test_from_an_offer_the_whole_road_to_the_local_access_point(open_page: Callable[..., Page]) -> None:
    page = open_page("/zoeken?arrangement=pleegzorg&gemeente=Heerlen", width=360, script=False)
    page.locator("main article .portal-card__subtitle a").first.click()
    page.get_by_role("link", name="De hele weg, stap voor stap").click()
    for heading in ("Wie beslist?", "Stap voor stap", "Als uw kind 18 wordt", "Mogen wij blijven?"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator("main")).to_contain_text("Bel Toegang Jeugd Heerlen")
    page.get_by_label("In welke gemeente woont u?").select_option("Vaals")
    page.get_by_role("button", name="Toon").click()
    expect(page.locator("main")).not_to_contain_text("Bel Toegang Jeugd Heerlen")


VOICES = """
  const said = window.said = [];
  const speech = {
    getVoices: () => [{lang: "%s", localService: %s}],
    speak: (utterance) => { said.push(utterance.text); window.last = utterance; },
    cancel: () => { said.push("[stop]"); },
  };
  Object.defineProperty(window, "speechSynthesis", {value: speech});
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


def test_an_easy_page_is_read_aloud_by_a_voice_of_the_device(open_page: Callable[..., Page]) -> None:
    page = open_page("/hulp-krijgen?lezen=makkelijk&gemeente=Heerlen", width=360)
    page.add_init_script(VOICES % ("nl-NL", "true"))
    page.reload()
    page.get_by_role("button", name="Lees voor").click()
    said = page.evaluate("window.said")
    assert said[:2] == ["Hoe krijg je hulp?", "Je hoeft het niet alleen te doen."]
    assert any("maandag tot en met vrijdag" in text for text in said)
    assert len(said) == len(set(said)) > 20 and not any("Waar woon je?" in text for text in said)
    page.get_by_role("button", name="Stop met voorlezen").click()
    assert page.evaluate("window.said").pop() == "[stop]"
    page.get_by_role("button", name="Lees voor").click()
    page.evaluate("window.last.onend()")
    expect(page.get_by_role("button", name="Lees voor")).to_be_visible()


@pytest.mark.parametrize(("language", "is_local"), [("en-GB", "true"), ("nl-NL", "false")])
def test_no_voice_of_another_language_or_company_is_used(
    open_page: Callable[..., Page], language: str, is_local: str
) -> None:
    page = open_page("/?lezen=makkelijk")
    page.add_init_script(VOICES % (language, is_local))
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Lees voor")).to_have_count(0)


def test_easy_reading_goes_along_from_home_to_a_provider(open_page: Callable[..., Page]) -> None:
    page = open_page("/", width=320, script=False)
    page.get_by_role("link", name="Makkelijk lezen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hulp zoeken")
    page.get_by_label("Wat is er moeilijk?").fill("ik ben bang")
    page.get_by_label("Waar woon je?").select_option("Heerlen")
    page.get_by_role("button", name="Zoek").click()
    expect(page.get_by_text("Deze bladzijde is nog niet in makkelijke taal.")).to_be_visible()
    page.locator("main article").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Kan ik hier hulp krijgen?")).to_be_visible()
    page.get_by_role("link", name="Gewone taal").click()
    expect(page.get_by_role("heading", name="Wat ze doen")).to_be_visible()
