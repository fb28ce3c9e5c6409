"""The outbox. What a mail says and to whom it goes is erased when it has left: links in it are secrets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Moment, choice
from portal.core.mail.types import LONGEST_ADDRESS, LONGEST_SUBJECT, MailState, Trouble

_ON_ITS_WAY = "state IN ('waiting', 'handing_over')"


class Mail(Base):
    """A mail that waits, or the fact that one was sent."""

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint(
            f"({_ON_ITS_WAY} AND recipient IS NOT NULL AND subject IS NOT NULL AND body IS NOT NULL) OR "
            f"(NOT {_ON_ITS_WAY} AND recipient IS NULL AND subject IS NULL AND body IS NULL)",
            name="erased_when_it_left",
        ),
        CheckConstraint(f"{_ON_ITS_WAY} = (ended_at IS NULL)", name="ended_at_an_end"),
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        Index(None, "state", "not_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[MailState] = mapped_column(choice(MailState), default=MailState.WAITING)
    recipient: Mapped[str | None] = mapped_column(String(LONGEST_ADDRESS))
    subject: Mapped[str | None] = mapped_column(String(LONGEST_SUBJECT))
    body: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
    not_before: Mapped[datetime] = mapped_column(Moment)
    """When it is tried next. Whoever claims a mail moves this on, so that one whose sender died is tried again."""
    not_after: Mapped[datetime | None] = mapped_column(Moment)
    """When it is of no use any more; none: as long as mail is kept."""
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(String(32))
    """Of the sender that tried it last: only that one may hand it over."""
    trouble: Mapped[Trouble | None] = mapped_column(choice(Trouble))
    """Why it was not sent the last time."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
