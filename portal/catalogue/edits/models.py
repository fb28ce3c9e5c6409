"""The table of edits: every version of every row that a region laid over the files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.catalogue.edits.types import LONGEST_KEY, Edit, EditedList, EditState, Place
from portal.core.database import Base, Moment, choice


class ListEdit(Base):
    """One version of a row: how it stood from then on. The latest of a place counts; none is ever changed."""

    __tablename__ = "list_edit"
    __table_args__ = (UniqueConstraint("list", "language", "key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    list: Mapped[EditedList] = mapped_column(choice(EditedList))
    language: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    number: Mapped[int]
    """1 for the first version of this place; two people who write at once make the same one, and the later fails."""
    state: Mapped[EditState] = mapped_column(choice(EditState))
    values: Mapped[dict[str, str]] = mapped_column(JSON)
    actor_label: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)

    @property
    def place(self) -> Place:
        """Which row it is a version of."""
        return Place(self.list, self.language, self.key)

    @property
    def edit(self) -> Edit:
        """How the row stands by it."""
        return Edit(self.place, self.state, self.values)
