"""What a restored backup must not bring back, kept outside the database: what became secret, whose access ended.

A file in the data folder for each kind holds lines of a keyed digest and the moment, and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import cast

from sqlalchemy.orm import Session

from portal.core.database import keys_of
from portal.core.keys import keyed_digest

LONGEST_TRANSACTION = timedelta(hours=1)
"""What was noted so shortly before a backup began may have been committed after it."""


class Outliving(StrEnum):
    """What is noted; the value is the name of its file."""

    SECRET_ADDRESS = "secret-addresses"  # noqa: S105 - the name of a file
    ENDED_ACCESS = "ended-access"


Thing = Sequence[str]
"""By what something is recognised."""


def outlive(session: Session, kind: Outliving, things: Iterable[Thing], at: datetime) -> None:
    """Note these for good, before the transaction that changes them is committed.

    One that fails afterwards leaves a line that errs to the safe side. A database that was opened without a data folder
    (tests, measurements) notes nothing.
    """
    folder = cast(Path | None, session.info.get("data_dir"))
    lines = [f"{keyed_digest(keys_of(session).of(kind), *thing)} {at.isoformat()}" for thing in things]
    if folder is not None and lines:
        append_for_good(folder / kind, lines)


def append_for_good(path: Path, lines: Iterable[str]) -> None:
    """Add lines to a file that only the portal reads; they are on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, "".join(f"{line}\n" for line in lines).encode("ascii"))
        os.fsync(file)
    finally:
        os.close(file)


class Outlived:
    """What was noted in a data folder since a backup was made."""

    def __init__(self, session: Session, data_dir: Path, kind: Outliving, made_at: datetime) -> None:
        self._keys = keys_of(session).all_of(kind)
        file, since = data_dir / kind, made_at - LONGEST_TRANSACTION
        lines = file.read_text(encoding="ascii", errors="replace").splitlines() if file.exists() else []
        self._digests = frozenset(line.split()[0] for line in lines if _is_since(line, since))

    def __contains__(self, thing: Thing) -> bool:
        return bool(self._digests) and any(keyed_digest(key, *thing) in self._digests for key in self._keys)


def _is_since(line: str, since: datetime) -> bool:
    """Whether a line is of `since` or later; one that cannot be read (a disk that was full) counts, to be safe."""
    parts = line.split()
    try:
        return bool(parts) and datetime.fromisoformat(parts[1]) >= since
    except (IndexError, ValueError, TypeError):
        return True
