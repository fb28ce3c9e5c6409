"""Components asked for by name: their markup, made once where it follows from the arguments alone."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from flask import Flask, current_app
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

from portal.core import languages

MOST_REMEMBERED = 5_000


class _Template(Template):
    """A template that imports each component as it is.

    Jinja compares the globals of both at each import. All our templates have the same, and a page imports some twenty.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:  # noqa: ARG002
        return super()._get_default_module()


def init_app(app: Flask) -> None:
    """Let templates say `"component" | written(…)`: its markup in the page's language, made once and remembered.

    For small ones that many pages show, with arguments that can be compared and do not change: to make one anew takes
    longer than to find it.
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


def _markup(app: Flask, component: str, arguments: tuple[object, ...]) -> str:
    module = app.jinja_env.get_template(f"components/{component}.html").module
    return cast(Markup, getattr(module, component)(*arguments))
