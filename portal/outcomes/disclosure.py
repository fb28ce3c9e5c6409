"""What may be published together, so that no small number can be calculated from it, now or later.

The rule is that **a family counts once**: of what is published about one provider, kind of help, framework, indicator
and informant, no two numbers share a family. So there is nothing to subtract. What is left is a correction of what was
published before (`may_replace`), which is held back while the difference is a small number. The average over providers
is made of what is told of each (`figures.average`), so it tells nothing more.

Why this way, and against whom it protects: `docs/decisions/0016-a-family-counts-once.md`. The tests play the reader,
with a linear program over everything that was ever published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from portal.outcomes.types import LONGEST_SPAN_YEARS, Period, Rules

if TYPE_CHECKING:
    from portal.outcomes.figures import Told


def may_replace(earlier: Iterable[Told], new: Told, rules: Rules) -> bool:
    """Whether `new` may be told in place of what was told before, all of which somebody may have kept.

    The difference with each is a group of families of its own: it is large enough on both sides, whatever a bound
    stands for. The counts themselves play no part in it, since whether a correction appears is seen.
    """
    return all(_differ_safely(old, new, rules) for old in earlier)


def _differ_safely(old: Told, new: Told, rules: Rules) -> bool:
    if old == new or old.known is None:
        return True
    if new.known is None:
        return False
    if old.is_mean != new.is_mean:
        return False
    k, families = rules.smallest_cell, new.known.n - old.known.n
    low, high = new.known.low - old.known.high, new.known.high - old.known.low
    if not new.is_mean:
        return _least(low, high) >= k and _least(families - high, families - low) >= k
    if families == 0:
        return _least(low, high) >= 9 * k  # so much that more than k marks must have been wrong
    above_lowest = _least(low - families, high - families)
    below_highest = _least(10 * families - high, 10 * families - low)
    return abs(families) >= 2 * k and min(above_lowest, below_highest) >= k


def _least(low: float, high: float) -> float:
    """How near to nothing a number from `low` to `high` can be."""
    return 0.0 if low <= 0 <= high else min(abs(low), abs(high))


# --- which periods make one figure -------------------------------------------------------------------------


def spans(
    sizes: Mapping[Period, int], published: Collection[tuple[Period, ...]], rules: Rules
) -> list[tuple[Period, ...]]:
    """Which delivered periods make a figure together, so that each family is in one of them; in order of time.

    `sizes` has how many families each delivered period counts. What was `published` before stays as it was. A year goes
    before its halves, unless a half of it was published. Years that are too small alone are put together with those
    beside them, for three years at most; how the results were plays no part in it. What stays too small stays alone.
    """
    taken = {half for span in published for period in span for half in _halves(period)}
    found = [span for span in published if all(period in sizes for period in span)]
    waiting: list[Period] = []
    for period in _without_overlap(sizes, taken):
        is_alone = bool(waiting) and waiting[-1].last_half + 1 != period.first_half
        if is_alone or sizes[period] >= rules.least_shown:
            found += [(part,) for part in waiting]
            waiting = []
        waiting.append(period)
        while waiting[-1].last_half - waiting[0].first_half >= 2 * LONGEST_SPAN_YEARS:
            found.append((waiting.pop(0),))
        if sum(sizes[part] for part in waiting) >= rules.least_shown:
            found.append(tuple(waiting))
            waiting = []
    found += [(part,) for part in waiting]
    return sorted(found, key=lambda span: span[-1].last_half)


def _without_overlap(periods: Iterable[Period], taken: Collection[int]) -> list[Period]:
    """Those of `periods` that share no half-year with each other or with what is `taken`, in order of time."""
    chosen: list[Period] = []
    used = set(taken)
    for period in sorted(periods, key=lambda period: -period.halves):
        if used.isdisjoint(_halves(period)):
            used.update(_halves(period))
            chosen.append(period)
    return sorted(chosen)


def _halves(period: Period) -> range:
    return range(period.first_half, period.last_half + 1)
