"""What this machine saw written into the trail, kept beside the database: who rewrites the trail leaves it behind.

A file in the data folder with the number and the hash of each entry with which a transaction of this machine ended.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.core.database import Database
from portal.core.trail.operations import WRITTEN
from portal.core.trail.types import Mark

logger = logging.getLogger("portal")


class Witness:
    """The file, readable by its owner only: a line for each entry that was seen."""

    def __init__(self, data_dir: Path) -> None:
        self.file = data_dir / "trail" / "seen.txt"

    def read(self) -> Mapping[int, str]:
        """The hashes that were seen, by number; what cannot be read is left out.

        Of two under one number the first counts: the second was written over it.
        """
        seen: dict[int, str] = {}
        if self.file.exists():
            for line in self.file.read_text(encoding="ascii", errors="replace").splitlines():
                number, _, found = line.partition(" ")
                if number.isdecimal() and found:
                    seen.setdefault(int(number), found)
        return seen

    def note(self, mark: Mark) -> None:
        """Add a line. Raises OSError where the folder cannot be written to."""
        with self._alone(), os.fdopen(os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
            file.write(f"{mark.number} {mark.hash}\n")

    def forget(self, number: int) -> None:
        """Leave out the entries up to this one: they are not in the trail any more."""
        if self.file.exists():
            with self._alone():
                kept = {seen: found for seen, found in self.read().items() if seen > number}
                beside = self.file.with_suffix(".new")
                with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                    file.writelines(f"{seen} {found}\n" for seen, found in kept.items())
                beside.replace(self.file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.file.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def watch(database: Database, witness: Witness) -> None:
    """Let `witness` note each commit that wrote to the trail of `database`."""

    @event.listens_for(database.sessions, "after_commit")
    def _committed(session: Session) -> None:
        if session.in_nested_transaction():
            return  # only a part of it: the whole may still be rolled back
        mark = session.info.pop(WRITTEN, None)
        if mark is not None:
            try:
                witness.note(mark)
            except OSError as error:  # what was done is done: a full disk must not make it look as if it failed
                logger.warning("it cannot be noted what was written into the trail", exc_info=error)

    @event.listens_for(database.sessions, "after_rollback")
    def _rolled_back(session: Session) -> None:
        session.info.pop(WRITTEN, None)
