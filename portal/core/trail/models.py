"""The tables of the trail. Triggers (migration 0005) refuse to change or delete entries, also to ourselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.actor import ActorKind
from portal.core.database import Base, choice
from portal.core.trail.types import (
    HASH_CHARACTERS,
    LONGEST_ACTION,
    LONGEST_LABEL,
    LONGEST_SUBJECT_ID,
    LONGEST_SUBJECT_KIND,
    MarkName,
)


class TrailEntry(Base):
    """One thing that somebody did. Nothing refers to other tables: an entry says the same when they have changed."""

    __tablename__ = "trail_entry"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("actor_kind <> 'person' OR actor_id IS NOT NULL", name="person_known"),
        Index(None, "region_id", "number"),
        Index(None, "subject_kind", "subject_id"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 … without a gap."""
    at: Mapped[str] = mapped_column(String(32))
    """ISO 8601 in UTC with microseconds, kept as the text that was sealed; it also sorts as text."""
    actor_kind: Mapped[ActorKind] = mapped_column(choice(ActorKind))
    actor_id: Mapped[int | None]
    actor_label: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    region_id: Mapped[int | None]
    """Whose desk may read it; none: it concerns the whole installation."""
    action: Mapped[str] = mapped_column(String(LONGEST_ACTION), index=True)
    """Dotted words, such as `person.invited`."""
    subject_kind: Mapped[str] = mapped_column(String(LONGEST_SUBJECT_KIND))
    subject_id: Mapped[str] = mapped_column(String(LONGEST_SUBJECT_ID))
    before: Mapped[str | None] = mapped_column(Text)
    """JSON, kept as the text that was sealed."""
    after: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(HASH_CHARACTERS), unique=True)
    """Of the entry before this one: no two can follow the same."""
    hash: Mapped[str] = mapped_column(String(HASH_CHARACTERS), unique=True)

    @property
    def moment(self) -> datetime:
        """When it was done, in UTC."""
        return datetime.fromisoformat(self.at)

    @property
    def before_values(self) -> Mapping[str, Any]:
        """What held before, by name; empty where nothing did."""
        return _values(self.before)

    @property
    def after_values(self) -> Mapping[str, Any]:
        """What holds since, by name; empty where nothing does."""
        return _values(self.after)


class TrailMark(Base):
    """Where the trail starts and ends, sealed: that its oldest or newest part is gone can be told from it."""

    __tablename__ = "trail_mark"
    __table_args__ = (CheckConstraint("number >= 0", name="number_counted"),)

    name: Mapped[MarkName] = mapped_column(choice(MarkName), primary_key=True)
    number: Mapped[int]
    """Of the last entry before the start, or of the last of all; 0 where there is none."""
    hash: Mapped[str] = mapped_column(String(HASH_CHARACTERS))
    seal: Mapped[str] = mapped_column(String(HASH_CHARACTERS))


def _values(text: str | None) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], json.loads(text)) if text else {}
