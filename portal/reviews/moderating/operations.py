"""What a moderator decides. A moderator can leave a detail out, and cannot write a word."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.catalogue.operations import touch
from portal.core.actor import Actor
from portal.core.personal_data import find_personal_data, tells_of_nobody
from portal.reviews.danger import sounds_like_danger
from portal.reviews.models import Dispute, Experience, ProviderAnswer
from portal.reviews.operations import NotAllowed, move, note
from portal.reviews.questions import TEXTS
from portal.reviews.types import Rule, Status

BLANK = "[…]"
"""Stands where a detail was left out."""
SHORTEST_REASON = 10
LONGEST_REASON = 1_000


class Changed(ValueError):
    """Its author changed the text while it was being read."""


class _CannotLeaveOut(ValueError):
    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(", ".join(words))
        self.words = tuple(words)


class NotInText(_CannotLeaveOut):
    """Words to leave out stand nowhere in the text: perhaps they were typed wrongly, and a name would be published."""


class TellsOfNobody(_CannotLeaveOut):
    """Words to leave out could not tell who somebody is: without them a story would say something else."""


class NotActed(ValueError):
    """In the story danger was heard, and nobody says that what the region agreed for that was done."""


class SamePerson(ValueError):
    """A second look, or the second of two, has to be somebody else."""


@dataclass(frozen=True, slots=True)
class Blanks:
    """What to leave out: numbers of what was found, by text, and words that the moderator found."""

    found: Collection[tuple[str, int]]
    words: Sequence[str]


def state_of(experience: Experience) -> str:
    """What a page carries, to notice that its author changed something meanwhile."""
    text = "\x00".join([experience.status.value, *(getattr(experience, name) for name in TEXTS)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def approve(session: Session, actor: Actor, experience: Experience, blanks: Blanks, seen: str, today: date) -> None:
    """Let it be published with others, without what `blanks` names. What is left out is kept nowhere.

    Raises Changed, SamePerson, NotAllowed, TellsOfNobody and NotInText.
    """
    _check(experience, actor, seen)
    if empty := [words for words in blanks.words if tells_of_nobody(words)]:
        raise TellsOfNobody(empty)
    everything = "\n".join(getattr(experience, name) for name in TEXTS)
    if missing := [words for words in blanks.words if not _whole(words).search(everything)]:
        raise NotInText(missing)
    blanked = experience.blanked
    for name in TEXTS:
        text = getattr(experience, name)
        places = [(one.start, one.end) for number, one in enumerate(find_personal_data(text))
                  if (name, number) in blanks.found]  # fmt: skip
        text, count = _blanked(text, places, blanks.words)
        setattr(experience, name, text)
        blanked += count
    experience.blanked = blanked
    move(session, actor, experience, Status.READY, today)


def _blanked(text: str, places: Sequence[tuple[int, int]], words: Sequence[str]) -> tuple[str, int]:
    for start, end in sorted(places, reverse=True):
        text = text[:start] + BLANK + text[end:]
    count = len(places)
    for word in words:
        text, times = _whole(word).subn(BLANK, text)
        count += times
    return text, count


def _whole(words: str) -> re.Pattern[str]:
    """These words, and not a part of a longer one."""
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)


def refuse(
    session: Session, actor: Actor, experience: Experience, rule: Rule, reason: str, seen: str, today: date
) -> None:
    """Not publish it, by one of the house rules and with a reason that its author reads.

    Raises Changed, SamePerson and NotAllowed.
    """
    _check(experience, actor, seen)
    _check_reason(reason)
    move(session, actor, experience, Status.REFUSED, today, rule=rule, reason=reason)


def propose_removal(
    session: Session, actor: Actor, experience: Experience, rule: Rule, reason: str, today: date
) -> None:
    """Propose to take down what was published; it stays until a second person agrees. Raises NotAllowed."""
    if experience.status is not Status.PUBLISHED or experience.proposed_by is not None:
        raise NotAllowed("only what is published, and once")
    _check_reason(reason)
    experience.proposed_by, experience.rule, experience.reason = actor.person_id, rule, reason
    note(session, actor, "experience.removal_proposed", experience, today, before={}, after={"rule": rule.value})


def decide_removal(session: Session, actor: Actor, experience: Experience, agrees: bool, today: date) -> None:
    """The second person's word on a proposal. Raises NotAllowed, and SamePerson for who proposed it."""
    if experience.proposed_by is None or experience.rule is None:
        raise NotAllowed("nobody proposed to take it down")
    if experience.proposed_by == actor.person_id:
        raise SamePerson
    rule, reason = experience.rule, experience.reason
    if agrees:
        move(session, actor, experience, Status.REMOVED, today, rule=rule, reason=reason)
        return
    experience.proposed_by, experience.rule, experience.reason = None, None, ""
    note(session, actor, "experience.removal_rejected", experience, today, before={"rule": rule.value}, after={})


def say_acted(session: Session, actor: Actor, experience: Experience, has_acted: bool, today: date) -> None:
    """Write into the trail that what the region agreed for danger was done, whatever was decided about the story.

    Nothing for a story in which no danger was heard. Raises NotActed where it was not done.
    """
    if not sounds_like_danger(experience.danger):
        return
    if not has_acted:
        raise NotActed
    note(session, actor, "experience.danger_acted", experience, today, before={}, after={"acted": True})


def uphold(session: Session, actor: Actor, experience: Experience, reason: str, today: date) -> None:
    """After a second look the decision stands. Raises NotAllowed and SamePerson."""
    if not experience.wants_second_look:
        raise NotAllowed("nobody asked for a second look")
    if experience.decided_by == actor.person_id:
        raise SamePerson
    _check_reason(reason)
    experience.wants_second_look, experience.reason, experience.decided_by = False, reason, actor.person_id
    note(session, actor, "experience.upheld", experience, today, before={}, after={"status": experience.status.value})


def _check(experience: Experience, actor: Actor, seen: str) -> None:
    if seen != state_of(experience):
        raise Changed
    if experience.wants_second_look and experience.decided_by == actor.person_id:
        raise SamePerson


def _check_reason(reason: str) -> None:
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise NotAllowed("a reason that its author can read")


# --- the provider's answer and disputes ------------------------------------------------------------------


def decide_answer(
    session: Session, actor: Actor, answer: ProviderAnswer, experience: Experience, is_fine: bool, reason: str,
    today: date,
) -> None:  # fmt: skip
    """Publish what a provider answered, or give it back with a reason."""
    answer.status, answer.reason = (Status.PUBLISHED, "") if is_fine else (Status.REFUSED, reason)
    touch(session)
    note(session, actor, f"answer.{answer.status.value}", experience, today, before={}, after={})


def decide_dispute(
    session: Session, actor: Actor, dispute: Dispute, experience: Experience, is_kept: bool, reason: str, today: date
) -> None:
    """Keep a disputed sentence, or leave it out; the rest stays. Raises NotAllowed without a reason.

    Before the author's time is over nothing is left out, unless the author answered.
    """
    _check_reason(reason)
    if not is_kept and not dispute.author_says and today <= dispute.answer_by:
        raise NotAllowed("the author can still answer")
    dispute.outcome, dispute.reason = ("kept" if is_kept else "removed"), reason
    if not is_kept:
        leave_out(experience, dispute.sentence)
    touch(session)
    note(session, actor, f"dispute.{dispute.outcome}", experience, today, before={}, after={})


def leave_out(experience: Experience, sentence: str) -> None:
    """Leave a disputed sentence out."""
    for name in TEXTS:
        setattr(experience, name, getattr(experience, name).replace(sentence, BLANK))
    experience.blanked += 1
