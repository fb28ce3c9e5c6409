"""The page of an offer, and of one that was withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from portal.catalogue import wording
from portal.catalogue.availability import agreed_weeks, status_of
from portal.catalogue.models import Method, Offer, Provider
from portal.catalogue.presenters.common import (
    Context,
    LocationLine,
    MunicipalityHelp,
    RouteStep,
    Save,
    alternatives,
    can_begin,
    contact_links,
    is_old,
    location_lines,
    offer_notices,
    provider_link,
    road_link,
    route_steps,
    save_link,
    somewhere_notice,
    stale_notice,
    tells_places,
    tells_when,
)
from portal.catalogue.presenters.provider import last_checked
from portal.catalogue.queries import CRISIS
from portal.catalogue.types import Framework, Gender, OfferStatus
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
    own_topics: tuple[Term, ...]
    """Words of the provider that the topic list does not know."""
    facts: tuple[Fact, ...]
    """For whom, where, form, places free, may one stay after 18 …"""
    not_suitable_for: str
    waiting: tuple[Fact, ...]
    """First talk, start of help, and the agreed norm; empty where nobody can begin here now."""
    old: str
    """That waiting time and free places were told long ago, or empty."""
    locations: tuple[LocationLine, ...]
    route: tuple[RouteStep, ...]
    """Empty where a family cannot choose this offer."""
    road: Link | None
    """The whole road to this kind of help; None where it needs no referral, or is not open."""
    alternatives: Link
    """Other providers of this kind of help."""
    municipalities: tuple[Option, ...]
    help_nearby: MunicipalityHelp | None
    contact: tuple[Link, ...]
    last_checked: str
    correction_href: str
    """Where anybody says that something is not right."""
    save: Save | None
    """None where a family cannot choose it, or does not decide alone."""


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
        provider=provider_link(provider, context),
        arrangement=context.arrangement(offer.arrangement),
        notices=offer_notices(offer, status, context)
        + somewhere_notice(offer, provider, status, context)
        + (stale_notice(offer.checked_on, context) if status.is_open else ()),
        description=wording.paragraphs(offer.description),
        approach=wording.paragraphs(offer.approach),
        methods=tuple(_method_term(name, methods.get(fold(name))) for name in offer.methods),
        topics=tuple(
            Link(context.topic(code), context.leads.search(context.place, topic=code))
            for code in known.values()
            if code
        ),
        own_topics=tuple(context.word(word) for word, code in known.items() if code is None),
        facts=_facts(offer, status, context),
        not_suitable_for=offer.not_suitable_for or "",
        waiting=_waiting(offer, provider, status, context),
        old=_old(offer, status, context),
        locations=location_lines(own_places or provider.locations, context),
        route=route_steps(offer, context) if status.is_open else (),
        road=road_link(offer, gettext("The whole road, step by step"), context) if status.is_open else None,
        alternatives=alternatives(offer, context),
        municipalities=municipalities,
        help_nearby=help_nearby,
        contact=contact_links(provider),
        last_checked=last_checked(offer.checked_on),
        correction_href=link("corrections.say", aanbieder=provider.slug, hulp=offer.identifier),
        save=save_link(offer, provider, status, context),
    )


def gone_offer_page(offer: Offer, provider: Provider, context: Context) -> GoneOfferPage:
    """The page of an offer that was withdrawn."""
    return GoneOfferPage(
        name=offer.name,
        provider=provider_link(provider, context),
        withdrawn=gettext("The provider stopped this help on %(day)s.", day=wording.full_day(offer.withdrawn_on))
        if offer.withdrawn_on
        else "",
        alternatives=Link(
            gettext("See other help of this kind: %(kind)s", kind=context.arrangement(offer.arrangement).label),
            context.leads.search(context.place, arrangement=offer.arrangement),
        ),
        what_now=gettext(
            "Is your child already helped here? Then the provider and your municipality must tell you "
            "how the help goes on. Call the access point of your municipality if you have not heard anything."
        ),
    )


def _method_term(name: str, method: Method | None) -> Term:
    if method is None:
        return Term(name)
    level = (method.evidence or "").rstrip(".")
    evidence = gettext("How well was it studied? %(level)s.", level=level) if level else ""
    source = gettext("Source: %(source)s.", source=method.source) if method.source else ""
    return Term(name, " ".join(part for part in (method.explanation, evidence, source) if part))


def _facts(offer: Offer, status: OfferStatus, context: Context) -> tuple[Fact, ...]:
    facts = [Fact(gettext("For whom"), wording.for_whom(offer.age_min, offer.age_max, Gender.ALL))]
    if offer.gender is not Gender.ALL:
        facts.append(Fact(gettext("Girls or boys"), wording.capitalized(gettext(wording.GENDERS[offer.gender]))))
    if offer.settings:
        facts.append(Fact(gettext("Where"), wording.where(offer.settings, offer.arrangement)))
    if offer.form is not None:
        facts.append(Fact(gettext("How"), gettext(wording.FORMS[offer.form])))
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
    if offer.places_free is not None and tells_places(offer) and can_begin(offer, status):
        told = wording.places_free(
            offer.places_free, offer.waiting_reported_on, context.today, is_old=is_old(offer, context)
        )
        facts.append(Fact(gettext("Free places"), told))
    if offer.continues_until_age is not None:
        facts.append(
            Fact(
                gettext("Can your child stay after 18?"),
                gettext("Yes, until the age of %(age)s", age=offer.continues_until_age)
                if offer.continues_until_age > 18
                else gettext("No, until the age of %(age)s", age=offer.continues_until_age),
            )
        )
    return tuple(facts)


def _old(offer: Offer, status: OfferStatus, context: Context) -> str:
    tells = tells_when(offer) or tells_places(offer)
    if not (can_begin(offer, status) and tells and is_old(offer, context)):
        return ""
    return wording.old(offer.waiting_reported_on, context.today)


def _waiting(offer: Offer, provider: Provider, status: OfferStatus, context: Context) -> tuple[Fact, ...]:
    waiting, today = offer.waiting, context.today
    if not can_begin(offer, status):
        return ()
    if offer.arrangement == CRISIS:
        return (Fact(gettext("Urgent help"), gettext("At once")),)
    told = ((gettext("First talk"), waiting.intake), (gettext("Help begins"), waiting.start))
    facts = [Fact(label, wording.capitalized(wording.weeks(weeks))) for label, weeks in told if weeks is not None]
    if not facts:
        facts.append(Fact(gettext("Waiting time"), gettext("The provider has not told us how long you wait.")))
    elif waiting.reported_on and not is_old(offer, context):
        facts[-1] = replace(facts[-1], note=wording.since(waiting.reported_on, today))
    norm = agreed_weeks(offer, provider.contracts, context.situation)
    if norm is not None:
        facts.append(
            Fact(
                gettext("Agreed with the region"),
                wording.norm(norm),
                explanation=gettext(
                    "This is what the region and the provider agreed. Are you waiting longer? "
                    "Tell the access point of your municipality."
                ),
            )
        )
    return tuple(facts)
