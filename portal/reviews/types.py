"""Enumerations and value objects of experiences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Voice(StrEnum):
    """Who tells: the two are never added up."""

    YOUNG_PERSON = "young_person"
    """From twelve years on."""
    PARENT = "parent"
    """Or another who brings a child up."""


class OfficeKind(StrEnum):
    """What is told of apart from those who give help: as a whole, never a person."""

    ACCESS_TEAM = "access_team"
    """Of a municipality (toegang)."""
    YOUTH_PROTECTOR = "youth_protector"
    """A certified institution (gecertificeerde instelling)."""
    MUNICIPALITY = "municipality"
    """All help that families of a municipality got, counted for its own report: nobody tells of it as such."""


OFFICES_TOLD_OF = (OfficeKind.ACCESS_TEAM, OfficeKind.YOUTH_PROTECTOR)
"""What has a page and questions of its own."""


@dataclass(frozen=True, slots=True)
class About:
    """Of whom something is told: a provider or an office, by primary key."""

    provider_id: int | None = None
    office_id: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for both, and for neither."""
        if (self.provider_id is None) is (self.office_id is None):
            raise ValueError("of one of them")


class Occasion(StrEnum):
    """When a code is handed over."""

    END = "end"
    """At the end of the help, also where it stopped early."""
    YEARLY = "yearly"
    """At a yearly evaluation, where help does not end."""
    YEAR_LATER = "year_later"
    """A year after the end, to a sample."""


class ToldFramework(StrEnum):
    """Whether the family chose the help, as it tells itself."""

    VOLUNTARY = "voluntary"
    MANDATORY = "mandatory"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """Where an experience is on its way."""

    RECEIVED = "received"
    """To be read by a moderator."""
    READY = "ready"
    """Read and approved; it waits for others to appear with."""
    PUBLISHED = "published"
    REFUSED = "refused"
    """Not published, for a reason that its author was told."""
    REMOVED = "removed"
    """Taken down after it was published, by two people."""


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.READY, Status.REFUSED}),
    Status.READY: frozenset({Status.PUBLISHED, Status.REFUSED, Status.RECEIVED}),
    Status.PUBLISHED: frozenset({Status.REMOVED, Status.RECEIVED}),
    Status.REFUSED: frozenset({Status.READY, Status.RECEIVED}),
    Status.REMOVED: frozenset({Status.READY, Status.RECEIVED}),
}
"""What can follow what. What its author changed is read again, from wherever it was."""


class Rule(StrEnum):
    """The house rules, by which alone something is refused, blanked or removed."""

    NOT_OWN = "not_own"
    """It is not about help that the author had."""
    RECOGNISABLE = "recognisable"
    """It could tell who somebody is, and nothing is left when that is blanked."""
    ACCUSATION = "accusation"
    """It accuses somebody of a crime: that belongs with the police, Veilig Thuis or the inspectorate."""
    ABUSE = "abuse"
    """It threatens, or scolds a person."""
    DISCRIMINATION = "discrimination"
    ADVERTISING = "advertising"
    TWICE = "twice"
    """The same experience was told before."""
    NOT_UPHELD = "not_upheld"
    """A disputed fact was not upheld."""


class PromiseState(StrEnum):
    """What became of what a provider promised."""

    OPEN = "open"
    KEPT = "kept"
    """As the provider says."""
    NOT_NOTICED = "not_noticed"
    """Fewer than half of the families that could have noticed it did."""


class GoneBecause(StrEnum):
    """Why an experience that was received is not here any more."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


SMALLEST_BATCH = 20
"""Within so many codes at least nobody can tell whose an experience is."""
FEW_SPENT = 5
"""Fewer than so many used codes of a batch are not told: else one could see when a family told something."""
TEXTS_TOGETHER = 3
"""Texts of a provider appear when so many are ready."""
UNNAMED_AFTER = 3
"""Quarters after which texts of a very small provider appear without its name: within a year, whatever the day."""
NAMELESS_FROM = 5
"""Providers of a kind of help from which that kind may stand under a text without a name; and offices of a kind from
which something is told of one of them without its name."""
FIGURE_STEP = 5
"""An average changes only when so many experiences in it are others."""
COUNTED_QUARTERS = 12
"""Three years: what is older is no longer counted."""
SHOWN_QUARTERS = 16
"""Four years: what is older is deleted."""


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """The finest time that is kept of an experience."""

    number: int
    """Quarters since the year 0."""

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter of a day."""
        return cls(4 * day.year + (day.month - 1) // 3)

    @classmethod
    def read(cls, text: str) -> Quarter:
        """As `2026-Q4` is written. Raises ValueError for what is none."""
        year, separator, quarter = text.partition("-Q")
        if not separator or len(year) != 4 or quarter not in ("1", "2", "3", "4"):
            raise ValueError(f"{text!r} is not a quarter such as 2026-Q4")
        return cls(4 * int(year) + int(quarter) - 1)

    @property
    def year(self) -> int:
        """Its year."""
        return self.number // 4

    @property
    def of_year(self) -> int:
        """Which of the four it is."""
        return self.number % 4 + 1

    @property
    def first_day(self) -> date:
        """The day on which it begins."""
        return date(self.year, 3 * self.of_year - 2, 1)

    def before(self, quarters: int) -> Quarter:
        """So many quarters earlier."""
        return Quarter(self.number - quarters)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.of_year}"
