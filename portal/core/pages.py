"""Small pieces that pages of every package are made of, ready for a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.core.languages import gettext
from portal.core.text import whole_number


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere, with a sentence about what is there."""

    label: str
    href: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class NavLink:
    """A link of a navigation; `current` is true on the page it leads to, `around` on the pages behind it."""

    label: str
    href: str
    current: bool
    around: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A choice in a form field; `count` is how many results it would leave."""

    value: str
    label: str
    selected: bool = False
    count: int | None = None
    indent: int = 0
    """0 for a main entry, 1 for one below it."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, with the address of the same page without it."""

    label: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its explanation, to be unfolded where it stands; no explanation: just the word."""

    label: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled fact; `note` says when or by whom it was confirmed."""

    label: str
    value: str
    note: str = ""
    explanation: str = ""


class Tone(StrEnum):
    """How much attention a notice asks."""

    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Notice:
    """A banner above content: a title, what it means, and perhaps where to go or whom to call now."""

    tone: Tone
    title: str
    text: str = ""
    links: tuple[Link, ...] = ()


def by_label(labels: Mapping[str, str], problems: Mapping[str, str]) -> Mapping[str, str]:
    """What is wrong with a form, by field, each after the label of its field; in the order of `labels`."""
    return {name: f"{label.removesuffix('?')}: {problems[name]}" for name, label in labels.items() if name in problems}


def what_was_done(sentences: Mapping[str, str]) -> Callable[[str | None], Notice | None]:
    """Says on the next page what was just done: from the word for it in the address, or None for any other word.

    `sentences` are marked for translation, by that word.
    """

    def done(what: str | None) -> Notice | None:
        said = sentences.get(what or "")
        return Notice(Tone.INFO, gettext(said)) if said else None

    return done


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Something by which a list can be narrowed: its name in the address, what it is, and the choices."""

    name: str
    label: str
    everything: str
    """The choice that narrows nothing; empty where one must be chosen."""
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a list of pages; None where there is no page that way."""

    page: int
    pages: int
    previous_href: str | None
    next_href: str | None

    @classmethod
    def at(cls, page: int, pages: int, href: Callable[[int], str]) -> Pager:
        """At `page` of so many, whose addresses `href` makes."""
        return cls(page, pages, href(page - 1) if page > 1 else None, href(page + 1) if page < pages else None)

    @classmethod
    def within(cls, total: int, per_page: int, page: int, href: Callable[[int], str]) -> Pager:
        """At `page` of `total` entries, or at the last where there are not so many."""
        pages = max(1, -(-total // per_page))
        return cls.at(min(page, pages), pages, href)

    @classmethod
    def over(cls, total: int, per_page: int, asked: str | None, href: Callable[[int], str]) -> Pager:
        """At the page that an address asks for, of `total` entries.

        That is the first where it names none, and the last where there are not so many.
        """
        return cls.within(total, per_page, whole_number(asked or "", 5) or 1, href)
