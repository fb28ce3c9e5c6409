"""From counts to what is said: nothing of few, no comparison that the numbers do not show."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.outcomes.figures import Average, Counts, average, compare, tell
from portal.outcomes.statistics import Dispersion, at_least, at_most, wilson
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
    return Average(value, step, n, Dispersion(1.0, tau2), 0.8)


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
        assert told.interval.low > ours.value
    if found is Verdict.LOWER:
        assert told.interval.high < ours.value
    if found is Verdict.EQUAL:
        assert abs(told.interval.low - ours.value) < 0.0501
        assert abs(told.interval.high - ours.value) < 0.0501


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
    assert compare(told, reference(0.8, n=400), RULES, is_member=True) is Verdict.EQUAL


def test_a_coarser_average_says_less() -> None:
    told = tell(share(93, 110), RULES)
    assert compare(told, reference(0.7), RULES, is_member=False) is Verdict.HIGHER
    assert compare(told, reference(0.7, step=0.1), RULES, is_member=False) is Verdict.NO_DIFFERENCE


def test_marks_are_compared_by_students_t() -> None:
    high = tell(Counts(60, mean=8.4, sd=1.0), RULES)
    assert compare(high, reference(7.6, n=900, step=0.1), RULES, is_member=True) is Verdict.HIGHER
    assert compare(high, reference(8.3, n=900, step=0.1), RULES, is_member=True) is Verdict.EQUAL
    unknown = tell(Counts(60, mean=8.4), RULES)
    assert compare(unknown, reference(7.6, n=900, step=0.1), RULES, is_member=True) is Verdict.NO_DIFFERENCE


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(10, 120), st.floats(0, 1)), min_size=5, max_size=12), st.integers(1, 5))
def test_who_reads_only_what_is_published_comes_to_the_same_words(made: list[tuple[int, float]], seed: int) -> None:
    """Replace every hidden count by another that readers cannot tell apart: no word changes."""
    counts = [share(round(p * n), n) for n, p in made]
    members = [tell(one, RULES) for one in counts]
    ours = average(members, RULES)
    assume(isinstance(ours, Average))
    assert isinstance(ours, Average)
    others = [
        tell(share(min(int(t.known.high), int(t.known.low) + seed - 1), c.n), RULES) if t.known else t
        for t, c in zip(members, counts, strict=True)
    ]
    total = sum(member.known.actual for member in others if member.known)
    assume(ours.range.low * ours.n <= total <= ours.range.high * ours.n)
    for mine, other in zip(members, others, strict=True):
        assert compare(mine, ours, RULES, is_member=True) == compare(other, ours, RULES, is_member=True)
    dispersion = average(others, RULES)
    assert isinstance(dispersion, WhyNotCompared) or dispersion.dispersion.tau2 == pytest.approx(
        ours.dispersion.tau2
    ) or dispersion.value != ours.value  # fmt: skip


def test_an_average_needs_several_providers() -> None:
    four = [tell(share(20, 40), RULES)] * 4
    assert average(four, RULES) is WhyNotCompared.FEW_PROVIDERS
    few = tell(share(3, 9), RULES)
    assert average([*four, few], RULES) is WhyNotCompared.FEW_PROVIDERS, "one that tells nothing does not count"
    assert isinstance(average([*four, four[0]], RULES), Average)


def test_an_average_that_would_tell_a_small_number_is_rounded_or_left_out() -> None:
    shown = [tell(share(10, 20), RULES)] * 4
    small = tell(share(0, 40), RULES)
    found = average([*shown, small], RULES)
    # 40 of 120 is 0.333; with a whole percent a reader would know the hidden count to be 0 or 1.
    assert isinstance(found, Average)
    assert found.step > 0.01
    assert found.range.low * 120 <= 40
    assert found.range.high * 120 >= 44
