"""What an address of the API may ask, and nothing else: an unknown name or value is an error that names it.

The pages leave out what they cannot read (`portal.search.criteria`); a program should rather hear it. The bounds and
lists are those of the pages: nothing is written down twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import Protocol

from werkzeug.datastructures import MultiDict

from portal.catalogue.ages import OLDEST_AGE
from portal.catalogue.codelists import CodeLists
from portal.catalogue.criteria import read_municipality
from portal.catalogue.places import read_postcode
from portal.catalogue.types import Framework, ProviderSize, Setting
from portal.core import languages
from portal.core.languages import gettext
from portal.core.problems import Refusal
from portal.core.text import nearest
from portal.exchange.api.schemas import Schema
from portal.outcomes.types import Indicator, MeasuredFramework
from portal.reviews.types import Voice
from portal.search.answers import PAGE_SIZE
from portal.search.criteria import (
    FARTHEST_KM,
    GENDERS,
    LAST_PAGE,
    LONGEST_QUESTION,
    LONGEST_WAIT,
    READABLE,
    TAKEN_OFF,
    Sort,
)

MOST_PER_PAGE = 100
_LONGEST_SHOWN = 60
_MOST_ERRORS = 20


class Kind(Protocol):
    """What a parameter may hold."""

    def schema(self, lists: CodeLists) -> Schema:
        """Its values as JSON Schema."""

    def fault(self, text: str, lists: CodeLists) -> str | None:
        """What is wrong with `text`, or None."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these values."""

    values: Callable[[CodeLists], Iterable[str]]

    def schema(self, lists: CodeLists) -> Schema:
        """An enumeration."""
        return {"type": "string", "enum": [str(value) for value in self.values(lists)]}

    def fault(self, text: str, lists: CodeLists) -> str | None:
        """That it is none of them, with the nearest or all."""
        known = [str(value) for value in self.values(lists)]
        if text in known:
            return None
        near = nearest(_short(text), known)
        if near is None and len(known) > 10:
            return gettext("“%(value)s” is not one of its values.", value=_short(text))
        return gettext("“%(value)s” is not one of its values: %(known)s.", value=_short(text),
                       known=near or ", ".join(known))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    lowest: int
    highest: int
    default: int | None = None

    def schema(self, lists: CodeLists) -> Schema:  # noqa: ARG002 - bounds need no code list
        """An integer."""
        bounds = {"type": "integer", "minimum": self.lowest, "maximum": self.highest}
        return bounds if self.default is None else {**bounds, "default": self.default}

    def fault(self, text: str, lists: CodeLists) -> str | None:  # noqa: ARG002
        """That it is no whole number, or outside the bounds."""
        if re.fullmatch(r"0|[1-9][0-9]{0,8}", text) and self.lowest <= int(text) <= self.highest:
            return None
        return gettext("“%(value)s” is not a whole number from %(lowest)s to %(highest)s.", value=_short(text),
                       lowest=self.lowest, highest=self.highest)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """Free text."""

    longest: int

    def schema(self, lists: CodeLists) -> Schema:  # noqa: ARG002
        """A string up to its length."""
        return {"type": "string", "maxLength": self.longest}

    def fault(self, text: str, lists: CodeLists) -> str | None:  # noqa: ARG002
        """That it is too long."""
        if len(text) <= self.longest:
            return None
        return gettext("It is longer than %(longest)s characters.", longest=self.longest)


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    def schema(self, lists: CodeLists) -> Schema:  # noqa: ARG002
        """A boolean."""
        return {"type": "boolean", "default": False}

    def fault(self, text: str, lists: CodeLists) -> str | None:  # noqa: ARG002
        """That it is neither."""
        return None if text in ("true", "false") else gettext("“%(value)s” is neither true nor false.",
                                                              value=_short(text))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality, by name or CBS code."""

    def schema(self, lists: CodeLists) -> Schema:  # noqa: ARG002
        """A string; the code list tells which."""
        return {"type": "string", "minLength": 1, "maxLength": 100, "examples": ["Heerlen", "GM0917"]}

    def fault(self, text: str, lists: CodeLists) -> str | None:
        """That there is no such municipality."""
        if len(text) <= 100 and read_municipality(text, lists) is not None:
            return None
        return gettext("“%(value)s” is not a municipality; /api/v1/municipalities lists all.", value=_short(text))


@dataclass(frozen=True, slots=True)
class Postcode:
    """A Dutch postcode, or its four digits."""

    def schema(self, lists: CodeLists) -> Schema:  # noqa: ARG002
        """A string of that form."""
        return {"type": "string", "pattern": r"^[1-9][0-9]{3}( ?[A-Za-z]{2})?$", "examples": ["6411 AB", "6411"]}

    def fault(self, text: str, lists: CodeLists) -> str | None:  # noqa: ARG002
        """That it is no postcode."""
        if text == text.strip() and read_postcode(text) is not None:
            return None
        return gettext("“%(value)s” is not a postcode. Write 6411 AB, or 6411.", value=_short(text))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an address."""

    name: str
    kind: Kind
    help: str
    """English, for the OpenAPI document."""
    repeatable: bool = False

    def schema(self, lists: CodeLists) -> Schema:
        """Its values as JSON Schema."""
        schema = self.kind.schema(lists)
        if self.name in READABLE.values():
            schema = {"anyOf": [schema, {"const": TAKEN_OFF}]}
        return {"type": "array", "items": schema} if self.repeatable else schema

    def faults(self, values: Sequence[str], lists: CodeLists) -> Iterator[str]:
        """What is wrong with its `values`, as sentences."""
        if len(values) > 1 and not self.repeatable:
            yield gettext("It may be given once only.")
        elif not (self.name in READABLE.values() and TAKEN_OFF in values):
            yield from (fault for value in values if (fault := self.kind.fault(value, lists)) is not None)


LANG = Parameter(
    "lang", OneOf(lambda _: [language.code for language in languages.available()]),
    "Language of labels and of problem details; Dutch where it is left out.",
)  # fmt: skip

SEARCH = (
    Parameter("q", Text(LONGEST_QUESTION),
              "The question in somebody's own Dutch words. An age, municipality and gender that it names are filters."),
    Parameter("gemeente", Place(),
              "Municipality where the child lives, by name or CBS code: only what can be chosen there."),
    Parameter("postcode", Postcode(), "Where distances are measured from; without it, from the municipality."),
    Parameter("afstand", Whole(1, FARTHEST_KM), "Most kilometres as the crow flies; asks for a place too."),
    Parameter("arrangement", OneOf(lambda lists: lists.arrangements),
              "Kind of help; what lies below it counts too.", repeatable=True),
    Parameter("onderwerp", OneOf(lambda lists: lists.topics),
              "What the help is about; what lies below it counts too.", repeatable=True),
    Parameter("leeftijd", Whole(0, OLDEST_AGE), "Age of the child in years."),
    Parameter("waar", OneOf(lambda _: Setting), "Where the help takes place.", repeatable=True),
    Parameter("wachttijd", Whole(0, LONGEST_WAIT), "Most weeks until the help starts."),
    Parameter("taal", OneOf(lambda lists: lists.languages), "Language that the provider speaks.", repeatable=True),
    Parameter("grootte", OneOf(lambda _: ProviderSize), "How big the provider is.", repeatable=True),
    Parameter("kader", OneOf(lambda _: (Framework.VOLUNTARY, Framework.MANDATORY)),
              "Voluntary help, or help that a court decides about."),
    Parameter("vrij", OneOf(lambda _: ("ja",)), "Only help that needs no referral."),
    Parameter("voor", OneOf(lambda _: GENDERS), "Leaves out what is for the others alone."),
    Parameter("sorteer", OneOf(lambda _: Sort), "Order of the results. Nobody can pay for a place."),
    Parameter("pagina", Whole(1, LAST_PAGE, 1), "Page of the results."),
    Parameter("per_page", Whole(1, MOST_PER_PAGE, PAGE_SIZE), "Results a page."),
)  # fmt: skip
"""The parameters of the page of results, and how many results a page has."""


FIGURES = (
    Parameter("aanbieder", Text(100), "Only of this provider: its `provider_id`."),
    Parameter("arrangement", OneOf(lambda lists: lists.arrangements), "Only about this kind of help."),
    Parameter("indicator", OneOf(lambda _: Indicator), "Only this indicator."),
    Parameter("kader", OneOf(lambda _: MeasuredFramework), "Only voluntary, or only mandatory help."),
    Parameter("periode", Text(7), "Only what ends with this period: `2025` or `2025-H1`."),
    Parameter("pagina", Whole(1, LAST_PAGE, 1), "Page of the list."),
    Parameter("per_page", Whole(1, MOST_PER_PAGE, MOST_PER_PAGE), "Figures a page."),
)
"""The parameters of the figures. There is no order to choose: none would tell more than chance."""

EXPERIENCES = (
    Parameter("aanbieder", Text(100), "Only about this provider: its `provider_id`."),
    Parameter("arrangement", OneOf(lambda lists: lists.arrangements), "Only about this kind of help."),
    Parameter("stem", OneOf(lambda _: Voice), "Only of young people, or only of parents."),
    Parameter("pagina", Whole(1, LAST_PAGE, 1), "Page of the list."),
    Parameter("per_page", Whole(1, MOST_PER_PAGE, MOST_PER_PAGE), "Texts a page."),
)
"""The parameters of what families told. There is no order to choose: none would tell when something was told."""


def check(args: MultiDict[str, str], known: Sequence[Parameter], lists: CodeLists) -> None:
    """Raises Refusal (400) where a parameter of `args` is not among `known` or has a wrong value; it names them."""
    by_name = {parameter.name: parameter for parameter in known}
    found = (
        {"parameter": _short(name), "detail": detail}
        for name, values in args.lists()
        for detail in (by_name[name].faults(values, lists) if name in by_name else (_unknown(name, list(by_name)),))
    )
    errors = list(islice(found, _MOST_ERRORS))
    if errors:
        detail = " ".join(f"{error['parameter']}: {error['detail']}" for error in errors)
        raise Refusal(HTTPStatus.BAD_REQUEST, detail, members={"errors": errors})


def _unknown(name: str, known: Sequence[str]) -> str:
    near = nearest(_short(name), known)
    if near is None:
        return gettext("There is no such parameter here.")
    return gettext("There is no such parameter here. Do you mean “%(name)s”?", name=near)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
