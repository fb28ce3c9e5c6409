"""What a family filled in so far: locked with its code, so that nobody else can read it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core.database import insert_if_absent
from portal.reviews.family_secrets import Opened, seal, unseal
from portal.reviews.models import Draft
from portal.reviews.questions import QuestionSet
from portal.reviews.types import Voice


@dataclass(frozen=True, slots=True)
class Told:
    """What a family told so far: whose voice it is, and its answers and texts by question."""

    voice: Voice | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    def with_answer(self, key: str, answer: str) -> Self:
        """The same with this answer; an empty one takes it away."""
        kept = {name: value for name, value in self.answers.items() if name != key}
        return replace(self, answers={**kept, key: answer} if answer else kept)

    def with_voice(self, voice: Voice) -> Self:
        """The same, told by this voice."""
        return replace(self, voice=voice)

    def only(self, questions: QuestionSet) -> Self:
        """The same without answers to questions that are not asked any more."""
        known = {question.key for question in questions.questions}
        return replace(self, answers={key: value for key, value in self.answers.items() if key in known})


def read_draft(session: Session, selector: str, opened: Opened) -> Told:
    """What is kept under this code; nothing where nothing is, or where it cannot be read."""
    draft = session.get(Draft, selector)
    return _told(draft, opened) if draft is not None else Told()


def change_draft(
    session: Session, selector: str, opened: Opened, change: Callable[[Told], Told], today: date
) -> Told:  # fmt: skip
    """Change what is kept under this code, as it is now: two devices that answer at once lose nothing."""
    insert_if_absent(session, Draft, selector=selector, sealed=b"", changed_on=today)
    draft = session.get_one(Draft, selector, with_for_update=True)
    told = change(_told(draft, opened))
    draft.sealed = seal(opened, json.dumps({"voice": told.voice, "answers": dict(told.answers)}))
    draft.changed_on = today
    return told


def _told(draft: Draft, opened: Opened) -> Told:
    text = unseal(opened, draft.sealed) if draft.sealed else ""
    if not text:
        return Told()
    data = json.loads(text)
    return Told(Voice(data["voice"]) if data["voice"] else None, data["answers"])


def forget_drafts(session: Session, today: date, days: int) -> int:
    """Delete what nobody went on with for so many days; how many there were."""
    deleted = session.execute(delete(Draft).where(Draft.changed_on < today - timedelta(days=days)))
    return int(deleted.rowcount)  # type: ignore[attr-defined]
