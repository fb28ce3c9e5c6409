"""What waits for a moderator, for the page the desk begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.accounts.types import Scope
from portal.catalogue.wording import day
from portal.core.languages import ngettext
from portal.core.links import link
from portal.core.pages import Link
from portal.reviews.models import Dispute, Experience, ProviderAnswer
from portal.reviews.moderating.queries import SPEAKS_OF_DANGER, WAITS
from portal.reviews.types import Status


def to_read(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """Stories that speak of danger, all stories, answers and disputes."""
    here = Experience.region_id == scope.region_id
    number, danger, first = session.execute(
        select(
            func.count(Experience.id),
            func.coalesce(func.sum(case((SPEAKS_OF_DANGER, 1), else_=0)), 0),
            func.min(Experience.arrived_on),
        ).where(here, WAITS)
    ).one()
    answers = (
        select(func.count())
        .select_from(ProviderAnswer)
        .join(Experience, Experience.id == ProviderAnswer.experience_id)
        .where(here, ProviderAnswer.status == Status.RECEIVED)
        .scalar_subquery()
    )
    disputes = (
        select(func.count())
        .select_from(Dispute)
        .join(Experience, Experience.id == Dispute.experience_id)
        .where(here, Dispute.outcome == "")
        .scalar_subquery()
    )
    answered, disputed = session.execute(select(answers, disputes)).one()
    lines = []
    if danger:
        lines.append(ngettext("%(num)s story that speaks of danger", "%(num)s stories that speak of danger", danger))
    if number and first:
        lines.append(
            ngettext(
                "%(num)s story to read, since %(day)s", "%(num)s stories to read, the first since %(day)s", number,
                day=day(first, today),
            )
        )  # fmt: skip
    elif number:
        lines.append(ngettext("%(num)s story to read", "%(num)s stories to read", number))
    if answered:
        lines.append(
            ngettext("%(num)s answer of a provider to read", "%(num)s answers of providers to read", answered)
        )  # fmt: skip
    if disputed:
        lines.append(ngettext("%(num)s disputed sentence", "%(num)s disputed sentences", disputed))
    return [Link(words, link("moderating.index")) for words in lines]
