"""The tables of white spots. What they cannot hold is the privacy: no sentence, no moment, nothing of a visitor.

Nothing joins two rows of one question, and the finest time is a day.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, choice
from portal.search.white_spots.types import DIGEST_CHARACTERS, LONGEST_VALUE, FoundKind, SpotKind


class SightingKey(Base):
    """Half of the key of a period; the other half is the installation's secret. It goes when the period ends."""

    __tablename__ = "sighting_key"

    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))


class Sighting(Base):
    """How often something was looked for in vain in a period, as long as nobody may know what. It goes with the key."""

    __tablename__ = "sighting"

    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    digest: Mapped[str] = mapped_column(String(DIGEST_CHARACTERS), primary_key=True)
    times: Mapped[int]
    days: Mapped[int]
    last_day: Mapped[date]
    is_common: Mapped[bool] = mapped_column(default=False)
    """Whether it may be written down when it is met again."""


class WhiteSpot(Base):
    """A word or topic that many looked for in vain in a period."""

    __tablename__ = "white_spot"
    __table_args__ = (CheckConstraint("times > 0", name="times_positive"),)

    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    kind: Mapped[SpotKind] = mapped_column(choice(SpotKind), primary_key=True)
    value: Mapped[str] = mapped_column(String(LONGEST_VALUE), primary_key=True)
    """A single word, or the code of a topic."""
    municipality: Mapped[str] = mapped_column(String(6), primary_key=True)
    """CBS code of a topic's municipality; empty for anywhere, and for words."""
    times: Mapped[int | None]
    """Rounded down, and told only when the period is over."""


class FoundBy(Base):
    """What led families to providers in a period: how often a provider was shown for a topic, or a word was said of it.

    Nothing joins a provider and a word but the topic, which many asked for.
    """

    __tablename__ = "found_by"
    __table_args__ = (CheckConstraint("times > 0", name="times_positive"),)

    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    kind: Mapped[FoundKind] = mapped_column(choice(FoundKind), primary_key=True)
    value: Mapped[str] = mapped_column(String(LONGEST_VALUE), primary_key=True)
    """The code of a topic, or a word of our own lists."""
    beside: Mapped[str] = mapped_column(String(LONGEST_VALUE), primary_key=True)
    """The provider (primary key) that was shown for the topic, or the topic of the word."""
    times: Mapped[int | None]
    """Rounded down, and told only when the period is over."""
