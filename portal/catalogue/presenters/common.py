"""What several catalogue pages show: offers, places, contracts, access points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.catalogue import wording
from portal.catalogue.availability import Situation, status_of
from portal.catalogue.codelists import CodeLists, Route
from portal.catalogue.models import AccessPoint, Consortium, Contract, Location, Offer, Provider
from portal.catalogue.types import AccessPointKind, LocationKind, OfferAccess, OfferStatus
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Option, Term, Tone


@dataclass(frozen=True, slots=True)
class AccessPointCard:
    """Who helps a family of a municipality: name, phone and hours."""

    kind: str
    """What it is for, in words: `Toegang`, `Hulp bij een crisis`, …"""
    name: str
    phone: str | None
    phone_href: str | None
    email: str | None
    website: str | None
    address: str | None
    opening_hours: str | None
    explanation: str | None


@dataclass(frozen=True, slots=True)
class MunicipalityHelp:
    """Whom a family can turn to in a municipality."""

    name: str
    access_teams: tuple[AccessPointCard, ...]
    others: tuple[AccessPointCard, ...]
    lighter_help: tuple[Link, ...]
    """Freely accessible offers there."""


@dataclass(frozen=True, slots=True)
class OfferCard:
    """An offer in a list."""

    name: str
    href: str
    provider_name: str
    provider_href: str
    arrangement: Term
    teaser: str
    """The first sentence or two of the description."""
    for_whom: str
    """"12 tot en met 18 jaar · alleen meisjes"."""
    where: str
    """"thuis en op school"."""
    places: str
    """"Heerlen, Kerkrade": municipalities of its locations; empty where it has none."""
    waiting: str
    """"Kennismaken kan over ongeveer 3 weken (opgegeven op 3 november)."."""
    waiting_is_old: bool
    notices: tuple[Notice, ...]
    """Intake stop, contract ended, decided by a court, contract unknown …"""
    is_free: bool


@dataclass(frozen=True, slots=True)
class LocationLine:
    """A place where the provider works; of a confidential one only the municipality."""

    name: str
    kind: str
    address: str
    municipality: str
    confidential: bool
    wheelchair: str
    """"Toegankelijk met een rolstoel", the contrary, or empty where nobody told."""


@dataclass(frozen=True, slots=True)
class ContractLine:
    """What is contracted, where and until when."""

    arrangement: Term
    municipalities: str
    period: str
    norm: str
    """The agreed longest waiting time, or empty."""
    is_current: bool


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One way, or one step, to get this help."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ConsortiumCard:
    """A combination of providers behind one door."""

    name: str
    explanation: str
    contact: str
    members: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What every presenter needs to know besides the rows it presents."""

    situation: Situation
    code_lists: CodeLists
    language: str
    stale_after_days: int
    stale_waiting_after_days: int

    @property
    def today(self) -> date:
        """The date for which the page is made."""
        return self.situation.today

    def arrangement(self, code: str | None) -> Term:
        """The name of an arrangement with its explanation."""
        if code is None:
            return Term(gettext("Kind of help not given"))
        label = self.code_lists.label("arrangements", code, self.language)
        return Term(label.label, label.explanation)

    def topic(self, code: str) -> str:
        """The name of a topic."""
        return self.code_lists.label("topics", code, self.language).label

    def municipality(self, code: str | None) -> str:
        """The name of a municipality; empty for an unknown one."""
        known = self.code_lists.municipalities.get(code or "")
        return known.name if known else ""

    def is_decided_elsewhere(self, arrangement: str | None) -> bool:
        """Whether a court or one front door decides about this arrangement."""
        known = self.code_lists.arrangements.get(arrangement or "")
        return known is not None and known.route is Route.DECIDED


_STATUS_NOTICES = {
    OfferStatus.UNKNOWN: (
        Tone.INFO,
        N_("Contract unknown"),
        N_("We do not know whether your municipality has a contract. Ask the access point."),
    ),
    OfferStatus.STARTS_LATER: (
        Tone.INFO,
        N_("Not yet"),
        N_("The contract for this help starts later."),
    ),
    OfferStatus.ENDED: (
        Tone.WARNING,
        N_("The contract has ended"),
        N_(
            "New families cannot start here. Is your child already helped here? "
            "Your municipality must tell you how the help goes on."
        ),
    ),
    OfferStatus.NOT_CONTRACTED: (
        Tone.WARNING,
        N_("No contract"),
        N_("This help is not under contract here. Ask the access point what is possible."),
    ),
    OfferStatus.WITHDRAWN: (
        Tone.WARNING,
        N_("No longer offered"),
        N_("The provider has stopped this help."),
    ),
}


def offer_notices(offer: Offer, status: OfferStatus, context: Context) -> tuple[Notice, ...]:
    """What stands in the way of choosing this offer, and what to do then."""
    notices = []
    if status in _STATUS_NOTICES:
        tone, title, text = _STATUS_NOTICES[status]
        notices.append(Notice(tone, gettext(title), gettext(text)))
    if status.is_open and not offer.accepting_clients:
        notices.append(
            Notice(
                Tone.WARNING,
                gettext("No new families for now"),
                gettext("The provider has an intake stop. Ask when there is room again, or look at other help."),
            )
        )
    if context.is_decided_elsewhere(offer.arrangement):
        notices.append(
            Notice(
                Tone.INFO,
                gettext("You do not choose this yourself"),
                gettext("A court, or the crisis service of the region, decides about this help."),
                Link(gettext("How this goes"), link("catalogue.help_page") + "#besluit"),
            )
        )
    return tuple(notices)


def offer_card(offer: Offer, provider: Provider, status: OfferStatus, context: Context) -> OfferCard:
    """An offer as it stands in a list."""
    return OfferCard(
        name=offer.name,
        href=link("catalogue.offer", slug=provider.slug, identifier=offer.identifier),
        provider_name=provider.name,
        provider_href=link("catalogue.provider", slug=provider.slug),
        arrangement=context.arrangement(offer.arrangement),
        teaser=wording.teaser(offer.description),
        for_whom=wording.for_whom(offer.age_min, offer.age_max, offer.gender),
        where=wording.settings(offer.settings),
        places=", ".join(place_names(_places_of(offer, provider), context)),
        waiting=wording.waiting(offer.waiting, context.today),
        waiting_is_old=_has_old_waiting_time(offer, context),
        notices=offer_notices(offer, status, context),
        is_free=offer.access is OfferAccess.FREE,
    )


def offer_cards(provider: Provider, context: Context) -> list[tuple[OfferCard, OfferStatus]]:
    """All offers of a provider that were not withdrawn, with their status."""
    cards: list[tuple[OfferCard, OfferStatus]] = []
    for offer in provider.offers:
        status = status_of(offer, provider.contracts, context.situation)
        if status is not OfferStatus.WITHDRAWN:
            cards.append((offer_card(offer, provider, status, context), status))
    return cards


def _has_old_waiting_time(offer: Offer, context: Context) -> bool:
    waiting = offer.waiting
    told = waiting.intake is not None or waiting.start is not None
    return told and waiting.is_stale(context.today, context.stale_waiting_after_days)


def _places_of(offer: Offer, provider: Provider) -> list[Location]:
    own = [place for place in provider.locations if place.identifier in offer.location_identifiers]
    return own or provider.locations


def place_names(locations: Iterable[Location], context: Context) -> list[str]:
    """The municipalities of these locations, each once, in order."""
    return list(dict.fromkeys(name for place in locations if (name := context.municipality(place.municipality))))


def location_lines(locations: Iterable[Location], context: Context) -> tuple[LocationLine, ...]:
    """Places as lines; of a confidential one, and of any family home, no more than the municipality."""
    return tuple(_location_line(place, context) for place in locations)


def _location_line(place: Location, context: Context) -> LocationLine:
    hidden = place.address_confidential or place.kind is LocationKind.FAMILY_HOME
    street = " ".join(part for part in (place.street, place.house_number) if part)
    city = " ".join(part for part in (place.postcode, place.city) if part)
    wheelchair = {
        True: gettext("Accessible with a wheelchair"),
        False: gettext("Not accessible with a wheelchair"),
        None: "",
    }
    return LocationLine(
        name=(place.name or "") if not hidden else "",
        kind=gettext(wording.LOCATION_KINDS[place.kind]),
        address=", ".join(part for part in (street, city) if part) if not hidden else "",
        municipality=context.municipality(place.municipality),
        confidential=hidden,
        wheelchair=wheelchair[place.wheelchair_accessible],
    )


def contract_lines(contracts: Iterable[Contract], region_name: str, context: Context) -> tuple[ContractLine, ...]:
    """Contracts as lines, the present ones first."""
    lines = []
    for contract in contracts:
        names = sorted(context.municipality(code) for code in contract.municipalities)
        lines.append(
            ContractLine(
                arrangement=context.arrangement(contract.arrangement),
                municipalities=gettext("All municipalities of %(region)s", region=region_name)
                if contract.whole_region
                else wording.listing(names),
                period=_period(contract),
                norm=gettext("Agreed: %(norm)s", norm=wording.uncapitalized(wording.norm(contract.max_waiting_weeks)))
                if contract.max_waiting_weeks is not None
                else "",
                is_current=contract.start_date <= context.today
                and (contract.end_date is None or contract.end_date >= context.today),
            )
        )
    return tuple(sorted(lines, key=lambda line: not line.is_current))


def _period(contract: Contract) -> str:
    start = wording.full_day(contract.start_date)
    if contract.end_date is None:
        return gettext("from %(start)s", start=start)
    return gettext("from %(start)s to %(end)s", start=start, end=wording.full_day(contract.end_date))


def consortium_cards(consortia: Iterable[Consortium], provider: Provider) -> tuple[ConsortiumCard, ...]:
    """Consortia with their other members."""
    return tuple(
        ConsortiumCard(
            name=consortium.name,
            explanation=consortium.explanation or "",
            contact=consortium.contact or "",
            members=tuple(
                Link(member.name, link("catalogue.provider", slug=member.slug))
                for member in consortium.providers
                if member.id != provider.id
            ),
        )
        for consortium in consortia
    )


def phone_href(number: str) -> str:
    """A `tel:` address."""
    return "tel:" + "".join(character for character in number if character.isdigit() or character == "+")


def contact_links(provider: Provider) -> tuple[Link, ...]:
    """How to reach a provider."""
    links = []
    if provider.phone:
        links.append(Link(provider.phone, phone_href(provider.phone), gettext("Call")))
    if provider.email:
        links.append(Link(provider.email, f"mailto:{provider.email}", gettext("Mail")))
    if provider.website:
        links.append(Link(provider.website.split("://")[-1].rstrip("/"), provider.website, gettext("Website")))
    if provider.complaints_url:
        links.append(Link(gettext("How to complain here"), provider.complaints_url, gettext("Complaints")))
    return tuple(links)


def access_point_card(point: AccessPoint) -> AccessPointCard:
    """Who helps, ready to show."""
    return AccessPointCard(
        kind=gettext(wording.ACCESS_POINT_KINDS[point.kind]),
        name=point.name,
        phone=point.phone,
        phone_href=phone_href(point.phone) if point.phone else None,
        email=point.email,
        website=point.website,
        address=point.address,
        opening_hours=point.opening_hours,
        explanation=point.explanation,
    )


def municipality_help(name: str, points: Sequence[AccessPoint], lighter: Sequence[Offer]) -> MunicipalityHelp:
    """Whom a family can turn to in the municipality called `name`."""
    teams = [point for point in points if point.kind is AccessPointKind.ACCESS_TEAM]
    return MunicipalityHelp(
        name=name,
        access_teams=tuple(access_point_card(point) for point in teams),
        others=tuple(access_point_card(point) for point in points if point not in teams),
        lighter_help=tuple(
            Link(
                offer.name,
                link("catalogue.offer", slug=offer.provider.slug, identifier=offer.identifier),
                offer.provider.name,
            )
            for offer in lighter
        ),
    )


def municipality_options(codes: Sequence[str], chosen: str | None, context: Context) -> tuple[Option, ...]:
    """The municipalities to choose from, by name."""
    return tuple(Option(context.municipality(code), context.municipality(code), code == chosen) for code in codes)


def route_steps(arrangement: str | None, access: OfferAccess, context: Context) -> tuple[RouteStep, ...]:
    """How one gets this help: who refers, who decides, what it costs (Jeugdwet art. 2.3, 2.6 and 3.5)."""
    if access is OfferAccess.FREE:
        return (
            RouteStep(
                gettext("Just call or walk in"),
                gettext("You need no referral and no permission. It costs nothing, or only a small amount."),
            ),
        )
    if context.is_decided_elsewhere(arrangement):
        return (
            RouteStep(
                gettext("Who decides"),
                gettext("For this help a court or the crisis service of the region decides, not the family alone."),
            ),
            RouteStep(
                gettext("Who stands beside you"),
                gettext("A confidential counsellor and a client supporter help you for free."),
            ),
            RouteStep(gettext("What it costs"), gettext("Nothing: youth care has no own contribution.")),
        )
    return (
        RouteStep(
            gettext("Through your municipality"),
            gettext("Call the access point of your municipality. Together you look at what fits."),
        ),
        RouteStep(
            gettext("Or through a doctor"),
            gettext("Your GP, the youth doctor or a medical specialist can refer you too."),
        ),
        RouteStep(
            gettext("Or because a court decided"),
            gettext("Then the certified institution (the youth protector) arranges it with you."),
        ),
        RouteStep(
            gettext("What it costs"),
            gettext("Nothing: youth care has no own risk and no own contribution."),
        ),
    )
