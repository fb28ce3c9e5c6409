"""Counting a talk, and what came of talks in a quarter, ready for a template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal

from portal.catalogue.codelists import CodeLists
from portal.catalogue.wording import listing
from portal.core.languages import chosen, gettext, ngettext
from portal.core.pages import Link, Notice, Option
from portal.desks.choice.disclosure import Row, Told
from portal.desks.choice.types import Talk
from portal.desks.strips import Strip, share_strip
from portal.exchange.sheets import SheetCell
from portal.outcomes.types import Rules
from portal.outcomes.wording import number
from portal.reviews.types import Quarter
from portal.reviews.wording import quarter_words


@dataclass(frozen=True, slots=True)
class TalkPage:
    """The form in which a talk is counted."""

    place: str
    press: str
    arrangements: Sequence[Option]
    offered: str
    discussed: str
    real: Sequence[Option]
    """The outcomes that are a choice."""
    none: Sequence[Option]
    """The reasons why there was none."""
    errors: Mapping[str, str]
    notice: Notice | None
    numbers_href: str


@dataclass(frozen=True, slots=True)
class CountedPage:
    """What was counted, and the way to take it back."""

    lines: Sequence[str]
    undo: str
    """What a form sends to take it back."""
    is_again: bool
    """Whether this very form was counted before."""
    next_href: str
    search_href: str
    """Where the next talk begins."""


def talk_page(
    place: str, press: str, typed: Mapping[str, str], errors: Mapping[str, str], notice: Notice | None,
    arrangements: Sequence[str], lists: CodeLists, numbers_href: str,
) -> TalkPage:  # fmt: skip
    """The form with what was typed, or what a list of offers says already."""
    labels = _labels(lists)
    outcomes = {
        kind: [
            Option(code, labels("choice_outcomes", code), code == typed.get("outcome"))
            for code, one in lists.choice_outcomes.items() if one.is_asked and one.is_real is kind
        ]
        for kind in (True, False)
    }  # fmt: skip
    return TalkPage(
        place, press,
        [Option(code, labels("arrangements", code), code == typed.get("arrangement")) for code in arrangements],
        typed.get("offered", ""), typed.get("discussed", ""), outcomes[True], outcomes[False], errors, notice,
        numbers_href,
    )  # fmt: skip


def counted_page(
    talk: Talk, undo: str, lists: CodeLists, next_href: str, search_href: str, *, is_again: bool
) -> CountedPage:  # fmt: skip
    """What was counted."""
    labels = _labels(lists)
    lines = [
        labels("arrangements", talk.arrangement),
        ngettext("%(num)s provider fitted", "%(num)s providers fitted", talk.offered),
        ngettext("%(num)s talked about", "%(num)s talked about", talk.discussed),
        labels("choice_outcomes", talk.outcome),
    ]
    return CountedPage(lines, undo, is_again, next_href, search_href)


# --- what came of talks -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A municipality or kind of help, or several together."""

    label: str
    note: str
    """Which ones are together."""
    talks: str
    real: str
    offered: str
    discussed: str
    strip: Strip | None
    """None where another table tells how often the choice was real."""


@dataclass(frozen=True, slots=True)
class ShownReason:
    """Why there was no choice."""

    label: str
    times: str
    strip: Strip


@dataclass(frozen=True, slots=True)
class ShownTable:
    """Rows that make up the whole."""

    caption: str
    first: str
    """What stands in the first column."""
    rows: Sequence[ShownRow]

    @property
    def elsewhere(self) -> str:
        """Why no row of this table says how often the choice was real; empty where some do."""
        if any(row.strip for row in self.rows):
            return ""
        return gettext(
            "How often the choice was real stands in the other table only: from the two together somebody could work "
            "out a small number."
        )


@dataclass(frozen=True, slots=True)
class Numbers:
    """What may be told of a quarter."""

    quarters: Sequence[Option]
    """The quarters that are over, with their codes."""
    quarter: str
    lead: str
    """In how many talks the choice was real; why nothing is told where nothing is."""
    tables: Sequence[ShownTable]
    reasons: Sequence[ShownReason]
    file: Link | None
    rule: str


def numbers(
    told: Told | None, quarter: Quarter | None, quarters: Sequence[Quarter], file_href: str, rules: Rules,
    lists: CodeLists, *, of_one_municipality: bool,
) -> Numbers:  # fmt: skip
    """What came of the talks of a quarter; `told` is None where they are too few, `quarter` where none is over."""
    options = [Option(str(one), quarter_words(str(one)), one == quarter) for one in quarters]
    tables, reasons = [], []
    if told is not None:
        if not of_one_municipality:
            caption = gettext("By municipality")
            tables.append(ShownTable(caption, gettext("Municipality"), _rows(told.by_municipality, _place(lists))))
        rows = _rows(told.by_arrangement, lambda code: _labels(lists)("arrangements", code))
        tables.append(ShownTable(gettext("By kind of help"), gettext("Kind of help"), rows))
        reasons = [_reason(code, times, told, lists) for code, times in told.reasons.items()]
    return Numbers(
        options,
        quarter_words(str(quarter)) if quarter else "",
        _lead(told, quarter, rules),
        tables,
        reasons,
        Link(gettext("As a file (CSV)"), file_href) if told else None,
        gettext(
            "We tell a quarter when it is over. What has fewer than %(least)s talks is put together with others, and "
            "fewer than %(cell)s is never told as a number: nobody can find one family in it. How often the choice was "
            "real, one table tells: from two together one could work out a small number.",
            least=rules.least_shown, cell=rules.smallest_cell,
        ),
    )  # fmt: skip


FILE_HEADER = (
    "quarter", "municipalities", "arrangements", "talks", "real_choice_least", "real_choice_most",
    "providers_fitted_mean", "providers_discussed_mean",
)  # fmt: skip


def file_rows(told: Told | None, quarter: Quarter | None, lists: CodeLists) -> Iterator[Sequence[SheetCell]]:
    """The same as rows of a file: first by municipality, then by kind of help."""
    if told is None:
        return
    for by_place, rows in ((True, told.by_municipality), (False, told.by_arrangement)):
        for row in rows:
            keys = "; ".join(map(_place(lists), row.keys) if by_place else row.keys)
            yield (
                str(quarter), keys if by_place else "", "" if by_place else keys, row.talks, row.low, row.high,
                row.offered, row.discussed,
            )  # fmt: skip


def _lead(told: Told | None, quarter: Quarter | None, rules: Rules) -> str:
    if quarter is None:
        return gettext("No quarter is over yet in which talks were counted.")
    if told is None:
        return gettext(
            "Too few talks to say something: fewer than %(least)s were counted in this quarter.",
            least=rules.least_shown,
        )  # fmt: skip
    if told.low == told.high:
        return gettext(
            "In %(real)s of the %(talks)s talks that were counted the family had a real choice.",
            real=number(told.low), talks=number(told.talks),
        )  # fmt: skip
    return gettext(
        "In %(low)s to %(high)s of the %(talks)s talks that were counted the family had a real choice.",
        low=number(told.low), high=number(told.high), talks=number(told.talks),
    )  # fmt: skip


def _rows(rows: Sequence[Row], label: Callable[[str], str]) -> Sequence[ShownRow]:
    """By name, and what is together last: the order says nothing about anybody."""
    return [
        _row(row, label) for row in sorted(rows, key=lambda row: (len(row.keys) > 1, label(row.keys[0]).casefold()))
    ]


def _row(row: Row, label: Callable[[str], str]) -> ShownRow:
    names = sorted(map(label, row.keys), key=str.casefold)
    return ShownRow(
        label=names[0] if len(names) == 1 else gettext("%(num)s together", num=len(names)),
        note="" if len(names) == 1 else listing(names),
        talks=number(row.talks),
        real=_real(row),
        offered=_decimal(row.offered),
        discussed=_decimal(row.discussed),
        strip=None if row.low is None or row.high is None else share_strip(row.low, row.high, row.talks),
    )


def _real(row: Row) -> str:
    if row.low is None or row.high is None:
        return ""
    if row.low == row.high:
        return gettext("in %(real)s of the %(talks)s", real=number(row.low), talks=number(row.talks))
    if row.low == 0:
        return gettext("in at most %(most)s of the %(talks)s", most=number(row.high), talks=number(row.talks))
    if row.high == row.talks:
        return gettext("in at least %(least)s of the %(talks)s", least=number(row.low), talks=number(row.talks))
    return gettext(
        "in %(low)s to %(high)s of the %(talks)s",
        low=number(row.low), high=number(row.high), talks=number(row.talks),
    )  # fmt: skip


def _reason(code: str, times: int, told: Told, lists: CodeLists) -> ShownReason:
    label = _labels(lists)("choice_outcomes", code) if code else gettext("Other reasons together")
    without = told.talks - told.low
    return ShownReason(
        label, gettext("%(times)s of the %(num)s times", times=number(times), num=number(without)),
        share_strip(times, times, without),
    )  # fmt: skip


def _decimal(value: float) -> str:
    return str(format_decimal(value, "0.0", locale=chosen()))


def _place(lists: CodeLists) -> Callable[[str], str]:
    return lambda code: lists.municipalities[code].name if code in lists.municipalities else code


def _labels(lists: CodeLists) -> Callable[[str, str], str]:
    return lambda name, code: lists.label(name, code, chosen()).label
