"""The page of an offer, and of one that was withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.catalogue import wording
from portal.catalogue.availability import status_of
from portal.catalogue.models import Method, Offer, Provider
from portal.catalogue.presenters.common import (
    Context,
    LocationLine,
    MunicipalityHelp,
    RouteStep,
    contact_links,
    location_lines,
    offer_notices,
    route_steps,
)
from portal.catalogue.presenters.provider import last_checked
from portal.catalogue.types import ContractBasis, Framework, Gender
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Fact, Link, Notice, Option, Term
from portal.core.text import fold


@dataclass(frozen=True, slots=True)
class OfferPage:
    """One offer of a provider."""

    name: str
    provider: Link
    arrangement: Term
    notices: tuple[Notice, ...]
    description: tuple[str, ...]
    approach: tuple[str, ...]
    methods: tuple[Term, ...]
    topics: tuple[Link, ...]
    own_topics: tuple[str, ...]
    """Words of the provider that the topic list does not know."""
    facts: tuple[Fact, ...]
    """For whom, where, form, places free, may one stay after 18 …"""
    not_suitable_for: str
    waiting: tuple[Fact, ...]
    """To a first talk, to the start, and the agreed norm; each with its date."""
    locations: tuple[LocationLine, ...]
    route: tuple[RouteStep, ...]
    municipalities: tuple[Option, ...]
    help_nearby: MunicipalityHelp | None
    contact: tuple[Link, ...]
    last_checked: str


@dataclass(frozen=True, slots=True)
class GoneOfferPage:
    """An offer that was withdrawn (shown with status 410)."""

    name: str
    provider: Link
    withdrawn: str
    """"De aanbieder is hier op 13 oktober 2026 mee gestopt."."""
    alternatives: Link
    """Other offers of the same kind."""
    what_now: str


def offer_page(
    offer: Offer,
    provider: Provider,
    methods: Mapping[str, Method],
    municipalities: tuple[Option, ...],
    help_nearby: MunicipalityHelp | None,
    context: Context,
) -> OfferPage:
    """The page of an offer, seen from the municipality of `context` if one was chosen."""
    status = status_of(offer, provider.contracts, context.situation)
    known = {word: context.code_lists.topic(word) for word in offer.topics}
    own_places = [place for place in provider.locations if place.identifier in offer.location_identifiers]
    return OfferPage(
        name=offer.name,
        provider=_provider_link(provider),
        arrangement=context.arrangement(offer.arrangement),
        notices=offer_notices(offer, status, context),
        description=wording.paragraphs(offer.description),
        approach=wording.paragraphs(offer.approach),
        methods=tuple(_method_term(name, methods.get(fold(name))) for name in offer.methods),
        topics=tuple(
            Link(context.topic(code), link("search.results", onderwerp=code)) for code in known.values() if code
        ),
        own_topics=tuple(word for word, code in known.items() if code is None),
        facts=_facts(offer, context),
        not_suitable_for=offer.not_suitable_for or "",
        waiting=_waiting(offer, provider, context),
        locations=location_lines(own_places or provider.locations, context),
        route=route_steps(offer.arrangement, offer.access, context),
        municipalities=municipalities,
        help_nearby=help_nearby,
        contact=contact_links(provider),
        last_checked=last_checked(offer.checked_on),
    )


def gone_offer_page(offer: Offer, provider: Provider, context: Context) -> GoneOfferPage:
    """The page of an offer that was withdrawn."""
    return GoneOfferPage(
        name=offer.name,
        provider=_provider_link(provider),
        withdrawn=gettext("The provider stopped this help on %(day)s.", day=wording.full_day(offer.withdrawn_on))
        if offer.withdrawn_on
        else "",
        alternatives=Link(
            gettext("See other help of this kind: %(kind)s", kind=context.arrangement(offer.arrangement).label),
            link("search.results", arrangement=offer.arrangement),
        ),
        what_now=gettext(
            "Is your child already helped here? Then the provider and your municipality must tell you "
            "how the help goes on. Call the access point of your municipality if you have not heard anything."
        ),
    )


def _provider_link(provider: Provider) -> Link:
    return Link(provider.name, link("catalogue.provider", slug=provider.slug), provider.summary or "")


def _method_term(name: str, method: Method | None) -> Term:
    if method is None:
        return Term(name)
    evidence = gettext("Level of evidence: %(level)s.", level=method.evidence) if method.evidence else ""
    source = gettext("Source: %(source)s.", source=method.source) if method.source else ""
    return Term(name, " ".join(part for part in (method.explanation, evidence, source) if part))


def _facts(offer: Offer, context: Context) -> tuple[Fact, ...]:
    facts = [Fact(gettext("For whom"), wording.for_whom(offer.age_min, offer.age_max, Gender.ALL))]
    if offer.gender is not Gender.ALL:
        facts.append(Fact(gettext("Girls or boys"), wording.capitalized(gettext(wording.GENDERS[offer.gender]))))
    if offer.settings:
        facts.append(Fact(gettext("Where"), wording.capitalized(wording.settings(offer.settings))))
    if offer.form is not None:
        facts.append(Fact(gettext("Alone or in a group"), gettext(wording.FORMS[offer.form])))
    if offer.municipalities:
        names = sorted(context.municipality(code) for code in offer.municipalities)
        facts.append(Fact(gettext("Only for families in"), wording.listing(names)))
    if offer.framework is not Framework.VOLUNTARY:
        facts.append(
            Fact(
                gettext("Voluntary or not"),
                gettext(wording.FRAMEWORKS[offer.framework]),
                explanation=gettext(
                    "Voluntary help you accept yourself. Mandatory help follows from a decision of a court."
                ),
            )
        )
    if offer.places_free is not None:
        facts.append(
            Fact(
                gettext("Free places"),
                wording.places_free(offer.places_free, offer.waiting_reported_on, context.today),
            )
        )
    if offer.continues_until_age is not None:
        facts.append(
            Fact(
                gettext("May one stay after 18?"),
                gettext("Yes, until %(age)s years", age=offer.continues_until_age)
                if offer.continues_until_age > 18
                else gettext("No, until %(age)s years", age=offer.continues_until_age),
            )
        )
    return tuple(facts)


def _waiting(offer: Offer, provider: Provider, context: Context) -> tuple[Fact, ...]:
    waiting, today = offer.waiting, context.today
    note = gettext("reported on %(day)s", day=wording.day(waiting.reported_on, today)) if waiting.reported_on else ""
    if (waiting.intake, waiting.start) != (None, None) and waiting.is_stale(today, context.stale_waiting_after_days):
        note = f"{note}; " * bool(note) + gettext("this may no longer be right")
    facts = []
    if waiting.intake is not None:
        facts.append(Fact(gettext("Until the first talk"), wording.capitalized(wording.weeks(waiting.intake)), note))
    if waiting.start is not None:
        facts.append(Fact(gettext("Until the help starts"), wording.capitalized(wording.weeks(waiting.start)), note))
    if not facts:
        facts.append(Fact(gettext("Waiting time"), gettext("The provider has not told us how long you wait.")))
    norms = [
        contract.max_waiting_weeks
        for contract in provider.contracts
        if contract.arrangement == offer.arrangement
        and contract.basis is not ContractBasis.SUBSIDY
        and contract.max_waiting_weeks is not None
        and contract.start_date <= today
        and (contract.end_date is None or contract.end_date >= today)
    ]
    if norms:
        facts.append(
            Fact(
                gettext("Agreed with the region"),
                wording.norm(max(norms)),
                explanation=gettext(
                    "This is what the region and the provider agreed. Do you wait longer? "
                    "Tell the access point of your municipality."
                ),
            )
        )
    return tuple(facts)
