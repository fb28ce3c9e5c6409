"""Code lists: arrangements, topics, municipalities and the like, each with its source and version.

A list is a CSV file in `codelists/` with what every language shares, and one file a language with its labels
and explanations. A region changes or adds rows by a file of the same name in its own folder
(`PORTAL_CODE_LISTS_DIR`): a row with a known code replaces ours, another code is added. What its staff edit at a desk
lies on top of both (`portal/catalogue/edits`). Adding a language is adding a folder.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar, cast

from flask import current_app

from portal.catalogue.edits.types import Edit, EditedList, EditState, Said, said
from portal.catalogue.guidance import Advice, AdviceWords, Part, unknown_places
from portal.catalogue.types import Form, Measure, Point, ProviderSize, SameWorker, Setting
from portal.core.text import fold

FOLDER = Path(__file__).parent / "codelists"
DEFAULT_LANGUAGE = "nl"


class CodeListError(ValueError):
    """A code list that cannot be used; the message names file and row."""


class Route(StrEnum):
    """How an arrangement is come by."""

    CHOICE = "choice"
    """The family chooses among the contracted providers."""
    DECIDED = "decided"
    """A court, or one front door for the region, decides."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A kind of help that is contracted (iJw JZ020 gives the product category)."""

    code: str
    parent: str | None
    form: Form
    product_category: tuple[str, ...]
    route: Route


@dataclass(frozen=True, slots=True)
class Topic:
    """What help is about."""

    code: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality with its CBS code (GM0000), youth region and a coarse reference point (WGS 84 degrees)."""

    code: str
    name: str
    province: str
    youth_region: str
    latitude: float
    longitude: float

    @property
    def point(self) -> Point:
        """Its reference point."""
        return Point(self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class Label:
    """What an entry is called in one language, what it means, and the words that families use for it."""

    label: str
    explanation: str = ""
    words: tuple[str, ...] = ()
    easy: str = ""
    """The explanation in still easier language, spoken to a young person; empty: none."""


@dataclass(frozen=True, slots=True)
class ChoicePoint:
    """Something that can matter to a family when it chooses: which measure of an offer, and what counts as fitting."""

    code: str
    measure: Measure
    arguments: tuple[str, ...]
    """The most kilometres or weeks, the age, or the values that fit; empty where the measure needs none."""


@dataclass(frozen=True, slots=True)
class ChoiceOutcome:
    """What came of a talk about the choice."""

    code: str
    is_real: bool
    """Whether the family had a real choice; else it is the reason why not."""
    is_asked: bool
    """False where a region takes it off the form; what was counted stays."""


@dataclass(frozen=True, slots=True)
class PointWords:
    """What a point is called in one language, and what to ask a provider about it."""

    label: str
    explanation: str = ""
    ask: str = ""
    """The question where nobody told whether it fits."""
    ask_no: str = ""
    """The question where it does not fit."""


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """A term of art, explained."""

    term: str
    explanation: str
    see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a list comes from."""

    list: str
    version: str
    source: str


@dataclass(frozen=True)
class CodeLists:
    """All lists, read once at start."""

    arrangements: Mapping[str, Arrangement]
    topics: Mapping[str, Topic]
    municipalities: Mapping[str, Municipality]
    youth_regions: Mapping[str, str]
    indicators: Mapping[str, str]
    """Code to `higher` or `lower`: which way is better."""
    languages: tuple[str, ...]
    points: Mapping[str, ChoicePoint]
    """What families can choose on, in the order in which they are asked."""
    point_words: Mapping[str, Mapping[str, PointWords]]
    """Interface language to code to words."""
    choice_outcomes: Mapping[str, ChoiceOutcome]
    """What can come of a talk about the choice, in the order in which it is asked."""
    guidance: tuple[Advice, ...]
    """What is told about the road to help, in its order."""
    advice_words: Mapping[str, Mapping[str, AdviceWords]]
    """Interface language to code to words."""
    sources: tuple[Source, ...]
    labels: Mapping[tuple[str, str], Mapping[str, Label]]
    """(list, interface language) to code to label."""
    glossaries: Mapping[str, tuple[GlossaryTerm, ...]]
    fingerprint: str
    """SHA-256 of all files that were read, and of the edits that decide what search finds."""
    said: tuple[Said, ...] = ()
    """The expressions of topics that were edited at a desk."""
    edition: int = 0
    """Of the edits that lie over the files."""

    def label(self, list_name: str, code: str, language: str) -> Label:
        """The label of `code`; in Dutch where the language lacks it, the code itself where both do."""
        for tongue in (language, DEFAULT_LANGUAGE):
            found = self.labels.get((list_name, tongue), {}).get(code)
            if found is not None:
                return found
        return Label(code)

    def words_of_point(self, code: str, language: str) -> PointWords:
        """The words of a point; in Dutch where the language lacks it, the code itself where both do."""
        for tongue in (language, DEFAULT_LANGUAGE):
            found = self.point_words.get(tongue, {}).get(code)
            if found is not None:
                return found
        return PointWords(code)

    def advice_about(
        self, arrangement: str, municipality: str | None, language: str
    ) -> Iterator[tuple[Advice, AdviceWords]]:
        """What is told about this arrangement, there; in Dutch where the language lacks it."""
        entry = self.arrangements[arrangement]
        names = {entry.code, entry.parent or entry.code, entry.route.value}
        for advice in self.guidance:
            if advice.holds_for(names, municipality):
                words = (self.advice_words.get(tongue, {}).get(advice.code) for tongue in (language, DEFAULT_LANGUAGE))
                yield advice, next(filter(None, words), AdviceWords(advice.code))

    def glossary(self, language: str) -> tuple[GlossaryTerm, ...]:
        """All terms in `language`, in Dutch where it has none."""
        return self.glossaries.get(language) or self.glossaries[DEFAULT_LANGUAGE]

    def glossary_term(self, word: str, language: str) -> GlossaryTerm | None:
        """The term that is called `word`, in `language` or else in Dutch."""
        for tongue in (language, DEFAULT_LANGUAGE):
            found = self._glossary_index.get((tongue, fold(word)))
            if found is not None:
                return found
        return None

    @cached_property
    def real_choices(self) -> frozenset[str]:
        """The outcomes of a talk that are a real choice."""
        return frozenset(code for code, outcome in self.choice_outcomes.items() if outcome.is_real)

    @cached_property
    def decided_elsewhere(self) -> frozenset[str]:
        """The arrangements about which a court or one front door decides."""
        return frozenset(code for code, entry in self.arrangements.items() if entry.route is Route.DECIDED)

    def arrangement_and_below(self, code: str) -> tuple[str, ...]:
        """`code` and the arrangements under it."""
        return _with_descendants(code, self.arrangements)

    def topic_and_below(self, code: str) -> tuple[str, ...]:
        """`code` and the topics under it."""
        return _with_descendants(code, self.topics)

    def municipality(self, name_or_code: str) -> Municipality | None:
        """The municipality with this CBS code or name (case, accents and `gemeente` do not matter)."""
        return self._municipality_names.get(_municipality_key(name_or_code))

    def topic(self, word: str) -> str | None:
        """The code of the topic that is called `word` (its code or its Dutch label)."""
        return self._topic_names.get(fold(word).replace("-", " "))

    def unknown_topics(self, words: Iterable[str]) -> Sequence[str]:
        """Those of these words that are called as no topic is: families find them as words alone."""
        return [word for word in words if self.topic(word) is None]

    def municipalities_of(self, youth_region: str | None) -> tuple[Municipality, ...]:
        """The municipalities of a youth region by name; all of them for a region that the list does not know."""
        members = (m for m in self.municipalities.values() if youth_region in (None, m.youth_region))
        return tuple(sorted(members, key=lambda m: fold(m.name)))

    def youth_region_named(self, name: str) -> str | None:
        """The code of the youth region with this name or code."""
        wanted = fold(name)
        return next((c for c, n in self.youth_regions.items() if wanted in (fold(n), fold(c))), None)

    @cached_property
    def _municipality_names(self) -> dict[str, Municipality]:
        by_name = {_municipality_key(m.name): m for m in self.municipalities.values()}
        return by_name | {fold(code): m for code, m in self.municipalities.items()}

    @cached_property
    def _glossary_index(self) -> dict[tuple[str, str], GlossaryTerm]:
        return {(tongue, fold(term.term)): term for tongue, terms in self.glossaries.items() for term in terms}

    @cached_property
    def _topic_names(self) -> dict[str, str]:
        labels = self.labels.get(("topics", DEFAULT_LANGUAGE), {})
        by_label = {fold(label.label).replace("-", " "): code for code, label in labels.items()}
        return by_label | {code.replace("-", " "): code for code in self.topics}


class Lists(Protocol):
    """What knows the lists of a process (`edits.live.LiveLists`)."""

    def now(self) -> CodeLists:
        """The lists in use."""


def current_code_lists() -> CodeLists:
    """The code lists of the running application, as edited at desks."""
    return cast(Lists, current_app.extensions["portal.lists"]).now()


def _municipality_key(text: str) -> str:
    return fold(text).removeprefix("gemeente ").replace("-", " ").replace("'", "")


def _with_descendants(code: str, entries: Mapping[str, Arrangement] | Mapping[str, Topic]) -> tuple[str, ...]:
    found = [code]
    for candidate in entries.values():
        if candidate.parent == code:
            found.extend(_with_descendants(candidate.code, entries))
    return tuple(found)


_Kind = TypeVar("_Kind", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class _Row:
    where: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        try:
            return self.cells[column].strip()
        except KeyError:
            raise CodeListError(f"{self.where}: column {column} is missing") from None

    def many(self, column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self[column].split(";") if part.strip())

    def number(self, column: str) -> float:
        try:
            return float(self[column])
        except ValueError:
            raise CodeListError(f"{self.where}: {column} {self[column]!r} is not a number") from None

    def is_yes(self, column: str) -> bool:
        if self[column] not in ("yes", "no"):
            raise CodeListError(f"{self.where}: {column} {self[column]!r} is not yes or no")
        return self[column] == "yes"

    def one_of(self, column: str, kind: type[_Kind]) -> _Kind:
        try:
            return kind(self[column])
        except ValueError:
            known = ", ".join(member.value for member in kind)
            raise CodeListError(f"{self.where}: {column} {self[column]!r} is not one of {known}") from None


def load(own_folder: Path | None = None, edits: Sequence[Edit] = (), edition: int = 0) -> CodeLists:
    """Read all lists, with a region's own rows from `own_folder` on top, and over these the `edits` of a desk.

    Raises CodeListError for a file that lacks a column, a value that cannot be read, or a parent that
    does not exist.
    """
    if own_folder is not None and not own_folder.is_dir():
        raise CodeListError(f"PORTAL_CODE_LISTS_DIR: there is no folder {own_folder}")
    folders = [FOLDER] + ([own_folder] if own_folder else [])
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for edit in edits:
        if _is_searched(edit):
            digest.update(repr((edit.place, edit.state, sorted(edit.values.items()))).encode())

    def rows(name: str, key: str = "code") -> dict[str, _Row]:
        merged: dict[str, _Row] = {}
        for folder in folders:
            merged.update({row[key]: row for row in _read(folder / name)})
        for edit in edits:
            _lay(edit, name, key, merged)
        return merged

    arrangements = {
        code: Arrangement(
            code, row["parent"] or None, row.one_of("form", Form), row.many("product_category"),
            row.one_of("route", Route),
        )
        for code, row in _by_sort(rows("arrangements.csv"))
    }  # fmt: skip
    topics = _topics(rows("topics.csv"))
    _check_parents("arrangements.csv", arrangements)
    _check_parents("topics.csv", topics)
    municipalities = {
        code: Municipality(
            code, row["name"], row["province"], row["youth_region"], row.number("latitude"), row.number("longitude")
        )
        for code, row in rows("municipalities.csv").items()
    }  # fmt: skip
    points = {code: _choice_point(code, row) for code, row in _by_sort(rows("points.csv")) if row.is_yes("shown")}
    names = {"*", *(route.value for route in Route), *arrangements}
    guidance = tuple(_advice(code, row, names, municipalities) for code, row in _by_sort(rows("guidance.csv")))
    tongues = sorted({path.name for folder in folders for path in folder.iterdir() if path.is_dir()})
    labels: dict[tuple[str, str], dict[str, Label]] = {}
    point_words: dict[str, dict[str, PointWords]] = {}
    advice_words: dict[str, dict[str, AdviceWords]] = {}
    glossaries: dict[str, tuple[GlossaryTerm, ...]] = {}
    for tongue in tongues:
        for list_name in ("arrangements", "topics", "indicators", "languages", "choice_outcomes"):
            labels[list_name, tongue] = {
                code: Label(
                    row["label"],
                    row["explanation"] if "explanation" in row.cells else "",
                    row.many("words") if "words" in row.cells else (),
                    row["easy"] if "easy" in row.cells else "",
                )
                for code, row in rows(f"{tongue}/{list_name}.csv").items()
            }
        point_words[tongue] = {
            code: PointWords(row["label"], row["explanation"], row["ask"], row["ask_no"])
            for code, row in rows(f"{tongue}/points.csv").items()
        }
        advice_words[tongue] = {code: _advice_words(row) for code, row in rows(f"{tongue}/guidance.csv").items()}
        glossary = rows(f"{tongue}/glossary.csv", key="term")
        glossaries[tongue] = tuple(
            GlossaryTerm(term, row["explanation"], row.many("see"))
            for term, row in sorted(glossary.items(), key=lambda item: fold(item[0]))
        )
    return CodeLists(
        arrangements=arrangements,
        topics=topics,
        municipalities=municipalities,
        youth_regions={code: row["name"] for code, row in rows("youth_regions.csv").items()},
        indicators={code: row["better"] for code, row in _by_sort(rows("indicators.csv"))},
        languages=tuple(code for code, _ in _by_sort(rows("languages.csv"))),
        points=points,
        point_words=point_words,
        choice_outcomes={
            code: ChoiceOutcome(code, row.is_yes("real"), row.is_yes("asked"))
            for code, row in _by_sort(rows("choice_outcomes.csv"))
        },
        guidance=guidance,
        advice_words=advice_words,
        sources=tuple(Source(name, row["version"], row["source"]) for name, row in rows("sources.csv", "list").items()),
        labels=labels,
        glossaries=glossaries,
        fingerprint=digest.hexdigest(),
        said=tuple(one for one in said(edits) if one.is_off or one.topic in topics),
        edition=edition,
    )


def _topics(rows: Mapping[str, _Row]) -> dict[str, Topic]:
    """The topics; one of the desk stands by itself where the topic it belonged to is gone."""
    found = {}
    for code, row in _by_sort(rows):
        parent = row["parent"] or None
        is_orphan = row.where.startswith(_DESK) and parent not in rows
        found[code] = Topic(code, None if is_orphan else parent)
    return found


def _is_searched(edit: Edit) -> bool:
    """Whether an edit decides what search finds: what is said, and the Dutch names of topics and kinds of help."""
    of_names = edit.place.list in (EditedList.TOPICS, EditedList.ARRANGEMENTS)
    is_dutch = of_names and edit.place.language == DEFAULT_LANGUAGE
    return edit.state is not EditState.AS_FILE and (edit.place.list is EditedList.EXPRESSIONS or is_dutch)


_COLUMNS_OF = {
    EditedList.TOPICS: ("label", "explanation", "words"),
    EditedList.ARRANGEMENTS: ("label", "explanation", "easy"),
    EditedList.GLOSSARY: ("explanation", "see"),
}
"""The columns that every row of a list has in a language."""
_DESK = "desk, "
"""How the place of a row of the desk begins."""
_LAST = "1000000"
"""Where a topic of the desk stands among its sisters: behind those of the files."""


def _lay(edit: Edit, name: str, key: str, rows: dict[str, _Row]) -> None:
    """Lay an edit over the rows of a file, where it is one of this file. A topic of the desk is in two: with its
    parent, and with its words."""
    place = edit.place
    is_row = name == f"{place.language}/{place.list}.csv" and place.list in _COLUMNS_OF
    is_new_topic = place.list is EditedList.TOPICS and name == "topics.csv" and "parent" in edit.values
    if edit.state is EditState.OFF and (is_row or (place.list is EditedList.TOPICS and name == "topics.csv")):
        rows.pop(place.key, None)
    elif edit.state is EditState.SET and is_row:
        known = rows[place.key].cells if place.key in rows else dict.fromkeys(_COLUMNS_OF[place.list], "")
        rows[place.key] = _Row(f"{_DESK}{place.key}", {**known, **edit.values, key: place.key})
    elif edit.state is EditState.SET and is_new_topic and place.key not in rows:
        cells = {"code": place.key, "parent": edit.values["parent"], "sort": _LAST}
        rows[place.key] = _Row(f"{_DESK}{place.key}", cells)


def _advice(code: str, row: _Row, names: set[str], municipalities: Mapping[str, Municipality]) -> Advice:
    arrangements, places = row.many("arrangements"), row.many("municipalities")
    for column, given, known in (
        ("arrangements", {name.removeprefix("!") for name in arrangements}, names),
        ("municipalities", set(places), municipalities.keys()),
    ):
        if strangers := sorted(given - known):
            raise CodeListError(f"{row.where}: {column} {strangers[0]!r} is not in the list")
    return Advice(code, row.one_of("part", Part), arrangements, places, row["source"])


def _advice_words(row: _Row) -> AdviceWords:
    words = AdviceWords(row["label"], row["explanation"], row["term"])
    for text in (words.label, words.explanation, words.term):
        if strangers := unknown_places(text):
            raise CodeListError(f"{row.where}: {{{strangers[0]}}} is no name that we can fill in")
    return words


_VALUES_THAT_FIT: Mapping[Measure, type[StrEnum]] = {
    Measure.SAME_WORKER: SameWorker,
    Measure.SIZE: ProviderSize,
    Measure.SETTING: Setting,
    Measure.FORM: Form,
}
_NUMBERS = frozenset({Measure.DISTANCE, Measure.WAITING, Measure.STAY})


def _choice_point(code: str, row: _Row) -> ChoicePoint:
    measure, arguments = row.one_of("measure", Measure), row.many("argument")
    if not re.fullmatch(r"[a-z0-9-]{1,40}", code):
        raise CodeListError(f"{row.where}: code {code!r} may hold small letters, digits and hyphens only")
    values = _VALUES_THAT_FIT.get(measure)
    if measure in _NUMBERS:
        is_right, wanted = len(arguments) == 1 and arguments[0].isdecimal(), "one whole number"
    elif values is not None:
        known = [member.value for member in values]
        is_right, wanted = bool(arguments) and set(arguments) <= set(known), f"one or more of {', '.join(known)}"
    else:
        is_right, wanted = not arguments, "empty"
    if not is_right:
        raise CodeListError(f"{row.where}: argument {row['argument']!r} of measure {measure} must be {wanted}")
    return ChoicePoint(code, measure, arguments)


def _read(path: Path) -> Iterator[_Row]:
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, cells in enumerate(csv.DictReader(file), start=2):
            if None in cells or None in cells.values():
                raise CodeListError(f"{path}, row {number}: has not as many cells as the header")
            yield _Row(f"{path}, row {number}", cells)


def _by_sort(rows: Mapping[str, _Row]) -> list[tuple[str, _Row]]:
    return sorted(rows.items(), key=lambda item: item[1].number("sort"))


def _check_parents(name: str, entries: Mapping[str, Arrangement] | Mapping[str, Topic]) -> None:
    for entry in entries.values():
        if entry.parent is not None and entry.parent not in entries:
            raise CodeListError(f"{name}: {entry.code} has parent {entry.parent}, which is not in the list")
