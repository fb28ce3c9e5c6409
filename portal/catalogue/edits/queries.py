"""Reading edits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.catalogue.edits.models import ListEdit
from portal.catalogue.edits.types import Edit, EditedList, Place
from portal.catalogue.models import CatalogueRevision


def edition(session: Session) -> int:
    """A number that grows with every edit."""
    return session.scalars(select(CatalogueRevision.edition)).one()


def newest(session: Session) -> int:
    """The id of the latest version of any row; 0 where nothing was ever edited."""
    return session.scalars(select(func.max(ListEdit.id))).one() or 0


def latest(session: Session, *lists: EditedList) -> Sequence[ListEdit]:
    """The version that counts of every place, of these lists or of all, in the order of their first versions."""
    ends = (
        select(func.min(ListEdit.id).label("first"), func.max(ListEdit.id).label("last"))
        .group_by(ListEdit.list, ListEdit.language, ListEdit.key)
        .subquery()
    )
    wanted = select(ListEdit).join(ends, ListEdit.id == ends.c.last)
    if lists:
        wanted = wanted.where(ListEdit.list.in_(lists))
    return session.scalars(wanted.order_by(ends.c.first)).all()


def edits(session: Session) -> tuple[Edit, ...]:
    """How every edited row stands now."""
    return tuple(one.edit for one in latest(session))


def latest_of(session: Session, place: Place) -> ListEdit | None:
    """The version that counts of one place."""
    return session.scalars(_of(place).order_by(ListEdit.number.desc()).limit(1)).one_or_none()


def before(session: Session, version: ListEdit) -> ListEdit | None:
    """The version of the same place that this one replaced."""
    former = _of(version.place).where(ListEdit.number == version.number - 1)
    return session.scalars(former).one_or_none()


def version(session: Session, region_id: int, version_id: int) -> ListEdit | None:
    """A version that this region made."""
    found = session.get(ListEdit, version_id)
    return found if found is not None and found.region_id == region_id else None


def history(session: Session, region_id: int, limit: int, start: int = 0) -> tuple[int, Sequence[ListEdit]]:
    """How many versions this region made, and some of them, newest first."""
    own = select(ListEdit).where(ListEdit.region_id == region_id)
    total = session.scalars(select(func.count()).select_from(own.subquery())).one()
    return total, session.scalars(own.order_by(ListEdit.id.desc()).offset(start).limit(limit)).all()


def _of(place: Place) -> Select[ListEdit]:
    return select(ListEdit).where(
        ListEdit.list == place.list, ListEdit.language == place.language, ListEdit.key == place.key
    )
