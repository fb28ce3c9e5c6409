"""The moderator's queue, and one experience to decide about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from portal.catalogue.codelists import CodeLists
from portal.core.languages import chosen, gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Fact, Link, Notice, Option, Pager, Tone, what_was_done
from portal.core.personal_data import find_personal_data
from portal.reviews.danger import sounds_like_danger
from portal.reviews.models import Dispute, Experience, ExperienceFlag, ProviderAnswer
from portal.reviews.moderating.operations import state_of
from portal.reviews.moderating.queries import Group
from portal.reviews.questions import TEXTS, QuestionKind, QuestionSet
from portal.reviews.telling.presenters import Piece, pieces_of
from portal.reviews.types import Rule, Status
from portal.reviews.wording import FRAMEWORKS, OCCASIONS, PERSONAL, RULES, STATUSES, VOICES, help_words, quarter_words
from portal.reviews.worries import WORRY

TARGET_DAYS = 7
"""Five working days, with the weekend between them."""
SMALL_GROUP = 20

FLAGS = {
    "duplicate": N_("Nearly the same text was told before."),
    "burst": N_("Many stories about them came in a short time."),
    "same_answers": N_("Many stories about them have the very same answers."),
    "unlike": N_("What was told on this occasion in this quarter is far higher or lower than the rest about them."),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the queue."""

    href: str
    provider: str
    what: str
    why: str
    is_urgent: bool
    age: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What waits."""

    waiting: Sequence[Waiting]
    pager: Pager
    answers: Sequence[Waiting]
    disputes: Sequence[Waiting]
    published: Link | None
    """To what stands on the site; None where nothing does."""
    notice: Notice | None
    lead: str


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """What stands on the site."""

    stories: Sequence[Link]
    pager: Pager
    lead: str


@dataclass(frozen=True, slots=True)
class Detail:
    """Something that could tell who somebody is, to be ticked."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Text:
    """One of the texts."""

    title: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class ExperiencePage:
    """An experience to decide about."""

    id: str
    title: str
    facts: Sequence[Fact]
    texts: Sequence[Text]
    details: Sequence[Detail]
    answers: Sequence[Fact]
    notices: Sequence[Notice]
    rules: Sequence[Option]
    seen: str
    can_decide: bool
    can_approve: bool
    can_propose: bool
    is_proposed: bool
    asks_steps: bool
    """Whether to ask if what the region agreed for danger was done."""
    has_acted: bool
    proposal: str
    wants_second_look: bool
    reason: str
    words: str
    error: str
    href: str


@dataclass(frozen=True, slots=True)
class AnswerToRead:
    """A provider's answer, with what it answers."""

    id: str
    provider: str
    story: str
    pieces: Sequence[Piece]
    promise: str
    href: str
    error: str
    reason: str


@dataclass(frozen=True, slots=True)
class DisputeToDecide:
    """A disputed sentence with both sides."""

    id: str
    provider: str
    sentence: str
    grounds: str
    says: str
    until: str
    href: str
    error: str
    reason: str


_DONE = {
    "goedgekeurd": N_("Approved. It appears together with others."),
    "geweigerd": N_("Not published. Its author reads why."),
    "voorgesteld": N_("Proposed. A second person decides."),
    "weggehaald": N_("Taken down, by two people. Its author reads why."),
    "blijft": N_("It stays."),
    "antwoord": N_("The answer was decided about."),
    "feit": N_("The disputed fact was decided about."),
}


done = what_was_done(_DONE)
"""What was just done, as the address says."""


def queue_page(
    number: int,
    waiting: Sequence[Experience],
    pager: Pager,
    answers: Sequence[tuple[ProviderAnswer, Experience]],
    disputes: Sequence[tuple[Dispute, Experience]],
    published: int,
    lists: CodeLists,
    today: date,
    notice: Notice | None,
) -> QueuePage:
    """What waits for a moderator, the most serious first: one page of `number` stories.

    `published` is how many stand on the site.
    """
    return QueuePage(
        waiting=[_waiting(one, lists, today) for one in waiting],
        pager=pager,
        answers=[
            Waiting(link("moderating.answer", public_id=one.id), one.about_name, gettext("Answer to a story"),
                    "", False, "", False)
            for _, one in answers
        ],
        disputes=[
            Waiting(link("moderating.dispute", public_id=dispute.id), one.about_name, gettext("Disputed fact"),
                    gettext("The author answered") if dispute.author_says else "", False, "", today > dispute.answer_by)
            for dispute, one in disputes
        ],
        published=Link(_published_words(published), link("moderating.published")) if published else None,
        notice=notice,
        lead=ngettext("%(num)s story to look at", "%(num)s stories to look at", number),
    )  # fmt: skip


def _age(days: int | None) -> str:
    if days is None:
        return ""
    return ngettext("%(num)s day old", "%(num)s days old", days) if days else gettext("arrived today")


def published_page(number: int, found: Sequence[Experience], pager: Pager) -> PublishedPage:
    """One page of the `number` stories that stand on the site."""
    stories = [
        Link(one.about_name, link("moderating.experience", public_id=one.id),
             f"{gettext(VOICES[one.voice])} · {quarter_words(one.quarter)}")
        for one in found
    ]  # fmt: skip
    return PublishedPage(stories, pager, _published_words(number))


def _published_words(number: int) -> str:
    return ngettext("%(num)s story stands on the site", "%(num)s stories stand on the site", number)


def _waiting(one: Experience, lists: CodeLists, today: date) -> Waiting:
    days = (today - one.arrived_on).days if one.arrived_on else None
    why = ""
    if one.danger == WORRY:
        why = gettext("Something worries: read it before others")
    elif one.danger:
        why = gettext("Sounds like danger: read it now")
    elif one.wants_second_look:
        why = gettext("Second look")
    elif one.proposed_by is not None:
        why = gettext("Proposed to be taken down")
    return Waiting(
        link("moderating.experience", public_id=one.id),
        one.about_name,
        f"{gettext(VOICES[one.voice])} · {help_words(one, lists)}",
        why,
        sounds_like_danger(one.danger),
        _age(days),
        days is not None and days > TARGET_DAYS,
    )


def experience_page(
    one: Experience, questions: QuestionSet, group: Group, flags: Sequence[ExperienceFlag], lists: CodeLists,
    given: Mapping[str, str], error: str,
) -> ExperiencePage:  # fmt: skip
    """An experience with what a moderator needs to know to decide."""
    notices = []
    if one.danger == WORRY:
        notices.append(
            Notice(Tone.WARNING,
                   gettext("Something here worries: what was written, or how safe it felt. Is somebody in danger?"),
                   gettext("If so, follow the agreement of your region for worries about safety."))
        )  # fmt: skip
    elif one.danger:
        notices.append(
            Notice(
                Tone.DANGER,
                gettext("This sounds like danger"),
                gettext("Read it now. Follow the agreement of your region for worries about safety. You cannot reach "
                        "the author, who has seen whom to call."),
            )
        )  # fmt: skip
    if max(group.handed_out or 0, group.told) < SMALL_GROUP:
        notices.append(Notice(Tone.WARNING, gettext("A small group: leave out more than usual, of third persons too.")))
    notices += [Notice(Tone.WARNING, gettext(FLAGS.get(flag.kind, flag.kind)), flag.detail) for flag in flags]
    details = [
        Detail(f"{name}:{number}", f"{getattr(one, name)[found.start : found.end]} ({gettext(PERSONAL[found.kind])})")
        for name in TEXTS
        for number, found in enumerate(find_personal_data(getattr(one, name)))
    ]
    is_open = one.status is Status.RECEIVED or one.wants_second_look
    return ExperiencePage(
        id=one.id,
        title=one.about_name,
        facts=[
            Fact(gettext("Who tells"), gettext(VOICES[one.voice])),
            Fact(gettext("Kind of help"), help_words(one, lists)),
            Fact(gettext("When"), f"{gettext(OCCASIONS[one.occasion])}, {quarter_words(one.quarter)}"),
            Fact(gettext("Framework"), gettext(FRAMEWORKS[one.framework])),
            Fact(gettext("Status"), gettext(STATUSES[one.status])),
            Fact(gettext("It hides among"), _group_words(group)),
        ],
        texts=[Text(_title(questions, name, one), pieces_of(getattr(one, name))) for name in TEXTS],
        details=details,
        answers=list(_answers(one, questions)),
        notices=notices,
        rules=[Option(rule.value, gettext(RULES[rule]), rule == given.get("rule")) for rule in Rule],
        seen=state_of(one),
        can_decide=is_open,
        can_approve=is_open,
        can_propose=one.status is Status.PUBLISHED and one.proposed_by is None,
        is_proposed=one.proposed_by is not None,
        asks_steps=sounds_like_danger(one.danger) and (is_open or one.status is Status.PUBLISHED),
        has_acted=given.get("gehandeld") == "ja",
        proposal=f"{gettext(RULES[one.rule])} {one.reason}" if one.rule and one.proposed_by is not None else "",
        wants_second_look=one.wants_second_look,
        reason=given.get("reason", ""),
        words=given.get("words", ""),
        error=error,
        href=link("moderating.decide", public_id=one.id),
    )  # fmt: skip


def _group_words(group: Group) -> str:
    if group.handed_out is None:
        return gettext("Stories of the same kind: %(told)s. Nobody wrote down yet how many codes were handed out.",
                       told=group.told)  # fmt: skip
    return gettext("Codes that were handed out: %(codes)s. Stories of the same kind: %(told)s.",
                   codes=group.handed_out, told=group.told)  # fmt: skip


def _title(questions: QuestionSet, name: str, one: Experience) -> str:
    question = questions.question(name)
    return question.wording(chosen(), one.voice).title if question else name


def _answers(one: Experience, questions: QuestionSet) -> Sequence[Fact]:
    facts = []
    for question in questions.questions:
        if question.kind is QuestionKind.TEXT or question.key not in one.answers:
            continue
        wording = question.wording(chosen(), one.voice)
        labels = dict(zip(question.options, wording.options, strict=True))
        facts.append(Fact(wording.title, labels.get(one.answers[question.key], one.answers[question.key])))
    return facts


def answer_page(answer: ProviderAnswer, one: Experience, error: str = "", reason: str = "") -> AnswerToRead:
    """What a provider answered, beside what it answers; `reason` is what was typed."""
    return AnswerToRead(
        one.id, one.about_name, one.story or one.advice, pieces_of(answer.text), answer.promise,
        link("moderating.decide_answer", public_id=one.id), error, reason,
    )  # fmt: skip


def dispute_page(dispute: Dispute, one: Experience, error: str = "", reason: str = "") -> DisputeToDecide:
    """What a provider disputes, and what the author says of it; `reason` is what was typed."""
    return DisputeToDecide(
        dispute.id, one.about_name, dispute.sentence, dispute.grounds, dispute.author_says,
        format_date(dispute.answer_by, "long", locale=chosen()),
        link("moderating.decide_dispute", public_id=dispute.id), error, reason,
    )  # fmt: skip
