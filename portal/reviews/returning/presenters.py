"""What its author sees of an experience."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from babel.dates import format_date

from portal.core.languages import chosen, gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Tone, what_was_done
from portal.reviews.danger_notice import danger_notice_for
from portal.reviews.models import Dispute, Experience, ProviderAnswer
from portal.reviews.telling.presenters import seen
from portal.reviews.types import Status, Voice
from portal.reviews.wording import quarter_words, rule_words


@dataclass(frozen=True, slots=True)
class PhrasePage:
    """Where the phrase is typed."""

    phrase: str
    error: str
    notice: Notice | None
    lead: str
    lost: str
    """What to do without the words."""
    hidden: Sequence[tuple[str, str]]
    """Who tells, where it is known."""


@dataclass(frozen=True, slots=True)
class DisputeShown:
    """A sentence that the provider disputes, and what was decided about it."""

    id: str
    sentence: str
    grounds: str
    says: str
    until: str
    """What the author can do, and until when; empty once it was decided."""
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What stands above and on the forms of somebody's own story."""

    dispute_asks: str
    change: str
    change_explained: str
    change_kept: str
    take_back: str
    take_back_explained: str
    complain: str

    def translated(self) -> Labels:
        """The same in the language of the page."""
        return Labels(**{field.name: gettext(getattr(self, field.name)) for field in fields(self)})


@dataclass(frozen=True, slots=True)
class TakeBackAsked:
    """How is asked whether a story is to be deleted. Marked for translation."""

    title: str
    goes: Sequence[str]
    sure: str
    keep: str


@dataclass(frozen=True, slots=True)
class Speech:
    """How these pages speak to one voice. Marked for translation."""

    statuses: Mapping[Status, tuple[str, str]]
    done: Callable[[str | None], Notice | None]
    labels: Labels
    take_back: TakeBackAsked
    dispute_until: str
    gone: str
    lead: str
    lost: str
    unknown: str


_NOBODY_DECIDED = N_("Nobody has decided yet. We try to within five working days.")
_LOOKED_AT = N_("Somebody who did not decide before will look at it.")
_SAME = N_("Nothing was changed.")
_SPEECH = {
    Voice.PARENT: Speech(
        statuses={
            Status.RECEIVED: (N_("Your story has arrived"), _NOBODY_DECIDED),
            Status.READY: (
                N_("Your story was approved"),
                N_("It waits until three stories about this provider can appear together. After a year at most it "
                   "appears without the name of the provider."),
            ),
            Status.PUBLISHED: (N_("Your story is published"), ""),
            Status.REFUSED: (
                N_("Your story was not published"), N_("You can change it, or ask somebody else to look."),
            ),
            Status.REMOVED: (
                N_("Your story was taken down"),
                N_("Two people decided so. You can change it, or ask somebody else to look."),
            ),
        },
        done=what_was_done({
            "gewijzigd": N_(
                "Your change has arrived. Somebody reads it before it is shown; until then nothing of it is."
            ),
            "gelijk": _SAME,
            "tweede": _LOOKED_AT,
            "antwoord": N_("Your answer has arrived. The region decides, and you see here what it decided."),
        }),
        labels=Labels(
            dispute_asks=N_("What happened, as you know it"),
            change=N_("Change your story"),
            change_explained=N_(
                "What you change is read again before it is shown. What stands on the site now comes off at once."
            ),
            change_kept=N_("Keep this change"),
            take_back=N_("Take your story back"),
            take_back_explained=N_(
                "It is deleted, here and everywhere on this site, within a minute. You need give no reason, and cannot "
                "undo it."
            ),
            complain=N_("Not satisfied with how we decide? You can complain about it too."),
        ),
        take_back=TakeBackAsked(
            title=N_("Do you want to delete your story?"),
            goes=(
                N_("What you wrote, and the answer to it, goes off this site."),
                N_("What you chose is deleted too. An average in which it counted changes with a later count."),
                N_("Your eight words open nothing any more. You cannot bring your story back."),
            ),
            sure=N_("Yes, delete my story"),
            keep=N_("No, keep my story"),
        ),
        dispute_until=N_(
            "You can say what you think of that, until %(until)s. If you say nothing, this sentence is left out and "
            "the rest stays. They do not see what you write here."
        ),
        gone=N_("Your story is gone"),
        lead=N_(
            "You got them when you sent your story. With them you see what was decided, change your story, or take it "
            "back."
        ),
        lost=N_(
            "Did you lose them? Then nobody can open your story, not even we. If something in it is dangerous for you, "
            "tell the region: it can take it down."
        ),
        unknown=N_(
            "We do not know these words. Are they in the right order? If you took your story back, it is gone and the "
            "words open nothing any more."
        ),
    ),
    Voice.YOUNG_PERSON: Speech(
        statuses={
            Status.RECEIVED: (N_("We have your story"), _NOBODY_DECIDED),
            Status.READY: (
                N_("Your story will be on the site"),
                N_("It waits until there are three stories. Does that take a year? Then it comes without the name of "
                   "who helped you."),
            ),
            Status.PUBLISHED: (N_("Your story is on the site"), ""),
            Status.REFUSED: (
                N_("Your story does not come on the site"),
                N_("You can change it. You can also ask whether somebody else reads it."),
            ),
            Status.REMOVED: (
                N_("Your story was taken off the site"),
                N_("Two people decided that. You can change it, or ask whether somebody else reads it."),
            ),
        },
        done=what_was_done({
            "gewijzigd": N_("We have it. Somebody reads it first. Until then nobody sees your story."),
            "gelijk": _SAME,
            "tweede": _LOOKED_AT,
            "antwoord": N_("We have your answer. Look here again later: then you see what was decided."),
        }),
        labels=Labels(
            dispute_asks=N_("How was it really?"),
            change=N_("Change something in your story"),
            change_explained=N_(
                "Somebody reads it again first. Until then your story is not on the site."
            ),
            change_kept=N_("Keep it like this"),
            take_back=N_("Take your story away"),
            take_back_explained=N_(
                "Then we delete it, everywhere on this site. That takes a minute. You need not say why. It cannot be "
                "brought back."
            ),
            complain=N_("Do you think this is not fair? You can complain about it."),
        ),
        take_back=TakeBackAsked(
            title=N_("Do you want your story to be gone?"),
            goes=(
                N_("What you wrote goes off this site. What others wrote below it goes too."),
                N_("We delete what you ticked too. An average with your tick in it changes when we count again."),
                N_("After that your eight words do not work any more. Gone is gone."),
            ),
            sure=N_("Yes, take my story away"),
            keep=N_("No, keep my story"),
        ),
        dispute_until=N_(
            "Do you want to say something about that? You can until %(until)s. If you say nothing, we leave this one "
            "sentence out. They do not see what you write here."
        ),
        gone=N_("Your story is gone now"),
        lead=N_(
            "You got them when you sent your story. With these words you see what we decided. You can change your "
            "story too, or take it away."
        ),
        lost=N_(
            "Did you lose the words? Then nobody can open your story. We cannot either. Is something in it dangerous "
            "for you? Tell the region: they can take your story off the site."
        ),
        unknown=N_(
            "We do not know these words. Are they in the right order? Did you take your story away? Then it is gone, "
            "and the words open nothing any more."
        ),
    ),
}  # fmt: skip
_WAITS_FOR_OFFICE = N_(
    "It waits until three stories about them can appear together, or until it can appear without saying whom it is "
    "about."
)
_OUTCOMES = {
    "kept": N_("It was decided: the sentence stays."),
    "removed": N_("It was decided: the sentence is left out, the rest stays."),
}


def speech_to(voice: Voice) -> Speech:
    """How to speak to whoever told this."""
    return _SPEECH[voice]


def phrase_page(voice: Voice | None, phrase: str = "", error: str = "", notice: Notice | None = None) -> PhrasePage:
    """Where the words are typed, as it speaks to this voice; None where it is not known who comes."""
    speech = speech_to(voice or Voice.PARENT)
    hidden = [("stem", voice.value)] if voice is not None else []
    return PhrasePage(phrase, error, notice, gettext(speech.lead), gettext(speech.lost), hidden)


def unknown_phrase(voice: Voice | None) -> str:
    """These words open nothing."""
    return gettext(speech_to(voice or Voice.PARENT).unknown)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """An experience as its author sees it."""

    provider: str
    quarter: str
    status: str
    meaning: str
    reads: Link | None
    """Where everybody reads it."""
    rule: str
    reason: str
    blanked: str
    story: str
    advice: str
    answer: str
    disputes: Sequence[DisputeShown]
    can_ask_second_look: bool
    asked_second_look: bool
    found: Sequence[str]
    """What in a change that is not kept yet could tell who somebody is."""
    seen: str
    """That it was shown."""
    is_young: bool
    labels: Labels
    hidden: Sequence[tuple[str, str]]
    notice: Notice | None
    help: Notice | None
    """Whom to call, where what was told sounds like danger."""
    error: str


@dataclass(frozen=True, slots=True)
class TakeBackPage:
    """Asked before a story is deleted."""

    title: str
    goes: Sequence[str]
    """What disappears."""
    sure: str
    keep: str
    hidden: Sequence[tuple[str, str]]


def take_back_page(voice: Voice, hidden: Sequence[tuple[str, str]]) -> TakeBackPage:
    """What disappears, before it does."""
    asks = speech_to(voice).take_back
    return TakeBackPage(gettext(asks.title), [gettext(line) for line in asks.goes], gettext(asks.sure),
                        gettext(asks.keep), hidden)  # fmt: skip


def withdrawn(voice: Voice) -> Notice:
    """It is gone."""
    return Notice(
        Tone.INFO,
        gettext(speech_to(voice).gone),
        gettext(
            "It no longer stands on this site, in search or in open data. Search engines and people who copied it we "
            "cannot reach."
        ),
    )


def own_page(
    experience: Experience,
    answer: ProviderAnswer | None,
    disputes: Sequence[Dispute],
    hidden: Sequence[tuple[str, str]],
    notice: Notice | None,
    error: str,
    says: Mapping[str, str],
    found: Sequence[str],
) -> OwnPage:
    """An experience with what was decided about it, and why; `says` is what was typed about a dispute and not kept.

    `found` is what in a change that is not kept yet could tell who somebody is.
    """
    speech = speech_to(experience.voice)
    status, meaning = speech.statuses[experience.status]
    if experience.status is Status.READY and experience.office_kind is not None:
        meaning = _WAITS_FOR_OFFICE
    blanked = experience.blanked
    shown = answer.text if answer is not None and answer.status is Status.PUBLISHED else ""
    return OwnPage(
        provider=experience.about_name,
        quarter=quarter_words(experience.quarter),
        status=gettext(status),
        meaning=gettext(meaning) if meaning else "",
        reads=_where_it_stands(experience),
        rule=rule_words(experience.rule, experience.voice) if experience.rule else "",
        reason=experience.reason,
        blanked=ngettext(
            "We left out %(num)s detail that could tell who somebody is. There stands […].",
            "We left out %(num)s details that could tell who somebody is. There stands […].",
            blanked,
        ) if blanked else "",
        story=experience.story,
        advice=experience.advice,
        answer=shown,
        disputes=[_dispute(one, speech, says.get(one.id, one.author_says)) for one in disputes],
        can_ask_second_look=experience.status in (Status.REFUSED, Status.REMOVED) and not experience.wants_second_look,
        asked_second_look=experience.wants_second_look,
        found=found,
        seen=seen("\n".join(found)),
        is_young=experience.voice is Voice.YOUNG_PERSON,
        labels=speech.labels.translated(),
        hidden=hidden,
        notice=notice,
        help=danger_notice_for(experience.danger, experience.voice, experience.answers),
        error=error,
    )  # fmt: skip


def _where_it_stands(one: Experience) -> Link | None:
    """The page of the provider with its stories; None where it is not public, or stands there without a name."""
    if one.status is not Status.PUBLISHED or not one.is_named or one.provider is None:
        return None
    return Link(gettext("See it on their page"), link("catalogue.provider", slug=one.provider.slug) + "#ervaringen")


def _dispute(one: Dispute, speech: Speech, says: str) -> DisputeShown:
    until = "" if one.outcome else gettext(speech.dispute_until, until=_day(one.answer_by))
    outcome = gettext(_OUTCOMES[one.outcome]) if one.outcome else ""
    return DisputeShown(one.id, one.sentence, one.grounds, says, until, outcome, one.reason)


def _day(day: date) -> str:
    return format_date(day, "long", locale=chosen())
