"""The arithmetic against published values, and against an independent library over everything small."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from portal.outcomes.statistics import (
    Z95,
    Z998,
    arcsine,
    arcsine_sd,
    at_least,
    at_most,
    beta_cdf,
    difference,
    mean_interval,
    over_dispersion,
    rankability,
    score_limits,
    shrunken,
    student_quantile,
    student_tail,
    widest_sd,
    wilson,
)

SEVEN, SIX, FOUR = 5.1e-8, 5.1e-7, 5.1e-5
"""As close as a value with so many decimals can be told."""


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [  # R's binom package, in the tests of statsmodels
        (18, 20, 0.6989664, 0.9721335), (4, 20, 0.0806577, 0.4160174), (4, 200, 0.0078044, 0.0502871),
        (190, 200, 0.9104219, 0.9726174), (1, 30, 0.0059086, 0.1667039), (29, 30, 0.8332961, 0.9940914),
        (0, 30, 0, 0.1135134), (30, 30, 0.8864866, 1), (65, 100, 0.5525444, 0.7363575),
        (1045, 5000, 0.1979555, 0.2204913),
    ],
)  # fmt: skip
def test_wilson_to_seven_decimals(x: int, n: int, low: float, high: float) -> None:
    found = wilson(x, n)
    assert (found.low, found.high) == (pytest.approx(low, abs=SEVEN), pytest.approx(high, abs=SEVEN))


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [  # the first four: Newcombe 1998, method 3
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
        (0, 10, 0, 0.2775), (3, 10, 0.1078, 0.6032), (10, 10, 0.7225, 1), (9, 12, 0.4677, 0.9111),
        (21, 30, 0.5212, 0.8334), (70, 100, 0.6042, 0.7811), (350, 500, 0.6584, 0.7385),
    ],
)  # fmt: skip
def test_wilson_to_four_decimals(x: int, n: int, low: float, high: float) -> None:
    found = wilson(x, n)
    assert (found.low, found.high) == (pytest.approx(low, abs=FOUR), pytest.approx(high, abs=FOUR))


def test_wilson_at_99_8_percent() -> None:
    # Inputs of OHID's testWilson.R.
    few, many = wilson(65, 100, Z998), wilson(1045, 5000, Z998)
    assert (few.low, few.high) == (pytest.approx(0.4954947, abs=SEVEN), pytest.approx(0.7783541, abs=SEVEN))
    assert (many.low, many.high) == (pytest.approx(0.1917938, abs=SEVEN), pytest.approx(0.2273156, abs=SEVEN))


@pytest.mark.parametrize(("n", "mean", "least"), [(10, 0.954, 0.842), (100, 0.951, 0.921)])
def test_wilson_covers_as_often_as_is_known(n: int, mean: float, least: float) -> None:
    intervals = [wilson(x, n) for x in range(n + 1)]
    covered = []
    for p in (step / 1000 for step in range(10, 991)):
        chances = stats.binom.pmf(range(n + 1), n, p)
        covered.append(sum(chances[x] for x, interval in enumerate(intervals) if interval.contains(p)))
    assert min(covered) == pytest.approx(least, abs=5.1e-4)
    assert sum(covered) / len(covered) == pytest.approx(mean, abs=5.1e-4)


@pytest.mark.parametrize(
    ("pairs", "low", "high"),
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((10, 10, 0, 10), 0.6075, 1)],
)
def test_the_difference_of_two_shares(pairs: tuple[int, int, int, int], low: float, high: float) -> None:
    found = difference(*pairs)
    assert (found.low, found.high) == (pytest.approx(low, abs=FOUR), pytest.approx(high, abs=FOUR))


OHID = 0.80642448
"""The reference of testdata_funnel_prop_outputs.csv of the English health department."""


@pytest.mark.parametrize(
    ("n", "limits"),
    [
        (1, (3.204264, 100, 0, 100)),
        (20, (63.326743, 97.958152, 53.341156, 100)),
        (50, (69.691035, 91.593861, 63.375595, 97.909301)),
        (102, (72.974925, 88.309971, 68.553233, 92.731663)),
        (486, (77.129780, 84.155115, 75.104102, 86.180794)),
        (1008, (78.203374, 83.081521, 76.796814, 84.488082)),
    ],
)
def test_funnel_limits_of_the_english_health_department(n: int, limits: tuple[float, float, float, float]) -> None:
    # Wilson's interval around the reference gives back the limits they publish for the outer rows as well.
    narrow, wide = score_limits(OHID, n, Z95), score_limits(OHID, n, Z998)
    found = [100 * value for value in (narrow.low, narrow.high, wide.low, wide.high)]
    assert found == pytest.approx(limits, abs=2e-6)


@pytest.mark.parametrize(
    ("x", "n", "expected"),
    [
        (35078.488, 41980, "high 0.001"), (26789.238, 33012, "high 0.025"), (50050.7443, 61921, "none"),
        (30277.5312, 37828, "low 0.025"), (24803.6256, 31824, "low 0.001"),
    ],
)  # fmt: skip
def test_their_classification(x: float, n: int, expected: str) -> None:
    found = "none"
    for z, tail in ((Z95, "0.025"), (Z998, "0.001")):
        limits = score_limits(OHID, n, z)
        if not limits.contains(x / n):
            found = f"{'high' if x / n > limits.high else 'low'} {tail}"
    assert found == expected


def test_wilson_leaves_out_the_reference_exactly_where_the_point_is_outside_the_limits() -> None:
    for n in (*range(1, 60), 97, 200):
        for x in range(n + 1):
            for theta in (0.01, 0.074, 0.2, 0.35, 0.5, 0.7, 0.9, 0.99):
                for z in (Z95, Z998):
                    limit = z * math.sqrt(theta * (1 - theta) / n)
                    gap = abs(x / n - theta) - limit
                    if abs(gap) > 1e-12:
                        assert wilson(x, n, z).contains(theta) == (gap < 0), (x, n, theta, z)


# --- exact tails -----------------------------------------------------------------------------------------


@settings(max_examples=400)
@given(st.integers(1, 200), st.data())
def test_exact_tails_are_those_of_an_independent_library(n: int, data: st.DataObject) -> None:
    x, theta = data.draw(st.integers(0, n)), data.draw(st.floats(0.001, 0.999))
    assert at_least(x, n, theta) == pytest.approx(stats.binom.sf(x - 1, n, theta), rel=1e-9, abs=1e-14)
    assert at_most(x, n, theta) == pytest.approx(stats.binom.cdf(x, n, theta), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize(("x", "n", "theta"), [(7_000_500, 10_000_000, 0.7), (350, 500, 0.66), (1, 10_000_000, 1e-7)])
def test_exact_tails_of_large_counts(x: int, n: int, theta: float) -> None:
    assert at_least(x, n, theta) == pytest.approx(stats.binom.sf(x - 1, n, theta), rel=1e-6)


def test_an_average_provider_is_not_flagged_by_a_drawn_curve() -> None:
    # With theta 0.9 and 10 families, the smoothed exact 95 % curve leaves out 10 of 10: 36 % of average providers.
    assert 0.9**10 + at_most(5, 10, 0.9) == pytest.approx(0.35, abs=0.01)
    assert at_least(10, 10, 0.9) > 0.001
    assert score_limits(0.9, 10, Z95).contains(1.0)


@given(st.floats(0.2, 60), st.floats(0.2, 60), st.floats(0, 1))
def test_the_beta_distribution_is_that_of_an_independent_library(a: float, b: float, x: float) -> None:
    assert beta_cdf(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-11)


@given(st.floats(0, 40), st.integers(1, 400))
def test_students_t_is_that_of_an_independent_library(t: float, freedom: int) -> None:
    assert student_tail(t, freedom) == pytest.approx(stats.t.sf(t, freedom), rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("freedom", [1, 5, 29, 400])
@pytest.mark.parametrize("tail", [0.025, 0.001])
def test_quantiles_of_students_t(tail: float, freedom: int) -> None:
    assert student_quantile(tail, freedom) == pytest.approx(stats.t.isf(tail, freedom), rel=1e-9)


# --- means -----------------------------------------------------------------------------------------------


def test_the_interval_of_a_mean_mark() -> None:
    found = mean_interval(7.8, 48, 1.2, 1, 10)
    half = stats.t.isf(0.025, 47) * 1.2 / math.sqrt(48)
    assert (found.low, found.high) == (pytest.approx(7.8 - half), pytest.approx(7.8 + half))
    assert mean_interval(9.9, 10, 3, 1, 10).high == 10


@given(st.lists(st.integers(1, 10), min_size=2, max_size=40))
def test_no_marks_are_spread_wider_than_the_widest(marks: list[int]) -> None:
    mean = sum(marks) / len(marks)
    spread = math.sqrt(sum((mark - mean) ** 2 for mark in marks) / len(marks))
    assert spread <= widest_sd(mean, 1, 10) + 1e-9


# --- several providers -----------------------------------------------------------------------------------


def test_over_dispersion() -> None:
    x, n = (30, 45, 52, 61, 70, 74, 80, 88), (60, 70, 75, 80, 95, 90, 100, 102)
    theta = sum(x) / sum(n)
    assert theta == pytest.approx(0.7440, abs=FOUR)
    values = [arcsine(a / b) for a, b in zip(x, n, strict=True)]
    found = over_dispersion(values, [arcsine_sd(b) for b in n], arcsine(theta), winsorised=0)
    assert found.phi == pytest.approx(4.3077, abs=FOUR)
    assert found.tau2 == pytest.approx(0.011723, abs=SIX)


def test_winsorising_keeps_an_outlier_from_excusing_itself() -> None:
    values, sds = [0.0] * 9 + [5.0], [0.1] * 10
    assert over_dispersion(values, sds, 0.0).tau2 < over_dispersion(values, sds, 0.0, winsorised=0).tau2


def test_shrinkage_of_the_batting_averages() -> None:
    # Efron and Morris 1977: 45 at bats each; the factor is 0.212, 0.400 becomes 0.294 and 0.156 becomes 0.242.
    hits = (18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7)
    averages = [hit / 45 for hit in hits]
    mean = sum(averages) / len(averages)
    sd = math.sqrt(mean * (1 - mean) / 45)
    tau2 = over_dispersion(averages, [sd] * 18, mean, winsorised=0).tau2
    drawn = [shrunken(average, sd, mean, tau2, 18) for average in averages]
    assert mean == pytest.approx(0.265, abs=5.1e-4)
    assert (drawn[0] - mean) / (averages[0] - mean) == pytest.approx(0.212, abs=5.1e-4)
    assert (drawn[0], drawn[-1]) == (pytest.approx(0.294, abs=5.1e-4), pytest.approx(0.242, abs=5.1e-4))


def test_rankability() -> None:
    assert rankability(0.09, (0.03, 0.05, 0.09, 0.12, 0.20)) == pytest.approx(0.5)
    assert rankability(0.0, (0.1, 0.2)) == 0


# --- yardsticks: methods we do not use, by which ours is judged --------------------------------------------

CLOPPER_PEARSON = [
    (18, 20, 0.6830173, 0.9876515), (4, 20, 0.0573340, 0.4366140), (4, 200, 0.0054756, 0.0504136),
    (190, 200, 0.9099725, 0.9757658), (1, 30, 0.0008436, 0.1721695), (29, 30, 0.8278305, 0.9991564),
    (0, 30, 0, 0.1157033), (30, 30, 0.8842967, 1),
]  # fmt: skip


@pytest.mark.parametrize(("x", "n", "low", "high"), CLOPPER_PEARSON)
def test_our_exact_tails_give_the_exact_interval(x: int, n: int, low: float, high: float) -> None:
    if x > 0:
        assert at_least(x, n, low) == pytest.approx(0.025, abs=1e-5)
    if x < n:
        assert at_most(x, n, high) == pytest.approx(0.025, abs=1e-5)
    assert stats.beta.ppf(0.025, x, n - x + 1) == pytest.approx(low, abs=SEVEN) or x == 0
    assert stats.beta.ppf(0.975, x + 1, n - x) == pytest.approx(high, abs=SEVEN) or x == n


@pytest.mark.parametrize(
    ("x", "n", "corrected", "exact", "jeffreys"),
    [
        (81, 263, (0.2535, 0.3682), (0.2527, 0.3676), (0.2545, 0.3656)),
        (15, 148, (0.0598, 0.1644), (0.0578, 0.1617), (0.0604, 0.1576)),
        (0, 20, (0, 0.2005), (0, 0.1684), (0, 0.1166)),
        (1, 29, (0.0018, 0.1963), (0.0009, 0.1776), (0.0037, 0.1501)),
    ],
)
def test_the_other_intervals_of_newcombe(
    x: int, n: int, corrected: tuple[float, float], exact: tuple[float, float], jeffreys: tuple[float, float]
) -> None:
    def beta(a: float, b: float) -> tuple[float, float]:
        low = 0.0 if x == 0 else float(stats.beta.ppf(0.025, a if a == x else x + 0.5, b))
        return low, float(stats.beta.ppf(0.975, x + 1 if a == x else x + 0.5, n - x if a == x else n - x + 0.5))

    def with_correction() -> tuple[float, float]:
        p, square = x / n, Z95 * Z95

        def root(sign: int) -> float:
            inside = square - sign * 2 - 1 / n + 4 * p * (n * (1 - p) + sign)
            return (2 * n * p + square - sign * 1 - sign * Z95 * math.sqrt(inside)) / (2 * (n + square))

        low = 0.0 if x == 0 else (2 * x + square - 1 - Z95 * math.sqrt(square - 2 - 1 / n + 4 * p * (n * (1 - p) + 1)))
        low = low / (2 * (n + square)) if x else 0.0
        high = (2 * x + square + 1 + Z95 * math.sqrt(square + 2 - 1 / n + 4 * p * (n * (1 - p) - 1))) / (
            2 * (n + square)
        )
        return low, high

    assert with_correction() == pytest.approx(corrected, abs=FOUR)
    assert beta(x, n - x + 1) == pytest.approx(exact, abs=FOUR)
    assert beta(x + 0.5, n - x + 0.5) == pytest.approx(jeffreys, abs=FOUR)


def interpolated(theta: float, n: int, p: float) -> float:
    """Spiegelhalter's smoothed exact limit (2005, appendix A.1.1): good for drawing only, and we draw score limits."""
    r = next(r for r in range(n + 1) if at_most(r, n, theta) > p)
    above, below = at_most(r, n, theta), at_most(r - 1, n, theta) if r else 0.0
    return (r - (above - p) / (above - below)) / n


@pytest.mark.parametrize(
    ("theta", "n", "limits"),
    [
        (0.074, 100, (0.0015, 0.0217, 0.1246, 0.1607)), (0.7, 50, (0.4809, 0.5599, 0.8139, 0.8769)),
        (0.8, 100, (0.6632, 0.7135, 0.8703, 0.9090)), (0.2, 50, (0.0348, 0.0844, 0.3071, 0.3791)),
    ],
)  # fmt: skip
def test_the_interpolated_funnel(theta: float, n: int, limits: tuple[float, ...]) -> None:
    found = [interpolated(theta, n, p) for p in (0.001, 0.025, 0.975, 0.999)]
    assert found == pytest.approx(limits, abs=FOUR)


def test_judging_by_the_interpolated_curve_would_blame_average_providers() -> None:
    def outside(theta: float, n: int) -> float:
        low, high = interpolated(theta, n, 0.025), interpolated(theta, n, 0.975)
        return float(sum(stats.binom.pmf(x, n, theta) for x in range(n + 1) if not low <= x / n <= high))

    assert outside(0.9, 10) == pytest.approx(0.36, abs=5.1e-3)
    assert outside(0.7, 25) == pytest.approx(0.051, abs=5.1e-4)
    assert outside(0.7, 150) == pytest.approx(0.050, abs=5.1e-4)


def test_twenty_equal_providers_differ_by_chance() -> None:
    # The reason for everything here: the mean gap between the first and the last of twenty at 70 %.
    sample = stats.binom.rvs(20, 0.7, size=(20_000, 20), random_state=7) / 20
    assert (sample.max(axis=1) - sample.min(axis=1)).mean() == pytest.approx(0.376, abs=3e-3)
