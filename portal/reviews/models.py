"""Codes, drafts and experiences. The tables themselves keep apart what must not be joined.

Nothing of an experience leads to the code with which it was told: no reference, no shared value, no moment. Ids are
random, and the rows of codes and experiences stand in no order (`WITHOUT ROWID` on SQLite; `operations.shuffle` on
PostgreSQL). The finest time of an experience is a quarter, save the day on which it came, which is needed to read it in
time and erased with the decision (`docs/decisions/0017-nothing-joins-code-and-experience.md`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    or_,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.catalogue.models import Provider
from portal.core.database import Base, choice
from portal.reviews.types import (
    SMALLEST_BATCH,
    About,
    GoneBecause,
    Occasion,
    OfficeKind,
    Rule,
    Status,
    ToldFramework,
    Voice,
)

_UNORDERED = {"sqlite_with_rowid": False}
"""Rows lie in the order of their random key, not in that in which they came."""


class Office(Base):
    """What decides about help: the access team of a municipality, or a certified institution. Families tell of it as
    a whole, never of a person. And a municipality, for which all that its families told is counted."""

    __tablename__ = "office"
    __table_args__ = (
        UniqueConstraint("region_id", "kind", "slug"),
        CheckConstraint("(kind = 'youth_protector') = (municipality = '')", name="of_a_municipality"),
        CheckConstraint("(kind = 'youth_protector') = (provider_id IS NOT NULL)", name="institution_of_the_catalogue"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    kind: Mapped[OfficeKind] = mapped_column(choice(OfficeKind))
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    """Of a team the name by which its municipality knows it."""
    municipality: Mapped[str] = mapped_column(String(6), default="")
    """Of a team, and of the municipality itself: CBS code."""
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    """Of an institution: itself, as the catalogue knows it."""


def _of_one_of_them() -> CheckConstraint:
    return CheckConstraint("(provider_id IS NULL) <> (office_id IS NULL)", name="about_one")


class AboutSomebody:
    """The columns that say of whom it is: a provider, or an office."""

    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))

    @property
    def about(self) -> About:
        """Of whom it is."""
        return About(self.provider_id, self.office_id)


class ToldOfSomebody(AboutSomebody):
    """The same, with the provider or office itself."""

    @declared_attr
    def provider(cls) -> Mapped[Provider | None]:  # noqa: N805
        """Where it is of a provider."""
        return relationship(Provider)

    @declared_attr
    def office(cls) -> Mapped[Office | None]:  # noqa: N805
        """Where it is of an office."""
        # In a query of its own: PostgreSQL locks no row of an outer join (`FOR UPDATE`).
        return relationship(Office, lazy="selectin")

    @property
    def about_name(self) -> str:
        """The name of the provider or office."""
        of = self.provider or self.office
        if of is None:
            raise ValueError("of one of them")
        return of.name

    @property
    def office_kind(self) -> OfficeKind | None:
        """What kind of office it is of; None for a provider."""
        return self.office.kind if self.office else None


def is_of(table: type[AboutSomebody], about: About) -> ColumnElement[bool]:
    """The condition that a row is of this provider or office."""
    if about.provider_id is not None:
        return table.provider_id == about.provider_id
    return table.office_id == about.office_id


class InvitationBatch(ToldOfSomebody, Base):
    """Codes for one provider, kind of help and quarter, or for one office and quarter: made, printed and handed over
    together."""

    __tablename__ = "invitation_batch"
    __table_args__ = (
        _of_one_of_them(),
        Index("ix_invitation_batch_provider_id", "provider_id"),
        Index("ix_invitation_batch_office_id", "office_id"),
        CheckConstraint(f"codes >= {SMALLEST_BATCH}", name="hides_the_family"),
        CheckConstraint("handed_out IS NULL OR handed_out BETWEEN 0 AND codes", name="handed_out"),
        CheckConstraint("as_planned IS NULL OR as_planned BETWEEN 0 AND handed_out", name="as_planned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    arrangement: Mapped[str] = mapped_column(String(50))
    """Empty for an office."""
    occasion: Mapped[Occasion] = mapped_column(choice(Occasion))
    period: Mapped[str] = mapped_column(String(7))
    """The quarter in which they are handed over."""
    municipality: Mapped[str] = mapped_column(String(6), default="")
    """Who made them: CBS code; empty for the region."""
    codes: Mapped[int]
    issued_on: Mapped[date]
    valid_until: Mapped[date]
    handed_out: Mapped[int | None]
    """How many families got one; None until somebody said so."""
    as_planned: Mapped[int | None]
    """And of how many of them the help ended as planned."""


class InvitationCode(Base):
    """One code, of which only its first characters are kept in clear; whether it was used, never when."""

    __tablename__ = "invitation_code"
    __table_args__ = (_UNORDERED,)

    selector: Mapped[str] = mapped_column(String(5), primary_key=True)
    salt: Mapped[str] = mapped_column(String(60))
    """With the cost of the slow digest before it."""
    digest: Mapped[str] = mapped_column(String(64))
    batch_id: Mapped[int] = mapped_column(ForeignKey("invitation_batch.id"), index=True)
    is_spent: Mapped[bool] = mapped_column(default=False)


class Draft(Base):
    """What a family filled in so far, locked with its code; gone when it is sent, or after some days."""

    __tablename__ = "experience_draft"
    __table_args__ = (_UNORDERED,)

    selector: Mapped[str] = mapped_column(String(5), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    changed_on: Mapped[date]


class Experience(ToldOfSomebody, Base):
    """What one family told, of a provider or of an office."""

    __tablename__ = "experience"
    __table_args__ = (
        _of_one_of_them(),
        Index("ix_experience_provider_id", "provider_id"),
        Index("ix_experience_office_id", "office_id"),
        Index("ix_experience_status", "region_id", "status"),
        CheckConstraint("arrived_on IS NULL OR status = 'received'", name="day_is_erased"),
        _UNORDERED,
    )

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    arrangement: Mapped[str] = mapped_column(String(50))
    """Empty for an office."""
    occasion: Mapped[Occasion] = mapped_column(choice(Occasion))
    voice: Mapped[Voice] = mapped_column(choice(Voice))
    framework: Mapped[ToldFramework] = mapped_column(choice(ToldFramework))
    question_set: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, str]] = mapped_column(JSON)
    """What was chosen, by question; texts stand apart."""
    story: Mapped[str] = mapped_column(Text, default="")
    advice: Mapped[str] = mapped_column(Text, default="")
    """What other families should know."""
    municipality: Mapped[str] = mapped_column(String(6), default="")
    """Which municipality made its codes, 20 at least, for the figures of its own report; shown to nobody with the text.
    Empty for the region."""
    quarter: Mapped[str] = mapped_column(String(7))
    arrived_on: Mapped[date | None]
    """Until it is decided, so that nobody waits too long; then erased."""
    status: Mapped[Status] = mapped_column(choice(Status))
    is_named: Mapped[bool] = mapped_column(default=True)
    """Whether the provider's name stands with it where it is published."""
    was_released: Mapped[bool] = mapped_column(default=False)
    """Whether it was published with others before: what its author corrects then need not wait for others again."""
    danger: Mapped[str] = mapped_column(String(20), default="")
    """The danger that was heard in it, of `portal.search.danger`."""
    blanked: Mapped[int] = mapped_column(default=0)
    """How many details a moderator left out."""
    rule: Mapped[Rule | None] = mapped_column(choice(Rule))
    reason: Mapped[str] = mapped_column(Text, default="")
    """What its author is told of the decision."""
    wants_second_look: Mapped[bool] = mapped_column(default=False)
    decided_by: Mapped[int | None]
    """The account of who decided last: a second look is somebody else's."""
    proposed_by: Mapped[int | None]
    """The account of who proposed to take it down, and waits for a second person."""
    phrase_selector: Mapped[str] = mapped_column(String(30), unique=True)
    phrase_salt: Mapped[str] = mapped_column(String(60))
    phrase_digest: Mapped[str] = mapped_column(String(64))


WRITTEN: ColumnElement[bool] = or_(Experience.story != "", Experience.advice != "")
"""The condition that a family wrote something; who only chose answers counts in figures, and is read nowhere."""


class ExperienceFlag(Base):
    """Something odd that a moderator should look at. A flag decides nothing."""

    __tablename__ = "experience_flag"
    __table_args__ = (_UNORDERED,)

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    experience_id: Mapped[str] = mapped_column(ForeignKey("experience.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    detail: Mapped[str] = mapped_column(String(200), default="")


class GoneCount(AboutSomebody, Base):
    """How many experiences of somebody were received and are not here any more: so that the counts add up."""

    __tablename__ = "experience_gone"
    __table_args__ = (
        _of_one_of_them(),
        UniqueConstraint("provider_id", "because"),
        UniqueConstraint("office_id", "because"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    because: Mapped[GoneBecause] = mapped_column(choice(GoneBecause))
    number: Mapped[int]


class ExperienceCounts(AboutSomebody, Base):
    """How many experiences of somebody there were at the beginning of a quarter, by what became of them.

    Public, and the same for a whole quarter: who looks each day learns no day.
    """

    __tablename__ = "experience_counts"
    __table_args__ = (
        CheckConstraint(
            "received = waiting + published + refused + removed + withdrawn + expired", name="counts_add_up"
        ),
        _of_one_of_them(),
        UniqueConstraint("provider_id"),
        UniqueConstraint("office_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(String(7))
    received: Mapped[int]
    waiting: Mapped[int]
    published: Mapped[int]
    refused: Mapped[int]
    removed: Mapped[int]
    withdrawn: Mapped[int]
    expired: Mapped[int]
    invited: Mapped[int]


class ExperienceFigure(AboutSomebody, Base):
    """What experiences say together of one question about one provider or office: one voice, one framework.

    It changes only when five or more of the experiences in it are others than in each of its versions, so that nobody
    learns one answer from two of them.
    """

    __tablename__ = "experience_figure"
    __table_args__ = (
        _of_one_of_them(),
        UniqueConstraint("provider_id", "question", "voice", "framework"),
        UniqueConstraint("office_id", "question", "voice", "framework"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(40))
    voice: Mapped[Voice] = mapped_column(choice(Voice))
    framework: Mapped[ToldFramework] = mapped_column(choice(ToldFramework))
    shown: Mapped[str] = mapped_column(String(20))
    n: Mapped[int | None]
    numerator: Mapped[int | None]
    mean: Mapped[float | None]
    bound: Mapped[float | None]
    invited: Mapped[int]
    """About how many families got a code, rounded to tens."""
    quarter: Mapped[str] = mapped_column(String(7))
    """The quarter in which it last changed."""
    members: Mapped[list[str]] = mapped_column(JSON)
    """The experiences in it; never shown."""
    earlier: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What it told before, newest first: `quarter`, `shown`, `n` and `value`, with the experiences that `came` and
    `went` when it changed. Somebody may have kept it; it is forgotten when nobody in it is counted any more."""


class ProviderAnswer(Base):
    """What a provider answers to an experience: one, shown below it when a moderator has read it."""

    __tablename__ = "provider_answer"

    experience_id: Mapped[str] = mapped_column(ForeignKey("experience.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    promise: Mapped[str] = mapped_column(Text, default="")
    """What the provider will do, if it promises something."""
    promise_due: Mapped[str] = mapped_column(String(7), default="")
    """The quarter by whose end."""
    kept: Mapped[str] = mapped_column(String(10), default="")
    """`kept` where the provider says so."""
    status: Mapped[Status] = mapped_column(choice(Status))
    reason: Mapped[str] = mapped_column(Text, default="")


class Dispute(Base):
    """A sentence that the provider says is untrue, and what its author and the region say of that."""

    __tablename__ = "experience_dispute"
    __table_args__ = (_UNORDERED,)

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    experience_id: Mapped[str] = mapped_column(ForeignKey("experience.id", ondelete="CASCADE"), index=True)
    sentence: Mapped[str] = mapped_column(Text)
    grounds: Mapped[str] = mapped_column(Text)
    """Why it would be untrue, as the provider says."""
    author_says: Mapped[str] = mapped_column(Text, default="")
    answer_by: Mapped[date]
    """Until then the author can answer."""
    outcome: Mapped[str] = mapped_column(String(10), default="")
    """Empty, `kept` or `removed`."""
    reason: Mapped[str] = mapped_column(Text, default="")
