"""Counting talks about the choice. The caller commits.

Nothing of this goes into the trail: an entry holds who and when, and would be a row for one conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, delete, update
from sqlalchemy.orm import Session

from portal.core.database import insert_if_absent, keys_of
from portal.desks.choice.models import ChoiceCount, ChoicePress
from portal.desks.choice.seals import Counted, digest_of, said_in
from portal.desks.choice.types import quarter_of_month
from portal.reviews.types import Quarter

_TRIES = 5
"""Somebody else may bring a counter up from nothing, or down to it, between two of our statements."""


class CountedOtherwise(Exception):
    """This form was counted before, with other answers."""


class QuarterIsOver(Exception):
    """What was counted in a quarter that is over may have been told already: it stays."""


def count(session: Session, counted: Counted, today: date) -> bool:
    """Let the counters grow; False where this form was counted before, however often it is sent.

    Raises CountedOtherwise where it said something else then.
    """
    keys = keys_of(session)
    digest, said = digest_of(keys, counted.number), said_in(keys, counted)
    if not insert_if_absent(session, ChoicePress, digest=digest, said=said, day=today):
        if session.get_one(ChoicePress, digest).said != said:
            raise CountedOtherwise
        return False
    for what, number in counted.talk.counts.items():
        if number:
            _grow(session, _key(counted, what), number)
    return True


def is_counted(session: Session, number: str) -> bool:
    """Whether the form with this number was counted, and not taken back since."""
    return session.get(ChoicePress, digest_of(keys_of(session), number)) is not None


def take_back(session: Session, counted: Counted, today: date) -> bool:
    """Let the counters shrink to what they were; False where it was taken back before.

    A counter that becomes nothing is deleted, so that no trace of one talk is left. Raises QuarterIsOver.
    """
    if quarter_of_month(counted.place.month) != Quarter.of(today):
        raise QuarterIsOver
    keys = keys_of(session)
    gone = session.execute(
        delete(ChoicePress).where(
            ChoicePress.digest == digest_of(keys, counted.number), ChoicePress.said == said_in(keys, counted)
        )
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        return False
    for what, number in counted.talk.counts.items():
        if number:
            _shrink(session, _key(counted, what), number)
    return True


def forget_presses(session: Session, today: date) -> int:
    """Delete that forms were counted which nobody can send any more; how many there were."""
    old = session.execute(delete(ChoicePress).where(ChoicePress.day < today - timedelta(days=1)))
    return int(old.rowcount)  # type: ignore[attr-defined]


def _key(counted: Counted, what: str) -> Mapping[str, object]:
    place = counted.place
    return {
        "region_id": place.region_id,
        "municipality": place.municipality,
        "arrangement": counted.talk.arrangement,
        "month": place.month,
        "what": what,
    }


def _grow(session: Session, key: Mapping[str, object], number: int) -> None:
    for _ in range(_TRIES):
        if insert_if_absent(session, ChoiceCount, **key, number=number):
            return
        grown = session.execute(
            update(ChoiceCount).where(_is(key)).values(number=ChoiceCount.number + number)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        if grown.rowcount == 1:  # type: ignore[attr-defined]
            return
    raise RuntimeError("a counter came and went")


def _shrink(session: Session, key: Mapping[str, object], number: int) -> None:
    for _ in range(_TRIES):
        emptied = session.execute(delete(ChoiceCount).where(_is(key), ChoiceCount.number == number))
        if emptied.rowcount == 1:  # type: ignore[attr-defined]
            return
        shrunk = session.execute(
            update(ChoiceCount).where(_is(key), ChoiceCount.number > number).values(number=ChoiceCount.number - number)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        if shrunk.rowcount == 1:  # type: ignore[attr-defined]
            return
    raise RuntimeError("a counter came and went")


def _is(key: Mapping[str, object]) -> ColumnElement[bool]:
    return and_(*(getattr(ChoiceCount, name) == value for name, value in key.items()))
