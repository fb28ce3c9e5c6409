"""What the API answers about a question, and the code lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from portal.catalogue import wording
from portal.catalogue.codelists import CodeLists, Route
from portal.catalogue.models import Offer
from portal.catalogue.presenters.common import Context, offer_link, provider_link
from portal.catalogue.types import Form, OfferAccess, ProviderSize, Setting
from portal.core.languages import gettext
from portal.core.text import fold
from portal.search.answers import Answer, Hit
from portal.search.asking import Asked
from portal.search.cards import telling_parts
from portal.search.criteria import LAST_PAGE, READABLE, Criteria, named_by
from portal.search.danger import Danger
from portal.search.danger_notices import danger_notice
from portal.search.question import Question
from portal.search.snippets import read_text
from portal.search.understanding import TopicGuess, Understander


@dataclass(frozen=True, slots=True)
class Understood:
    """A part of the question, and the filter or topic that it was taken for."""

    words: Annotated[str | None, "The words as typed that say so; null where the question as a whole does."]
    as_: Annotated[str, "What they were taken for: a value of `parameter`."]
    label: Annotated[str, "The same in words."]
    parameter: Annotated[str, "`onderwerp` for a topic; `leeftijd`, `gemeente`, `postcode` or `voor` for a filter that "
                              "is on. `PARAMETER=alle` takes such a filter off."]  # fmt: skip
    likelihood: Annotated[float | None, "Of a topic, as a share of the likeliest one."]


@dataclass(frozen=True, slots=True)
class DangerNotice:
    """Whom to call first. Show this before any result."""

    kind: Danger
    title: str
    text: str
    phones: tuple[str, ...]
    """Numbers to call, as digits, the first one first."""
    website: str | None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A choice of a filter."""

    value: Annotated[str, "As the parameter of that name takes it."]
    label: str
    count: Annotated[int, "How many providers this choice would leave, under all other filters."]


@dataclass(frozen=True, slots=True)
class OfferFound:
    """The offer of a provider that fits best; all filters hold for it."""

    offer_id: Annotated[str, "Identifier of the data package."]
    name: str
    arrangement: Annotated[str | None, "Code of `/api/v1/arrangements`."]
    arrangement_label: str
    matched: Annotated[tuple[str, ...], "The part of its text that shows why it was found."]
    topics: Annotated[tuple[str, ...], "Topics of the question that it is about: codes of `/api/v1/topics`."]
    not_suitable_for: Annotated[tuple[str, ...], "Topics of the question for which its provider says that it is not "
                                                 "suitable. Show them as a warning."]  # fmt: skip
    accepting_clients: Annotated[bool, "False: an intake stop."]
    waiting_weeks_intake: int | None
    waiting_weeks_start: int | None
    waiting_reported_on: Annotated[date | None, "The day on which the waiting times were true. Show it beside them."]
    page: Annotated[str, "Address of its page."]


@dataclass(frozen=True, slots=True)
class ProviderFound:
    """A provider of which an offer fits."""

    provider_id: Annotated[str, "Identifier of the data package."]
    slug: Annotated[str, "Its part of the address `/api/v1/providers/{slug}`."]
    name: str
    summary: str | None
    offers: tuple[OfferFound, ...]
    distance_km: Annotated[float | None, "As the crow flies to the nearest place of the offer; null where no place was "
                                         "asked for or known."]  # fmt: skip
    waiting_weeks_start: Annotated[int | None, "Weeks until the help of that offer begins."]
    page: Annotated[str, "Address of its page."]


@dataclass(frozen=True, slots=True)
class ProvidersFound:
    """One page of an answer, and how the question was understood."""

    total: Annotated[int, "How many providers fit."]
    page: int
    per_page: int
    next: Annotated[str | None, "Address of the next page."]
    previous: Annotated[str | None, "Address of the page before."]
    understood: tuple[Understood, ...]
    not_understood: Annotated[tuple[str, ...], "Words of the question that mean nothing to us."]
    suggestion: Annotated[str | None, "The question as it was read, where words looked mistyped."]
    dangers: tuple[DangerNotice, ...]
    by_meaning: Annotated[bool, "False while the index is being made ready: then the words themselves were looked up."]
    facets: Annotated[Mapping[str, tuple[FacetValue, ...]], "By name of the parameter."]
    results: tuple[ProviderFound, ...]


@dataclass(frozen=True, slots=True)
class ArrangementEntry:
    """A kind of help that is contracted."""

    code: str
    label: str
    explanation: str
    parent: Annotated[str | None, "Code of what it is a part of."]
    form: Form
    product_category: Annotated[tuple[str, ...], "Codes of the Dutch standard iJw (JZ020)."]
    route: Annotated[Route, "Who decides: the family's choice, or a court or one front door."]


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """What help is about."""

    code: str
    label: str
    explanation: str
    parent: Annotated[str | None, "Code of what it is a part of."]
    words: Annotated[tuple[str, ...], "What families say."]


@dataclass(frozen=True, slots=True)
class MunicipalityEntry:
    """A municipality."""

    code: Annotated[str, "CBS code."]
    name: str
    province: str
    youth_region: Annotated[str, "Name of its youth region."]
    served: Annotated[bool, "Whether this portal is for its families."]


@dataclass(frozen=True, slots=True)
class Arrangements:
    """All kinds of help, in their order."""

    total: int
    results: tuple[ArrangementEntry, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics, in their order."""

    total: int
    results: tuple[TopicEntry, ...]


@dataclass(frozen=True, slots=True)
class Municipalities:
    """All municipalities."""

    total: int
    results: tuple[MunicipalityEntry, ...]


def providers_found(
    asked: Asked, offers: Sequence[Offer], understander: Understander, site: str, page_address: Callable[[int], str]
) -> ProvidersFound:
    """The answer to `asked`, of which `offers` are the hits, in their order.

    `site` is the public address of the portal, and `page_address` gives that of another page of the same answer.
    """
    criteria, found, context = asked.criteria, asked.found, asked.context
    last = max(1, -(-found.total // criteria.per_page))
    return ProvidersFound(
        total=found.total,
        page=criteria.page,
        per_page=criteria.per_page,
        next=page_address(criteria.page + 1) if criteria.page < min(last, LAST_PAGE) else None,
        previous=page_address(min(criteria.page - 1, last)) if criteria.page > 1 else None,
        understood=tuple(_understood(criteria, found.question, context)),
        not_understood=found.question.unknown,
        suggestion=_suggestion(criteria.q, found.question),
        dangers=tuple(_danger(danger) for danger in found.question.dangers),
        by_meaning=found.from_index,
        facets=_facets(found, context),
        results=tuple(
            _provider_found(hit, offer, found.question, understander, site, context)
            for hit, offer in zip(found.hits, offers, strict=True)
        ),
    )


def _understood(criteria: Criteria, question: Question, context: Context) -> Iterator[Understood]:
    for guess in question.topics:
        words, likelihood = _words_of(guess, criteria.q, question), round(guess.likelihood, 3)
        yield Understood(words, guess.topic, context.topic(guess.topic), "onderwerp", likelihood)
    for field, value in named_by(question).items():
        if getattr(criteria, field) == value and READABLE[field] not in criteria.not_read:
            said = value[0] if isinstance(value, tuple) else value
            yield Understood(None, str(said), _filter_label(field, said, context), READABLE[field], None)


def _words_of(guess: TopicGuess, q: str, question: Question) -> str | None:
    """The words of `q`, as typed and in their order, that point to the topic."""
    telling = {word for words in guess.words for word in fold(words).split()}
    telling |= {fold(typed) for typed, meant in question.corrections if fold(meant) in telling}
    return " ".join(word for word in re.findall(r"[\w'-]+", q) if fold(word) in telling) or None


def _filter_label(field: str, value: object, context: Context) -> str:
    """A filter that the question names, in words."""
    match field:
        case "age":
            return gettext("%(age)s years", age=value)
        case "municipality":
            return context.municipality(str(value))
        case "gender":
            return gettext("for a girl") if value == "girls" else gettext("for a boy")
        case "languages":
            return context.code_lists.label("languages", str(value), context.language).label
    return str(value)


def _suggestion(q: str, question: Question) -> str | None:
    """The question with the words that we read for those that were typed."""
    suggestion = q
    for typed, meant in question.corrections:
        suggestion = re.sub(rf"(?i)\b{re.escape(typed)}\b", meant, suggestion, count=1)
    return suggestion if suggestion != q else None


def _danger(danger: Danger) -> DangerNotice:
    notice = danger_notice(danger)
    return DangerNotice(
        danger,
        notice.title,
        notice.text,
        tuple(link.href.removeprefix("tel:") for link in notice.links if link.href.startswith("tel:")),
        next((link.href for link in notice.links if link.href.startswith("https:")), None),
    )


def _facets(found: Answer, context: Context) -> dict[str, tuple[FacetValue, ...]]:
    lists = context.code_lists
    labels: dict[str, dict[str, str]] = {
        "arrangement": {code: context.arrangement(code).label for code in lists.arrangements},
        "onderwerp": {code: context.topic(code) for code in lists.topics},
        "waar": {setting: wording.setting(setting) for setting in Setting},
        "taal": {code: lists.label("languages", code, context.language).label for code in lists.languages},
        "grootte": {size: gettext(wording.SIZES[size]) for size in ProviderSize},
    }
    facets = {
        name: tuple(FacetValue(str(v), label, counts[v]) for v, label in labels[name].items() if v in counts)
        for name, counts in found.counts.items()
        if name in labels
    }
    free = found.counts["vrij"].get(OfferAccess.FREE, 0)
    return {**facets, "vrij": (FacetValue("ja", gettext("Only help without a referral"), free),)}


def _provider_found(
    hit: Hit, offer: Offer, question: Question, understander: Understander, site: str, context: Context
) -> ProviderFound:
    provider = offer.provider
    return ProviderFound(
        provider_id=provider.identifier,
        slug=provider.slug,
        name=provider.name,
        summary=provider.summary,
        offers=(
            OfferFound(
                offer_id=offer.identifier,
                name=offer.name,
                arrangement=offer.arrangement,
                arrangement_label=context.arrangement(offer.arrangement).label,
                matched=tuple(
                    telling_parts([read_text(offer.description, understander)], hit.topics, question, understander)
                )
                if question.terms
                else (),
                topics=hit.topics,
                not_suitable_for=hit.unsuitable,
                accepting_clients=offer.accepting_clients,
                waiting_weeks_intake=offer.waiting_weeks_intake,
                waiting_weeks_start=offer.waiting_weeks_start,
                waiting_reported_on=offer.waiting_reported_on,
                page=site + offer_link(offer, provider, context),
            ),
        ),
        distance_km=None if hit.distance_km is None else round(hit.distance_km, 1),
        waiting_weeks_start=offer.waiting_weeks_start,
        page=site + provider_link(provider, context).href,
    )


def arrangements(lists: CodeLists, language: str) -> Arrangements:
    """The list of arrangements with labels in `language`."""
    found = []
    for entry in lists.arrangements.values():
        label = lists.label("arrangements", entry.code, language)
        of_list = (entry.code, label.label, label.explanation, entry.parent)
        found.append(ArrangementEntry(*of_list, entry.form, entry.product_category, entry.route))
    return Arrangements(len(found), tuple(found))


def topics(lists: CodeLists, language: str) -> Topics:
    """The list of topics with labels and families' words in `language`."""
    found = []
    for entry in lists.topics.values():
        label = lists.label("topics", entry.code, language)
        found.append(TopicEntry(entry.code, label.label, label.explanation, entry.parent, label.words))
    return Topics(len(found), tuple(found))


def municipalities(lists: CodeLists, served: Collection[str]) -> Municipalities:
    """The list of municipalities by name; `served` are the CBS codes for whose families the portal is."""
    regions = lists.youth_regions
    found = [
        MunicipalityEntry(m.code, m.name, m.province, regions.get(m.youth_region, ""), m.code in served)
        for m in lists.municipalities_of(None)
    ]
    return Municipalities(len(found), tuple(found))
