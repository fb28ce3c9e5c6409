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
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from portal.reviews.family_secrets import Cost, keep, selector_of
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


def issue(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    now: datetime,
    valid_days: int,
    cost: Cost = Cost(),  # noqa: B008
) -> tuple[InvitationBatch, Sequence[str]]:
    """Make a batch of codes; the codes themselves are returned to be printed, and kept nowhere.

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
    codes = _new_codes(session, wanted.codes)
    keys = keys_of(session)
    for code in codes:
        kept = keep(keys, code, cost)
        session.add(
            InvitationCode(selector=selector_of(code), salt=kept.salt, digest=kept.digest, batch_id=batch.id,
                           is_spent=False)
        )  # fmt: skip
    session.flush()
    after = {"about": batch.about_name, "arrangement": batch.arrangement, "period": batch.period,
             "number": batch.codes}  # fmt: skip
    record(session, actor, "invitations.issued", Subject("invitation_batch", batch.public_id), after=after,
           region_id=batch.region_id, at=now)  # fmt: skip
    return batch, codes


def _new_codes(session: Session, number: int) -> Sequence[str]:
    """Random codes whose first characters are not in use."""
    found: dict[str, str] = {}
    while len(found) < number:
        fresh = {selector_of(code): code for code in (new_code() for _ in range(number - len(found)))}
        taken = set(
            session.scalars(select(InvitationCode.selector).where(InvitationCode.selector.in_(fresh)))
        )  # fmt: skip
        found |= {selector: code for selector, code in fresh.items() if selector not in taken}
    return list(found.values())


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
