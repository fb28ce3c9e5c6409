"""What the rest of the house tells of danger in a text.

Search knows the words (`portal.search.hearing`) and lies above this package, so the application hands its ear over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app

from portal.reviews.worries import WORRY, worries_in

EAR = "portal.hears_danger"


def init_app(app: Flask, ear: Callable[[str], str]) -> None:
    """Let `ear` hear for `app`: a text in, the name of a danger or nothing out."""
    app.extensions[EAR] = ear


def danger_in(text: str) -> str:
    """The danger that is heard in `text`; empty where none is."""
    return cast(Callable[[str], str], current_app.extensions[EAR])(text) if text else ""


def urgency_of(text: str) -> str:
    """Why a moderator should read `text` before others: a danger, `WORRY` for words that worry, or nothing."""
    return danger_in(text) or (WORRY if worries_in(text) else "")
