"""Choosing as a family does it: on a phone, by keyboard, without script; and what the browser keeps and sends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.looking import assert_accessible, assert_fits

pytestmark = pytest.mark.browser

LIST = "/mijn-lijst?aanbod=B001-2&aanbod=B001-1&gemeente=Heerlen"


class Hand:
    """Counts what a person does: a tap, or a field that is filled in (and sent off)."""

    def __init__(self) -> None:
        self.done = 0

    def tap(self, target: Locator) -> None:
        target.click()
        self.done += 1

    def ask(self, field: Locator, text: str) -> None:
        field.fill(text)
        field.press("Enter")
        self.done += 1

    def choose(self, field: Locator, value: str) -> None:
        field.select_option(value)
        self.done += 1

    def back(self, page: Page) -> None:
        page.go_back()
        self.done += 1


def star(page: Page, number: int) -> Locator:
    return page.locator("article").nth(number).locator("[data-save]")


def kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate("JSON.parse(localStorage.getItem('portal.lijst') ?? '[]')")
    return found


def test_journey_1_takes_fewer_than_twelve_steps(open_page: Callable[..., Page]) -> None:
    page, hand = open_page("/", width=360), Hand()
    page.context.add_init_script("window.print = () => { window.printed = true; }")
    hand.ask(page.get_by_label("Wat is er aan de hand?"), "mijn dochter van 13 in Heerlen wil niet naar school")
    expect(page.locator("main")).to_contain_text("Niet naar school durven of willen")
    hand.tap(page.get_by_role("list", name="Verder kiezen").get_by_role("link", name="Thuis"))
    for told in ("13 jaar", "Heerlen", "Thuis"):
        expect(page.get_by_label("Uw filters")).to_contain_text(told)
    for number in range(2):
        hand.tap(page.locator("article").nth(number).get_by_role("link").nth(1))
        hand.tap(page.locator("[data-save]").first)
        hand.back(page)
    hand.tap(star(page, 2))
    hand.tap(page.get_by_role("link", name="Vergelijk", exact=True))
    expect(page.get_by_role("columnheader")).to_have_count(3)
    hand.tap(page.get_by_role("link", name="Druk een gespreksblad af"))
    page.wait_for_function("window.printed")
    sheet = page.locator(".portal-sheet")
    expect(sheet).to_contain_text("Toegang Jeugd Heerlen")
    expect(sheet.get_by_role("columnheader")).to_have_count(3)
    assert hand.done < 12, hand.done


def test_journey_1_without_script(open_page: Callable[..., Page]) -> None:
    page = open_page("/", width=360, script=False)
    page.get_by_label("Wat is er aan de hand?").fill("mijn dochter van 13 wil niet naar school")
    page.get_by_label("In welke gemeente").select_option("Heerlen")
    page.get_by_role("button", name="Zoek").click()
    for number in range(3):
        star(page, number).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mijn lijst")
        expect(page.locator("[data-listed]")).to_have_count(number + 1)
        if number < 2:
            page.get_by_role("link", name="Zoek verder").click()
            expect(page.locator("main")).to_contain_text("Niet naar school durven of willen")
            expect(page.locator(".portal-list-bar")).to_contain_text(f"{number + 1} bewaard")
    page.get_by_role("link", name="Vergelijk ze (3)").click()
    expect(page.get_by_role("columnheader")).to_have_count(3)
    page.get_by_role("link", name="Naar mijn lijst").click()
    expect(page.locator(".portal-sheet")).to_contain_text("Dit willen wij vragen")
    page.get_by_role("link", name="Haal weg").first.click()
    expect(page.locator("[data-listed]")).to_have_count(2)


def test_the_list_stays_on_the_device_and_survives_going_back(open_page: Callable[..., Page]) -> None:
    page = open_page("/zoeken?q=boos&gemeente=Heerlen&leeftijd=13", width=360)
    bar = page.get_by_role("complementary", name="Uw lijst")
    expect(bar).to_be_hidden()
    star(page, 0).click()
    star(page, 1).click()
    expect(bar).to_contain_text("2 bewaard")
    expect(star(page, 0)).to_contain_text("Bewaard")
    assert "aanbod=" not in page.url
    page.goto(page.url.split("/zoeken")[0] + "/over")
    expect(bar).to_contain_text("2 bewaard")
    page.go_back()
    expect(star(page, 0)).to_contain_text("Bewaard")
    star(page, 0).click()
    expect(star(page, 0)).to_contain_text("Bewaar")
    expect(bar).to_contain_text("1 bewaard")
    bar.get_by_role("link", name="Mijn lijst").click()
    expect(page.locator("[data-listed]")).to_have_count(1)
    for told in ("gemeente=Heerlen", "leeftijd=13"):
        assert told in page.url
    page.get_by_role("link", name="Haal weg").click()
    expect(page.locator("main")).to_contain_text("Er staat nog niets op uw lijst.")
    assert kept(page) == []


def test_what_the_question_said_and_what_counts_go_along_with_the_list(open_page: Callable[..., Page]) -> None:
    page = open_page("/", width=360)
    page.get_by_label("Wat is er aan de hand?").fill("mijn zoon van 13 in Heerlen wil niet naar school")
    page.get_by_label("Wat is er aan de hand?").press("Enter")
    expect(page.locator("main")).to_contain_text("Niet naar school durven of willen")
    star(page, 0).click()
    page.get_by_role("link", name="Mijn lijst").last.click()
    for told in ("gemeente=Heerlen", "leeftijd=13", "onderwerp=schoolweigering"):
        assert told in page.url
    assert "postcode=&" not in page.url
    expect(page.locator(".portal-sheet")).to_contain_text("Toegang Jeugd Heerlen")
    page.get_by_text("Wat telt voor u?").click()
    page.get_by_role("group", name="Op school").get_by_label("ja").check()
    expect(page.locator(".portal-sheet__wishes")).to_contain_text("Op school")
    page.get_by_role("link", name="Zoek verder").click()
    star(page, 1).click()
    page.get_by_role("link", name="Mijn lijst").last.click()
    expect(page.locator("[data-listed]")).to_have_count(2)
    expect(page.locator(".portal-sheet__wishes")).to_contain_text("Op school")
    page.get_by_text("Wat telt voor u?").click()
    page.get_by_role("group", name="Op school").get_by_label("nee").check()
    expect(page.locator(".portal-sheet__wishes li")).to_have_count(0)
    page.goto(page.url.partition("?")[0])
    expect(page.locator("[data-listed]")).to_have_count(2)
    assert "telt" not in page.url


def test_a_star_on_the_page_of_an_offer_still_knows_what_was_asked(open_page: Callable[..., Page]) -> None:
    page = open_page("/zoeken?q=mijn+zoon+van+13+in+Heerlen+wil+niet+naar+school", width=360)
    page.locator("article").nth(0).get_by_role("link").nth(1).click()
    page.locator("[data-save]").first.click()
    page.get_by_role("complementary", name="Uw lijst").get_by_role("link", name="Mijn lijst").click()
    expect(page.locator("[data-listed]")).to_have_count(1)
    for told in ("gemeente=Heerlen", "leeftijd=13", "onderwerp=schoolweigering"):
        assert told in page.url
    page.get_by_role("button", name="Wis de lijst").click()
    expect(page.locator("main")).to_contain_text("Er staat nog niets op uw lijst.")
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0


def test_the_menu_leads_to_the_list_of_the_device(open_page: Callable[..., Page]) -> None:
    page = open_page("/zoeken?gemeente=Heerlen", width=1280)
    star(page, 0).click()
    page.get_by_role("link", name="Mijn lijst").first.click()
    expect(page.locator("[data-listed]")).to_have_count(1)


def test_a_list_of_somebody_else_takes_the_place_of_mine_only_if_i_say_so(open_page: Callable[..., Page]) -> None:
    page = open_page("/zoeken?gemeente=Heerlen")
    star(page, 0).click()
    mine = kept(page)
    page.goto(page.url.split("/zoeken")[0] + LIST)
    expect(page.locator("main")).to_contain_text("Deze lijst is niet bewaard op dit apparaat")
    assert kept(page) == mine
    page.get_by_role("button", name="Bewaar op dit apparaat").click()
    assert kept(page) == ["B001-2", "B001-1"]
    page.get_by_role("link", name="Zet hoger").click()
    expect(page.locator("[data-listed]").first).to_have_attribute("data-listed", "B001-1")
    assert kept(page) == ["B001-1", "B001-2"]
    page.get_by_role("button", name="Wis de lijst").click()
    expect(page.locator("main")).to_contain_text("Er staat nog niets op uw lijst.")
    assert kept(page) == []


def answer(page: Page) -> None:
    """Fill in the seven questions, by keyboard alone."""
    texts = {1: "wil niet naar school", 2: "Kanarie: oma helpt", 3: "Kanarie: weer samen eten", 4: "Kanarie: cursus"}
    for number in range(1, 8):
        step = page.locator(f"#vraag-{number}")
        expect(step).to_be_visible()
        assert page.locator("section:visible[id^=vraag-]").count() == 1
        if number in texts:
            step.locator("textarea").focus()
            page.keyboard.type(texts[number])
        elif number == 5:
            page.get_by_label("Leeftijd").focus()
            page.keyboard.type("13")
        elif number == 6:
            page.get_by_label("In welke gemeente").focus()
            page.keyboard.type("Heerlen")
        else:
            for wish in ("Snel beginnen", "Op school"):
                page.get_by_label(wish).focus()
                page.keyboard.press("Space")
        button = "Volgende" if number < 7 else "Toon wat past"
        step.get_by_role("link" if number < 7 else "button", name=button).focus()
        page.keyboard.press("Enter")


def test_what_is_written_never_leaves_the_browser(open_page: Callable[..., Page]) -> None:
    page = open_page("/keuzehulp", width=360)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    answer(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("kunnen helpen in Heerlen")
    assert "telt.snel=1" in page.url
    star(page, 0).click()
    star(page, 1).click()
    page.get_by_role("link", name="Mijn lijst").last.click()
    expect(page.locator("#blad-doel")).to_have_value("Kanarie: weer samen eten")
    expect(page.locator("#blad-goed")).to_have_value("Kanarie: oma helpt")
    expect(page.locator("#blad-geprobeerd")).to_have_value("Kanarie: cursus")
    expect(page.locator(".portal-sheet__wishes")).to_contain_text("Op school")
    assert sent
    assert not any("Kanarie" in request or "oma" in request for request in sent)
    assert page.evaluate("JSON.stringify(localStorage)").count("Kanarie") == 0
    page.reload()
    expect(page.locator("#blad-doel")).to_have_value("Kanarie: weer samen eten")
    page.get_by_role("button", name="Wis de lijst").click()
    expect(page.locator("main")).to_contain_text("Er staat nog niets op uw lijst.")
    assert page.evaluate("sessionStorage.length") == 0


def test_without_script_what_is_written_travels_in_forms_to_the_sheet(open_page: Callable[..., Page]) -> None:
    page = open_page("/keuzehulp", width=360, script=False)
    answer(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("kunnen helpen in Heerlen")
    assert page.url.endswith("/keuzehulp/uitkomst")
    page.get_by_text("Wat telt voor u?").first.click()
    page.get_by_role("group", name="Snel beginnen").get_by_label("heel erg").check(force=True)
    page.get_by_role("button", name="Pas de volgorde aan").click()
    for number in range(2):
        page.get_by_label("Zet op mijn blad").nth(number).check()
    page.get_by_role("button", name="Maak een blad met deze hulp").click()
    expect(page.locator("#blad-doel")).to_have_value("Kanarie: weer samen eten")
    expect(page.locator("#blad-geprobeerd")).to_have_value("Kanarie: cursus")
    expect(page.locator(".portal-sheet__heavy")).to_have_text("Snel beginnen")
    assert page.url.endswith("/mijn-lijst")


def test_going_back_to_the_questions_loses_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page("/keuzehulp")
    answer(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("kunnen helpen")
    page.go_back()
    page.goto(page.url.split("#")[0] + "#vraag-3")
    expect(page.locator("#vraag-3 textarea")).to_have_value("Kanarie: weer samen eten")
    expect(page.locator("#vraag-3 textarea")).to_be_enabled()


def test_the_list_moves_with_the_weights_at_once(open_page: Callable[..., Page]) -> None:
    page = open_page("/keuzehulp/uitkomst?q=niet+naar+school&gemeente=Heerlen&telt.snel=1&telt.op-school=1")
    before = page.locator("article h3").all_text_contents()
    star(page, 0).click()
    with page.expect_response("**/keuzehulp/uitkomst?*"):
        page.get_by_role("group", name="Klein en vertrouwd").get_by_label("heel erg").check()
    expect(page.locator(".portal-fit__sentence").first).to_contain_text("van uw 3 wensen")
    assert page.locator("article h3").all_text_contents() != before
    assert "telt.klein=2" in page.url
    expect(page.get_by_role("group", name="Klein en vertrouwd").get_by_label("heel erg")).to_be_focused()
    star(page, 1).click()
    assert len(kept(page)) in (1, 2)


def test_the_bare_page_of_comparison_shows_what_this_device_keeps(open_page: Callable[..., Page]) -> None:
    page = open_page("/zoeken?q=boos&gemeente=Heerlen")
    star(page, 0).click()
    star(page, 1).click()
    page.goto(page.url.split("/zoeken")[0] + "/vergelijken")
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("columnheader")).to_have_count(2)
    assert len(kept(page)) == 2


def test_weights_without_script(open_page: Callable[..., Page]) -> None:
    page = open_page("/vergelijken?aanbod=B001-2&aanbod=B001-1&gemeente=Heerlen", script=False, width=360)
    page.get_by_text("Wat telt voor u?").click()
    page.get_by_role("group", name="Op school").get_by_label("ja").check(force=True)
    page.get_by_role("button", name="Pas de volgorde aan").click()
    expect(page.get_by_role("rowheader").nth(1)).to_contain_text("Op school")
    expect(page.get_by_role("rowheader").first).to_have_text("Dit telt voor u")


@pytest.mark.parametrize(("width", "dark"), [(320, False), (360, True), (1280, False)])
def test_axe_finds_nothing_at_any_question_or_with_the_bar(
    open_page: Callable[..., Page], width: int, dark: bool
) -> None:
    page = open_page("/keuzehulp", width=width, dark=dark)
    for number in (1, 2, 5, 6, 7):
        page.goto(page.url.split("#")[0] + f"#vraag-{number}")
        assert_accessible(page)
        assert_fits(page)
    page.goto(page.url.split("/keuzehulp")[0] + "/zoeken?q=boos&gemeente=Heerlen")
    star(page, 0).click()
    star(page, 1).click()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Vergelijk", exact=True).click()
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("blad", ["gezin", "toegang"])
def test_no_sheet_scrolls_sideways_on_a_phone(open_page: Callable[..., Page], blad: str) -> None:
    page = open_page(f"{LIST}&telt.snel=2&blad={blad}&lang=en", width=320)
    expect(page.locator(".portal-sheet")).to_be_visible()
    assert_fits(page)


def test_the_whole_way_by_keyboard_alone(open_page: Callable[..., Page]) -> None:
    page = open_page("/zoeken?q=boos&gemeente=Heerlen")
    for number in range(2):
        star(page, number).focus()
        page.keyboard.press("Enter" if number else "Space")
        expect(star(page, number)).to_be_focused()
        expect(star(page, number)).to_contain_text("Bewaard")
    expect(page.get_by_role("status").filter(has_text="2 bewaard")).to_be_visible()
    page.get_by_role("link", name="Vergelijk", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader")).to_have_count(2)
    page.get_by_text("Wat telt voor u?").focus()
    page.keyboard.press("Enter")
    group = page.get_by_role("group", name="Dichtbij").get_by_label("nee")
    group.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("rowheader").nth(1)).to_contain_text("Dichtbij")
    page.get_by_text("Hetzelfde, of bijna").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".portal-compare__same dl")).to_be_visible()


def test_focus_is_never_hidden_behind_the_bar(open_page: Callable[..., Page]) -> None:
    page = open_page("/zoeken?q=boos&gemeente=Heerlen", width=360)
    star(page, 0).click()
    top = page.locator(".portal-list-bar").evaluate("bar => bar.getBoundingClientRect().top")
    for number in range(1, 5):
        star(page, number).focus()
        assert star(page, number).evaluate("star => star.getBoundingClientRect().bottom") <= top + 1


def test_a_browser_that_keeps_nothing_still_makes_a_list(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    page.goto(page.url + "zoeken?q=boos&gemeente=Heerlen")
    star(page, 0).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn lijst")
    expect(page.locator("[data-listed]")).to_have_count(1)
