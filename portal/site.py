"""What stands around every page: name, navigation, languages, contact."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlencode

from babel.dates import format_date
from flask import current_app, request

from portal.catalogue.criteria import LIST
from portal.core import carried, clock, languages, reading
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, NavLink
from portal.core.settings import current_settings


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in another language."""

    code: str
    name: str
    href: str
    current: bool
    direction: str


@dataclass(frozen=True, slots=True)
class ListBar:
    """The family's list at hand: what is on that of this address; with script that of the device."""

    saved: int
    list_href: str
    compare_href: str

    @property
    def said(self) -> str:
        """`2 bewaard`."""
        return gettext("%(number)s saved", number=self.saved)


@dataclass(frozen=True, slots=True)
class Reading:
    """The way to this page in easy or in usual language, and what to know about it."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """The frame of a page."""

    region_name: str
    language: str
    direction: str
    languages: tuple[LanguageLink, ...]
    nav: tuple[NavLink, ...]
    footer: tuple[NavLink, ...]
    home_href: str
    is_fictional: bool
    is_private: bool
    """Whether the page is for one person, or on the way there."""
    contact_email: str
    contact_phone: str
    controller: str
    theme_href: str | None
    crisis_line: Link | None
    """The crisis service of the region, by phone."""
    list_bar: ListBar
    reading: Reading | None
    """The switch between usual and easy reading; None where there is nothing to switch."""
    address: str
    """Where this page is found again from paper; empty for an error page."""
    today: str
    """The day on which the page was made, for paper."""

    @property
    def has_contact(self) -> bool:
        """Whether the operator told how to be reached."""
        return bool(self.contact_email or self.contact_phone)

    @property
    def is_foreign(self) -> bool:
        """Whether this page is in another language than that of the providers' own texts."""
        return self.language != languages.DEFAULT

    @property
    def form_fields(self) -> Sequence[tuple[str, str]]:
        """What a form sends along, so that the page it leads to keeps the language and what is carried."""
        return carried.parameters()

    @staticmethod
    def asset(path: str) -> str:
        """The address of a static file, which changes when the file does."""
        return link("static", filename=path, v=_fingerprint(current_app.static_folder, path))


_NAVIGATION = (
    ("search.results", N_("Search")),
    ("choosing.helper", N_("Help me choose")),
    ("catalogue.providers", N_("All providers")),
    ("catalogue.family_homes", N_("Family homes")),
    ("catalogue.help_page", N_("How to get help")),
    ("choosing.my_list", N_("My list")),
)
EASY_PAGES = frozenset({"catalogue.home", "catalogue.help_page", "catalogue.provider", "pages.privacy"})
"""The pages that exist in easy language too."""
_FOOTER = (
    ("pages.young_people", N_("Are you young yourself?")),
    ("telling.code", N_("Tell how it was")),
    ("offices.index", N_("Access teams and youth protection")),
    ("outcomes.explained", N_("What the figures mean")),
    ("pages.about", N_("About this site")),
    ("catalogue.glossary", N_("Word list")),
    ("data.data", N_("Open data")),
    ("pages.privacy", N_("Privacy")),
    ("pages.accessibility", N_("Accessibility")),
    ("pages.complaints", N_("Complaints and confidential counsellor")),
    ("signing_in.sign_in", N_("Sign in for professionals")),
)


def site(is_fictional: bool, is_private: bool, crisis_line: Link | None) -> Site:
    """The frame for this request."""
    settings = current_settings()
    language = languages.language(languages.chosen())
    return Site(
        region_name=settings.region_name,
        language=language.code,
        direction=language.direction,
        languages=tuple(
            # Always said in the address, also for the default, lest the language of this page be kept.
            LanguageLink(other.code, other.name, _same_page("lang", other.code), other == language, other.direction)
            for other in languages.available()
        ),
        nav=_links(_NAVIGATION),
        footer=_links(_FOOTER),
        home_href=link("catalogue.home"),
        is_fictional=is_fictional,
        is_private=is_private,
        contact_email=settings.contact_email,
        contact_phone=settings.contact_phone,
        controller=settings.controller,
        theme_href=link("pages.theme", v=_fingerprint(settings.theme)) if settings.theme else None,
        crisis_line=crisis_line,
        list_bar=ListBar(
            sum(name == LIST for name, _ in carried.carried()), link("choosing.my_list"), link("choosing.compare")
        ),
        reading=_reading(),
        address=settings.base_url + request.path if request.url_rule else "",
        today=_written(clock.today(), language.code),
    )


@lru_cache(maxsize=64)
def _written(day: date, language: str) -> str:
    return format_date(day, "long", locale=language)


def _links(pages: tuple[tuple[str, str], ...]) -> tuple[NavLink, ...]:
    """To these pages, by endpoint and label; remembered as their addresses are (`portal.core.links`)."""
    if carried.carried():
        return _made(pages, request.endpoint)
    return _remembered(pages, request.endpoint, request.root_path, languages.chosen())


@lru_cache(maxsize=500)
def _remembered(
    pages: tuple[tuple[str, str], ...], here: str | None, _root: str, _language: str
) -> tuple[NavLink, ...]:
    return _made(pages, here)


def _made(pages: tuple[tuple[str, str], ...], here: str | None) -> tuple[NavLink, ...]:
    return tuple(NavLink(gettext(label), link(endpoint), endpoint == here) for endpoint, label in pages)


def _reading() -> Reading | None:
    has_easy, is_get = request.endpoint in EASY_PAGES, request.method in ("GET", "HEAD")
    if reading.is_easy():
        note = "" if has_easy else gettext("This page is not in easy language yet.")
        return Reading(gettext("Usual language"), _same_page(reading.NAME, None), note)
    if has_easy and is_get:
        return Reading(gettext("Easy reading"), _same_page(reading.NAME, reading.EASY))
    return None


def _same_page(name: str, value: str | None) -> str:
    """The address of this page with another `value` of a parameter, or without it; an error page leads home."""
    if request.endpoint is None or request.method not in ("GET", "HEAD"):
        return link("catalogue.home", **{name: value})
    path = link(request.endpoint, **(request.view_args or {}), lang=None).partition("?")[0]
    # What a visitor typed never becomes an argument of url_for, which has arguments of its own (_external …).
    arguments = [(other, given) for other, given in request.args.items(multi=True) if other != name]
    asked = urlencode([*arguments, (name, value)] if value else arguments)
    return f"{path}?{asked}" if asked else path


@cache
def _fingerprint(*parts: str | Path) -> str:
    path = Path(*parts)
    return hashlib.blake2b(path.read_bytes(), digest_size=5).hexdigest() if path.is_file() else "0"
