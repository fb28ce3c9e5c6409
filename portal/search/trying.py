"""What another edition of words would make of questions: what is understood, and who comes first, before and after.

The words are learned as search itself learns them. Texts of providers are read anew only once an edit is kept: what
their words speak of is here as the present index has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.availability import Situation
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Provider
from portal.catalogue.queries import RegionFacts
from portal.search.criteria import Criteria
from portal.search.engine import Engine
from portal.search.language import tokens
from portal.search.question import Question, read_question
from portal.search.understanding import Understander
from portal.search.vocabulary import Expression

FIRST = 3
"""So many providers are shown."""
MOST_NEIGHBOURS = 60
_SENTENCE = 4
"""From so many words on an expression is a sentence that a family might write."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a sentence is understood, and who comes first for it."""

    topics: tuple[str, ...]
    """Codes of what it is surely about, likeliest first."""
    providers: tuple[str, ...]
    total: int | None
    """How many providers fit; None where there is no index."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A sentence before and after."""

    sentence: str
    before: Reading
    after: Reading

    @property
    def is_changed(self) -> bool:
        """Whether it makes any difference."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Moved:
    """A sentence of our own lists that would be understood otherwise."""

    sentence: str
    topic: str
    """What it is about."""
    before: str
    after: str
    """The likeliest topic then; empty: none."""


class Trial:
    """The present words beside proposed ones."""

    def __init__(self, engine: Engine, present: CodeLists, proposed: CodeLists) -> None:
        """Learning the proposed words takes a second; `present` are the lists that `engine` uses."""
        self._engine = engine
        self._lists = present, proposed
        self._understanders = engine.understander, engine.renewed(proposed).understander

    def of(
        self,
        session: Session,
        sentences: Iterable[str],
        facts: RegionFacts,
        situation: Callable[[str | None], Situation],
    ) -> list[Tried]:
        """Each sentence before and after; `situation` is that of a municipality that a sentence names, or none."""
        found = []
        for sentence in sentences:
            before, after = (
                self._reading(session, sentence, understander, lists, facts, situation)
                for understander, lists in zip(self._understanders, self._lists, strict=True)
            )
            found.append(Tried(sentence, before, after))
        return found

    def neighbours(self, changed: Iterable[str], expressions: Iterable[Expression]) -> list[Moved]:
        """Sentences of our lists that share a telling word with what is changed, and are understood otherwise by it."""
        before, after = self._understanders
        stems = {word.stem for text in changed for word in tokens(text) if not before.is_function_word(word)}
        changed_texts = set(changed)
        beside = (
            one for one in expressions
            if one.text not in changed_texts and one.text.count(" ") + 1 >= _SENTENCE
            and not stems.isdisjoint(word.stem for word in tokens(one.text))
        )  # fmt: skip
        moved = []
        for _, one in zip(range(MOST_NEIGHBOURS), beside, strict=False):
            was, would_be = (_likeliest(one.text, understander) for understander in (before, after))
            if was != would_be:
                moved.append(Moved(one.text, one.topic, was, would_be))
        return moved

    def _reading(
        self, session: Session, sentence: str, understander: Understander, lists: CodeLists, facts: RegionFacts,
        situation: Callable[[str | None], Situation],
    ) -> Reading:  # fmt: skip
        question = read_question(sentence, understander, lists, facts.municipalities)
        criteria = Criteria(q=sentence, per_page=FIRST).completed(question)
        answer = self._engine.answer(session, criteria, question, situation(criteria.municipality), facts.revision)
        topics = _known(question, lists)
        if answer is None:
            return Reading(topics, (), None)
        ids = [hit.provider_id for hit in answer.hits]
        names = dict(session.execute(select(Provider.id, Provider.name).where(Provider.id.in_(ids))).all())
        return Reading(topics, tuple(names[one] for one in ids), answer.total)


def _known(question: Question, lists: CodeLists) -> tuple[str, ...]:
    return tuple(guess.topic for guess in question.topics if guess.topic in lists.topics)


def _likeliest(text: str, understander: Understander) -> str:
    found = understander.topics(tokens(text))
    return found[0].topic if found else ""
