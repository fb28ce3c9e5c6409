"""The table of the security log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Moment, choice
from portal.core.security_log.types import LONGEST_DETAIL, SecurityKind


class SecurityEvent(Base):
    """Something that happened around signing in. It has no column for an address, a browser or what was typed."""

    __tablename__ = "security_event"
    __table_args__ = (Index(None, "person_id", "at"), Index(None, "region_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    """To the minute, so that a person knows their own; to the day where nobody is known."""
    kind: Mapped[SecurityKind] = mapped_column(choice(SecurityKind))
    person_id: Mapped[int | None]
    """Whose account it concerns."""
    region_id: Mapped[int | None]
    detail: Mapped[str] = mapped_column(String(LONGEST_DETAIL))
    """Words of our own, such as the pattern of a route."""
