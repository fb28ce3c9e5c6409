"""What can be edited at a desk, and how an edit stands over the rows of the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.core.text import fold

LONGEST_KEY = 400


class EditedList(StrEnum):
    """The lists of which a region edits rows."""

    EXPRESSIONS = "expressions"
    """What families and professionals say about a topic."""
    TOPICS = "topics"
    """What a topic is called and means."""
    ARRANGEMENTS = "arrangements"
    """What a kind of help is called and means."""
    GLOSSARY = "glossary"
    """Terms and their explanations."""


class EditState(StrEnum):
    """What an edit makes of a row."""

    SET = "set"
    """It reads as the edit says."""
    OFF = "off"
    """It is not there, also where a file has it."""
    AS_FILE = "as_file"
    """It is as the files have it: nothing of the region lies over it any more."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which row: the list, the language (empty for expressions, which are Dutch) and the key within it."""

    list: EditedList
    language: str
    key: str

    @classmethod
    def of_expression(cls, topic: str, text: str) -> Place:
        """The place of what is said about a topic; capitals, accents and spaces make no other row."""
        return cls(EditedList.EXPRESSIONS, "", f"{topic}:{' '.join(fold(text).split())}")


@dataclass(frozen=True, slots=True)
class Edit:
    """How a row stands."""

    place: Place
    state: EditState
    values: Mapping[str, str] = field(default_factory=dict)
    """The cells of the row by column, where the state is `SET`; other columns are as the files have them."""


@dataclass(frozen=True, slots=True)
class Said:
    """An expression as edited at a desk."""

    topic: str
    voice: str
    text: str
    is_off: bool

    @property
    def place(self) -> Place:
        """Which row it is."""
        return Place.of_expression(self.topic, self.text)


def said(edits: Iterable[Edit]) -> tuple[Said, ...]:
    """The expressions among the edits, added and switched off, in their order."""
    return tuple(
        Said(
            edit.place.key.partition(":")[0], edit.values.get("voice", ""),
            edit.values.get("expression") or edit.place.key.partition(":")[2], edit.state is EditState.OFF,
        )
        for edit in edits
        if edit.place.list is EditedList.EXPRESSIONS and edit.state is not EditState.AS_FILE
    )  # fmt: skip


def laid(edits: Iterable[Edit], more: Iterable[Edit]) -> tuple[Edit, ...]:
    """`edits` with `more` on top: the later one of a place counts, and keeps the place of the earlier."""
    return tuple({edit.place: edit for edit in (*edits, *more)}.values())
