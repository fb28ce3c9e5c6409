"""Every public page as a person meets it: accessible in both languages, light and dark, and never too wide."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.looking import assert_accessible, assert_accessible_in_the_dark, assert_fits, assert_touchable

pytestmark = pytest.mark.browser

PAGES = [
    "/", "/zoeken", "/zoeken?q=durft+niet+naar+school&gemeente=Heerlen&leeftijd=13&waar=home",
    "/zoeken?q=xyzzy&leeftijd=honderd", "/aanbieders", "/gezinshuizen?gemeente=Heerlen&leeftijd=10&voor=girls",
    "/hulp-krijgen?gemeente=Heerlen", "/woordenlijst", "/over", "/privacy", "/toegankelijkheid", "/klachten",
    "/klopt-niet?gemeente=Heerlen",
    "/jongeren", "/data", "/gezinshuizen?leeftijd=honderd", "CLOSED", "CRISIS",
    "/zoeken?kaart=ja&gemeente=Heerlen", "/gezinshuizen?kaart=ja", "/aanbieders?kaart=ja",
    "/hulp-krijgen/pleegzorg?gemeente=Heerlen", "/hulp-krijgen/crisis", "/?lezen=makkelijk",
    "/hulp-krijgen?lezen=makkelijk&gemeente=Heerlen", "/privacy?lezen=makkelijk", "PROVIDER?lezen=makkelijk",
    "/mijn-lijst", "/mijn-lijst?aanbod=B001-2&aanbod=B001-1&aanbod=B027-4&gemeente=Heerlen&telt.thuis=2&telt.snel=1",
    "/mijn-lijst?aanbod=B001-2&aanbod=B001-1&blad=toegang", "/vergelijken?aanbod=B001-2", "/keuzehulp",
    "/vergelijken?aanbod=B001-2&aanbod=B001-1&aanbod=B002-1&aanbod=weg&gemeente=Heerlen&telt.thuis=2&telt.taal=1",
    "/vergelijken?aanbod=B001-2&aanbod=B001-1&aanbod=B002-1&aanbod=B003-1&aanbod=B004-1",
    "/keuzehulp/uitkomst?q=durft+niet+naar+school&gemeente=Heerlen&leeftijd=13&telt.thuis=2&telt.na-18=1",
    "/bestaat-niet", "PROVIDER?gemeente=Heerlen", "OFFER?gemeente=Heerlen", "GONE",
]  # fmt: skip


def address(path: str, language: str, examples: dict[str, str]) -> str:
    for name, example in examples.items():
        path = path.replace(name, example)
    return path if language == "nl" else f"{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_fits_and_can_be_touched(
    open_page: Callable[..., Page], region_examples: dict[str, str], path: str, language: str
) -> None:
    page = open_page(address(path, language, region_examples))
    assert_accessible(page)
    assert_accessible_in_the_dark(page)
    assert_fits(page, 1600, 768, 320, 360)
    assert_touchable(page)
