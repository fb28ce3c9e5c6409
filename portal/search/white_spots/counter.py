"""Counting in a web worker: in memory, handed to the spool now and then."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter as Counted
from collections.abc import Callable, Iterable
from datetime import date
from typing import cast

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.core.database import current_database
from portal.core.settings import current_settings
from portal.search.white_spots.queries import ledger
from portal.search.white_spots.spool import MOST_SIGHTINGS, Spool
from portal.search.white_spots.types import DayCount, Ledger, Spot, period_of

logger = logging.getLogger("portal")

PAUSE_SECONDS = 60.0
FOUND = "found-by"
"""The folder of the spool with what led to providers."""


class Counter:
    """What one process met since it last wrote to the spool.

    It keeps digests, never questions; within one pause a spot counts once, so that paging through results or
    loading a page again adds nothing.
    """

    def __init__(self, spool: Spool, read_ledger: Callable[[str], Ledger | None]) -> None:
        self._spool = spool
        self._read_ledger = read_ledger
        self._ledger: Ledger | None = None
        self._days: dict[date, DayCount] = {}
        self._next_turn = 0.0
        self._lock = threading.Lock()

    def note(self, spots: Iterable[Spot], today: date) -> None:
        """Count what was looked for in vain. Never fails: counting is worth less than the page."""
        with self._lock:
            if time.monotonic() >= self._next_turn or (self._ledger and self._ledger.period != period_of(today)):
                self._hand_over()
                self._ledger = self._read_ledger(period_of(today))
                self._next_turn = time.monotonic() + PAUSE_SECONDS
            if self._ledger is None:
                return
            for spot in spots:
                day = self._days.setdefault(today, DayCount())
                digest = self._ledger.digest(spot)
                if len(day.sightings) < MOST_SIGHTINGS:
                    day.sightings[digest] = 1
                if digest in self._ledger.common:
                    day.common.add(spot)

    def _hand_over(self) -> None:
        if not self._days:
            return
        try:
            if self._spool.add(self._days):
                self._days.clear()
        except OSError as error:
            self._days.clear()
            logger.warning("white spots are not counted", extra={"fields": {"why": type(error).__name__}})


class FoundCounter:
    """How often providers were shown for topics, and words said of these, since it last wrote to its spool.

    All of it is of our own lists, so it is kept as it is for that minute, and costs a question next to nothing; to
    the spool go digests.
    """

    def __init__(self, spool: Spool, read_ledger: Callable[[str], Ledger | None]) -> None:
        self._spool = spool
        self._read_ledger = read_ledger
        self._met: Counted[Spot] = Counted()
        self._day: date | None = None
        self._next_turn = time.monotonic() + PAUSE_SECONDS
        self._lock = threading.Lock()

    def note(self, spots: Iterable[Spot], today: date) -> None:
        """Count what led to providers. Never fails: counting is worth less than the page."""
        with self._lock:
            if self._day != today or time.monotonic() >= self._next_turn:
                self._hand_over()
                self._day, self._next_turn = today, time.monotonic() + PAUSE_SECONDS
            self._met.update(spots)

    def _hand_over(self) -> None:
        met, day = self._met, self._day
        self._met = Counted()
        ledger = self._read_ledger(period_of(day)) if day and met else None
        if ledger is None or day is None:
            return
        count = DayCount()
        for spot, times in met.items():
            digest = ledger.digest(spot)
            count.sightings[digest] = times
            if digest in ledger.common:
                count.common.add(spot)
        try:
            if not self._spool.add({day: count}):
                self._met = met  # another process was busy with it
        except OSError as error:
            logger.warning("what led to providers is not counted", extra={"fields": {"why": type(error).__name__}})


def current_found_counter() -> FoundCounter:
    """What counts what led to providers in this process; made at first use."""
    counter = current_app.extensions.get("portal.found_by")
    if counter is None:
        counter = FoundCounter(Spool(current_settings().data_dir, FOUND), _current_ledger)
        current_app.extensions["portal.found_by"] = counter
    return cast(FoundCounter, counter)


def current_counter() -> Counter:
    """The counter of the running application in this process; made at first use."""
    counter = current_app.extensions.get("portal.white_spots")
    if counter is None:
        counter = Counter(Spool(current_settings().data_dir), _current_ledger)
        current_app.extensions["portal.white_spots"] = counter
    return cast(Counter, counter)


def _current_ledger(period: str) -> Ledger | None:
    """The ledger of `period`, read once for both counters of a process."""
    known = current_app.extensions.get("portal.ledger")
    if known and known[0] == period and time.monotonic() < known[1]:
        return cast(Ledger | None, known[2])
    try:
        with current_database().sessions() as session:  # not that of the page, which an error would spoil
            found = ledger(session, period, current_settings().secret_key)
    except SQLAlchemyError:
        return None
    if found is not None:  # a period may be opened any moment
        current_app.extensions["portal.ledger"] = period, time.monotonic() + PAUSE_SECONDS / 2, found
    return found
