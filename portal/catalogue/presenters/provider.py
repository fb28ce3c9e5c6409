"""The page of a provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.catalogue import wording
from portal.catalogue.models import Offer, Provider
from portal.catalogue.presenters.common import (
    ConsortiumCard,
    Context,
    ContractLine,
    LocationLine,
    MunicipalityHelp,
    OfferCard,
    RouteStep,
    consortium_cards,
    contact_links,
    contract_lines,
    location_lines,
    offer_cards,
    place_names,
    route_steps,
)
from portal.catalogue.types import Gender, OfferAccess
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.pages import Fact, Link, Notice, Option, Tone


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """A provider."""

    name: str
    summary: str
    about: tuple[str, ...]
    """Paragraphs."""
    notices: tuple[Notice, ...]
    """Stale profile, merged, no contract any more …"""
    for_whom: Fact
    what: Fact
    where: Fact
    how_soon: Fact
    how_to_get_there: Fact
    offers: tuple[OfferCard, ...]
    """Those that can be chosen, or are decided elsewhere."""
    past_offers: tuple[OfferCard, ...]
    """Those whose contract has ended or never was, each saying so."""
    way_of_working: tuple[Fact, ...]
    """The "klik" profile: team, first meeting, same worker, evenings, identity, languages."""
    quality: tuple[str, ...]
    locations: tuple[LocationLine, ...]
    contracts: tuple[ContractLine, ...]
    consortia: tuple[ConsortiumCard, ...]
    contact: tuple[Link, ...]
    """Phone, mail, website, complaints."""
    route: tuple[RouteStep, ...]
    municipalities: tuple[Option, ...]
    """To choose one's own municipality (`gemeente`), so that the page can name its access point."""
    help_nearby: MunicipalityHelp | None
    last_checked: str
    """"Laatst nagekeken op 3 november 2026."."""
    registration: tuple[Fact, ...]
    """KvK and AGB."""


def provider_page(
    provider: Provider,
    municipalities: tuple[Option, ...],
    help_nearby: MunicipalityHelp | None,
    context: Context,
) -> ProviderPage:
    """The page of a provider, seen from the municipality of `context` if one was chosen."""
    cards = offer_cards(provider, context)
    open_cards = tuple(card for card, status in cards if status.is_open)
    living = [offer for offer in provider.offers if offer.withdrawn_on is None or offer.withdrawn_on > context.today]
    checked_on = last_checked_on(living)
    only_free = bool(living) and all(offer.access is OfferAccess.FREE for offer in living)
    return ProviderPage(
        name=provider.name,
        summary=provider.summary or "",
        about=wording.paragraphs(provider.about),
        notices=_notices(provider, bool(open_cards), checked_on, context),
        for_whom=Fact(gettext("For whom"), _for_whom(living)),
        what=Fact(gettext("What"), _what(living, context)),
        where=Fact(gettext("Where"), _where(provider, living, context)),
        how_soon=_how_soon(living, context),
        how_to_get_there=Fact(
            gettext("How to get there"),
            gettext("Call or walk in; no referral needed")
            if only_free
            else gettext("Through your municipality, GP, youth doctor or a medical specialist. It costs nothing."),
        ),
        offers=open_cards,
        past_offers=tuple(card for card, status in cards if not status.is_open),
        way_of_working=_way_of_working(provider, context),
        quality=tuple(provider.quality_marks),
        locations=location_lines(provider.locations, context),
        contracts=contract_lines(provider.contracts, provider.region.name, context),
        consortia=consortium_cards(provider.consortia, provider),
        contact=contact_links(provider),
        route=route_steps(
            _common_arrangement(living), OfferAccess.FREE if only_free else OfferAccess.REFERRAL, context
        ),
        municipalities=municipalities,
        help_nearby=help_nearby,
        last_checked=last_checked(checked_on),
        registration=tuple(
            Fact(label, value) for label, value in (("KvK", provider.kvk_number), ("AGB", provider.agb_code)) if value
        ),
    )


def last_checked_on(offers: list[Offer]) -> date | None:
    """The latest day on which the provider confirmed one of these offers."""
    return max((offer.checked_on for offer in offers if offer.checked_on), default=None)


def last_checked(day: date | None) -> str:
    """When this was confirmed, in a sentence."""
    if day is None:
        return gettext("We do not know when the provider last checked this.")
    return gettext("Last checked by the provider on %(day)s.", day=wording.full_day(day))


def _notices(
    provider: Provider, has_open_offers: bool, checked_on: date | None, context: Context
) -> tuple[Notice, ...]:
    notices = []
    if provider.successor is not None:
        successor = Link(provider.successor.name, link("catalogue.provider", slug=provider.successor.slug))
        notices.append(Notice(Tone.WARNING, gettext("This provider has merged into another"), link=successor))
    if not has_open_offers:
        notices.append(
            Notice(
                Tone.WARNING,
                gettext("You cannot choose this provider now"),
                gettext(
                    "There is no contract at the moment. Is your child already helped here? "
                    "Ask your municipality how the help goes on."
                ),
                Link(gettext("See whom you can choose"), link("search.results")),
            )
        )
    if checked_on is not None and (context.today - checked_on).days > context.stale_after_days:
        notices.append(
            Notice(
                Tone.INFO,
                gettext("This may be out of date"),
                gettext(
                    "The provider last checked this page on %(day)s. Call to be sure.",
                    day=wording.full_day(checked_on),
                ),
            )
        )
    return tuple(notices)


def _for_whom(offers: list[Offer]) -> str:
    if not offers:
        return gettext("Not given")
    lowest = [offer.age_min for offer in offers]
    highest = [offer.age_max for offer in offers]
    low = None if None in lowest else min(age for age in lowest if age is not None)
    high = None if None in highest else max(age for age in highest if age is not None)
    genders = {offer.gender for offer in offers}
    return wording.for_whom(low, high, genders.pop() if len(genders) == 1 else Gender.ALL)


def _what(offers: list[Offer], context: Context) -> str:
    names = dict.fromkeys(context.arrangement(offer.arrangement).label for offer in offers)
    return wording.capitalized(wording.listing(name.lower() for name in names)) if names else gettext("Not given")


def _where(provider: Provider, offers: list[Offer], context: Context) -> str:
    kinds = wording.settings({setting for offer in offers for setting in offer.settings})
    places = place_names(provider.locations, context)
    if len(places) > 4:
        places = [*places[:3], gettext("%(num)s more places", num=len(places) - 3)]
    return ". ".join(wording.capitalized(part) for part in (kinds, wording.listing(places)) if part) or gettext(
        "Not given"
    )


def _how_soon(offers: list[Offer], context: Context) -> Fact:
    label = gettext("How soon")
    accepting = [offer for offer in offers if offer.accepting_clients]
    if offers and not accepting:
        return Fact(label, gettext("No new families for now"))
    if len(accepting) == 1:
        return Fact(label, wording.waiting(accepting[0].waiting, context.today))
    told = [offer.waiting.intake for offer in accepting if offer.waiting.intake is not None]
    if not told:
        return Fact(label, gettext("Differs per kind of help; see below"))
    shortest, longest = min(told), max(told)
    if shortest == longest:
        return Fact(label, gettext("A first talk is possible %(weeks)s", weeks=wording.weeks(shortest)))
    return Fact(
        label,
        ngettext(
            "A first talk in %(shortest)s to %(num)s week, depending on the kind of help",
            "A first talk in %(shortest)s to %(num)s weeks, depending on the kind of help",
            longest,
            shortest=shortest,
        ),
    )


def _way_of_working(provider: Provider, context: Context) -> tuple[Fact, ...]:
    facts = []
    if provider.size is not None:
        team = ngettext("%(num)s worker", "%(num)s workers", provider.team_size) if provider.team_size else ""
        facts.append(Fact(gettext("How big"), gettext(wording.SIZES[provider.size]), team))
    if provider.first_meeting is not None:
        facts.append(Fact(gettext("Can we get acquainted first?"), gettext(wording.YES_NO[provider.first_meeting])))
    if provider.same_worker is not None:
        facts.append(Fact(gettext("Do we keep the same worker?"), gettext(wording.SAME_WORKER[provider.same_worker])))
    if provider.evening_weekend is not None:
        facts.append(
            Fact(gettext("In the evening or at the weekend?"), gettext(wording.YES_NO[provider.evening_weekend]))
        )
    if provider.languages:
        names = [context.code_lists.label("languages", code, context.language).label for code in provider.languages]
        facts.append(Fact(gettext("Languages"), wording.capitalized(wording.listing(names))))
    if provider.identity:
        facts.append(Fact(gettext("Faith or philosophy"), provider.identity))
    return tuple(facts)


def _common_arrangement(offers: list[Offer]) -> str | None:
    arrangements = {offer.arrangement for offer in offers}
    return arrangements.pop() if len(arrangements) == 1 else None
