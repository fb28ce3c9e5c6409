"""The cards of a list: what is the same for every question is written once, what a question adds for each page."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import current_app
from markupsafe import Markup

from portal.catalogue import queries, wording
from portal.catalogue.availability import status_of
from portal.catalogue.models import Offer
from portal.catalogue.places import Place, Precision
from portal.catalogue.presenters.common import Context, offer_card
from portal.catalogue.visitor import current_facts
from portal.core.carried import carried
from portal.core.components import around_gaps, escaped, markup
from portal.core.database import current_session
from portal.core.languages import gettext
from portal.core.pages import Notice, Term, Tone
from portal.core.remembered import Remembered
from portal.outcomes.models import Figure
from portal.outcomes.presenters import sentence_of
from portal.outcomes.queries import newest_figures
from portal.outcomes.rules import current_rules
from portal.outcomes.types import EVERYBODY, Indicator
from portal.reviews.showing.queries import quotes
from portal.reviews.types import Voice
from portal.reviews.wording import VOICES
from portal.search.answers import Hit
from portal.search.distance import Reach
from portal.search.engine import current_engine
from portal.search.question import Question
from portal.search.snippets import ReadText, read_text, snippets, start_of
from portal.search.understanding import Understander

MOST_REMEMBERED = 10_000
TOPICS_TOLD = 3
LONGEST_QUOTE = 110
_ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b(?:/[A-Z]+\b)*")


@dataclass(frozen=True, slots=True)
class ListedOffer:
    """What a list says of an offer whatever was asked: for one municipality, day and language."""

    offer_id: int
    name: str
    description: ReadText
    places: str
    """"Heerlen, Kerkrade": municipalities of its locations."""
    reach: Reach
    has_abbreviations: bool
    """Whether its name or description has any."""
    key: str
    """What names it on a family's list; empty where the family cannot choose it."""
    head: str
    facts: str
    place: str
    waiting: str
    kind: str
    end: str
    """Its card as markup, but for what a question adds after its head."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The beginning of what a family told of a provider, and whose voice that is."""

    text: str
    voice: str


@dataclass(frozen=True, slots=True)
class ResultCard:
    """An offer in a list of what was found."""

    name: str
    key: str
    """As of the `ListedOffer`."""
    _parts: tuple[str, ...]

    def written(self, inside: str = "") -> str:
        """The card as markup, with what another page puts `inside` under its names."""
        head, *rest = self._parts
        return Markup("".join((head, inside, *rest)))  # noqa: S704 - made of components


def result_cards(
    hits: Sequence[Hit], question: Question, place: Place | None, context: Context
) -> dict[int, ResultCard]:
    """The cards of these hits by the primary key of their offer, in the order of the hits.

    What was deleted meanwhile has none.
    """
    asked = {hit.offer_id: hit for hit in hits}
    offers = listed_offers(list(asked), context)
    additions = _additions(offers, asked, question, context)
    return {
        offer.offer_id: ResultCard(
            offer.name,
            offer.key,
            (
                offer.head,
                addition,
                offer.facts,
                offer.place if place is None else _place(offer, asked[offer.offer_id].distance_km, place),
                offer.waiting,
                offer.kind,
                offer.end,
            ),
        )
        for offer, addition in zip(offers, additions, strict=True)
    }


def _additions(
    offers: Sequence[ListedOffer], asked: Mapping[int, Hit], question: Question, context: Context
) -> list[str]:
    """What the question adds to each card, as markup: for what it was found, and the part of its text that tells it."""
    if not question.terms:
        before, after = around_gaps("card_addition", "", (), ())
        return [f"{before}{escaped(start_of(offer.description))}{after}" for offer in offers]
    teasers = dict[int, str]()
    fits = dict[tuple[str, ...], str]()
    for topics in {hit.topics for hit in asked.values()}:
        fits[topics] = _fits(topics, context)
        alike = [offer for offer in offers if asked[offer.offer_id].topics == topics]
        told = telling_parts([offer.description for offer in alike], topics, question, current_engine().understander)
        teasers.update(zip((offer.offer_id for offer in alike), told, strict=True))
    written = dict[tuple[object, ...], list[str]]()  # most cards of a page differ in the part that tells alone
    additions = []
    for offer in offers:
        hit, teaser = asked[offer.offer_id], teasers[offer.offer_id]
        terms = abbreviations(offer.name, teaser, context) if offer.has_abbreviations else ()
        added = fits[hit.topics], terms, _warnings(hit.unsuitable, context)
        before, after = written.get(added) or written.setdefault(added, around_gaps("card_addition", *added))
        additions.append(f"{before}{escaped(teaser)}{after}")
    return additions


def _fits(topics: tuple[str, ...], context: Context) -> str:
    if not topics:
        return ""
    return gettext("Fits: %(topics)s", topics=wording.listing(context.topic(t) for t in topics[:TOPICS_TOLD]))


def _warnings(unsuitable: Sequence[str], context: Context) -> tuple[Notice, ...]:
    if not unsuitable:
        return ()
    said = gettext(
        "This provider says: not suitable for “%(topic)s”. Ask before you choose.",
        topic=context.topic(unsuitable[0]),
    )
    return (Notice(Tone.WARNING, gettext("Perhaps not suitable"), said),)


def _place(offer: ListedOffer, km: float | None, place: Place) -> str:
    """Where it is and how far that is, as a fact of the card."""
    far = distance_said(offer.reach, km, place)
    return markup("card_place", f"{offer.places} · {far}" if offer.places and far else offer.places or far)


def telling_parts(
    descriptions: Sequence[ReadText], topics: Sequence[str], question: Question, understander: Understander
) -> list[str]:
    """Of each of these descriptions of offers, all found for `topics`, the part that shows best why."""
    return snippets(descriptions, question.terms, topics[:TOPICS_TOLD], understander) if descriptions else []


def distance_said(reach: Reach, km: float | None, place: Place | None) -> str:
    """`komt bij u thuis, of ongeveer 4 km`; empty where the place of the family is not known."""
    if place is None:
        return ""
    said = _kilometres(km, place) if km is not None and reach.is_visited else ""
    if reach.comes_home:
        said = gettext("comes to your home, or %(distance)s", distance=said) if said else gettext("comes to your home")
    return said


def _kilometres(km: float, place: Place) -> str:
    """`ongeveer 4 km`, never finer than both ends are known."""
    if km < 1 and place.precision is Precision.MUNICIPALITY:
        return gettext("in your municipality")
    return gettext("about %(km)s km", km=max(1, round(km)))


def abbreviations(name: str, text: str, context: Context) -> tuple[Term, ...]:
    """The abbreviations in these texts that the word list explains."""
    found = dict.fromkeys(_ABBREVIATION.findall(name) + _ABBREVIATION.findall(text))
    return tuple(term for term in map(context.word, found) if term.explanation)


_Key = tuple[int, str | None, date, str]


def listed_offers(offer_ids: Sequence[int], context: Context) -> list[ListedOffer]:
    """Those of these offers that exist, in their order; each is prepared once a revision, place, day and language.

    Where addresses carry something of this visit they are prepared anew.
    """
    if carried():
        return _prepare(offer_ids, context)
    seen_from = (context.situation.municipality, context.today, context.language)

    def prepare(missing: list[_Key]) -> dict[_Key, ListedOffer]:
        return {(offer.offer_id, *seen_from): offer for offer in _prepare([key[0] for key in missing], context)}

    keys: list[_Key] = [(offer_id, *seen_from) for offer_id in offer_ids]
    return _remembered().recall_many(current_facts().revision, keys, prepare)


def _prepare(offer_ids: Sequence[int], context: Context) -> list[ListedOffer]:
    session = current_session()
    offers = queries.offers_with_providers(session, offer_ids)
    providers = {offer.provider_id for offer in offers}
    figures = newest_figures(session, providers, Indicator.GOALS_REACHED, EVERYBODY)
    told = quotes(session, providers)
    return [
        _listed(
            offer, figures.get((offer.provider_id, offer.arrangement or "")), told.get(offer.provider_id), context
        )
        for offer in offers
    ]  # fmt: skip


def _listed(
    offer: Offer, figure: Figure | None, quote: tuple[Voice, str] | None, context: Context
) -> ListedOffer:  # fmt: skip
    status = status_of(offer, offer.provider.contracts, context.situation)
    card = offer_card(offer, offer.provider, status, context)
    # Figures are about help with a referral, so a card of free help has none. There is no order by them.
    outcome = "" if figure is None or card.is_free else sentence_of(figure, current_rules(), context)
    told = Quote(wording.teaser(quote[1], LONGEST_QUOTE), gettext(VOICES[quote[0]])) if quote else None
    # Most of it is the same for another municipality, and much for other offers.
    head, facts, waiting, end = map(sys.intern, around_gaps("result_card", card, told, outcome))
    return ListedOffer(
        offer_id=offer.id,
        name=sys.intern(offer.name),
        description=read_text(offer.description, current_engine().understander),
        places=sys.intern(card.places),
        reach=Reach.of(offer.settings, bool(offer.location_identifiers)),
        has_abbreviations=bool(_ABBREVIATION.search(offer.name) or _ABBREVIATION.search(offer.description)),
        key=card.save.key if card.save else "",
        head=head,
        facts=facts,
        place=sys.intern(str(markup("card_place", card.places))),
        waiting=waiting,
        kind=sys.intern(str(markup("card_kind", card.arrangement))),
        end=end,
    )


def _remembered() -> Remembered:
    """This application's memory of offers in lists; made at first use."""
    return cast(Remembered, current_app.extensions.setdefault("portal.listed_offers", Remembered(MOST_REMEMBERED)))
