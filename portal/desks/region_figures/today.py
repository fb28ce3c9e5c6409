"""What of figures waits for the region, for the page its desk begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.types import Scope
from portal.catalogue.models import Provider
from portal.catalogue.wording import day
from portal.core.languages import ngettext
from portal.core.links import link
from portal.core.pages import Link
from portal.outcomes.models import Doubt, Figure, Objection


def objections(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """Objections to decide about."""
    number, first = session.execute(
        select(func.count(Objection.id), func.min(Objection.made_on))
        .join(Objection.figure)
        .where(Figure.region_id == scope.region_id, Objection.settled_on.is_(None))
    ).one()
    if not number:
        return ()
    words = ngettext(
        "%(num)s objection to decide about, of %(day)s", "%(num)s objections to decide about, the first of %(day)s",
        number, day=day(first, today),
    )  # fmt: skip
    return [Link(words, link("region_figures.objections"))]


def doubts(session: Session, scope: Scope, _today: date) -> Sequence[Link]:
    """What is odd about counts."""
    number = session.execute(
        select(func.count(Doubt.id)).join(Doubt.provider).where(Provider.region_id == scope.region_id)
    ).scalar_one()
    if not number:
        return ()
    words = ngettext("%(num)s doubt about counts", "%(num)s doubts about counts", number)
    return [Link(words, link("region_figures.doubts"))]
