"""No small number can be worked out from what is told of talks about the choice."""

from __future__ import annotations

from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.desks.choice.disclosure import By, Told, told
from portal.desks.choice.queries import Counts
from portal.outcomes.types import DEFAULT_RULES

REAL = frozenset({"chosen", "undecided"})
K, LEAST = DEFAULT_RULES.smallest_cell, DEFAULT_RULES.least_shown
PLACES, KINDS = ("A", "B", "C", "D"), ("x", "y", "z")


def counts(real: int, without: int, reason: str = "urgent") -> Counts:
    return Counts(Counter({"chosen": real, reason: without}), 3 * (real + without), 2 * (real + without))


numbers = st.one_of(st.integers(0, 4), st.integers(0, 60))
tables = st.fixed_dictionaries({key: st.builds(counts, numbers, numbers) for key in product(PLACES, KINDS)})


def same_ends(cells: dict[tuple[str, str], Counts], shown: Told) -> bool:
    """Whether every row says of itself what is true, and no more than its side allows."""
    for row in shown.by_municipality:
        real = sum(cell.by["chosen"] for (place, _), cell in cells.items() if place in row.keys)
        assert row.low is not None
        assert row.high is not None
        assert row.low <= real <= row.high
        if row.low == row.high:
            assert K <= real <= row.talks - K, "a small side is told exactly"
        else:
            assert row.high - row.low >= K - 1
    return True


@settings(max_examples=400, deadline=None)
@given(tables)
def test_no_side_below_the_smallest_cell_is_told(cells: dict[tuple[str, str], Counts]) -> None:
    shown = told(cells, REAL, By.MUNICIPALITY, DEFAULT_RULES)
    total = sum(cell.talks for cell in cells.values())
    if shown is None:
        assert total < LEAST
        return
    assert same_ends(cells, shown)
    for rows in (shown.by_municipality, shown.by_arrangement):
        assert sum(row.talks for row in rows) == total == shown.talks
        assert all(row.talks >= LEAST for row in rows)
    assert all(row.low is row.high is None for row in shown.by_arrangement), "a talk counts once"
    assert all(number >= K for number in shown.reasons.values())
    assert not shown.reasons or shown.low == shown.high


@settings(max_examples=200, deadline=None)
@given(tables, st.data())
def test_what_is_told_is_the_same_whatever_the_hidden_numbers_are(
    cells: dict[tuple[str, str], Counts], data: st.DataObject
) -> None:
    """Move talks between real and not within a hidden side: nothing changes, the grouping neither."""
    shown = told(cells, REAL, By.MUNICIPALITY, DEFAULT_RULES)
    if shown is None:
        return
    other = dict(cells)
    for row in shown.by_municipality:
        keys = [key for key in cells if key[0] in row.keys]
        real = sum(cells[key].by["chosen"] for key in keys)
        if row.low == row.high or row.low is None or row.high is None:
            continue
        wanted = data.draw(st.integers(row.low, row.high))
        for key in keys:
            cell = other[key]
            step = max(-cell.by["chosen"], min(wanted - real, cell.talks - cell.by["chosen"]))
            real += step
            chosen = cell.by["chosen"] + step
            other[key] = Counts(
                Counter({"chosen": chosen, "urgent": cell.talks - chosen}), cell.offered, cell.discussed
            )
    assert told(other, REAL, By.MUNICIPALITY, DEFAULT_RULES) == shown


def test_a_small_municipality_is_put_with_others_and_never_alone() -> None:
    cells = {("A", "x"): counts(20, 10), ("B", "x"): counts(3, 0), ("C", "x"): counts(30, 12)}
    shown = told(cells, REAL, By.MUNICIPALITY, DEFAULT_RULES)
    assert shown is not None
    assert [(row.keys, row.talks) for row in shown.by_municipality] == [(("C",), 42), (("A", "B"), 33)]


def test_nothing_is_told_of_few_talks() -> None:
    assert told({("A", "x"): counts(5, 4)}, REAL, By.MUNICIPALITY, DEFAULT_RULES) is None


def test_rare_reasons_are_told_together_or_not_at_all() -> None:
    cells = {
        ("A", "x"): counts(20, 7), ("A", "y"): counts(20, 6, "too-far"), ("A", "z"): counts(20, 2, "decided"),
    }  # fmt: skip
    shown = told(cells, REAL, By.MUNICIPALITY, DEFAULT_RULES)
    assert shown is not None
    assert shown.reasons == {"urgent": 7, "": 8}
