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
