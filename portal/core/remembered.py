"""What was derived from the database and holds until it changes: kept by each process, dropped with the revision."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class Remembered:
    """The most recently used answers of one revision; for any number of threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._revision: int | None = None
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        # Never held while an answer is made: making one may ask for another.
        self._lock = threading.Lock()

    def recall(self, revision: int, key: Hashable, make: Callable[[], T]) -> T:
        """The answer under `key`, made now where it is not known for this `revision`."""
        with self._lock:
            if revision == self._revision and key in self._answers:
                self._answers.move_to_end(key)
                return cast(T, self._answers[key])
        self._known(revision, ())
        made = make()
        self._store(revision, {key: made})
        return made

    def recall_many(self, revision: int, keys: Sequence[K], make: Callable[[list[K]], Mapping[K, T]]) -> list[T]:
        """The answers under `keys` that exist, in their order; all that are not known are made in one go."""
        known = self._known(revision, keys)
        missing = [key for key in keys if key not in known]
        if missing:
            made = make(missing)
            self._store(revision, made)
            known.update(made.items())
        return [cast(T, known[key]) for key in keys if key in known]

    def forget(self, key: Hashable) -> None:
        """Drop the answer under `key`."""
        with self._lock:
            self._answers.pop(key, None)

    def _known(self, revision: int, keys: Iterable[Hashable]) -> dict[Hashable, Any]:
        with self._lock:
            if revision != self._revision:
                self._answers.clear()
                self._revision = revision
            known = {key: self._answers[key] for key in keys if key in self._answers}
            for key in known:
                self._answers.move_to_end(key)
            return known

    def _store(self, revision: int, made: Mapping[Any, Any]) -> None:
        with self._lock:
            if revision != self._revision:
                return  # another thread went on to another revision meanwhile
            self._answers.update(made)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
