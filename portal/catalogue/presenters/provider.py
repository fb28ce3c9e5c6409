"""The page of a provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.catalogue import wording
from portal.catalogue.availability import status_of
from portal.catalogue.models import Offer, Provider
from portal.catalogue.presenters.common import (
    ConsortiumCard,
    Context,
    ContractLine,
    LocationLine,
    MunicipalityHelp,
    OfferCard,
    RouteStep,
    can_begin,
    consortium_cards,
    contact_links,
    contract_lines,
    crisis_notice,
    family_home_road,
    free_road,
    location_lines,
    offer_cards,
    place_names,
    provider_link,
    road_link,
    route_steps,
    stale_notice,
    tells_when,
    waiting_line,
)
from portal.catalogue.queries import CRISIS, FAMILY_HOME
from portal.catalogue.types import Gender, OfferAccess, OfferStatus, ProviderSize
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Fact, Link, Notice, Option, Term, Tone


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
    how_soon: Fact | None
    """None where one cannot choose this provider now."""
    how_to_get_there: Fact | None
    offers: tuple[OfferCard, ...]
    """Those that can be chosen, or are decided elsewhere."""
    past_offers: tuple[OfferCard, ...]
    """Those whose contract has ended or never was, each saying so."""
    way_of_working: tuple[Fact, ...]
    """The "klik" profile: team, first meeting, same worker, evenings, identity, languages."""
    quality: tuple[Term, ...]
    locations: tuple[LocationLine, ...]
    contracts: tuple[ContractLine, ...]
    consortia: tuple[ConsortiumCard, ...]
    contact: tuple[Link, ...]
    """Phone, mail, website, complaints."""
    route: tuple[RouteStep, ...]
    """Empty where one cannot choose this provider now."""
    roads: tuple[Link, ...]
    """The whole road to each kind of help that can be chosen here and needs a referral."""
    alternatives: Link
    """Whom one can choose."""
    municipalities: tuple[Option, ...]
    """To choose one's own municipality (`gemeente`), so that the page can name its access point."""
    help_nearby: MunicipalityHelp | None
    last_checked: str
    correction_href: str
    """Where anybody says that something is not right."""
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
    statuses = [(offer, status_of(offer, provider.contracts, context.situation)) for offer in provider.offers]
    living = [offer for offer, status in statuses if status is not OfferStatus.WITHDRAWN]
    to_choose = [offer for offer, status in statuses if status.is_open]
    told = to_choose or living
    checked_on = last_checked_on(living)
    see_others = Link(gettext("See whom you can choose"), context.leads.search(context.place))
    return ProviderPage(
        name=provider.name,
        summary=provider.summary or "",
        about=wording.paragraphs(provider.about),
        notices=_notices(provider, statuses, see_others, context)
        + (stale_notice(checked_on, context) if to_choose else ()),
        for_whom=Fact(gettext("For whom"), _for_whom(told)),
        what=Fact(gettext("What"), _what(told, context)),
        where=Fact(gettext("Where"), _where(provider, told, context)),
        how_soon=_how_soon([pair for pair in statuses if pair[1].is_open], context),
        how_to_get_there=Fact(gettext("How to get it"), _road(to_choose, context)) if to_choose else None,
        offers=tuple(card for card, status in cards if status.is_open),
        past_offers=tuple(card for card, status in cards if not status.is_open),
        way_of_working=_way_of_working(provider, context),
        quality=tuple(context.word(mark) for mark in provider.quality_marks),
        locations=location_lines(provider.locations, context),
        contracts=contract_lines(provider.contracts, provider.region.name, context),
        consortia=consortium_cards(provider.consortia, provider, context),
        contact=contact_links(provider),
        route=route_steps(_typical(to_choose), context) if to_choose else (),
        roads=_roads(to_choose, context),
        alternatives=see_others,
        municipalities=municipalities,
        help_nearby=help_nearby,
        last_checked=last_checked(checked_on),
        correction_href=link("corrections.say", aanbieder=provider.slug),
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
    provider: Provider, statuses: list[tuple[Offer, OfferStatus]], see_others: Link, context: Context
) -> tuple[Notice, ...]:
    notices = []
    if provider.successor is not None:
        successor = provider_link(provider.successor, context)
        notices.append(Notice(Tone.WARNING, gettext("This provider has merged into another"), links=(successor,)))
    if not any(status.is_open for _offer, status in statuses):
        notices.append(
            Notice(
                Tone.WARNING,
                gettext("You cannot choose this provider now"),
                gettext(
                    "%(why)s Is your child already helped here? Ask your municipality how the help goes on.",
                    why=gettext(_why_not(statuses)),
                ),
                (see_others,),
            )
        )
    return tuple(notices)


def _why_not(statuses: list[tuple[Offer, OfferStatus]]) -> str:
    """Why nothing of a provider can be chosen: true of all that it offers, or of what comes nearest to it."""
    found = {status for _offer, status in statuses}
    if not statuses:
        return N_("We do not know yet which help there is here.")
    if found == {OfferStatus.WITHDRAWN}:
        return N_("The help that was here has stopped.")
    if OfferStatus.STARTS_LATER in found:
        return N_("The contract for the help here begins later.")
    if OfferStatus.ENDED in found:
        return N_("The contract for the help here has ended.")
    refused = [offer for offer, status in statuses if status is OfferStatus.NOT_CONTRACTED]
    if all(offer.access is OfferAccess.FREE for offer in refused):
        return N_("The help here is not meant for families of your municipality.")
    return N_("There is no contract at the moment.")


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
    arrangements = {offer.arrangement for offer in offers}
    arrangement = arrangements.pop() if len(arrangements) == 1 else None
    kinds = wording.where({setting for offer in offers for setting in offer.settings}, arrangement)
    places = place_names(provider.locations, context)
    if len(places) > 4:
        places = [*places[:3], gettext("%(num)s more places", num=len(places) - 3)]
    return ". ".join(wording.capitalized(part) for part in (kinds, wording.listing(places)) if part) or gettext(
        "Not given"
    )


def _how_soon(to_choose: list[tuple[Offer, OfferStatus]], context: Context) -> Fact | None:
    if not to_choose:
        return None
    label = gettext("How soon")
    beginning = [(offer, status) for offer, status in to_choose if can_begin(offer, status)]
    if not beginning:
        return Fact(label, gettext("No new families for now"))
    waited_for = [(offer, status) for offer, status in beginning if offer.arrangement != CRISIS]
    if not waited_for or len(beginning) == 1:
        return Fact(label, waiting_line(*beginning[0], context))
    told = [offer for offer, _ in waited_for if tells_when(offer)]
    if not told:
        return Fact(label, gettext("The provider has not told us how long you wait."))
    talks = [offer.waiting_weeks_intake for offer in told if offer.waiting_weeks_intake is not None]
    starts = [offer.waiting_weeks_start for offer in told if offer.waiting_weeks_start is not None]
    parts = [gettext("Urgent help: at once")] if len(waited_for) < len(beginning) else []
    if talks:
        parts.append(gettext("First talk: %(weeks)s", weeks=wording.weeks_between(min(talks), max(talks))))
    if starts:
        parts.append(gettext("Help begins: %(weeks)s", weeks=wording.weeks_between(min(starts), max(starts))))
    return Fact(label, " · ".join(parts), gettext("It differs per kind of help; see below."))


def _road(to_choose: list[Offer], context: Context) -> str:
    if all(offer.access is OfferAccess.FREE for offer in to_choose):
        return free_road(to_choose)
    arrangements = {offer.arrangement for offer in to_choose}
    if arrangements == {CRISIS}:
        return crisis_notice(context).text
    if arrangements == {FAMILY_HOME}:
        return family_home_road()
    if all(context.is_decided_elsewhere(arrangement) for arrangement in arrangements):
        return gettext("Usually a court decides about this help.")
    return gettext("Through your municipality, GP, youth doctor or a medical specialist. It costs nothing.")


def _roads(offers: list[Offer], context: Context) -> tuple[Link, ...]:
    one_each = {offer.arrangement: offer for offer in offers}.values()
    kinds = ((offer, context.arrangement(offer.arrangement).label) for offer in one_each)
    found = (road_link(offer, gettext("The whole road: %(kind)s", kind=kind), context) for offer, kind in kinds)
    return tuple(filter(None, found))


def _typical(offers: list[Offer]) -> Offer | None:
    """The offer whose road holds for all of them, if there is one."""
    roads = {OfferAccess.FREE if offer.access is OfferAccess.FREE else offer.arrangement for offer in offers}
    return offers[0] if len(roads) == 1 else None


def _way_of_working(provider: Provider, context: Context) -> tuple[Fact, ...]:
    facts = []
    if provider.size is not None:
        alone = provider.size is ProviderSize.SOLO and provider.team_size == 1
        team = (
            ngettext("(%(num)s worker)", "(%(num)s workers)", provider.team_size)
            if provider.team_size and not alone
            else ""
        )
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
