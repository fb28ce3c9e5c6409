"""White spots, ready for a template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal.catalogue.codelists import Municipality
from portal.catalogue.wording import month
from portal.core.languages import chosen, gettext, ngettext
from portal.core.links import link
from portal.core.pages import Link, Option
from portal.exchange.sheets import SheetCell
from portal.search.white_spots.reports import ReportedSpot
from portal.search.white_spots.types import SpotKind


@dataclass(frozen=True, slots=True)
class ShownSpot:
    """Something that many looked for in vain."""

    label: str
    where: str
    at_least: str
    now: str
    lang: str
    onward: Link | None
    """What can be done about it."""


@dataclass(frozen=True, slots=True)
class GapsPage:
    """White spots of a month."""

    months: Sequence[Option]
    municipalities: Sequence[Option]
    words: Sequence[ShownSpot]
    topics: Sequence[ShownSpot]
    empty: str
    least: str
    file_href: str
    no_choice_href: str


def gaps_page(
    periods: Sequence[str], period: str, spots: Sequence[ReportedSpot], municipalities: Sequence[Municipality],
    municipality: str, least: int, may_edit: bool,
) -> GapsPage:  # fmt: skip
    """What was looked for in vain in `period`; topics also narrowed to a municipality (CBS code)."""
    asked = {name: value for name, value in (("maand", period), ("gemeente", municipality)) if value}
    empty = ""
    if not periods:
        empty = gettext("There is nothing to tell yet. A month is told when it is over, and only what many looked for.")
    elif not spots:
        empty = gettext("Nothing fits this. Choose another month or municipality.")
    return GapsPage(
        [Option(one, month(one), one == period) for one in periods],
        [Option(one.code, one.name, one.code == municipality) for one in municipalities],
        [_word(spot, may_edit) for spot in spots if spot.kind is SpotKind.WORD],
        [_topic(spot) for spot in spots if spot.kind is SpotKind.TOPIC],
        empty,
        gettext(
            "Only single words and topics are counted, and only what was met %(least)s times or more on several days. "
            "Numbers are rounded down. No sentence is kept, and nothing of who searched.", least=least,
        ),
        link("gaps.file", **asked),
        link("dashboard.supply"),
    )  # fmt: skip


def _at_least(spot: ReportedSpot) -> str:
    return ngettext("at least %(num)s time", "at least %(num)s times", spot.at_least)


def _word(spot: ReportedSpot, may_edit: bool) -> ShownSpot:
    onward = Link(gettext("Put it with a topic"), link("words.index", woord=spot.label)) if may_edit else None
    return ShownSpot(spot.label, "", _at_least(spot), "", "nl", onward)


def _topic(spot: ReportedSpot) -> ShownSpot:
    now = ""
    if spot.providers_now is not None:
        now = ngettext("%(num)s provider", "%(num)s providers", spot.providers_now)
    place = {"gemeente": spot.municipality} if spot.municipality else {}
    onward = Link(gettext("Search it"), link("search.results", q=spot.label, **place))
    where = spot.municipality or gettext("no municipality told")
    return ShownSpot(spot.label, where, _at_least(spot), now, chosen(), onward)


SPOT_COLUMNS = ("month", "kind", "code", "label", "municipality", "at_least", "providers_now")


def spot_rows(spots: Iterable[ReportedSpot]) -> Iterator[Sequence[SheetCell]]:
    """The same as rows of a file, under `SPOT_COLUMNS`."""
    for spot in spots:
        yield ["" if cell is None else cell for cell in (getattr(spot, name) for name in SPOT_COLUMNS)]
