"""Pages in easy language (A2): short sentences with one thing in each, spoken to a young person."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from portal.catalogue import wording
from portal.catalogue.availability import status_of
from portal.catalogue.models import Offer, Provider
from portal.catalogue.presenters.common import (
    AccessPointCard,
    Context,
    MunicipalityHelp,
    can_begin,
    contact_links,
    is_old,
    tells_when,
)
from portal.catalogue.presenters.common import place_names as names_of_places
from portal.catalogue.queries import CRISIS
from portal.catalogue.types import OfferAccess, OfferStatus, SameWorker
from portal.core.languages import gettext, ngettext
from portal.core.messages import N_
from portal.core.pages import Link, Option, Term


@dataclass(frozen=True, slots=True)
class EasyProviderPage:
    """A provider in easy language; every text is a sentence or two that can be read aloud."""

    name: str
    can_choose: str
    """Whether one can get help here now."""
    for_whom: str
    kinds: tuple[Term, ...]
    """The kinds of help, each with what it is."""
    where: tuple[str, ...]
    waiting: tuple[str, ...]
    ways: tuple[str, ...]
    """How they work; empty where they told nothing."""
    cost: str
    road: str
    contact: tuple[Link, ...]
    municipalities: tuple[Option, ...]
    help_nearby: MunicipalityHelp | None


_SAME_WORKER = {
    SameWorker.ALWAYS: N_("You always talk with the same person."),
    SameWorker.USUALLY: N_("You mostly talk with the same person."),
    SameWorker.NO: N_("You do not always talk with the same person."),
}


def easy_provider_page(
    provider: Provider, municipalities: tuple[Option, ...], help_nearby: MunicipalityHelp | None, context: Context
) -> EasyProviderPage:
    """The page of a provider in easy language, seen from the municipality of `context` if one was chosen."""
    statuses = [(offer, status_of(offer, provider.contracts, context.situation)) for offer in provider.offers]
    to_choose = [offer for offer, status in statuses if status.is_open]
    living = to_choose or [offer for offer, status in statuses if status is not OfferStatus.WITHDRAWN]
    beginning = [offer for offer, status in statuses if can_begin(offer, status)]
    return EasyProviderPage(
        name=provider.name,
        can_choose=_can_choose(to_choose, beginning, context),
        for_whom=_for_whom(living),
        kinds=tuple(_kind(code, context) for code in dict.fromkeys(offer.arrangement for offer in living)),
        where=_where(provider, living, context),
        waiting=_waiting(beginning, context),
        ways=_ways(provider, context),
        cost=_cost(to_choose),
        road=_road(to_choose, context),
        contact=tuple(one for one in contact_links(provider) if not one.href.startswith("http")),
        municipalities=municipalities,
        help_nearby=spelled_out(help_nearby),
    )


def _can_choose(to_choose: list[Offer], beginning: list[Offer], context: Context) -> str:
    if not to_choose:
        return gettext("You cannot choose this provider now. You can choose others.")
    if all(context.is_decided_elsewhere(offer.arrangement) for offer in to_choose):
        return gettext("You do not choose this help yourself. A judge or the crisis service decides.")
    if not beginning:
        return gettext("There is no room here now. Call and ask when there is room again.")
    return gettext("Yes. You can get help here.")


def _for_whom(offers: list[Offer]) -> str:
    lowest = [offer.age_min or 0 for offer in offers]
    highest = [offer.age_max for offer in offers if offer.age_max is not None]
    if not offers or (len(highest) < len(offers) and not any(lowest)):
        return gettext("For children and young people of all ages.")
    low = min(lowest)
    if len(highest) < len(offers):
        return gettext("For children and young people of %(low)s years and older.", low=low)
    return gettext("For children and young people of %(low)s up to %(high)s years.", low=low, high=max(highest))


def _kind(code: str | None, context: Context) -> Term:
    term = context.arrangement(code)
    if code is None:
        return term
    return Term(term.label, context.code_lists.label("arrangements", code, context.language).easy or term.explanation)


def _where(provider: Provider, offers: list[Offer], context: Context) -> tuple[str, ...]:
    settings = wording.settings(setting for offer in offers for setting in offer.settings)
    told = [gettext("The help is %(settings)s.", settings=settings)] if settings else []
    places = names_of_places(provider.locations, context)
    if places:
        told.append(gettext("They work in: %(places)s.", places=wording.listing(places)))
    return tuple(told) or (gettext("We do not know where. Call and ask."),)


def _waiting(beginning: list[Offer], context: Context) -> tuple[str, ...]:
    waited_for = [offer for offer in beginning if offer.arrangement != CRISIS]
    told = [gettext("When it is urgent, help comes at once.")] if len(waited_for) < len(beginning) else []
    starts = [offer.waiting_weeks_start for offer in waited_for if offer.waiting_weeks_start is not None]
    talks = [offer.waiting_weeks_intake for offer in waited_for if offer.waiting_weeks_intake is not None]
    days = [offer.waiting_reported_on for offer in waited_for if offer.waiting_reported_on is not None]
    if talks:
        told.append(gettext("The first talk is %(weeks)s.", weeks=wording.weeks_between(min(talks), max(talks))))
    if starts:
        told.append(gettext("The help begins %(weeks)s.", weeks=wording.weeks_between(min(starts), max(starts))))
    if (starts or talks) and days:
        told.append(gettext("The provider said so on %(day)s.", day=wording.full_day(min(days))))
    if any(is_old(offer, context) for offer in waited_for if tells_when(offer)):
        told.append(gettext("That is long ago. Call and ask."))
    return tuple(told) or (gettext("We do not know how long you wait. Call and ask."),)


def _ways(provider: Provider, context: Context) -> tuple[str, ...]:
    told = []
    if provider.first_meeting:
        told.append(gettext("You may first come and get to know them."))
    if provider.same_worker is not None:
        told.append(gettext(_SAME_WORKER[provider.same_worker]))
    if provider.evening_weekend:
        told.append(gettext("There is help in the evening or at the weekend too."))
    if provider.team_size:
        told.append(ngettext("%(num)s person works here.", "%(num)s people work here.", provider.team_size))
    if provider.languages:
        names = [context.code_lists.label("languages", code, context.language).label for code in provider.languages]
        told.append(gettext("They speak %(languages)s.", languages=wording.listing(names)))
    return tuple(told)


def _cost(to_choose: list[Offer]) -> str:
    if to_choose and all(offer.access is OfferAccess.FREE for offer in to_choose):
        return gettext("Nothing, or a small amount. Ask before you begin.")
    return gettext("Nothing. The municipality pays.")


def _road(to_choose: list[Offer], context: Context) -> str:
    if to_choose and all(offer.access is OfferAccess.FREE for offer in to_choose):
        return gettext("You can call or mail them yourself. You need no letter from a doctor.")
    if to_choose and all(context.is_decided_elsewhere(offer.arrangement) for offer in to_choose):
        return gettext("Do you have questions? Someone can help you for free. Ask in your municipality.")
    return gettext("First call the people of your municipality. Or go to your doctor. They help you on.")


def spelled_out(help_nearby: MunicipalityHelp | None) -> MunicipalityHelp | None:
    """The same people, with the days and words of their opening hours written in full, so that they read well aloud."""
    if help_nearby is None:
        return None
    return replace(
        help_nearby,
        access_teams=tuple(_card(card) for card in help_nearby.access_teams),
        others=tuple(_card(card) for card in help_nearby.others),
    )


def _card(card: AccessPointCard) -> AccessPointCard:
    return replace(card, opening_hours=in_full(card.opening_hours) if card.opening_hours else None)


_IN_FULL = {
    "ma": "maandag", "di": "dinsdag", "wo": "woensdag", "do": "donderdag", "vr": "vrijdag", "za": "zaterdag",
    "zo": "zondag", "t/m": "tot en met", "tel": "telefoon", "u": "uur",
}  # fmt: skip
_SHORT = re.compile(rf"\b({'|'.join(_IN_FULL)})\b\.?", re.IGNORECASE)
_HOURS = re.compile(r"(\d{1,2}[.:]\d{2})\s*[-–]\s*(\d{1,2}[.:]\d{2})")


def in_full(opening_hours: str) -> str:
    """`ma t/m vr 8.30-12.30 uur` as `maandag tot en met vrijdag 8.30 tot 12.30 uur`; opening hours are Dutch."""
    whole = _SHORT.sub(lambda found: _IN_FULL[found[1].lower()], opening_hours)
    return _HOURS.sub(r"\1 tot \2", whole)
