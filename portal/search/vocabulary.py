"""The words of families and professionals, as data: expressions per topic, and everyday words that mean the same.

`words/topics.csv` (short parts) and `words/sentences.csv` (whole examples to learn from) have the columns topic, voice
and expression; `words/concepts.csv` has concept and words. `readings.csv` has the words that are not plain Dutch,
`hides.csv` the words beside which another means something else, `danger.csv` what sounds like danger, `ways.csv` how
families ask about the way to help, `reassuring.csv` how they say that something is well, `homes.csv` where a child
lives, `deeds.csv` what only the order of words tells, `forms.csv` for whom offers are and what form of help,
`needs.csv` which topics need words of their own, `neighbours.csv` which topics serve for each other, and `ages.csv` at
which ages of a child a topic can be meant. Regional staff extend them with files of the same names in a folder
`search` of `PORTAL_CODE_LISTS_DIR`, or at a desk; docs/words.md tells how.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from portal.catalogue.codelists import DEFAULT_LANGUAGE, CodeListError, CodeLists
from portal.catalogue.edits.types import Place
from portal.search.danger import HARMLESS, Danger, DangerWords
from portal.search.deeds import Deeds, written_out
from portal.search.forms import FOR_SOME, Form, Forms, ReadIn
from portal.search.help_language import HelpLanguages
from portal.search.homes import Home, Homes
from portal.search.language import WORDS, Compounds, stem, stems, tokens
from portal.search.needs import Needs
from portal.search.phrases import steps_of
from portal.search.readings import Reading, Readings, Tongue
from portal.search.reassurance import Reassurance, Well
from portal.search.ways import Way, WayWords

FUNCTION_WORDS = "function_words.txt"
VERSION = "VERSION"
"""The file of a folder of words that says which version they are."""


class Voice(StrEnum):
    """Whose words these are."""

    FAMILY = "family"
    PROFESSIONAL = "professional"


@dataclass(frozen=True, slots=True)
class Expression:
    """Words that point to a topic."""

    topic: str
    voice: Voice
    text: str


@dataclass(frozen=True, slots=True)
class Concept:
    """Everyday words and short phrases that mean nearly the same."""

    name: str
    phrases: tuple[tuple[str, ...], ...]
    """Each as its stems."""


class AgesOfTopics:
    """At which ages of a child a topic can be meant; a topic that is not told of can be at any."""

    def __init__(self, ages: Iterable[tuple[str, int, int, str]]) -> None:
        """`ages` are topics with the first and last age in whole years, and what is meant at others; empty: nothing."""
        self._ages = {topic: (range(first, last + 1), instead or None) for topic, first, last, instead in ages}

    def meant(self, topic: str, age: int) -> str | None:
        """What the topic means of a child of this age: itself, another one, or nothing."""
        if topic not in self._ages:
            return topic
        at, instead = self._ages[topic]
        return topic if age in at else instead


@dataclass(frozen=True)
class Vocabulary:
    """All words that search knows, read once at start."""

    expressions: Sequence[Expression]
    concepts: Sequence[Concept]
    function_words: frozenset[str]
    compounds: Compounds
    readings: Readings
    hidden_by: Mapping[str, frozenset[str]]
    """Stem to the stems that mean something else in a sentence where it stands: who is left behind after a suicide
    does not think of one."""
    neighbours: Mapping[str, Mapping[str, float]]
    """Topic to those whose help serves it too, with how well (0 to 1)."""
    ages_of_topics: AgesOfTopics
    danger: DangerWords
    ways: WayWords
    reassurance: Reassurance
    deeds: Deeds
    homes: Homes
    forms: Forms
    needs: Needs
    languages: HelpLanguages
    place_beginnings: frozenset[str]
    """The first words of the names of municipalities that have several."""

    def phrases_by_first_stem(self) -> Mapping[str, Sequence[tuple[tuple[str, ...], str]]]:
        """First stem to the phrases that begin with it, with the concept of each; longest first."""
        found: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for concept in self.concepts:
            for phrase in concept.phrases:
                found[phrase[0]].append((phrase, concept.name))
        for phrases in found.values():
            phrases.sort(key=lambda item: -len(item[0]))
        return found


def load(code_lists: CodeLists, own_folder: Path | None = None) -> Vocabulary:
    """Read the words, with a region's own rows from `own_folder` added, as its staff edited them at a desk.

    The labels and words of the topic list count as words of families. Raises CodeListError for a row that cannot
    be used: an unknown topic, voice, language or meaning, or an empty cell. What can be used but is at odds with
    another row, `word_check.clashes` tells.
    """
    folders = [WORDS] + ([own_folder] if own_folder else [])
    expressions = [*names_of_topics(code_lists), *spoken(code_lists, own_folder)]
    phrases: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for _, row in _rows(folders, "concepts.csv", ("concept", "words")):
        phrases[row["concept"]] += [found for text in row["words"].split(";") if (found := stems(text))]
    readings = [_reading(where, row) for where, row in _rows(folders, "readings.csv", ("language", "typed"))]
    hidden_by = {
        stem(row["word"]): frozenset(map(stem, row["hides"].split(";")))
        for _, row in _rows(folders, "hides.csv", ("word", "hides"))
    }
    parts = (WORDS / "compound_parts.txt").read_text(encoding="utf-8").split()
    function_words = (WORDS / FUNCTION_WORDS).read_text(encoding="utf-8").split()
    return Vocabulary(
        expressions,
        [Concept(name, tuple(dict.fromkeys(found))) for name, found in phrases.items()],
        frozenset(function_words),
        Compounds(parts),
        Readings(readings),
        hidden_by,
        _neighbours(_rows(folders, "neighbours.csv", ("topic", "neighbour", "share")), code_lists),
        AgesOfTopics(_ages(_rows(folders, "ages.csv", ("topic", "from", "to")), code_lists)),
        DangerWords(_phrases(folders, "danger.csv", "meaning", "words", (*Danger, HARMLESS)), function_words),
        WayWords(_phrases(folders, "ways.csv", "way", "expression", tuple(Way))),
        Reassurance(_phrases(folders, "reassuring.csv", "says", "words", tuple(Well))),
        Deeds(_of_topics(folders, "deeds.csv", code_lists)),
        Homes(_phrases(folders, "homes.csv", "home", "words", tuple(Home))),
        Forms(_forms(folders)),
        Needs(_of_topics(folders, "needs.csv", code_lists)),
        HelpLanguages(code_lists),
        frozenset(
            ["gemeente"]
            + [
                called[0].text.lower()
                for municipality in code_lists.municipalities.values()
                if len(called := tokens(municipality.name)) > 1
            ]
        ),
    )


def _of_topics(folders: Sequence[Path], name: str, code_lists: CodeLists) -> Iterator[tuple[str, str]]:
    """Topic and words of each row of a list, the groups written out."""
    groups = {row["group"]: row["words"] for _, row in _rows(folders, "groups.csv", ("group", "words"))}
    for where, row in _rows(folders, name, ("topic", "words")):
        try:
            words = written_out(row["words"], groups)
            steps_of(words)
        except ValueError as wrong:
            raise CodeListError(f"{where}: {row['words']!r} {wrong}") from None
        yield _known_topic(where, row["topic"], code_lists), words


def _forms(folders: Sequence[Path]) -> Iterator[tuple[str, str, str]]:
    """Form, or topic in its place, where it is read, and the words."""
    choices = {"form": (*Form, *sorted(FOR_SOME)), "read_in": tuple(ReadIn)}
    for row in _phrase_rows(folders, "forms.csv", choices, "words"):
        yield row["form"], row["read_in"], row["words"]


def _neighbours(rows: Iterable[tuple[str, Mapping[str, str]]], code_lists: CodeLists) -> dict[str, dict[str, float]]:
    """Topic to its neighbours, with how well these serve it."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for where, row in rows:
        try:
            share = float(row["share"])
        except ValueError:
            share = -1.0
        if not 0 < share <= 1:
            raise CodeListError(f"{where}: share {row['share']!r} is not between 0 and 1")
        topic, neighbour = (_known_topic(where, row[column], code_lists) for column in ("topic", "neighbour"))
        found[topic][neighbour] = share
    return dict(found)


def _ages(rows: Iterable[tuple[str, Mapping[str, str]]], code_lists: CodeLists) -> Iterator[tuple[str, int, int, str]]:
    for where, row in rows:
        if not (row["from"].isdigit() and row["to"].isdigit() and int(row["from"]) <= int(row["to"])):
            raise CodeListError(f"{where}: {row['from']!r} to {row['to']!r} are no ages")
        instead = row.get("instead") or ""
        if instead:
            _known_topic(where, instead, code_lists)
        yield _known_topic(where, row["topic"], code_lists), int(row["from"]), int(row["to"]), instead


def _known_topic(where: str, topic: str, code_lists: CodeLists) -> str:
    """The topic. Raises CodeListError for one that is not in the list."""
    if topic not in code_lists.topics:
        raise CodeListError(f"{where}: topic {topic!r} is not in the list of topics")
    return topic


def names_of_topics(code_lists: CodeLists) -> list[Expression]:
    """What topics are called, and the words that stand with them in their list: words of families too."""
    return [
        Expression(code, Voice.FAMILY, text)
        for code, label in code_lists.labels["topics", DEFAULT_LANGUAGE].items()
        if code in code_lists.topics
        for text in (label.label, *label.words)
    ]


def spoken(code_lists: CodeLists, own_folder: Path | None = None) -> list[Expression]:
    """What is said of the topics: what the files have, and what a desk added, without what it switched off.

    Raises CodeListError as `load` does.
    """
    found = from_files(own_folder)
    for where, expression in found:
        _known_topic(where, expression.topic, code_lists)
    if not code_lists.said:
        return [expression for _, expression in found]
    edited = {one.place for one in code_lists.said}
    kept = [one for _, one in found if Place.of_expression(one.topic, one.text) not in edited]
    return kept + [Expression(one.topic, Voice(one.voice), one.text) for one in code_lists.said if not one.is_off]


def from_files(own_folder: Path | None = None) -> list[tuple[str, Expression]]:
    """The expressions of the files, each with where it stands. Raises CodeListError for an unknown voice."""
    folders = [WORDS, *([own_folder] if own_folder else [])]
    paths = [folder / name for name in ("topics.csv", "sentences.csv") for folder in folders]
    return [found for path in paths if path.exists() for found in _expressions_in(path, path.stat().st_mtime_ns)]


@lru_cache(maxsize=8)
def _expressions_in(path: Path, _changed_at: int) -> tuple[tuple[str, Expression], ...]:
    found = []
    for where, row in _rows([path.parent], path.name, ("topic", "voice", "expression")):
        if row["voice"] not in tuple(Voice):
            raise CodeListError(f"{where}: voice {row['voice']!r} is neither family nor professional")
        found.append((where, Expression(row["topic"], Voice(row["voice"]), row["expression"])))
    return tuple(found)


def _reading(where: str, row: Mapping[str, str]) -> Reading:
    if row["language"] not in tuple(Tongue):
        raise CodeListError(f"{where}: language {row['language']!r} is none of {', '.join(Tongue)}")
    if not stems(row["typed"]):
        raise CodeListError(f"{where}: {row['typed']!r} is no word")
    return Reading(Tongue(row["language"]), row["typed"], row["meant"])


def _phrases(
    folders: Sequence[Path], name: str, kind: str, words: str, kinds: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Meaning and words of each row of a list of phrases; `kind` and `words` are its columns."""
    for row in _phrase_rows(folders, name, {kind: kinds}, words):
        yield row[kind], row[words]


def _phrase_rows(
    folders: Sequence[Path], name: str, choices: Mapping[str, Sequence[str]], words: str
) -> Iterator[dict[str, str]]:
    """The rows of a list of phrases; `choices` are what its columns may hold, `words` is that of the phrases."""
    for where, row in _rows(folders, name, (*choices, words)):
        for column, known in choices.items():
            if row[column] not in known:
                raise CodeListError(f"{where}: {column} {row[column]!r} is none of {', '.join(known)}")
        try:
            steps_of(row[words])
        except ValueError as wrong:
            raise CodeListError(f"{where}: {row[words]!r} {wrong}") from None
        yield row


def own_folder(code_lists_dir: Path | None) -> Path | None:
    """The folder with a region's own words in that of its code lists; None where it has none."""
    folder = code_lists_dir / "search" if code_lists_dir else None
    return folder if folder and folder.is_dir() else None


def version(own_folder: Path | None = None) -> str:
    """The version of the words, with that of a region's own where these have one: `2026.11 + 3`."""
    files = [folder / VERSION for folder in [WORDS, *([own_folder] if own_folder else [])]]
    return " + ".join(file.read_text(encoding="utf-8").strip() for file in files if file.exists())


def _rows(folders: Sequence[Path], name: str, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    for folder in folders:
        path = folder / name
        if not path.exists():
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                if any(not row.get(column) for column in columns):
                    raise CodeListError(f"{path}, row {number}: needs {', '.join(columns)}")
                yield f"{path}, row {number}", row
