"""What the rest of the house tells of danger in a text.

Search knows the words (`portal.search.hearing`) and lies above this package, so the application hands its ear over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app

EAR = "portal.hears_danger"


def init_app(app: Flask, ear: Callable[[str], str]) -> None:
    """Let `ear` hear for `app`: a text in, the name of a danger or nothing out."""
    app.extensions[EAR] = ear


def danger_in(text: str) -> str:
    """The danger that is heard in `text`; empty where none is."""
    return cast(Callable[[str], str], current_app.extensions[EAR])(text) if text else ""
