"""What happens to an experience once it was told: one function for every step of its status, and its end."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from portal.catalogue.operations import touch
from portal.core.actor import Actor
from portal.core.clock import AMSTERDAM
from portal.core.database import insert_if_absent, keys_of
from portal.core.keys import keyed_digest
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from portal.reviews.models import Experience, GoneCount, InvitationCode, is_of
from portal.reviews.types import TRANSITIONS, GoneBecause, Quarter, Rule, Status


class NotAllowed(ValueError):
    """A step that an experience cannot take from where it is."""


def move(
    session: Session,
    actor: Actor | None,
    experience: Experience,
    to: Status,
    today: date,
    *,
    rule: Rule | None = None,
    reason: str = "",
) -> None:
    """Let an experience take a step, and write that into the trail; `actor` is None where its own author does it.

    The day on which it came is erased with the decision. The trail keeps the quarter and a digest, not the moment and
    not the id, and of what authors do nothing: so that it tells nobody when a family did something.

    Raises NotAllowed for a step that is not in `TRANSITIONS`, and for a refusal or removal without a rule.
    """
    if to not in TRANSITIONS[experience.status]:
        raise NotAllowed(f"{experience.status} cannot become {to}")
    if to in (Status.REFUSED, Status.REMOVED) and rule is None:
        raise NotAllowed(f"{to} needs one of the house rules")
    was, is_public = experience.status, Status.PUBLISHED in (experience.status, to)
    experience.arrived_on = today if to is Status.RECEIVED else None
    experience.status, experience.rule, experience.reason = to, rule, reason
    experience.wants_second_look, experience.proposed_by = False, None
    experience.decided_by = actor.person_id if actor is not None else None
    session.flush()
    if is_public:
        touch(session)
    if actor is not None:
        after: dict[str, Any] = {"status": to.value, **({"rule": rule.value} if rule else {})}
        note(session, actor, f"experience.{to.value}", experience, today, before={"status": was.value}, after=after)


def note(
    session: Session, actor: Actor, action: str, experience: Experience, today: date, *, before: dict[str, Any],
    after: dict[str, Any],
) -> None:  # fmt: skip
    """Write into the trail what somebody did about an experience: the quarter, and a digest instead of its id."""
    moment = datetime.combine(Quarter.of(today).first_day, time(), AMSTERDAM)
    record(session, actor, action, Subject("experience", digest_of(session, experience.id)), before=before,
           after=after, region_id=experience.region_id, at=moment)  # fmt: skip


def digest_of(session: Session, experience_id: str) -> str:
    """How the trail names an experience."""
    return keyed_digest(keys_of(session).of("experience"), experience_id)[:32]


def withdraw(session: Session, experience: Experience, because: GoneBecause = GoneBecause.WITHDRAWN) -> None:
    """Delete an experience with all that belongs to it; that there was one is still counted."""
    of = {"provider_id": experience.provider_id, "office_id": experience.office_id}
    insert_if_absent(session, GoneCount, **of, because=because, number=0)
    session.execute(
        update(GoneCount)
        .where(is_of(GoneCount, experience.about), GoneCount.because == because)
        .values(number=GoneCount.number + 1)
    )
    was_public = experience.status is Status.PUBLISHED
    session.execute(delete(Experience).where(Experience.id == experience.id))
    if was_public:
        touch(session)


def bury_again(session: Session, tombstones: frozenset[str]) -> int:
    """Delete what its author withdrew and a restored backup brought back; how many there were."""
    found = [
        experience
        for experience in session.scalars(select(Experience))
        if any(grave in tombstones for grave in graves_of(session, experience.id))
    ]
    for experience in found:
        withdraw(session, experience)
    return len(found)


def graves_of(session: Session, experience_id: str) -> list[str]:
    """By what a withdrawn experience is recognised, with the key of now first."""
    return [keyed_digest(key, experience_id) for key in keys_of(session).all_of("withdrawn experience")]


def shuffle(session: Session) -> None:
    """On PostgreSQL, lay codes and experiences in another order: there rows lie in the order in which they came.

    On SQLite they lie in the order of their random keys already.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    session.flush()
    for table in (InvitationCode.__tablename__, "experience_draft"):
        session.execute(
            text(
                f"WITH moved AS (DELETE FROM {table} RETURNING *) "  # noqa: S608 - names of our own tables
                f"INSERT INTO {table} SELECT * FROM moved ORDER BY random()"
            )
        )
