"""What is odd about delivered results beyond each row: contradictions stop the package, doubts are left to a person."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from portal.core.languages import translate
from portal.core.messages import N_, Message
from portal.exchange.columns import OUTCOMES
from portal.exchange.delivery import Delivery, Values
from portal.exchange.problems import Fault, Problems, error, shown, warning
from portal.exchange.report import in_each_language
from portal.exchange.stored import Stored
from portal.outcomes.figures import HIGHEST_MARK, LOWEST_MARK
from portal.outcomes.models import Doubt
from portal.outcomes.statistics import Z998, difference, widest_sd
from portal.outcomes.types import Indicator, Informant, Period, Rules

TABLE = "outcomes"
ROWS_AT_ONCE = 1_000
_EMPTY: Values = {column.name: column.empty for column in OUTCOMES.columns}
_JUMP, _JUMP_OF_MARKS, _JUMP_OF_SIZE = 0.2, 1.5, 3
"""A share, a mean mark, or how many times as many families: less than this is no jump."""
_FEWEST = 10
"""Counts of fewer families jump by themselves."""
_PERFECT_FROM = 20
_SAME_PERIODS = 3
_HUNDREDS = 3
"""As many rows of exactly a hundred families are percentages rather than counts."""

About = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as it will be stored; `number` where this package has it."""

    values: Values
    number: int | None
    run: int | None = None
    """The import that brought it, where it is stored."""

    @property
    def is_share(self) -> bool:
        return self.values.get("numerator") is not None

    @property
    def n(self) -> int:
        return cast(int, self.values["denominator" if self.is_share else "n"])

    @property
    def x(self) -> float:
        return cast(float, self.values["numerator"]) if self.is_share else self.n * self.mean

    @property
    def mean(self) -> float:
        return cast(float, self.values["mean"])

    @property
    def counted(self) -> object:
        """`41 / 50`, or `7,8 (48)` as the data officer typed it."""
        if self.is_share:
            return f"{self.x} / {self.n}"
        return Message("%(mean)s (%(n)s)", {"mean": shown(self.mean), "n": self.n})

    @property
    def series(self) -> About:
        """What a figure over the years is about."""
        names = ("provider_id", "arrangement", "framework", "indicator", "informant")
        return (*(self.values[name] for name in names), self.is_share)

    @property
    def municipality(self) -> str:
        return str(self.values["municipality"] or "")

    @property
    def period(self) -> Period:
        return Period.read(str(self.values["period"]))


Found = Iterator[tuple[_Row, str, Fault]]


def check_outcomes(delivery: Delivery, stored: Stored, problems: Problems) -> None:
    """Look at the delivered results together with those that are stored; nothing to do where there are none."""
    table = delivery.tables.get(TABLE)
    if table is None or not table.rows:
        return
    rows = {key: _Row(row.values, None) for key, row in stored.rows(TABLE).items()}
    for key, row in table.rows.items():
        whole = (rows[key].values if key in rows else _EMPTY) | row.values
        if whole["numerator"] is not None or whole["mean"] is not None:
            rows[key] = _Row(whole, row.number)
    for counted, column, fault in _odd(rows):
        if counted.number is not None:
            problems.add(fault, TABLE, counted.number, column, counted.values[column] or "")


def note_doubts(session: Session, region_id: int, rules: Rules) -> None:
    """Write down what is odd about all counts that the region has now, in place of what was odd before.

    Counts that may not be told by `rules` are left out of what is written: they stand in the row that it names.
    """
    stored = Stored(session, region_id)
    providers = {str(key[0]): row.id for key, row in stored.rows("providers").items()}
    session.execute(delete(Doubt).where(Doubt.provider_id.in_(providers.values())))
    rows: dict[About, _Row] = {}
    for key, row in stored.rows(TABLE).items():
        rows[key] = _Row(row.values, cast(int, row.more["import_row"] or 0), cast(int, row.more["import_run_id"]))
    found = [
        {
            "provider_id": providers[str(counted.values["provider_id"])],
            **{name: counted.values[name] for name in ("arrangement", "framework", "indicator", "period")},
            "municipality": counted.municipality,
            "code": fault.code,
            "column": column,
            "reason": {
                code: _without_small(text, code, rules) for code, text in in_each_language(fault.reason).items()
            },
            "remedy": in_each_language(fault.remedy),
            "import_run_id": counted.run,
            "import_row": counted.number or None,
        }
        for counted, column, fault in _odd(rows)
    ]
    for start in range(0, len(found), ROWS_AT_ONCE):
        session.execute(insert(Doubt), found[start : start + ROWS_AT_ONCE])


_COUNTED = re.compile(r"(?P<x>\d+) / (?P<n>\d+)|[\d.,]+ \((?P<marks>\d+)\)")
"""How sentences write a share, or a mean of so many marks."""


def _without_small(text: str, language: str, rules: Rules) -> str:
    """What is said without the counts that are too small to be told."""

    def said(found: re.Match[str]) -> str:
        n = int(found["n"] or found["marks"])
        x = int(found["x"]) if found["x"] else rules.smallest_cell
        is_small = n < rules.least_shown or min(x, n - x) < rules.smallest_cell
        return translate(N_("a small number"), language) if is_small else found[0]

    return _COUNTED.sub(said, text)


def _odd(rows: Mapping[About, _Row]) -> Found:
    """Everything that is odd about these rows."""
    by_place: dict[About, list[_Row]] = defaultdict(list)
    for found in rows.values():
        by_place[(*found.series, found.municipality)].append(found)
    for odd in (_contradictions(by_place), _jumps(by_place), _years(by_place), _municipalities(by_place),
                _perfection(by_place), _informants(rows), _hundreds(rows), _marks(rows)):  # fmt: skip
        yield from odd


def _contradictions(places: Mapping[About, list[_Row]]) -> Found:
    """Rows about the same families in the same period, from two sources or questionnaires."""
    for rows in places.values():
        seen: dict[Period, _Row] = {}
        for row in sorted(rows, key=lambda row: row.number or 0):
            earlier = seen.setdefault(row.period, row)
            if earlier is row or (earlier.n, earlier.x) == (row.n, row.x):
                continue
            if earlier.number is None:
                yield row, "source", error(
                    "sources_disagree",
                    N_("this says %(this)s, but '%(source)s' (%(instrument)s) said %(that)s of the same families"),
                    N_("to correct that, write its source and instrument here as they were"),
                    this=row.counted, that=earlier.counted, source=earlier.values["source"],
                    instrument=earlier.values["instrument"] or "-",
                )  # fmt: skip
            else:
                yield row, "source", error(
                    "sources_disagree",
                    N_("this says %(this)s, but row %(row)s says %(that)s of the same families"),
                    N_("find out which is right, and keep one"),
                    this=row.counted, that=earlier.counted, row=earlier.number,
                )  # fmt: skip


def _jumps(places: Mapping[About, list[_Row]]) -> Found:
    """Results or numbers of families that are quite unlike those of the period before."""
    for rows in places.values():
        by_period = {row.period: row for row in rows}
        for period, row in by_period.items():
            earlier = by_period.get(Period(period.first_half - period.halves, period.halves))
            if earlier is None or row.number is None or min(row.n, earlier.n) < _FEWEST:
                continue
            column = "numerator" if row.is_share else "mean"
            if _has_jumped(row, earlier):
                yield row, column, warning(
                    "jump", N_("%(this)s is quite unlike %(that)s in %(before)s"),
                    N_("check both; if they are right, tell the reader why in a comment"),
                    this=row.counted, that=earlier.counted, before=earlier.period,
                )  # fmt: skip
            elif max(row.n, earlier.n) >= _JUMP_OF_SIZE * min(row.n, earlier.n):
                yield row, "denominator" if row.is_share else "n", warning(
                    "size_jump", N_("%(this)s families are counted here, and %(that)s in %(before)s"),
                    N_("check whether all families were counted"), this=row.n, that=earlier.n, before=earlier.period,
                )  # fmt: skip


def _has_jumped(row: _Row, earlier: _Row) -> bool:
    gap = abs(row.x / row.n - earlier.x / earlier.n)
    if not row.is_share:
        return gap >= _JUMP_OF_MARKS
    return gap >= _JUMP and not difference(row.x, row.n, earlier.x, earlier.n, Z998).contains(0)


def _years(places: Mapping[About, list[_Row]]) -> Found:
    """A year that is not its two halves, or less than one of them."""
    for rows in places.values():
        by_period = {row.period: row for row in rows if row.is_share}
        for period, row in by_period.items():
            if period.halves == 1:
                continue
            halves = [by_period.get(Period(half, 1)) for half in (period.first_half, period.last_half)]
            known = [half for half in halves if half is not None]
            n, x = sum(half.n for half in known), sum(half.x for half in known)
            is_less = row.n < n or row.x < x or row.n - row.x < n - x
            if known and (is_less or (len(known) == 2 and (n, x) != (row.n, row.x))):
                for one in (row, *known):
                    yield one, "period", warning(
                        "halves_differ", N_("%(year)s says %(this)s, but its halves say %(x)s / %(n)s together"),
                        N_("check all three; a family counts in the half in which its help ended"),
                        year=period, this=row.counted, x=x, n=n,
                    )  # fmt: skip


def _municipalities(places: Mapping[About, list[_Row]]) -> Found:
    """Municipalities that count more than the whole region, or of which there is no row for the region."""
    sums: dict[About, list[_Row]] = defaultdict(list)
    whole: dict[About, _Row] = {}
    for rows in places.values():
        for row in rows:
            key = (*row.series, row.period)
            if row.municipality:
                sums[key].append(row)
            else:
                whole[key] = row
    for key, parts in sums.items():
        region = whole.get(key)
        if region is None:
            yield parts[-1], "municipality", warning(
                "no_region_row", N_("there are rows for municipalities, but none for the whole region"),
                N_("add a row without municipality; without it nothing is shown"),
            )  # fmt: skip
            continue
        n, x = sum(part.n for part in parts), sum(part.x for part in parts)
        if region.is_share and (n > region.n or x > region.x or n - x > region.n - region.x):
            for row in (region, *parts):
                yield row, "municipality", warning(
                    "more_than_region", N_("the municipalities count %(x)s / %(n)s together, the region %(region)s"),
                    N_("check whether a family was counted in two municipalities"), x=x, n=n, region=region.counted,
                )  # fmt: skip


def _perfection(places: Mapping[About, list[_Row]]) -> Found:
    """Results that are too good, or too much the same, to be counted."""
    for rows in places.values():
        ordered = sorted((row for row in rows if row.is_share), key=lambda row: row.period)
        for row in ordered:
            good = row.n if row.values["indicator"] is not Indicator.DROPOUT else None
            if row.n >= _PERFECT_FROM and row.x == good:
                yield row, "numerator", warning(
                    "perfect", N_("all %(n)s of %(n)s: that is rare"),
                    N_("check that those who stopped, and those of whom nothing is known, are in the denominator"),
                    n=row.n,
                )  # fmt: skip
        alike = Counter((row.x, row.n) for row in ordered)
        for row in ordered:
            if alike[row.x, row.n] >= _SAME_PERIODS:
                yield row, "numerator", warning(
                    "same_again", N_("exactly %(this)s in %(count)s periods"),
                    N_("check that each period was counted by itself"), this=row.counted, count=alike[row.x, row.n],
                )  # fmt: skip


def _informants(rows: Mapping[About, _Row]) -> Found:
    """Rows that do not say who was asked, beside rows about the same that do."""
    told: dict[About, Informant] = {}
    for row in rows.values():
        informant = row.values["informant"]
        if isinstance(informant, Informant):
            told[_without_informant(row)] = informant
    for row in rows.values():
        other = told.get(_without_informant(row))
        if row.values["informant"] is None and other is not None:
            yield row, "informant", warning(
                "informant_missing", N_("informant is empty, but another row about the same says %(other)s"),
                N_("fill it in; this row is not shown, since it may be about the same families"), other=other.value,
            )  # fmt: skip


def _without_informant(row: _Row) -> About:
    names = ("provider_id", "arrangement", "framework", "indicator", "period", "municipality")
    return tuple(row.values[name] for name in names)


def _hundreds(rows: Mapping[About, _Row]) -> Found:
    """Percentages that were filled in as counts."""
    by_provider: dict[object, list[_Row]] = defaultdict(list)
    for row in rows.values():
        if row.is_share and row.n == 100:
            by_provider[row.values["provider_id"]].append(row)
    for found in by_provider.values():
        if len(found) >= _HUNDREDS:
            for row in found:
                yield row, "denominator", warning(
                    "hundreds", N_("%(count)s rows of this provider count exactly 100 families"),
                    N_("write how many families it was, not percentages"), count=len(found),
                )  # fmt: skip


def _marks(rows: Mapping[About, _Row]) -> Found:
    """A spread of marks that cannot be."""
    for row in rows.values():
        sd = row.values.get("sd")
        if row.is_share or not isinstance(sd, float | int):
            continue
        most = widest_sd(row.mean, LOWEST_MARK, HIGHEST_MARK) * math.sqrt(row.n / max(1, row.n - 1))
        if sd > most + 0.05:
            yield row, "sd", error(
                "sd_not_possible", N_("marks with mean %(mean)s cannot have a standard deviation of %(sd)s"),
                N_("write the standard deviation of the marks, at most %(most)s here"),
                mean=shown(row.mean), sd=shown(sd), most=shown(math.floor(most * 100) / 100),
            )  # fmt: skip
        elif sd == 0 and row.n >= _FEWEST:
            yield (
                row,
                "sd",
                warning(
                    "sd_zero",
                    N_("all %(n)s marks would be the same"),
                    N_("leave sd empty if you do not know it"),
                    n=row.n,
                ),
            )
