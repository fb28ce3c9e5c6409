"""What becomes of a file that somebody sent."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

LARGEST_FILE = 20_000_000
"""Bytes, all files of one sending together; by command it may be more (`readers.MOST_PACKED`)."""
KEPT = timedelta(hours=1)
"""How long a file that was looked at waits to be imported."""
SILENT = timedelta(minutes=5)
"""After so long without a sign, whoever worked on a file has stopped."""
MOST_AT_ONCE = 2
"""Files that are read at the same moment, each in a process of its own."""


class Stage(StrEnum):
    """How far a file is."""

    CHECKING = "checking"
    CHECKED = "checked"
    """There is a report; the file waits to be imported, unless it has errors."""
    IMPORTING = "importing"
    IMPORTED = "imported"
    FAILED = "failed"
    """By a mistake of ours, or since another import took too long."""

    @property
    def is_busy(self) -> bool:
        """Whether somebody works on it."""
        return self in (Stage.CHECKING, Stage.IMPORTING)
