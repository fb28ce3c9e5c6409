"""What was derived from the database and holds until it changes: kept by each process, dropped with the revision."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar, cast

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


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

    def recall_many(self, revision: int, keys: Sequence[K], make: Callable[[list[K]], Mapping[K, T]]) -> list[T]:
        """The answers under `keys` that exist, in their order; all that are not known are made in one go."""
        missing = [key for key in keys if revision != self._revision or key not in self._answers]
        made = make(missing) if missing else {}
        for key, answer in made.items():
            self.recall(revision, key, lambda answer=answer: answer)  # type: ignore[misc]
        known = {key: self._answers[key] for key in keys if key in self._answers} | dict(made)
        return [cast(T, known[key]) for key in keys if key in known]

    def forget(self, key: Hashable) -> None:
        """Drop the answer under `key`."""
        self._answers.pop(key, None)
