"""The arithmetic of figures: intervals, exact tails, over-dispersion, shrinkage, rankability.

Pure functions of counts, without a library: whoever wants to check a figure can read here how it was made. `z` is
always the number of standard deviations of the normal distribution: `Z95` for 95 %, `Z998` for 99.8 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist, median

Z95 = 1.959963984540054
Z998 = 3.090232306167813


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` up to `high`, both included."""

    low: float
    high: float

    def contains(self, value: float) -> bool:
        """Whether `value` lies between the two, or on one of them."""
        return self.low <= value <= self.high


def wilson(x: float, n: float, z: float = Z95) -> Interval:
    """The score interval of a share `x` of `n`, not corrected for continuity (Wilson 1927; Newcombe 1998, method 3)."""
    p, square = x / n, z * z / n
    centre = (p + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(p * (1 - p) / n + square / (4 * n))
    return Interval(0.0 if x == 0 else max(0.0, centre - half), 1.0 if x == n else min(1.0, centre + half))


def difference(x1: float, n1: float, x2: float, n2: float, z: float = Z95) -> Interval:
    """The interval of the difference between two independent shares (Newcombe 1998b, hybrid score, method 10)."""
    p1, p2 = x1 / n1, x2 / n2
    first, second = wilson(x1, n1, z), wilson(x2, n2, z)
    return Interval(
        p1 - p2 - math.hypot(p1 - first.low, second.high - p2), p1 - p2 + math.hypot(first.high - p1, p2 - second.low)
    )


def score_limits(theta: float, n: float, z: float) -> Interval:
    """Between which limits a share of `n` lies where the true share is `theta`: the curves of a funnel plot.

    A share is outside them if and only if its Wilson interval leaves out `theta`.
    """
    half = z * math.sqrt(theta * (1 - theta) / n)
    return Interval(max(0.0, theta - half), min(1.0, theta + half))


def at_least(x: int, n: int, theta: float) -> float:
    """The chance of `x` or more of `n` where the true share is `theta`: the exact binomial tail."""
    return 1.0 if x <= 0 else 0.0 if x > n else beta_cdf(theta, x, n - x + 1)


def at_most(x: int, n: int, theta: float) -> float:
    """The chance of `x` or fewer of `n` where the true share is `theta`."""
    return at_least(n - x, n, 1 - theta)


def student_tail(t: float, freedom: float) -> float:
    """The chance that Student's t with so many degrees of freedom is `t` or more, for `t` from 0."""
    if t * t < freedom:  # the part between 0 and `t`, which a tiny `t` does not round away
        return 0.5 - beta_cdf(t * t / (freedom + t * t), 0.5, freedom / 2) / 2
    return beta_cdf(freedom / (freedom + t * t), freedom / 2, 0.5) / 2


@lru_cache(maxsize=10_000)  # figures of a region ask for the same few numbers of families again and again
def student_quantile(tail: float, freedom: float) -> float:
    """The `t` that Student's t exceeds with the chance `tail` (below one half)."""
    low, high = 0.0, 1.0
    while student_tail(high, freedom) > tail:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if student_tail(middle, freedom) > tail else (low, middle)
    return (low + high) / 2


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):  # there the fraction converges slowly, and the other tail fast
        return 1.0 - beta_cdf(1 - x, b, a)
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(logarithm) / a * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of `beta_cdf`, by the method of Lentz."""
    tiny, c, d = 1e-300, 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d or tiny)
    value = d
    for m in range(1, 20_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / ((1 + term * d) or tiny)
            c = (1 + term / c) or tiny
            value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return value


# --- means -----------------------------------------------------------------------------------------------


def mean_interval(mean: float, n: int, sd: float, lowest: float, highest: float, tail: float = 0.025) -> Interval:
    """The interval of a mean of `n` marks with this standard deviation (Student), within the ends of the scale."""
    half = student_quantile(tail, n - 1) * sd / math.sqrt(n) if n > 1 else highest - lowest
    return Interval(max(lowest, mean - half), min(highest, mean + half))


def widest_sd(mean: float, lowest: float, highest: float) -> float:
    """The largest standard deviation that marks with this mean can have (Bhatia and Davis 2000)."""
    return math.sqrt(max(0.0, (highest - mean) * (mean - lowest)))


# --- several providers -----------------------------------------------------------------------------------


def arcsine(p: float) -> float:
    """The share `p` on the scale on which its spread hardly depends on it; see `arcsine_sd`."""
    return math.asin(math.sqrt(min(1.0, max(0.0, p))))


def arcsine_sd(n: float) -> float:
    """The standard deviation of `arcsine(x / n)`."""
    return 1 / (2 * math.sqrt(n))


def spread_limits(theta: float, n: float, z: float, tau2: float) -> Interval:
    """`score_limits` where providers differ by `tau2` besides chance: on the arcsine scale (Spiegelhalter 2005)."""
    if not tau2:
        return score_limits(theta, n, z)
    half = z * math.sqrt(arcsine_sd(n) ** 2 + tau2)
    low, high = max(0.0, arcsine(theta) - half), min(math.pi / 2, arcsine(theta) + half)
    return Interval(math.sin(low) ** 2, math.sin(high) ** 2)


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much providers differ besides chance: `phi` is 1 where chance explains it; `tau2` is the variance left."""

    phi: float
    tau2: float


def over_dispersion(
    values: Sequence[float], sds: Sequence[float], centre: float, winsorised: float = 0.1
) -> Dispersion:
    """The spread of `values` around `centre` that their own `sds` do not explain.

    Spiegelhalter, Statistics in Medicine 2005;24:1185; additive model of DerSimonian and Laird. The share `winsorised`
    of the z-scores at each end is drawn in first, so that one outlier does not excuse itself; what that takes from
    the spread of providers that differ by chance alone is given back.
    """
    scores = _winsorised([(value - centre) / sd for value, sd in zip(values, sds, strict=True)], winsorised)
    count = len(scores)
    phi = sum(score * score for score in scores) / count / _kept_by_winsorising(winsorised)
    weights = [1 / (sd * sd) for sd in sds]
    room = sum(weights) - sum(weight * weight for weight in weights) / sum(weights)
    excess = count * phi - (count - 1)
    return Dispersion(phi, excess / room if excess > 0 and room > 0 else 0.0)


def _winsorised(scores: Sequence[float], share: float) -> list[float]:
    if not share:
        return list(scores)
    ordered = sorted(scores)
    low, high = _quantile(ordered, share), _quantile(ordered, 1 - share)
    return [min(max(score, low), high) for score in scores]


def _kept_by_winsorising(share: float) -> float:
    """Which part of the variance of a normal distribution is left when `share` at each end is drawn in."""
    if not share:
        return 1.0
    normal = NormalDist()
    edge = normal.inv_cdf(1 - share)
    return 1 - 2 * share - 2 * edge * normal.pdf(edge) + 2 * share * edge * edge


def _quantile(ordered: Sequence[float], share: float) -> float:
    """By linear interpolation (type 7 of Hyndman and Fan)."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def rankability(tau2: float, variances: Sequence[float]) -> float:
    """Which part of the differences between providers is not chance (Lingsma 2009): below 0.5 no order may be drawn."""
    return tau2 / (tau2 + median(variances)) if tau2 else 0.0


def shrunken(value: float, sd: float, centre: float, tau2: float, count: int) -> float:
    """`value`, one of `count`, drawn to their `centre`, the more so the less its own `sd` lets it say.

    Empirical Bayes with the correction of Morris (1983); with equal `sd` it is the estimator of James and Stein
    (Efron and Morris 1977).
    """
    drawn = (count - 3) / (count - 1) * sd * sd / (sd * sd + tau2) if count > 3 else 1.0
    return centre + (value - centre) * (1 - drawn)
