"""Components asked for by name: their markup, made once where it follows from the arguments alone, or but for texts."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from flask import Flask, current_app
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup, escape

from portal.core import languages

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MOST_REMEMBERED = 5_000
_BLANK = secrets.token_hex(8)
"""Stands for a text in a stencil; nobody can guess it and put it in a text of his own."""
_GAP = f"[{_BLANK}]"
_BLANKS = re.compile(rf"\[{_BLANK} (\d+)\]")
_SPECIAL = re.compile("[&<>\"']")


class _Template(Template):
    """A template that imports each component as it is, and escapes only what needs it.

    Jinja compares the globals of both at each import. All our templates have the same, and a page imports some twenty.
    """

    @classmethod
    def from_code(cls, *arguments: Any, **named: Any) -> Template:
        """As Jinja's own."""
        template = super().from_code(*arguments, **named)
        template.root_render_func.__globals__["escape"] = _escaped
        return template

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:  # noqa: ARG002
        return super()._get_default_module()


class _Kind(NamedTuple):
    """How to read a class of presenters: its texts, and everything else."""

    names: tuple[str, ...]
    """Of the fields that are texts."""
    texts: Callable[[object], tuple[str, ...]]
    others: Callable[[object], tuple[Hashable, ...]]

    @classmethod
    def of(cls, presenters: type[DataclassInstance]) -> _Kind:
        texts = [field.name for field in fields(presenters) if field.type in ("str", str)]
        others = [field.name for field in fields(presenters) if field.name not in texts]
        return cls(tuple(texts), _reading(texts), _reading(others))


class _Stencil(NamedTuple):
    """What a component wrote of a presenter that had blanks for texts."""

    pattern: str
    texts: tuple[int, ...]
    """Which text stands in each place of the pattern, by its number."""

    @classmethod
    def of(cls, written: str) -> _Stencil:
        around = _BLANKS.split(written)  # every other part is the number of a blank
        pattern = "%s".join(part.replace("%", "%%") for part in around[::2])
        return cls(pattern, tuple(int(number) for number in around[1::2]))

    def filled(self, texts: Sequence[str]) -> Markup:
        """The markup with these texts in it."""
        return Markup(self.pattern % tuple([_escaped(texts[number]) for number in self.texts]))  # noqa: S704


class _Stencils:
    """What components wrote that is filled in again and again."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._kinds: dict[type, _Kind] = {}
        self._stencils: dict[Hashable, _Stencil] = {}

    def filled(self, component: str, presenter: DataclassInstance) -> Markup:
        presented = type(presenter)
        kind = self._kinds.get(presented) or self._kinds.setdefault(presented, _Kind.of(presented))
        texts = kind.texts(presenter)
        key = languages.chosen(), component, presented, kind.others(presenter), tuple(map(bool, texts))
        stencil = self._stencils.get(key)
        if stencil is None:
            blanks = {name: f"[{_BLANK} {at}]" for at, name in enumerate(kind.names) if texts[at]}
            if len(self._stencils) >= MOST_REMEMBERED:
                self._stencils.clear()
            written = _markup(self._app, component, (replace(presenter, **blanks),))
            self._stencils[key] = stencil = _Stencil.of(written)
        return stencil.filled(texts)


def init_app(app: Flask) -> None:
    """Let templates say `"component" | written(…)` and `"component" | filled(presenter)`.

    `written` is the markup of a component in the page's language, made once and remembered. It is for small ones that
    many pages show, with arguments that can be compared and do not change: to make one anew takes longer than to find
    it.

    `filled` is the markup of a component of one argument, a dataclass. It is made once for all that are the same but
    for their texts (fields of the type `str`), and filled in for each. So the component may show these texts and ask
    whether they are empty, and nothing else; all other fields must be such as can be compared. Its addresses come from
    the presenter.
    """

    @lru_cache(maxsize=MOST_REMEMBERED)
    def made(_language: str, component: str, *arguments: object) -> str:
        return _markup(app, component, arguments)

    app.jinja_env.template_class = _Template
    # Filters, since a template calls one directly; a function goes through a long way round.
    app.jinja_env.filters["written"] = lambda *asked: made(languages.chosen(), *asked)
    app.extensions["portal.stencils"] = _Stencils(app)
    app.jinja_env.filters["filled"] = filled


def markup(component: str, *arguments: object) -> str:
    """The markup of a component of `templates/components` in the language of the request."""
    return _markup(current_app, component, arguments)


def filled(component: str, presenter: DataclassInstance) -> Markup:
    """As templates say it: see `init_app`."""
    return cast(_Stencils, current_app.extensions["portal.stencils"]).filled(component, presenter)


def around_gaps(component: str, *arguments: object) -> list[str]:
    """The parts of a component's markup around the gaps that it leaves; what stands for a gap is its last argument."""
    return markup(component, *arguments, _GAP).split(_GAP)


def _markup(app: Flask, component: str, arguments: tuple[object, ...]) -> str:
    module = app.jinja_env.get_template(f"components/{component}.html").module
    return cast(Markup, getattr(module, component)(*arguments))


def _escaped(value: object) -> str:
    """As `escape`, which makes a new text of everything, also of what is markup already."""
    kind = type(value)
    if kind is Markup or (kind is str and not _SPECIAL.search(cast(str, value))):
        return cast(str, value)
    return escape(value)


def _reading(names: Sequence[str]) -> Callable[[object], tuple[Any, ...]]:
    """As `attrgetter`, but a tuple also of one name or none."""
    if len(names) > 1:
        return cast(Callable[[object], tuple[Any, ...]], attrgetter(*names))
    return lambda presenter: tuple(getattr(presenter, name) for name in names)
