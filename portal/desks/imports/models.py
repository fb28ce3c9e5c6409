"""The table of files that were sent to a desk, for as long as somebody looks at them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Moment, choice
from portal.desks.imports.types import Stage


class FileCheck(Base):
    """A file that somebody sent, one at most of each person.

    The file and what was said of it are sealed with a key of the sign-in, which is stored nowhere: they can be read
    while that person is signed in, and by nobody else. The file goes when it is imported, when it has errors, and after
    an hour.
    """

    __tablename__ = "file_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    stage: Mapped[Stage] = mapped_column(choice(Stage))
    done: Mapped[int] = mapped_column(default=0)
    """Bytes of `size` that were read and checked."""
    size: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    package: Mapped[bytes | None] = mapped_column(LargeBinary)
    report: Mapped[bytes | None] = mapped_column(LargeBinary)
