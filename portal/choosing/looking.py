"""From an address to the offers that a family looks at, each as this family sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portal.catalogue.availability import status_of
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Offer
from portal.catalogue.places import place_of
from portal.catalogue.presenters.common import is_old
from portal.catalogue.types import OfferAccess
from portal.catalogue.visitor import current_facts, offers_with_providers, page_context
from portal.choosing import queries
from portal.choosing.criteria import Family
from portal.choosing.fit import fit_of
from portal.choosing.presenters.common import View
from portal.choosing.types import Fit, Subject
from portal.core import clock
from portal.core.database import current_session
from portal.outcomes.queries import newest_of_each_series
from portal.outcomes.types import EVERYBODY, Viewer
from portal.reviews.showing.queries import Told, told_about
from portal.search.answers import FEW, Answer
from portal.search.asking import answer_to
from portal.search.cards import ResultCard, result_cards
from portal.search.criteria import Criteria
from portal.search.engine import current_engine
from portal.search.question import Question

MOST_SEEN = 60
"""So many of the providers that fit the question are held against the wishes, those that fit it best."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at: the offers of a list by key, in its order, and the keys that name none."""

    view: View
    subjects: Mapping[str, Subject]
    unknown: tuple[str, ...]


def view_of(family: Family) -> View:
    """With whose eyes to look: the page's context for this family, and where it lives."""
    lists = current_code_lists()
    place = place_of(current_session(), lists, family.postcode, family.municipality)
    return View(page_context(family.municipality), family, place)


def look(keys: Sequence[str], family: Family, viewer: Viewer = EVERYBODY) -> Looked:
    """The offers that these keys name, as this family sees them; with the figures that `viewer` may see."""
    named = queries.offers_named(current_session(), keys)
    view = replace(view_of(family), viewer=viewer)
    seen = _with_results(subjects_of(list(named.values()), view), viewer)
    return Looked(view, dict(zip(named, seen, strict=True)), tuple(key for key in keys if key not in named))


def _with_results(subjects: Sequence[Subject], viewer: Viewer) -> list[Subject]:
    """With the figures that `viewer` may see; they are about help with a referral, so free help has none."""
    providers = {subject.provider.id for subject in subjects}
    figures = newest_of_each_series(current_session(), providers, viewer)
    return [
        replace(subject, results=figures.get((subject.provider.id, subject.offer.arrangement or ""), {}))
        if subject.offer.access is not OfferAccess.FREE
        else subject
        for subject in subjects
    ]


def told_of(subjects: Sequence[Subject]) -> dict[int, Told]:
    """What families told about the providers of these offers, by provider."""
    session = current_session()
    return {provider_id: told_about(session, provider_id) for provider_id in {one.provider.id for one in subjects}}


def subjects_of(offers: Sequence[Offer], view: View) -> list[Subject]:
    """These offers in the eyes of a family."""
    context = view.context
    far = current_engine().distances(
        current_session(), [offer.id for offer in offers], view.place, current_facts().revision, context.today
    )
    return [
        Subject(
            offer,
            offer.provider,
            status_of(offer, offer.provider.contracts, context.situation),
            far[offer.id].km,
            far[offer.id].comes_to_family,
            is_old(offer, context),
        )
        for offer in offers
    ]


@dataclass(frozen=True, slots=True)
class Found:
    """What fits the answers of a family."""

    view: View
    """With what the question itself names."""
    criteria: Criteria
    """What was asked of search."""
    answer: Answer
    ranked: Sequence[tuple[Subject, Fit]]
    """What fits the wishes best first; where that is equal, in the order in which it fits the question."""


def find(told: Family) -> Found:
    """What is about the question and can be chosen where the family lives, at its age, held against its wishes."""
    lists, question = current_code_lists(), _question_of(told)
    view = view_of(told.completed(question))
    family = view.family
    criteria = Criteria(
        q=family.q, municipality=family.municipality, postcode=family.postcode, age=family.age, gender=family.gender,
        topics=family.topics, per_page=MOST_SEEN,
    )  # fmt: skip
    answer = answer_to(criteria, question)
    if family.q and family.topics and answer.total < FEW:
        # Help that only holds the words of the question is better than hardly any.
        criteria = replace(criteria, topics=())
        answer = answer_to(criteria, question)
    offers = offers_with_providers([hit.offer_id for hit in answer.hits])
    judged = [(subject, fit_of(subject, family, lists)) for subject in subjects_of(offers, view)]
    return Found(view, criteria, answer, sorted(judged, key=lambda pair: pair[1].order))


def understood_of(told: Family) -> Family:
    """With what its question says besides."""
    return told.completed(_question_of(told))


def _question_of(told: Family) -> Question:
    engine, facts = current_engine(), current_facts()
    engine.catalogue(current_session(), facts.revision, clock.today())  # so that the question may name a provider
    return engine.question(told.q, facts.municipalities)


def cards_found(found: Found, most: int | None) -> list[ResultCard]:
    """The cards of what was found, the first `most` or all, as on the page of results."""
    answer = found.answer
    hits = {hit.offer_id: hit for hit in answer.hits}
    shown = [hits[subject.offer.id] for subject, _ in found.ranked[:most]]
    return list(result_cards(shown, answer.question, answer.place, found.view.context).values())
