"""The sheet on paper: one A4 whatever stands on it, and nothing of the site around it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from portal.catalogue import codelists

pytestmark = pytest.mark.browser

POINTS = list(codelists.load().points)


@pytest.fixture(scope="module")
def longest(region_package: Path) -> list[str]:
    """The offers with the longest names, each of another provider."""
    with (region_package / "providers.csv").open(encoding="utf-8", newline="") as file:
        providers = {row["provider_id"]: row["name"] for row in csv.DictReader(file)}
    with (region_package / "offers.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["withdrawn_on"] and row["arrangement"] == "begeleiding"]
    rows.sort(key=lambda row: -len(row["name"] + providers[row["provider_id"]]))
    return list({row["provider_id"]: row["offer_id"] for row in reversed(rows)}.values())[::-1]


def printed(page: Page) -> bytes:
    page.emulate_media(media="print")
    return page.pdf(prefer_css_page_size=True, print_background=True)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    ("offers", "wishes", "record"),
    [(1, 0, False), (2, 7, False), (3, 5, False), (4, 0, False), (4, 7, False), (6, 15, False), (4, 15, True)],
)
def test_the_sheet_is_one_page_whatever_stands_on_it(
    open_page: Callable[..., Page], longest: list[str], offers: int, wishes: int, language: str, record: bool
) -> None:
    asked = [f"aanbod={key}" for key in longest[:offers]]
    asked += [f"telt.{code}=1" for code in POINTS[:wishes]] + ["taal=pl", "gemeente=Heerlen", "onderwerp=angst"]
    asked += ["leeftijd=16", f"lang={language}"] + (["blad=toegang"] if record else [])
    page = open_page("/mijn-lijst?" + "&".join(asked))
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed(page))) == 1


def test_only_the_sheet_is_printed_with_what_was_written(open_page: Callable[..., Page], longest: list[str]) -> None:
    page = open_page(f"/mijn-lijst?aanbod={longest[0]}&aanbod={longest[1]}", script=False)
    page.locator("#blad-doel").fill("Weer samen eten")
    page.emulate_media(media="print")
    assert page.locator("#blad-doel").input_value() == "Weer samen eten"
    shown = page.evaluate(
        "[...document.querySelectorAll('header.portal-header, footer.portal-footer, h1, .portal-listed, nav')]"
        ".filter(e => e.offsetParent !== null && e.getClientRects().length).map(e => e.className || e.tagName)"
    )
    assert shown == []
    assert page.locator(".portal-sheet").is_visible()


def test_a_copy_in_black_and_white_tells_fitting_from_not(open_page: Callable[..., Page]) -> None:
    page = open_page("/mijn-lijst?aanbod=B001-2&aanbod=B001-1&gemeente=Heerlen&telt.op-school=1")
    drawings = page.evaluate(
        """['yes', 'no'].map(verdict => {
            const used = document.querySelector(`.portal-sheet .portal-verdict--${verdict} use`).getAttribute("href")
            return document.querySelector(used + " path").getAttribute("d")
        })"""
    )
    assert drawings[0] != drawings[1]
