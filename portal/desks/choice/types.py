"""What is counted of a talk about the choice. There is no room in it for anything about a family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.reviews.types import Quarter

MOST_PROVIDERS = 300
"""More than a region has."""
OFFERED, DISCUSSED = "#offered", "#discussed"
"""Under these names the numbers of providers are added up; no outcome can be called so."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk, as it is counted: about what, how many providers fitted and were talked about, what came of it."""

    arrangement: str
    offered: int
    discussed: int
    outcome: str

    @property
    def counts(self) -> dict[str, int]:
        """What is added to which counter."""
        return {self.outcome: 1, OFFERED: self.offered, DISCUSSED: self.discussed}


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is counted: the finest that is kept."""

    region_id: int
    municipality: str
    """CBS code."""
    month: str
    """As `2026-11`."""


def month_of(day: date) -> str:
    """The month of a day, as it is counted: `2026-11`."""
    return f"{day:%Y-%m}"


def quarter_of_month(month: str) -> Quarter:
    """The quarter that a month lies in."""
    return Quarter.of(date.fromisoformat(f"{month}-01"))


def months_of(quarter: Quarter) -> tuple[str, ...]:
    """The three months of a quarter."""
    return tuple(f"{quarter.year}-{quarter.first_day.month + after:02}" for after in range(3))
