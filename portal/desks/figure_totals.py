"""Averages per kind of help, and one of them with the providers around it: for the region and for who refers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.presenters.common import Context
from portal.core.languages import gettext
from portal.core.pages import Link, Narrowing, Option
from portal.desks.figure_pages import indicator_label
from portal.outcomes import wording
from portal.outcomes.funnel import Funnel, funnel
from portal.outcomes.models import Average, Figure
from portal.outcomes.queries import Comparable
from portal.outcomes.types import Audience, Indicator, Period, Rules, Verdict

_GROUPS = (Verdict.HIGHER, Verdict.EQUAL, Verdict.NO_DIFFERENCE, Verdict.LOWER, Verdict.NOT_COMPARED)


@dataclass(frozen=True, slots=True)
class TotalRow:
    """The average of a kind of help."""

    what: Link
    about: str
    value: str
    providers: str
    families: str
    real: str
    """Which part of the differences is not chance."""


@dataclass(frozen=True, slots=True)
class TotalsPage:
    """Averages by period, the newest first."""

    periods: Sequence[tuple[str, Sequence[TotalRow]]]
    narrowings: Sequence[Narrowing]
    is_narrowed: bool
    fields: Sequence[tuple[str, str]]
    """What narrowing keeps of the address."""
    index_href: str
    file_href: str
    """All figures as a file."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Which totals somebody wants to see; empty leaves it open."""

    arrangement: str = ""
    indicator: str = ""
    period: str = ""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Totals:
        """From the address: `hulp`, `cijfer`, `periode`."""
        return cls(*(args.get(name, "")[:50] for name in ("hulp", "cijfer", "periode")))

    def has(self, one: Average) -> bool:
        """Whether this average is among them."""
        asked = (self.arrangement, one.arrangement), (self.indicator, one.indicator.value), (self.period, one.period)
        return all(wanted in ("", is_) for wanted, is_ in asked)


def totals_page(
    averages: Sequence[Average], wanted: Totals, href: Callable[[Average], str], fields: Sequence[tuple[str, str]],
    index_href: str, file_href: str, context: Context,
) -> TotalsPage:  # fmt: skip
    """The averages that the viewer may see, of them those that are `wanted`; `href` leads to the comparison."""
    order = {code: place for place, code in enumerate(context.code_lists.arrangements)}
    kinds = {code: place for place, code in enumerate(context.code_lists.indicators)}
    by_period: dict[str, list[Average]] = {}
    for one in filter(wanted.has, averages):
        by_period.setdefault(one.period, []).append(one)
    return TotalsPage(
        [
            (
                wording.period(Period.read(period)),
                [
                    _total(one, href(one), context)
                    for one in sorted(
                        found,
                        key=lambda one: (
                            one.framework.value != "voluntary", order.get(one.arrangement, len(order)),
                            kinds[one.indicator.value], str(one.informant),
                        ),
                    )
                ],
            )
            for period, found in by_period.items()
        ],
        _narrowings(averages, wanted, context),
        wanted != Totals(),
        fields,
        index_href,
        file_href,
    )  # fmt: skip


def _narrowings(averages: Sequence[Average], wanted: Totals, context: Context) -> Sequence[Narrowing]:
    there = {one.arrangement for one in averages}, {one.indicator for one in averages}
    arrangements = [code for code in context.code_lists.arrangements if code in there[0]]
    indicators = [code for code in context.code_lists.indicators if Indicator(code) in there[1]]
    return [
        Narrowing(
            "hulp", gettext("Kind of help"), gettext("All kinds of help"),
            [Option(code, context.arrangement(code).label, code == wanted.arrangement) for code in arrangements],
        ),
        Narrowing(
            "cijfer", gettext("Figure"), gettext("All figures"),
            [Option(code, indicator_label(Indicator(code), context), code == wanted.indicator) for code in indicators],
        ),
        Narrowing(
            "periode", gettext("Period"), gettext("All periods"),
            [
                Option(one, wording.period(Period.read(one)), one == wanted.period)
                for one in dict.fromkeys(average.period for average in averages)
            ],
        ),
    ]  # fmt: skip


def _total(one: Average, href: str, context: Context) -> TotalRow:
    words = (gettext(wording.FRAMEWORKS[one.framework]), gettext(wording.INFORMANTS[one.informant]))
    value = wording.average_value(one)
    return TotalRow(
        Link(f"{context.arrangement(one.arrangement).label}: {indicator_label(one.indicator, context)}", href),
        " · ".join(words),
        value,
        wording.number(one.providers),
        wording.number(one.n),
        gettext("%(part)s of every 100", part=wording.percent(one.rankability)),
    )


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A provider beside the average."""

    provider: Link
    value: str
    range: str
    n: str
    verdict: str
    audience: str
    """Who alone sees it; empty for everybody."""


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Figures that share an average."""

    title: str
    about: str
    average: str
    plot: Funnel | None
    """None for marks."""
    rows: Sequence[ComparisonRow]
    groups: Sequence[tuple[str, Sequence[Link]]]
    """By how they compare, by name within; empty where most of the differences are chance."""
    why_no_groups: str
    back: Link


def comparison_page(
    shown: Comparable, href: Callable[[Figure], str], rules: Rules, back: Link, context: Context
) -> ComparisonPage:
    """The comparison; `href` leads to the figures of a provider."""
    average, figures = shown.average, [one for one in shown.figures if one.shown.tells_something]
    usual = wording.average_value(average)
    is_rankable = average.rankability >= rules.rankable_from
    groups = [
        (gettext(wording.VERDICTS[verdict]), [_provider(one, href) for one in figures if one.verdict is verdict])
        for verdict in _GROUPS
    ]
    return ComparisonPage(
        title=f"{context.arrangement(average.arrangement).label}: {indicator_label(average.indicator, context)}",
        about=" · ".join(
            (wording.period(Period.read(average.period)), gettext(wording.FRAMEWORKS[average.framework]),
             gettext(wording.INFORMANTS[average.informant]), *filter(None, (average.instrument,)))
        ),
        average=gettext(
            "The average is %(value)s, of %(providers)s providers and %(families)s families, rounded.",
            value=usual, providers=wording.number(average.providers), families=wording.number(average.n),
        ),
        plot=None if average.is_mean else funnel(shown, rules.rankable_from, context),
        rows=[_row(one, href) for one in figures],
        groups=[(words, found) for words, found in groups if found] if is_rankable else [],
        why_no_groups="" if is_rankable else gettext(
            "We draw no groups: of the differences between these providers, by estimate, only %(part)s of every 100 "
            "parts are real. Groups would say more than the figures do.", part=wording.percent(average.rankability),
        ),
        back=back,
    )  # fmt: skip


def _provider(figure: Figure, href: Callable[[Figure], str]) -> Link:
    return Link(figure.provider.name, href(figure))


def _row(figure: Figure, href: Callable[[Figure], str]) -> ComparisonRow:
    return ComparisonRow(
        _provider(figure, href),
        wording.short(figure),
        wording.range_in_words(figure),
        wording.number(figure.n) if figure.n is not None else "",
        gettext(wording.VERDICTS[figure.verdict]),
        gettext(wording.AUDIENCES[figure.audience]) if figure.audience is not Audience.PUBLIC else "",
    )
