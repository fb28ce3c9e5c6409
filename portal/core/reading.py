"""Easy reading: a page in still easier language, for who asks for it in the address (`?lezen=makkelijk`).

As the language does, the choice travels along in the links (`portal.core.carried`); nothing is remembered.
"""

from __future__ import annotations

from portal.core.carried import carried

NAME, EASY = "lezen", "makkelijk"


def read(values: list[str]) -> tuple[str, ...]:
    """What of the parameter is carried: `makkelijk`, or nothing."""
    return (EASY,) if EASY in values else ()


def is_easy() -> bool:
    """Whether this visitor asked for easy reading."""
    return (NAME, EASY) in carried()


def in_reading(usual: str, easy: str) -> str:
    """The template of a page: the `easy` one for who asked for it."""
    return easy if is_easy() else usual
