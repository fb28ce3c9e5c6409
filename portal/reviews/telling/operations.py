"""From a code to an experience."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from portal.accounts.signing_in.codes import new_public_id
from portal.core.database import keys_of
from portal.reviews.family_secrets import (
    Cost,
    Kept,
    Opened,
    keep,
    new_phrase,
    opened,
    phrase_selector,
    selector_of,
)
from portal.reviews.invitations.operations import is_expired
from portal.reviews.models import Draft, Experience, InvitationBatch, InvitationCode
from portal.reviews.questions import FRAMEWORK, TEXTS, QuestionSet
from portal.reviews.telling.drafts import Told
from portal.reviews.types import Quarter, Status, ToldFramework

LONGEST_TEXT = 5_000
"""Of a story, in characters: some 900 words."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufffd\ufeff\ud800-\udfff]")
"""What is not part of a text. Joiners and marks of direction stay: emoji, Arabic and Persian need them."""
_MOST_EMPTY_LINES = re.compile(r"\n{3,}")
_MARK = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff"
_MOST_MARKS = re.compile(f"([{_MARK}]{{3}})[{_MARK}]+")
"""Signs that are stacked upon a letter: some are writing, towers of them are not."""


class CodeState(StrEnum):
    """What a code is good for."""

    GOOD = "good"
    UNKNOWN = "unknown"
    SPENT = "spent"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class RightCode:
    """A code that is one of ours, with its batch and the key that it gives."""

    code: str
    batch: InvitationBatch
    opened: Opened

    @property
    def selector(self) -> str:
        """Where its row is found."""
        return selector_of(self.code)


@dataclass(frozen=True, slots=True)
class Checked:
    """A code that was looked up, and what it is good for."""

    state: CodeState
    right: RightCode | None = None


def check_code(session: Session, code: str, today: date) -> Checked:
    """What this code is good for; a code that is not ours takes as long as one that is."""
    row = session.get(InvitationCode, selector_of(code))
    found = opened(keys_of(session), code, Kept(row.salt, row.digest) if row else None)
    if row is None or found is None:
        return Checked(CodeState.UNKNOWN)
    batch = session.scalars(
        select(InvitationBatch).where(InvitationBatch.id == row.batch_id).options(joinedload(InvitationBatch.provider))
    ).one()
    state = CodeState.SPENT if row.is_spent else CodeState.EXPIRED if is_expired(batch, today) else CodeState.GOOD
    return Checked(state, RightCode(code, batch, found))


def cleaned(text: str) -> str:
    """`text` as it is kept: in one form of Unicode, without what controls a screen, and without endless emptiness."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", text)
    return _MOST_EMPTY_LINES.sub("\n\n", _MOST_MARKS.sub(r"\1", text)).strip()


def fresh_phrase(session: Session) -> str:
    """A phrase whose first words no other experience has."""
    while True:
        phrase = new_phrase()
        if session.scalar(select(Experience.id).where(Experience.phrase_selector == phrase_selector(phrase))) is None:
            return phrase


def experience_of_phrase(session: Session, phrase: str) -> Experience | None:
    """What was told by who knows this phrase; a phrase that is none takes as long as one that is."""
    found = session.scalars(
        select(Experience)
        .where(Experience.phrase_selector == phrase_selector(phrase))
        .options(joinedload(Experience.provider))
    ).one_or_none()
    kept = Kept(found.phrase_salt, found.phrase_digest) if found else None
    return found if opened(keys_of(session), phrase, kept) else None


def send(
    session: Session, right: RightCode, told: Told, questions: QuestionSet, phrase: str, danger: str, today: date,
    cost: Cost = Cost(),  # noqa: B008
) -> Experience | None:  # fmt: skip
    """Spend the code, keep what was told, and forget the draft: all of it or nothing.

    Nothing of the code, its batch or its draft goes along. None where the code was spent by then, however many try at
    the same moment; a form that was sent twice is told by its phrase (`experience_of_phrase`).

    Raises ValueError for a story without a voice.
    """
    batch = right.batch
    if told.voice is None:
        raise ValueError("somebody tells")
    spent = session.execute(
        update(InvitationCode)
        .where(InvitationCode.selector == right.selector, InvitationCode.is_spent.is_(False))
        .values(is_spent=True)
        .execution_options(synchronize_session=False)
    )
    if spent.rowcount != 1:  # type: ignore[attr-defined]
        return None
    kept = keep(keys_of(session), phrase, cost)
    answers = {
        key: value for key, value in told.answers.items()
        if (question := questions.question(key)) is not None and question.accepts(value)
    }  # fmt: skip
    experience = Experience(
        id=new_public_id(),
        region_id=batch.region_id,
        provider_id=batch.provider_id,
        office_id=batch.office_id,
        municipality=batch.municipality,
        arrangement=batch.arrangement,
        occasion=batch.occasion,
        voice=told.voice,
        framework=ToldFramework(answers.get(FRAMEWORK, questions.framework)),
        question_set=questions.version,
        answers=dict(sorted(answers.items())),
        **{name: cleaned(told.answers.get(name, ""))[:LONGEST_TEXT] for name in TEXTS},
        quarter=str(Quarter.of(today)),
        arrived_on=today,
        status=Status.RECEIVED,
        danger=danger,
        phrase_selector=phrase_selector(phrase),
        phrase_salt=kept.salt,
        phrase_digest=kept.digest,
    )
    session.add(experience)
    session.execute(delete(Draft).where(Draft.selector == right.selector))
    session.flush()
    return experience
