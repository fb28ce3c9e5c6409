"""What visitors say is not right and waits, for the page a desk begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.types import Scope
from portal.catalogue.wording import day
from portal.core.languages import ngettext
from portal.core.links import link
from portal.core.pages import Link
from portal.desks.corrections.models import Correction
from portal.desks.corrections.types import State


def to_decide(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """What the region decides about."""
    number, first = session.execute(
        select(func.count(Correction.id), func.min(Correction.received_on)).where(
            Correction.region_id == scope.region_id, Correction.state == State.OPEN
        )
    ).one()
    if not number:
        return ()
    words = ngettext(
        "%(num)s thing that a visitor says is not right, since %(day)s",
        "%(num)s things that visitors say are not right, the first since %(day)s",
        number, day=day(first, today),
    )  # fmt: skip
    return [Link(words, link("corrections.queue"))]


def passed_on(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """What the region passed on to a provider."""
    number, first = session.execute(
        select(func.count(Correction.id), func.min(Correction.forwarded_on)).where(
            Correction.provider_id == scope.provider_id, Correction.state == State.OPEN,
            Correction.forwarded_on.is_not(None),
        )
    ).one()  # fmt: skip
    if not number or first is None:
        return ()
    words = ngettext(
        "%(num)s thing that is not right, passed on by the region on %(day)s",
        "%(num)s things that are not right, the first passed on by the region on %(day)s",
        number, day=day(first, today),
    )  # fmt: skip
    return [Link(words, link("corrections.own"))]
