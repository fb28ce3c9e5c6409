"""Which stories wait for an answer and which promises are due, for the page a desk begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from portal.accounts.types import Scope
from portal.core.languages import ngettext
from portal.core.links import link
from portal.core.pages import Link
from portal.reviews.models import Experience, ProviderAnswer
from portal.reviews.types import Quarter, Status


def promised(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """Promises of a provider that are due this quarter, or of which the time is over."""
    now = str(Quarter.of(today))
    late, due = session.execute(
        select(
            func.coalesce(func.sum(case((ProviderAnswer.promise_due < now, 1), else_=0)), 0),
            func.coalesce(func.sum(case((ProviderAnswer.promise_due == now, 1), else_=0)), 0),
        )
        .select_from(Experience)
        .join(ProviderAnswer, ProviderAnswer.experience_id == Experience.id)
        .where(
            Experience.provider_id == scope.provider_id, Experience.status == Status.PUBLISHED, Experience.is_named,
            ProviderAnswer.status == Status.PUBLISHED, ProviderAnswer.promise != "", ProviderAnswer.promise_due != "",
            ProviderAnswer.kept == "",
        )
    ).one()  # fmt: skip
    href, lines = f"{link('answering.index')}#toezeggingen", []
    if late:
        words = ngettext(
            "%(num)s promise of which the time is over: did you keep it?",
            "%(num)s promises of which the time is over: did you keep them?", late,
        )  # fmt: skip
        lines.append(Link(words, href))
    if due:
        words = ngettext("%(num)s promise to keep this quarter", "%(num)s promises to keep this quarter", due)
        lines.append(Link(words, href))
    return lines


def to_answer(session: Session, scope: Scope, _today: date) -> Sequence[Link]:
    """Stories about a provider without an answer, and answers that came back."""
    is_open = ProviderAnswer.experience_id.is_(None)
    number, returned = session.execute(
        select(
            func.coalesce(func.sum(case((is_open, 1), else_=0)), 0),
            func.coalesce(func.sum(case((is_open, 0), else_=1)), 0),
        )
        .select_from(Experience)
        .outerjoin(ProviderAnswer, ProviderAnswer.experience_id == Experience.id)
        .where(
            Experience.provider_id == scope.provider_id, Experience.status == Status.PUBLISHED, Experience.is_named,
            or_(is_open, ProviderAnswer.status == Status.REFUSED),
        )
    ).one()  # fmt: skip
    href, lines = link("answering.index"), []
    if number:
        lines.append(Link(ngettext("%(num)s story to answer", "%(num)s stories to answer", number), href))
    if returned:
        words = ngettext(
            "%(num)s answer given back by the region", "%(num)s answers given back by the region", returned
        )  # fmt: skip
        lines.append(Link(words, href))
    return lines
