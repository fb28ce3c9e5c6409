"""Counts on their way from the web workers to the database: pages never write to it.

One file for all workers of a machine, rewritten as a whole and in the order of digests, so that it shows neither when
something was met nor what was met together. `portal daily` takes the days that are over.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from portal.search.white_spots.types import DayCount, Spot, kind_of

MOST_SIGHTINGS = 20_000
"""A day holds at most so many different digests, whatever is sent to us."""
KEPT = timedelta(days=40)
"""Older days are dropped: their key is gone."""

Days = dict[date, DayCount]


class Spool:
    """The file in the data folder, readable by its owner only."""

    def __init__(self, data_dir: Path, folder: str = "white-spots") -> None:
        self._folder = data_dir / folder
        self._file = self._folder / "spool.json"

    def add(self, counts: Mapping[date, DayCount]) -> bool:
        """Add to what is there. False where another process is busy with it: try again later.

        Raises OSError where the data folder cannot be written to.
        """
        with self._alone(wait=False) as is_mine:
            if is_mine:
                days = self._read()
                for day, count in counts.items():
                    days.setdefault(day, DayCount()).add(count)
                self._write(days)
            return is_mine

    @contextmanager
    def finished(self, today: date) -> Iterator[Mapping[date, DayCount]]:
        """The days before `today`; they leave the file when the block ends without an error."""
        with self._alone(wait=True):
            days = self._read()
            yield {day: count for day, count in sorted(days.items()) if day < today}
            self._write({day: count for day, count in days.items() if day >= today})

    @contextmanager
    def _alone(self, wait: bool) -> Iterator[bool]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    def _read(self) -> Days:
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
            return {date.fromisoformat(day): _day_count(count) for day, count in content.items()}
        except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
            return {}  # begun anew: a damaged file is worth less than the page that would fail with it

    def _write(self, days: Days) -> None:
        newest = max(days, default=date.min)
        content = {
            day.isoformat(): {
                "sightings": dict(sorted(count.sightings.items())[:MOST_SIGHTINGS]),
                "common": [(spot.kind, spot.value, spot.beside) for spot in sorted(count.common)],
            }
            for day, count in sorted(days.items())
            if newest - day <= KEPT
        }
        beside = self._file.with_suffix(".new")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file)
        beside.replace(self._file)


def _day_count(content: Mapping[str, Any]) -> DayCount:
    common = {Spot(kind_of(kind), value, beside) for kind, value, beside in content["common"]}
    return DayCount(dict(content["sightings"]), common)
