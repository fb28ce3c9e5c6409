"""What of a provider and of an offer can be changed at a desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.catalogue.models import Offer, Provider
from portal.catalogue.types import SameWorker
from portal.core.messages import N_

Value = str | int | bool | None
Values = Mapping[str, Value]


class DraftStatus(StrEnum):
    """Where a draft is. An approved one is no draft any more: it is what families read."""

    BEGUN = "begun"
    """Its provider works on it."""
    SENT = "sent"
    """It waits for the region."""
    RETURNED = "returned"
    """The region sent it back, with a reason."""


class Entry(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    """Of a page on the web."""
    NUMBER = "number"
    YES_NO = "yes_no"
    SAME_WORKER = "same_worker"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that families read: its column, what it is called, and what belongs in it."""

    name: str
    label: str
    hint: str
    entry: Entry
    longest: int
    is_required: bool = False
    is_extra: bool = False
    """Whether a page is complete without it."""


PROVIDER_FIELDS = (
    Field("summary", N_("In one sentence"), N_("What you do, for whom. It stands under your name in every list."),
          Entry.LINE, 300),
    Field("about", N_("About you"), N_("Who you are and how you work, as you would tell a parent at the table."),
          Entry.TEXT, 20_000),
    Field("identity", N_("Faith or philosophy"), N_("Only if it matters in how you work."), Entry.TEXT, 2_000,
          is_extra=True),
    Field("team_size", N_("How many people help families?"), N_("Everybody together, in whole people."),
          Entry.NUMBER, 20),
    Field("first_meeting", N_("Can a family first get to know you, without deciding anything?"), "", Entry.YES_NO, 20),
    Field("same_worker", N_("Does a family keep the same worker?"), "", Entry.SAME_WORKER, 20),
    Field("evening_weekend", N_("Is there help in the evening or at the weekend?"), "", Entry.YES_NO, 20),
    Field("phone", N_("Phone number"), N_("Where families can call you."), Entry.PHONE, 50),
    Field("email", N_("Mail address"), N_("Where families can write to you."), Entry.EMAIL, 254),
    Field("website", N_("Website"), N_("Beginning with https://"), Entry.ADDRESS, 500),
    Field("complaints_url", N_("Page about complaints"), N_("Where a family reads how to complain."),
          Entry.ADDRESS, 500),
)  # fmt: skip
OFFER_FIELDS = (
    Field("name", N_("Name of this help"), N_("As families understand it, not as the contract calls it."),
          Entry.LINE, 200, is_required=True),
    Field("description", N_("What happens here"), N_("What you do, for whom, and what it leads to."),
          Entry.TEXT, 20_000, is_required=True),
    Field("approach", N_("How you go about it"), N_("How it begins, who comes, how often, how long."),
          Entry.TEXT, 20_000),
    Field("not_suitable_for", N_("For whom this is not the right help"), N_("It spares families a wrong start."),
          Entry.TEXT, 20_000),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """What a draft is about: a provider itself, or one of its offers."""

    provider: Provider
    offer: Offer | None = None

    @property
    def key(self) -> str:
        """What there is one draft of at most."""
        return f"offer {self.offer.id}" if self.offer else f"provider {self.provider.id}"

    @property
    def fields(self) -> tuple[Field, ...]:
        """What can be changed of it."""
        return OFFER_FIELDS if self.offer else PROVIDER_FIELDS

    @property
    def row(self) -> Provider | Offer:
        """Where it stands."""
        return self.offer or self.provider

    @property
    def name(self) -> str:
        """What people call it."""
        return self.row.name

    def put(self, values: Values) -> None:
        """Let `values` be what stands there, by field."""
        for name, value in values.items():
            setattr(self.row, name, SameWorker(value) if name == "same_worker" and isinstance(value, str) else value)

    def live(self) -> dict[str, Value]:
        """What families read now, by field."""
        return {field.name: _plain(getattr(self.row, field.name)) for field in self.fields}


def _plain(value: Value) -> Value:
    """As JSON keeps it: an enumeration by its value; no text and an empty one are the same."""
    if isinstance(value, StrEnum):
        return value.value
    return value if value != "" else None
