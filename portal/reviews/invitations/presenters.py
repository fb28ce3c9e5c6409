"""Batches at the desk, and letters to be printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from babel.dates import format_date

from portal.accounts.signing_in.codes import for_people
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Provider
from portal.core.languages import chosen, gettext, ngettext
from portal.core.pages import Notice, Option, Tone
from portal.core.qr import Qr, qr_code
from portal.reviews.invitations.operations import LARGEST_BATCH
from portal.reviews.models import InvitationBatch
from portal.reviews.types import FEW_SPENT, SMALLEST_BATCH, Occasion
from portal.reviews.wording import OCCASIONS, quarter_words


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch."""

    public_id: str
    provider: str
    what: str
    codes: str
    used: str
    handed_out: str
    as_planned: str


@dataclass(frozen=True, slots=True)
class BatchesPage:
    """The batches, and the form for a new one."""

    batches: Sequence[BatchRow]
    providers: Sequence[Option]
    arrangements: Sequence[Option]
    occasions: Sequence[Option]
    codes: str
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: Notice | None = None
    least: int = SMALLEST_BATCH
    most: int = LARGEST_BATCH


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter."""

    code: str
    qr: Qr | None


@dataclass(frozen=True, slots=True)
class LettersPage:
    """Letters to be printed, one a page, and a sheet of codes to be cut."""

    provider: str
    arrangement: str
    occasion: str
    address: str
    until: str
    letters: Sequence[Letter]
    region: str


def batches_page(
    found: Sequence[InvitationBatch], spent: Mapping[int, int], providers: Sequence[Provider], lists: CodeLists,
    given: Mapping[str, str], errors: Mapping[str, str], notice: Notice | None,
) -> BatchesPage:  # fmt: skip
    """The batches of a region, and what was filled in for a new one."""
    return BatchesPage(
        batches=[_row(batch, spent.get(batch.id, 0), lists) for batch in found],
        providers=[Option(one.slug, one.name, one.slug == given.get("provider")) for one in providers],
        arrangements=[
            Option(code, label, code == given.get("arrangement")) for code, label in arrangement_choices(lists).items()
        ],
        occasions=[Option(one.value, gettext(OCCASIONS[one]), one == given.get("occasion")) for one in Occasion],
        codes=given.get("codes", ""),
        errors=errors,
        notice=notice,
    )


def arrangement_choices(lists: CodeLists) -> Mapping[str, str]:
    """The kinds of help, by code."""
    return {code: lists.label("arrangements", code, chosen()).label for code in lists.arrangements}


def _row(batch: InvitationBatch, spent: int, lists: CodeLists) -> BatchRow:
    arrangement = lists.label("arrangements", batch.arrangement, chosen()).label
    used = gettext("fewer than %(few)s", few=FEW_SPENT) if spent < FEW_SPENT else str(spent - spent % FEW_SPENT) + "+"
    return BatchRow(
        batch.public_id,
        batch.provider.name,
        f"{arrangement} · {gettext(OCCASIONS[batch.occasion])} · {quarter_words(batch.period)}",
        str(batch.codes),
        used,
        "" if batch.handed_out is None else str(batch.handed_out),
        "" if batch.as_planned is None else str(batch.as_planned),
    )


def letters_page(
    batch: InvitationBatch, codes: Sequence[str], lists: CodeLists, address: str, region: str
) -> LettersPage:
    """The letters of a new batch: the only place where its codes can be read."""
    return LettersPage(
        batch.provider.name,
        lists.label("arrangements", batch.arrangement, chosen()).label,
        gettext(OCCASIONS[batch.occasion]),
        address,
        format_date(batch.valid_until, "long", locale=chosen()),
        [Letter(for_people(code), qr_code(f"{address}#{for_people(code)}")) for code in codes],
        region,
    )


def done(what: str | None) -> Notice | None:
    """What was just done."""
    return Notice(Tone.INFO, gettext("The numbers were kept.")) if what == "geteld" else None


def sheet_text(page: LettersPage) -> str:
    """The letters as a plain text file, a page each, for a printer that is fed by a command."""
    return "\f".join(
        "\n".join(
            (
                gettext("How was the help of %(provider)s?", provider=page.provider),
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
