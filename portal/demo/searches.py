"""What invented families looked for: white spots, and what led to providers, of the two months before."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.catalogue.codelists import DEFAULT_LANGUAGE, CodeLists
from portal.catalogue.models import Offer, OfferTopic, Provider
from portal.core.text import fold
from portal.search.white_spots.models import FoundBy, WhiteSpot
from portal.search.white_spots.types import FoundKind, SpotKind, period_before, period_of

_WORDS = (("tekenles", 20), ("schaken", 15), ("tractor", 10), ("viool", 10), ("circus", 5))
_TOPICS = (
    ("loverboys", "GM0917", 10), ("rouw", "GM0935", 10), ("eetproblemen", "GM0928", 5), ("gamen", "", 15),
    ("hoogbegaafdheid", "GM0899", 5),
)  # fmt: skip
_LEAST_LETTERS = 6
_MOST_SHOWN = 6


def remember_searches(session: Session, region_id: int, lists: CodeLists, today: date) -> None:
    """Write down, in place of what was there, what families of the region looked for in the two months before."""
    for ago in (1, 2):
        period = period_before(period_of(today), ago)
        for table in (WhiteSpot, FoundBy):
            session.execute(delete(table).where(table.period == period))
        for word, times in _WORDS[: len(_WORDS) + 1 - ago]:
            session.add(WhiteSpot(period=period, kind=SpotKind.WORD, value=word, municipality="", times=times))
        for topic, place, times in _TOPICS:
            spot = WhiteSpot(period=period, kind=SpotKind.TOPIC, value=topic, municipality=place, times=times)
            session.add(spot)
        for topic in lists.topics:
            for number, word in enumerate(_said(topic, lists)):
                session.add(
                    FoundBy(period=period, kind=FoundKind.SAID, value=word, beside=topic, times=40 - 10 * number)
                )
        for provider, topic, many in _shown(session, region_id):
            times = 5 * (1 + (provider + many) % 12)
            session.add(FoundBy(period=period, kind=FoundKind.SHOWN, value=topic, beside=str(provider), times=times))


def _said(topic: str, lists: CodeLists) -> list[str]:
    """A few words that families use for a topic."""
    words = lists.label("topics", topic, DEFAULT_LANGUAGE).words
    found = [word for text in words for word in fold(text).split() if len(word) >= _LEAST_LETTERS]
    return list(dict.fromkeys(found))[:4]


def _shown(session: Session, region_id: int) -> list[tuple[int, str, int]]:
    """Each provider with the topics that it states most often."""
    rows = session.execute(
        select(Provider.id, OfferTopic.topic, func.count())
        .join(Offer, Offer.provider_id == Provider.id)
        .join(OfferTopic, OfferTopic.offer_id == Offer.id)
        .where(Provider.region_id == region_id)
        .group_by(Provider.id, OfferTopic.topic)
        .order_by(Provider.id, func.count().desc(), OfferTopic.topic)
    ).all()
    taken: dict[int, int] = {}
    found = []
    for provider, topic, many in rows:
        if taken.setdefault(provider, 0) < _MOST_SHOWN:
            taken[provider] += 1
            found.append((provider, topic, many))
    return found
