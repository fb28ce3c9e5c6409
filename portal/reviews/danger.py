"""What the rest of the house tells of danger in a text.

Search knows the words (`portal.search.hearing`) and lies above this package, so the application hands its ear over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from flask import Flask, current_app

from portal.reviews.worries import WORRY, worries_in

SAFETY = "safety"
"""The question how safe it was, from 1 to 10."""
UNSAFE = frozenset({"1", "2", "3", "4"})
EAR = "portal.hears_danger"


def init_app(app: Flask, ear: Callable[[str], str]) -> None:
    """Let `ear` hear for `app`: a text in, the name of a danger or nothing out."""
    app.extensions[EAR] = ear


def danger_in(text: str) -> str:
    """The danger that is heard in `text`; empty where none is."""
    return cast(Callable[[str], str], current_app.extensions[EAR])(text) if text else ""


def sounds_like_danger(heard: str) -> bool:
    """Whether what was heard in a text is a danger, and does not only worry."""
    return heard not in ("", WORRY)


def felt_unsafe(answers: Mapping[str, str]) -> bool:
    """Whether so low a mark was given for how safe it is that it worries."""
    return answers.get(SAFETY) in UNSAFE


def urgency_of(text: str, answers: Mapping[str, str]) -> str:
    """Why a moderator should read what was told before others: a danger, `WORRY` for what worries, or nothing.

    Who did not feel safe need not find words for it: a low mark worries as much.
    """
    return danger_in(text) or (WORRY if felt_unsafe(answers) or worries_in(text) else "")
