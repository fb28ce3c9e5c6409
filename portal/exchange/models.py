"""The record of each import."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base


class ImportRun(Base):
    """One data package that was stored: when, what it was called, and what it changed."""

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
