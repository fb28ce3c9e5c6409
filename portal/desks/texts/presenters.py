"""Drafts, ready for a template: for who writes them, and for who decides."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.catalogue import wording
from portal.catalogue.models import Offer
from portal.core.clock import AMSTERDAM
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Option, Tone
from portal.desks.texts.forms import SAME_WORKER, as_typed
from portal.desks.texts.models import TextDraft
from portal.desks.texts.operations import LiveChanged
from portal.desks.texts.queries import subject_of_draft
from portal.desks.texts.types import DraftStatus, Entry, Field, Subject, Value
from portal.desks.texts.writing_aid import advice_on

_STATUS = {
    DraftStatus.BEGUN: N_("you are changing it"),
    DraftStatus.SENT: N_("waits for the region"),
    DraftStatus.RETURNED: N_("came back from the region"),
}
_SAME_WORKER = {"always": N_("Always"), "usually": N_("Usually"), "no": N_("No")}
MOST_ADVICE = 8


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what families read: the provider itself, or an offer."""

    name: str
    href: str
    missing: str
    """What is not filled in; empty where all is."""
    status: str
    """Of its draft; empty where there is none."""
    is_returned: bool


@dataclass(frozen=True, slots=True)
class TextsPage:
    """All that families read of a provider."""

    lead: str
    parts: Sequence[Part]
    checked: str
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field to fill in."""

    name: str
    label: str
    hint: str
    typed: str
    is_text: bool
    options: Sequence[Option]
    """Where one is chosen."""
    error: str
    advice: Sequence[str]
    maxlength: int


@dataclass(frozen=True, slots=True)
class WritingPage:
    """A draft that is being written."""

    title: str
    notice: Notice | None
    returned: Notice | None
    fields: Sequence[ShownField]
    version: int
    action: str
    throw_away_href: str
    """Empty where there is no draft."""
    preview_href: str
    back: Link
    errors: Mapping[str, str]


def texts_page(
    subjects: Sequence[Subject], drafts: Mapping[str, TextDraft], today: date, notice: Notice | None
) -> TextsPage:
    """What there is, what is missing, and what waits."""
    parts = [_part(subject, drafts.get(subject.key)) for subject in subjects]
    complete = sum(not part.missing for part in parts)
    days = [subject.offer.checked_on for subject in subjects if subject.offer]
    oldest = None if None in days or not days else min(day for day in days if day is not None)
    return TextsPage(
        lead=gettext("%(complete)s of %(all)s parts are complete.", complete=complete, all=len(parts)),
        parts=parts,
        checked=gettext("Last confirmed on %(day)s.", day=wording.day(oldest, today))
        if oldest
        else gettext("Nobody said yet that all of it is right."),
        notice=notice,
    )


def _part(subject: Subject, draft: TextDraft | None) -> Part:
    live = subject.live()
    missing = [gettext(field.label) for field in subject.fields if live[field.name] is None and not field.is_extra]
    return Part(
        name=subject.name if subject.offer else gettext("About %(provider)s itself", provider=subject.name),
        href=writing_href(subject.offer),
        missing=gettext("Still empty: %(fields)s", fields=wording.listing(f"“{one}”" for one in missing))
        if missing
        else "",
        status=gettext(_STATUS[draft.status]) if draft else "",
        is_returned=draft is not None and draft.status is DraftStatus.RETURNED,
    )


def writing_href(offer: Offer | None, view: str = "") -> str:
    """The address at which a part is written; `view` for what else can be done there."""
    if offer is None:
        return link(f"texts.provider{view}")
    return link(f"texts.offer{view}", identifier=offer.identifier)


def writing_page(
    subject: Subject,
    draft: TextDraft | None,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    notice: Notice | None = None,
) -> WritingPage:
    """A part with what was typed, else its draft, else what families read now."""
    stands = {**subject.live(), **(draft.proposed if draft else {})}
    filled, wrong = typed or as_typed(stands, subject.fields), errors or {}
    return WritingPage(
        title=subject.name,
        notice=notice or _state(draft),
        returned=Notice(Tone.WARNING, gettext("The region asks for something else"), draft.reason)
        if draft and draft.status is DraftStatus.RETURNED
        else None,
        fields=[_field(field, filled[field.name], wrong.get(field.name, "")) for field in subject.fields],
        version=draft.version if draft else 0,
        action=writing_href(subject.offer),
        throw_away_href=writing_href(subject.offer, "_away") if draft else "",
        preview_href=writing_href(subject.offer, "_preview") if draft else "",
        back=Link(gettext("Back to everything that families read about you"), link("texts.index")),
        errors=wrong,
    )


def _state(draft: TextDraft | None) -> Notice | None:
    if draft is None or draft.status is DraftStatus.RETURNED:
        return None
    if draft.status is DraftStatus.SENT:
        return Notice(
            Tone.INFO,
            gettext("This waits for the region"),
            gettext("Families still read the old text. Do you change it now? Then send it again."),
        )
    return Notice(
        Tone.INFO,
        gettext("This is a draft"),
        gettext("Families still read the old text, until you send this to the region and the region agrees."),
    )


def _field(field: Field, typed: str, error: str) -> ShownField:
    options: Sequence[Option] = ()
    if field.entry is Entry.YES_NO:
        options = [Option(value, label, value == typed)
                   for value, label in (("ja", gettext("Yes")), ("nee", gettext("No")))]  # fmt: skip
    elif field.entry is Entry.SAME_WORKER:
        options = [Option(value, gettext(_SAME_WORKER[value]), value == typed) for value in SAME_WORKER]
    is_text = field.entry is Entry.TEXT
    return ShownField(
        name=field.name,
        label=gettext(field.label),
        hint=gettext(field.hint) if field.hint else "",
        typed=typed,
        is_text=is_text,
        options=options,
        error=error,
        advice=_advice(typed) if is_text or field.entry is Entry.LINE else (),
        maxlength=field.longest,
    )


def _advice(text: str) -> Sequence[str]:
    said = []
    for one in advice_on(text)[:MOST_ADVICE]:
        if one.plain:
            said.append(gettext("“%(word)s”: many families do not know this word. Perhaps: %(plain)s.",
                                word=one.text, plain=one.plain))  # fmt: skip
        else:
            said.append(
                ngettext(
                    "A sentence of %(num)s word: “%(start)s …” Two short ones read easier.",
                    "A sentence of %(num)s words: “%(start)s …” Two short ones read easier.",
                    one.words, start=" ".join(one.text.split()[:6]),
                )
            )  # fmt: skip
    return said


# --- for the region ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft in the queue."""

    name: str
    provider: str
    href: str
    fields: str
    since: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text; marked where they are only in this one of the two."""

    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field: what families read, and what they would read."""

    label: str
    now: Sequence[Piece]
    then: Sequence[Piece]
    is_overtaken: bool
    """Whether what families read is another text than when the draft was written."""


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A draft to decide about."""

    title: str
    provider: str
    author: str
    comparisons: Sequence[Comparison]
    advice: Sequence[str]
    version: int
    is_waiting: bool
    notice: Notice | None
    reason: str
    reason_error: str
    approve_href: str
    return_href: str
    live_href: str
    position: str


def waiting_draft(draft: TextDraft, today: date) -> WaitingDraft:
    """A line of the queue."""
    subject = subject_of_draft(draft)
    labels = {field.name: gettext(field.label) for field in subject.fields}
    return WaitingDraft(
        name=subject.name,
        provider=draft.provider.name,
        href=link("approvals.draft", public_id=draft.public_id),
        fields=wording.listing(labels[name] for name in labels if name in draft.proposed),
        since=_since(draft.changed_at, today),
    )


def decision_page(
    draft: TextDraft,
    waiting: int,
    today: date,
    *,
    notice: Notice | None = None,
    reason: str = "",
    reason_error: str = "",
) -> DecisionPage:
    """A draft side by side with what families read."""
    subject = subject_of_draft(draft)
    live = subject.live()
    changed = [field for field in subject.fields if field.name in draft.proposed]
    texts = [str(draft.proposed[field.name] or "") for field in changed if field.entry in (Entry.TEXT, Entry.LINE)]
    is_waiting = draft.status is DraftStatus.SENT
    return DecisionPage(
        title=subject.name,
        provider=draft.provider.name,
        author=gettext("%(who)s, %(when)s", who=draft.author_label, when=_since(draft.changed_at, today)),
        comparisons=[
            _comparison(field, live[field.name], draft.proposed[field.name], draft.replaces[field.name])
            for field in changed
        ],
        advice=[line for text in texts for line in _advice(text)][:MOST_ADVICE],
        version=draft.version,
        is_waiting=is_waiting,
        notice=notice or (None if is_waiting else _not_waiting()),
        reason=reason,
        reason_error=reason_error,
        approve_href=link("approvals.approve", public_id=draft.public_id),
        return_href=link("approvals.give_back", public_id=draft.public_id),
        live_href=_live_href(subject),
        position=ngettext("%(num)s change waits", "%(num)s changes wait", waiting),
    )


def _not_waiting() -> Notice:
    return Notice(
        Tone.INFO,
        gettext("This does not wait any more"),
        gettext("The provider is changing it, or a colleague of yours sent it back."),
    )


def overtaken(error: LiveChanged, draft: TextDraft) -> Notice:
    """Why a draft cannot be approved as it is."""
    labels = {field.name: gettext(field.label) for field in subject_of_draft(draft).fields}
    return Notice(
        Tone.WARNING,
        gettext("What families read changed meanwhile"),
        gettext(
            "Since this was written, %(fields)s became another text. Approving would undo that. Send the draft back, "
            "so that the provider looks at both.",
            fields=wording.listing(f"“{labels[name]}”" for name in labels if name in error.fields),
        ),
    )


def changed_meanwhile() -> Notice:
    """Where somebody else was sooner."""
    return Notice(
        Tone.WARNING,
        gettext("This changed while you looked at it"),
        gettext("Below is how it stands now. Look at it once more."),
    )


def as_a_family_would() -> Notice:
    """Above the preview of a draft."""
    return Notice(
        Tone.INFO,
        gettext("This is how a family would see your draft"),
        gettext("Nobody sees it yet. Go back to change it or to send it."),
    )


def colleague_wrote() -> Notice:
    """Where a colleague wrote on in the same draft."""
    return Notice(
        Tone.WARNING,
        gettext("A colleague changed this meanwhile"),
        gettext("Your own text still stands below; nothing of it is lost. Keep it to replace your colleague’s."),
    )


def done(what: str | None) -> Notice | None:
    """What was done on the page before."""
    titles = {
        "bewaard": gettext("Your draft is kept. Families still read the old text."),
        "verstuurd": gettext("Sent to the region. You get a mail when the region has looked at it."),
        "gelijk": gettext("Nothing differs from what families read now, so there is no draft."),
        "weg": gettext("The draft is gone. Families read what they read before."),
        "klopt": gettext("Thank you. Families see that everything was confirmed today."),
    }
    return Notice(Tone.INFO, titles[what]) if what in titles else None


def decided(what: str | None, subject: Subject, *, may_mend: bool) -> Notice | None:
    """What the region decided on the page before. It is not undone with a button: who `may_mend` writes it anew."""
    about = f"{subject.name} ({subject.provider.name})" if subject.offer else subject.name
    if what == "terug":
        return Notice(Tone.INFO, gettext("%(what)s: sent back to the provider, with your reason.", what=about))
    if what != "goedgekeurd":
        return None
    links = [Link(gettext("See what families read now"), _live_href(subject))]
    if may_mend:
        thing, identifier = ("aanbod", subject.offer.identifier) if subject.offer else (
            "aanbieder", subject.provider.identifier
        )  # fmt: skip
        href = link("by_hand.change", thing=thing, identifier=identifier)
        links.append(Link(gettext("Not right after all? Change it"), href))
    return Notice(Tone.INFO, gettext("%(what)s: approved. Families read it from now on.", what=about), "", tuple(links))


def _live_href(subject: Subject) -> str:
    slug, offer = subject.provider.slug, subject.offer
    if offer is None:
        return link("catalogue.provider", slug=slug)
    return link("catalogue.offer", slug=slug, identifier=offer.identifier)


def _comparison(field: Field, live: Value, proposed: Value, replaces: Value) -> Comparison:
    before, after = _said(field, live), _said(field, proposed)
    now, then = _pieces(before, after)
    return Comparison(gettext(field.label), now, then, live != replaces)


def _pieces(before: str, after: str) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """Two texts in pieces; what is only in one of them is marked."""
    old, new = re.findall(r"\S+|\s+", before), re.findall(r"\S+|\s+", after)
    now: list[Piece] = []
    then: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if b > a:
            now.append(Piece("".join(old[a:b]), tag != "equal"))
        if d > c:
            then.append(Piece("".join(new[c:d]), tag != "equal"))
    nothing = [Piece(gettext("(nothing)"), False)]
    return now or nothing, then or nothing


def _said(field: Field, value: Value) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if field.entry is Entry.SAME_WORKER and value in _SAME_WORKER:
        return gettext(_SAME_WORKER[str(value)])
    return "" if value is None else str(value)


def _since(at: datetime, today: date) -> str:
    return wording.day(at.astimezone(AMSTERDAM).date(), today)
