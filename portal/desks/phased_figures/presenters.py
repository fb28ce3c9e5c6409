"""Figures of their phase for who works with families, ready for a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.models import Offer
from portal.catalogue.presenters.common import Context
from portal.catalogue.types import Framework, OfferAccess
from portal.choosing.criteria import Pairs
from portal.choosing.presenters.common import address
from portal.core.languages import gettext
from portal.core.pages import Link
from portal.desks.figure_pages import indicator_label
from portal.outcomes import wording
from portal.outcomes.models import Average, Figure
from portal.outcomes.types import Audience, Indicator, Informant, MeasuredFramework, Rules

FRAMEWORKS = {
    Framework.VOLUNTARY: (MeasuredFramework.VOLUNTARY,),
    Framework.MANDATORY: (MeasuredFramework.MANDATORY,),
    Framework.BOTH: (MeasuredFramework.VOLUNTARY, MeasuredFramework.MANDATORY),
}
"""Which figures belong to an offer."""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure in a list: what it is about, what it says, and how it compares."""

    label: str
    sentence: str
    verdict: str
    """Empty where it is not compared."""
    audience: str
    """Who alone sees it; empty for everybody."""


def figure_lines(offer: Offer, figures: Iterable[Figure], rules: Rules, context: Context) -> Sequence[FigureLine]:
    """The newest of each kind about this help; none beside free help, of which nobody counts what came."""
    if offer.access is OfferAccess.FREE:
        return ()
    told = [figure for figure in figures if figure.framework in FRAMEWORKS[offer.framework]]
    return [_line(figure, rules, context) for figure in newest(told, context)]


def newest(figures: Iterable[Figure], context: Context) -> list[Figure]:
    """Of each kind the newest figure that tells something, in the order of the list; forced help last."""
    order = {Indicator(code): place for place, code in enumerate(context.code_lists.indicators)}
    kinds: dict[tuple[bool, int, str, bool], Figure] = {}
    for figure in sorted(figures, key=lambda figure: (figure.period, figure.id)):
        if figure.shown.tells_something:
            is_forced = figure.framework is MeasuredFramework.MANDATORY
            kinds[is_forced, order[figure.indicator], str(figure.informant), figure.is_mean] = figure
    return [kinds[key] for key in sorted(kinds)]


def _line(figure: Figure, rules: Rules, context: Context) -> FigureLine:
    return FigureLine(
        _label(figure, context),
        f"{wording.headline(figure, rules.least_shown)} {wording.how_sure(figure)}".strip(),
        _verdict(figure),
        gettext(wording.AUDIENCES[figure.audience]) if figure.audience is not Audience.PUBLIC else "",
    )


def _label(figure: Figure, context: Context) -> str:
    parts = [indicator_label(figure.indicator, context), wording.periods(figure)]
    if figure.framework is MeasuredFramework.MANDATORY:
        parts.append(gettext(wording.FRAMEWORKS[figure.framework]))
    return ", ".join(parts)


def _verdict(figure: Figure) -> str:
    """How it compares, where the average is told: it stands from the day on which others than the provider see it."""
    is_told = figure.average is not None and figure.average.established_on is not None
    return wording.beside_average(figure) if is_told else ""


# --- side by side -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """What one provider's figure says."""

    value: str
    note: str
    audience: str


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of figure with the value of each provider."""

    label: str
    average: str
    cells: Sequence[tuple[str, Cell]]
    """By the name of the provider."""


@dataclass(frozen=True, slots=True)
class Table:
    """Providers of one kind of help, and one framework; others are never beside them."""

    caption: str
    providers: Sequence[Link]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Figures side by side."""

    tables: Sequence[Table]
    is_mixed: bool
    """Whether there are several tables, since figures of different help are not compared."""
    why_none: str
    back: Link
    totals_href: str


def compare_page(
    offers: Sequence[Offer], figures: Mapping[int, Sequence[Figure]], carried: Pairs, context: Context
) -> ComparePage:
    """The offers with their figures (by provider), a table for each kind of help and framework.

    `carried` is the search and the list from which they come.
    """
    sets: dict[tuple[str, MeasuredFramework], list[Offer]] = {}
    for offer in offers:
        if offer.arrangement:
            for framework in FRAMEWORKS[offer.framework]:
                sets.setdefault((offer.arrangement, framework), []).append(offer)
    tables = []
    for (arrangement, framework), found in sets.items():
        kept = {
            offer.provider_id: newest(
                (one for one in figures.get(offer.provider_id, ())
                 if (one.arrangement, one.framework) == (arrangement, framework)),
                context,
            )
            for offer in found
        }  # fmt: skip
        if any(kept.values()):
            tables.append(_table(arrangement, framework, found, kept, carried, context))
    return ComparePage(
        tables,
        len(tables) > 1,
        "" if tables else gettext("There are no figures to lay side by side. Choose two to four offers in the list."),
        Link(gettext("Back to the list"), address("conversation.shortlist", carried))
        if offers
        else Link(gettext("Back to the search"), address("conversation.search", carried)),
        address("phased_figures.totals", carried),
    )


def _table(
    arrangement: str, framework: MeasuredFramework, offers: Sequence[Offer], kept: Mapping[int, Sequence[Figure]],
    carried: Pairs, context: Context,
) -> Table:  # fmt: skip
    providers = {offer.provider_id: offer.provider for offer in offers}
    kinds: dict[tuple[Indicator, Informant | None, bool], None] = {}
    for figures in kept.values():
        kinds |= {(one.indicator, one.informant, one.is_mean): None for one in figures}
    order = {Indicator(code): place for place, code in enumerate(context.code_lists.indicators)}
    rows = []
    for kind in sorted(kinds, key=lambda kind: (order[kind[0]], str(kind[1]), kind[2])):
        of = {
            key: next((one for one in found if (one.indicator, one.informant, one.is_mean) == kind), None)
            for key, found in kept.items()
        }
        rows.append(
            Row(
                f"{indicator_label(kind[0], context)} ({gettext(wording.INFORMANTS[kind[1]]).lower()})",
                _average([one for one in of.values() if one is not None]),
                [(provider.name, _cell(of.get(key))) for key, provider in providers.items()],
            )
        )
    caption = f"{context.arrangement(arrangement).label} · {gettext(wording.FRAMEWORKS[framework])}"
    names = [Link(one.name, address("conversation.provider", carried, slug=one.slug)) for one in providers.values()]
    return Table(caption, names, rows)


def _average(figures: Sequence[Figure]) -> str:
    """The average, where all figures of the row have the same."""
    found = {one.average for one in figures}
    average: Average | None = next(iter(found)) if len(found) == 1 else None
    if average is None or average.established_on is None:
        return ""
    value = wording.average_value(average)
    return gettext("on average %(value)s", value=value)


def _cell(figure: Figure | None) -> Cell:
    if figure is None:
        return Cell(gettext("no figure"), "", "")
    note = [
        wording.range_in_words(figure),
        wording.how_many(figure) if figure.n is not None else "",
        wording.periods(figure),
        _verdict(figure),
    ]
    audience = gettext(wording.AUDIENCES[figure.audience]) if figure.audience is not Audience.PUBLIC else ""
    return Cell(wording.short(figure), " · ".join(filter(None, note)), audience)
