"""What other processes do to a table of places. Apart from the tests, so that processes begin in a moment."""

from __future__ import annotations

import fcntl
import time
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path

from portal.core.pace.table import SETS, Table
from portal.core.pace.types import Limit

SECRET = b"x" * 32
HOUSE = "203.0.113.7"
SLOW = Limit("slow", at_once=20, a_second=0.001)
"""No test of several processes takes so long that a place comes free."""


def answered(places: Table, limit: Limit, network: str, times: int) -> int:
    """How many of so many questions are answered."""
    return sum(places.seconds_to_wait(limit, network) == 0 for _ in range(times))


def ask(places: Table | Path, times: int, results: SimpleQueue[int], go: Event | None = None) -> None:
    """Ask so often, in this table or that of a file, and put how many were answered into `results`."""
    if isinstance(places, Path):
        places = Table(places, (SLOW,), SECRET)
    if go is not None:
        go.wait(30)
    results.put(answered(places, SLOW, HOUSE, times))


def hold(path: Path, held: Event) -> None:
    """Hold the whole table, and never let go."""
    places = Table(path, (SLOW,), SECRET)
    with places._locked(*places._all_sets):
        held.set()
        time.sleep(60)


def hold_without_using(path: Path, held: Event) -> None:
    """Hold the locks of the table of an application, and never let go."""
    with path.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX, 3 * SETS, 1)
        held.set()
        time.sleep(60)
