"""What its author sees of an experience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from portal.core.languages import chosen, gettext, ngettext
from portal.core.messages import N_
from portal.core.pages import Notice, Tone, what_was_done
from portal.reviews.models import Dispute, Experience, ProviderAnswer
from portal.reviews.types import Status, Voice
from portal.reviews.wording import RULES, quarter_words


@dataclass(frozen=True, slots=True)
class PhrasePage:
    """Where the phrase is typed."""

    phrase: str
    error: str
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class DisputeShown:
    """A sentence that the provider disputes."""

    id: str
    sentence: str
    grounds: str
    says: str
    until: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """An experience as its author sees it."""

    provider: str
    quarter: str
    status: str
    meaning: str
    rule: str
    reason: str
    blanked: str
    story: str
    advice: str
    answer: str
    disputes: Sequence[DisputeShown]
    can_ask_second_look: bool
    asked_second_look: bool
    is_young: bool
    hidden: Sequence[tuple[str, str]]
    notice: Notice | None
    error: str


_MEANINGS = {
    Status.RECEIVED: (N_("Your story has arrived"), N_("Nobody has decided yet. We try to within five working days.")),
    Status.READY: (
        N_("Your story was approved"),
        N_("It waits until three stories about this provider can appear together. After a year at most it appears "
           "without the name of the provider."),
    ),
    Status.PUBLISHED: (N_("Your story is published"), ""),
    Status.REFUSED: (N_("Your story was not published"), N_("You can change it, or ask somebody else to look.")),
    Status.REMOVED: (
        N_("Your story was taken down"),
        N_("Two people decided so. You can change it, or ask somebody else to look."),
    ),
}  # fmt: skip
_WAITS_FOR_OFFICE = N_(
    "It waits until three stories about them can appear together, or until it can appear without saying whom it is "
    "about."
)
_DONE = {
    "gewijzigd": N_("Your change has arrived. Somebody reads it before it is shown; until then nothing of it is."),
    "gelijk": N_("Nothing was changed."),
    "tweede": N_("Somebody who did not decide before will look at it."),
    "antwoord": N_("Your answer has arrived. The region decides, and you see here what it decided."),
}


done = what_was_done(_DONE)
"""What was just done, as the address says."""


def withdrawn() -> Notice:
    """It is gone."""
    return Notice(
        Tone.INFO,
        gettext("Your story is gone"),
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
    error: str = "",
) -> OwnPage:
    """An experience with what was decided about it, and why."""
    status, meaning = _MEANINGS[experience.status]
    if experience.status is Status.READY and experience.office_kind is not None:
        meaning = _WAITS_FOR_OFFICE
    blanked = experience.blanked
    shown = answer.text if answer is not None and answer.status is Status.PUBLISHED else ""
    return OwnPage(
        provider=experience.about_name,
        quarter=quarter_words(experience.quarter),
        status=gettext(status),
        meaning=gettext(meaning) if meaning else "",
        rule=gettext(RULES[experience.rule]) if experience.rule else "",
        reason=experience.reason,
        blanked=ngettext(
            "We left out %(num)s detail that could tell who somebody is. There stands […].",
            "We left out %(num)s details that could tell who somebody is. There stands […].",
            blanked,
        ) if blanked else "",
        story=experience.story,
        advice=experience.advice,
        answer=shown,
        disputes=[_dispute(one) for one in disputes],
        can_ask_second_look=experience.status in (Status.REFUSED, Status.REMOVED) and not experience.wants_second_look,
        asked_second_look=experience.wants_second_look,
        is_young=experience.voice is Voice.YOUNG_PERSON,
        hidden=hidden,
        notice=notice,
        error=error,
    )  # fmt: skip


def _dispute(one: Dispute) -> DisputeShown:
    return DisputeShown(one.id, one.sentence, one.grounds, one.author_says, _day(one.answer_by))


def _day(day: date) -> str:
    return format_date(day, "long", locale=chosen())
