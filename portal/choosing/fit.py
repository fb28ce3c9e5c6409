"""Whether an offer fits a wish: rules that can be said aloud, and no score behind them."""

from __future__ import annotations

from collections.abc import Iterable

from portal.catalogue.codelists import ChoicePoint, CodeLists
from portal.catalogue.models import Location
from portal.catalogue.presenters.common import places_of
from portal.catalogue.types import Measure
from portal.choosing.criteria import Family
from portal.choosing.types import Fit, Subject, Verdict


def fit_of(subject: Subject, family: Family, code_lists: CodeLists) -> Fit:
    """How an offer fits everything that the family said counts."""
    return Fit(tuple((wish, verdict_of(wish.point, subject, family, code_lists)) for wish in family.wishes))


def verdict_of(point: ChoicePoint, subject: Subject, family: Family, code_lists: CodeLists) -> Verdict:
    """Whether an offer fits one point; what nobody told is unknown, and never held against a provider."""
    offer, provider = subject.offer, subject.provider
    match point.measure:
        case Measure.DISTANCE:
            near = subject.km is not None and subject.km <= int(point.arguments[0])
            return _told(True if subject.comes_to_family else None if subject.km is None else near)
        case Measure.WAITING:
            if not offer.accepting_clients:
                return Verdict.NO
            weeks = None if subject.waiting_is_old else offer.waiting_weeks_start
            return _told(None if weeks is None else weeks <= int(point.arguments[0]))
        case Measure.SAME_WORKER:
            return _among(provider.same_worker, point)
        case Measure.SIZE:
            return _among(provider.size, point)
        case Measure.FORM:
            return _among(offer.form, point)
        case Measure.FIRST_MEETING:
            return _told(provider.first_meeting)
        case Measure.EVENING_WEEKEND:
            return _told(provider.evening_weekend)
        case Measure.SETTING:
            return _told(not set(point.arguments).isdisjoint(offer.settings) if offer.settings else None)
        case Measure.LANGUAGE:
            is_told = family.language is not None and provider.languages
            return _told(family.language in provider.languages if is_told else None)
        case Measure.IDENTITY:
            return Verdict.UNKNOWN
        case Measure.TOPIC:
            return _told(_names_topic(subject, family, code_lists) if family.topics and offer.topics else None)
        case Measure.STAY:
            until = offer.continues_until_age
            return _told(None if until is None else until > int(point.arguments[0]))
        case Measure.WHEELCHAIR:
            return _told(_is_accessible(places_of(offer, provider)))


def _told(fits: bool | None) -> Verdict:
    return Verdict.UNKNOWN if fits is None else Verdict.YES if fits else Verdict.NO


def _among(value: str | None, point: ChoicePoint) -> Verdict:
    return _told(None if value is None else value in point.arguments)


def _names_topic(subject: Subject, family: Family, code_lists: CodeLists) -> bool:
    """Whether the provider itself names one of the topics, or one below it."""
    asked = {below for topic in family.topics for below in code_lists.topic_and_below(topic)}
    return not asked.isdisjoint(filter(None, map(code_lists.topic, subject.offer.topics)))


def _is_accessible(places: Iterable[Location]) -> bool | None:
    """True where one of the places is accessible; None where nobody told of any."""
    told = [place.wheelchair_accessible for place in places if place.wheelchair_accessible is not None]
    return any(told) if told else None
