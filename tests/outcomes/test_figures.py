"""From counts to what is said: nothing of few, no comparison that the numbers do not show."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.outcomes.figures import Average, Counts, average, compare, differ, tell
from portal.outcomes.statistics import Dispersion, Interval, at_least, at_most, wilson
from portal.outcomes.types import DEFAULT_RULES as RULES
from portal.outcomes.types import Rules, Shown, Verdict, WhyNotCompared


def share(x: int, n: int) -> Counts:
    return Counts(n, numerator=x)


def test_every_share_of_at_most_two_hundred_tells_no_small_number() -> None:
    k = RULES.smallest_cell
    for n in range(1, 201):
        for x in range(n + 1):
            told = tell(share(x, n), RULES)
            if n < 10:
                assert (told.shown, told.n, told.numerator, told.bound, told.interval) == (
                    Shown.FEW, None, None, None, None
                )  # fmt: skip
                continue
            assert told.n == n
            assert (told.numerator is not None) == (x >= k and n - x >= k) == (told.shown is Shown.EXACT)
            if x < k:
                same = {
                    (other.shown, other.n, other.numerator, other.bound, other.interval)
                    for other in (tell(share(y, n), RULES) for y in range(k))
                }
                assert len(same) == 1, "what is said is the same for every count that it may be"
                assert (told.shown, told.bound) == (Shown.BELOW, k)
            elif n - x < k:
                assert (told.shown, told.bound) == (Shown.ABOVE, n - k)


def test_a_group_that_is_all_alike_is_never_told_so() -> None:
    for n in range(1, 61):
        for x in (0, n):
            told = tell(share(x, n), RULES)
            assert told.numerator is None
            assert told.interval is None or told.interval.high - told.interval.low > 4 / n


def test_the_limits_are_settings() -> None:
    assert tell(share(6, 12), Rules(smallest_cell=7)).shown is Shown.FEW, "both sides need room"
    assert tell(share(8, 12), Rules(shown_from=15)).shown is Shown.FEW
    assert tell(share(8, 16), Rules(smallest_cell=8)).shown is Shown.EXACT


@pytest.mark.parametrize(
    ("mean", "shown"), [(10.0, Shown.ABOVE), (9.9, Shown.ABOVE), (9.5, Shown.EXACT), (1.0, Shown.BELOW)]
)
def test_a_mean_that_says_what_everybody_said_is_told_as_a_bound(mean: float, shown: Shown) -> None:
    told = tell(Counts(20, mean=mean, sd=0.0), RULES)
    assert told.shown is shown
    assert (told.mean is None) == (shown is not Shown.EXACT)
    assert told.interval is not None
    assert told.interval.high - told.interval.low > 0.2, "no interval tells that all marks were the same"


def test_the_interval_of_a_mean_without_its_spread_is_the_widest_possible() -> None:
    known, unknown = tell(Counts(48, mean=7.8, sd=1.2), RULES), tell(Counts(48, mean=7.8), RULES)
    assert known.interval is not None
    assert unknown.interval is not None
    assert unknown.interval.low < known.interval.low < known.interval.high < unknown.interval.high


def test_counts_put_together_are_those_of_all_families() -> None:
    marks = ([7, 8, 8, 9], [5, 9, 10])
    parts = [Counts(len(part), mean=sum(part) / len(part), sd=_sd(part)) for part in marks]
    whole = parts[0] + parts[1]
    together = [*marks[0], *marks[1]]
    assert whole.n == 7
    assert (whole.mean, whole.sd) == (pytest.approx(sum(together) / 7), pytest.approx(_sd(together)))
    assert share(3, 9) + share(5, 8) == share(8, 17)
    assert (parts[0] + Counts(3, mean=8.0)).sd is None


def _sd(marks: list[int]) -> float:
    mean = sum(marks) / len(marks)
    return math.sqrt(sum((mark - mean) ** 2 for mark in marks) / len(marks))


# --- comparisons ------------------------------------------------------------------------------------------


def reference(value: float, n: int = 4_000, tau2: float = 0.0, step: float = 0.01) -> Average:
    return Average(value, Interval(value - step / 2, value + step / 2), n, Dispersion(1.0, tau2), 0.8)


@settings(max_examples=2_000, deadline=None)
@given(st.integers(30, 200), st.floats(0.02, 0.98), st.integers(60, 20_000), st.data())
def test_no_comparing_word_where_the_interval_contains_the_average(
    n: int, theta: float, others: int, data: st.DataObject
) -> None:
    x = data.draw(st.integers(0, n))
    told = tell(share(x, n), RULES)
    ours = reference(round(theta, 2), n + others)
    found = compare(told, ours, RULES, is_member=True)
    assert told.interval is not None
    if told.interval.contains(ours.value):
        assert found in (Verdict.NO_DIFFERENCE, Verdict.EQUAL)
    if found is Verdict.HIGHER:
        assert told.interval.low > ours.range.high
    if found is Verdict.LOWER:
        assert told.interval.high < ours.range.low
    if found is Verdict.EQUAL:
        assert told.interval.low > ours.range.high - 0.0501
        assert told.interval.high < ours.range.low + 0.0501


def test_over_all_counts_of_at_most_two_hundred() -> None:
    for theta in (0.05, 0.2, 0.5, 0.7, 0.9):
        ours = reference(theta)
        for n in range(1, 201):
            for x in range(n + 1):
                told = tell(share(x, n), RULES)
                found = compare(told, ours, RULES, is_member=False)
                if n < 30:
                    assert found in (WhyNotCompared.FEW_FAMILIES, WhyNotCompared.NOT_TOLD)
                elif found in (Verdict.HIGHER, Verdict.LOWER):
                    assert told.interval is not None
                    assert not told.interval.contains(theta)
                    assert not wilson(x, n).contains(theta)
                    tail = at_least(x, n, theta) if found is Verdict.HIGHER else at_most(x, n, theta)
                    assert tail <= 0.001, "also where only a bound of the count is told"


def test_a_difference_that_is_there_is_found() -> None:
    assert compare(tell(share(180, 200), RULES), reference(0.7), RULES, is_member=True) is Verdict.HIGHER
    assert compare(tell(share(100, 200), RULES), reference(0.7), RULES, is_member=True) is Verdict.LOWER
    assert compare(tell(share(2, 120), RULES), reference(0.2), RULES, is_member=True) is Verdict.LOWER
    assert compare(tell(share(1405, 2000), RULES), reference(0.7), RULES, is_member=True) is Verdict.EQUAL
    assert compare(tell(share(150, 200), RULES), reference(0.7), RULES, is_member=True) is Verdict.NO_DIFFERENCE


def test_near_is_called_about_equal_also_where_it_surely_differs() -> None:
    assert compare(tell(share(73_000, 100_000), RULES), reference(0.7), RULES, is_member=False) is Verdict.EQUAL


def test_the_usual_spread_between_providers_excuses() -> None:
    told = tell(share(84, 100), RULES)
    assert compare(told, reference(0.65), RULES, is_member=False) is Verdict.HIGHER
    assert compare(told, reference(0.65, tau2=0.02), RULES, is_member=False) is Verdict.NO_DIFFERENCE


def test_an_average_of_few_families_is_itself_uncertain() -> None:
    told = tell(share(84, 100), RULES)
    assert compare(told, reference(0.65, n=60), RULES, is_member=False) is Verdict.NO_DIFFERENCE


def test_a_large_provider_is_not_compared_with_itself() -> None:
    # 300 of the 400 families are its own: the others are at 0.40, though the average is 0.70.
    told = tell(share(240, 300), RULES)
    assert compare(told, reference(0.7, n=400), RULES, is_member=True) is Verdict.HIGHER
    assert compare(told, reference(0.8, n=400), RULES, is_member=True) is Verdict.NO_DIFFERENCE


def test_a_coarser_average_says_less() -> None:
    told = tell(share(93, 110), RULES)
    assert compare(told, reference(0.7), RULES, is_member=False) is Verdict.HIGHER
    assert compare(told, reference(0.7, step=0.1), RULES, is_member=False) is Verdict.NO_DIFFERENCE


def test_marks_are_compared_by_students_t() -> None:
    high = tell(Counts(60, mean=8.4, sd=1.0), RULES)
    assert compare(high, reference(7.6, n=900, step=0.1), RULES, is_member=True) is Verdict.HIGHER
    assert compare(high, reference(8.3, n=900, step=0.1), RULES, is_member=True) is Verdict.NO_DIFFERENCE
    surely = tell(Counts(900, mean=8.4, sd=1.0), RULES)
    assert compare(surely, reference(8.3, n=9_000, step=0.05), RULES, is_member=True) is Verdict.EQUAL
    unknown = tell(Counts(60, mean=8.4), RULES)
    assert compare(unknown, reference(7.6, n=900, step=0.1), RULES, is_member=True) is Verdict.NO_DIFFERENCE


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(st.integers(10, 120), st.floats(0, 1)), min_size=5, max_size=14), st.data())
def test_who_reads_only_what_is_published_comes_to_the_same_words(
    made: list[tuple[int, float]], data: st.DataObject
) -> None:
    """Replace every hidden count by another that readers cannot tell apart: no number and no word changes."""
    k = RULES.smallest_cell
    counts = [share(round(p * n), n) for n, p in made]
    members = [tell(one, RULES) for one in counts]
    others = []
    for told, one in zip(members, counts, strict=True):
        hidden = data.draw(st.integers(0, k - 1))
        x = {Shown.BELOW: hidden, Shown.ABOVE: one.n - hidden}.get(told.shown, one.numerator or 0)
        others.append(tell(share(x, one.n), RULES))
    assert others == members
    assert average(others, RULES) == average(members, RULES)


def test_an_average_needs_several_providers() -> None:
    four = [tell(share(20, 40), RULES)] * 4
    assert average(four, RULES) is WhyNotCompared.FEW_PROVIDERS
    few = tell(share(3, 9), RULES)
    assert average([*four, few], RULES) is WhyNotCompared.FEW_PROVIDERS, "one that tells nothing does not count"
    assert isinstance(average([*four, four[0]], RULES), Average)


def test_an_average_is_a_range_where_counts_are_told_as_a_bound() -> None:
    exact, bounded = [tell(share(28, 40), RULES)] * 5, [tell(share(1, 40), RULES)] * 5
    ours = average([*exact, *bounded], RULES)
    assert isinstance(ours, Average)
    assert (ours.range.low, ours.range.high, ours.n) == (0.35, 0.4, 400), "140 to 160 of 400"
    assert ours.value in (0.37, 0.38)
    assert average(exact, RULES) == average([*exact, tell(share(3, 9), RULES)], RULES), "what is hidden is not in it"


def test_an_average_that_would_say_little_is_left_out() -> None:
    small = [tell(share(2, 14), RULES)] * 6
    assert average(small, RULES) is WhyNotCompared.WOULD_TELL


def test_the_range_of_an_average_is_rounded_to_the_outside() -> None:
    ours = average([tell(share(10, 30), RULES)] * 6, RULES)
    assert isinstance(ours, Average)
    assert (ours.value, ours.range) == (0.33, Interval(0.33, 0.34))


def test_what_is_told_as_a_bound_makes_no_order() -> None:
    """Only figures told exactly would make these providers look very different; the bounds may all be like them."""
    exact = [tell(share(x, 40), RULES) for x in (5, 6, 14, 16)]
    bounded = [tell(share(1, 40), RULES)] * 12
    ours = average([*exact, *bounded], RULES)
    assert isinstance(ours, Average)
    assert ours.rankability < 0.5
    apart = average([tell(share(x, 200), RULES) for x in (60, 70, 80, 120, 130, 140, 160, 170)], RULES)
    assert isinstance(apart, Average)
    assert apart.rankability > 0.8
    few = average([tell(share(x, 200), RULES) for x in (60, 70, 80, 140, 170)], RULES)
    assert isinstance(few, Average)
    assert few.rankability == 0, "of five providers nobody can say"


# --- marks --------------------------------------------------------------------------------------------------


@settings(max_examples=500, deadline=None)
@given(st.lists(st.integers(1, 10), min_size=10, max_size=60))
def test_a_mean_is_told_to_one_decimal_and_its_total_no_closer(marks: list[int]) -> None:
    told = tell(Counts(len(marks), mean=sum(marks) / len(marks), sd=_sd(marks)), RULES)
    if told.shown is Shown.EXACT:
        assert told.mean == pytest.approx(sum(marks) / len(marks), abs=0.051)
        assert told.mean == round(told.mean or 0, 1)
    assert told.known is not None
    assert told.known.low - 1e-9 <= sum(marks) <= told.known.high + 1e-9


# --- two providers beside each other ------------------------------------------------------------------------


def test_two_providers_differ_only_by_more_than_chance_and_the_usual_spread() -> None:
    high, low = tell(share(180, 200), RULES), tell(share(110, 200), RULES)
    assert differ(high, low, 0.0, RULES)
    assert differ(low, high, 0.0, RULES)
    assert not differ(high, low, 0.05, RULES), "where providers differ as much as this anyway"
    assert not differ(tell(share(36, 40), RULES), tell(share(25, 40), RULES), 0.0, RULES)
    assert differ(tell(Counts(200, mean=8.6, sd=1), RULES), tell(Counts(200, mean=7.4, sd=1), RULES), 0.0, RULES)
    assert not differ(tell(Counts(40, mean=8.2, sd=1.4), RULES), tell(Counts(40, mean=7.6, sd=1.4), RULES), 0, RULES)


@settings(max_examples=1_000, deadline=None)
@given(st.integers(30, 200), st.integers(30, 200), st.data())
def test_no_difference_is_told_where_the_intervals_overlap(n: int, m: int, data: st.DataObject) -> None:
    first, second = (tell(share(data.draw(st.integers(0, size)), size), RULES) for size in (n, m))
    if differ(first, second, 0.0, RULES):
        assert first.interval is not None
        assert second.interval is not None
        assert first.interval.high < second.interval.low or second.interval.high < first.interval.low
