"""Enumerations and value objects of the catalogue; values are those of the data package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Point(NamedTuple):
    """A place on earth in degrees (WGS 84)."""

    latitude: float
    longitude: float


class ProviderSize(StrEnum):
    """How big a provider is."""

    SOLO = "solo"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class SameWorker(StrEnum):
    """Whether a family keeps the same worker."""

    ALWAYS = "always"
    USUALLY = "usually"
    NO = "no"


class LocationKind(StrEnum):
    """What a location is used for."""

    OFFICE = "office"
    TREATMENT = "treatment"
    DAY_CARE = "day_care"
    RESIDENTIAL = "residential"
    FAMILY_HOME = "family_home"
    SCHOOL = "school"
    OTHER = "other"


class Setting(StrEnum):
    """Where the help takes place."""

    HOME = "home"
    SCHOOL = "school"
    LOCATION = "location"
    ONLINE = "online"
    GROUP = "group"
    RESIDENTIAL = "residential"


class Framework(StrEnum):
    """Voluntary help, help that a court imposed, or both."""

    VOLUNTARY = "voluntary"
    MANDATORY = "mandatory"
    BOTH = "both"


class OfferAccess(StrEnum):
    """Whether a referral is needed."""

    REFERRAL = "referral"
    FREE = "free"


class Form(StrEnum):
    """Alone or with others."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    BOTH = "both"


class Gender(StrEnum):
    """Whom an offer is for."""

    ALL = "all"
    GIRLS = "girls"
    BOYS = "boys"


class ContractBasis(StrEnum):
    """What a contract rests on."""

    CONTRACT = "contract"
    SUBSIDY = "subsidy"


class AccessPointKind(StrEnum):
    """Who helps a family of a municipality."""

    ACCESS_TEAM = "access_team"
    CRISIS = "crisis"
    COUNSELLOR = "counsellor"
    COMPLAINTS = "complaints"
    FREE_HELP = "free_help"


class Origin(StrEnum):
    """Where a value came from: a delivered data package, or a person at a desk."""

    PACKAGE = "package"
    DESK = "desk"


class Measure(StrEnum):
    """What of an offer can be held against a wish; the code list of points says which wishes there are."""

    DISTANCE = "distance"
    """Within so many kilometres, or the help comes to the family."""
    WAITING = "waiting"
    """The help begins within so many weeks."""
    SAME_WORKER = "same_worker"
    SIZE = "size"
    FIRST_MEETING = "first_meeting"
    EVENING_WEEKEND = "evening_weekend"
    SETTING = "setting"
    FORM = "form"
    LANGUAGE = "language"
    """A language that the family chooses."""
    IDENTITY = "identity"
    """Faith or philosophy: told in the provider's own words, and judged by the family alone."""
    TOPIC = "topic"
    """The provider itself names what the question is about."""
    STAY = "stay"
    """Help goes on after this age."""
    WHEELCHAIR = "wheelchair"


class OfferStatus(StrEnum):
    """Whether a family can choose an offer today, and if not, why."""

    FREE = "free"
    """Freely accessible: nobody's permission is needed."""
    CONTRACTED = "contracted"
    """Under contract today."""
    UNKNOWN = "unknown"
    """From a catalogue without contracts: nobody told us."""
    STARTS_LATER = "starts_later"
    """A contract begins on a later day."""
    ENDED = "ended"
    """There was a contract; it has ended."""
    NOT_CONTRACTED = "not_contracted"
    """No contract for this arrangement, or not for this municipality."""
    WITHDRAWN = "withdrawn"
    """The provider no longer offers it."""

    @property
    def is_open(self) -> bool:
        """Whether search and lists show it."""
        return self in {OfferStatus.FREE, OfferStatus.CONTRACTED, OfferStatus.UNKNOWN}


@dataclass(frozen=True, slots=True)
class WaitingTime:
    """A waiting time as the provider gave it: whole weeks to a first talk and to the start of help.

    The two are never added up and never merged over offers.
    """

    intake: int | None
    start: int | None
    reported_on: date | None

    @property
    def is_told(self) -> bool:
        """Whether there is a number of weeks at all."""
        return self.intake is not None or self.start is not None

    def is_stale(self, today: date, after_days: int) -> bool:
        """Whether it was reported more than `after_days` days ago (unknown date counts as old)."""
        return self.reported_on is None or (today - self.reported_on).days > after_days
