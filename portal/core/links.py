"""Addresses of our own pages, in the language of the request and with what the visit carries along."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import request, url_for

from portal.core.carried import carried
from portal.core.languages import chosen

Value = str | tuple[str, ...] | None


def link(endpoint: str, **values: Value) -> str:
    """As Flask's `url_for` with text values, remembered: a page has dozens of addresses, and they do not change."""
    if carried():
        return _made(endpoint, tuple(values.items()))
    return _built(request.root_path, chosen(), endpoint, tuple(values.items()))


@lru_cache(maxsize=4_000)
def _built(_root: str, _language: str, endpoint: str, values: tuple[tuple[str, Value], ...]) -> str:
    # The language reaches the address through `languages.init_app`; it is an argument to keep the answers apart.
    return _made(endpoint, values)


def _made(endpoint: str, values: tuple[tuple[str, Value], ...]) -> str:
    given: dict[str, Any] = dict(values)
    return url_for(endpoint, **given)
