"""Counting in a web worker: in memory, handed to the spool now and then."""

from __future__ import annotations

import logging
import threading
import time
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


def current_counter() -> Counter:
    """The counter of the running application in this process; made at first use."""
    counter = current_app.extensions.get("portal.white_spots")
    if counter is None:
        counter = Counter(Spool(current_settings().data_dir), _current_ledger)
        current_app.extensions["portal.white_spots"] = counter
    return cast(Counter, counter)


def _current_ledger(period: str) -> Ledger | None:
    try:
        with current_database().sessions() as session:  # not that of the page, which an error would spoil
            return ledger(session, period, current_settings().secret_key)
    except SQLAlchemyError:
        return None
