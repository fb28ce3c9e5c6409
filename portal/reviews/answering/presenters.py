"""What families told, at the provider's desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Notice, Option, Pager, what_was_done
from portal.reviews.models import Dispute, Experience, ProviderAnswer
from portal.reviews.showing.presenters import ShownStory, shown_story
from portal.reviews.showing.queries import Story
from portal.reviews.telling.operations import cleaned
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
    preview: ShownStory | None
    """As families will see it, where that was asked."""
    notice: Notice | None
    """What was just done with it."""
    error: str
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
class Promise:
    """What the provider promised, where families read it."""

    text: str
    due: str
    state: str
    is_pressing: bool
    """Whether its quarter is this one, or over."""
    story_href: str
    kept_href: str
    """Empty where it is kept already."""


@dataclass(frozen=True, slots=True)
class StoriesPage:
    """All of them, with what was promised in answer to them."""

    promises: Sequence[Promise]
    stories: Sequence[OwnStory]
    pager: Pager
    notice: Notice | None
    asked_for: str
    """The story of which something is asked."""
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


done = what_was_done(_DONE)
"""What was just done, as the address says."""


def stories_page(
    answered: Sequence[tuple[Experience, ProviderAnswer]],
    found: Sequence[Experience],
    pager: Pager,
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

    `answered` are the stories with an answer, of all pages; `found` those of this page.
    `given` is what was typed and cannot be kept yet.
    A notice or an error stands at the story that `given` names, where that is one of them; else above all.
    """
    given = given or {}
    about = given.get("id", "")
    answers = {one.id: answer for one, answer in answered}
    stories = [
        _story(one, answers.get(one.id), [d for d in disputes if d.experience_id == one.id], noticed.get(one.id, ()),
               now, given, notice if one.id == about else None, error if one.id == about else "", desk)
        for one in found
    ]  # fmt: skip
    if any(one.id == about for one in found):
        notice = None
    return StoriesPage(_promises(answered, now, desk), stories, pager, notice, about, asked)


def _promises(answered: Sequence[tuple[Experience, ProviderAnswer]], now: Quarter, desk: str) -> Sequence[Promise]:
    """What was promised and families read: what is not kept yet first, the soonest due first."""
    made = [(one, answer) for one, answer in answered if _is_promise(answer)]
    made.sort(key=lambda pair: (bool(pair[1].kept), pair[1].promise_due, pair[0].id))
    return [_promise(one, answer, now, desk) for one, answer in made]


def _is_promise(answer: ProviderAnswer) -> bool:
    """Whether there is a promise in it that families read."""
    return bool(answer.promise) and answer.status is Status.PUBLISHED


def _promise(one: Experience, answer: ProviderAnswer, now: Quarter, desk: str) -> Promise:
    quarters = Quarter.read(answer.promise_due).number - now.number if answer.promise_due else 1
    if answer.kept:
        state = gettext("You said that you kept it.")
    elif quarters < 0:
        state = gettext("Its time is over. Did you do it? Say so. If not, tell families in your answer what happens.")
    elif quarters == 0:
        state = gettext("It is due this quarter.")
    else:
        state = ""
    return Promise(
        text=answer.promise,
        due=gettext("by the end of the %(quarter)s", quarter=quarter_words(answer.promise_due))
        if answer.promise_due
        else "",
        state=state,
        is_pressing=not answer.kept and quarters <= 0,
        story_href=link(f"{desk}.index", bij=one.id, _anchor=anchor_of(one.id)),
        kept_href="" if answer.kept else link(f"{desk}.kept", public_id=one.id),
    )


def anchor_of(story: str) -> str:
    """Where a story stands on its page, by its id."""
    return f"v-{story}"


def _story(
    one: Experience, answer: ProviderAnswer | None, disputes: Sequence[Dispute], noticed: Sequence[str], now: Quarter,
    given: Mapping[str, str], notice: Notice | None, error: str, desk: str,
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
        preview=_preview(one, given) if is_given and "preview" in given else None,
        notice=notice,
        error=error,
        disputes=[
            f"{gettext(_OUTCOMES[d.outcome])}: “{d.sentence}” {d.reason}".strip() for d in disputes
        ],
        dues=[Option(quarter, quarter_words(quarter), quarter == due) for quarter in quarters],
        is_answering=is_given,
        sentence=given.get("sentence", "") if is_for_it else "",
        grounds=given.get("grounds", "") if is_for_it else "",
        answer_href=f"{link(f'{desk}.answer', public_id=one.id)}#{anchor_of(one.id)}",
        kept_href=f"{link(f'{desk}.kept', public_id=one.id)}#{anchor_of(one.id)}",
        dispute_href=f"{link(f'{desk}.dispute', public_id=one.id)}#{anchor_of(one.id)}",
    )  # fmt: skip


def _preview(one: Experience, given: Mapping[str, str]) -> ShownStory:
    """The story with what was typed, by the same words as on the page of the provider."""
    promise = cleaned(given.get("promise", ""))
    return shown_story(
        Story(
            provider=None, office=None, kind=one.office_kind, arrangement=one.arrangement, voice=one.voice,
            quarter=one.quarter, story=one.story, advice=one.advice, answer=cleaned(given["text"]), promise=promise,
            promise_due=given.get("due", "") if promise else "", is_kept=False, noticed=(),
        )
    )  # fmt: skip
