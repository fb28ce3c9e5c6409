"""Which figures a provider can look at, for the page its desk begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.types import Scope
from portal.catalogue.models import Provider
from portal.catalogue.wording import full_day
from portal.core.languages import ngettext
from portal.core.links import link
from portal.core.pages import Link
from portal.outcomes.models import Figure
from portal.outcomes.operations import looked_until
from portal.outcomes.queries import may_see
from portal.outcomes.rules import current_rules
from portal.outcomes.types import Audience, Viewer


def to_look_at(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """Figures to which a provider can still object, and did not."""
    rules, own = current_rules(), frozenset({scope.provider_id} if scope.provider_id else ())
    number, first = session.execute(
        select(func.count(Figure.id), func.min(Figure.seen_from))
        .join(Figure.provider)
        .where(
            may_see(Viewer(Audience.PROVIDER, scope.region_id, own)), Figure.provider_id == scope.provider_id,
            Provider.successor_id.is_(None), Figure.seen_from >= today - timedelta(rules.look_days),
            Figure.is_wrong.is_(False), ~Figure.objections.any(),
        )
    ).one()  # fmt: skip
    if not number or first is None:
        return ()
    words = ngettext(
        "%(num)s figure to look at until %(day)s", "%(num)s figures to look at, the first until %(day)s", number,
        day=full_day(looked_until(first, rules)),
    )  # fmt: skip
    return [Link(words, link("own_figures.index"))]
