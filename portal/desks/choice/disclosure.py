"""What may be told of talks about the choice, so that no small number can be worked out from it.

Told are quarters that are over, each once: numbers of different quarters share no talk, so nothing can be subtracted.
Of a quarter two tables are told, by municipality and by kind of help, never the two crossed. In each

- rows with fewer talks than a figure needs are put together, until the rest is enough as well;
- of a row is told how often the choice was real, or only "fewer than" and "more than" where one of the two sides is
  below the smallest cell;
- what a table hides must stay hidden for who reads the other table too, and for a municipality that knows its own
  numbers (`outcomes.disclosure.keeps_hidden`). Where it would not, rows are put together further.

The rules are those of figures (`outcomes.types.Rules`), settings of the region.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.desks.choice.queries import Cells, Counts
from portal.outcomes.disclosure import Known, keeps_hidden
from portal.outcomes.types import Rules


@dataclass(frozen=True, slots=True)
class Row:
    """What is told of one municipality or kind of help, or of several together."""

    keys: tuple[str, ...]
    talks: int
    low: int
    """In at least so many the choice was real."""
    high: int
    """And in at most so many."""
    offered: float
    """How many providers fitted, on average."""
    discussed: float

    @property
    def is_exact(self) -> bool:
        """Whether the number itself is told."""
        return self.low == self.high


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

    def bounds(self, smallest: int) -> tuple[int, int]:
        if self.real < smallest:
            return 0, min(smallest - 1, self.talks)
        if self.talks - self.real < smallest:
            return max(0, self.talks - smallest + 1), self.talks
        return self.real, self.real


def told(cells: Cells, real: frozenset[str], rules: Rules) -> Told | None:
    """What may be told of these counts; `real` are the outcomes that were a real choice. None: too few talks."""
    tables = [_pooled(_groups(cells, part, real), rules.least_shown) for part in (0, 1)]
    if not tables[0]:
        return None
    while (at := _leaking(tables, rules)) is not None:
        _coarsen(tables[at], rules.smallest_cell)
    low, high = _narrowest(tables, rules.smallest_cell)
    total = sum(group.talks for group in tables[0])
    places, kinds = (tuple(_row(group, rules.smallest_cell) for group in table) for table in tables)
    reasons = _reasons(cells.values(), real, rules.smallest_cell) if low == high else {}
    return Told(total, low, high, places, kinds, reasons)


def _groups(cells: Cells, part: int, real: frozenset[str]) -> list[_Group]:
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


def _leaking(tables: Sequence[list[_Group]], rules: Rules) -> int | None:
    """Which table hides something that the other gives away; None where neither does."""
    for at, table in enumerate(tables):
        low, high = _sums(tables[1 - at], rules.smallest_cell)
        if len(table) > 1 and not keeps_hidden(
            [Known(*group.bounds(rules.smallest_cell), group.real, group.talks) for group in table], low, high
        ):
            return at
    return None


def _coarsen(table: list[_Group], smallest: int) -> None:
    """Put the smallest row that hides something together with the next smallest."""
    hidden = min((g for g in table if len(set(g.bounds(smallest))) > 1), key=lambda g: g.talks)
    table.remove(hidden)
    other = min(table, key=lambda g: g.talks)
    other.take(hidden)


def _sums(table: Iterable[_Group], smallest: int) -> tuple[int, int]:
    bounds = [group.bounds(smallest) for group in table]
    return sum(low for low, _ in bounds), sum(high for _, high in bounds)


def _narrowest(tables: Sequence[list[_Group]], smallest: int) -> tuple[int, int]:
    sums = [_sums(table, smallest) for table in tables]
    return max(low for low, _ in sums), min(high for _, high in sums)


def _row(group: _Group, smallest: int) -> Row:
    low, high = group.bounds(smallest)
    return Row(
        tuple(sorted(group.keys)), group.talks, low, high,
        round(group.offered / group.talks, 1), round(group.discussed / group.talks, 1),
    )  # fmt: skip


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
