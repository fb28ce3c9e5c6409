"""The table of drafts: one at most of a provider, and of each of its offers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.catalogue.models import Offer, Provider
from portal.core.database import Base, Moment, choice
from portal.desks.texts.types import DraftStatus


class TextDraft(Base):
    """What somebody at a provider wants families to read. It is deleted when approved: the trail keeps both texts."""

    __tablename__ = "text_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    subject: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    status: Mapped[DraftStatus] = mapped_column(choice(DraftStatus))
    proposed: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The fields that change, with what they are to be."""
    replaces: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What families read of those fields when the draft was written."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    author_label: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why the region sent it back."""
    changed_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change, so that nobody changes or approves what they have not seen."""

    provider: Mapped[Provider] = relationship()
    offer: Mapped[Offer | None] = relationship()
    author: Mapped[Person | None] = relationship()
