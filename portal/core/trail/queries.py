"""Reading the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.core.clock import AMSTERDAM
from portal.core.trail.models import TrailEntry
from portal.core.trail.types import Subject, written

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries are wanted; what is not given does not narrow."""

    actor_id: int | None = None
    action: str = ""
    """An action, or the words that it begins with: `person` finds `person.invited`."""
    subject: Subject | None = None
    text: str = ""
    """Words that stand in the name of the actor, the subject, what held before or after, or the reason."""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first."""

    entries: Sequence[TrailEntry]
    total: int
    page: int
    pages: int


def entries(session: Session, region_id: int | None, filters: Filters, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """The entries of a region that fit the filters, `size` a page; without a region those of the whole installation.

    What concerns the whole installation belongs to no region: no region reads it. A page that does not exist becomes
    the nearest that does.
    """
    wanted = [*_conditions(filters)]
    if region_id is not None:
        wanted.append(TrailEntry.region_id == region_id)
    total = session.scalars(select(func.count()).select_from(TrailEntry).where(*wanted)).one()
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    found = session.scalars(
        select(TrailEntry)
        .where(*wanted)
        .order_by(TrailEntry.at.desc(), TrailEntry.number.desc())  # a story is noted under its quarter, not its moment
        .offset((page - 1) * size)
        .limit(size)
    ).all()
    return Page(found, total, page, pages)


def actions(session: Session, region_id: int | None) -> Sequence[str]:
    """Which actions occur, in the order of the alphabet; for a list to choose from."""
    wanted = [] if region_id is None else [TrailEntry.region_id == region_id]
    return session.scalars(select(TrailEntry.action).where(*wanted).distinct().order_by(TrailEntry.action)).all()


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.actor_id is not None:
        wanted.append(TrailEntry.actor_id == filters.actor_id)
    if filters.action:
        whole = TrailEntry.action == filters.action
        wanted.append(or_(whole, TrailEntry.action.startswith(f"{filters.action.rstrip('.')}.", autoescape=True)))
    if filters.subject is not None:
        wanted.append(TrailEntry.subject_kind == filters.subject.kind)
        wanted.append(TrailEntry.subject_id == filters.subject.id)
    for word in filters.text.replace("\x00", "").split():
        columns = (
            TrailEntry.actor_label,
            TrailEntry.subject_id,
            TrailEntry.before,
            TrailEntry.after,
            TrailEntry.reason,
        )
        wanted.append(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if filters.first_day is not None:
        wanted.append(TrailEntry.at >= _midnight(filters.first_day))
    if filters.last_day is not None:
        wanted.append(TrailEntry.at < _midnight(filters.last_day + timedelta(days=1)))
    return wanted


def _midnight(day: date) -> str:
    return written(datetime.combine(day, time(), AMSTERDAM))
