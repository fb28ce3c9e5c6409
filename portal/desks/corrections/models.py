"""The table of what is said to be not right. Nothing in it tells who said it: there is no column for that."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.catalogue.models import Offer, Provider
from portal.core.database import Base, choice
from portal.desks.corrections.types import Matter, ProviderSays, State


class Correction(Base):
    """Something that somebody says is not right: about a provider, its offer, or whom to turn to in a municipality."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("(provider_id IS NULL) = (municipality <> '')", name="about_one"),
        CheckConstraint("offer_id IS NULL OR provider_id IS NOT NULL", name="offer_of_provider"),
        CheckConstraint("(state = 'open') = (decided_on IS NULL)", name="decided"),
        Index("ix_correction_queue", "region_id", "state", "received_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    municipality: Mapped[str] = mapped_column(String(6), default="")
    """CBS code, where it is about whom to turn to there; else empty."""
    matter: Mapped[Matter] = mapped_column(choice(Matter))
    text: Mapped[str] = mapped_column(Text)
    """Erased some time after the decision, or when nobody decided for long."""
    received_on: Mapped[date]
    state: Mapped[State] = mapped_column(choice(State), default=State.OPEN)
    decided_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why nothing was mended; erased with the text."""
    forwarded_on: Mapped[date | None]
    """Since when the provider sees it at its desk; empty again once it says that it was right."""
    provider_says: Mapped[ProviderSays | None] = mapped_column(choice(ProviderSays))
    """Its own word, which is no decision of the region."""

    provider: Mapped[Provider | None] = relationship()
    offer: Mapped[Offer | None] = relationship()
