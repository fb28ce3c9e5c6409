"""What may be told of talks about the choice, so that no small number can be worked out from it.

Told are quarters that are over, each once: numbers of different quarters share no talk, so nothing can be subtracted.
Within a quarter a talk counts once too: how often the choice was real is told by municipality or by kind of help, never
by both. The other table has talks, and how many providers there were to choose from. In each

- rows with fewer talks than a figure needs are put together, until the rest is enough as well;
- of a row is told how often the choice was real, or only a bound where one of the two sides is below the smallest cell.

The region reads how often by municipality, a municipality by kind of help, and the two may put their tables side by
side. So the region is told of a municipality what its own table adds up to, reasons too: from an exact number beside
the bounds of the kinds one could work out what those hide.

How many talks there were decides which rows are together; how they ended plays no part in it, so the grouping tells
nothing. The rules are those of figures (`outcomes.types.Rules`), settings of the region.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import repeat

from portal.desks.choice.queries import Cells, Counts
from portal.outcomes.types import Rules


class By(IntEnum):
    """Which part of the key of a counter makes the rows of a table."""

    MUNICIPALITY = 0
    ARRANGEMENT = 1


@dataclass(frozen=True, slots=True)
class Row:
    """What is told of one municipality or kind of help, or of several together."""

    keys: tuple[str, ...]
    talks: int
    offered: float
    """How many providers fitted, on average."""
    discussed: float
    low: int | None = None
    """In at least so many the choice was real; None where the other table tells that."""
    high: int | None = None
    """And in at most so many."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a quarter."""

    talks: int
    low: int
    high: int
    by_municipality: tuple[Row, ...]
    by_arrangement: tuple[Row, ...]
    reasons: Mapping[str, int]
    """How often each reason was why there was no choice; the empty code for rare ones together. Empty where the number
    of talks without a choice is not told itself."""


@dataclass(slots=True)
class _Group:
    keys: list[str]
    talks: int = 0
    real: int = 0
    offered: int = 0
    discussed: int = 0

    def take(self, other: _Group) -> None:
        self.keys += other.keys
        self.talks += other.talks
        self.real += other.real
        self.offered += other.offered
        self.discussed += other.discussed

    def bounds(self, rules: Rules) -> tuple[int, int]:
        smallest = rules.smallest_cell
        if self.talks < rules.least_shown:
            return 0, self.talks
        if self.real < smallest:
            return 0, min(smallest - 1, self.talks)
        if self.talks - self.real < smallest:
            return max(0, self.talks - smallest + 1), self.talks
        return self.real, self.real


def told(cells: Cells, real: frozenset[str], by: By, rules: Rules) -> Told | None:
    """What may be told of these counts; `real` are the outcomes that were a real choice, `by` the table that tells how
    often. None: too few talks."""
    tables = {part: _pooled(_groups(cells, part, real), rules.least_shown) for part in By}
    if not tables[by]:
        return None
    if by is By.MUNICIPALITY:
        rows = [list(_parts(group, cells, real, rules)) for group in tables[by]]
        bounds = [_sum(one.bounds(rules) for part in row for one in part.groups) for row in rows]
        read = [part.cells for row in rows for part in row]
    else:
        bounds, read = [group.bounds(rules) for group in tables[by]], [cells]
    low, high = _sum(bounds)
    places, kinds = (
        tuple(map(_row, tables[part], bounds if part is by else repeat(None))) for part in By
    )  # fmt: skip
    reasons: Counter[str] = Counter()
    if low == high:
        for one in read:
            reasons.update(_reasons(one.values(), real, rules.smallest_cell))
    return Told(sum(group.talks for group in tables[by]), low, high, places, kinds, dict(reasons.most_common()))


@dataclass(frozen=True, slots=True)
class _Part:
    """Who reads one table of its own by kind of help, or all who read none, together."""

    cells: Cells
    groups: Sequence[_Group]


def _parts(row: _Group, cells: Cells, real: frozenset[str], rules: Rules) -> Iterator[_Part]:
    """How a row of municipalities falls apart at their own desks."""
    others: dict[tuple[str, str], Counts] = {}
    for place in row.keys:
        own = {key: counts for key, counts in cells.items() if key[By.MUNICIPALITY] == place}
        kinds = _pooled(_groups(own, By.ARRANGEMENT, real), rules.least_shown)
        if kinds:
            yield _Part(own, kinds)
        else:
            others |= own
    if others:
        together = _Group([])
        for group in _groups(others, By.MUNICIPALITY, real):
            together.take(group)
        yield _Part(others, [together])


def _sum(bounds: Iterable[tuple[int, int]]) -> tuple[int, int]:
    low, high = zip(*bounds, strict=True)
    return sum(low), sum(high)


def _groups(cells: Cells, part: By, real: frozenset[str]) -> list[_Group]:
    found: dict[str, _Group] = {}
    for key, counts in cells.items():
        group = found.setdefault(key[part], _Group([key[part]]))
        group.take(_Group([], counts.talks, sum(counts.by[one] for one in real), counts.offered, counts.discussed))
    return sorted((one for one in found.values() if one.talks), key=lambda one: (-one.talks, one.keys))


def _pooled(groups: list[_Group], least: int) -> list[_Group]:
    """The groups, with the small ones put together; none where all together are too few."""
    kept = [group for group in groups if group.talks >= least]
    small = [group for group in groups if group.talks < least]
    if not small:
        return kept
    rest = _Group([])
    for group in small:
        rest.take(group)
    while rest.talks < least:
        if not kept:
            return []
        rest.take(kept.pop())  # the smallest that is left: the order is by size
    return [*kept, rest]


def _row(group: _Group, bounds: tuple[int, int] | None) -> Row:
    low, high = bounds or (None, None)
    offered, discussed = round(group.offered / group.talks, 1), round(group.discussed / group.talks, 1)
    return Row(tuple(sorted(group.keys)), group.talks, offered, discussed, low, high)


def _reasons(cells: Iterable[Counts], real: frozenset[str], smallest: int) -> Mapping[str, int]:
    """The reasons why there was no choice, rare ones together under the empty code, until that is no small number."""
    counted: Counter[str] = Counter()
    for counts in cells:
        counted.update({code: number for code, number in counts.by.items() if code not in real})
    common = [pair for pair in counted.most_common() if pair[1] >= smallest]
    rare = sum(number for _, number in counted.items() if number < smallest)
    while 0 < rare < smallest and common:
        rare += common.pop()[1]
    return dict(common) | ({"": rare} if rare >= smallest else {})
