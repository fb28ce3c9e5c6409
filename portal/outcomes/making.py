"""From what was delivered to figures: which counts belong together, and what may be told of them. Pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import reduce
from operator import add

from portal.outcomes.disclosure import may_replace, spans
from portal.outcomes.figures import Average, Counts, Known, Told, average, compare, tell
from portal.outcomes.types import (
    Audience,
    Indicator,
    Informant,
    MeasuredFramework,
    Period,
    Rules,
    Shown,
    Verdict,
    WhyNotCompared,
)

Span = tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """What one provider's figures over the years are about."""

    provider_id: int
    arrangement: str
    framework: MeasuredFramework
    indicator: Indicator
    informant: Informant | None
    is_mean: bool


@dataclass(frozen=True, slots=True)
class AverageKey:
    """What figures have in common that share an average."""

    arrangement: str
    framework: MeasuredFramework
    indicator: Indicator
    informant: Informant | None
    is_mean: bool
    instrument: str
    period: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The counts of one series over one period, for the whole region."""

    counts: Counts
    instrument: str
    source: str
    invited: int | None
    evidence: tuple[tuple[int, int], ...]
    """Import run and row."""
    is_contradicted: bool = False
    """Another source says something else."""


@dataclass(slots=True)
class Draft:
    """A figure in the making."""

    series: Series
    span: Span
    counts: Counts
    told: Told
    instrument: str
    source: str
    response: int | None
    evidence: tuple[tuple[int, int], ...]
    is_held: bool = False
    is_wrong: bool = False
    audience: Audience = Audience.REGION
    seen_from: date | None = None
    average: AverageKey | None = None
    verdict: Verdict = Verdict.NOT_COMPARED
    why_not: WhyNotCompared | None = WhyNotCompared.NOT_TOLD

    @property
    def periods(self) -> str:
        """The periods as they are stored."""
        return written(self.span)

    @property
    def average_key(self) -> AverageKey:
        """With which other figures it shares an average."""
        of = self.series
        return AverageKey(
            of.arrangement, of.framework, of.indicator, of.informant, of.is_mean, self.instrument, str(self.span[-1])
        )


def written(span: Span) -> str:
    """The periods of `span` as they are stored: `2024;2025`."""
    return ";".join(map(str, span))


def read_span(text: str) -> Span:
    """The contrary of `written`."""
    return tuple(Period.read(part) for part in text.split(";"))


def joined(first: Delivered, second: Delivered) -> Delivered:
    """Two rows about the same: one where they agree, contradicted where they do not."""
    agree = first.counts == second.counts and not (first.is_contradicted or second.is_contradicted)
    chosen = min(first, second, key=lambda row: (row.source, row.instrument))
    evidence = tuple(sorted({*first.evidence, *second.evidence}))
    return Delivered(
        chosen.counts, chosen.instrument, chosen.source, chosen.invited, evidence, is_contradicted=not agree
    )


def without_doubles(
    deliveries: dict[Series, dict[Period, Delivered]], published: Mapping[Series, Collection[Span]]
) -> None:
    """Of what was delivered both with and without who was asked, which may be the same families, keep one per period.

    What others saw stays; else it is what says who was asked.
    """
    of_question: dict[tuple[object, ...], set[Series]] = defaultdict(set)
    for series in (*deliveries, *published):
        of_question[_about(series)].add(series)
    for series in list(deliveries):
        others = [o for o in of_question[_about(series)] if (o.informant is None) != (series.informant is None)]
        for period in list(deliveries[series]):
            if any(period in span for span in published.get(series, ())):
                continue
            seen = (one for other in others for span in published.get(other, ()) for one in span)
            said = (one for other in others if series.informant is None for one in deliveries.get(other, ()))
            if any(one.overlaps(period) for one in (*seen, *said)):
                del deliveries[series][period]
        if not deliveries[series]:
            del deliveries[series]


def _about(series: Series) -> tuple[object, ...]:
    return series.provider_id, series.arrangement, series.framework, series.indicator


def drafts(
    series: Series,
    periods: Mapping[Period, Delivered],
    published: Mapping[Span, list[Counts]],
    rules: Rules,
) -> Iterator[Draft]:
    """The figures of a series; `published` has for each span what others ever saw of it."""
    sizes = {period: row.counts.n for period, row in periods.items()}
    for span in spans(sizes, list(published), rules):
        rows = [periods[period] for period in span]
        counts = reduce(add, (row.counts for row in rows))
        is_contradicted = any(row.is_contradicted for row in rows)
        earlier = published.get(span, [])
        told = Told(Shown.WITHHELD) if is_contradicted else tell(_after(earlier, counts), rules)
        is_held = bool(earlier) and (is_contradicted or not may_replace(_told(earlier, rules), told, rules))
        if is_held:
            counts = earlier[-1]
            told = tell(_after(earlier[:-1], counts), rules)
        last = rows[-1]
        evidence = tuple(pair for row in rows for pair in row.evidence)
        response = _response(counts.n, [row.invited for row in rows]) if told.shown.tells_something else None
        yield Draft(series, span, counts, told, last.instrument, last.source, response, evidence, is_held)


def _after(earlier: Sequence[Counts], counts: Counts) -> Counts:
    """`counts` as they may be told after `earlier` ones: of marks that were corrected not their own spread, since from
    two means with two spreads one could find the marks of those who came."""
    return replace(counts, sd=None) if any(one != counts for one in earlier) else counts


def _told(earlier: Sequence[Counts], rules: Rules) -> list[Told]:
    """What was told of each of them when it was the newest."""
    return [tell(_after(earlier[:at], one), rules) for at, one in enumerate(earlier)]


def _response(n: int, invited: Iterable[int | None]) -> int | None:
    """Of every hundred asked so many answered, to the nearest ten, so that nobody can count who did not."""
    asked = 0
    for number in invited:
        if number is None:
            return None
        asked += number
    return min(100, 10 * round(10 * n / asked)) if asked >= n else None


def audience_of(phase: Audience, seen_from: date | None, is_wrong: bool, rules: Rules, today: date) -> Audience:
    """Who sees a figure in this phase: others only after its provider could look at it, and not if it is wrong."""
    if not phase.is_beyond_provider:
        return phase
    if is_wrong:
        return Audience.PROVIDER
    has_looked = seen_from is not None and seen_from + timedelta(rules.look_days) <= today
    return phase if has_looked else Audience.PROVIDER


@dataclass(frozen=True, slots=True)
class Established:
    """An average, with what was told of each provider (primary key) that it was made of, and whether it stands."""

    average: Average
    members: Mapping[int, Known] = field(default_factory=dict)
    stands: bool = False


def establish(found: Collection[Draft], rules: Rules) -> Established | WhyNotCompared:
    """The average of these figures: of those that others see, or of all while only region and providers do."""
    seen = [draft for draft in found if draft.audience.is_beyond_provider]
    made_of = seen or list(found)
    made = average([draft.told for draft in made_of], rules)
    if isinstance(made, WhyNotCompared):
        return made
    members = {draft.series.provider_id: draft.told.known for draft in made_of if draft.told.known is not None}
    return Established(made, members, stands=bool(seen))


def with_comparison(draft: Draft, established: Established | WhyNotCompared, rules: Rules) -> None:
    """Say of `draft` how it compares, or why it is not compared."""
    if isinstance(established, WhyNotCompared):
        draft.why_not = established
        return
    draft.average = draft.average_key
    mine = established.members.get(draft.series.provider_id)
    if mine is not None and mine != draft.told.known:
        draft.why_not = WhyNotCompared.CORRECTED
        return
    found = compare(draft.told, established.average, rules, is_member=mine is not None)
    if isinstance(found, WhyNotCompared):
        draft.why_not = found
    else:
        draft.verdict, draft.why_not = found, None


def by_average(found: Iterable[Draft]) -> dict[AverageKey, list[Draft]]:
    """The figures that share an average: of one period each, and with something to tell."""
    sets: dict[AverageKey, list[Draft]] = defaultdict(list)
    for draft in found:
        if not draft.told.shown.tells_something:
            continue
        if len(draft.span) > 1:
            draft.why_not = WhyNotCompared.SEVERAL_PERIODS
        else:
            sets[draft.average_key].append(draft)
    return sets
