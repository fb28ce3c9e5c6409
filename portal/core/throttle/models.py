"""How often something was tried lately. What was tried, and from where, is only there as a keyed digest."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Moment


class ThrottleSalt(Base):
    """Half of the key of a day; the other half is the installation's secret. It goes with its day."""

    __tablename__ = "throttle_salt"

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))


class ThrottleCount(Base):
    """The attempts that count for one limit and one account, network or everybody."""

    __tablename__ = "throttle_count"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    slices: Mapped[dict[str, int]] = mapped_column(JSON)
    """How many attempts there were in each slice of time; a slice is a twentieth of the limit's time."""
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    """When none of them counts any more."""
