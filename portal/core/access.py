"""What each address asks of whoever comes, declared where its view is written.

Every address has to be declared: the application does not start with one that is not (`check`), so that nothing is open
because somebody forgot to close it. Who has which permission is for `portal/accounts` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, Flask

T = TypeVar("T", bound=Callable[..., Any])
_DECLARED = "portal_asks"
_REPEATED = "portal_repeats"
_LARGEST = "portal_takes"


class Door(StrEnum):
    """What is asked where no permission is."""

    PUBLIC = "public"
    """Nothing. No cookie is looked at and none is set, so that the page can be kept and nobody is known."""
    ENTRANCE = "entrance"
    """Nothing yet: here people sign in."""
    HALFWAY = "halfway"
    """That a sign-in was begun."""


Requirement = Door | StrEnum
"""A door, or a permission."""


class Undeclared(RuntimeError):
    """An address that does not say what it asks of whoever comes."""


def public(blueprint: Blueprint) -> Blueprint:
    """Declare every address of a blueprint public that does not say otherwise itself."""
    return asks(Door.PUBLIC, blueprint)


def asks(requirement: Requirement, blueprint: Blueprint) -> Blueprint:
    """Declare what the addresses of a blueprint ask that do not say otherwise themselves."""
    blueprint.__dict__[_DECLARED] = requirement
    return blueprint


def needs(requirement: Requirement, *, repeated: Collection[str] = (), largest: int | None = None) -> Callable[[T], T]:
    """Declare what one view asks; it stands under the line with its address.

    `repeated` names the fields that a form of it may send more than once, such as check boxes; `largest` is how many
    bytes of files it takes, where that is more than any form.
    """

    def declare(view: T) -> T:
        view.__dict__[_DECLARED], view.__dict__[_REPEATED] = requirement, frozenset(repeated)
        view.__dict__[_LARGEST] = largest
        return view

    return declare


def may_repeat(app: Flask, endpoint: str) -> frozenset[str]:
    """The fields that a form of this view may send more than once."""
    found: frozenset[str] = app.view_functions[endpoint].__dict__.get(_REPEATED, frozenset())
    return found


def largest_files(app: Flask, endpoint: str) -> int | None:
    """How many bytes of files this view takes; None where it takes no more than any other."""
    found: int | None = app.view_functions[endpoint].__dict__.get(_LARGEST) if endpoint in app.view_functions else None
    return found


def requirement_of(app: Flask, endpoint: str) -> Requirement:
    """What the view behind `endpoint` asks: its own declaration, else that of its blueprint.

    Raises Undeclared where there is neither.
    """
    if endpoint == "static":
        return Door.PUBLIC
    own = app.view_functions[endpoint].__dict__.get(_DECLARED)
    blueprint = app.blueprints.get(endpoint.rpartition(".")[0])
    found: Requirement | None = own or (blueprint.__dict__.get(_DECLARED) if blueprint else None)
    if found is None:
        raise Undeclared(f"{endpoint} does not say what it asks of whoever comes (portal/core/access.py)")
    return found


def check(app: Flask) -> None:
    """Raise Undeclared where an address of the application is not declared."""
    for rule in app.url_map.iter_rules():
        requirement_of(app, rule.endpoint)
