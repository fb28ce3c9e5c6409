"""What a process remembers of one revision: whole answers, also where there is room for fewer than are asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from portal.core.remembered import Remembered


def doubled(keys: list[int]) -> dict[int, int]:
    return {key: 2 * key for key in keys}


def test_answers_that_make_room_for_others_of_the_same_page_are_still_given() -> None:
    remembered = Remembered(3)
    assert remembered.recall_many(1, [1, 2, 3], doubled) == [2, 4, 6]
    assert remembered.recall_many(1, [1, 2, 3, 4, 5, 6], doubled) == [2, 4, 6, 8, 10, 12]


def test_what_does_not_exist_is_left_out_and_a_new_revision_is_made_anew() -> None:
    remembered = Remembered(3)
    assert remembered.recall_many(1, [1, 2], lambda keys: dict.fromkeys(keys[:1], "former")) == ["former"]
    assert remembered.recall_many(2, [1, 2], doubled) == [2, 4]
    assert remembered.recall(2, 1, lambda: 0) == 2


def test_what_is_known_is_not_made_again() -> None:
    remembered, asked = Remembered(3), []

    def make(keys: list[int]) -> dict[int, int]:
        asked.append(keys)
        return doubled(keys)

    remembered.recall_many(1, [1, 2], make)
    remembered.recall_many(1, [1, 2, 3], make)
    assert asked == [[1, 2], [3]]


def test_threads_that_push_each_others_answers_out_get_their_own() -> None:
    remembered = Remembered(2)

    def ask(number: int) -> bool:
        revision, keys = number % 2, [number % 7, number % 5, number % 3]
        return (
            remembered.recall_many(revision, keys, doubled) == [2 * key for key in keys]
            and remembered.recall(revision, number % 4, lambda: 2 * (number % 4)) == 2 * (number % 4)
        )  # fmt: skip

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(5_000)))
