"""The tests play the reader: a linear program over everything that was ever published may find no small number."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from portal.outcomes.disclosure import may_replace, spans
from portal.outcomes.figures import Average, Counts, Told, average, compare, tell
from portal.outcomes.making import Delivered, Series, drafts
from portal.outcomes.types import DEFAULT_RULES as RULES
from portal.outcomes.types import Indicator, Informant, MeasuredFramework, Period, Rules, Shown

K = RULES.smallest_cell


@dataclass
class Reader:
    """Knows equations and bounds over unknown counts, and asks what each can be."""

    variables: int = 0
    equal: list[tuple[dict[int, float], float]] = field(default_factory=list)
    most: list[tuple[dict[int, float], float]] = field(default_factory=list)

    def unknown(self) -> int:
        self.variables += 1
        return self.variables - 1

    def knows(self, parts: dict[int, float], low: float, high: float | None = None) -> None:
        if high is None:
            self.equal.append((parts, low))
            return
        self.most.append((parts, high))
        self.most.append(({variable: -weight for variable, weight in parts.items()}, -low))

    def range(self, variable: int) -> tuple[float, float]:
        objective = np.zeros(self.variables)
        objective[variable] = 1
        found = []
        for sign in (1, -1):
            solved = linprog(
                sign * objective, **self._rows("ub", self.most), **self._rows("eq", self.equal), bounds=(0, None)
            )
            assert solved.status in (0, 3), solved.message
            found.append(sign * solved.fun if solved.status == 0 else np.inf)
        return found[0], found[1]

    def _rows(self, name: str, rows: list[tuple[dict[int, float], float]]) -> dict[str, object]:
        if not rows:
            return {}
        matrix = np.zeros((len(rows), self.variables))
        for row, (parts, _) in enumerate(rows):
            for variable, weight in parts.items():
                matrix[row, variable] = weight
        return {f"A_{name}": matrix, f"b_{name}": [value for _, value in rows]}


# --- the reader itself is checked on the table of the literature ----------------------------------------------

TABLE = [[12, 3, 9], [20, 14, 6], [8, 11, 10]]


@pytest.mark.parametrize(
    ("hidden", "expected", "is_safe"),
    [
        ("A2", {"A2": (3, 3)}, False),
        ("A2 A3", {"A2": (3, 3), "A3": (9, 9)}, False),
        ("A2 A1", {"A2": (3, 3), "A1": (12, 12)}, False),
        ("A2 A3 B2 B3", {"A2": (0, 12), "A3": (0, 12), "B2": (5, 17), "B3": (3, 15)}, True),
        ("A1 A2 C1 C2", {"A1": (1, 15), "A2": (0, 14), "C1": (5, 19), "C2": (0, 14)}, True),
    ],
)
def test_the_reader_finds_what_can_be_found(hidden: str, expected: dict[str, tuple[int, int]], is_safe: bool) -> None:
    reader = Reader()
    cells = {f"{'ABC'[row]}{column + 1}": reader.unknown() for row in range(3) for column in range(3)}
    for row in range(3):
        reader.knows({cells[f"{'ABC'[row]}{column + 1}"]: 1.0 for column in range(3)}, sum(TABLE[row]))
        reader.knows({cells[f"{'ABC'[c]}{row + 1}"]: 1.0 for c in range(3)}, sum(line[row] for line in TABLE))
    for name, variable in cells.items():
        if name not in hidden.split():
            reader.knows({variable: 1.0}, TABLE["ABC".index(name[0])][int(name[1]) - 1])
    found = {name: reader.range(cells[name]) for name in expected}
    assert {name: (round(low), round(high)) for name, (low, high) in found.items()} == expected
    assert all(high - low >= K and high >= K for low, high in found.values()) == is_safe


# --- everything published about a kind of help, over years ---------------------------------------------------


@dataclass
class Cell:
    """Families of one provider in one half-year: unknown to the reader."""

    x: int
    c: int
    did: int
    did_not: int
    is_bounded: bool = False
    """Whether a sentence of "fewer than" or "more than" was said of it."""


def published_table(chance: random.Random, rules: Rules) -> tuple[Reader, list[Cell]]:
    """A random region, delivered and published period by period: what a reader knows, and what there was to know.

    Providers deliver years, halves or both, late halves after a year and a year after its halves; each delivery is
    published at once, and what was published stays known.
    """
    reader, everything = Reader(), []
    members: dict[tuple[Period, ...], list[tuple[Told, Cell]]] = {}
    for _ in range(chance.randint(2, 6)):
        scale, quality = chance.choice((3, 8, 20, 60)), chance.choice((0.02, 0.3, 0.7, 0.97))
        halves = {half: _random_cell(chance, scale, quality, reader) for half in range(2 * 2023, 2 * 2026)}
        everything += halves.values()
        sizes: dict[Period, int] = {}
        published: list[tuple[Period, ...]] = []
        for period in _deliveries(chance):
            sizes[period] = sum(halves[half].x + halves[half].c for half in _halves(period))
            if sizes[period] == 0:
                del sizes[period]
            for span in spans(sizes, published, rules):
                cells = [halves[half] for part in span for half in _halves(part)]
                told = tell(Counts(sum(c.x + c.c for c in cells), numerator=sum(c.x for c in cells)), rules)
                if told.shown is Shown.FEW:
                    reader.knows(_everybody(cells), 0, rules.least_shown - 1)
                elif span not in published:
                    published.append(span)
                    _publish(reader, told, cells)
                    if len(span) == 1:
                        members.setdefault(span, []).append((told, _together(reader, cells)))
    for found in members.values():
        ours = average([told for told, _ in found], rules)
        if isinstance(ours, Average):
            reader.knows({cell.did: 1.0 for _, cell in found}, ours.range.low * ours.n, ours.range.high * ours.n)
    return reader, everything


def _random_cell(chance: random.Random, scale: int, quality: float, reader: Reader) -> Cell:
    n = chance.randint(0, scale)
    x = sum(chance.random() < quality for _ in range(n))
    return Cell(x, n - x, reader.unknown(), reader.unknown())


def _deliveries(chance: random.Random) -> list[Period]:
    found = []
    for year in (2023, 2024, 2025):
        whole, first, second = Period(2 * year, 2), Period(2 * year, 1), Period(2 * year + 1, 1)
        orders = ([whole], [first, second], [first, whole], [whole, first, second], [first, whole, second])
        found += chance.choice(orders)
    return found


def _together(reader: Reader, cells: Sequence[Cell]) -> Cell:
    """The cells as one, whose count a reader knows to be their sum."""
    whole = Cell(sum(c.x for c in cells), sum(c.c for c in cells), reader.unknown(), reader.unknown())
    reader.knows({whole.did: 1.0} | {cell.did: -1.0 for cell in cells}, 0)
    return whole


def _everybody(cells: Sequence[Cell]) -> dict[int, float]:
    return {cell.did: 1.0 for cell in cells} | {cell.did_not: 1.0 for cell in cells}


def _halves(period: Period) -> range:
    return range(period.first_half, period.last_half + 1)


def _publish(reader: Reader, told: Told, cells: Sequence[Cell]) -> None:
    assert told.n is not None
    assert told.known is not None
    reader.knows(_everybody(cells), told.n)
    did = {cell.did: 1.0 for cell in cells}
    if told.shown is Shown.EXACT:
        reader.knows(did, told.known.low)
    else:
        reader.knows(did, told.known.low, told.known.high)
        for cell in cells:
            cell.is_bounded = True


@pytest.mark.parametrize("seed", range(10))
def test_nothing_small_can_be_recovered(seed: int) -> None:
    audit(seed, 20)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 120))
def test_nothing_small_can_be_recovered_from_two_thousand_regions(seed: int) -> None:
    audit(seed, 100)


def audit(seed: int, regions: int) -> None:
    """Let the reader look for the small numbers of so many random regions."""
    chance = random.Random(seed)  # noqa: S311 - for tables that can be made again
    for number in range(regions):
        reader, cells = published_table(chance, RULES)
        small = [(variable, actual, cell) for cell in cells for variable, actual in
                 ((cell.did, cell.x), (cell.did_not, cell.c)) if actual < K and cell.x + cell.c > 0]  # fmt: skip
        for variable, actual, cell in chance.sample(small, min(6, len(small))):
            low, high = reader.range(variable)
            assert low - 1e-6 <= actual <= high + 1e-6, "the reader is told the truth"
            # "Fewer than 5" says that it is 0 to 4, and no more than that may be found; else it may be 5 or more too.
            least = K - 1 if cell.is_bounded else K
            assert high >= least - 1e-6, f"{seed}/{number}: {actual} is known to be {low} to {high}"
            assert high - low >= least - 1e-6, f"{seed}/{number}: {actual} is known to be {low} to {high}"


def test_the_reader_would_catch_a_year_beside_its_half() -> None:
    """Without the rule that a family counts once, two honest figures give away a third."""
    first, rest = share(6, 14), share(2, 12)
    reader = Reader()
    cells = [
        Cell(c.numerator or 0, c.n - (c.numerator or 0), reader.unknown(), reader.unknown()) for c in (first, rest)
    ]
    _publish(reader, tell(first + rest, RULES), cells)
    _publish(reader, tell(first, RULES), cells[:1])
    assert reader.range(cells[1].did) == (pytest.approx(2), pytest.approx(2))


def share(x: int, n: int) -> Counts:
    return Counts(n, numerator=x)


# --- the pieces ----------------------------------------------------------------------------------------------

H1, H2, YEAR = Period.read("2025-H1"), Period.read("2025-H2"), Period.read("2025")
Y23, Y24 = Period.read("2023"), Period.read("2024")


def test_a_year_goes_before_its_halves() -> None:
    assert spans({H1: 20, H2: 20, YEAR: 40}, [], RULES) == [(YEAR,)]
    assert spans({H1: 20, H2: 20}, [], RULES) == [(H1,), (H2,)]


def test_what_was_published_stays_and_is_not_overlapped() -> None:
    assert spans({H1: 20, YEAR: 40}, [(H1,)], RULES) == [(H1,)]
    assert spans({H1: 20, H2: 20, YEAR: 40}, [(H1,)], RULES) == [(H1,), (H2,)]
    assert spans({H1: 20, H2: 20, YEAR: 40}, [(YEAR,)], RULES) == [(YEAR,)]


def test_small_years_are_put_together_without_looking_at_results() -> None:
    assert spans({Y23: 4, Y24: 4, YEAR: 4}, [], RULES) == [(Y23, Y24, YEAR)]
    assert spans({Y23: 7, Y24: 40, YEAR: 7}, [], RULES) == [(Y23,), (Y24,), (YEAR,)]
    assert spans({Y23: 7, YEAR: 7}, [], RULES) == [(Y23,), (YEAR,)], "a gap is not bridged"
    years = {Period.read(str(year)): 2 for year in range(2019, 2026)}
    assert spans(years, [], RULES) == [(year,) for year in sorted(years)], "three years at most"


def test_years_that_were_put_together_and_published_do_not_move_along() -> None:
    later = Period.read("2026")
    published = [(Y23, Y24, YEAR)]
    assert spans({Y23: 4, Y24: 4, YEAR: 4, later: 6}, published, RULES) == [*published, (later,)]


@given(
    st.dictionaries(
        st.builds(Period, st.integers(4040, 4052), st.just(1))
        | st.builds(lambda year: Period(2 * year, 2), st.integers(2020, 2026)),
        st.integers(1, 30),
    )
)
def test_no_family_is_in_two_figures(sizes: dict[Period, int]) -> None:
    found = spans(sizes, [], RULES)
    halves = [half for span in found for period in span for half in _halves(period)]
    assert len(halves) == len(set(halves))
    for span in found:
        assert len(span) == 1 or sum(sizes[period] for period in span) >= RULES.least_shown


@pytest.mark.parametrize(
    "shared",
    [
        [(12, 20), (30, 60), (45, 50), (None, 40), (None, 25), (None, 12)],
        [(28, 40), (35, 50), (42, 60), (49, 70), (None, 80)],
        [(None, 40), (None, 40), (None, 40), (None, 55), (None, 31)],
        [(20, 24), (9, 14), (6, 30), (None, 14), (None, 90)],
    ],
)
@pytest.mark.parametrize("side", ["few did", "few did not"])
def test_an_average_is_the_same_whatever_the_hidden_counts_are(shared: list[tuple[int | None, int]], side: str) -> None:
    """Nobody learns anything of a hidden count from it, not even a provider that knows its own.

    Every combination of hidden counts is tried: average, its range, how much providers differ, and all comparisons.
    """
    said = set()
    hidden = [n for x, n in shared if x is None]
    for counts in product(range(K), repeat=len(hidden)):
        rest = iter(counts)
        told = [
            tell(share(x if x is not None else (c if side == "few did" else n - c), n), RULES)
            for x, n in shared
            for c in [next(rest) if x is None else 0]
        ]
        ours = average(told, RULES)
        words = [compare(one, ours, RULES, is_member=True) for one in told] if isinstance(ours, Average) else []
        said.add((ours, *words))
    assert len(said) == 1


@pytest.mark.parametrize(
    ("old", "new", "may"),
    [
        (share(24, 40), share(24, 40), True),
        (share(24, 40), share(25, 41), False),
        (share(24, 40), share(31, 47), False),
        (share(24, 40), share(32, 48), False),
        (share(24, 40), share(30, 51), True),
        (share(42, 60), share(24, 60), True),
        (share(42, 60), share(41, 60), False),
        (Counts(12, mean=7.8), Counts(13, mean=7.2), False),
        (Counts(40, mean=7.8), Counts(60, mean=7.6), True),
        (Counts(40, mean=7.8), Counts(60, mean=8.53), False),
        (Counts(40, mean=7.8), Counts(40, mean=7.7), False),
        (Counts(40, mean=7.8), Counts(40, mean=6.5), True),
    ],
)
def test_a_correction_waits_while_the_difference_is_small(old: Counts, new: Counts, may: bool) -> None:
    assert may_replace([tell(old, RULES)], tell(new, RULES), RULES) == may


def test_a_correction_may_not_differ_a_little_from_anything_earlier() -> None:
    earlier = [tell(share(24, 40), RULES), tell(share(34, 55), RULES)]
    assert may_replace(earlier, tell(share(41, 67), RULES), RULES)
    assert not may_replace(earlier, tell(share(25, 41), RULES), RULES)


@pytest.mark.parametrize("before", [10, 12, 20, 40])
def test_whether_a_correction_appears_tells_nothing_of_a_hidden_count(before: int) -> None:
    """All counts that look the same before have the same future: the same corrections appear, with the same words."""
    for after in (9, 10, 12, 15, 20, 30, 41, 60):
        futures: dict[tuple[Told, Told], set[bool]] = {}
        for x, y in product(range(before + 1), range(after + 1)):
            old, new = tell(share(x, before), RULES), tell(share(y, after), RULES)
            futures.setdefault((old, new), set()).add(may_replace([old], new, RULES))
        assert all(len(found) == 1 for found in futures.values())


@pytest.mark.parametrize("before", [10, 20, 40])
def test_what_was_corrected_leaves_room_for_every_hidden_count(before: int) -> None:
    """Also who knows that families only came to it finds no count: with each, some group of new families fits."""
    for after in (12, 20, 30, 41, 60):
        for y in range(after + 1):
            new = tell(share(y, after), RULES)
            for old in {tell(share(x, before), RULES) for x in range(before + 1)}:
                if old.shown is Shown.EXACT or old.known is None or not may_replace([old], new, RULES):
                    continue
                assert new.known is not None
                possible = {
                    x for x in range(int(old.known.low), int(old.known.high) + 1)
                    for z in range(int(new.known.low), int(new.known.high) + 1)
                    if before >= after or (x <= z and before - x <= after - z)
                }  # fmt: skip
                assert len(possible) in (0, K), f"{old} then {new}"


# --- marks --------------------------------------------------------------------------------------------------


def test_from_few_marks_nothing_but_their_mean_is_told() -> None:
    for n in (10, 15, 29):
        said = {tell(Counts(n, mean=7.8, sd=sd), RULES) for sd in (None, 0.0, 1.2, 2.9)}
        assert len(said) == 1


@given(st.integers(30, 80), st.floats(1, 10), st.floats(0, 4), st.floats(0, 0.49))
def test_of_marks_no_more_is_told_than_a_decimal_and_half_a_mark_of_spread(
    n: int, mean: float, sd: float, less: float
) -> None:
    tenth, step = round(mean, 1), np.ceil(sd * 2) / 2
    told = tell(Counts(n, mean=tenth, sd=float(step)), RULES)
    assert tell(Counts(n, mean=tenth, sd=max(0.0, float(step) - less)), RULES) == told


@pytest.mark.parametrize("n", [30, *(pytest.param(n, marks=pytest.mark.long) for n in (31, 33, 36, 40, 45))])
def test_no_marks_can_be_found_from_their_mean_and_spread(n: int) -> None:
    """Of no group that looks the same can anybody say that some, but fewer than five, gave a low, or a high, mark."""
    fewest, most = _counted_marks(n, np.minimum, 99), _counted_marks(n, np.maximum, -1)
    totals, squares = np.nonzero(most[0] >= 0)
    groups: dict[Told, list[tuple[np.ndarray, np.ndarray]]] = {}
    for freedom in (n, n - 1):
        spreads = np.sqrt(np.maximum(0, squares - totals**2 / n) / freedom)
        keys = np.stack([np.floor(10 * totals / n + 0.5), np.ceil(2 * spreads - 1e-9)], axis=1)
        for tenths, halves in np.unique(keys, axis=0):
            told = tell(Counts(n, mean=float(tenths / 10), sd=float(halves / 2)), RULES)
            same = (keys[:, 0] == tenths) & (keys[:, 1] == halves)
            where = totals[same], squares[same]
            low = np.array([one[where].min() for one in fewest])
            groups.setdefault(told, []).append((low, np.array([one[where].max() for one in most])))
    pinned = []
    for told, found in groups.items():
        low, high = np.min([one for one, _ in found], axis=0), np.max([one for _, one in found], axis=0)
        if ((low >= 1) & (high < K)).any():
            pinned.append((told.mean, told.sd))
    assert len(groups) > 50
    assert pinned == []


def _counted_marks(n: int, better: np.ufunc, nothing: int) -> list[np.ndarray]:
    """By total and sum of squares of `n` marks how few, or how many, of them are up to 1 to 5, or above 6 to 9."""
    found = []
    for marks in (*(range(1, edge + 1) for edge in range(1, 6)), *(range(edge + 1, 11) for edge in range(6, 10))):
        reached = np.full((10 * n + 1, 100 * n + 1), nothing, dtype=np.int8)
        reached[0, 0] = 0
        for _ in range(n):
            following = np.full_like(reached, nothing)
            for mark in range(1, 11):
                part = reached[:-mark, : -mark * mark]
                grown = np.where(part == nothing, nothing, part + (mark in marks)).astype(np.int8)
                better(following[mark:, mark * mark :], grown, out=following[mark:, mark * mark :])
            reached = following
        found.append(reached)
    return found


def test_a_correction_of_marks_is_told_without_its_own_spread() -> None:
    """From 7.7 of thirty with a small spread and 7.6 of forty with a large one, one would find the ten who came."""
    series = Series(1, "begeleiding", MeasuredFramework.VOLUNTARY, Indicator.SATISFACTION, Informant.CLIENT, True)
    before, after = Counts(30, mean=7.7, sd=1.0), Counts(50, mean=7.2, sd=1.9)
    delivered = {YEAR: Delivered(after, "", "Eigen", None, ())}
    (first,) = drafts(series, {YEAR: replace(delivered[YEAR], counts=before)}, {}, RULES)
    (again,) = drafts(series, {YEAR: replace(delivered[YEAR], counts=before)}, {(YEAR,): [before]}, RULES)
    (later,) = drafts(series, delivered, {(YEAR,): [before]}, RULES)
    assert first.told == again.told, "what is delivered again is told as it was"
    assert not later.is_held
    assert later.told == tell(replace(after, sd=None), RULES)
    (still,) = drafts(series, delivered, {(YEAR,): [before, after]}, RULES)
    assert (still.told, still.is_held) == (later.told, False), "delivered again it is no new correction"
