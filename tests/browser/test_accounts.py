"""Signing in and the desks in a real browser: by keyboard alone, at 320 px, in both languages, without script too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from portal.accounts.models import SignIn
from portal.accounts.queries import person_by_email
from portal.accounts.signing_in.codes import code_at, totp_secrets
from portal.catalogue.models import Region
from portal.core import clock
from portal.core.database import Database, keys_of
from portal.demo.people import PASSWORD, PEOPLE, make_people
from tests.accounts.people import CHEAP, Someone, phone_code
from tests.accounts.test_signing_in import last_mail
from tests.browser.conftest import served
from tests.browser.looking import assert_sound
from tests.conftest import copied_app

pytestmark = pytest.mark.browser

ADMINISTRATOR, MANAGER, WORKER = PEOPLE[0], PEOPLE[-2], PEOPLE[4]


@dataclass
class DeskSite:
    """The fictional region with its people, served."""

    app: Flask
    address: str

    @property
    def database(self) -> Database:
        database: Database = self.app.extensions["portal.database"]
        return database


@pytest.fixture(scope="module")
def desks(indexed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    app = copied_app(indexed_folder, tmp_path_factory.mktemp("desks") / "data")
    app.extensions["portal.passwords"] = CHEAP
    with app.extensions["portal.database"].transaction() as session:
        region_id = session.scalars(select(Region.id)).first()
        make_people(session, CHEAP, region_id, clock.now())
    with served(app) as address:
        yield DeskSite(app, address)


@pytest.fixture
def window(browser: Browser, desks: DeskSite) -> Iterator[Callable[..., Page]]:
    """Opens a page in a fresh window, perhaps signed in; a broken policy or a foreign request fails the test."""
    contexts = []
    complaints: list[str] = []

    def open_(path: str, *, width: int = 1280, dark: bool = False, script: bool = True, who: str = "") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="nl-NL",
        )
        contexts.append(context)
        if who:
            cookie = Someone.enter(desks.app, who).client.get_cookie("portal")
            assert cookie is not None
            context.add_cookies([{"name": "portal", "value": cookie.value, "url": desks.address}])
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
        page.on("request", lambda r: complaints.append(r.url) if not r.url.startswith(desks.address) else None)
        page.goto(desks.address + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the field of this name, or the link or button with these words, has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate("[document.activeElement.id, document.activeElement.innerText.trim()]")
        if wanted in found:
            return
    raise AssertionError(f"{wanted} cannot be reached by keyboard")


def press(page: Page, words: str) -> None:
    """Go to a button or link by keyboard, and press it."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def shown_on_the_phone(database: Database) -> str:
    """What the phone shows that is being set up."""
    with database.sessions() as session:
        salt = session.scalars(select(SignIn.new_salt).where(SignIn.new_salt.is_not(None))).one()
        return code_at(totp_secrets(keys_of(session), salt)[0], clock.now())


WORDS = {
    "nl": (
        "Volgende",
        "Verder: uw telefoon",
        "Klaar",
        "Ik heb ze bewaard, naar mijn werkplek",
        "Uitloggen",
        "Inloggen",
    ),
    "en": ("Next", "Next: your phone", "Ready", "I kept them, to my desk", "Sign out", "Sign in"),
}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_from_the_invitation_to_the_desk_by_keyboard_alone_on_a_small_phone(
    window: Callable[..., Page], desks: DeskSite, language: str, script: bool
) -> None:
    email = f"nieuw-{language}-{script}@voorbeeld.example".lower()
    onward, to_phone, ready, to_desk, out, sign_in = WORDS[language]
    administrator = Someone.enter(desks.app, ADMINISTRATOR.email)
    administrator.submit("/werkplek/regio/mensen/uitnodigen", email=email, role="access_worker", municipality="Heerlen")
    _, code = last_mail(desks.database)
    asked = "" if language == "nl" else "?lang=en"
    page = window(f"/uitnodiging{asked}#{code}", width=320, script=script)
    if script:
        expect(page.locator("#code")).to_have_value(code)
        assert "#" not in page.url
        tab_to(page, "code")
    else:
        tab_to(page, "code")
        page.keyboard.type(code.lower())
    assert_sound(page) if script else None
    press(page, onward)
    tab_to(page, "name")
    page.keyboard.type("Ida Nieuwenhuis")
    tab_to(page, "password")
    page.keyboard.type("vier natte handdoeken")
    assert_sound(page) if script else None
    press(page, to_phone)
    assert_sound(page) if script else None
    code_of_phone = page.locator("main svg[role=img]").bounding_box()
    assert code_of_phone and code_of_phone["width"] > 150, "no phone can read it"
    tab_to(page, "code")
    page.keyboard.type(shown_on_the_phone(desks.database))
    press(page, ready)
    assert_sound(page) if script else None
    assert page.locator(".portal-codes li").count() == 10
    press(page, to_desk)
    assert_sound(page) if script else None
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heerlen")
    press(page, out)
    # And in again, the same way.
    tab_to(page, "email")
    page.keyboard.type(email)
    tab_to(page, "password")
    page.keyboard.type("vier natte handdoeken")
    press(page, onward)
    assert_sound(page) if script else None
    tab_to(page, "code")
    page.keyboard.type(phone_code(desks.database, email))
    press(page, sign_in)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heerlen")
    with desks.database.transaction() as session:
        session.delete(person_by_email(session, email))


ENTRANCE = (
    "/inloggen", "/inloggen?gedaan=uit", "/uitnodiging", "/wachtwoord-vergeten", "/nieuw-wachtwoord",
    "/voorbeeld-aanmelden", "/voorbeeldpost",
)  # fmt: skip
DESKS = {
    ADMINISTRATOR.email: (
        "/werkplek/regio", "/werkplek/regio/mensen", "/werkplek/regio/mensen?zoek=niemand", "PERSON",
        "/werkplek/regio/mensen/uitnodigen", "/werkplek/regio/logboek", "/werkplek/regio/logboek?van=gisteren",
        "/werkplek/regio/wijzigingen", "/werkplek/regio/actueel", "/werkplek/regio/klopt-niet",
        "/werkplek/regio/beeld", "/werkplek/regio/beeld/aanbod", "/werkplek/regio/beeld/wachttijden",
        "/werkplek/regio/beeld/respons",
        "/werkplek/account", "/werkplek/account/wachtwoord", "/werkplek/account/telefoon",
        "/werkplek/account/herstelcodes", "/werkplek/aanbieder", "/werkplek/regio/mensen/bestaat-niet",
    ),
    MANAGER.email: (
        "/werkplek/aanbieder", "/werkplek/aanbieder/mensen", "/werkplek/aanbieder/mensen/uitnodigen",
        "/werkplek/aanbieder/cijfers", "OWN FIGURE", "/werkplek/aanbieder/wachttijden", "/werkplek/aanbieder/gegevens",
        "/werkplek/aanbieder/klopt-niet",
        "/werkplek/aanbieder/gegevens/algemeen", "/werkplek/aanbieder/gegevens/algemeen/voorbeeld",
        "/werkplek/aanbieder/woorden", "FACTS", "ONE WAIT", "/werkplek/aanbieder/ervaringen",
        "/werkplek/aanbieder/vragenlijst",
    ),
    WORKER.email: (
        "/werkplek/verwijzer", "/werkplek/verwijzer/zoeken?arrangement=begeleiding", "/werkplek/verwijzer/lijst",
        "/werkplek/verwijzer/lijst?aanbod=B001-2&aanbod=B001-1", "AT THE DESK", "OFFER AT THE DESK",
        "/werkplek/verwijzer/vergelijken?aanbod=B001-2&aanbod=B001-1",
        "/werkplek/verwijzer/cijfers/vergelijken?aanbod=B001-2&aanbod=B001-1",
        "/werkplek/verwijzer/gespreksblad?aanbod=B001-2&aanbod=B001-1&blad=toegang",
        "/werkplek/verwijzer/keuze",
        "/werkplek/verwijzer/keuze/aantallen",
        "/werkplek/verwijzer/cijfers/totalen",
    ),
    PEOPLE[2].email: (
        "/werkplek/regio", "/werkplek/account", "/werkplek/regio/cijfers",
        "/werkplek/regio/cijfers/problems_reduced/2025", "/werkplek/regio/cijfers/bezwaren",
        "/werkplek/regio/cijfers/aanlevering?ontbreekt=2025", "/werkplek/regio/cijfers/twijfels", "OBJECTION",
        "COMPARISON", "/werkplek/regio/bestanden", "/werkplek/regio/bestanden/terugdraaien/1",
        "/werkplek/regio/aanbieders", "ONE BY HAND", "OFFER BY HAND", "/werkplek/regio/aanbieders/nieuw/aanbieder",
        "/werkplek/regio/contracten?maanden=24", "/werkplek/regio/witte-vlekken",
        "/werkplek/regio/woorden?zoek=bang", "/werkplek/regio/woorden/onderwerp/vrije-tijd?erbij=viool",
        "/werkplek/regio/woorden/lijst/soorten-hulp", "/werkplek/regio/woorden/lijst/onderwerpen/erbij",
        "/werkplek/regio/woorden/lijst/soorten-hulp/rij/begeleiding", "/werkplek/regio/woorden/geschiedenis",
    ),
}  # fmt: skip
LED_TO = {
    "PERSON": ("/werkplek/regio/mensen", f'a:text("{MANAGER.name}")'),
    "OWN FIGURE": ("/werkplek/aanbieder/cijfers", "tbody a"),
    "OBJECTION": ("/werkplek/regio/cijfers/bezwaren", ".portal-link-list a"),
    "COMPARISON": ("/werkplek/regio/cijfers/totalen", "tbody a"),
    "ONE BY HAND": ("/werkplek/regio/aanbieders", "tbody a"),
    "AT THE DESK": ("/werkplek/verwijzer/zoeken?q=boos", ".portal-card__title a"),
    "OFFER AT THE DESK": ("/werkplek/verwijzer/zoeken?q=boos", ".portal-card__subtitle a"),
    "FACTS": ("/werkplek/aanbieder/gegevens", "li:nth-child(2) h2 a"),
    "ONE WAIT": ("/werkplek/aanbieder/wachttijden", ".portal-rows__actions a"),
    "OFFER BY HAND": ("/werkplek/regio/contracten?maanden=24", "tbody td a"),
}
"""Pages whose addresses differ each time: where the way to them begins, and the link that leads there."""
EVERY_PAGE = [("", path) for path in ENTRANCE] + [(who, path) for who, paths in DESKS.items() for path in paths]


def reached(page_of: Callable[..., Page], who: str, path: str, language: str, **how: object) -> Page:
    address = {name: before for name, (before, _) in LED_TO.items()}.get(path, path)
    if language != "nl":
        address += ("&" if "?" in address else "?") + f"lang={language}"
    page = page_of(address, who=who, **how)
    if path in LED_TO:
        page.locator(f"main {LED_TO[path][1]}").first.click()
    return page


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("who", "path"), EVERY_PAGE)
def test_every_page_is_accessible(window: Callable[..., Page], who: str, path: str, language: str) -> None:
    page = reached(window, who, path, language, width=320)
    assert_sound(page)
    if language == "nl":
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 1280, "height": 800})
        assert_sound(page)


WHILE_READ = 120_000
"""Milliseconds in which a file is read on a machine that does much else: the page that waits looks again by itself."""


def test_a_file_is_looked_at_brought_in_and_undone(window: Callable[..., Page]) -> None:
    page = window("/werkplek/regio/bestanden", width=320, who=PEOPLE[2].email)
    table = b"name;evidence;source\nProefmethode;Goed;\nNog een;#REF!;\n"
    for content, said in ((table, "1 ding moet nog goed"), (table.replace(b"#REF!", b""), "Het bestand is goed")):
        page.set_input_files("#bestand", {"name": "methods.csv", "mimeType": "text/csv", "buffer": content})
        page.get_by_role("button", name="Nakijken").click()
        expect(page.locator(".portal-alert__title")).to_have_text(said, timeout=WHILE_READ)
        assert_sound(page)
    page.get_by_role("button", name="Binnenhalen").click()
    expect(page.locator(".portal-alert__title")).to_have_text("Het is binnengehaald", timeout=WHILE_READ)
    assert_sound(page)
    page.get_by_role("link", name="Alle bestanden").click()
    page.locator("tbody a", has_text="methods.csv").click()
    assert_sound(page)
    page.get_by_role("button", name="Terugdraaien").click()
    undone = "Het is teruggedraaid: alles is weer zoals het was"
    expect(page.locator(".portal-alert__title")).to_have_text(undone, timeout=WHILE_READ)


def test_what_a_word_does_is_seen_before_it_is_kept(window: Callable[..., Page]) -> None:
    page = window("/werkplek/regio/woorden/onderwerp/vrije-tijd?erbij=vioolles", who=PEOPLE[2].email, width=320)
    page.get_by_label("Zinnen om te proberen").fill("mijn zoon wil graag op vioolles")
    page.get_by_role("button", name="Bekijk wat het doet").click()
    after = page.locator("tbody tr", has_text="mijn zoon wil graag op vioolles")
    expect(after).to_contain_text("niets zeker")
    expect(after).to_contain_text("Sport en vrije tijd")
    assert_sound(page)
    page.get_by_text("Wat gezinnen zeggen").click()
    assert_sound(page)
    expect(page.get_by_role("button", name="Bewaren")).to_be_visible()


def test_a_wrong_password_is_said_where_it_was_typed(window: Callable[..., Page]) -> None:
    page = window("/inloggen", width=320)
    page.get_by_label("Uw mailadres").fill("noor.janssen@voorbeeld.example")
    page.get_by_label("Uw wachtwoord").fill("niet het goede")
    page.get_by_role("button", name="Volgende").click()
    expect(page.get_by_role("alert")).to_contain_text("Mailadres en wachtwoord horen niet bij elkaar.")
    assert page.title().startswith("Nog niet goed: ")
    expect(page.get_by_label("Uw mailadres")).to_have_value("noor.janssen@voorbeeld.example")
    page.get_by_role("alert").get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "password"
    assert_sound(page)


def test_a_password_can_be_shown_and_is_sent_hidden(window: Callable[..., Page]) -> None:
    page = window("/inloggen")
    page.get_by_label("Uw wachtwoord").fill("drie rode fietsen")
    page.get_by_role("button", name="Toon wachtwoord").click()
    assert page.locator("#password").get_attribute("type") == "text"
    page.get_by_role("button", name="Verberg wachtwoord").click()
    assert page.locator("#password").get_attribute("type") == "password"


def test_an_example_person_signs_in_with_what_the_pages_show(window: Callable[..., Page]) -> None:
    page = window("/voorbeeld-aanmelden", width=360)
    page.locator("li", has_text=PEOPLE[2].name).get_by_role("button").click()
    found = re.search(r"\b(\d{6})\b", page.locator("main").inner_text())
    assert found
    page.get_by_label("Code").fill(found[1])
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Werkplek van de regio: Zuid-Limburg")
    page.get_by_text("Andere rol").click()
    page.get_by_role("button", name="moderator").click()
    expect(page.locator(".portal-desk-bar")).to_contain_text("moderator")
    assert_sound(page)
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()
    assert page.context.cookies()[0]["name"] == "portal-device"


def test_the_way_back_after_signing_in(window: Callable[..., Page], desks: DeskSite) -> None:
    page = window("/werkplek/regio/mensen?rol=referrer")
    page.get_by_label("Uw mailadres").fill(ADMINISTRATOR.email)
    page.get_by_label("Uw wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Volgende").click()
    page.get_by_label("Code").fill(phone_code(desks.database, ADMINISTRATOR.email))
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_url("**/werkplek/regio/mensen?rol=referrer")
    expect(page.get_by_label("Rol")).to_have_value("referrer")
