"""No small number can be worked out from what is told of talks about the choice."""

from __future__ import annotations

from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.desks.choice.disclosure import Told, told
from portal.desks.choice.queries import Counts
from portal.outcomes.types import DEFAULT_RULES

REAL = frozenset({"chosen", "undecided"})
K, LEAST = DEFAULT_RULES.smallest_cell, DEFAULT_RULES.least_shown
PLACES, KINDS = ("A", "B", "C", "D"), ("x", "y", "z")


def counts(real: int, without: int, reason: str = "urgent") -> Counts:
    return Counts(Counter({"chosen": real, reason: without}), 3 * (real + without), 2 * (real + without))


numbers = st.one_of(st.integers(0, 4), st.integers(0, 60))
tables = st.fixed_dictionaries({key: st.builds(counts, numbers, numbers) for key in product(PLACES, KINDS)})


def least_and_most(shown: Told, part: int) -> list[tuple[int, int, int]]:
    """Of each row what a reader can know of the real choices, from both tables: bounds of sums, and its talks."""
    rows = (shown.by_municipality, shown.by_arrangement)[part]
    lows, highs = (sum(getattr(row, end) for row in rows) for end in ("low", "high"))
    found = []
    for row in rows:
        low = max(row.low, shown.low - (highs - row.high))
        high = min(row.high, shown.high - (lows - row.low))
        found.append((low, high, row.talks))
    return found


@settings(max_examples=400, deadline=None)
@given(tables)
def test_no_side_below_the_smallest_cell_can_be_worked_out(cells: dict[tuple[str, str], Counts]) -> None:
    shown = told(cells, REAL, DEFAULT_RULES)
    if shown is None:
        assert sum(cell.talks for cell in cells.values()) < LEAST
        return
    total = sum(cell.talks for cell in cells.values())
    real = sum(cell.by["chosen"] for cell in cells.values())
    assert shown.low <= real <= shown.high
    for part, rows in enumerate((shown.by_municipality, shown.by_arrangement)):
        assert sum(row.talks for row in rows) == total == shown.talks
        assert all(row.talks >= LEAST for row in rows)
        for low, high, talks in least_and_most(shown, part):
            if low == high:
                assert K <= low <= talks - K, "a small side is told exactly"
            else:  # what is hidden stays as wide as it was told
                assert high - low >= K - 1
    assert all(number >= K for number in shown.reasons.values())
    if shown.reasons and sum(shown.reasons.values()) == total - real:
        assert shown.low == shown.high


def test_a_small_municipality_is_put_with_others_and_never_alone() -> None:
    cells = {("A", "x"): counts(20, 10), ("B", "x"): counts(3, 0), ("C", "x"): counts(30, 12)}
    shown = told(cells, REAL, DEFAULT_RULES)
    assert shown is not None
    assert [(row.keys, row.talks) for row in shown.by_municipality] == [(("C",), 42), (("A", "B"), 33)]


def test_what_one_table_hides_the_other_does_not_give_away() -> None:
    # By kind of help everything could be told exactly; then A would be known to have two without a choice.
    cells = {
        ("A", "x"): counts(20, 1), ("A", "y"): counts(20, 1), ("B", "x"): counts(20, 8), ("B", "y"): counts(20, 8),
    }  # fmt: skip
    shown = told(cells, REAL, DEFAULT_RULES)
    assert shown is not None
    assert len(shown.by_municipality) == 1, "the two municipalities are told together"
    assert all(row.is_exact for row in shown.by_arrangement)


def test_nothing_is_told_of_few_talks() -> None:
    assert told({("A", "x"): counts(5, 4)}, REAL, DEFAULT_RULES) is None


def test_rare_reasons_are_told_together_or_not_at_all() -> None:
    cells = {
        ("A", "x"): counts(20, 7), ("A", "y"): counts(20, 6, "too-far"), ("A", "z"): counts(20, 2, "decided"),
    }  # fmt: skip
    shown = told(cells, REAL, DEFAULT_RULES)
    assert shown is not None
    assert shown.reasons == {"urgent": 7, "": 8}
