"""Components asked for by name: their markup, made once where it follows from the arguments alone, or but for gaps."""

from __future__ import annotations

import re
import secrets
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, cast

from flask import Flask, current_app
from flask.sansio.app import App
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup, escape

from portal.core import languages

MOST_REMEMBERED = 5_000
_GAP = f"[{secrets.token_hex(8)}]"
"""Stands for a gap; nobody can guess it and put it in a text of his own."""
_SPECIAL = re.compile("[&<>\"']")


class Environment(FlaskEnvironment):
    """An environment that finds again at once the templates that it found before: a page asks for some twenty.

    Jinja asks for each whether it changed, which ours do not while a process runs; in debug mode they may.
    """

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self._found: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """As Jinja's own."""
        if globals or self.auto_reload or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = super().get_template(name, parent, globals)
        return found


class _Template(Template):
    """A template that imports each component as it is, and escapes only what needs it.

    Jinja compares the globals of both at each import. All our templates have the same, and a page imports some twenty.
    """

    @classmethod
    def from_code(cls, *arguments: Any, **named: Any) -> Template:
        """As Jinja's own."""
        template = super().from_code(*arguments, **named)
        template.root_render_func.__globals__["escape"] = escaped
        return template

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:  # noqa: ARG002
        return super()._get_default_module()


def init_app(app: Flask) -> None:
    """Let templates say `"component" | written(…)`: the markup of a component in the page's language.

    It is made once and remembered. It is for small ones that many pages show, with arguments that can be compared and
    do not change: to make one anew takes longer than to find it.
    """

    @lru_cache(maxsize=MOST_REMEMBERED)
    def made(_language: str, component: str, *arguments: object) -> str:
        return _markup(app, component, arguments)

    app.jinja_env.template_class = _Template
    # A filter, since a template calls one directly; a function goes through a long way round.
    app.jinja_env.filters["written"] = lambda *asked: made(languages.chosen(), *asked)


def markup(component: str, *arguments: object) -> str:
    """The markup of a component of `templates/components` in the language of the request."""
    return _markup(current_app, component, arguments)


def around_gaps(component: str, *arguments: object) -> list[str]:
    """The parts of a component's markup around the gaps that it leaves, for what differs each time.

    What stands for a gap is its last argument. What is put there is `escaped`, or markup.
    """
    return str(markup(component, *arguments, _GAP)).split(_GAP)


def _markup(app: Flask, component: str, arguments: tuple[object, ...]) -> str:
    module = app.jinja_env.get_template(f"components/{component}.html").module
    return cast(Markup, getattr(module, component)(*arguments))


def escaped(value: object) -> str:
    """As `escape`, which makes a new text of everything, also of what is markup already."""
    kind = type(value)
    if kind is Markup or (kind is str and not _SPECIAL.search(cast(str, value))):
        return cast(str, value)
    return escape(value)
