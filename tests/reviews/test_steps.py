"""Two versions of a figure about experiences tell together no more than each tells alone."""

from __future__ import annotations

from itertools import product

import pytest

from portal.outcomes.figures import Counts, Told, tell
from portal.outcomes.types import DEFAULT_RULES, Shown
from portal.reviews.publishing.operations import gives_away

K = DEFAULT_RULES.smallest_cell


@pytest.mark.parametrize(("before", "came", "went"), [(10, 5, 0), (12, 6, 1), (15, 8, 4), (20, 10, 0), (11, 4, 3)])
def test_no_hidden_count_is_narrowed_and_nobody_is_known_to_be_alike(before: int, came: int, went: int) -> None:
    """Every way in which families can have answered is tried; a version that may follow leaves each of them open."""
    worlds: dict[tuple[Told, Told], set[tuple[int, int, int]]] = {}
    for left, gone, new in product(range(before - went + 1), range(went + 1), range(came + 1)):
        old, later = left + gone, left + new
        told = (
            tell(Counts(before, numerator=old), DEFAULT_RULES),
            tell(Counts(before - went + came, numerator=later), DEFAULT_RULES),
        )
        worlds.setdefault(told, set()).add((old, later, new))
    followed = 0
    for (first, second), possible in worlds.items():
        if gives_away(first, second, came, went):
            continue
        followed += 1
        for told, counts in ((first, {old for old, _, _ in possible}), (second, {later for _, later, _ in possible})):
            if told.shown is not Shown.EXACT:
                assert len(counts) == K, "what a bound stands for stays as it is"
        assert {new for _, _, new in possible} not in ({0}, {came}), "of nobody who came the answer is known"
    assert followed > 3


def test_marks_of_which_one_total_is_left_do_not_tell_that_all_were_alike() -> None:
    """7.9 of ten and 8.6 of fifteen are 79 and 129: then all five who came gave a ten."""
    first, second = tell(Counts(10, mean=7.9), DEFAULT_RULES), tell(Counts(15, mean=8.6), DEFAULT_RULES)
    assert gives_away(first, second, 5, 0)
    assert not gives_away(first, tell(Counts(15, mean=8.2), DEFAULT_RULES), 5, 0)


@pytest.mark.parametrize(("before", "came"), [(10, 5), (20, 5), (10, 10)])
def test_of_no_marks_that_came_it_is_known_that_all_were_the_same_end(before: int, came: int) -> None:
    def told(n: int) -> dict[Told, list[int]]:
        found: dict[Told, list[int]] = {}
        for total in range(n, 10 * n + 1):
            found.setdefault(tell(Counts(n, mean=total / n), DEFAULT_RULES), []).append(total)
        return found

    for (first, olds), (second, laters) in product(told(before).items(), told(before + came).items()):
        grown = {later - old for old in olds for later in laters if came <= later - old <= 10 * came}
        if grown and not gives_away(first, second, came, 0):
            assert grown not in ({came}, {10 * came}), f"{first.mean}, then {second.mean}"
