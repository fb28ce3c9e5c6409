"""Answering a question from the database: filters, counts that stay true under each other, one offer a provider."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isinf

import numpy as np
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.catalogue.availability import Situation, is_open
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Offer, OfferSetting, OfferTopic, Provider, ProviderLanguage
from portal.catalogue.places import Place, place_of
from portal.catalogue.types import Framework, Gender, OfferAccess
from portal.core.text import fold
from portal.search.answers import FACETS, Answer, Hit
from portal.search.criteria import Criteria, Sort
from portal.search.distance import read_points
from portal.search.language import WORDS

MOST_WORDS = 12
MOST_RARE_WORDS = 6
"""Of these so many count: those that the fewest offers hold, and that any holds."""

_FUNCTION_WORDS = frozenset((WORDS / "function_words.txt").read_text(encoding="utf-8").split())
"""Words that do not say what a question is about."""


def answer(session: Session, criteria: Criteria, code_lists: CodeLists, situation: Situation) -> Answer:
    """Providers of which one open offer meets all criteria."""
    conditions = _conditions(criteria, code_lists)
    base = is_open(situation)
    words = meaningful_words(criteria.q)
    scores = _scores(session, words, base, code_lists) if words else {}
    if words:
        base = Offer.id.in_(_written_out("mentioning", list(scores)))
    place = place_of(session, code_lists, criteria.postcode, criteria.municipality)
    distances = _Distances.read(session, code_lists, base, place) if place else _Distances({}, {})
    if place and criteria.within_km:
        conditions["afstand"] = Offer.id.in_(distances.within(criteria.within_km))
    rows = session.execute(
        select(
            Offer.id,
            Offer.provider_id,
            Provider.name,
            Offer.waiting_weeks_start,
            _cannot_choose_now(code_lists).label("not_now"),
        )
        .join(Provider, Provider.id == Offer.provider_id)
        .where(base, *conditions.values())
    ).all()
    best = _best_per_provider(rows, scores, criteria.sort, distances)
    start = (criteria.page - 1) * criteria.per_page
    counts = {
        facet: _count(session, facet, [base, *(c for name, c in conditions.items() if name != facet)], code_lists)
        for facet in FACETS
    }
    return Answer(best[start : start + criteria.per_page], len(best), counts, from_index=False, place=place)


@dataclass(frozen=True, slots=True)
class _Distances:
    """By offer: kilometres to its nearest location, and how far a family has to go for it."""

    km: Mapping[int, float]
    travel: Mapping[int, float]

    @classmethod
    def read(cls, session: Session, code_lists: CodeLists, base: ColumnElement[bool], place: Place) -> _Distances:
        """Of the offers that meet `base`, measured from `place`."""
        found = select(Offer.id).join(Provider, Provider.id == Offer.provider_id).where(base)
        offers = session.scalars(found).all()
        points = read_points(session, code_lists, np.array(offers, dtype=np.int64))
        km = points.km_from(place.point)
        return cls(
            dict(zip(offers, km.tolist(), strict=True)), dict(zip(offers, points.to_travel(km).tolist(), strict=True))
        )

    def within(self, km: int) -> BindParameter[list[int]]:
        """The offers for which nobody has to go farther."""
        return _written_out("near", [offer for offer, travel in self.travel.items() if travel <= km])


def _written_out(name: str, offers: list[int]) -> BindParameter[list[int]]:
    """These offers as a part of the statement: there may be more than a driver takes."""
    return bindparam(name, offers, expanding=True, literal_execute=True)


def _scores(session: Session, words: Sequence[str], base: ColumnElement[bool], code_lists: CodeLists) -> dict[int, int]:
    """The offers that meet `base` and hold any of the rarest of `words`; how many of these each holds.

    Every text is read once, for all words; what the rest of the answer asks, it asks of the offers found.
    """
    held = [case((_mentions(word, code_lists), 1 << number), else_=0) for number, word in enumerate(words)]
    mask: ColumnElement[int] = sum(held, start=literal(0))
    found = session.execute(select(Offer.id, mask).join(Provider, Provider.id == Offer.provider_id).where(base)).all()
    times = [sum(held >> number & 1 for _, held in found) for number in range(len(words))]
    rarest = sorted((number for number, often in enumerate(times) if often), key=times.__getitem__)[:MOST_RARE_WORDS]
    kept = sum(1 << number for number in rarest)
    return {offer: (held & kept).bit_count() for offer, held in found if held & kept}


def meaningful_words(q: str) -> list[str]:
    """The words of a question that say what it is about, folded, each once."""
    words = re.findall(r"[\w'-]{3,40}", fold(q))
    return list(dict.fromkeys(word for word in words if word not in _FUNCTION_WORDS))[:MOST_WORDS]


def _conditions(criteria: Criteria, code_lists: CodeLists) -> dict[str, ColumnElement[bool]]:
    """A condition for each filter that is on, by the name of its facet."""
    found: dict[str, ColumnElement[bool]] = {}
    if criteria.arrangements:
        codes = {c for code in criteria.arrangements for c in code_lists.arrangement_and_below(code)}
        found["arrangement"] = Offer.arrangement.in_(codes)
    if criteria.topics:
        codes = {c for code in criteria.topics for c in code_lists.topic_and_below(code)}
        found["onderwerp"] = _has(OfferTopic.offer_id, OfferTopic.topic.in_(codes))
    if criteria.age is not None:
        found["leeftijd"] = and_(
            or_(Offer.age_min.is_(None), Offer.age_min <= criteria.age),
            or_(Offer.age_max.is_(None), Offer.age_max >= criteria.age),
        )
    if criteria.settings:
        found["waar"] = _has(OfferSetting.offer_id, OfferSetting.setting.in_(criteria.settings))
    if criteria.gender is not None:
        found["voor"] = Offer.gender.in_((Gender.ALL, Gender(criteria.gender)))
    if criteria.longest_wait is not None:
        found["wachttijd"] = and_(Offer.accepting_clients, Offer.waiting_weeks_start <= criteria.longest_wait)
    if criteria.languages:
        speaks = select(ProviderLanguage.provider_id).where(ProviderLanguage.language.in_(criteria.languages))
        found["taal"] = Offer.provider_id.in_(speaks)
    if criteria.sizes:
        of_size = select(Provider.id).where(Provider.size.in_(criteria.sizes))
        found["grootte"] = Offer.provider_id.in_(of_size)
    if criteria.framework is not None:
        found["kader"] = Offer.framework.in_((criteria.framework, Framework.BOTH))
    if criteria.only_free:
        found["vrij"] = Offer.access == OfferAccess.FREE
    return found


def _has(owner: InstrumentedAttribute[int], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(owner).where(owner == Offer.id, condition).correlate(Offer).exists()


def _mentions(word: str, code_lists: CodeLists) -> ColumnElement[bool]:
    """Offers that hold the word in a text of theirs, or whose topic or arrangement is called so by families."""
    columns = (Offer.name, Offer.description, Offer.approach, cast(Offer.topics, String), Provider.name)
    in_text = [func.lower(column).contains(word, autoescape=True) for column in columns]
    topics = [
        code
        for code, label in code_lists.labels["topics", "nl"].items()
        if any(word in fold(text).split() for text in (label.label, *label.words))
    ]
    arrangements = [
        code for code, label in code_lists.labels["arrangements", "nl"].items() if word in fold(label.label)
    ]
    return or_(
        *in_text,
        _has(OfferTopic.offer_id, OfferTopic.topic.in_(topics)) if topics else literal(False),
        Offer.arrangement.in_(arrangements) if arrangements else literal(False),
    )


def _cannot_choose_now(code_lists: CodeLists) -> ColumnElement[int]:
    """1 for an intake stop and for what a court or one front door decides: shown, but after what one can choose."""
    return case((or_(Offer.arrangement.in_(code_lists.decided_elsewhere), ~Offer.accepting_clients), 1), else_=0)


def _best_per_provider(
    rows: Sequence[Row[int, int, str, int | None, int]], scores: Mapping[int, int], sort: Sort, distances: _Distances
) -> list[Hit]:
    """One hit a provider: its offer that fits best, providers in the order asked for."""

    def key(row: Row[int, int, str, int | None, int]) -> tuple[object, ...]:
        wait = row.waiting_weeks_start if row.waiting_weeks_start is not None else 1_000
        score = scores.get(row.id, 0)
        by_fit = (-score, row.not_now, wait)
        leading = {
            Sort.RELEVANCE: by_fit,
            Sort.DISTANCE: (distances.travel.get(row.id, inf), distances.km.get(row.id, inf), *by_fit),
            Sort.WAITING: (row.not_now, wait, -score),
            Sort.NAME: (),
        }[sort]
        return (*leading, fold(row.name), wait, row.id)

    best: dict[int, Hit] = {}
    for row in sorted(rows, key=key):
        km = distances.km.get(row.id, inf)
        best.setdefault(row.provider_id, Hit(row.id, row.provider_id, distance_km=None if isinf(km) else km))
    return list(best.values())


def _count(
    session: Session, facet: str, conditions: Sequence[ColumnElement[bool]], code_lists: CodeLists
) -> dict[str, int]:
    """How many providers each choice of `facet` would show; a parent counts what lies below it."""
    pairs = select(*_facet_columns(facet)).select_from(Offer).join(Provider, Provider.id == Offer.provider_id)
    if facet == "onderwerp":
        pairs = pairs.join(OfferTopic, OfferTopic.offer_id == Offer.id)
    elif facet == "waar":
        pairs = pairs.join(OfferSetting, OfferSetting.offer_id == Offer.id)
    elif facet == "taal":
        pairs = pairs.join(ProviderLanguage, ProviderLanguage.provider_id == Offer.provider_id)
    providers: dict[str, set[int]] = defaultdict(set)
    for value, provider_id in session.execute(pairs.where(*conditions).distinct()):
        if value is not None:
            providers[str(value)].add(provider_id)
    below = {"arrangement": code_lists.arrangement_and_below, "onderwerp": code_lists.topic_and_below}.get(facet)
    if below is None:
        return {value: len(found) for value, found in providers.items()}
    known = code_lists.arrangements if facet == "arrangement" else code_lists.topics
    return {
        code: len(found)
        for code in known
        if (found := set().union(*(providers.get(child, set()) for child in below(code))))
    }


def _facet_columns(facet: str) -> tuple[ColumnElement[object], InstrumentedAttribute[int]]:
    columns = {
        "arrangement": Offer.arrangement,
        "onderwerp": OfferTopic.topic,
        "waar": OfferSetting.setting,
        "taal": ProviderLanguage.language,
        "grootte": Provider.size,
        "vrij": Offer.access,
    }
    return columns[facet], Offer.provider_id  # type: ignore[return-value]
