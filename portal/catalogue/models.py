"""The catalogue's tables.

Everywhere `identifier` is the sender's own, stable name for a thing: unique within a region, the key by
which a data package finds what it delivered before.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.catalogue.types import (
    AccessPointKind,
    ContractBasis,
    Form,
    Framework,
    Gender,
    LocationKind,
    OfferAccess,
    Origin,
    ProviderSize,
    SameWorker,
    Setting,
    WaitingTime,
)
from portal.core.database import Base, choice


class Region(Base):
    """A youth region that buys care together and feeds its own part of the catalogue."""

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    youth_region: Mapped[str | None] = mapped_column(String(4))
    """Its code in the youth-region list; None for a region that the list does not know."""
    fictional: Mapped[bool] = mapped_column(default=False)
    """Whether its data are invented; every page then says so."""


class Provider(Base):
    """A youth-care provider (aanbieder)."""

    __tablename__ = "provider"
    __table_args__ = (
        UniqueConstraint("region_id", "identifier"),
        CheckConstraint("id != successor_id", name="not_its_own_successor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    identifier: Mapped[str] = mapped_column(String(100))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    kvk_number: Mapped[str | None] = mapped_column(String(8))
    agb_code: Mapped[str | None] = mapped_column(String(8))
    summary: Mapped[str | None] = mapped_column(String(300))
    about: Mapped[str | None] = mapped_column(Text)
    website: Mapped[str | None] = mapped_column(String(500))
    phone: Mapped[str | None] = mapped_column(String(50))
    email: Mapped[str | None] = mapped_column(String(254))
    size: Mapped[ProviderSize | None] = mapped_column(choice(ProviderSize))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    quality_marks: Mapped[list[str]] = mapped_column(JSON, default=list)
    team_size: Mapped[int | None]
    first_meeting: Mapped[bool | None]
    same_worker: Mapped[SameWorker | None] = mapped_column(choice(SameWorker))
    evening_weekend: Mapped[bool | None]
    identity: Mapped[str | None] = mapped_column(Text)
    complaints_url: Mapped[str | None] = mapped_column(String(500))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    """The provider into which this one merged; its page then leads there."""
    desk_texts: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Columns whose text was approved at a desk: no package overwrites them."""

    region: Mapped[Region] = relationship()
    successor: Mapped[Provider | None] = relationship(remote_side=[id])
    offers: Mapped[list[Offer]] = relationship(back_populates="provider", order_by="Offer.identifier")
    locations: Mapped[list[Location]] = relationship(back_populates="provider", order_by="Location.identifier")
    contracts: Mapped[list[Contract]] = relationship(back_populates="provider", order_by="Contract.identifier")
    consortia: Mapped[list[Consortium]] = relationship(
        secondary="consortium_member", back_populates="providers", order_by="Consortium.name"
    )


class FormerSlug(Base):
    """An address that a provider once had; it leads to the present one."""

    __tablename__ = "former_slug"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), index=True)


class ProviderLanguage(Base):
    """A language that a provider speaks, one row each, for filters."""

    __tablename__ = "provider_language"

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(10), primary_key=True)


class Consortium(Base):
    """Providers that work together behind one door (zorgcombinatie)."""

    __tablename__ = "consortium"
    __table_args__ = (UniqueConstraint("region_id", "identifier"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    identifier: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    explanation: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Text)

    providers: Mapped[list[Provider]] = relationship(
        secondary="consortium_member", back_populates="consortia", order_by="Provider.name"
    )


class ConsortiumMember(Base):
    """A provider's place in a consortium."""

    __tablename__ = "consortium_member"

    consortium_id: Mapped[int] = mapped_column(ForeignKey("consortium.id", ondelete="CASCADE"), primary_key=True)
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class AccessPoint(Base):
    """Who helps a family of one municipality, by its own local name (toegang, crisis, vertrouwenspersoon …)."""

    __tablename__ = "access_point"
    __table_args__ = (UniqueConstraint("region_id", "municipality", "kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    municipality: Mapped[str] = mapped_column(String(6), index=True)
    kind: Mapped[AccessPointKind] = mapped_column(choice(AccessPointKind))
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(50))
    email: Mapped[str | None] = mapped_column(String(254))
    website: Mapped[str | None] = mapped_column(String(500))
    address: Mapped[str | None] = mapped_column(Text)
    opening_hours: Mapped[str | None] = mapped_column(Text)
    explanation: Mapped[str | None] = mapped_column(Text)


class Location(Base):
    """A place where a provider works. Of a confidential one nothing finer than the municipality is stored."""

    __tablename__ = "location"
    __table_args__ = (
        UniqueConstraint("region_id", "identifier"),
        CheckConstraint(
            "NOT address_confidential OR (name IS NULL AND street IS NULL AND house_number IS NULL AND "
            "postcode IS NULL AND city IS NULL AND latitude IS NULL AND longitude IS NULL)",
            name="confidential_is_not_stored",
        ),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    identifier: Mapped[str] = mapped_column(String(100))
    name: Mapped[str | None] = mapped_column(String(200))
    kind: Mapped[LocationKind] = mapped_column(choice(LocationKind), index=True)
    street: Mapped[str | None] = mapped_column(String(200))
    house_number: Mapped[str | None] = mapped_column(String(20))
    postcode: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(100))
    municipality: Mapped[str | None] = mapped_column(String(6), index=True)
    """CBS code; None only for a place abroad or from a catalogue that does not say."""
    wheelchair_accessible: Mapped[bool | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    address_confidential: Mapped[bool] = mapped_column(default=False)

    provider: Mapped[Provider] = relationship(back_populates="locations")

    @property
    def is_secret(self) -> bool:
        """Whether nobody is told more than its municipality: of a confidential place, and of any family home."""
        return self.address_confidential or self.kind is LocationKind.FAMILY_HOME


class Offer(Base):
    """What a provider does for whom (aanbod)."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("region_id", "identifier"),
        CheckConstraint("age_min IS NULL OR age_max IS NULL OR age_min <= age_max", name="ages_in_order"),
        Index("ix_offer_arrangement_provider_id", "arrangement", "provider_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    identifier: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    arrangement: Mapped[str | None] = mapped_column(String(50))
    """Code of the arrangement list; None for a catalogue without arrangements."""
    description: Mapped[str] = mapped_column(Text)
    approach: Mapped[str | None] = mapped_column(Text)
    methods: Mapped[list[str]] = mapped_column(JSON, default=list)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The provider's own words, in its order; those that the topic list knows are also `OfferTopic` rows."""
    age_min: Mapped[int | None]
    age_max: Mapped[int | None]
    settings: Mapped[list[str]] = mapped_column(JSON, default=list)
    framework: Mapped[Framework] = mapped_column(choice(Framework), default=Framework.VOLUNTARY)
    not_suitable_for: Mapped[str | None] = mapped_column(Text)
    municipalities: Mapped[list[str]] = mapped_column(JSON, default=list)
    """CBS codes where it is offered; empty means wherever the contract holds."""
    location_identifiers: Mapped[list[str]] = mapped_column(JSON, default=list)
    access: Mapped[OfferAccess] = mapped_column(choice(OfferAccess), default=OfferAccess.REFERRAL)
    form: Mapped[Form | None] = mapped_column(choice(Form))
    gender: Mapped[Gender] = mapped_column(choice(Gender), default=Gender.ALL)
    places_free: Mapped[int | None]
    continues_until_age: Mapped[int | None]
    withdrawn_on: Mapped[date | None]
    waiting_weeks_intake: Mapped[int | None]
    waiting_weeks_start: Mapped[int | None]
    waiting_reported_on: Mapped[date | None]
    waiting_origin: Mapped[Origin] = mapped_column(choice(Origin), default=Origin.PACKAGE)
    accepting_clients: Mapped[bool] = mapped_column(default=True)
    checked_on: Mapped[date | None]
    desk_texts: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Columns whose text was approved at a desk: no package overwrites them."""

    provider: Mapped[Provider] = relationship(back_populates="offers")

    @property
    def waiting(self) -> WaitingTime:
        """The waiting time as one value."""
        return WaitingTime(self.waiting_weeks_intake, self.waiting_weeks_start, self.waiting_reported_on)


class OfferTopic(Base):
    """A topic of the code list that an offer is about, one row each, for filters."""

    __tablename__ = "offer_topic"

    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(50), primary_key=True, index=True)


class OfferSetting(Base):
    """A setting of an offer, one row each, for filters."""

    __tablename__ = "offer_setting"

    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True)
    setting: Mapped[Setting] = mapped_column(choice(Setting), primary_key=True)


class OfferMunicipality(Base):
    """A municipality to which an offer is limited, one row each, for filters."""

    __tablename__ = "offer_municipality"

    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(6), primary_key=True, index=True)


class Contract(Base):
    """A provider may give one arrangement in certain municipalities during a period."""

    __tablename__ = "contract"
    __table_args__ = (
        UniqueConstraint("region_id", "identifier"),
        CheckConstraint("end_date IS NULL OR start_date <= end_date", name="period_in_order"),
        Index("ix_contract_provider_id_arrangement", "provider_id", "arrangement"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    identifier: Mapped[str] = mapped_column(String(100))
    arrangement: Mapped[str] = mapped_column(String(50))
    whole_region: Mapped[bool] = mapped_column(default=False)
    """Holds in every municipality of the region; `municipalities` is then empty."""
    municipalities: Mapped[list[str]] = mapped_column(JSON, default=list)
    lot: Mapped[str | None] = mapped_column(String(200))
    purchaser: Mapped[str | None] = mapped_column(String(200))
    basis: Mapped[ContractBasis | None] = mapped_column(choice(ContractBasis))
    max_waiting_weeks: Mapped[int | None]
    start_date: Mapped[date]
    end_date: Mapped[date | None]

    provider: Mapped[Provider] = relationship(back_populates="contracts")


class ContractMunicipality(Base):
    """A municipality in which a contract holds, one row each, for filters."""

    __tablename__ = "contract_municipality"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(6), primary_key=True, index=True)


class Method(Base):
    """A method that offers refer to by name, with its level of recognition."""

    __tablename__ = "method"
    __table_args__ = (UniqueConstraint("region_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    name: Mapped[str] = mapped_column(String(200))
    evidence: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(500))
    explanation: Mapped[str | None] = mapped_column(Text)


class CatalogueRevision(Base):
    """One row with a number that grows with every change: what was derived from an older one is made anew."""

    __tablename__ = "catalogue_revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    edition: Mapped[int] = mapped_column(server_default="0")
    """Grows with every edit of code lists and words at a desk; what is learned from these takes a while to be made."""


class TextChange(Base):
    """The texts of a provider or of its offers changed at this revision, so that what is made from them can follow.

    Written in the same transaction as the change; `operations.KEPT_REVISIONS` says how long it stays.
    """

    __tablename__ = "text_change"

    revision: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class PostcodeArea(Base):
    """Where the middle of a four-digit postcode lies, as the operator loaded it (`portal geo load`)."""

    __tablename__ = "postcode_area"

    pc4: Mapped[str] = mapped_column(String(4), primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
