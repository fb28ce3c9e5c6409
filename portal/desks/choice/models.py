"""The tables of choice. A talk leaves no row of its own: it only makes counters grow.

No person, no day and no order: the finest place is municipality, kind of help and month. What a worker pressed is known
for a day as a keyed digest of a random number, so that pressing twice counts once; it is joined with nothing
(`docs/decisions/0018-a-talk-leaves-no-row.md`).
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base

_UNORDERED = {"sqlite_with_rowid": False}
"""Rows lie in the order of their key, not in that in which they came."""


class ChoiceCount(Base):
    """How often something came of talks in a month, or how many providers there were in all of them."""

    __tablename__ = "choice_count"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"), _UNORDERED)

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(6), primary_key=True)
    arrangement: Mapped[str] = mapped_column(String(50), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    what: Mapped[str] = mapped_column(String(30), primary_key=True)
    """The code of an outcome, or `#offered` and `#discussed`."""
    number: Mapped[int]


class ChoicePress(Base):
    """That a form was counted: digests of its random number and of what it said, and the day; gone two days later."""

    __tablename__ = "choice_press"
    __table_args__ = (_UNORDERED,)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    said: Mapped[str] = mapped_column(String(64))
    """Keyed with that random number, so that nobody can try what it may have been."""
    day: Mapped[date] = mapped_column(index=True)
