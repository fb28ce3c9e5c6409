"""What is asked of the pages of choosing, cleaned from an address or a form: what cannot be read is left out.

Everything coded may stand in an address. What a family writes in its own words about its child (`Story`) never does: it
is read from the body of a form, shown again, and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from portal.catalogue.ages import read_age
from portal.catalogue.codelists import CodeLists
from portal.catalogue.criteria import LIST, read_municipality
from portal.catalogue.places import read_postcode
from portal.choosing.types import MOST_WEIGHT, Sheet, Wish
from portal.search.criteria import GENDERS, LONGEST_QUESTION
from portal.search.question import Question

MOST_OFFERS = 12
"""A list of more is no choice any more, and its address would become too long for a QR code."""
MOST_COMPARED = 4
LONGEST_KEY = 220
WEIGHT = "telt."
"""Begins the parameter that says how much a point counts: `telt.dichtbij=2`."""
STORY = ("doel", "goed", "geprobeerd")
"""The fields in which a family writes: its goal, what goes well and who helps, what was tried."""
LONGEST_STORY = 1_000
MOST_TOPICS = 3

Pairs = tuple[tuple[str, str], ...]


def read_list(values: Iterable[str]) -> tuple[str, ...]:
    """The keys of a family's list, each once, in their order; what cannot be one is left out."""
    keys = (value.strip() for value in values)
    return tuple(dict.fromkeys(key for key in keys if 0 < len(key) <= LONGEST_KEY))[:MOST_OFFERS]


@dataclass(frozen=True, slots=True)
class Family:
    """What a family told of itself as far as it decides what fits; `municipality` is a CBS code."""

    q: str = ""
    municipality: str | None = None
    postcode: str | None = None
    """Addresses that we make carry the four digits only."""
    age: int | None = None
    gender: str | None = None
    topics: tuple[str, ...] = ()
    language: str | None = None
    """The language that the family wants to be helped in."""
    wishes: tuple[Wish, ...] = ()
    """The heaviest first, then in the order of the list of points."""

    @classmethod
    def read(cls, args: MultiDict[str, str], code_lists: CodeLists) -> Family:
        """From the parameters of an address or a form (`docs/formats.md`)."""
        gender, language = args.get("voor"), args.get("taal")
        topics = (code for code in args.getlist("onderwerp") if code in code_lists.topics)
        return cls(
            q=" ".join(args.get("q", "")[:LONGEST_QUESTION].split()),
            municipality=read_municipality(args.get("gemeente"), code_lists),
            postcode=read_postcode(args.get("postcode")),
            age=read_age(args.get("leeftijd")),
            gender=gender if gender in GENDERS else None,
            topics=tuple(dict.fromkeys(topics))[:MOST_TOPICS],
            language=language if language in code_lists.languages else None,
            wishes=_read_wishes(args, code_lists),
        )

    def completed(self, question: Question) -> Family:
        """With what the question itself names, where nothing was filled in."""
        return self.completed_by(
            Family(
                municipality=question.municipality,
                postcode=question.postcode,
                age=question.age,
                gender=question.gender,
                topics=question.carried_topics[:MOST_TOPICS],
                language=question.language,
            )
        )

    def completed_by(self, other: Family) -> Family:
        """With what `other` says, where this says nothing; the words of a question stay where they were."""
        return Family(
            q=self.q,
            municipality=self.municipality or other.municipality,
            postcode=self.postcode or other.postcode,
            age=other.age if self.age is None else self.age,
            gender=self.gender or other.gender,
            topics=self.topics or other.topics,
            language=self.language or other.language,
            wishes=self.wishes or other.wishes,
        )

    def parameters(self, code_lists: CodeLists) -> Pairs:
        """The shortest address that says the same, in a fixed order."""
        pairs = [
            ("q", self.q),
            ("gemeente", code_lists.municipalities[self.municipality].name if self.municipality else ""),
            ("postcode", (self.postcode or "")[:4]),
            ("leeftijd", "" if self.age is None else str(self.age)),
            ("voor", self.gender or ""),
            *(("onderwerp", topic) for topic in self.topics),
            ("taal", self.language or ""),
            *self.weights(),
        ]
        return tuple((name, value) for name, value in pairs if value)

    def weights(self) -> Pairs:
        """What counts, as parameters."""
        return tuple((f"{WEIGHT}{wish.point.code}", str(wish.weight)) for wish in self.wishes)

    def shared(self, code_lists: CodeLists) -> Pairs:
        """What goes along when a list is shared: where the help is for and what counts, and nothing of the child."""
        return Family(municipality=self.municipality, wishes=self.wishes).parameters(code_lists)


def _read_wishes(args: MultiDict[str, str], code_lists: CodeLists) -> tuple[Wish, ...]:
    told = ((point, args.get(WEIGHT + point.code, "")) for point in code_lists.points.values())
    weights = [str(weight) for weight in range(1, MOST_WEIGHT + 1)]
    wishes = [Wish(point, int(value)) for point, value in told if value in weights]
    return tuple(sorted(wishes, key=lambda wish: -wish.weight))


@dataclass(frozen=True, slots=True)
class ListCriteria:
    """A list of offers, as `/vergelijken` and `/mijn-lijst` are asked for it."""

    keys: tuple[str, ...]
    family: Family
    sheet: Sheet = Sheet.FAMILY

    @classmethod
    def read(cls, args: MultiDict[str, str], code_lists: CodeLists) -> ListCriteria:
        """From the parameters of an address or a form."""
        family = Family.read(args, code_lists)
        is_for_team = args.get("blad") == Sheet.ACCESS_TEAM
        # What is written in a search is no part of a list: a list is made to be shown.
        return cls(
            read_list(args.getlist(LIST)), replace(family, q=""), Sheet.ACCESS_TEAM if is_for_team else Sheet.FAMILY
        )

    def parameters(self, code_lists: CodeLists) -> Pairs:
        """The shortest address that asks the same, in a fixed order."""
        pairs = (*((LIST, key) for key in self.keys), *self.family.parameters(code_lists))
        return (*pairs, ("blad", self.sheet)) if self.sheet is not Sheet.FAMILY else pairs

    def without(self, key: str) -> ListCriteria:
        """The list without one offer."""
        return replace(self, keys=tuple(other for other in self.keys if other != key))

    def moved_up(self, key: str) -> ListCriteria:
        """The list with one offer moved one place up."""
        at = self.keys.index(key)
        before, after = self.keys[: max(0, at - 1)], self.keys[max(0, at - 1) :]
        return replace(self, keys=(*before, key, *(other for other in after if other != key)))


@dataclass(frozen=True, slots=True)
class Story:
    """What a family wrote in its own words; only ever read from the body of a form."""

    texts: tuple[str, ...] = ("",) * len(STORY)
    """In the order of `STORY`."""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Story:
        """From the fields of a form."""
        return cls(tuple(form.get(name, "").strip()[:LONGEST_STORY] for name in STORY))

    def __bool__(self) -> bool:
        return any(self.texts)

    def fields(self) -> Pairs:
        """As hidden fields of the next form."""
        return tuple((name, text) for name, text in zip(STORY, self.texts, strict=True) if text)
