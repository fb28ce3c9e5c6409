"""Answering a question: the index says what fits, the database what can be chosen.

Each process holds three things until they change: the words (once), the columns of the present catalogue revision, and
the text index of the generation in use. A searcher asks all three and returns one page of hits with true counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
from flask import current_app
from sqlalchemy.orm import Session

from portal.catalogue.availability import Situation
from portal.catalogue.codelists import CodeLists, current_code_lists
from portal.core.settings import current_settings
from portal.search import vocabulary
from portal.search.answers import FACETS, PAGE_SIZE, Answer, Hit
from portal.search.columns import UNKNOWN_WAIT, Columns, Flags, open_rows, read_columns
from portal.search.criteria import Criteria, Sort
from portal.search.documents import documents
from portal.search.index import SCHEMA_VERSION, Generation, IndexFolder, Positions, TextIndex, Weights
from portal.search.language import WORDS
from portal.search.question import Question, read_question
from portal.search.understanding import Understander
from portal.search.vocabulary import Vocabulary

# Chosen on the development half of the questions.
_TOPIC_WEIGHT = 10.0
_TEXT_WEIGHT = 4.0
_SHARE_POWER = 0.7
_NAME_WEIGHT = 30.0
_ENOUGH_TEXT = 8.0
_DECIDED_WEIGHT = 0.5
"""What a court or one front door decides about is shown, but what a family can choose comes first."""
_WORDS_OF_A_NAME = 2
"""A name of one word may be any word of a sentence; from two on it is meant."""
_LEAST_TOPIC = 0.25
"""An offer is a hit for a topic from this strength."""
_LEAST_TEXT = 0.5
"""Or where its texts hold this share of what the question's words can say."""


class Engine:
    """Search for one process."""

    def __init__(self, code_lists: CodeLists, data_dir: Path, own_words: Path | None) -> None:
        self._code_lists = code_lists
        self._own_words = own_words
        self.folder = IndexFolder(data_dir)
        self._columns: tuple[int, Columns] | None = None
        self._opened: tuple[str | None, TextIndex | None] = (None, None)
        self._open_rows: dict[Situation, Flags] = {}

    @cached_property
    def words(self) -> Vocabulary:
        """The words that search knows."""
        return vocabulary.load(self._code_lists, self._own_words)

    @cached_property
    def understander(self) -> Understander:
        """What the words point to; learned at first use."""
        return Understander(self.words)

    @cached_property
    def fingerprint(self) -> str:
        """Changes with everything that decides what stands in an index."""
        digest = hashlib.sha256(f"{SCHEMA_VERSION} {self._code_lists.fingerprint}".encode())
        folders = [WORDS, *([self._own_words] if self._own_words else [])]
        for path in sorted(path for folder in folders for path in folder.iterdir() if path.is_file()):
            digest.update(path.name.encode() + path.read_bytes())
        for module in ("documents.py", "understanding.py", "language.py"):
            digest.update(Path(__file__).with_name(module).read_bytes())
        return digest.hexdigest()

    def warm_up(self) -> None:
        """Read the words and open the index, so that the first visitor does not wait for it."""
        self.question("warm")
        self._index()

    def rebuild(self, session: Session, revision: int) -> int:
        """Build the index of this revision beside the live one and swap it in; how many offers it holds."""
        found = documents(session, self._code_lists, self.words, self.understander)
        return self.folder.build(found, Generation(revision, self.fingerprint))

    def is_current(self, revision: int) -> bool:
        """Whether the index in use was built from this revision with these words."""
        index = self._index()
        return index is not None and index.generation == Generation(revision, self.fingerprint)

    def has_index(self) -> bool:
        """Whether there is an index that can be read."""
        return self._index() is not None

    def index_offer_ids(self) -> frozenset[int] | None:
        """The offers that the index holds; None where it cannot be read."""
        index = self._index()
        return None if index is None else frozenset(index.offer_ids.tolist())

    def question(self, text: str, own_municipalities: Collection[str] = ()) -> Question:
        """What `text` says; the names of `own_municipalities` (CBS codes) are places wherever they stand."""
        return read_question(text, self.understander, self._code_lists, own_municipalities) if text else Question()

    def answer(
        self, session: Session, criteria: Criteria, question: Question, situation: Situation, revision: int
    ) -> Answer | None:
        """Providers of which one open offer meets all criteria.

        None where a question needs the index and there is none that these words made.
        """
        columns = self._columns_of(session, revision)
        score = np.zeros(len(columns.offer_ids))
        fitting = self._open(session, columns, situation)
        index = self._index() if question.topics or question.terms else None
        if question.topics or question.terms:
            if index is None or index.generation.fingerprint != self.fingerprint:
                return None
            score, found = _Ranking(index, columns, question).scores()
            fitting = fitting & found
            score = np.where(columns.decided, score * _DECIDED_WEIGHT, score)
        masks = _masks(criteria, columns)
        everything = _all_of(fitting, masks)
        order = _order(everything, score, columns, criteria.sort)
        first = (criteria.page - 1) * PAGE_SIZE
        hits = [_hit(row, columns, question, index) for row in order[first : first + PAGE_SIZE]]
        counts = {
            facet: _count(_all_of(fitting, {n: m for n, m in masks.items() if n != facet}), columns, facet)
            for facet in FACETS
        }
        return Answer(hits, len(order), counts, question)

    def _columns_of(self, session: Session, revision: int) -> Columns:
        if self._columns is None or self._columns[0] != revision:
            self._columns = (revision, read_columns(session, self._code_lists))
            self._open_rows.clear()
        return self._columns[1]

    def _open(self, session: Session, columns: Columns, situation: Situation) -> Flags:
        if situation not in self._open_rows:
            if len(self._open_rows) > 400:
                self._open_rows.clear()
            self._open_rows[situation] = open_rows(session, columns, situation)
        return self._open_rows[situation]

    def _index(self) -> TextIndex | None:
        """The generation in use, opened anew when another took its place."""
        name = self.folder.current_name()
        if name != self._opened[0] or (name is not None and self._opened[1] is None):
            earlier = self._opened[1]
            self._opened = (name, self.folder.open_current())
            if earlier is not None:
                earlier.close()
        return self._opened[1]


class _Ranking:
    """How well each row fits a question."""

    def __init__(self, index: TextIndex, columns: Columns, question: Question) -> None:
        self._index, self._columns, self._question = index, columns, question
        # Both are known by the primary key of the offer, and the rows are in its order.
        rows = np.searchsorted(columns.offer_ids, index.offer_ids)
        rows[rows == len(columns.offer_ids)] = 0
        self._is_stored = columns.offer_ids[rows] == index.offer_ids if len(columns.offer_ids) else rows > 0
        self._row_of_document = rows

    def scores(self) -> tuple[Weights, Flags]:
        """The score of each row, and whether it is a hit at all."""
        documents = len(self._index.offer_ids)
        about, text = np.zeros(documents), np.zeros(documents)
        is_hit = np.zeros(documents, dtype=np.bool_)
        for guess in self._question.topics:
            numbers, strengths = self._index.topics.get(guess.topic, (None, None))
            if numbers is not None and strengths is not None:
                about[numbers] += strengths * guess.likelihood**_SHARE_POWER
                is_hit[numbers[strengths >= _LEAST_TOPIC]] = True
        possible = 0.0
        for stem in self._question.terms:
            found = self._index.weights_of(stem)
            if found is not None:
                numbers, weights = found
                text[numbers] += weights
                possible += float(weights.max())
        if possible:
            is_hit |= text >= _LEAST_TEXT * possible
        score = _TOPIC_WEIGHT * about + _TEXT_WEIGHT * text / max(_ENOUGH_TEXT, possible)
        rows = len(self._columns.offer_ids)
        by_row, hit_rows = np.zeros(rows), np.zeros(rows, dtype=np.bool_)
        here = self._is_stored
        by_row[self._row_of_document[here]] = score[here]
        hit_rows[self._row_of_document[here]] = is_hit[here]
        named = self._named()
        return by_row + _NAME_WEIGHT * named, hit_rows | (named > 0)

    def _named(self) -> Weights:
        """1 for the rows of providers that the question names: by their whole name, or by nothing but words of it."""
        asked = frozenset(self._question.words)
        named = np.array(
            [
                bool(asked) and (asked <= name or (len(name) >= _WORDS_OF_A_NAME and name <= asked))
                for name in self._columns.provider_stems
            ],
            dtype=np.float64,
        )
        return named[self._columns.providers] if len(named) else np.zeros(0)


def _hit(row: int, columns: Columns, question: Question, index: TextIndex | None) -> Hit:
    offer_id, provider_id = int(columns.offer_ids[row]), int(columns.provider_ids[columns.providers[row]])
    if index is None:
        return Hit(offer_id, provider_id)
    asked = [guess.topic for guess in question.topics]
    return Hit(
        offer_id,
        provider_id,
        tuple(topic for topic in asked if _holds(index, index.topics, topic, offer_id)),
        tuple(topic for topic in asked if _holds(index, index.unsuitable, topic, offer_id)),
    )


def _holds(index: TextIndex, topics: Mapping[str, tuple[Positions, Weights]], topic: str, offer_id: int) -> bool:
    found = topics.get(topic)
    return found is not None and bool(np.any(index.offer_ids[found[0]] == offer_id))


def _masks(criteria: Criteria, columns: Columns) -> dict[str, Flags]:
    """The rows that each filter leaves, by the name of its facet."""
    nothing = np.zeros(len(columns.offer_ids), dtype=np.bool_)

    def any_of(facet: str, codes: Sequence[str]) -> Flags:
        found: Flags = np.logical_or.reduce([columns.values[facet].get(code, nothing) for code in codes])
        return found

    masks: dict[str, Flags] = {}
    chosen = {
        "arrangement": criteria.arrangements,
        "onderwerp": criteria.topics,
        "waar": criteria.settings,
        "taal": criteria.languages,
        "grootte": criteria.sizes,
        "kader": (criteria.framework,) if criteria.framework else (),
        "vrij": ("free",) if criteria.only_free else (),
    }
    for facet, codes in chosen.items():
        if codes:
            masks[facet] = any_of(facet, codes)
    if criteria.age is not None:
        masks["leeftijd"] = (columns.age_min <= criteria.age) & (criteria.age <= columns.age_max)
    if criteria.gender is not None:
        other = "boys" if criteria.gender == "girls" else "girls"
        masks["voor"] = ~columns.only[other]
    if criteria.longest_wait is not None:
        masks["wachttijd"] = (columns.wait_start <= criteria.longest_wait) & columns.accepting
    return masks


def _all_of(rows: Flags, masks: Mapping[str, Flags]) -> Flags:
    for mask in masks.values():
        rows = rows & mask
    return rows


def _order(rows: Flags, score: Weights, columns: Columns, sort: Sort) -> list[int]:
    """One row a provider, its best, in the order asked for."""
    found = np.flatnonzero(rows)
    wait = np.minimum(columns.wait_start[found], UNKNOWN_WAIT)
    not_now = (columns.decided[found] | ~columns.accepting[found]).astype(np.int64)
    rank, fit = columns.providers[found], -np.round(score[found], 6)
    keys = {
        Sort.RELEVANCE: (found, rank, wait, not_now, fit),
        Sort.WAITING: (found, rank, fit, wait, not_now),
        Sort.NAME: (found, wait, fit, rank),
    }[sort]
    ordered = found[np.lexsort(keys)]
    _, first = np.unique(columns.providers[ordered], return_index=True)
    return [int(row) for row in ordered[np.sort(first)]]


def _count(rows: Flags, columns: Columns, facet: str) -> dict[str, int]:
    """How many providers each choice of the facet would show."""
    codes, numbers, pair_rows = columns.pairs[facet]
    here = rows[pair_rows]
    many = max(1, len(columns.provider_ids))
    pairs = np.unique(numbers[here] * many + columns.providers[pair_rows[here]])
    counts = np.bincount(pairs // many, minlength=len(codes))
    return {code: int(count) for code, count in zip(codes, counts, strict=True) if count}


def current_engine() -> Engine:
    """The engine of the running application; made at first use."""
    engine = current_app.extensions.get("portal.search")
    if engine is None:
        settings = current_settings()
        own_words = settings.code_lists_dir / "search" if settings.code_lists_dir else None
        engine = Engine(
            current_code_lists(), settings.data_dir, own_words if own_words and own_words.is_dir() else None
        )
        current_app.extensions["portal.search"] = engine
    return cast(Engine, engine)
