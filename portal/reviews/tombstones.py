"""What was withdrawn, kept outside the database and its backups: a restored backup brings nothing back to life.

A file in the data folder holds a keyed digest for each experience that its author withdrew, and nothing else. It is
replayed when the portal starts and each day.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from portal.core.outliving import append_for_good

NAME = "withdrawn-experiences"


class Tombstones:
    """The digests of one installation's withdrawn experiences."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / NAME

    def add(self, digests: Iterable[str]) -> None:
        """Keep these, for good, before the experience itself is deleted."""
        append_for_good(self._path, digests)

    def all(self) -> frozenset[str]:
        """All of them."""
        if not self._path.exists():
            return frozenset()
        return frozenset(self._path.read_text(encoding="ascii").split())
