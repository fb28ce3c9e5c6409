"""Drafts, ready for a template: for who writes them, and for who decides."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.catalogue import wording
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Offer
from portal.core.clock import AMSTERDAM
from portal.core.languages import chosen, gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Fact, Link, Notice, Option, Tone, by_label
from portal.desks.by_hand.forms import words_for
from portal.desks.by_hand.presenters import FormField, OptionGroup, field_kind, found_by_word_only
from portal.desks.texts.facts import fact_options, fact_said, is_on_lines, topic_named, topic_words
from portal.desks.texts.forms import SAME_WORKER, as_typed
from portal.desks.texts.models import TextDraft
from portal.desks.texts.operations import LiveChanged, NoLongerRight
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
    missing: Sequence[Link]
    """What is not filled in, each with where that is done; none where all is."""
    note: str
    """What else is to be said of it; empty mostly."""
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
    facts: Sequence[FormField]
    """On what families choose."""
    version: int
    action: str
    throw_away_href: str
    """Empty where there is no draft."""
    preview_href: str
    back: Link
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoppedPage:
    """A draft about an offer that is not offered any more: nothing of it is lost, and nothing comes of it."""

    title: str
    notice: Notice
    written: Sequence[Fact]
    version: int
    throw_away_href: str
    """Empty where there is no draft."""
    back: Link


def texts_page(
    subjects: Sequence[Subject], drafts: Mapping[str, TextDraft], today: date, notice: Notice | None
) -> TextsPage:
    """What there is, what is missing, and what waits; at the end drafts about what is not offered any more."""
    parts = [_part(subject, drafts.get(subject.key)) for subject in subjects]
    complete = sum(not part.missing for part in parts)
    shown = {subject.key for subject in subjects}
    left = [subject_of_draft(draft) for key, draft in drafts.items() if key not in shown]
    days = [subject.offer.checked_on for subject in subjects if subject.offer]
    oldest = None if None in days or not days else min(day for day in days if day is not None)
    return TextsPage(
        lead=gettext("%(complete)s of %(all)s parts are complete.", complete=complete, all=len(parts)),
        parts=[*parts, *(_stopped_part(subject, today) for subject in left)],
        checked=gettext("Last confirmed on %(day)s.", day=wording.day(oldest, today))
        if oldest
        else gettext("Nobody said yet that all of it is right."),
        notice=notice,
    )


def _part(subject: Subject, draft: TextDraft | None) -> Part:
    live, href = subject.live(), writing_href(subject.offer)
    return Part(
        name=subject.name if subject.offer else gettext("About %(provider)s itself", provider=subject.name),
        href=href,
        missing=[
            Link(gettext(field.label), f"{href}#{field.name}")
            for field in subject.fields
            if live[field.name] in (None, []) and not field.is_extra
        ],
        note="",
        status=gettext(_STATUS[draft.status]) if draft else "",
        is_returned=draft is not None and draft.status is DraftStatus.RETURNED,
    )


def _stopped_part(subject: Subject, today: date) -> Part:
    return Part(
        subject.name, writing_href(subject.offer), (), _stopped_words(subject, today), gettext("your draft"), False
    )


def _stopped_words(subject: Subject, today: date) -> str:
    day = subject.stopped_on(today)
    if day is None:
        return gettext("This help is not offered any more.")
    return gettext("This help is not offered any more, since %(day)s.", day=wording.day(day, today))


def stopped_page(
    subject: Subject, draft: TextDraft | None, typed: Mapping[str, str] | None, today: date, lists: CodeLists
) -> StoppedPage:
    """What was written about an offer that stopped: what was typed, else its draft."""
    if typed is None:
        proposed = draft.proposed if draft else {}
        typed = {field.name: _said(subject, field, proposed[field.name], lists)
                 for field in subject.fields if field.name in proposed}  # fmt: skip
    elif "topics" in typed:
        typed = {**typed, "topics": "\n".join(topic_named(word, lists) for word in topic_words(typed["topics"], lists))}
    written = [Fact(gettext(field.label), typed[field.name]) for field in subject.fields if typed.get(field.name)]
    returned = [Fact(gettext("The region said"), draft.reason)] if draft and draft.reason else []
    text = gettext("Nothing can be changed any more. Is that not right? Then ask the region.")
    if written:
        text = gettext(
            "Nothing can be changed any more. Below is what you wrote, so that you can copy it. Is it not right that "
            "this help stopped? Then ask the region."
        )
    return StoppedPage(
        title=subject.name,
        notice=Notice(Tone.WARNING, _stopped_words(subject, today), text),
        written=[*returned, *written],
        version=draft.version if draft else 0,
        throw_away_href=writing_href(subject.offer, "_away") if draft else "",
        back=Link(gettext("Back to everything that families read about you"), link("texts.index")),
    )


def writing_href(offer: Offer | None, view: str = "") -> str:
    """The address at which a part is written; `view` for what else can be done there."""
    if offer is None:
        return link(f"texts.provider{view}")
    return link(f"texts.offer{view}", identifier=offer.identifier)


def writing_page(
    subject: Subject,
    draft: TextDraft | None,
    lists: CodeLists,
    likely_topic: Callable[[str], str],
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    notice: Notice | None = None,
) -> WritingPage:
    """A part with what was typed, else its draft, else what families read now.

    `likely_topic` says which topic search takes a word for; empty for none.
    """
    stands = {**subject.live(), **(draft.proposed if draft else {})}
    filled, wrong = typed or as_typed(stands, subject), errors or {}
    return WritingPage(
        title=subject.name,
        notice=notice or _state(draft),
        returned=Notice(Tone.WARNING, gettext("The region asks for something else"), draft.reason)
        if draft and draft.status is DraftStatus.RETURNED
        else None,
        fields=[_field(field, filled[field.name], wrong.get(field.name, "")) for field in subject.texts],
        facts=[
            _fact(subject, field, filled[field.name], wrong.get(field.name, ""), lists, likely_topic)
            for field in subject.facts
        ],
        version=draft.version if draft else 0,
        action=writing_href(subject.offer),
        throw_away_href=writing_href(subject.offer, "_away") if draft else "",
        preview_href=writing_href(subject.offer, "_preview") if draft else "",
        back=Link(gettext("Back to everything that families read about you"), link("texts.index")),
        errors=by_label({field.name: gettext(field.label) for field in subject.fields}, wrong),
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


def _fact(
    subject: Subject, field: Field, typed: str, error: str, lists: CodeLists, likely_topic: Callable[[str], str]
) -> FormField:
    if field.name == "topics":
        return _topics(field, typed, error, lists, likely_topic)
    column, options = subject.column(field), fact_options(subject, field, typed, lists)
    hint = gettext(field.hint) if field.hint else ""
    kind = "text" if is_on_lines(column) else field_kind(column, options)
    is_chosen = column.default is not None and typed
    return FormField(
        field.name, gettext(field.label), hint, typed, error, kind, options,
        "" if is_chosen else gettext("We do not say"),
    )  # fmt: skip


def _topics(field: Field, typed: str, error: str, lists: CodeLists, likely_topic: Callable[[str], str]) -> FormField:
    """What it is about: ticked in the list, with own words beside it."""
    words = topic_words(typed, lists)
    own, ticked = lists.unknown_topics(words), {lists.topic(word) for word in words}
    labels = {code: lists.label("topics", code, chosen()).label for code in lists.topics}
    groups = []
    for code in (code for code, topic in lists.topics.items() if topic.parent is None):
        options = [Option(one, labels[one], one in ticked) for one in lists.topic_and_below(code)]
        groups.append(OptionGroup(labels[code], ", ".join(one.label for one in options if one.selected), options))
    hint = " ".join((gettext(field.hint), *_about_unknown(own, likely_topic, lists)))
    return FormField(field.name, gettext(field.label), hint, "\n".join(own), error, "topics", groups=groups)


def _about_unknown(words: Sequence[str], likely_topic: Callable[[str], str], lists: CodeLists) -> Iterator[str]:
    """Of words that the list of topics does not hold: what search takes them for, else what that means."""
    likely, unknown = _taken_for(words, likely_topic, lists)
    for word, topic in likely.items():
        yield gettext(
            "“%(word)s” is not on our list. Do you mean “%(topic)s”? Tick that: then families find you in all "
            "their own words.",
            word=word, topic=topic,
        )  # fmt: skip
    if unknown:
        yield found_by_word_only(unknown)


def _taken_for(
    words: Sequence[str], likely_topic: Callable[[str], str], lists: CodeLists
) -> tuple[Mapping[str, str], Sequence[str]]:
    """Of words that the list of topics does not hold: what search takes them for by name, and those it knows not."""
    meant = {word: likely_topic(word) for word in words}
    likely = {word: lists.label("topics", topic, "nl").label for word, topic in meant.items() if topic}
    return likely, [word for word in meant if word not in likely]


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
    remarks: Sequence[str] = ()
    """What is to be said of what they would read."""


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A draft to decide about."""

    title: str
    provider: str
    author: str
    texts: Sequence[Comparison]
    """What is written in sentences: each stands by itself."""
    facts: Sequence[Comparison]
    """What is said in a word or a few: together in one table."""
    advice: Sequence[str]
    version: int
    is_waiting: bool
    can_approve: bool
    notice: Notice | None
    reason: str
    reason_error: str
    approve_href: str
    return_href: str
    live_href: str
    position: str

    @property
    def errors(self) -> Mapping[str, str]:
        """What is wrong, for the head of the page."""
        return by_label({"reason": gettext("What should the provider put right?")}, self._problems)

    @property
    def _problems(self) -> Mapping[str, str]:
        return {"reason": self.reason_error} if self.reason_error else {}


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
    lists: CodeLists,
    likely_topic: Callable[[str], str],
    *,
    notice: Notice | None = None,
    reason: str = "",
    reason_error: str = "",
) -> DecisionPage:
    """A draft side by side with what families read; `likely_topic` as for `writing_page`."""
    subject = subject_of_draft(draft)
    changed = [field for field in subject.fields if field.name in draft.proposed]
    written = [field for field in changed if field.entry in (Entry.TEXT, Entry.LINE)]

    def compared(fields: Iterable[Field]) -> Sequence[Comparison]:
        return [_comparison(subject, field, draft, lists, likely_topic) for field in fields]

    is_waiting = draft.status is DraftStatus.SENT
    has_stopped = subject.stopped_on(today) is not None
    if has_stopped and notice is None:
        notice = stopped(draft, today)
    return DecisionPage(
        title=subject.name,
        provider=draft.provider.name,
        author=gettext("%(who)s, %(when)s", who=draft.author_label, when=_since(draft.changed_at, today)),
        texts=compared(written),
        facts=compared(field for field in changed if field not in written),
        advice=[line for field in written for line in _advice(str(draft.proposed[field.name] or ""))][:MOST_ADVICE],
        version=draft.version,
        is_waiting=is_waiting,
        can_approve=is_waiting and not has_stopped,
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
            fields=wording.quoted(labels[name] for name in labels if name in error.fields),
        ),
    )


def stopped(draft: TextDraft, today: date) -> Notice:
    """Why a draft about what is not offered any more cannot be approved."""
    return Notice(
        Tone.WARNING,
        _stopped_words(subject_of_draft(draft), today),
        gettext("No family would read it. Send it back with a word of why; the provider keeps what it wrote."),
    )


def no_longer_right(error: NoLongerRight, draft: TextDraft) -> Notice:
    """Why a fact cannot become what was written."""
    subject = subject_of_draft(draft)
    labels = {field.name: gettext(field.label) for field in subject.fields}
    said = [f"{labels.get(one.column, one.column)} {words_for(one)}" for one in error.problems]
    return Notice(
        Tone.WARNING,
        gettext("This cannot be approved as it is"),
        " ".join((*said, gettext("Send it back, so that the provider looks at it."))),
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
        "klopt": gettext(
            "Thank you. Families see that what they read now was confirmed today. A draft is no part of it."
        ),
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


def _comparison(
    subject: Subject, field: Field, draft: TextDraft, lists: CodeLists, likely_topic: Callable[[str], str]
) -> Comparison:
    live = subject.live()[field.name]
    before, after = (_said(subject, field, value, lists) for value in (live, draft.proposed[field.name]))
    now, then = _pieces(before, after)
    is_overtaken = subject.differs(field.name, live, draft.replaces[field.name])
    remarks: Sequence[str] = ()
    if field.name == "topics":
        remarks = list(_unknown_to_region(lists.unknown_topics(after.splitlines()), likely_topic, lists))
    return Comparison(gettext(field.label), now, then, is_overtaken, remarks)


def _unknown_to_region(words: Sequence[str], likely_topic: Callable[[str], str], lists: CodeLists) -> Iterator[str]:
    """Of words that the list of topics does not hold: what approving them means for who searches."""
    likely, unknown = _taken_for(words, likely_topic, lists)
    for word, topic in likely.items():
        yield gettext(
            "“%(word)s” is not on the list of topics. Perhaps “%(topic)s” is meant. With that word families find "
            "it in all their own words; with this one only in this word. Send it back to ask for it.",
            word=word, topic=topic,
        )  # fmt: skip
    if unknown:
        yield ngettext(
            "%(words)s is not on the list of topics, and looks like none of them. You can approve it: families then "
            "find it only with the same word, and not when they choose a topic.",
            "%(words)s are not on the list of topics, and look like none of them. You can approve them: families then "
            "find them only with the same words, and not when they choose a topic.",
            len(unknown), words=wording.quoted(unknown),
        )  # fmt: skip


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


def _said(subject: Subject, field: Field, value: Value, lists: CodeLists) -> str:
    if field.entry is Entry.FACT:
        return fact_said(subject, field, value, lists)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if field.entry is Entry.SAME_WORKER and value in _SAME_WORKER:
        return gettext(_SAME_WORKER[str(value)])
    return "" if value is None else str(value)


def _since(at: datetime, today: date) -> str:
    return wording.day(at.astimezone(AMSTERDAM).date(), today)
