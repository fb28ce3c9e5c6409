"""The tables of reminders: what was asked, not what was answered; the answer is in the catalogue."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.catalogue.models import Provider
from portal.core.database import Base, choice
from portal.desks.reminders.types import ReminderKind


class Reminder(Base):
    """A provider was asked, and has not answered yet."""

    __tablename__ = "reminder"

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[ReminderKind] = mapped_column(choice(ReminderKind), primary_key=True)
    sent_on: Mapped[date]
    """The last time."""
    times: Mapped[int]
    """How often, since everything was right."""
    recipients: Mapped[int]
    """How many people got the last mail."""

    provider: Mapped[Provider] = relationship()


class ReminderRefusal(Base):
    """Somebody who wants no reminders; colleagues get them."""

    __tablename__ = "reminder_refusal"

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
