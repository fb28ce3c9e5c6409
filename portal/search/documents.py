"""What the index holds of each offer: its words by weight, and what it is about.

Topics come from the provider's own choice and from its text, so that a catalogue whose `topics` column is empty
is searched as well. What an offer is *not* suitable for is read apart and never makes it a hit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.codelists import DEFAULT_LANGUAGE, CodeLists
from portal.catalogue.models import Offer, Provider
from portal.search.language import tokens
from portal.search.understanding import Understander
from portal.search.vocabulary import Vocabulary

# How often a word of each text counts.
_NAME, _TOPIC, _PROVIDER, _METHOD, _TEXT = 4, 3, 2, 2, 1
_STATED = 1.0
"""Strength of a topic that the provider chose."""
_READ = 0.8
"""Strength of the likeliest topic that its text speaks of."""
_LEAST_SHARE = 0.3
"""A topic of the text counts from this share of the clearest."""
_MOST_READ = 6
_ENOUGH = 4.0
"""From here on a text surely speaks of a topic; less counts in proportion."""
_NAME_SENTENCE = 2.0
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")


@dataclass(frozen=True, slots=True)
class Document:
    """An offer as the index holds it."""

    offer_id: int
    terms: Mapping[str, int]
    """Stem to weight."""
    topics: Mapping[str, float]
    """Topic code to strength, 0 to 1."""
    unsuitable: tuple[str, ...]
    """Topics for which the provider says that it is not suitable."""


def documents(
    session: Session, code_lists: CodeLists, vocabulary: Vocabulary, understander: Understander
) -> Iterator[Document]:
    """A document for every offer, whether it can be chosen today or not: that is asked of the database."""
    rows = session.execute(
        select(Offer, Provider.name, Provider.summary).join(Provider, Offer.provider_id == Provider.id)
    )
    for offer, provider_name, provider_summary in rows.yield_per(500):
        yield document(offer, provider_name, provider_summary, code_lists, vocabulary, understander)


def document(
    offer: Offer,
    provider_name: str,
    provider_summary: str | None,
    code_lists: CodeLists,
    vocabulary: Vocabulary,
    understander: Understander,
) -> Document:
    """The document of one offer."""
    stated = [code for word in offer.topics if (code := code_lists.topic(word))]
    labels = code_lists.labels["topics", DEFAULT_LANGUAGE]
    arrangement = code_lists.label("arrangements", offer.arrangement or "", DEFAULT_LANGUAGE).label
    weighted = (
        (_NAME, (offer.name,)),
        (_TOPIC, (*offer.topics, *(labels[code].label for code in stated))),
        (_PROVIDER, (provider_name,)),
        (_METHOD, (*offer.methods, arrangement)),
        (_TEXT, (offer.description, offer.approach, provider_summary)),
    )
    terms: Counter[str] = Counter()
    for weight, texts in weighted:
        for text in filter(None, texts):
            _count(terms, text, weight, vocabulary)
    unsuitable = _topics_of("", (offer.not_suitable_for,), understander)
    read = _topics_of(offer.name, (offer.description, offer.approach), understander)
    topics = {code: strength for code, strength in read.items() if code not in unsuitable or code in stated}
    return Document(offer.id, terms, topics | dict.fromkeys(stated, _STATED), tuple(unsuitable.keys() - set(stated)))


def _count(terms: Counter[str], text: str, weight: int, vocabulary: Vocabulary) -> None:
    for token in tokens(text):
        terms[token.stem] += weight
        for part in vocabulary.compounds.parts(token.text):
            terms[part] += weight


def _topics_of(name: str, texts: Iterable[str | None], understander: Understander) -> dict[str, float]:
    """The topics that an offer's name and texts speak of, with their strength."""
    sentences = [part for text in texts if text for part in _SENTENCE_END.split(text)]
    weighted = [(_NAME_SENTENCE, tokens(name)), *((1.0, tokens(sentence)) for sentence in sentences)]
    spoken = understander.spoken_of(weighted)
    if not spoken:
        return {}
    best = max(spoken.values())
    certainty = min(1.0, best / _ENOUGH)
    strongest = sorted(spoken, key=lambda topic: -spoken[topic])[:_MOST_READ]
    return {
        topic: _READ * certainty * spoken[topic] / best for topic in strongest if spoken[topic] >= _LEAST_SHARE * best
    }
