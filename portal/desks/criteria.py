"""Which part of the trail is asked for, cleaned from the address: what cannot be read is left out, or said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.core.text import whole_number
from portal.core.trail.queries import Filters
from portal.core.trail.types import Subject

LONGEST_TEXT = 100
LONGEST_ACTION = 60


@dataclass(frozen=True, slots=True)
class TrailCriteria:
    """What is asked of the trail, and what of it could not be read."""

    filters: Filters
    page: int
    asked: Mapping[str, str]
    """The parameters that ask it, without the page."""
    unread_day: str = ""
    """A day that is no date, as it was typed."""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> TrailCriteria:
        """From the address: `zoek`, `wat`, `van`, `tot`, `over`, `pagina`."""
        typed = {name: args.get(name, "").strip()[:LONGEST_TEXT] for name in ("zoek", "wat", "van", "tot", "over")}
        asked = {name: value for name, value in typed.items() if value}
        days = {name: _day(asked.get(name, "")) for name in ("van", "tot")}
        unread = next((asked[name] for name in ("van", "tot") if asked.get(name) and days[name] is None), "")
        page = args.get("pagina", "")
        filters = Filters(
            action=typed["wat"][:LONGEST_ACTION],
            subject=Subject("membership", typed["over"]) if typed["over"] else None,
            text=typed["zoek"],
            first_day=days["van"],
            last_day=days["tot"],
        )
        number = whole_number(page, 6)
        return cls(filters, 1 if number is None else number, asked, unread)


def _day(text: str) -> date | None:
    """A day as a date field sends it, or as people write it: 2026-11-27 or 27-11-2026."""
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year, month, day = parts if len(parts[0]) == 4 else reversed(parts)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
