"""The one function from counts to a figure, and from figures to a comparison.

Every number about results that leaves the portal was made here: pages, files, API and alternative texts read what this
made and stored. What is said of a figure depends on nothing but what is published of all figures, so that anybody can
calculate it again, and no word tells more than the numbers do (`docs/decisions/0016-a-family-counts-once.md`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from portal.outcomes.disclosure import Known, keeps_hidden
from portal.outcomes.statistics import (
    Dispersion,
    Interval,
    arcsine,
    arcsine_sd,
    at_least,
    at_most,
    mean_interval,
    over_dispersion,
    rankability,
    student_tail,
    widest_sd,
    wilson,
)
from portal.outcomes.types import Rules, Shown, Verdict, WhyNotCompared

FORMULA_VERSION = 1
"""Grows with every change here that can change a figure; kept with each."""

LOWEST_MARK, HIGHEST_MARK = 1, 10
SMALLEST_SD = 0.5
"""A mark is a whole number, so no spread is taken to be less than half of one: nobody learns that all said the same."""
_SHARE_STEPS, _MARK_STEPS = (0.01, 0.02, 0.05, 0.1), (0.1, 0.2, 0.5)
"""How finely an average is told: the first that gives nothing away."""


@dataclass(frozen=True, slots=True)
class Counts:
    """A share (`numerator` of `n`) or a mean (`mean` of `n` marks, with its `sd` where that is known)."""

    n: int
    numerator: int | None = None
    mean: float | None = None
    sd: float | None = None

    @property
    def total(self) -> float:
        """How many did, or the sum of the marks."""
        return self.numerator if self.numerator is not None else self.n * (self.mean or 0.0)

    def __add__(self, other: Counts) -> Counts:
        n, total = self.n + other.n, self.total + other.total
        if self.numerator is not None:
            return Counts(n, numerator=int(total))
        if self.sd is None or other.sd is None:
            return Counts(n, mean=total / n)
        squares = sum(part.n * (part.sd**2 + part.mean**2) for part in (self, other) if part.sd and part.mean)
        return Counts(n, mean=total / n, sd=math.sqrt(max(0.0, squares / n - (total / n) ** 2)))


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of counts; what may not is not in it."""

    shown: Shown
    n: int | None = None
    numerator: int | None = None
    mean: float | None = None
    bound: float | None = None
    """For `below` and `above`: fewer, or more, than this."""
    interval: Interval | None = None
    known: Known | None = None
    """Between what everybody knows the total to be."""
    sd: float | None = None

    @property
    def is_mean(self) -> bool:
        """Whether it is about marks."""
        return self.sd is not None


def tell(counts: Counts, rules: Rules) -> Told:
    """What may be told of `counts`: nothing of few families, only a bound where either side is small, else all."""
    if counts.n < rules.least_shown:
        return Told(Shown.FEW)
    return _tell_share(counts.numerator, counts.n, rules) if counts.numerator is not None else _tell_mean(counts, rules)


def _tell_share(x: int, n: int, rules: Rules) -> Told:
    k = rules.smallest_cell
    if x < k:
        return Told(Shown.BELOW, n, bound=k, interval=Interval(0.0, wilson(k - 1, n).high), known=Known(0, k - 1, x, n))
    if n - x < k:
        most = Interval(wilson(n - k + 1, n).low, 1.0)
        return Told(Shown.ABOVE, n, bound=n - k, interval=most, known=Known(n - k + 1, n, x, n))
    return Told(Shown.EXACT, n, numerator=x, interval=wilson(x, n), known=Known(x, x, x, n))


def _tell_mean(counts: Counts, rules: Rules) -> Told:
    """A mean so near an end of the scale that nearly everybody gave that mark is told as a bound only."""
    n, mean, room = counts.n, counts.mean or 0.0, rules.smallest_cell / counts.n
    low, high = LOWEST_MARK + room, HIGHEST_MARK - room
    shown = Shown.BELOW if mean < low else Shown.ABOVE if mean > high else Shown.EXACT
    at = {Shown.BELOW: low, Shown.ABOVE: high}.get(shown, mean)
    widest = max(SMALLEST_SD, widest_sd(at, LOWEST_MARK, HIGHEST_MARK))
    sd = max(SMALLEST_SD, counts.sd) if counts.sd is not None and shown is Shown.EXACT else widest
    interval = mean_interval(at, n, sd, LOWEST_MARK, HIGHEST_MARK)
    if shown is Shown.BELOW:
        known = Known(n * LOWEST_MARK, n * low, counts.total, n)
        return Told(shown, n, bound=low, interval=replace(interval, low=LOWEST_MARK), known=known, sd=sd)
    if shown is Shown.ABOVE:
        known = Known(n * high, n * HIGHEST_MARK, counts.total, n)
        return Told(shown, n, bound=high, interval=replace(interval, high=HIGHEST_MARK), known=known, sd=sd)
    known = Known(counts.total, counts.total, counts.total, n)
    return Told(shown, n, mean=mean, interval=interval, known=known, sd=sd)


# --- the average ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Average:
    """The average of a kind of help over a period, as it is told: rounded to `step`."""

    value: float
    step: float
    n: int
    """Families in it."""
    dispersion: Dispersion
    rankability: float
    """Which part of the differences is not chance; below one half no order is drawn."""

    @property
    def range(self) -> Interval:
        """Between what the average lies, as far as everybody knows."""
        return Interval(self.value - self.step / 2, self.value + self.step / 2)


def average(members: Sequence[Told], rules: Rules) -> Average | WhyNotCompared:
    """The average of figures of the same kind of help, framework, indicator, period, informant and instrument.

    It is rounded as finely as can be without narrowing what is known of a hidden side; where no rounding is coarse
    enough, or too few providers are in it, there is none.
    """
    known = [member.known for member in members if member.known is not None]
    if len(known) < rules.compared_with:
        return WhyNotCompared.FEW_PROVIDERS
    n, total = sum(part.n for part in known), sum(part.actual for part in known)
    is_mean = members[0].is_mean
    for step in _MARK_STEPS if is_mean else _SHARE_STEPS:
        value = round(math.floor(total / n / step + 0.5) * step, 10)
        if keeps_hidden(known, (value - step / 2) * n, (value + step / 2) * n):
            dispersion, sds = _dispersion(members, value)
            return Average(value, step, n, dispersion, rankability(dispersion.tau2, [sd * sd for sd in sds] or [1.0]))
    return WhyNotCompared.WOULD_TELL


def _dispersion(members: Sequence[Told], centre: float) -> tuple[Dispersion, list[float]]:
    """How much the figures that are told exactly differ besides chance, on the scale on which they are compared."""
    exact = [member for member in members if member.shown is Shown.EXACT and member.n is not None]
    if len(exact) < 3:
        return Dispersion(1.0, 0.0), []
    scaled = [_scaled(member) for member in exact]
    values, sds = [value for value, _ in scaled], [sd for _, sd in scaled]
    return over_dispersion(values, sds, centre if exact[0].is_mean else arcsine(centre)), sds


def _scaled(told: Told) -> tuple[float, float]:
    """The value of an exact figure with its standard deviation, on the scale on which it is compared."""
    n = told.n or 1
    if told.sd is not None:
        return told.mean or 0.0, told.sd / math.sqrt(n)
    return arcsine((told.numerator or 0) / n), arcsine_sd(n)


# --- the comparison ---------------------------------------------------------------------------------------


def compare(told: Told, average: Average, rules: Rules, is_member: bool) -> Verdict | WhyNotCompared:
    """How `told` compares with `average`, from which it is left out first where it `is_member`.

    Higher or lower only where all of this holds, whatever the average is within its rounding: the exact tail (of a
    mean: Student's) is at most `rules.tail`, the same with the difference between providers besides chance taken into
    account, and the 95 % interval that is shown leaves out the average that is shown.
    """
    if told.n is None or told.interval is None or told.known is None:
        return WhyNotCompared.NOT_TOLD
    if told.n < rules.compared_from:
        return WhyNotCompared.FEW_FAMILIES
    scale = HIGHEST_MARK - LOWEST_MARK if told.is_mean else 1
    near = rules.equal_within * scale + 1e-9
    if average.value - near <= told.interval.low and told.interval.high <= average.value + near:
        return Verdict.EQUAL
    others = average.n - told.n if is_member else average.n
    if others <= 0:
        return WhyNotCompared.FEW_PROVIDERS
    if told.interval.low > average.value:
        total, edge = told.known.low, average.range.high
    elif told.interval.high < average.value:
        total, edge = told.known.high, average.range.low
    else:
        return Verdict.NO_DIFFERENCE
    rest = (edge * average.n - total) / others if is_member else edge
    is_higher = total / told.n > rest
    if is_higher != (told.interval.low > average.value) or not _differs(told, total, rest, others, average, rules):
        return Verdict.NO_DIFFERENCE
    return Verdict.HIGHER if is_higher else Verdict.LOWER


def _differs(told: Told, total: float, rest: float, others: int, average: Average, rules: Rules) -> bool:
    """Whether a total differs from `rest`, the average of `others`, by more than chance and the usual spread."""
    n, tau2 = told.n or 1, average.dispersion.tau2
    if told.sd is not None:
        spread = math.sqrt(told.sd**2 / n + told.sd**2 / others + tau2)
        return student_tail(abs(total / n - rest) / spread, n - 1) <= rules.tail
    theta = min(1.0, max(0.0, rest))
    exact = at_least(int(total), n, theta) if total / n > theta else at_most(int(total), n, theta)
    spread = math.sqrt(arcsine_sd(n) ** 2 + arcsine_sd(others) ** 2 + tau2)
    score = abs(arcsine(total / n) - arcsine(theta)) / spread
    return exact <= rules.tail and score >= NormalDist().inv_cdf(1 - rules.tail)
