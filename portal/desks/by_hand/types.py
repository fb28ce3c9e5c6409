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


FIELDS = {
    Thing.PROVIDER: (
        Field("provider_id"),
        Field("name", ""),
        Field("summary"),
        Field("about"),
        Field("phone"),
        Field("email"),
        Field("website"),
        Field("complaints_url"),
        Field("size", ""),
        Field("team_size", ""),
        Field("languages", ""),
        Field("first_meeting"),
        Field("same_worker"),
        Field("evening_weekend"),
        Field("identity"),
        Field("quality_marks"),
        Field("kvk_number"),
        Field("agb_code"),
    ),
    Thing.OFFER: (
        Field("offer_id"),
        Field("name", ""),
        Field("arrangement", ""),
        Field("description"),
        Field("approach"),
        Field("not_suitable_for"),
        Field("topics", N_("Words with a semicolon between them: angst;slapen")),
        Field("methods", N_("Names with a semicolon between them.")),
        Field("age_min", ""),
        Field("age_max", ""),
        Field("continues_until_age"),
        Field("gender", ""),
        Field("form", ""),
        Field("settings", ""),
        Field("framework", ""),
        Field("access", ""),
        Field("municipalities", N_("Tick none: then it is as the contract says.")),
        Field("location_ids", ""),
        Field("places_free"),
        Field("waiting_weeks_intake", ""),
        Field("waiting_weeks_start", ""),
        Field("accepting_clients", ""),
        Field("withdrawn_on"),
    ),
    Thing.CONTRACT: (
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
    Thing.LOCATION: (
        Field("location_id"),
        Field("name"),
        Field("kind"),
        Field("street", ""),
        Field("house_number", ""),
        Field("postcode"),
        Field("city", ""),
        Field("municipality", ""),
        Field("wheelchair_accessible"),
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
}
"""In the order of the form. The first is the identifier, which is only asked of something new."""
