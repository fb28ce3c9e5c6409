"""Reads the word lists critically: rows that cannot be used, that contradict each other, or that say nothing."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from portal.catalogue.codelists import CodeLists
from portal.catalogue.edits.types import Place, Said
from portal.core.text import fold, nearest
from portal.search.danger import HARMLESS, Danger
from portal.search.deeds import written_out as written_out_groups
from portal.search.forms import FOR_SOME, Form, ReadIn
from portal.search.homes import Home
from portal.search.language import WORDS, stems
from portal.search.phrases import steps_of
from portal.search.readings import Tongue, written_out
from portal.search.reassurance import Well
from portal.search.vocabulary import FUNCTION_WORDS, Expression, Voice
from portal.search.ways import Way

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "topics.csv": ("topic", "voice", "expression"),
    "sentences.csv": ("topic", "voice", "expression"),
    "concepts.csv": ("concept", "words"),
    "readings.csv": ("language", "typed", "meant"),
    "hides.csv": ("word", "hides"),
    "danger.csv": ("meaning", "words"),
    "ways.csv": ("way", "expression"),
    "reassuring.csv": ("says", "words"),
    "homes.csv": ("home", "words"),
    "forms.csv": ("form", "read_in", "words"),
    "needs.csv": ("topic", "words"),
    "deeds.csv": ("topic", "words"),
    "groups.csv": ("group", "words"),
    "neighbours.csv": ("topic", "neighbour", "share"),
    "ages.csv": ("topic", "from", "to", "instead"),
}
"""The lists that may stand in a folder of words, with their columns."""
_MAY_BE_EMPTY = frozenset({"meant", "instead"})
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "voice": tuple(Voice),
    "language": tuple(Tongue),
    "meaning": (*Danger, HARMLESS),
    "way": tuple(Way),
    "says": tuple(Well),
    "home": tuple(Home),
    "form": (*Form, *sorted(FOR_SOME)),
    "read_in": tuple(ReadIn),
}


DESK = "desk"
"""Where rows stand that were edited at a desk."""


class ClashKind(StrEnum):
    """What is wrong with something that is said of a topic."""

    SAYS_NOTHING = "says_nothing"
    TWICE = "twice"
    """It is said of this topic already."""
    ELSEWHERE = "elsewhere"
    """It is said of a topic of another kind."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Clash:
    """A row that is wrong, or at odds with another."""

    file: str
    row: int
    what: str
    remedy: str
    kind: ClashKind = ClashKind.OTHER
    topic: str = ""
    """The topic (code) of which it is said elsewhere."""

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: {self.what}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class _Row:
    file: str
    number: int
    cells: Mapping[str, str]

    def clash(self, what: str, remedy: str, kind: ClashKind = ClashKind.OTHER, topic: str = "") -> Clash:
        return Clash(self.file, self.number, what, remedy, kind, topic)

    @property
    def place(self) -> str:
        return f"{self.file}, row {self.number}"


def clashes(code_lists: CodeLists, own_folder: Path | None = None) -> list[Clash]:
    """All that is wrong with the words that come along, a region's own in `own_folder`, and those edited at a desk."""
    found: list[Clash] = []
    rows: dict[str, list[_Row]] = {name: [] for name in COLUMNS}
    for folder in [WORDS, *([own_folder] if own_folder else [])]:
        for path in sorted(folder.glob("*.csv")):
            shown = path.name if folder == WORDS else str(path)
            if path.name in COLUMNS:
                read, faults = _read(path, shown, COLUMNS[path.name])
                rows[path.name] += read
                found += faults
            else:
                known = nearest(path.name, COLUMNS) or ", ".join(COLUMNS)
                found.append(Clash(shown, 1, "is not the name of a word list", f"call it {known}"))
    edited = {one.place for one in code_lists.said}
    from_files = rows["topics.csv"] + rows["sentences.csv"]
    kept = [r for r in from_files if Place.of_expression(r.cells["topic"], r.cells["expression"]) not in edited]
    expressions = kept + _of_desk(one for one in code_lists.said if not one.is_off)
    found += _unknown_choices([row for read in rows.values() for row in read])
    found += _topics(expressions, code_lists)
    found += _concepts(rows["concepts.csv"])
    found += _readings(rows["readings.csv"])
    found += _phrases(rows["danger.csv"], "meaning", "words")
    found += _phrases(rows["ways.csv"], "way", "expression")
    found += _phrases(rows["reassuring.csv"], "says", "words")
    found += _phrases(rows["homes.csv"], "home", "words")
    for of_form in _by_form(rows["forms.csv"]):
        found += _phrases(of_form, "form", "words")
    for name in ("needs.csv", "deeds.csv"):
        found += _of_topics(rows[name], rows["groups.csv"], code_lists)
    found += _neighbours(rows["neighbours.csv"], code_lists)
    found += _ages(rows["ages.csv"], code_lists)
    return found


def clashes_of(new: Sequence[Said], there: Iterable[Expression], code_lists: CodeLists) -> list[tuple[Said, Clash]]:
    """What is wrong with expressions that somebody would add to those that are `there`."""
    wanted = {fold(one.text) for one in new}
    known = [
        _Row("words", 0, {"topic": one.topic, "voice": one.voice, "expression": one.text})
        for one in there
        if fold(one.text) in wanted
    ]
    found = _topics([*known, *_of_desk(new)], code_lists)
    return [(new[clash.row - 1], clash) for clash in found if clash.file == DESK]


def _of_desk(edited: Iterable[Said]) -> list[_Row]:
    return [
        _Row(DESK, number, {"topic": one.topic, "voice": one.voice, "expression": one.text})
        for number, one in enumerate(edited, start=1)
    ]


def counts(own_folder: Path | None = None) -> dict[str, int]:
    """How many rows each list holds."""
    folders = [WORDS, *([own_folder] if own_folder else [])]
    return {
        name: sum(len(_read(folder / name, name, columns)[0]) for folder in folders if (folder / name).exists())
        for name, columns in COLUMNS.items()
    }


def _read(path: Path, shown: str, columns: Sequence[str]) -> tuple[list[_Row], list[Clash]]:
    """The rows of a list that have all their cells, and what is wrong with the others."""
    rows, faults = [], []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header = list(reader.fieldnames or ())
        if sorted(header) != sorted(columns):
            wrong = [name for name in header if name not in columns] or [name for name in columns if name not in header]
            what = f"the columns are {', '.join(header) or 'none'} ({', '.join(wrong)})"
            return [], [Clash(shown, 1, what, f"make them {', '.join(columns)}")]
        for number, cells in enumerate(reader, start=2):
            missing = [name for name in columns if name not in _MAY_BE_EMPTY and not (cells[name] or "").strip()]
            if None in cells:
                faults.append(Clash(shown, number, "has more cells than columns", "put a text with a comma in quotes"))
            elif missing:
                faults.append(Clash(shown, number, f"has no {', '.join(missing)}", "fill it in, or remove the row"))
            else:
                rows.append(_Row(shown, number, {name: cells[name] or "" for name in columns}))
    return rows, faults


def _unknown_choices(rows: Sequence[_Row]) -> Iterator[Clash]:
    for row in rows:
        for column, choices in _CHOICES.items():
            if column in row.cells and row.cells[column] not in choices:
                yield row.clash(f"{column} {row.cells[column]!r} does not exist", f"choose from {', '.join(choices)}")


def _topics(rows: Sequence[_Row], code_lists: CodeLists) -> Iterator[Clash]:
    function_words = frozenset((WORDS / FUNCTION_WORDS).read_text(encoding="utf-8").split())
    earlier: dict[str, list[_Row]] = {}
    for row in rows:
        topic, expression = row.cells["topic"], fold(row.cells["expression"])
        if topic not in code_lists.topics:
            yield _no_topic(row, topic, code_lists)
            continue
        if not stems(expression) or all(word in function_words for word in expression.split()):
            yield row.clash(
                f"{expression!r} says nothing by itself", "add the word that matters", ClashKind.SAYS_NOTHING
            )
        for other in earlier.setdefault(expression, []):
            if other.cells["topic"] == topic:
                yield row.clash(
                    f"{expression!r} is there already ({other.place})", "remove one of the two", ClashKind.TWICE
                )
            elif _contradicts(row, other, code_lists):
                yield row.clash(
                    f"{expression!r} is also said of {other.cells['topic']} ({other.place})",
                    f"keep it where it says most, or make it longer so that it means {topic} only",
                    ClashKind.ELSEWHERE,
                    other.cells["topic"],
                )
        earlier[expression].append(row)


def _no_topic(row: _Row, topic: str, code_lists: CodeLists) -> Clash:
    near = nearest(topic, code_lists.topics)
    return row.clash(f"topic {topic!r} does not exist", f"write {near}" if near else "look in topics.csv")


def _by_form(rows: Iterable[_Row]) -> Iterable[Sequence[_Row]]:
    """The rows of each form and place apart: the same words may tell of several."""
    found: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.cells["read_in"], row.cells["form"]].append(row)
    return found.values()


def _of_topics(rows: Sequence[_Row], groups: Sequence[_Row], code_lists: CodeLists) -> Iterator[Clash]:
    words_of = {row.cells["group"]: row.cells["words"] for row in groups}
    readable = []
    for row in rows:
        if row.cells["topic"] not in code_lists.topics:
            yield _no_topic(row, row.cells["topic"], code_lists)
        try:
            written_out_groups(row.cells["words"], words_of)
        except ValueError as wrong:
            yield row.clash(f"{row.cells['words']!r} cannot be read", str(wrong))
        else:
            readable.append(row)
    yield from _phrases(readable, "topic", "words")


def _neighbours(rows: Sequence[_Row], code_lists: CodeLists) -> Iterator[Clash]:
    earlier: dict[tuple[str, str], _Row] = {}
    for row in rows:
        pair = row.cells["topic"], row.cells["neighbour"]
        yield from (_no_topic(row, topic, code_lists) for topic in pair if topic not in code_lists.topics)
        other = earlier.setdefault(pair, row)
        if other is not row:
            yield row.clash(f"{pair[1]!r} is a neighbour of {pair[0]} already ({other.place})", "remove one of the two")
        try:
            is_share = 0 < float(row.cells["share"]) <= 1
        except ValueError:
            is_share = False
        if not is_share:
            yield row.clash(f"share {row.cells['share']!r} is no number above 0 and up to 1", "write 0.5, for example")


def _ages(rows: Sequence[_Row], code_lists: CodeLists) -> Iterator[Clash]:
    for row in rows:
        first, last = row.cells["from"], row.cells["to"]
        named = filter(None, (row.cells["topic"], row.cells["instead"]))
        yield from (_no_topic(row, topic, code_lists) for topic in named if topic not in code_lists.topics)
        if not (first.isdigit() and last.isdigit() and int(first) <= int(last)):
            yield row.clash(f"{first!r} to {last!r} are no ages", "write whole years, the youngest first")


def _contradicts(row: _Row, other: _Row, code_lists: CodeLists) -> bool:
    """Whether a family's words stand under topics of different families; a treatment may serve several."""
    roots = {code_lists.topics[topic].parent or topic for topic in (row.cells["topic"], other.cells["topic"])}
    return len(roots) > 1 and Voice.FAMILY in (row.cells["voice"], other.cells["voice"])


def _concepts(rows: Sequence[_Row]) -> Iterator[Clash]:
    earlier: dict[tuple[str, ...], tuple[str, str, _Row]] = {}
    for row in rows:
        concept = row.cells["concept"]
        for phrase in filter(None, (text.strip() for text in row.cells["words"].split(";"))):
            of, as_written, there = earlier.setdefault(stems(phrase), (concept, phrase, row))
            if of != concept:
                yield row.clash(
                    f"{phrase!r} of {concept} is the same word as {as_written!r} of {of} ({there.place})",
                    "keep it in the one that most people mean",
                )
            elif as_written == phrase and there is not row:
                yield row.clash(f"{phrase!r} is there already ({there.place})", "remove one of the two")


def _readings(rows: Sequence[_Row]) -> Iterator[Clash]:
    earlier: dict[tuple[str, str], _Row] = {}
    for row in rows:
        typed, meant = fold(row.cells["typed"]), fold(row.cells["meant"])
        others = {way: earlier.setdefault((row.cells["language"], way), row) for way in written_out(typed)}
        twice = next(((way, other) for way, other in others.items() if other is not row), None)
        if not stems(typed):
            yield row.clash(f"{typed!r} is no word", "write a word")
        elif twice is not None:
            yield row.clash(f"{twice[0]!r} is read twice ({twice[1].place})", "remove one of the two")
        elif typed == meant:
            yield row.clash(f"{typed!r} is read as itself", "remove the row")


def _phrases(rows: Sequence[_Row], kind: str, column: str) -> Iterator[Clash]:
    earlier: dict[str, _Row] = {}
    for row in rows:
        words = " ".join(row.cells[column].split())
        try:
            steps_of(words)
        except ValueError as wrong:
            yield row.clash(f"{words!r} cannot be read", str(wrong))
            continue
        other = earlier.setdefault(words, row)
        if other.cells[kind] != row.cells[kind]:
            yield row.clash(f"{words!r} is also {other.cells[kind]} ({other.place})", "remove one of the two")
        elif other is not row:
            yield row.clash(f"{words!r} is there already ({other.place})", "remove one of the two")
