"""Limits: how many questions of one network are answered, in how long."""

from __future__ import annotations

from dataclasses import dataclass

NANOSECONDS = 1_000_000_000
"""A second, as clocks count it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What one network may ask of one kind."""

    name: str
    """What is asked; no two limits have the same."""
    at_once: int
    """So many may come together, when nothing was asked for a while."""
    a_second: float
    """And so many in each second after that."""
    a_minute: int = 0
    """But never more than this in any minute; 0 where there is no such limit."""

    @property
    def interval(self) -> int:
        """The nanoseconds in which a place comes free."""
        return round(NANOSECONDS / self.a_second)


QUESTIONS = Limit("questions", at_once=20, a_second=5)
"""Pages that search: five a second (as Warehouse), and twenty at once, since behind one address may stand a school, the
team of a municipality or the customers of a telephone provider."""

SUGGESTIONS = Limit("suggestions", at_once=60, a_second=20)
"""What the search box asks while somebody types: apart, so that typing never keeps anybody from searching."""

API = Limit("api", at_once=20, a_second=5, a_minute=100)
"""Programs: a hundred a minute, with which all open data are read in some minutes, and no quicker than people."""
