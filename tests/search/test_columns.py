"""Providers are counted, not offers: the arithmetic behind every number beside a filter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.columns import Facet, Tally

offers_of_providers = st.lists(st.integers(1, 9), max_size=40)
"""How many offers each provider has."""


@st.composite
def chosen_rows(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The provider of every row, and two choices of rows."""
    providers = np.repeat(np.arange(len(sizes := draw(offers_of_providers))), sizes)
    flags = st.lists(st.booleans(), min_size=len(providers), max_size=len(providers))
    return providers, np.array(draw(flags), dtype=np.bool_), np.array(draw(flags), dtype=np.bool_)


@given(chosen_rows())
def test_a_provider_counts_once_however_many_of_its_offers_fit(
    rows: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    providers, some, others = rows
    tally = Tally(providers)
    assert tally.count(tally.set_of(some)) == len(set(providers[some].tolist()))
    both = tally.set_of(some) & tally.set_of(others)
    assert tally.count(both) == len(set(providers[some & others].tolist()))


@given(chosen_rows())
def test_a_choice_counts_the_providers_of_which_one_offer_has_everything(
    rows: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    providers, having, asked = rows
    tally = Tally(providers)
    facet = Facet({"a": np.flatnonzero(having), "none": np.flatnonzero(having)[:0]}, tally, len(providers))
    number = len(set(providers[having & asked].tolist()))
    assert facet.counts(tally.set_of(asked)) == ({"a": number} if number else {})


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 64, 65])
def test_all_rows_of_one_provider_are_one_provider(size: int) -> None:
    tally = Tally(np.zeros(size, dtype=np.int64))
    assert tally.count(tally.set_of(np.ones(size, dtype=np.bool_))) == min(size, 1)
