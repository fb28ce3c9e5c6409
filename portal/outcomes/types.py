"""Enumerations and value objects of measurements and figures; values of the former are those of the data package."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Indicator(StrEnum):
    """What is measured: the national set of VNG and NJi."""

    DROPOUT = "dropout"
    SATISFACTION = "satisfaction"
    WITHOUT_HELP = "without_help"
    NO_NEW_START = "no_new_start"
    PROBLEMS_REDUCED = "problems_reduced"
    GOALS_REACHED = "goals_reached"


class MeasuredFramework(StrEnum):
    """Voluntary and mandatory help are never measured together."""

    VOLUNTARY = "voluntary"
    MANDATORY = "mandatory"


class Informant(StrEnum):
    """Who said so."""

    CLIENT = "client"
    PARENT = "parent"
    PROFESSIONAL = "professional"
    REGISTRATION = "registration"


class Audience(StrEnum):
    """Who may see a figure; each next one includes those before it."""

    REGION = "region"
    PROVIDER = "provider"
    """The provider itself, of its own figures."""
    ACCESS_TEAMS = "access_teams"
    REFERRERS = "referrers"
    PUBLIC = "public"

    @property
    def rank(self) -> int:
        """0 for the region up to 4 for everybody."""
        return _AUDIENCES.index(self)

    @property
    def is_beyond_provider(self) -> bool:
        """Whether others than the region and the provider itself see it: what they saw, they know for good."""
        return self.rank > Audience.PROVIDER.rank


_AUDIENCES = tuple(Audience)


class Shown(StrEnum):
    """How much of the counts is told."""

    EXACT = "exact"
    BELOW = "below"
    """So few reached it that only "fewer than" is said."""
    ABOVE = "above"
    """So few did not that only "more than" is said."""
    FEW = "few"
    """Too few families to say anything."""
    WITHHELD = "withheld"
    """Two sources contradict each other."""

    @property
    def tells_something(self) -> bool:
        """Whether there is a number to be read."""
        return self not in (Shown.FEW, Shown.WITHHELD)


class Verdict(StrEnum):
    """How a figure compares with the average of the same kind of help."""

    HIGHER = "higher"
    EQUAL = "equal"
    """The whole interval lies near the average."""
    LOWER = "lower"
    NO_DIFFERENCE = "no_difference"
    """None was shown, which does not say that there is none."""
    NOT_COMPARED = "not_compared"


class WhyNotCompared(StrEnum):
    """Why no comparison is made."""

    NOT_TOLD = "not_told"
    """The figure itself is hidden."""
    FEW_FAMILIES = "few_families"
    FEW_PROVIDERS = "few_providers"
    SEVERAL_PERIODS = "several_periods"
    """Counts of several periods were put together."""
    WOULD_TELL = "would_tell"
    """So many providers tell a bound only that the average would say little, unless it gave away their counts."""
    CORRECTED = "corrected"
    """The counts were corrected after the average was established."""


class Voice(StrEnum):
    """Whose comment stands beside a figure."""

    PROVIDER = "provider"
    REGION = "region"


class Ruling(StrEnum):
    """What the region decides about an objection."""

    UPHELD = "upheld"
    """The provider is right: nobody else sees the figure until other counts are delivered."""
    DISMISSED = "dismissed"
    """The figure stays as it is."""


@dataclass(frozen=True, slots=True)
class Series:
    """Figures that ask the same of the same people: only these may stand beside each other."""

    indicator: Indicator
    informant: Informant | None
    is_mean: bool


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who reads figures: as part of which audience, and for which region or of which providers."""

    audience: Audience
    region_id: int | None = None
    """Where they work: what is not public they see of that region only."""
    provider_ids: frozenset[int] = frozenset()
    """Of people of a provider: they see their own figures before others do."""


EVERYBODY = Viewer(Audience.PUBLIC)


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds, all settings of the region (`docs/settings.md`)."""

    smallest_cell: int = 5
    """Fewer families than this are never told, nor can they be calculated: neither of those that did nor of those
    that did not."""
    shown_from: int = 10
    compared_from: int = 30
    compared_with: int = 5
    """Providers that an average needs."""
    equal_within: float = 0.05
    """Five points of a share."""
    equal_within_marks: float = 0.2
    """The same of a mean mark."""
    tail: float = 0.001
    """The chance on each side at which a difference is called one."""
    rankable_from: float = 0.5
    look_days: int = 14
    """So long a provider can look at its figures before others see them."""

    @property
    def least_shown(self) -> int:
        """From how many families a figure is shown: enough for both sides to be told."""
        return max(self.shown_from, 2 * self.smallest_cell)


DEFAULT_RULES = Rules()
LONGEST_SPAN_YEARS = 3
"""Counts of at most so many years are put together where each alone is too few."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, or a half of it."""

    first_half: int
    """Half-years since the year 0."""
    halves: int

    @classmethod
    def read(cls, text: str) -> Period:
        """The period that the data package writes as `text`: `2025` or `2025-H1`."""
        year, _, half = text.partition("-H")
        return cls(2 * int(year) + (half == "2"), 1 if half else 2)

    @property
    def year(self) -> int:
        """Its year."""
        return self.first_half // 2

    @property
    def last_half(self) -> int:
        """The half-year in which it ends."""
        return self.first_half + self.halves - 1

    def overlaps(self, other: Period) -> bool:
        """Whether they share a half-year."""
        return self.first_half <= other.last_half and other.first_half <= self.last_half

    def __str__(self) -> str:
        return str(self.year) if self.halves == 2 else f"{self.year}-H{self.first_half % 2 + 1}"
