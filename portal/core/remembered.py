"""What was derived from the database and holds until it changes: kept by each process, dropped with the revision."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Remembered:
    """The most recently used answers of one revision."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._revision: int | None = None
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()

    def recall(self, revision: int, key: Hashable, make: Callable[[], T]) -> T:
        """The answer under `key`, made now where it is not known for this `revision`."""
        if revision != self._revision:
            self._answers.clear()
            self._revision = revision
        if key not in self._answers:
            self._answers[key] = make()
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
        self._answers.move_to_end(key)
        return cast(T, self._answers[key])

    def forget(self, key: Hashable) -> None:
        """Drop the answer under `key`."""
        self._answers.pop(key, None)
