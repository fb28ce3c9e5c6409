"""Pages of the dashboard: words, strips and tables that say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.codelists import CodeLists
from portal.catalogue.wording import listing
from portal.core.languages import chosen, gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, NavLink
from portal.desks.dashboard.queries import FREE, LATE_WEEKS, SOON_WEEKS, Response, Supply, Waiting
from portal.desks.strips import Strip, share_strip, stacked_strip
from portal.exchange.sheets import SheetCell
from portal.outcomes.wording import number

VIEWS = (
    ("dashboard.choice", N_("Real choice")),
    ("dashboard.supply", N_("Where there is choice")),
    ("dashboard.waiting", N_("Waiting times")),
    ("dashboard.response", N_("Who told how it was")),
)
MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Key:
    """What a part of a strip stands for."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Legend:
    """What the parts of the strips of a column stand for."""

    title: str
    keys: Sequence[Key]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column, with its name for a narrow screen."""

    name: str
    text: str
    strip: Strip | None = None


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A kind of help."""

    label: str
    note: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Overview:
    """A page with one table."""

    title: str
    lead: str
    legends: Sequence[Legend]
    columns: Sequence[str]
    rows: Sequence[OverviewRow]
    note: str
    file: Link
    more: Link | None = None


def views(current: str) -> Sequence[NavLink]:
    """The pages of the dashboard."""
    return [NavLink(gettext(label), link(endpoint), endpoint == current) for endpoint, label in VIEWS]


def kind_label(kind: str, lists: CodeLists) -> str:
    """What a kind of help is called."""
    return gettext("Freely accessible help") if kind == FREE else lists.label("arrangements", kind, chosen()).label


# --- where there is choice ---------------------------------------------------------------------------------------


def supply_page(supply: Supply, places: Mapping[str, str], lists: CodeLists) -> Overview:
    """In how many municipalities one can choose; `places` are their names by code."""
    columns = (gettext("Two or more"), gettext("One only"), gettext("None"))
    rows = []
    for kind, there in supply.items():
        by_number = [[place for place, many in there.items() if test(many)] for test in (_several, _one, _none)]
        counts = [len(found) for found in by_number]
        cells = [
            Cell(columns[0], gettext("in %(num)s of %(all)s", num=counts[0], all=len(there)),
                 stacked_strip(((counts[0], "full"), (counts[1], "some"), (counts[2], "none")))),
            *(Cell(name, _named(found, places)) for name, found in zip(columns[1:], by_number[1:], strict=True)),
        ]  # fmt: skip
        rows.append(OverviewRow(kind_label(kind, lists), "", cells))
    without = sum(_none(many) or _one(many) for there in supply.values() for many in there.values())
    return Overview(
        gettext("Where there is choice"),
        ngettext(
            "In %(num)s combination of municipality and kind of help a family has nothing to choose: one provider "
            "takes new families there, or none.",
            "In %(num)s combinations of municipality and kind of help a family has nothing to choose: one provider "
            "takes new families there, or none.",
            without,
        ),
        (_legend(gettext("Providers"), full=columns[0], some=columns[1], none=columns[2]),),
        columns,
        rows,
        gettext("Counted are providers with a contract that holds there today, and that take new families."),
        Link(gettext("Every municipality, as a file (CSV)"), link("dashboard.supply_file")),
    )


SUPPLY_HEADER = ("municipality", "arrangement", "providers_that_take_families")


def supply_rows(supply: Supply, places: Mapping[str, str]) -> Iterator[Sequence[SheetCell]]:
    """The same as rows of a file, a municipality and kind of help each."""
    for kind, there in supply.items():
        for place, many in there.items():
            yield places[place], kind or "free", many


def _several(many: int) -> bool:
    return many > 1


def _one(many: int) -> bool:
    return many == 1


def _none(many: int) -> bool:
    return many == 0


def _named(found: Sequence[str], places: Mapping[str, str]) -> str:
    names = sorted(places[place] for place in found)
    if not names:
        return "–"
    if len(names) == len(places):
        return gettext("in all %(num)s", num=len(names))
    if len(names) > MOST_NAMED:
        rest = gettext("%(num)s more", num=len(names) - MOST_NAMED)
        return listing([*names[:MOST_NAMED], rest])
    return listing(names)


# --- waiting times and how fresh they are ------------------------------------------------------------------------


def waiting_page(
    waiting: Mapping[str, Waiting], fresh_days: int, stale_days: int, lists: CodeLists, stale_href: str
) -> Overview:
    """How many offers of each kind begin how soon, and when that was confirmed."""
    columns = (
        gettext("Begins within %(weeks)s weeks", weeks=SOON_WEEKS), gettext("Later"),
        gettext("Takes no families"), gettext("Longer than agreed"),
        gettext("Confirmed in %(days)s days", days=fresh_days), gettext("Old or never told"),
    )  # fmt: skip
    rows = []
    for kind, one in waiting.items():
        soonness = stacked_strip(
            ((one.soon, "full"), (one.later, "some"), (one.late, "late"), (one.stopped, "none"), (one.unknown, "blank"))
        )
        freshness = stacked_strip(
            ((one.fresh, "full"), (one.older, "some"), (one.stale, "late"), (one.never, "blank"))
        )  # fmt: skip
        cells = (
            Cell(columns[0], _of(one.soon, one.offers), soonness),
            Cell(columns[1], _later(one)),
            Cell(columns[2], number(one.stopped)),
            Cell(columns[3], number(one.beyond_norm)),
            Cell(columns[4], _of(one.fresh, one.offers), freshness),
            Cell(columns[5], number(one.stale + one.never)),
        )
        offers = ngettext("%(num)s offer", "%(num)s offers", one.offers)
        rows.append(OverviewRow(kind_label(kind, lists), offers, cells))
    total = sum(one.offers for one in waiting.values())
    fresh = sum(one.fresh for one in waiting.values())
    soon = sum(one.soon for one in waiting.values())
    return Overview(
        gettext("Waiting times, and how fresh they are"),
        gettext(
            "Of the %(offers)s offers %(soon)s begin within %(weeks)s weeks, as their providers tell. Of %(fresh)s "
            "that was confirmed in the last %(days)s days.",
            offers=number(total), soon=number(soon), weeks=SOON_WEEKS, fresh=number(fresh), days=fresh_days,
        ),
        (
            _legend(
                gettext("Waiting time"),
                full=gettext("within %(weeks)s weeks", weeks=SOON_WEEKS),
                some=gettext("within %(weeks)s weeks", weeks=LATE_WEEKS),
                late=gettext("longer"), none=gettext("takes no families"), blank=gettext("not told"),
            ),
            _legend(
                gettext("Confirmed"),
                full=gettext("in %(days)s days", days=fresh_days),
                some=gettext("in %(days)s days", days=stale_days),
                late=gettext("longer ago"), blank=gettext("never"),
            ),
        ),
        columns,
        rows,
        gettext(
            "A waiting time is old after %(days)s days. Waiting times are told by providers, per offer; we never add "
            "them up to one number.", days=stale_days,
        ),
        Link(gettext("As a file (CSV)"), link("dashboard.waiting_file")),
        Link(gettext("Which providers did not confirm theirs"), stale_href),
    )  # fmt: skip


WAITING_HEADER = (
    "arrangement", "offers", "within_4_weeks", "5_to_10_weeks", "longer", "not_told", "takes_no_families",
    "longer_than_agreed", "confirmed", "not_yet_old", "old", "never_told",
)  # fmt: skip


def waiting_rows(waiting: Mapping[str, Waiting]) -> Iterator[Sequence[SheetCell]]:
    """The same as rows of a file."""
    for kind, one in waiting.items():
        yield (
            kind or "free", one.offers, one.soon, one.later, one.late, one.unknown, one.stopped, one.beyond_norm,
            one.fresh, one.older, one.stale, one.never,
        )  # fmt: skip


def _later(one: Waiting) -> str:
    if not one.later and not one.late:
        return "0"
    return gettext(
        "%(later)s within %(weeks)s weeks, %(late)s longer", later=one.later, late=one.late, weeks=LATE_WEEKS
    )  # fmt: skip


# --- who told how it was -----------------------------------------------------------------------------------------


def response_page(response: Mapping[str, Response], lists: CodeLists) -> Overview:
    """How many families that got a code used it."""
    columns = (gettext("Codes used"), gettext("Providers"))
    rows = [
        OverviewRow(
            kind_label(kind, lists),
            ngettext("%(num)s code given", "%(num)s codes given", one.invited),
            (
                Cell(columns[0], _between(one.least, one.most, one.invited),
                     share_strip(one.least, one.most, one.invited)),
                Cell(columns[1], number(len(one.providers))),
            ),
        )
        for kind, one in response.items()
    ]  # fmt: skip
    invited, least, most = (
        sum(getattr(one, name) for one in response.values()) for name in ("invited", "least", "most")
    )
    lead = (
        gettext("Of the families that got a code %(how)s told how it was.", how=_between(least, most, invited))
        if invited
        else gettext("No codes were made yet. With codes families tell how the help was.")
    )
    return Overview(
        gettext("Who told how it was"),
        lead,
        (_legend(columns[0], full=gettext("at least"), maybe=gettext("perhaps")),),
        columns,
        rows,
        gettext(
            "How many codes of a batch were used is only known in steps of five, so that nobody sees when one family "
            "told something. That is why two numbers stand here. The response to figures about results stands with "
            "each figure."
        ),
        Link(gettext("As a file (CSV)"), link("dashboard.response_file")),
    )


RESPONSE_HEADER = ("arrangement", "providers", "batches", "codes_given", "used_at_least", "used_at_most")


def response_rows(response: Mapping[str, Response]) -> Iterator[Sequence[SheetCell]]:
    """The same as rows of a file."""
    for kind, one in response.items():
        yield kind, len(one.providers), one.batches, one.invited, one.least, one.most


def _between(least: int, most: int, of: int) -> str:
    if least == most:
        return gettext("%(num)s of %(all)s", num=number(least), all=number(of))
    return gettext("%(least)s to %(most)s of %(all)s", least=number(least), most=number(most), all=number(of))


def _of(part: int, of: int) -> str:
    return gettext("%(num)s of %(all)s", num=number(part), all=number(of))


def _legend(title: str, **labels: str) -> Legend:
    return Legend(title, [Key(kind, label) for kind, label in labels.items()])
