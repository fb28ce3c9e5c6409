"""What is made and mended by hand: of which table, under which word of an address, with which fields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.core.messages import N_
from portal.exchange.columns import LABELS


class Thing(StrEnum):
    """What a form is about, by the word in its address."""

    PROVIDER = "aanbieder"
    OFFER = "aanbod"
    CONTRACT = "contract"
    LOCATION = "locatie"

    @property
    def table(self) -> str:
        """Its table of the data package."""
        return _TABLES[self]

    @property
    def end(self) -> str:
        """The column with the day on which it ends; empty where it has none."""
        return {Thing.OFFER: "withdrawn_on", Thing.CONTRACT: "end_date"}.get(self, "")


_TABLES = {
    Thing.PROVIDER: "providers",
    Thing.OFFER: "offers",
    Thing.CONTRACT: "contracts",
    Thing.LOCATION: "locations",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the data package in a form."""

    column: str
    hint: str | None = None
    """What stands below it; None for what the data package says of the column."""

    @property
    def label(self) -> str:
        """What it is called."""
        return LABELS[self.column]


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that belong together in a form."""

    title: str
    """Empty where a form is one whole."""
    fields: tuple[Field, ...]


PARTS = {
    Thing.PROVIDER: (
        Part(
            N_("Who they are"),
            (
                Field("provider_id"),
                Field("name", ""),
                Field("summary", N_("Who the provider is, in one or two sentences; at most 300 characters.")),
                Field("about"),
                Field("identity"),
                Field("size", ""),
                Field("team_size", ""),
            ),
        ),
        Part(
            N_("How families reach them"),
            (Field("phone"), Field("email"), Field("website"), Field("complaints_url")),
        ),
        Part(
            N_("How they work"),
            (
                Field("languages", ""),
                Field("first_meeting"),
                Field("same_worker"),
                Field("evening_weekend"),
            ),
        ),
        Part(N_("Marks and numbers"), (Field("quality_marks"), Field("kvk_number"), Field("agb_code"))),
    ),
    Thing.OFFER: (
        Part(
            N_("What it is"),
            (
                Field("offer_id"),
                Field("name", ""),
                Field("arrangement", ""),
                Field("description"),
                Field("approach", N_("How the provider works.")),
                Field("methods", N_("Names with a semicolon between them.")),
                Field("topics", N_("Words with a semicolon between them: angst;slaapproblemen")),
            ),
        ),
        Part(
            N_("For whom"),
            (
                Field("age_min", ""),
                Field("age_max", ""),
                Field("continues_until_age"),
                Field("gender", ""),
                Field("not_suitable_for"),
                Field("framework", ""),
                Field("access", ""),
            ),
        ),
        Part(
            N_("Where and how"),
            (
                Field("form", ""),
                Field("settings", ""),
                Field("location_ids", ""),
                Field("municipalities", N_("Tick none: then it is as the contract says.")),
            ),
        ),
        Part(
            N_("How soon"),
            (
                Field("waiting_weeks_intake", ""),
                Field("waiting_weeks_start", ""),
                Field("places_free"),
                Field("accepting_clients", ""),
                Field("withdrawn_on"),
            ),
        ),
    ),
    Thing.CONTRACT: (
        Part(
            "",
            (
                Field("contract_id"),
                Field("arrangement", ""),
                Field("municipalities", N_("The whole region, or some of them.")),
                Field("start_date"),
                Field("end_date"),
                Field("lot"),
                Field("purchaser"),
                Field("basis", ""),
                Field("max_waiting_weeks"),
            ),
        ),
    ),
    Thing.LOCATION: (
        Part(
            "",
            (
                Field("location_id"),
                Field("name"),
                Field("kind"),
                Field("street", ""),
                Field("house_number", ""),
                Field("postcode"),
                Field("city", ""),
                Field("municipality", ""),
                Field("wheelchair_accessible", N_("Can a family get in with a wheelchair?")),
                Field("latitude"),
                Field("longitude"),
                Field(
                    "address_confidential",
                    N_(
                        "Then nothing finer than the municipality is kept. Of a family home the address "
                        "is secret unless you say no."
                    ),
                ),
            ),
        ),
    ),
}
"""The forms, in their order. The first field is the identifier, which is only asked of something new."""

FIELDS = {thing: tuple(field for part in parts for field in part.fields) for thing, parts in PARTS.items()}
"""The same without their parts."""
