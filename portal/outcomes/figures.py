"""The one function from counts to a figure, and from figures to a comparison.

Every number about results that leaves the portal was made here: pages, files, API and alternative texts read what this
made and stored. What is said of a figure depends on nothing but what is published of all figures, so that anybody can
calculate it again, and no word tells more than the numbers do (`docs/decisions/0016-a-family-counts-once.md`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

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

FORMULA_VERSION = 2
"""Grows with every change here that can change a figure; kept with each."""

LOWEST_MARK, HIGHEST_MARK = 1, 10
_MARK_STEP, _SHARE_STEP = 0.1, 0.01
"""How finely a mean mark, and an average, is told."""
_SPREAD_STEP, _SMALLEST_SPREAD, _LARGEST_SPREAD, _USUAL_SPREAD = 0.5, 1.0, 2.0, 2.5
"""The standard deviation behind an interval could give single marks away: see `_spread`."""
_LOWEST_TOLD, _HIGHEST_TOLD = 3.0, 8.5
"""Between these means a spread that is told gives nothing away."""
_WIDEST_AVERAGE = {False: 0.1, True: 0.5}
"""What is known of an average less closely than this, of shares and of marks, is not told."""
_FEWEST_TO_ORDER = 8
"""Of fewer providers nobody can say which part of their differences is chance."""


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
class Known:
    """What everybody knows of a total of `n` families, how many did or the sum of their marks: from `low` to `high`."""

    low: float
    high: float
    n: int


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
        return told_share(n, Shown.BELOW, k)
    return told_share(n, Shown.ABOVE, n - k) if n - x < k else told_share(n, Shown.EXACT, x)


def told_share(n: int, shown: Shown, value: int) -> Told:
    """What is told of a share of `n`: exactly `value`, or that it is fewer, or more, than that."""
    if shown is Shown.BELOW:
        interval = Interval(0.0, wilson(value - 1, n).high)
        return Told(shown, n, bound=value, interval=interval, known=Known(0, value - 1, n))
    if shown is Shown.ABOVE:
        interval = Interval(wilson(value + 1, n).low, 1.0)
        return Told(shown, n, bound=value, interval=interval, known=Known(value + 1, n, n))
    return Told(shown, n, numerator=value, interval=wilson(value, n), known=Known(value, value, n))


def _tell_mean(counts: Counts, rules: Rules) -> Told:
    """A mean to one decimal; one so near an end of the scale that nearly everybody gave that mark, as a bound only.

    Nothing but that decimal and the coarse spread goes into what is said of it.
    """
    n, room = counts.n, rules.smallest_cell / counts.n
    mean = _nearest(counts.mean or 0.0, _MARK_STEP)
    low, high = LOWEST_MARK + room, HIGHEST_MARK - room
    shown = Shown.BELOW if mean < low else Shown.ABOVE if mean > high else Shown.EXACT
    value = {Shown.BELOW: low, Shown.ABOVE: high}.get(shown, mean)
    return told_mark(n, shown, value, _spread(value, counts, rules))


def _spread(mean: float, counts: Counts, rules: Rules) -> float:
    """The standard deviation that an interval is made with.

    From ten marks, their mean and their spread one can find single marks; also where the spread is rounded, if it is
    large or the mean lies near an end. So of few marks it is the same for all (larger than marks nearly always spread),
    and of many it is told, rounded up, only where that is safe (the tests try all marks that there can be). Else it is
    the widest that the scale allows.
    """
    widest = widest_sd(mean, LOWEST_MARK, HIGHEST_MARK)
    if counts.n < rules.compared_from:
        return min(_USUAL_SPREAD, widest)
    if counts.sd is None or not _LOWEST_TOLD <= mean <= _HIGHEST_TOLD:
        return widest
    rounded = max(_SMALLEST_SPREAD, math.ceil(counts.sd / _SPREAD_STEP - 1e-9) * _SPREAD_STEP)
    return rounded if rounded <= _LARGEST_SPREAD else widest


def told_mark(n: int, shown: Shown, value: float, sd: float) -> Told:
    """What is told of a mean of `n` marks with this spread: `value`, or that it is lower, or higher, than that."""
    interval = mean_interval(value, n, sd, LOWEST_MARK, HIGHEST_MARK)
    if shown is Shown.BELOW:
        known = Known(n * LOWEST_MARK, n * value, n)
        return Told(shown, n, bound=value, interval=replace(interval, low=LOWEST_MARK), known=known, sd=sd)
    if shown is Shown.ABOVE:
        known = Known(n * value, n * HIGHEST_MARK, n)
        return Told(shown, n, bound=value, interval=replace(interval, high=HIGHEST_MARK), known=known, sd=sd)
    known = Known(n * (value - _MARK_STEP / 2), n * (value + _MARK_STEP / 2), n)
    return Told(shown, n, mean=value, interval=interval, known=known, sd=sd)


def _nearest(value: float, step: float) -> float:
    return round(math.floor(value / step + 0.5 + 1e-9) * step, 10)


# --- the average ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Average:
    """The average of a kind of help over a period, as everybody can calculate it."""

    value: float
    """The middle of what it can be, rounded."""
    range: Interval
    """Between what it lies, where some counts are told as a bound only; rounded to the outside."""
    n: int
    """Families in it."""
    dispersion: Dispersion
    rankability: float
    """Which part of the differences is surely not chance; below one half no order is drawn."""


def average(members: Sequence[Told], rules: Rules) -> Average | WhyNotCompared:
    """The average of figures of the same kind of help, framework, indicator, period, informant and instrument.

    It is made of what is told of each and of nothing else: where that is a bound, the average is a range. Where too few
    providers are in it, or where so many tell a bound only that the range says little, there is none.
    """
    members = [member for member in members if member.known is not None]
    known = [member.known for member in members if member.known is not None]
    if len(known) < rules.compared_with:
        return WhyNotCompared.FEW_PROVIDERS
    is_mean = members[0].is_mean
    step, n = _MARK_STEP if is_mean else _SHARE_STEP, sum(part.n for part in known)
    low, high = sum(part.low for part in known) / n, sum(part.high for part in known) / n
    if high - low > _WIDEST_AVERAGE[is_mean] + 1e-9:
        return WhyNotCompared.WOULD_TELL
    value = _nearest((low + high) / 2, step)
    bounds = Interval(round(math.floor(low / step + 1e-9) * step, 10), round(math.ceil(high / step - 1e-9) * step, 10))
    return Average(value, bounds, n, _dispersion(members, value, _middle), _rankability(members, value))


Choice = Callable[[float, float, float], float]
"""Which of the values from the first to the second is taken, seen from the third."""


def _middle(low: float, high: float, _centre: float) -> float:
    return (low + high) / 2


def _closest(low: float, high: float, centre: float) -> float:
    return min(max(centre, low), high)


def _dispersion(members: Sequence[Told], centre: float, choice: Choice) -> Dispersion:
    """How much figures differ besides chance, on the scale on which they are compared; of a bound by `choice`."""
    scaled = [_scaled(member, centre, choice) for member in members]
    values, sds = [value for value, _ in scaled], [sd for _, sd in scaled]
    return over_dispersion(values, sds, centre if members[0].is_mean else arcsine(centre))


def _rankability(members: Sequence[Told], centre: float) -> float:
    """At least this part of the differences is not chance: what is told as a bound may lie near the average."""
    if len(members) < _FEWEST_TO_ORDER:
        return 0.0
    variances = [_scaled(member, centre, _closest)[1] ** 2 for member in members]
    return rankability(_dispersion(members, centre, _closest).tau2, variances)


def _scaled(told: Told, centre: float, choice: Choice) -> tuple[float, float]:
    """A value that a figure can have, with its standard deviation, on the scale on which it is compared."""
    n, known = told.n or 1, told.known or Known(0, 0, 1)
    if told.sd is not None:
        value = told.mean if told.mean is not None else choice(known.low / n, known.high / n, centre)
        return value, told.sd / math.sqrt(n)
    return arcsine(choice(known.low / n, known.high / n, centre)), arcsine_sd(n)


# --- the comparison ---------------------------------------------------------------------------------------


def compare(told: Told, average: Average, rules: Rules, is_member: bool) -> Verdict | WhyNotCompared:
    """How `told` compares with `average`, from which it is left out first where it `is_member`.

    Higher or lower only where all of this holds, whatever the average is within its range: the exact tail (of a
    mean: Student's) is at most `rules.tail`, the same with the difference between providers besides chance taken into
    account, and the 95 % interval that is shown leaves out the whole range of the average.
    """
    if told.n is None or told.interval is None or told.known is None:
        return WhyNotCompared.NOT_TOLD
    if told.n < rules.compared_from:
        return WhyNotCompared.FEW_FAMILIES
    near = (rules.equal_within_marks if told.is_mean else rules.equal_within) + 1e-9
    if average.range.high - near <= told.interval.low and told.interval.high <= average.range.low + near:
        return Verdict.EQUAL
    others = average.n - told.n if is_member else average.n
    if others <= 0:
        return WhyNotCompared.FEW_PROVIDERS
    is_higher = told.interval.low > average.range.high
    if not is_higher and told.interval.high >= average.range.low:
        return Verdict.NO_DIFFERENCE
    # The least that this one can be beside the most that the others can be, or the other way round.
    mine, edge = (told.known.low, average.range.high) if is_higher else (told.known.high, average.range.low)
    of_average = told.known.high if is_higher else told.known.low
    rest = (edge * average.n - of_average) / others if is_member else edge
    if (mine / told.n > rest) != is_higher or not _differs(told, mine, rest, others, average, rules):
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


def differ(first: Told, second: Told, tau2: float, rules: Rules) -> bool:
    """Whether two figures of one average differ by more than chance and `tau2`, the usual spread between providers."""
    low, high = sorted((first, second), key=lambda one: one.interval.high if one.interval else 0.0)
    if not (low.n and high.n and low.known and high.known and low.interval and high.interval):
        return False
    if low.interval.high >= high.interval.low:
        return False
    below, above = low.known.high / low.n, high.known.low / high.n
    if low.sd is not None and high.sd is not None:
        distance, variance = above - below, low.sd**2 / low.n + high.sd**2 / high.n
    else:
        distance, variance = arcsine(above) - arcsine(below), arcsine_sd(low.n) ** 2 + arcsine_sd(high.n) ** 2
    return distance / math.sqrt(variance + 2 * tau2) >= NormalDist().inv_cdf(1 - rules.tail)
