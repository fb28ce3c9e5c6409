"""What of a provider and of an offer can be changed at a desk: what families read, and the facts on which they choose.

Kind of help, framework and referral are not among them: the contract says those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.catalogue.availability import withdrawn_since
from portal.catalogue.models import Offer, Provider
from portal.catalogue.types import SameWorker
from portal.core.messages import N_
from portal.desks.by_hand.types import Thing
from portal.exchange.columns import TABLES, Column, Kind
from portal.exchange.stored import attribute

Value = str | int | bool | list[str] | None
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
    FACT = "fact"
    """A column of the data package: what may stand in it is said there."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that families read: its column, what it is called, and what belongs in it."""

    name: str
    label: str
    hint: str
    entry: Entry
    longest: int = 0
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
PROVIDER_FACTS = (
    Field("languages", N_("In which languages can you help?"), "", Entry.FACT),
    Field("size", N_("Size"), N_("Families can choose: rather small, or rather big."), Entry.FACT),
    Field("quality_marks", N_("Quality marks"), N_("One on each line."), Entry.FACT, is_extra=True),
)
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
OFFER_FACTS = (
    Field("topics", N_("What is it about?"),
          N_("Tick what fits: then families find you in all their own words."), Entry.FACT),
    Field("age_min", N_("From which age?"), "", Entry.FACT),
    Field("age_max", N_("Up to and including which age?"), "", Entry.FACT),
    Field("continues_until_age", N_("Until which age may somebody stay after 18?"),
          N_("Only if somebody may stay after 18."), Entry.FACT, is_extra=True),
    Field("gender", N_("For whom is it?"), "", Entry.FACT, is_extra=True),
    Field("form", N_("Alone or in a group?"), "", Entry.FACT, is_extra=True),
    Field("settings", N_("Where is the help?"), "", Entry.FACT),
    Field("location_ids", N_("At which of your places?"), "", Entry.FACT, is_extra=True),
    Field("municipalities", N_("Only in these municipalities?"),
          N_("Tick none if you help everywhere that your contract says."), Entry.FACT, is_extra=True),
    Field("methods", N_("Methods"), N_("One on each line, by name."), Entry.FACT, is_extra=True),
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
    def texts(self) -> tuple[Field, ...]:
        """What families read of it."""
        return OFFER_FIELDS if self.offer else PROVIDER_FIELDS

    @property
    def facts(self) -> tuple[Field, ...]:
        """On what families choose."""
        return OFFER_FACTS if self.offer else PROVIDER_FACTS

    @property
    def fields(self) -> tuple[Field, ...]:
        """All that can be changed of it."""
        return (*self.texts, *self.facts)

    @property
    def thing(self) -> Thing:
        """What it is among the things that are mended by hand."""
        return Thing.OFFER if self.offer else Thing.PROVIDER

    def column(self, field: Field) -> Column:
        """The column of a fact."""
        return TABLES[self.thing.table].by_name[field.name]

    def stopped_on(self, today: date) -> date | None:
        """Since when an offer is not offered any more; None where it is, or where it is none."""
        return withdrawn_since(self.offer, today) if self.offer else None

    @property
    def row(self) -> Provider | Offer:
        """Where it stands."""
        return self.offer or self.provider

    @property
    def name(self) -> str:
        """What people call it."""
        return self.row.name

    def put(self, values: Values) -> None:
        """Let `values` be what stands there, by field. What filters find is not brought in line with it."""
        columns = {field.name: self.column(field) for field in self.facts}
        choices = {name: column.choices for name, column in columns.items() if not column.kind.is_list}
        choices["same_worker"] = SameWorker
        for name, value in values.items():
            kind = choices.get(name)
            setattr(self.row, self._attribute(name), kind(value) if kind and isinstance(value, str) else value)

    def differs(self, name: str, one: Value, other: Value) -> bool:
        """Whether two values of a field say something else."""
        if isinstance(one, list) and isinstance(other, list):
            fact = next(field for field in self.facts if field.name == name)
            kind = self.column(fact).kind
            if kind.is_ticked or kind is Kind.TOPICS:
                return set(one) != set(other)
        return one != other

    def live(self) -> dict[str, Value]:
        """What families read now, by field."""
        return {field.name: plain(getattr(self.row, self._attribute(field.name))) for field in self.fields}

    def _attribute(self, name: str) -> str:
        return attribute(self.thing.table, name)


def plain(value: object) -> Value:
    """As JSON keeps it: an enumeration by its value; no text and an empty one are the same."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, list):
        return [str(part) for part in value]
    return value if isinstance(value, (str, int)) and value != "" else None
