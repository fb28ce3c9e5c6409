"""What the index holds of each offer: its words by weight, and what it is about.

Topics come from the provider's own choice and from its text, so that a catalogue whose `topics` column is empty
is searched as well. What an offer is *not* suitable for is read apart and never makes it a hit. Of an offer that was
withdrawn there is no document, so that nothing of its text stays behind.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.catalogue.codelists import DEFAULT_LANGUAGE, CodeLists
from portal.catalogue.models import Offer, Provider
from portal.core.text import fold
from portal.search.forms import Form, ReadIn
from portal.search.language import Token, tokens
from portal.search.understanding import Understander
from portal.search.vocabulary import Vocabulary

# How often a word of each text counts.
_NAME, _TOPIC, _PROVIDER, _METHOD, _TEXT = 4, 3, 2, 2, 1
_STATED = 0.7
"""Strength of a topic that the provider chose; up to 1 where its text speaks of it too."""
_READ = 0.8
"""Strength of the likeliest topic that its text speaks of."""
_LEAST_SHARE = 0.3
"""A topic of the text counts from this share of the clearest."""
_MOST_READ = 6
_ENOUGH = 4.0
"""From here on a text surely speaks of a topic; less counts in proportion."""
_NAME_SENTENCE = 2.0
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")
_ALSO = 0.5
"""Of a form that an offer has beside another."""
_FORM_OF_ARRANGEMENT = {
    "behandeling": Form.TREATS,
    "jeugd-ggz": Form.TREATS,
    "dagbehandeling": Form.BY_DAY,
    "pleegzorg": Form.ANOTHER_HOME,
    "gezinshuis": Form.ANOTHER_HOME,
    "verblijf": Form.ANOTHER_HOME,
    "jeugdzorgplus": Form.ANOTHER_HOME,
}
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Document:
    """An offer as the index holds it."""

    offer_id: int
    terms: Mapping[str, int]
    """Stem to weight."""
    topics: Mapping[str, float]
    """Topic code to strength, 0 to 1."""
    forms: Mapping[str, float]
    """What kind of help it is and for whom, as in `words/forms.csv`: 1 where it is that alone, less where it is that
    too."""
    unsuitable: tuple[str, ...]
    """Topics for which the provider says that it is not suitable."""
    digest: int
    """Changes with every text from which this was made."""


class Texts(NamedTuple):
    """What is read of an offer and its provider to find it."""

    offer_id: int
    name: str
    arrangement: str | None
    description: str
    approach: str | None
    methods: Sequence[str]
    topics: Sequence[str]
    not_suitable_for: str | None
    provider_name: str
    provider_summary: str | None

    @property
    def digest(self) -> int:
        """A number of 63 bits that changes with every text."""
        content = json.dumps(self[1:], ensure_ascii=False, separators=(",", ":"))
        return int.from_bytes(hashlib.blake2b(content.encode(), digest_size=8).digest(), "big") >> 1


def texts(session: Session, today: date, *only: ColumnElement[bool]) -> Iterator[Texts]:
    """The texts of every offer that is not withdrawn, or of those where all of `only` hold, by primary key.

    Whether an offer can be chosen is asked of the database with each question.
    """
    rows = session.execute(
        select(
            Offer.id, Offer.name, Offer.arrangement, Offer.description, Offer.approach, Offer.methods, Offer.topics,
            Offer.not_suitable_for, Provider.name, Provider.summary,
        ).join(Provider, Offer.provider_id == Provider.id)
        .where(or_(Offer.withdrawn_on.is_(None), Offer.withdrawn_on > today), *only)
        .order_by(Offer.id),
        execution_options={"yield_per": _AT_ONCE},
    )  # fmt: skip
    for row in rows:
        yield Texts._make(row)


class Reader:
    """Makes documents."""

    def __init__(self, code_lists: CodeLists, vocabulary: Vocabulary, understander: Understander) -> None:
        self._code_lists = code_lists
        self._labels = code_lists.labels["topics", DEFAULT_LANGUAGE]
        self._parts = lru_cache(maxsize=50_000)(vocabulary.compounds.parts)
        self._understander, self._read_forms = understander, vocabulary.forms
        # The offers of a provider follow each other.
        self._stems_of_summary = lru_cache(maxsize=1)(self._stems_of)
        self._words_of_provider = lru_cache(maxsize=1)(_words_of)

    def documents(self, found: Iterable[Texts]) -> Iterator[Document]:
        """A document of each."""
        return map(self.document, found)

    def document(self, of: Texts) -> Document:
        """The document of one offer."""
        stated = [code for word in of.topics if (code := self._code_lists.topic(word))]
        arrangement = self._code_lists.label("arrangements", of.arrangement or "", DEFAULT_LANGUAGE).label
        name, body = tokens(of.name), [_by_sentence(text) for text in (of.description, of.approach) if text]
        terms: Counter[str] = Counter()
        self._count(terms, name, _NAME)
        for word in (*of.topics, *(self._labels[code].label for code in stated)):
            self._count(terms, tokens(word), _TOPIC)
        self._count(terms, tokens(of.provider_name), _PROVIDER)
        for word in (*of.methods, arrangement):
            self._count(terms, tokens(word), _METHOD)
        for sentences in body:
            for sentence in sentences:
                self._count(terms, sentence, _TEXT)
        for stem in self._stems_of_summary(of.provider_summary or ""):
            terms[stem] += _TEXT
        unsuitable = self._topics([(1.0, sentence) for sentence in _by_sentence(of.not_suitable_for or "")])
        spoken = [(1.0, sentence) for sentences in body for sentence in sentences]
        read = self._topics([(_NAME_SENTENCE, name), *spoken])
        topics = {code: strength for code, strength in read.items() if code not in unsuitable or code in stated}
        topics |= {code: _STATED + (1 - _STATED) * read.get(code, 0.0) / _READ for code in stated}
        forms = self._forms(of, name, body)
        return Document(of.offer_id, terms, topics, forms, tuple(unsuitable.keys() - set(stated)), of.digest)

    def _forms(self, of: Texts, name: Sequence[Token], body: Sequence[Sequence[Sequence[Token]]]) -> dict[str, float]:
        """What kind of help an offer is: from its name, its texts, and its arrangement."""
        words = [fold(word.text) for word in name]
        parts = [part for word in name for part in self._parts(word.text)]
        provider = self._words_of_provider(of.provider_name, of.provider_summary or "")
        texts = [fold(word.text) for sentences in body for sentence in sentences for word in sentence]
        named = self._read_forms.told_in(ReadIn.NAME, words + parts)
        told = {*named, *self._read_forms.told_in(ReadIn.WHOM, words + parts + provider)}
        told.update(self._read_forms.told_in(ReadIn.TEXT, texts))
        if Form.FINDS_OUT not in named and (by_kind := _FORM_OF_ARRANGEMENT.get(of.arrangement or "")):
            told.add(by_kind)
        alone = 1.0 if Form.TREATS not in named else _ALSO
        return {form: alone if form == Form.FINDS_OUT else 1.0 for form in told}

    def _count(self, terms: Counter[str], words: Iterable[Token], weight: int) -> None:
        for word in words:
            terms[word.stem] += weight
            for part in self._parts(word.text):
                terms[part] += weight

    def _stems_of(self, text: str) -> list[str]:
        words = tokens(text)
        return [word.stem for word in words] + [part for word in words for part in self._parts(word.text)]

    def _topics(self, weighted: Sequence[tuple[float, Sequence[Token]]]) -> dict[str, float]:
        """The topics that these sentences speak of, with their strength."""
        spoken = self._understander.spoken_of(weighted)
        if not spoken:
            return {}
        best = max(spoken.values())
        certainty = min(1.0, best / _ENOUGH)
        strongest = sorted(spoken, key=lambda topic: -spoken[topic])[:_MOST_READ]
        return {
            topic: _READ * certainty * spoken[topic] / best
            for topic in strongest
            if spoken[topic] >= _LEAST_SHARE * best
        }


def of_providers(providers: Collection[int]) -> ColumnElement[bool]:
    """The condition that an offer is of one of these providers (primary keys)."""
    return Offer.provider_id.in_(providers)


def _words_of(*texts: str) -> list[str]:
    """The words of these texts, folded."""
    return [fold(word.text) for text in texts for word in tokens(text)]


def _by_sentence(text: str) -> list[list[Token]]:
    return [tokens(sentence) for sentence in _SENTENCE_END.split(text)] if text else []
