"""Batches at the desk, and letters to be printed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from babel.dates import format_date

from portal.accounts.signing_in.codes import for_people
from portal.catalogue.codelists import CodeLists
from portal.catalogue.wording import capitalized
from portal.core.languages import DEFAULT, chosen, gettext, ngettext, speaking
from portal.core.messages import N_
from portal.core.pages import Narrowing, Notice, Option, Pager, Tone
from portal.core.qr import Qr, qr_code
from portal.reviews.invitations.criteria import NOT_COUNTED, ON_A_PAGE, Batches
from portal.reviews.invitations.operations import LARGEST_BATCH
from portal.reviews.models import InvitationBatch
from portal.reviews.offices.queries import Tellable
from portal.reviews.types import FEW_SPENT, SMALLEST_BATCH, Occasion, OfficeKind
from portal.reviews.wording import OCCASIONS, OFFICES, help_words, quarter_words

Doubts = Sequence[Collection[int]]
"""The batches of which more codes were used than handed out; and those of providers with more codes than clients."""
_DOUBTS = (
    N_("More codes were used than were handed out. Are the numbers right, or did codes go astray?"),
    N_("More families got a code this year than ended their help here, by the figures. Were all codes handed to them?"),
)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch."""

    public_id: str
    provider: str
    what: str
    codes: str
    used: str
    counted: str
    """How many were handed over, or that nobody said so."""
    handed_out: str
    as_planned: str
    count_href: str
    doubts: Sequence[str]
    """What is odd about it, for a human to look at."""
    error: str
    """What is wrong with the numbers that were filled in."""


@dataclass(frozen=True, slots=True)
class BatchesPage:
    """The batches, and the form for a new one."""

    quarters: Sequence[tuple[str, Sequence[BatchRow]]]
    """The batches of this page, by the quarter in which they are handed over."""
    count: str
    narrowings: Sequence[Narrowing]
    all_href: str
    """The list with nothing narrowed; empty where nothing is."""
    pager: Pager
    providers: Sequence[Option]
    arrangements: Sequence[Option]
    occasions: Sequence[Option]
    codes: str
    issue_href: str
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: Notice | None = None
    least: int = SMALLEST_BATCH
    most: int = LARGEST_BATCH


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the pages of batches lead."""

    index: str
    page: Callable[[int], str]
    count: Callable[[InvitationBatch], str]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter."""

    code: str
    qr: Qr | None


@dataclass(frozen=True, slots=True)
class LettersPage:
    """Letters to be printed, one a page. They are in Dutch, whatever language who prints them reads."""

    provider: str
    about: str
    """For whom and when they are, in the language of the desk."""
    asks: str
    because: str
    address: str
    until: str
    letters: Sequence[Letter]
    number: str
    """How many letters there are, and what stands on the screen of them."""
    warning: Notice
    region: str
    back_href: str = ""


_LETTERS = {
    None: (
        N_("How was the help of %(name)s?"),
        N_(
            "You had help (%(arrangement)s). Other families look for help now. What you went through helps them "
            "choose. Also when it did not go well, also when you stopped early."
        ),
    ),
    OfficeKind.ACCESS_TEAM: (
        N_("How was it at %(name)s?"),
        N_(
            "You asked for help there for your child or for yourself. What you went through helps other families, and "
            "helps the municipality do better. Also when it did not go well, also when no help came of it."
        ),
    ),
    OfficeKind.YOUTH_PROTECTOR: (
        N_("How was it with %(name)s?"),
        N_(
            "Your family had to do with youth protection. What you went through helps other families, and helps the "
            "institution do better. Also when it did not go well, also when you did not agree."
        ),
    ),
}
"""What a letter asks and why, by whom it is about."""


def batches_page(
    found: Sequence[InvitationBatch], wanted: Batches, spent: Mapping[int, int], of_whom: Sequence[Tellable],
    lists: CodeLists, given: Mapping[str, str], errors: Mapping[str, str], notice: Notice | None,
    addresses: Addresses, doubts: Doubts,
) -> BatchesPage:  # fmt: skip
    """The batches that were made, of them those that are `wanted`, and what was filled in for a new one."""
    asked = sorted(wanted.of(found), key=lambda one: one.period, reverse=True)
    pager = Pager.within(len(asked), ON_A_PAGE, wanted.page, addresses.page)
    shown = asked[(pager.page - 1) * ON_A_PAGE : pager.page * ON_A_PAGE]

    def row(one: InvitationBatch) -> BatchRow:
        error = errors.get(one.public_id, "")
        made = _row(one, spent.get(one.id, 0), addresses.count(one), error, doubts, lists)
        typed = {name: given.get(name, "") for name in ("handed_out", "as_planned")}
        return replace(made, **typed) if error else made

    return BatchesPage(
        quarters=[
            (capitalized(quarter_words(period)), [row(one) for one in of_it])
            for period, of_it in groupby(shown, key=lambda one: one.period)
        ],
        count=ngettext("%(num)s batch", "%(num)s batches", len(asked)),
        narrowings=_narrowings(found, wanted),
        all_href=addresses.index if wanted.asked else "",
        pager=pager,
        providers=[
            Option(one.value, f"{gettext(OFFICES[one.kind])}: {one.name}" if one.kind else one.name,
                   one.value == given.get("provider"))
            for one in of_whom
        ],
        arrangements=[
            Option(code, label, code == given.get("arrangement")) for code, label in arrangement_choices(lists).items()
        ],
        occasions=[Option(one.value, gettext(OCCASIONS[one]), one == given.get("occasion")) for one in Occasion],
        codes=given.get("codes", ""),
        issue_href=addresses.index,
        errors=errors,
        notice=notice,
    )  # fmt: skip


def _narrowings(found: Sequence[InvitationBatch], wanted: Batches) -> Sequence[Narrowing]:
    names = sorted({one.about_name for one in found}, key=str.casefold)
    periods = sorted({one.period for one in found}, reverse=True)
    return [
        Narrowing(
            "over", gettext("About whom"), gettext("Everybody"),
            [Option(name, name, name == wanted.about) for name in names],
        ),
        Narrowing(
            "kwartaal", gettext("Quarter"), gettext("All quarters"),
            [Option(one, capitalized(quarter_words(one)), one == wanted.period) for one in periods],
        ),
        Narrowing(
            "stand", gettext("Handed out"), gettext("All batches"),
            [Option(NOT_COUNTED, gettext("not counted yet"), wanted.is_not_counted)],
        ),
    ]  # fmt: skip


def arrangement_choices(lists: CodeLists) -> Mapping[str, str]:
    """The kinds of help, by code."""
    return {code: lists.label("arrangements", code, chosen()).label for code in lists.arrangements}


def _row(
    batch: InvitationBatch, spent: int, count_href: str, error: str, doubts: Doubts, lists: CodeLists
) -> BatchRow:  # fmt: skip
    used = gettext("fewer than %(few)s", few=FEW_SPENT) if spent < FEW_SPENT else str(spent - spent % FEW_SPENT) + "+"
    counted = gettext("Not counted yet how many were handed over.")
    if batch.handed_out is not None:
        counted = gettext(
            "Handed over: %(number)s. Of them ended as planned: %(planned)s.",
            number=batch.handed_out, planned=batch.as_planned or 0,
        )  # fmt: skip
    return BatchRow(
        batch.public_id,
        batch.about_name,
        f"{help_words(batch, lists)} · {gettext(OCCASIONS[batch.occasion])}",
        str(batch.codes),
        used,
        counted,
        "" if batch.handed_out is None else str(batch.handed_out),
        "" if batch.as_planned is None else str(batch.as_planned),
        count_href,
        [gettext(words) for words, batches in zip(_DOUBTS, doubts, strict=True) if batch.id in batches],
        error,
    )


def letters_page(
    batch: InvitationBatch, codes: Sequence[str], lists: CodeLists, address: str, region: str, back_href: str = ""
) -> LettersPage:
    """The letters of a new batch: the only place where its codes can be read."""
    about = f"{help_words(batch, lists)} · {gettext(OCCASIONS[batch.occasion])}"
    number = gettext("Below you see the first of %(number)s letters. All come out of the printer.", number=len(codes))
    warning = Notice(
        Tone.WARNING,
        gettext("Print them now. The codes are kept nowhere else."),
        gettext("When you close this page they are gone, and you make new ones. Loading it again makes new ones too."),
    )
    asks, because = _LETTERS[batch.office_kind]
    with speaking(DEFAULT):
        return LettersPage(
            batch.about_name,
            about,
            gettext(asks, name=batch.about_name),
            gettext(because, arrangement=help_words(batch, lists)),
            address,
            format_date(batch.valid_until, "long", locale=chosen()),
            [Letter(for_people(code), qr_code(f"{address}#{for_people(code)}")) for code in codes],
            number,
            warning,
            region,
            back_href,
        )


def done(what: str | None) -> Notice | None:
    """What was just done."""
    return Notice(Tone.INFO, gettext("The numbers were kept.")) if what == "geteld" else None


def sheet_text(page: LettersPage) -> str:
    """The letters as a plain text file, a page each, for a printer that is fed by a command."""
    return "\f".join(
        "\n".join(
            (
                page.asks,
                "",
                page.because,
                "",
                gettext("Go to %(address)s and type this code:", address=page.address),
                "",
                f"    {letter.code}",
                "",
                gettext("It works once, until %(day)s. Nobody knows that it is you.", day=page.until),
                "",
            )
        )
        for letter in page.letters
    ) + "\n"  # fmt: skip


def issued_words(number: int) -> str:
    """`20 codes gemaakt`."""
    return ngettext("%(num)s code made", "%(num)s codes made", number)
