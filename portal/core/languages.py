"""Interface languages: Dutch unless the address asks for another, and every link keeps that choice.

A language is a folder in `translations/`; English is the language of the code. Nothing is remembered: the
choice is in the address (`?lang=en`), so pages need no cookie and can be cached.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel
from markupsafe import Markup

from portal.core.resources import ROOT

DEFAULT = "nl"
SOURCE = "en"
FOLDER = ROOT / "translations"


@dataclass(frozen=True, slots=True)
class Language:
    """An interface language: its code, its own name for itself, and its direction of writing."""

    code: str
    name: str
    direction: str


@cache
def available() -> tuple[Language, ...]:
    """All interface languages, Dutch first."""
    codes = {SOURCE} | {path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/*.po")}
    codes |= {path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/*.mo")}
    return tuple(language(code) for code in sorted(codes, key=lambda code: (code != DEFAULT, code)))


@cache
def language(code: str) -> Language:
    """The language with this code.

    Raises babel.UnknownLocaleError for a code that is no language.
    """
    locale = Locale.parse(code)
    return Language(code, (locale.get_display_name() or code).capitalize(), locale.text_direction)


_chosen: ContextVar[str] = ContextVar("language", default=DEFAULT)


def chosen() -> str:
    """The language of this request: what `lang` asks for if we have it, else Dutch; asked for each string of a page."""
    return _chosen.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Let texts be in the language `code` inside the block, whatever the request asks: for what is kept for others."""
    token = _chosen.set(code)
    try:
        yield
    finally:
        _chosen.reset(token)


@cache
def _catalogue(code: str) -> NullTranslations:
    return Translations.load(str(FOLDER), [code]) if code != SOURCE else NullTranslations()


def translate(message: str, code: str, **values: object) -> str:
    """`message` in the language `code`, outside a request; `values` fill its `%(name)s` places."""
    text = _catalogue(code).gettext(message)
    return text % values if values else text


def gettext(message: str, **values: object) -> str:
    """`message` in the language of this request; `values` fill its `%(name)s` places.

    As Flask-Babel's own, but with the catalogue found once: a page has some hundred strings.
    """
    text = _catalogue(chosen()).gettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """The form of the message that goes with `number`, which also fills `%(num)s`."""
    return _catalogue(chosen()).ngettext(one, many, number) % {"num": number, **values}


def _said(message: str, /, **values: object) -> Markup:
    """As the `gettext` that Jinja makes for its templates, but what has no places to fill is made once."""
    return _markup_of(message, chosen()) % values if values else _finished(message, chosen())


@lru_cache(maxsize=5_000)
def _markup_of(message: str, code: str) -> Markup:
    return Markup(_catalogue(code).gettext(message))  # noqa: S704 - our own text


@lru_cache(maxsize=5_000)
def _finished(message: str, code: str) -> Markup:
    return _markup_of(message, code) % {}  # `%%` becomes `%`


def init_app(app: Flask) -> None:
    """Make the chosen language rule texts and links."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    Babel(app, locale_selector=chosen, timezone_selector=lambda: "Europe/Amsterdam")  # type: ignore[no-untyped-call]
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue(chosen()).gettext(text),
        ngettext=lambda one, many, number: _catalogue(chosen()).ngettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["gettext"] = _said

    @app.before_request
    def _choose() -> None:
        wanted = request.args.get("lang", DEFAULT)
        _chosen.set(wanted if wanted in {language.code for language in available()} else DEFAULT)

    @app.teardown_request
    def _forget(_error: BaseException | None) -> None:
        _chosen.set(DEFAULT)

    @app.url_defaults
    def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" and chosen() != DEFAULT:
            values.setdefault("lang", chosen())
