"""What somebody says is not right, and what becomes of it."""

from __future__ import annotations

from enum import StrEnum

LONGEST_TEXT = 1_000


class Matter(StrEnum):
    """What is not right, coarsely: it stays when the text is erased."""

    CONTACT = "contact"
    PLACE = "place"
    WAITING = "waiting"
    HELP = "help"
    GONE = "gone"
    OTHER = "other"


class State(StrEnum):
    """How far it is."""

    OPEN = "open"
    MENDED = "mended"
    STAYS = "stays"
    """It was right, or cannot be mended; there is a reason."""


class ProviderSays(StrEnum):
    """What a provider answers to what was passed on to it."""

    RIGHT_NOW = "right_now"
    """It was not right, and is now."""
    WAS_RIGHT = "was_right"
    """It was right already: the region decides."""
