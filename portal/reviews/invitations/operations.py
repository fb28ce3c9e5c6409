"""Making codes, and telling how many were handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.signing_in.codes import new_code, new_public_id
from portal.core.actor import Actor
from portal.core.database import keys_of
from portal.core.keys import Keys
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from portal.reviews.family_secrets import Cost, Kept, keep, selector_of
from portal.reviews.models import InvitationBatch, InvitationCode
from portal.reviews.offices.operations import count_for_municipality
from portal.reviews.types import SMALLEST_BATCH, About, Occasion, Quarter

LARGEST_BATCH = 500


class CannotIssue(ValueError):
    """A batch that cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The batch that somebody asks for."""

    region_id: int
    about: About
    arrangement: str
    """Empty for an office."""
    occasion: Occasion
    period: Quarter
    codes: int
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A code with what is kept of it."""

    code: str
    kept: Kept


def draw(keys: Keys, number: int, cost: Cost = Cost()) -> Sequence[Drawn]:  # noqa: B008
    """Random codes with their digests, for `issue`. Slow: for many of them, outside any transaction, since on SQLite no
    family could send anything meanwhile."""
    return [Drawn(code, keep(keys, code, cost)) for code in (new_code() for _ in range(number))]


def issue(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    now: datetime,
    valid_days: int,
    cost: Cost = Cost(),  # noqa: B008
    drawn: Sequence[Drawn] = (),
) -> tuple[InvitationBatch, Sequence[str]]:
    """Make a batch of codes; the codes themselves are returned to be printed, and kept nowhere.

    They are those that were drawn before, as far as their first characters are not in use; the others are drawn here.

    Raises CannotIssue where the batch is so small that a code could tell whose it is, or too large to print at once.
    """
    if not SMALLEST_BATCH <= wanted.codes <= LARGEST_BATCH:
        raise CannotIssue(f"a batch has {SMALLEST_BATCH} to {LARGEST_BATCH} codes")
    today = now.date()
    batch = InvitationBatch(
        public_id=new_public_id(),
        region_id=wanted.region_id,
        provider_id=wanted.about.provider_id,
        office_id=wanted.about.office_id,
        arrangement=wanted.arrangement,
        occasion=wanted.occasion,
        period=str(wanted.period),
        municipality=wanted.municipality,
        codes=wanted.codes,
        issued_on=today,
        valid_until=today + timedelta(days=valid_days),
    )
    session.add(batch)
    session.flush()
    if wanted.municipality:
        count_for_municipality(session, wanted.region_id, wanted.municipality)
    codes = _unused(session, drawn, wanted.codes, cost)
    for one in codes:
        session.add(
            InvitationCode(selector=selector_of(one.code), salt=one.kept.salt, digest=one.kept.digest,
                           batch_id=batch.id, is_spent=False)
        )  # fmt: skip
    session.flush()
    after = {"about": batch.about_name, "arrangement": batch.arrangement, "period": batch.period,
             "number": batch.codes}  # fmt: skip
    record(session, actor, "invitations.issued", Subject("invitation_batch", batch.public_id), after=after,
           region_id=batch.region_id, at=now)  # fmt: skip
    return batch, [one.code for one in codes]


def _unused(session: Session, drawn: Sequence[Drawn], number: int, cost: Cost) -> Sequence[Drawn]:
    """So many codes whose first characters are not in use: those that were drawn, and as many more as it takes."""
    found: dict[str, Drawn] = {}
    fresh = drawn[:number]
    while True:
        by_selector = {selector_of(one.code): one for one in fresh}
        taken = set(session.scalars(select(InvitationCode.selector).where(InvitationCode.selector.in_(by_selector))))
        found |= {selector: one for selector, one in by_selector.items() if selector not in taken}
        if len(found) == number:
            return list(found.values())
        fresh = draw(keys_of(session), number - len(found), cost)


def say_handed_out(
    session: Session, actor: Actor, batch: InvitationBatch, handed_out: int, as_planned: int, now: datetime
) -> None:
    """Keep how many families got a code of this batch, and for how many of them the help ended as planned.

    Raises CannotIssue for numbers that cannot be.
    """
    if not 0 <= as_planned <= handed_out <= batch.codes:
        raise CannotIssue("these numbers cannot be")
    before = {"handed_out": batch.handed_out, "as_planned": batch.as_planned}
    batch.handed_out, batch.as_planned = handed_out, as_planned
    after = {"handed_out": handed_out, "as_planned": as_planned}
    record(session, actor, "invitations.counted", Subject("invitation_batch", batch.public_id), before=before,
           after=after, region_id=batch.region_id, at=now)  # fmt: skip


def forget_codes(session: Session, today: date) -> int:
    """Delete codes that have not worked for a year: till then a family hears that its code is too old."""
    old = select(InvitationBatch.id).where(InvitationBatch.valid_until < today - timedelta(days=365))
    deleted = session.execute(delete(InvitationCode).where(InvitationCode.batch_id.in_(old)))
    return int(deleted.rowcount)  # type: ignore[attr-defined]


def is_expired(batch: InvitationBatch, today: date) -> bool:
    """Whether its codes can no longer be used."""
    return today > batch.valid_until
