"""What families told, at the desk of whom it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Notice, Option, Tone
from portal.reviews.models import Dispute, Experience, ProviderAnswer
from portal.reviews.types import OfficeKind, Quarter, Status
from portal.reviews.wording import VOICES, quarter_words

_STATES = {
    Status.RECEIVED: N_("Waits to be read by the region"),
    Status.PUBLISHED: N_("Shown below the story"),
    Status.REFUSED: N_("Given back by the region"),
}
QUARTERS_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What to ask about what was written and holds what looks like personal data."""

    of: str
    """"answer" or "dispute"."""
    question: str
    """Empty once its writer said that it is about nobody."""
    can_keep: bool
    """Whether its writer can say so."""
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class OwnStory:
    """One story about the provider, institution or team."""

    id: str
    who: str
    of: str
    """In which role, where that is not the only one."""
    story: Sequence[str]
    advice: Sequence[str]
    answer: str
    promise: str
    state: str
    reason: str
    can_keep: bool
    noticed: Sequence[str]
    """What later families say of the promise."""
    disputes: Sequence[str]
    dues: Sequence[Option]
    is_answering: bool
    """Whether an answer to it was typed and is not kept yet."""
    sentence: str
    grounds: str
    """What was typed to dispute a sentence, and is not kept yet."""
    answer_href: str
    kept_href: str
    dispute_href: str


@dataclass(frozen=True, slots=True)
class StoriesPage:
    """All of them."""

    stories: Sequence[OwnStory]
    notice: Notice | None
    error: str
    preview: str
    preview_for: str
    asked: Asked | None


_DONE = {
    "antwoord": N_("Your answer waits to be read by the region. Then it stands below the story."),
    "nagekomen": N_("The page shows that you kept your promise."),
    "betwist": N_("The author is asked, without you or us knowing who it is. The region then decides."),
}
_OUTCOMES = {
    "": N_("Disputed, not decided yet"),
    "kept": N_("The sentence stays"),
    "removed": N_("The sentence was left out"),
}


def done(what: str | None) -> Notice | None:
    """What was just done."""
    return Notice(Tone.INFO, gettext(_DONE[what])) if what in _DONE else None


def stories_page(
    found: Sequence[Experience],
    answers: Mapping[str, ProviderAnswer],
    disputes: Sequence[Dispute],
    noticed: Mapping[str, Sequence[str]],
    now: Quarter,
    notice: Notice | None,
    error: str = "",
    given: Mapping[str, str] | None = None,
    asked: Asked | None = None,
    desk: str = "answering",
) -> StoriesPage:
    """What families told, with what was done about it, at the pages named `desk`.

    `given` is what was typed and cannot be kept yet.
    """
    given = given or {}
    return StoriesPage(
        [_story(one, answers.get(one.id), [d for d in disputes if d.experience_id == one.id],
                noticed.get(one.id, ()), now, given, desk)
         for one in found],
        notice, error, given.get("preview", ""), given.get("id", ""), asked,
    )  # fmt: skip


def _story(
    one: Experience, answer: ProviderAnswer | None, disputes: Sequence[Dispute], noticed: Sequence[str], now: Quarter,
    given: Mapping[str, str], desk: str,
) -> OwnStory:  # fmt: skip
    is_for_it = given.get("id") == one.id
    is_given = is_for_it and "text" in given
    due = given.get("due", "") if is_given else answer.promise_due if answer else ""
    quarters = [str(Quarter(now.number + ahead)) for ahead in range(QUARTERS_AHEAD)]
    return OwnStory(
        id=one.id,
        who=f"{gettext(VOICES[one.voice])}, {quarter_words(one.quarter)}",
        of=gettext("About your work as youth protector") if one.office_kind is OfficeKind.YOUTH_PROTECTOR else "",
        story=one.story.splitlines(),
        advice=one.advice.splitlines(),
        answer=given.get("text", "") if is_given else answer.text if answer else "",
        promise=given.get("promise", "") if is_given else answer.promise if answer else "",
        state=gettext(_STATES[answer.status]) if answer else "",
        reason=answer.reason if answer else "",
        can_keep=bool(answer and answer.promise and answer.status is Status.PUBLISHED and not answer.kept),
        noticed=noticed,
        disputes=[
            f"{gettext(_OUTCOMES[d.outcome])}: “{d.sentence}” {d.reason}".strip() for d in disputes
        ],
        dues=[Option(quarter, quarter_words(quarter), quarter == due) for quarter in quarters],
        is_answering=is_given,
        sentence=given.get("sentence", "") if is_for_it else "",
        grounds=given.get("grounds", "") if is_for_it else "",
        answer_href=link(f"{desk}.answer", public_id=one.id),
        kept_href=link(f"{desk}.kept", public_id=one.id),
        dispute_href=link(f"{desk}.dispute", public_id=one.id),
    )  # fmt: skip
