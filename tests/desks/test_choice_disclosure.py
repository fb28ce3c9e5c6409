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


def own(cells: dict[tuple[str, str], Counts], place: str) -> Told | None:
    """What a municipality reads at its own desk."""
    return told({key: cell for key, cell in cells.items() if key[0] == place}, REAL, By.ARRANGEMENT, DEFAULT_RULES)


def reads_none(cells: dict[tuple[str, str], Counts], place: str) -> bool:
    return own(cells, place) is None


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
            untold = sum(cell.talks for key, cell in cells.items() if key[0] in row.keys and reads_none(cells, key[0]))
            assert row.high - row.low >= min(K - 1, untold or K)
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


@settings(max_examples=300, deadline=None)
@given(tables, st.data())
def test_all_desks_together_tell_the_same_whatever_the_hidden_numbers_are(
    cells: dict[tuple[str, str], Counts], data: st.DataObject
) -> None:
    """Move talks between real and not within what any desk hides: nothing changes at any desk, the grouping neither."""
    hidden = []
    for place in PLACES:
        table = own(cells, place)
        hidden += [
            ([(place, kind) for kind in row.keys], row.low, row.high)
            for row in (table.by_arrangement if table else ()) if row.low != row.high
        ]  # fmt: skip
    region = told(cells, REAL, By.MUNICIPALITY, DEFAULT_RULES)
    for row in region.by_municipality if region else ():
        assert row.low is not None and row.high is not None
        tables = [table for place in row.keys if (table := own(cells, place))]
        low, high = row.low - sum(one.low for one in tables), row.high - sum(one.high for one in tables)
        if low != high:  # what those allow together of whom no desk tells anything
            hidden.append(([key for key in cells if key[0] in row.keys and reads_none(cells, key[0])], low, high))
    other = dict(cells)
    for keys, low, high in hidden:
        assert low is not None and high is not None
        real = sum(cells[key].by["chosen"] for key in keys)
        wanted = data.draw(st.integers(low, high))
        for key in keys:
            cell = other[key]
            step = max(-cell.by["chosen"], min(wanted - real, cell.talks - cell.by["chosen"]))
            real += step
            chosen = cell.by["chosen"] + step
            other[key] = Counts(
                Counter({"chosen": chosen, "urgent": cell.talks - chosen}), cell.offered, cell.discussed
            )
    assert told(other, REAL, By.MUNICIPALITY, DEFAULT_RULES) == region
    assert all(own(other, place) == own(cells, place) for place in PLACES)


def test_the_table_of_the_region_tells_nothing_that_a_municipality_hides() -> None:
    cells = {("A", "x"): counts(20, 10), ("A", "y"): counts(17, 3)}
    (row,) = told(cells, REAL, By.MUNICIPALITY, DEFAULT_RULES).by_municipality  # type: ignore[union-attr]
    assert (row.low, row.high) == (36, 40), "37 would tell of the 3"


def test_reasons_of_the_region_are_those_that_municipalities_read() -> None:
    cells = {("A", "x"): counts(20, 17), ("B", "x"): Counts(Counter({"chosen": 20, "urgent": 3, "too-far": 4}), 9, 9)}
    shown = told(cells, REAL, By.MUNICIPALITY, DEFAULT_RULES)
    assert shown is not None and shown.reasons == {"urgent": 17, "": 7}, "20 urgent, less the 17 of A, tells of the 3"


def test_a_small_municipality_is_put_with_others_and_never_alone() -> None:
    cells = {("A", "x"): counts(20, 10), ("B", "x"): counts(3, 0), ("C", "x"): counts(30, 12)}
    shown = told(cells, REAL, By.MUNICIPALITY, DEFAULT_RULES)
    assert shown is not None
    assert [(row.keys, row.talks) for row in shown.by_municipality] == [(("C",), 42), (("A", "B"), 33)]


def test_nothing_is_told_of_few_talks() -> None:
    assert told({("A", "x"): counts(5, 4)}, REAL, By.MUNICIPALITY, DEFAULT_RULES) is None


def test_rare_reasons_are_told_together_or_not_at_all() -> None:
    cells = {
        ("A", "x"): counts(20, 7), ("A", "y"): Counts(Counter({"chosen": 40, "too-far": 6, "decided": 2}), 9, 9),
    }  # fmt: skip
    shown = told(cells, REAL, By.MUNICIPALITY, DEFAULT_RULES)
    assert shown is not None
    assert shown.reasons == {"urgent": 7, "": 8}
