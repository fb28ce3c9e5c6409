"""What is made and mended by hand: of which table, under which word of an address, with which fields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.core.messages import N_


class Thing(StrEnum):
    """What a form is about, by the word in its address."""

    PROVIDER = "aanbieder"
    OFFER = "aanbod"
    CONTRACT = "contract"

    @property
    def table(self) -> str:
        """Its table of the data package."""
        return {Thing.PROVIDER: "providers", Thing.OFFER: "offers", Thing.CONTRACT: "contracts"}[self]

    @property
    def end(self) -> str:
        """The column with the day on which it ends; empty where it has none."""
        return {Thing.PROVIDER: "", Thing.OFFER: "withdrawn_on", Thing.CONTRACT: "end_date"}[self]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the data package in a form: what it is called there."""

    column: str
    label: str
    hint: str | None = None
    """What stands below it; None for what the data package says of the column."""


FIELDS = {
    Thing.PROVIDER: (
        Field("provider_id", N_("Your own code")),
        Field("name", N_("Name"), ""),
        Field("summary", N_("In one or two sentences")),
        Field("about", N_("About the provider")),
        Field("phone", N_("Phone number")),
        Field("email", N_("Mail address")),
        Field("website", N_("Website")),
        Field("complaints_url", N_("Page about complaints")),
        Field("size", N_("Size"), ""),
        Field("team_size", N_("How many people work there"), ""),
        Field("languages", N_("Languages"), ""),
        Field("first_meeting", N_("Getting acquainted without obligation")),
        Field("same_worker", N_("The same worker")),
        Field("evening_weekend", N_("Evening or weekend")),
        Field("identity", N_("Faith or philosophy")),
        Field("quality_marks", N_("Quality marks")),
        Field("kvk_number", N_("KvK number")),
        Field("agb_code", N_("AGB code")),
    ),
    Thing.OFFER: (
        Field("offer_id", N_("Your own code")),
        Field("name", N_("Name"), ""),
        Field("arrangement", N_("Kind of help"), ""),
        Field("description", N_("What happens")),
        Field("approach", N_("How they go about it")),
        Field("not_suitable_for", N_("For whom this is not the right help")),
        Field("topics", N_("What it is about"), N_("Words with a semicolon between them: angst;slapen")),
        Field("methods", N_("Methods"), N_("Names with a semicolon between them.")),
        Field("age_min", N_("From age"), ""),
        Field("age_max", N_("Up to and including age"), ""),
        Field("continues_until_age", N_("One may stay until age")),
        Field("gender", N_("For whom"), ""),
        Field("form", N_("Alone or in a group"), ""),
        Field("settings", N_("Where the help is"), ""),
        Field("framework", N_("Voluntary or imposed"), ""),
        Field("access", N_("Referral"), ""),
        Field("municipalities", N_("Only in these municipalities"), N_("Tick none: then it is as the contract says.")),
        Field("location_ids", N_("Places"), ""),
        Field("places_free", N_("Free places")),
        Field("waiting_weeks_intake", N_("Weeks until the first talk"), ""),
        Field("waiting_weeks_start", N_("Weeks until the help begins"), ""),
        Field("accepting_clients", N_("Takes new families"), ""),
        Field("withdrawn_on", N_("Stops on")),
    ),
    Thing.CONTRACT: (
        Field("contract_id", N_("Your own code")),
        Field("arrangement", N_("Kind of help"), ""),
        Field("municipalities", N_("In these municipalities"), N_("The whole region, or some of them.")),
        Field("start_date", N_("First day")),
        Field("end_date", N_("Last day")),
        Field("lot", N_("Lot")),
        Field("purchaser", N_("Who signed")),
        Field("basis", N_("Contract or subsidy"), ""),
        Field("max_waiting_weeks", N_("Agreed longest wait, in weeks")),
    ),
}
"""In the order of the form. The first is the identifier, which is only asked of something new."""
