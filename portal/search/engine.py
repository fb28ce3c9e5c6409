"""Answering a question: the index says what fits, the database what can be chosen.

Each process holds three things until they change: the words (once), the columns of the present catalogue revision, and
the parts of the text index. A question asks all three and gets one page of hits with true counts.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
from flask import current_app
from sqlalchemy import Connection, select
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.catalogue.availability import Situation, is_open
from portal.catalogue.codelists import CodeLists, current_code_lists
from portal.catalogue.models import Offer, TextChange
from portal.catalogue.open_offers import open_by_municipality
from portal.catalogue.places import Place, place_of
from portal.catalogue.queries import region_facts
from portal.core.settings import current_settings
from portal.search import vocabulary
from portal.search.answers import Answer, Hit, HowFar
from portal.search.columns import Columns, Facet, Flags, Numbers, read_columns
from portal.search.criteria import Criteria, Sort, distances_with
from portal.search.distance import LocationPoints, read_points
from portal.search.documents import Reader
from portal.search.forms import FOR_SOME, Form
from portal.search.index import SCHEMA_VERSION, IndexFolder, Positions, Postings, TextIndex, Weights
from portal.search.language import WORDS
from portal.search.meaning import DANGER_TOPICS, SHOWN_TOPICS
from portal.search.question import Question, read_question
from portal.search.ranking import (
    CLEARLY_ABOUT,
    LEAST_TOPIC,
    Distances,
    best_rows,
    clearly_told,
    each_worry_early,
    fit_closely,
    for_all_children,
    named_in,
    scores,
)
from portal.search.suiting import Suiting
from portal.search.understanding import TopicGuess, Understander
from portal.search.vocabulary import Vocabulary

logger = logging.getLogger("portal")

_READ_SHARE = 0.5
"""Where the texts of more offers than this share are still to be read, the index is of no use."""
_QUICK_SECONDS = 0.5
"""A catalogue that is read sooner than this is read while the visitor waits."""
_TRY_AGAIN_SECONDS = 1.0
"""How long an index that could not be read is left alone."""


_READ_OFFERS = ("documents", "understanding", "language", "vocabulary", "readings", "forms", "phrases")
"""The modules that decide what of an offer stands in the index."""
_LITTLE = 12
"""Where fewer offers than this are clearly about a topic, those about its neighbours are looked for too."""
_MOST_NEIGHBOURS = 3
_NEIGHBOURS_COUNT = 0.4
"""As much as this of what neighbours share, so that help for the topic itself comes first."""
_NO_ROWS: Numbers = np.empty(0, dtype=np.int64)

_learned_before: dict[str, tuple[Vocabulary, Understander]] = {}


class Catalogue:
    """What one catalogue revision says, for one day."""

    def __init__(
        self, session: Session, code_lists: CodeLists, revision: int, today: date, earlier: Catalogue | None = None
    ) -> None:
        began = time.monotonic()
        self.revision, self.today = revision, today
        facts = region_facts(session, code_lists, revision)
        self.columns: Columns = read_columns(session, code_lists, earlier.columns if earlier else None)
        self._code_lists = code_lists
        self.municipalities = facts.municipalities
        there = {code: facts.situation(code_lists, today, code).regions_there for code in facts.municipalities}
        self.open_there = open_by_municipality(
            session, today, self.columns.offer_ids.tolist(), there, facts.with_contracts
        )
        """One line a municipality, in the order of `municipalities`: the rows that can be chosen there."""
        self._sets_there = [self.columns.tally.set_of(rows) for rows in self.open_there]
        self._open: dict[Situation, Flags] = {}
        self._points: LocationPoints | None = None
        self.seconds = time.monotonic() - began
        """How long it took to read."""

    def open_in(self, session: Session, situation: Situation) -> Flags:
        """The rows that can be chosen in this situation."""
        if situation.municipality in self.municipalities:
            there: Flags = self.open_there[self.municipalities.index(situation.municipality)]
            return there
        if situation not in self._open:
            if len(self._open) > 400:
                self._open.clear()
            found = np.zeros(len(self.columns.offer_ids), dtype=np.bool_)
            open_ids = np.array(session.scalars(select(Offer.id).where(is_open(situation))).all(), dtype=np.int64)
            rows = self.columns.rows_of(open_ids)
            found[rows[rows >= 0]] = True
            self._open[situation] = found
        return self._open[situation]

    def count_there(self, rows: int) -> dict[str, int]:
        """How many providers of this set of rows can be chosen in each municipality."""
        count = self.columns.tally.count
        there = zip(self.municipalities, self._sets_there, strict=True)
        return {code: count(rows & its_rows) for code, its_rows in there}

    def points(self, session: Session) -> LocationPoints:
        """Where the offers are given."""
        if self._points is None:
            self._points = read_points(session, self._code_lists, self.columns.offer_ids)
        return self._points


class Texts:
    """The text index, with the row of each of its documents in a catalogue."""

    def __init__(
        self,
        index: TextIndex,
        catalogue: Catalogue,
        unread: Collection[int],
        code_lists: CodeLists,
        neighbours: Mapping[str, Mapping[str, float]],
    ) -> None:
        """`unread` are the providers (primary keys) whose texts changed after the index last followed."""
        columns = catalogue.columns
        self.index, self.catalogue = index, catalogue
        self.rows: Positions = columns.rows_of(index.offer_ids)
        is_unread = np.isin(columns.provider_ids, list(unread))[columns.providers]
        # What a text said before its change is not found any more, whatever the index holds.
        self.rows[np.where(self.rows >= 0, is_unread[self.rows] if len(is_unread) else True, True)] = -1
        self.is_usable = not len(is_unread) or float(is_unread.mean()) <= _READ_SHARE
        self.document_of = np.full(len(columns.offer_ids), -1, dtype=np.int64)
        counted = np.flatnonzero(index.is_live & (self.rows >= 0))
        self.document_of[self.rows[counted]] = counted
        self.about = {topic: self._rows_about(topic) for topic in code_lists.topics}
        """The rows whose texts are about each topic."""
        self.clearly_about = {topic: self._rows_about(topic, CLEARLY_ABOUT) for topic in code_lists.topics}
        forms = {form: self._rows_of(index.of_form(form)) for form in (*Form, *FOR_SOME)}
        self.suiting = Suiting(len(columns.offer_ids), forms, self.clearly_about, neighbours)
        self.topics = self._topic_facet(columns, code_lists)

    def _rows_about(self, topic: str, least: float = LEAST_TOPIC) -> Numbers:
        rows, strengths = self._rows_of(self.index.about(topic))
        return rows[strengths >= least]

    def _rows_of(self, found: Postings | None) -> tuple[Numbers, Weights]:
        """The rows of these documents that have one, each with its strength."""
        numbers, strengths = found or (np.empty(0, np.int64), np.empty(0))
        rows = self.rows[numbers]
        return rows[rows >= 0], strengths[rows >= 0].astype(np.float64)

    def _topic_facet(self, columns: Columns, code_lists: CodeLists) -> Facet:
        """The topics that providers state, and those that their texts speak of."""
        stated = columns.facets["onderwerp"]
        below = code_lists.topic_and_below
        whole: dict[str, list[Numbers]] = {
            topic: [stated.rows(topic), *(self.about[code] for code in below(topic))] for topic in code_lists.topics
        }
        about = {topic: np.unique(np.concatenate(rows)) for topic, rows in whole.items()}
        return Facet(about, columns.tally, len(columns.offer_ids))


class Engine:
    """Search for one process."""

    def __init__(self, code_lists: CodeLists, data_dir: Path, own_words: Path | None) -> None:
        self._code_lists = code_lists
        self._own_words = own_words
        self.folder = IndexFolder(data_dir)
        self._catalogue: Catalogue | None = None
        self._reading: threading.Thread | None = None
        self._opened: tuple[tuple[int, int] | None, TextIndex | None] = (None, None)
        self._ours: TextIndex | None = None
        self._tried_at = 0.0
        self._texts: Texts | None = None

    @cached_property
    def words(self) -> Vocabulary:
        """The words that search knows."""
        return self._learned[0]

    @cached_property
    def understander(self) -> Understander:
        """What the words point to; learned at first use."""
        return self._learned[1]

    @cached_property
    def _learned(self) -> tuple[Vocabulary, Understander]:
        # Learning takes seconds, so applications of one process that know the same words learn them once.
        if self.fingerprint not in _learned_before:
            words = vocabulary.load(self._code_lists, self._own_words)
            _learned_before.clear()
            _learned_before[self.fingerprint] = words, Understander(words)
        return _learned_before[self.fingerprint]

    @cached_property
    def reader(self) -> Reader:
        """What makes the index of the catalogue's texts."""
        return Reader(self._code_lists, self.words, self.understander)

    @cached_property
    def fingerprint(self) -> str:
        """Changes with everything that decides what stands in an index."""
        digest = hashlib.sha256(f"{SCHEMA_VERSION} {self._code_lists.fingerprint}".encode())
        folders = [WORDS, *([self._own_words] if self._own_words else [])]
        for path in sorted(path for folder in folders for path in folder.iterdir() if path.is_file()):
            digest.update(path.name.encode() + path.read_bytes())
        for module in _READ_OFFERS:
            digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
        return digest.hexdigest()

    def warm_up(self) -> None:
        """Read the words and open the index, so that the first visitor does not wait for it."""
        self.understander.forget()
        self.question("warm")
        self.index()

    def index(self) -> TextIndex | None:
        """The text index in use, opened anew when it changed; None where it cannot be read or is of other words.

        Where one of other words took its place, ours is used on: this process learns those words meanwhile.
        """
        stamp = self.folder.stamp()
        is_damaged = stamp is not None and self._opened[1] is None
        if stamp != self._opened[0] or (is_damaged and time.monotonic() > self._tried_at + _TRY_AGAIN_SECONDS):
            self._tried_at = time.monotonic()
            self._opened = (stamp, self.folder.open(self._opened[1]))
            opened = self._opened[1]
            if opened is None or opened.manifest.fingerprint == self.fingerprint:
                self._ours = opened
        return self._ours

    @property
    def edition(self) -> int:
        """Which edition of code lists and words it knows."""
        return self._code_lists.edition

    def renewed(self, code_lists: CodeLists) -> Engine:
        """Another engine on the same folders, with other code lists and what is said of topics in them."""
        return Engine(code_lists, self.folder.path.parent, self._own_words)

    def question(self, text: str, own_municipalities: Collection[str] = ()) -> Question:
        """What `text` says; the names of `own_municipalities` (CBS codes) are places wherever they stand.

        A word of the name of a provider is known where the catalogue was read before.
        """
        if not text:
            return Question()
        named = self._catalogue.columns.named if self._catalogue else None
        names, providers = (named.speller, named.providers) if named else (None, None)
        return read_question(text, self.understander, self._code_lists, own_municipalities, names, providers)

    def answer(
        self, session: Session, criteria: Criteria, question: Question, situation: Situation, revision: int
    ) -> Answer | None:
        """Providers of which one open offer meets all criteria.

        None where a question needs the index and there is none that these words made.
        """
        catalogue = self.catalogue(session, revision, situation.today)
        texts = self._texts_of(session, catalogue)
        columns = catalogue.columns
        place = place_of(session, self._code_lists, criteria.postcode, criteria.municipality)
        points = catalogue.points(session) if place else None
        distances = None
        if points and place:
            km = points.km_from(place.point)
            distances = Distances(km, points.to_travel(km))
        fitting, score = np.ones(len(columns.offer_ids), dtype=np.bool_), np.zeros(len(columns.offer_ids))
        named = named_in(question, columns)
        facets = {**columns.facets, **({"onderwerp": texts.topics} if texts else {})}
        masks = _masks(criteria, columns, facets, distances) | {"gemeente": catalogue.open_in(session, situation)}
        if texts is not None and question.topics:
            question = replace(question, nearby=self._nearby(question, texts, _all_of(fitting, masks.values())))
        # A guess as likely as what is sure finds better than the words alone; no card says that it fits for that.
        meant = replace(question, topics=(*question.searched, *question.nearby))
        is_asked = bool(meant.topics or meant.terms or question.providers)
        if is_asked:
            if texts is None or not texts.is_usable:
                return None
            score, fitting = scores(texts.index, texts.document_of, columns, meant, named)
            score = score * texts.suiting.counts(question) * for_all_children(columns, criteria.gender, question.ages)
        is_behind = catalogue.revision != revision
        if is_behind:
            changed, is_open_now = _changed_since(session, catalogue, situation)
            # Whether it is a former text or name that fits a question cannot be told.
            is_doubtful = changed if is_asked else changed & ~is_open_now
            fitting = fitting & ~is_doubtful
        rows = best_rows(_all_of(fitting, masks.values()), score, distances, columns, criteria.sort)
        is_by_fit = is_asked and criteria.sort is Sort.RELEVANCE
        close = np.ones(len(score), dtype=np.bool_)
        if texts and is_by_fit:
            close = fit_closely(score, rows, columns, question)
            rows = each_worry_early(rows, texts.about, close, columns, question, named)
            rows = np.concatenate([rows[close[rows]], rows[~close[rows]]])
        first = (criteria.page - 1) * criteria.per_page
        hits = _hits(rows[first : first + criteria.per_page], columns, question, texts, distances, close)
        counts = _counts(fitting, masks, facets, catalogue, distances, distances_with(criteria.within_km))
        total = len(rows)
        if is_behind:
            still_open = _still_open(session, hits, situation)
            total -= len(hits) - len(still_open)
            hits = still_open
        return Answer(
            hits, total, counts, question,
            is_behind=is_behind, place=place, not_among=_not_among(question, rows, columns),
        )  # fmt: skip

    def _nearby(self, question: Question, texts: Texts, rows: Flags) -> tuple[TopicGuess, ...]:
        """The neighbours of the first topic of the question, where few of these rows are clearly about that itself."""
        guess = question.topics[0]
        if np.count_nonzero(rows[texts.clearly_about.get(guess.topic, _NO_ROWS)]) >= _LITTLE:
            return ()
        left_out = {one.topic for one in question.searched}
        # Nobody who told something else is to read that a child is beaten, or wants to die.
        left_out |= {topic for topic, danger in DANGER_TOPICS.items() if danger not in question.dangers}
        shares = self.words.neighbours.get(guess.topic, {})
        if question.age is not None:
            meant = self.words.ages_of_topics.meant
            left_out |= {topic for topic in shares if meant(topic, question.age) != topic}
        nearest = sorted((topic for topic in shares if topic not in left_out), key=lambda topic: -shares[topic])
        return tuple(
            TopicGuess(topic, guess.likelihood * shares[topic] * _NEIGHBOURS_COUNT, (), guess.certainty)
            for topic in nearest[:_MOST_NEIGHBOURS]
        )

    def distances(
        self, session: Session, offer_ids: Sequence[int], place: Place | None, revision: int, today: date
    ) -> dict[int, HowFar]:
        """How far each of these offers is from `place`, in the way of the page of results."""
        catalogue = self.catalogue(session, revision, today)
        points = catalogue.points(session)
        rows = catalogue.columns.rows_of(np.array(offer_ids, dtype=np.int64)).tolist()
        km = points.km_from(place.point) if place else None
        return {
            offer_id: HowFar(
                None if km is None or row < 0 or np.isinf(km[row]) else float(km[row]),
                bool(row >= 0 and points.comes_to_family[row]),
            )
            for offer_id, row in zip(offer_ids, rows, strict=True)
        }

    def catalogue(self, session: Session, revision: int, today: date) -> Catalogue:
        """The catalogue of this revision; a large one of a moment ago, while the present one is being read."""
        known = self._catalogue
        if known is not None and (known.revision, known.today) == (revision, today):
            return known
        if known is None or known.today != today or known.seconds < _QUICK_SECONDS:
            self._catalogue = Catalogue(session, self._code_lists, revision, today, known)
            return self._catalogue
        if self._reading is None or not self._reading.is_alive():
            self._reading = threading.Thread(target=self._read_aside, args=(session.get_bind(), revision, today))
            self._reading.start()
        return known

    def _read_aside(self, bind: DatabaseEngine | Connection, revision: int, today: date) -> None:
        try:
            with Session(bind) as session:
                catalogue = Catalogue(session, self._code_lists, revision, today, self._catalogue)
                self._texts_of(session, catalogue)
                self._catalogue = catalogue
        except SQLAlchemyError as error:
            logger.error("the catalogue could not be read anew", exc_info=error)

    def _texts_of(self, session: Session, catalogue: Catalogue) -> Texts | None:
        index = self.index()
        if index is None:
            return None
        known = self._texts
        if known is not None and known.index is index and known.catalogue is catalogue:
            return known
        later = select(TextChange.provider_id).where(TextChange.revision > index.manifest.revision)
        unread = frozenset(session.scalars(later))
        self._texts = Texts(index, catalogue, unread, self._code_lists, self.words.neighbours)
        return self._texts


def _changed_since(session: Session, catalogue: Catalogue, situation: Situation) -> tuple[Flags, Flags]:
    """The rows of providers whose texts changed after the catalogue was read; those of them that are open now."""
    columns = catalogue.columns
    providers = select(TextChange.provider_id).where(TextChange.revision > catalogue.revision)
    changed = np.isin(columns.provider_ids, list(session.scalars(providers)))[columns.providers]
    is_open_now = np.zeros(len(changed), dtype=np.bool_)
    open_ids = session.scalars(select(Offer.id).where(Offer.provider_id.in_(providers), is_open(situation))).all()
    rows = columns.rows_of(np.array(open_ids, dtype=np.int64))
    is_open_now[rows[rows >= 0]] = True
    return changed, is_open_now


def _still_open(session: Session, hits: Sequence[Hit], situation: Situation) -> list[Hit]:
    """Those that can be chosen as the database has it now."""
    ids = select(Offer.id).where(Offer.id.in_([hit.offer_id for hit in hits]), is_open(situation))
    there = set(session.scalars(ids))
    return [hit for hit in hits if hit.offer_id in there]


def _hits(
    rows: Numbers,
    columns: Columns,
    question: Question,
    texts: Texts | None,
    distances: Distances | None,
    close: Flags,
) -> list[Hit]:
    told = (*question.topics[:SHOWN_TOPICS], *question.nearby) if texts else ()
    asked = [guess.topic for guess in told]
    # A warning keeps families away: it needs more than what may be meant.
    warned = {guess.topic for guess in clearly_told(question)}
    documents = texts.document_of[rows] if texts else rows
    about = [_holders(texts.index.about(topic), documents, CLEARLY_ABOUT).tolist() for topic in asked] if texts else []
    against = [
        _holders(texts.index.unsuitable(topic) if topic in warned else None, documents).tolist() for topic in asked
    ] if texts else []  # fmt: skip
    km = [None] * len(rows) if distances is None else [None if np.isinf(d) else d for d in distances.km[rows].tolist()]
    is_close: list[bool] = close[rows].tolist()
    offers, providers = columns.offer_ids[rows].tolist(), columns.provider_ids[columns.providers[rows]].tolist()
    return [
        Hit(
            offers[number],
            providers[number],
            tuple(topic for topic, held in zip(asked, about, strict=True) if held[number]),
            tuple(topic for topic, held in zip(asked, against, strict=True) if held[number]),
            is_close[number],
            km[number],
        )
        for number in range(len(rows))
    ]


def _not_among(question: Question, rows: Numbers, columns: Columns) -> tuple[int, ...]:
    """The providers (primary keys) that the question names and of which none of these rows is."""
    if not question.providers:
        return ()
    there = set(columns.providers[rows].tolist())
    named = [rank for rank in question.providers if rank < len(columns.provider_ids) and rank not in there]
    return tuple(columns.provider_ids[named].tolist()) if named else ()


def _holders(found: Postings | None, documents: Numbers, least: float = 0.0) -> Flags:
    """Which of these documents are among the postings, with at least this strength."""
    if found is None or not len(found[0]):
        return np.zeros(len(documents), dtype=np.bool_)
    at = np.minimum(np.searchsorted(found[0], documents), len(found[0]) - 1)
    held: Flags = (found[0][at] == documents) & (found[1][at] >= least)
    return held


def _masks(
    criteria: Criteria, columns: Columns, facets: Mapping[str, Facet], distances: Distances | None
) -> dict[str, Flags]:
    """The rows that each filter leaves, by the name of its facet."""
    chosen = {
        "arrangement": criteria.arrangements,
        "onderwerp": criteria.topics,
        "waar": criteria.settings,
        "taal": criteria.languages,
        "grootte": criteria.sizes,
        "kader": (criteria.framework,) if criteria.framework else (),
        "vrij": ("free",) if criteria.only_free else (),
    }
    masks = {facet: facets[facet].flags(codes) for facet, codes in chosen.items() if codes}
    if criteria.age is not None:
        masks["leeftijd"] = (columns.age_min <= criteria.age) & (criteria.age <= columns.age_max)
    if criteria.gender is not None:
        masks["voor"] = ~columns.only["boys" if criteria.gender == "girls" else "girls"]
    if criteria.longest_wait is not None:
        masks["wachttijd"] = columns.begins <= criteria.longest_wait
    if criteria.within_km is not None and distances is not None:
        masks["afstand"] = distances.travel <= criteria.within_km
    return masks


def _all_of(rows: Flags, masks: Iterable[Flags]) -> Flags:
    for mask in masks:
        rows = rows & mask
    return rows


def _counts(
    fitting: Flags,
    masks: Mapping[str, Flags],
    facets: Mapping[str, Facet],
    catalogue: Catalogue,
    distances: Distances | None,
    within_km: Sequence[int],
) -> dict[str, Mapping[str, int]]:
    """By facet how many providers each choice would show, with all other filters as they are."""
    columns = catalogue.columns
    everything = _all_of(fitting, masks.values())
    set_of_everything = columns.tally.set_of(everything)

    def but_for(facet: str) -> Flags:
        if facet not in masks:
            return everything
        return _all_of(fitting, (mask for name, mask in masks.items() if name != facet))

    def set_but_for(facet: str) -> int:
        return columns.tally.set_of(but_for(facet)) if facet in masks else set_of_everything

    counts: dict[str, Mapping[str, int]] = {name: facet.counts(set_but_for(name)) for name, facet in facets.items()}
    counts["gemeente"] = catalogue.count_there(set_but_for("gemeente"))
    if distances is not None:
        counts["afstand"] = columns.count_within(but_for("afstand"), distances.travel, within_km)
    return counts


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
