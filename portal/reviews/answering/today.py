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
from portal.reviews.answering.operations import can_be_answered
from portal.reviews.models import Experience, ProviderAnswer
from portal.reviews.types import Quarter, Status


def promised(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """Promises of a provider that are due this quarter, or of which the time is over."""
    return _due(session, scope, today, "answering.index")


def promised_by_team(session: Session, scope: Scope, today: date) -> Sequence[Link]:
    """The same of the access team of a municipality."""
    return _due(session, scope, today, "team_answering.index")


def _due(session: Session, scope: Scope, today: date, page: str) -> Sequence[Link]:
    now = str(Quarter.of(today))
    late, due = session.execute(
        select(
            func.coalesce(func.sum(case((ProviderAnswer.promise_due < now, 1), else_=0)), 0),
            func.coalesce(func.sum(case((ProviderAnswer.promise_due == now, 1), else_=0)), 0),
        )
        .select_from(Experience)
        .join(ProviderAnswer, ProviderAnswer.experience_id == Experience.id)
        .where(
            can_be_answered(scope), ProviderAnswer.status == Status.PUBLISHED, ProviderAnswer.promise != "",
            ProviderAnswer.promise_due != "",
            ProviderAnswer.kept == "",
        )
    ).one()  # fmt: skip
    href, lines = f"{link(page)}#toezeggingen", []
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
    return _open(session, scope, "answering.index")


def to_answer_for_team(session: Session, scope: Scope, _today: date) -> Sequence[Link]:
    """The same about the access team of a municipality."""
    return _open(session, scope, "team_answering.index")


def _open(session: Session, scope: Scope, page: str) -> Sequence[Link]:
    is_open = ProviderAnswer.experience_id.is_(None)
    number, returned = session.execute(
        select(
            func.coalesce(func.sum(case((is_open, 1), else_=0)), 0),
            func.coalesce(func.sum(case((is_open, 0), else_=1)), 0),
        )
        .select_from(Experience)
        .outerjoin(ProviderAnswer, ProviderAnswer.experience_id == Experience.id)
        .where(can_be_answered(scope), or_(is_open, ProviderAnswer.status == Status.REFUSED))
    ).one()
    href, lines = link(page), []
    if number:
        lines.append(Link(ngettext("%(num)s story to answer", "%(num)s stories to answer", number), href))
    if returned:
        words = ngettext(
            "%(num)s answer given back by the region", "%(num)s answers given back by the region", returned
        )  # fmt: skip
        lines.append(Link(words, href))
    return lines
