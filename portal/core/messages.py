"""Texts that are written now and read later, perhaps in two languages: reports, problems, explanations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date

from portal.core.languages import translate


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """`message` itself; the call marks it for translation."""
    return message


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with its values, which can be said in any language that we have."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def in_language(self, code: str) -> str:
        """The sentence in the language `code`; values that are messages themselves follow."""
        values = {
            name: value.in_language(code) if isinstance(value, Message) else value
            for name, value in self.values.items()
        }
        return translate(self.text, code, **values)


@dataclass(frozen=True, slots=True)
class Day(Message):
    """A day, said as people say it; `text` is its ISO form."""

    def in_language(self, code: str) -> str:
        """`6 december 2026`."""
        return format_date(date.fromisoformat(self.text), "d MMMM y", locale=code)
