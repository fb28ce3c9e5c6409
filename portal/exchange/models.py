"""The record of each import, and what is kept to undo the last one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, DateTime, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Moment


class ImportRun(Base):
    """One data package that was stored: when, by whom, what it was called, and what it changed."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    imported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    basis: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the package and the code lists together: with the same basis the outcome is the same."""
    revision: Mapped[int]
    """The catalogue's revision after it; while that stands, nothing else has changed the catalogue."""
    changes: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON)
    """Table name to how many rows were `added`, `changed`, `unchanged`, `removed`."""
    actor_label: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Who brought it in; empty where that was not noted yet."""
    warnings: Mapped[int] = mapped_column(default=0, server_default="0")
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_by: Mapped[str] = mapped_column(String(200), default="", server_default="")


class ImportUndo(Base):
    """What the last import of a region changed, as it was before. Erased at the next import, when it is undone, and
    after some days.
    """

    __tablename__ = "import_undo"

    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True)
    rows: Mapped[bytes] = mapped_column(LargeBinary)
    """Compressed JSON, written and read by `undoing`."""
