"""Who delivered counts of which period, and what is odd about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.models import Provider
from portal.catalogue.presenters.common import Context
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.pages import Link, Option, Pager
from portal.desks.figure_pages import indicator_label
from portal.exchange.labels import column_label
from portal.exchange.models import ImportRun
from portal.outcomes import wording
from portal.outcomes.models import Doubt
from portal.outcomes.types import Indicator, Period

PERIODS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """What a provider delivered of a period."""

    said: str
    is_missing: bool
    doubts: Link | None


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A provider."""

    provider: Link
    has_contract: bool
    cells: Sequence[tuple[str, Cell]]
    """By period."""


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """Providers by period."""

    summary: Sequence[str]
    periods: Sequence[str]
    missing: Sequence[Option]
    """To show only who delivered nothing of a period."""
    rows: Sequence[CalendarRow]
    count: str
    index_href: str


def calendar_page(
    providers: Sequence[Provider],
    contracted: frozenset[int],
    delivered: Mapping[int, Mapping[str, frozenset[Indicator]]],
    doubts: Mapping[tuple[int, str], int],
    missing: str,
) -> CalendarPage:
    """Those who have a contract or delivered something, `missing`: only who has a contract and nothing of a period."""
    periods = sorted({period for found in delivered.values() for period in found}, key=Period.read, reverse=True)
    shown = periods[:PERIODS_SHOWN]
    asked = missing if missing in periods else ""
    listed = [
        one
        for one in providers
        if (one.id in contracted or one.id in delivered)
        and (not asked or (one.id in contracted and asked not in delivered.get(one.id, {})))
    ]
    words = {period: wording.period(Period.read(period)) for period in periods}
    return CalendarPage(
        summary=[
            gettext(
                "%(period)s: %(some)s of the %(all)s providers with a contract delivered something.",
                period=words[period],
                some=sum(period in delivered.get(key, {}) for key in contracted),
                all=len(contracted),
            )
            for period in shown
        ],
        periods=[words[period] for period in shown],
        missing=[Option(period, words[period], period == asked) for period in shown],
        rows=[
            CalendarRow(
                Link(one.name, link("catalogue.provider", slug=one.slug)),
                one.id in contracted,
                [
                    (words[period], _cell(one, period, delivered.get(one.id, {}).get(period, frozenset()), doubts))
                    for period in shown
                ],
            )
            for one in listed
        ],
        count=ngettext("%(num)s provider", "%(num)s providers", len(listed)),
        index_href=link("region_figures.index"),
    )


def _cell(
    provider: Provider, period: str, kinds: frozenset[Indicator], doubts: Mapping[tuple[int, str], int]
) -> Cell:  # fmt: skip
    count = doubts.get((provider.id, period), 0)
    odd = None
    if count:
        odd = Link(
            ngettext("%(num)s odd", "%(num)s odd", count),
            link("region_figures.doubts", aanbieder=provider.slug, periode=period),
        )
    said = gettext("%(some)s of %(all)s kinds", some=len(kinds), all=len(Indicator)) if kinds else gettext("nothing")
    return Cell(said, not kinds, odd)


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """Something odd, where it stands, and what would help."""

    provider: str
    about: str
    place: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class DoubtsPage:
    """What is odd about counts."""

    count: str
    lines: Sequence[DoubtLine]
    is_narrowed: bool
    all_href: str
    index_href: str
    pager: Pager


def doubts_page(
    total: int, found: Sequence[Doubt], runs: Mapping[int, ImportRun], is_narrowed: bool, pager: Pager, context: Context
) -> DoubtsPage:
    """A page of doubts."""
    return DoubtsPage(
        ngettext("%(num)s thing is odd", "%(num)s things are odd", total),
        [_doubt(one, runs, context) for one in found],
        is_narrowed,
        link("region_figures.doubts"),
        link("region_figures.index"),
        pager,
    )


def _doubt(one: Doubt, runs: Mapping[int, ImportRun], context: Context) -> DoubtLine:
    about = [
        indicator_label(one.indicator, context),
        context.arrangement(one.arrangement).label,
        gettext(wording.FRAMEWORKS[one.framework]),
        wording.period(Period.read(one.period)),
        context.municipality(one.municipality),
    ]
    run = runs.get(one.import_run_id or 0)
    place = [run.file_name] if run else []
    if one.import_row:
        place.append(gettext("row %(number)s", number=one.import_row))
    place.append(column_label(one.column, context.language))
    return DoubtLine(
        one.provider.name,
        " · ".join(filter(None, about)),
        ", ".join(place),
        _said(one.reason, context),
        _said(one.remedy, context),
    )


def _said(texts: Mapping[str, str], context: Context) -> str:
    return texts.get(context.language) or next(iter(texts.values()), "")
