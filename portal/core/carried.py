"""What the addresses of a visit carry along: the language, and what a visitor keeps without cookie or account.

A parameter that is carried (`init_app` says which) is read from the address of a page and stands in every address that
this page makes, so that a family without script keeps its list while it looks around. With script such addresses stay
short: then a list lives on the device.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextvars import ContextVar
from typing import Any

from flask import Flask, request

from portal.core import languages

Pairs = tuple[tuple[str, str], ...]
Read = Callable[[list[str]], tuple[str, ...]]
"""From the values in an address to those that are worth carrying."""

_carried: ContextVar[Pairs] = ContextVar("carried", default=())


def carried() -> Pairs:
    """Names and values that this page's addresses carry, besides the language; usually none."""
    return _carried.get()


def parameters() -> Pairs:
    """What an address that is made by hand, or a form, must send along: the language and what is carried."""
    chosen = languages.chosen()
    return (*(() if chosen == languages.DEFAULT else (("lang", chosen),)), *carried())


def init_app(app: Flask, names: Mapping[str, Read], blueprints: Collection[str]) -> None:
    """Carry the parameters `names` to all pages of `blueprints`."""

    @app.before_request
    def _read() -> None:
        found = {name: read(request.args.getlist(name)) for name, read in names.items() if name in request.args}
        _carried.set(tuple((name, value) for name, values in found.items() for value in values))

    @app.teardown_request
    def _forget(_error: BaseException | None) -> None:
        _carried.set(())

    @app.url_defaults
    def _carry(endpoint: str, values: dict[str, Any]) -> None:
        if carried() and endpoint.partition(".")[0] in blueprints:
            for name in dict(carried()):
                values.setdefault(name, [value for other, value in carried() if other == name])
