"""When each network asked lately, in a file that all processes of this machine have in memory.

For each limit there are slots, one for each network, in sets of eight. A slot holds a keyed digest of the network, the
moment until which its questions so far take up the pace (the generic cell rate algorithm: a bucket kept as one number),
and where a minute has a limit, the moments of so many questions in a ring. A network that is new takes the slot of its
set whose pace was free first.

Half of the key is in the file, made when the first process opens it and anew each day, both times with an empty table;
the other half is the installation's. A lock on one byte a set keeps processes apart. The system takes the locks of a
process that dies, so nobody is left waiting.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.core.pace.types import NANOSECONDS, Limit

SETS, SLOTS_OF_A_SET = 512, 8
"""Room for 4,096 networks that ask within one minute; with more, who asked longest ago is forgotten first."""
_MINUTE = 60 * NANOSECONDS
KEPT_NANOSECONDS = 24 * 60 * 60 * NANOSECONDS
PATIENCE_NANOSECONDS = NANOSECONDS // 10
"""How long somebody waits for a lock that is held for microseconds, before the question is let through."""
_CELL, _SALT = 8, 32
_HEADER = _CELL + _SALT
_IN_USE = 0
"""The byte on which every process that uses the table holds a lock."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Where the slots of a limit begin, in cells of eight bytes, and where its locks do."""

    first: int
    slot: int
    lock: int


class Table:
    """The places that networks took. A process opens the file of a table once, and keeps it until it ends.

    Raises OSError where the file cannot be made, locked or held in memory.
    """

    def __init__(
        self, path: Path, limits: Sequence[Limit], secret: bytes, now: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self._secret, self._now = hashlib.sha256(secret).digest(), now
        self._parts: dict[str, _Part] = {}
        cells = _HEADER // _CELL
        for number, limit in enumerate(limits):
            slot = 3 + limit.a_minute
            self._parts[limit.name] = _Part(cells, slot, 1 + number * SETS)
            cells += slot * SETS * SLOTS_OF_A_SET
        self._all_sets = 1, len(limits) * SETS
        self._threads, self._process = threading.Lock(), os.getpid()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            self._join(cells * _CELL)
            self._memory = mmap.mmap(self._file, cells * _CELL)
        except (OSError, ValueError) as error:
            os.close(self._file)
            raise OSError(f"{path.name}: {error}") from error
        self._cells = memoryview(self._memory).cast("q")

    def seconds_to_wait(self, limit: Limit, network: str) -> int:
        """Take a place for a question of `network`: 0 where there was one, else how long until there is.

        A question that has to wait takes no place: asking again makes the wait no longer.

        Raises OSError where the table is held by somebody else for too long.
        """
        self.forget_in_time()
        part, digest = self._parts[limit.name], self._digest(limit, network)
        number = digest % SETS
        with self._locked(part.lock + number, 1):
            now = self._now()
            slot = self._slot(part, number, digest)
            return self._take(slot, limit, now)

    def forget_in_time(self) -> None:
        """Forget all where the table is a day old; to be called with every request, also of what has no limit.

        Raises OSError where the table is held by somebody else for too long, or its file was cut short.
        """
        if os.getpid() != self._process:
            self._go_on_in_fork()
        if os.fstat(self._file).st_size < len(self._memory):
            raise OSError("was cut short")  # to read what is gone from a file in memory ends the process
        if not 0 <= self._now() - self._cells[0] < KEPT_NANOSECONDS:
            self._begin_anew()

    def _take(self, slot: int, limit: Limit, now: int) -> int:
        cells, interval, most_ahead = self._cells, limit.interval, limit.interval * limit.at_once
        ahead = cells[slot + 1] - now
        if not 0 <= ahead <= most_ahead:  # free for a while, or written by another clock
            ahead = 0
        wait = ahead + interval - most_ahead
        place = slot + 3 + cells[slot + 2]
        if limit.a_minute:
            # Of a full minute ago, or of another clock: then it does not count.
            moment = cells[place]
            if 0 < moment <= now < moment + _MINUTE:
                wait = max(wait, moment + _MINUTE - now)
        if wait > 0:
            return -(-wait // NANOSECONDS)
        cells[slot + 1] = now + ahead + interval
        if limit.a_minute:
            cells[place] = now
            cells[slot + 2] = (cells[slot + 2] + 1) % limit.a_minute
        return 0

    def _slot(self, part: _Part, number: int, digest: int) -> int:
        """The slot of a network; where it has none, that of its set whose pace was free first, emptied."""
        cells = self._cells
        first = part.first + number * SLOTS_OF_A_SET * part.slot
        slots = range(first, first + SLOTS_OF_A_SET * part.slot, part.slot)
        for slot in slots:
            if cells[slot] == digest:
                return slot
        oldest = min(slots, key=lambda slot: cells[slot + 1])
        # What was there goes before the digest comes: who dies in between leaves nobody with the moments of another.
        self._memory[oldest * _CELL : (oldest + part.slot) * _CELL] = bytes(part.slot * _CELL)
        cells[oldest] = digest
        return oldest

    def _digest(self, limit: Limit, network: str) -> int:
        key = self._secret + self._memory[_CELL:_HEADER]
        digest = hashlib.blake2b(f"{limit.name} {network}".encode(), key=key, digest_size=_CELL).digest()
        return int.from_bytes(digest, "little", signed=True)

    # --- the life of the table ---------------------------------------------------------------------------------

    def _join(self, size: int) -> None:
        """Begin an empty table where no other process uses the file, and hold it as one that does."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _IN_USE)
        except (BlockingIOError, PermissionError):
            self._lock(fcntl.LOCK_SH, _IN_USE, 1)
            if os.fstat(self._file).st_size != size:
                raise OSError("is in use by another version of the portal") from None
            return
        # Written as a whole, so that the disk has room for it: a page of memory without would end the process.
        empty = self._now().to_bytes(_CELL, sys.byteorder) + secrets.token_bytes(_SALT) + bytes(size - _HEADER)
        if os.pwrite(self._file, empty, 0) != size:
            raise OSError("there is no room on the disk")
        os.ftruncate(self._file, size)
        fcntl.lockf(self._file, fcntl.LOCK_SH, 1, _IN_USE)

    def _begin_anew(self) -> None:
        """Forget all and take another key, where no other process just did."""
        with self._locked(*self._all_sets):
            now = self._now()
            if not 0 <= now - self._cells[0] < KEPT_NANOSECONDS:
                self._memory[_HEADER:] = bytes(len(self._memory) - _HEADER)
                self._memory[_CELL:_HEADER] = secrets.token_bytes(_SALT)
                self._cells[0] = now

    def _go_on_in_fork(self) -> None:
        """What a fork does not inherit: locks on a file, and threads that would let go of a lock in memory."""
        self._threads, self._process = threading.Lock(), os.getpid()
        self._lock(fcntl.LOCK_SH, _IN_USE, 1)

    @contextmanager
    def _locked(self, start: int, length: int) -> Iterator[None]:
        """Hold a lock inside the block: threads of this process wait for each other too, whose file locks are one."""
        if not self._threads.acquire(timeout=PATIENCE_NANOSECONDS / NANOSECONDS):
            raise TimeoutError("another thread holds the table")
        try:
            self._lock(fcntl.LOCK_EX, start, length)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, length, start)
        finally:
            self._threads.release()

    def _lock(self, kind: int, start: int, length: int) -> None:
        until = 0
        while True:
            try:
                fcntl.lockf(self._file, kind | fcntl.LOCK_NB, length, start)
                return
            except (BlockingIOError, PermissionError):
                until = until or time.monotonic_ns() + PATIENCE_NANOSECONDS
                if time.monotonic_ns() > until:
                    raise TimeoutError("another process holds the table") from None
                time.sleep(0.0001)
