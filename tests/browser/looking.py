"""What every page must be to a person: without a fault that axe finds, never too wide, large enough to touch."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""The rules of axe that give another answer on the same page in other colours."""
TOUCH = 44
"""Pixels. Links inside a sentence are exempt (WCAG 2.2, 2.5.8); 24 is the norm, 44 what we aim for in forms."""


def assert_sound(page: Page) -> None:
    """All of it, in the colours and at the width that the page has."""
    assert_accessible(page)
    assert_fits(page)
    assert_touchable(page)


def assert_accessible(page: Page) -> None:
    """Axe finds nothing."""
    _assert_axe_finds_nothing(page, {})


def assert_accessible_in_the_dark(page: Page) -> None:
    """Axe finds nothing in the colours of a device in the dark either; the page stays in them."""
    page.emulate_media(color_scheme="dark")
    _assert_axe_finds_nothing(page, {"runOnly": COLOUR_RULES})


def _assert_axe_finds_nothing(page: Page, options: dict[str, object]) -> None:
    result = Axe().run(page, options={"resultTypes": ["violations"], **options})
    assert result.violations_count == 0, page.url + result.generate_report()


def assert_fits(page: Page, *widths: int) -> None:
    """Nothing runs off the side, as wide as the page is or at each of `widths` in pixels; it stays at the last."""
    for width in widths or (page.evaluate("window.innerWidth"),):
        if widths:
            page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)


def assert_touchable(page: Page) -> None:
    """Whatever can be pressed or filled in is high enough for a thumb."""
    small = page.evaluate(
        """(height) => [...document.querySelectorAll(
               'button, select, summary, textarea, input:not([type=hidden])')]
           .map(e => e.matches('[type=checkbox], [type=radio]') && e.closest('label') || e)
           .filter(e => e.offsetParent !== null && e.getBoundingClientRect().height < height)
           .map(e => e.outerHTML.slice(0, 80))""",
        TOUCH,
    )
    assert small == [], page.url
