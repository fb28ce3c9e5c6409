"""White spots and places without a choice, ready for a template."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from portal.catalogue.codelists import CodeLists, Municipality
from portal.catalogue.wording import month
from portal.core.languages import chosen, gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Option
from portal.desks.gaps.queries import Supply
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
        link("gaps.no_choice", **({"gemeente": municipality} if municipality else {})),
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


def spots_file(spots: Iterable[ReportedSpot]) -> str:
    """The same for a spreadsheet program."""
    return _file(SPOT_COLUMNS, ([getattr(spot, name) for name in SPOT_COLUMNS] for spot in spots))


def _file(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    file = StringIO(newline="")
    file.write("\ufeff")
    writer = csv.writer(file, delimiter=";")
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return file.getvalue()


# --- where there is no choice -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Places:
    """Municipalities in which so many providers take new families, with who it is where it is one."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of help, and where a family has no choice."""

    label: str
    href: str
    nobody: Places
    one: Places
    choice: str


@dataclass(frozen=True, slots=True)
class NoChoicePage:
    """Where in the region is no choice."""

    lead: str
    rows: Sequence[KindRow]
    municipalities: Sequence[Option]
    narrowed: str
    file_href: str
    back: Link


_NOBODY, _ONE = N_("Nobody takes families"), N_("One provider does")


def no_choice_page(
    supplies: Sequence[Supply], lists: CodeLists, municipalities: Sequence[Municipality], municipality: str
) -> NoChoicePage:
    """Kinds of help by how often there is no choice, the most first; narrowed to a municipality (CBS code) or not."""
    names = {one.code: one.name for one in municipalities}
    shown = [one for one in supplies if municipality in ("", one.municipality)]
    by_kind: dict[str, list[Supply]] = {}
    for one in shown:
        by_kind.setdefault(one.arrangement, []).append(one)
    lacking = sum(not one.has_choice for one in shown)
    rows = [
        _kind(kind, here, lists, names)
        for kind, here in sorted(by_kind.items(), key=lambda item: -sum(not one.has_choice for one in item[1]))
        if any(not one.has_choice for one in here)
    ]
    if lacking:
        lead = gettext(
            "Of %(all)s combinations of a kind of help and a municipality, %(lacking)s have fewer than two contracted "
            "providers that take new families.", all=len(shown), lacking=lacking,
        )  # fmt: skip
    else:
        lead = gettext("Everywhere a family can choose between two providers or more that take new families.")
    asked = {"gemeente": municipality} if municipality else {}
    return NoChoicePage(
        lead, rows, [Option(code, name, code == municipality) for code, name in names.items()],
        names.get(municipality, ""), link("gaps.no_choice_file", **asked),
        Link(gettext("White spots"), link("gaps.index")),
    )  # fmt: skip


def _kind(kind: str, here: Sequence[Supply], lists: CodeLists, names: Mapping[str, str]) -> KindRow:
    nobody = [_nobody(one, names) for one in here if not one.taking]
    one_only = [f"{names[one.municipality]} ({one.taking[0]})" for one in here if len(one.taking) == 1]
    choice = sum(one.has_choice for one in here)
    return KindRow(
        lists.label("arrangements", kind, chosen()).label,
        link("search.results", arrangement=kind),
        Places(gettext(_NOBODY), nobody),
        Places(gettext(_ONE), one_only),
        ngettext("%(num)s municipality", "%(num)s municipalities", choice),
    )


def _nobody(one: Supply, names: Mapping[str, str]) -> str:
    name = names[one.municipality]
    if one.contracted:
        stopped = ngettext("%(num)s has an intake stop", "%(num)s have an intake stop", one.contracted)
        return f"{name} ({stopped})"
    return name


def supply_file(supplies: Iterable[Supply], lists: CodeLists, municipality: str) -> str:
    """Every combination, for a spreadsheet program."""
    return _file(
        ("arrangement", "label", "municipality", "name", "taking_families", "contracted", "providers"),
        (
            (
                one.arrangement, lists.label("arrangements", one.arrangement, chosen()).label, one.municipality,
                lists.municipalities[one.municipality].name, len(one.taking), one.contracted, "; ".join(one.taking),
            )
            for one in supplies
            if municipality in ("", one.municipality)
        ),
    )  # fmt: skip
