"""Telling and confirming waiting times. The caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.availability import is_offered
from portal.catalogue.models import Offer
from portal.catalogue.operations import touch
from portal.catalogue.types import Origin
from portal.core.actor import Actor
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from portal.desks.waiting.types import Told, version_of


class NotOffered(Exception):
    """The offer was withdrawn meanwhile, or never was there."""


class ChangedMeanwhile(Exception):
    """Somebody else told something else since this was shown."""


def tell(
    session: Session, offer_id: int, told: Told | None, version: str, actor: Actor, today: date, at: datetime
) -> Offer:
    """Keep what is told of an offer from today on; None confirms what stands. Families see it with their next page.

    `version` is `version_of` the offer as it was shown. Telling again what this same day was told changes nothing.

    Raises NotOffered, and ChangedMeanwhile where the offer is another than was shown.
    """
    offer = session.scalars(
        select(Offer).where(Offer.id == offer_id, is_offered(today)).with_for_update()
    ).one_or_none()
    if offer is None:
        raise NotOffered
    before = Told.of(offer)
    after = told or before
    if version_of(offer) != version:
        if before == after and offer.waiting_reported_on == today:
            return offer  # the same form once more, or a colleague who says the same
        raise ChangedMeanwhile
    day_before = offer.waiting_reported_on
    offer.waiting_weeks_intake, offer.waiting_weeks_start = after.intake, after.start
    offer.accepting_clients = after.is_accepting
    offer.waiting_reported_on, offer.waiting_origin = today, Origin.DESK
    touch(session)
    record(
        session, actor, "waiting.confirmed" if after == before else "waiting.told",
        Subject("offer", offer.identifier), before=_in_words(before, day_before, offer),
        after=_in_words(after, today, offer), region_id=offer.region_id, at=at,
    )  # fmt: skip
    return offer


def _in_words(told: Told, day: date | None, offer: Offer) -> Mapping[str, object]:
    return {"offer": offer.name, **told.in_trail, "told_on": day}
