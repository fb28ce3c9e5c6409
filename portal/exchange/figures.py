"""Figures for other programs: the API and the open data say the same, with all that a reader must know beside them.

The fingerprint of the file that a figure was made from is not among it: with a file of which nearly all is known, one
could try which small counts lead to it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated

from portal.catalogue.codelists import CodeLists
from portal.exchange.destination import new_file
from portal.exchange.export import csv_cell
from portal.exchange.sheets import SheetCell
from portal.outcomes import wording
from portal.outcomes.models import Figure
from portal.outcomes.types import Indicator, Informant, MeasuredFramework, Rules, Shown, Verdict, Voice, WhyNotCompared


@dataclass(frozen=True, slots=True)
class FigureRecord:
    """What may be told of one provider's results; what may not is null. Show the caveats wherever you show a number."""

    provider_id: Annotated[str, "Identifier of the data package."]
    provider: Annotated[str, "Its name."]
    slug: Annotated[str, "Its part of the address `/api/v1/providers/{slug}`."]
    arrangement: Annotated[str, "Code of `/api/v1/arrangements`."]
    framework: Annotated[MeasuredFramework, "Never compare or add up the two."]
    indicator: Indicator
    indicator_label: str
    better: Annotated[str, "`higher` or `lower`."]
    periods: Annotated[str, "A year, `2025`, a half of it, `2025-H1`, or several with `;` between them."]
    informant: Annotated[Informant | None, "Who said so."]
    instrument: Annotated[str, "The questionnaire; empty where there was none."]
    source: Annotated[str, "Where the counts come from."]
    shown: Annotated[
        Shown,
        "`exact`: all numbers are there. `below`, `above`: fewer, or more, than `bound`. `few`: too few families. "
        "`withheld`: two sources contradict each other.",
    ]
    n: Annotated[int | None, "Families, or marks, that were counted."]
    numerator: Annotated[int | None, "How many it was true of."]
    mean: Annotated[float | None, "The mean mark, 1 to 10."]
    bound: Annotated[float | None, "Fewer, or more, than this: families, or a mean mark."]
    low: Annotated[float | None, "Lower end of the 95 % interval: a share of 1, or a mark."]
    high: Annotated[float | None, "Upper end."]
    response: Annotated[int | None, "Of every hundred asked so many answered, to the nearest ten; null where unknown."]
    average: Annotated[
        float | None,
        "Of the same help, framework, indicator, period, informant and instrument: the middle of what it can be.",
    ]
    average_low: Annotated[float | None, "The least it can be: the counts of some providers are told as a bound."]
    average_high: Annotated[float | None, "The most it can be."]
    average_providers: int | None
    average_n: Annotated[int | None, "Families in the average."]
    average_tau2: Annotated[
        float | None, "Variance between providers besides chance: on the arcsine scale, of marks as marks."
    ]
    rankability: Annotated[float | None, "At least this part of the differences between providers is not chance."]
    verdict: Verdict
    why_not_compared: WhyNotCompared | None
    sentence: Annotated[str, "The figure in words for families."]
    how_sure: Annotated[str, "How sure it is, in words."]
    comparison: Annotated[str, "How it compares, in words."]
    caveats: Annotated[tuple[str, ...], "What it cannot tell. Show them with the number."]
    objection: Annotated[str | None, "Why the provider disagrees, until the region has settled it."]
    provider_comment: str | None
    region_comment: str | None
    formula: Annotated[int, "Version of the arithmetic, explained at `/resultaten`."]


@dataclass(frozen=True, slots=True)
class FiguresFound:
    """One page of figures, in an order that tells nothing: by provider, arrangement, indicator and period."""

    total: int
    page: int
    per_page: int
    next: Annotated[str | None, "Address of the next page."]
    previous: Annotated[str | None, "Address of the page before."]
    explained: Annotated[str, "Page that explains every figure, for families and for professionals."]
    results: tuple[FigureRecord, ...]


def figure_records(figures: Iterable[Figure], rules: Rules, lists: CodeLists, language: str) -> list[FigureRecord]:
    """The figures as others may have them, with labels and sentences in `language` (that of the request)."""
    return [_record(figure, rules, lists, language) for figure in figures]


def _record(figure: Figure, rules: Rules, lists: CodeLists, language: str) -> FigureRecord:
    average = figure.average if figure.average is not None and figure.average.established_on is not None else None
    open_objections = [objection.reason for objection in figure.objections if objection.settled_on is None]
    comments = {comment.voice: comment.text for comment in figure.comments}
    return FigureRecord(
        provider_id=figure.provider.identifier,
        provider=figure.provider.name,
        slug=figure.provider.slug,
        arrangement=figure.arrangement,
        framework=figure.framework,
        indicator=figure.indicator,
        indicator_label=lists.label("indicators", figure.indicator, language).label,
        better=lists.indicators[figure.indicator],
        periods=figure.periods,
        informant=figure.informant,
        instrument=figure.instrument,
        source=figure.source,
        shown=figure.shown,
        n=figure.n,
        numerator=figure.numerator,
        mean=figure.mean,
        bound=_rounded(figure.bound, 2),
        low=_rounded(figure.low, 2 if figure.is_mean else 4),
        high=_rounded(figure.high, 2 if figure.is_mean else 4),
        response=figure.response,
        average=average.value if average else None,
        average_low=average.low if average else None,
        average_high=average.high if average else None,
        average_providers=average.providers if average else None,
        average_n=average.n if average else None,
        average_tau2=_rounded(average.tau2, 6) if average else None,
        rankability=_rounded(average.rankability, 3) if average else None,
        verdict=figure.verdict,
        why_not_compared=figure.why_not,
        sentence=wording.headline(figure, rules.least_shown),
        how_sure=wording.how_sure(figure),
        comparison=wording.comparison(figure, average, rules.compared_from),
        caveats=tuple(wording.caveats(figure, figure.arrangement)),
        objection=" / ".join(open_objections) or None,
        provider_comment=comments.get(Voice.PROVIDER),
        region_comment=comments.get(Voice.REGION),
        formula=figure.formula,
    )


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)


def write_figures(records: Sequence[FigureRecord], path: Path) -> None:
    """Write the figures to `path` as CSV for a Dutch spreadsheet program, every caveat in a column of its own row.

    Raises CannotWriteError where `path` cannot be used.
    """
    with new_file(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(CSV_HEADER)
        writer.writerows([csv_cell(value) for value in csv_values(record)] for record in records)


CSV_HEADER = tuple(field.name for field in fields(FigureRecord))


def csv_values(record: FigureRecord) -> list[SheetCell]:
    """The figure as the values of a row under `CSV_HEADER`, not guarded yet."""
    values = (getattr(record, name) for name in CSV_HEADER)
    return [" ".join(value) if isinstance(value, tuple) else value for value in values]
