"""Question sets: data that a region can change, with a version that is kept with each answer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from flask import current_app

from portal.core.languages import DEFAULT
from portal.core.settings import current_settings
from portal.outcomes.types import Indicator
from portal.reviews.types import OfficeKind, ToldFramework, Voice

FOLDER = Path(__file__).with_name("question_sets")
FRAMEWORK = "framework"
"""The question of which the answer says whether help was forced."""
TEXTS = ("story", "advice")
"""The keys of the texts that can be published."""
LOWEST_MARK, HIGHEST_MARK = 1, 10
LONGEST_VERSION, LONGEST_KEY = 20, 40
NOTICED = "noticed."
"""How the key of a question about a promise begins; the id of the answered story follows."""


class QuestionSetError(ValueError):
    """A question set that cannot be used; the message names file and question."""


class QuestionKind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    MARK = "mark"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in one language, to one voice."""

    title: str
    hint: str
    options: Sequence[str]
    told: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and how its answers are counted."""

    key: str
    kind: QuestionKind
    options: Sequence[str]
    counts: frozenset[str]
    """The answers that count as yes."""
    indicator: Indicator | None
    _wordings: Mapping[tuple[str, Voice], Wording]

    def wording(self, language: str, voice: Voice) -> Wording:
        """In this language, else in Dutch."""
        return self._wordings.get((language, voice)) or self._wordings[DEFAULT, voice]

    def about_promise(self, promise_id: str, promise: str) -> Question:
        """This question, asked about what a provider promised."""
        wordings = {
            voice: replace(one, hint=one.hint.replace("{promise}", promise)) for voice, one in self._wordings.items()
        }
        return replace(self, key=NOTICED + promise_id, _wordings=wordings)

    def accepts(self, answer: str) -> bool:
        """Whether this can be chosen."""
        return answer in self.options


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one version, in their order."""

    version: str
    minutes: int
    questions: Sequence[Question]
    about: OfficeKind | None = None
    """The kind of office that it asks about; None for a provider."""
    framework: ToldFramework = ToldFramework.UNKNOWN
    """What holds for all who answer it, where that is not asked."""
    noticed: Question | None = None
    """What is asked about a promise of the provider."""

    def question(self, key: str) -> Question | None:
        """The question with this key; for that of a promise which is not asked here, what is asked of every promise."""
        found = next((one for one in self.questions if one.key == key), None)
        return self.noticed if found is None and key.startswith(NOTICED) else found

    def with_promises(self, promises: Mapping[str, str]) -> QuestionSet:
        """The same, asking before the texts whether a family noticed these promises (their texts by their ids)."""
        if self.noticed is None or not promises:
            return self
        asked = [self.noticed.about_promise(promise_id, text) for promise_id, text in promises.items()]
        at = next((at for at, one in enumerate(self.questions) if one.kind is QuestionKind.TEXT), len(self.questions))
        return replace(self, questions=(*self.questions[:at], *asked, *self.questions[at:]))


def read_set(path: Path) -> QuestionSet:
    """The question set in a file. Raises QuestionSetError where it cannot be used."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        questions = tuple(_question(one) for one in data["question"])
        about = OfficeKind(data["about"]) if "about" in data else None
        framework = ToldFramework(data.get("framework", ToldFramework.UNKNOWN))
        noticed = _question(data["noticed"]) if "noticed" in data else None
        found = QuestionSet(str(data["version"]), int(data["minutes"]), questions, about, framework, noticed)
    except (KeyError, ValueError, TypeError) as error:
        raise QuestionSetError(f"{path}: {error}") from error
    if len(found.version) > LONGEST_VERSION or any(len(question.key) > LONGEST_KEY for question in questions):
        raise QuestionSetError(f"{path}: a version has at most {LONGEST_VERSION} characters, a key {LONGEST_KEY}")
    if len({question.key for question in questions}) != len(questions) or not questions:
        raise QuestionSetError(f"{path}: each question needs a key of its own")
    return found


def _question(data: Mapping[str, Any]) -> Question:
    kind = QuestionKind(data["kind"])
    options = tuple(data.get("options", ()))
    if kind is QuestionKind.MARK:
        options = tuple(str(mark) for mark in range(LOWEST_MARK, HIGHEST_MARK + 1))
    wordings = {}
    for language in (key for key, value in data.items() if isinstance(value, dict)):
        words = data[language]
        for voice in Voice:
            is_young = voice is Voice.YOUNG_PERSON
            labels, hint = words.get("options", ()), words.get("hint", "")
            if is_young:
                labels, hint = words.get("young_options", labels), words.get("young_hint", hint)
            labels = tuple(labels) or options
            if len(labels) != len(options):
                raise ValueError(f"{data['key']}: {language} has {len(labels)} answers, not {len(options)}")
            wordings[language, voice] = Wording(words[voice.value], hint, labels, words.get("told", ""))
    if (DEFAULT, Voice.PARENT) not in wordings:
        raise ValueError(f"{data['key']}: it has no wording in Dutch")
    counts = frozenset(data.get("counts", ()))
    if not counts <= set(options):
        raise ValueError(f"{data['key']}: counts names an answer that is not there")
    indicator = Indicator(data["indicator"]) if "indicator" in data else None
    return Question(str(data["key"]), kind, options, counts, indicator, wordings)


def load_sets(own: Path | None = None) -> Mapping[str, QuestionSet]:
    """Our sets and those of the region (in the folder `question_sets` of `own`), by version, oldest first."""
    folders = [FOLDER, *([own / "question_sets"] if own else [])]
    found = [read_set(path) for folder in folders for path in sorted(folder.glob("*.toml"))]
    return {one.version: one for one in sorted(found, key=lambda one: one.version)}


def current_sets() -> Mapping[str, QuestionSet]:
    """The question sets of the running application, by version."""
    extensions = current_app.extensions
    if "portal.question_sets" not in extensions:
        extensions["portal.question_sets"] = load_sets(current_settings().code_lists_dir)
    return cast(Mapping[str, QuestionSet], extensions["portal.question_sets"])


def newest(sets: Mapping[str, QuestionSet], about: OfficeKind | None = None) -> QuestionSet:
    """The set that is asked now about a provider, or about this kind of office."""
    return sets[max(version for version, one in sets.items() if one.about is about)]
