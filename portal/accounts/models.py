"""The tables of people and of what they may do.

What only its holder should know is not stored: of a password there is a hash, of the codes of mails and on paper a
digest that takes the installation's key, of the second factor only a salt (`signing_in/codes.py`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.types import CodePurpose, MembershipStatus, Post, Profession, Role, Step
from portal.catalogue.models import Provider, Region
from portal.core.database import Base, Moment, choice


class Person(Base):
    """Somebody with an account: one for all the roles they hold."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", name="email_is_folded"),
        CheckConstraint("(second_factor_since IS NULL) = (totp_salt IS NULL)", name="second_factor_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    """As they wrote it themselves; empty until they accepted an invitation."""
    language: Mapped[str] = mapped_column(String(10), default="nl")
    """Language of the mails to them."""
    usual_municipality: Mapped[str] = mapped_column(String(6), default="", server_default="")
    """CBS code of where they mostly search for help, as they chose it; empty for all municipalities."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """None until an invitation is accepted, and for who signs in elsewhere."""
    totp_salt: Mapped[str | None] = mapped_column(String(64))
    """What the secret of the one-time codes is made of, with the installation's key."""
    second_factor_since: Mapped[datetime | None] = mapped_column(Moment)
    """When it was set up."""
    totp_last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The last half minute whose code was used or spoilt: none up to it counts any more."""
    is_established: Mapped[bool] = mapped_column(default=False)
    """Whether they ever signed in. From then on a mail alone opens nothing."""
    created_at: Mapped[datetime] = mapped_column(Moment)

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="person", order_by="Membership.id", passive_deletes="all"
    )

    @property
    def has_second_factor(self) -> bool:
        """Whether one-time codes are set up."""
        return self.second_factor_since is not None


class Membership(Base):
    """A role that a person holds within a region, at a provider or in a municipality."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(
            "(provider_id IS NOT NULL) = (role IN ('provider_manager', 'provider_editor'))", name="provider_fits_role"
        ),
        CheckConstraint("(municipality <> '') = (role = 'access_worker')", name="municipality_fits_role"),
        CheckConstraint(
            "(profession IS NOT NULL) = (role IN ('referrer', 'partner')) AND "
            "(profession IN ('school', 'client_supporter')) = (role = 'partner')",
            name="profession_fits_role",
        ),
        UniqueConstraint("person_id", "provider_id"),
        Index(
            "uq_membership_person_id_region_id_role_municipality",
            "person_id", "region_id", "role", "municipality",
            unique=True,
            sqlite_where=text("provider_id IS NULL"),
            postgresql_where=text("provider_id IS NULL"),
        ),
        Index("ix_membership_region_id_role", "region_id", "role"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    """What stands in an address: random, so that nobody can count or guess."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    role: Mapped[Role] = mapped_column(choice(Role))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    municipality: Mapped[str] = mapped_column(String(6), default="")
    profession: Mapped[Profession | None] = mapped_column(choice(Profession))
    status: Mapped[MembershipStatus] = mapped_column(choice(MembershipStatus), default=MembershipStatus.INVITED)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change, so that nobody changes what somebody else changed meanwhile."""

    person: Mapped[Person] = relationship(back_populates="memberships")
    region: Mapped[Region] = relationship()
    provider: Mapped[Provider | None] = relationship()

    @property
    def post(self) -> Post:
        """The role with what it is held of."""
        return Post(self.role, self.region_id, self.provider_id, self.municipality, self.profession)

    @property
    def is_active(self) -> bool:
        """Whether its holder can work in it."""
        return self.status is MembershipStatus.ACTIVE


class SignIn(Base):
    """A browser in which somebody is signed in, or half-way there. It is deleted when it ends."""

    __tablename__ = "sign_in"
    __table_args__ = (CheckConstraint("step <> 'complete' OR mail_code_id IS NULL", name="complete_needs_no_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what the cookie holds (256 random bits)."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"), index=True)
    """As what they work now; none half-way, and for who has no role left."""
    step: Mapped[Step] = mapped_column(choice(Step))
    mail_code_id: Mapped[int | None] = mapped_column(ForeignKey("mail_code.id", ondelete="CASCADE"))
    """The code that let them begin, where it is not used up yet."""
    issuer: Mapped[str] = mapped_column(String(300), default="")
    """Who vouched for them, where they signed in elsewhere."""
    new_salt: Mapped[str | None] = mapped_column(String(64))
    """Of the second factor that is being set up here; it becomes the person's own with its first right code."""
    device: Mapped[str] = mapped_column(String(40), default="")
    """Roughly which browser, so that its owner recognises it; for nobody else."""
    began_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship()
    membership: Mapped[Membership | None] = relationship()
    mail_code: Mapped[MailCode | None] = relationship(passive_deletes=True)


class MailCode(Base):
    """A code that was sent by mail: good for one purpose, until it is used or expires."""

    __tablename__ = "mail_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[CodePurpose] = mapped_column(choice(CodePurpose))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    """What an invitation is to."""
    expires_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship()
    membership: Mapped[Membership | None] = relationship()


class RecoveryCode(Base):
    """A code on paper that stands in for the phone once. It is deleted when used."""

    __tablename__ = "recovery_code"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)


class ExternalIdentity(Base):
    """How somebody is known where they sign in elsewhere."""

    __tablename__ = "external_identity"
    __table_args__ = (UniqueConstraint("person_id", "issuer"),)

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))

    person: Mapped[Person] = relationship()
