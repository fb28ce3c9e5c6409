"""What several catalogue pages show: offers, places, contracts, access points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.catalogue import wording
from portal.catalogue.availability import Situation, limited_to, status_of
from portal.catalogue.codelists import CodeLists
from portal.catalogue.criteria import LIST
from portal.catalogue.models import AccessPoint, Consortium, Contract, Location, Offer, Provider
from portal.catalogue.places import Place
from portal.catalogue.queries import CRISIS, FAMILY_HOME
from portal.catalogue.types import AccessPointKind, OfferAccess, OfferStatus, Setting
from portal.core.carried import carried
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Option, Term, Tone
from portal.core.text import fold, slugify


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
    told: Link
    """What families tell of the access team there."""


@dataclass(frozen=True, slots=True)
class Save:
    """The star beside an offer: where it is put on the family's list, or taken off again."""

    key: str
    """What names the offer in an address."""
    href: str
    """The list with it, or without it where it is on the list of this address."""
    is_saved: bool
    name: str
    """Of the offer, for who hears the page instead of seeing it."""


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
    """"Heerlen, Kerkrade": municipalities of its locations, and how far they are where a search can tell."""
    waiting: str
    """"Eerste gesprek: over ongeveer 3 weken (van 3 november)"; empty where nobody can begin here now."""
    old: str
    """"Dit is van 27 maart. Bel even of het nog klopt."; empty for a recent fact."""
    notices: tuple[Notice, ...]
    """Intake stop, contract ended, decided by a court, contract unknown …"""
    is_free: bool
    save: Save | None = None
    """None where a family cannot choose it, or does not decide alone."""


@dataclass(frozen=True, slots=True)
class LocationLine:
    """A place where the provider works; of a confidential one only the municipality."""

    name: str
    kind: str
    address: str
    municipality: str
    """With the word that the address is secret, where it is."""
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
class Leads:
    """Where the links of a page lead: to public pages. A desk, which keeps its people there, has its own."""

    def provider(self, slug: str, place: str | None, /) -> str:
        """The address of a provider, seen from the municipality called `place`."""
        return link("catalogue.provider", slug=slug, gemeente=place)

    def offer(self, slug: str, identifier: str, place: str | None, /) -> str:
        """The address of an offer, seen from there."""
        return link("catalogue.offer", slug=slug, identifier=identifier, gemeente=place)

    def search(self, place: str | None, /, *, arrangement: str | None = None, topic: str | None = None) -> str:
        """The address of a search there, for one kind of help or about one topic."""
        return link("search.results", arrangement=arrangement, onderwerp=topic, gemeente=place)

    def shortlist(self, keys: tuple[str, ...], place: str | None, /) -> str:
        """The address of a list of these offers."""
        return link("choosing.my_list", **{LIST: keys}, gemeente=place)


@dataclass(frozen=True, slots=True)
class Context:
    """What every presenter needs to know besides the rows it presents."""

    situation: Situation
    code_lists: CodeLists
    language: str
    stale_after_days: int
    stale_waiting_after_days: int
    crisis_line: tuple[str, str] | None
    """Name and phone of the region's crisis service."""
    shared_identifiers: frozenset[str] = frozenset()
    """Identifiers that do not name one offer alone."""
    leads: Leads = Leads()

    def key(self, offer: Offer, provider: Provider) -> str:
        """What names `offer` in an address: its identifier, after its provider's slug where that is not enough."""
        is_shared = offer.identifier in self.shared_identifiers
        return f"{provider.slug}/{offer.identifier}" if is_shared else offer.identifier

    @property
    def place(self) -> str | None:
        """The name of the municipality that the visitor chose; links to offers and providers carry it along."""
        return self.municipality(self.situation.municipality) or None

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

    def word(self, word: str) -> Term:
        """A word with its explanation, where the word list has it."""
        known = self.code_lists.glossary_term(word, self.language)
        return Term(word, known.explanation if known else "")

    def municipality(self, code: str | None) -> str:
        """The name of a municipality; empty for an unknown one."""
        known = self.code_lists.municipalities.get(code or "")
        return known.name if known else ""

    def is_decided_elsewhere(self, arrangement: str | None) -> bool:
        """Whether not the family but a court or one front door decides about this arrangement."""
        return arrangement in self.code_lists.decided_elsewhere


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


_FOREIGN_POSTCODE = re.compile(r"(?:[A-Za-z]{1,2}[ -]?)?[0-9]{5}|[A-Za-z]{1,2}[ -]?[0-9]{4}")
"""`52062`, `D-52062`, `B-3620`: as our neighbours write them."""
_NOT_HERE = (
    N_("Not in your municipality"),
    N_("This help is not meant for families of your municipality."),
)


def crisis_notice(context: Context) -> Notice:
    """Whom to call when it cannot wait until tomorrow."""
    if context.crisis_line is None:
        return Notice(
            Tone.WARNING,
            gettext("Can you really not cope any longer today?"),
            gettext("Call your GP or the access point of your municipality. In immediate danger, call 112."),
        )
    name, phone = context.crisis_line
    return Notice(
        Tone.WARNING,
        gettext("Can you really not cope any longer today?"),
        gettext(
            "Call %(name)s: %(phone)s, day and night. They work out with you whether this help is needed.",
            name=name,
            phone=phone,
        ),
        (Link(gettext("Call %(phone)s", phone=phone), phone_href(phone)),),
    )


def offer_notices(offer: Offer, status: OfferStatus, context: Context) -> tuple[Notice, ...]:
    """What stands in the way of choosing this offer, and what to do then."""
    if not status.is_open:
        return (_not_open_notice(offer, status, context),)
    notices = []
    if status in _STATUS_NOTICES:
        tone, title, text = _STATUS_NOTICES[status]
        notices.append(Notice(tone, gettext(title), gettext(text)))
    if offer.arrangement == CRISIS:
        notices.append(crisis_notice(context))
    elif context.is_decided_elsewhere(offer.arrangement):
        notices.append(
            Notice(
                Tone.INFO,
                gettext("You do not choose this yourself"),
                gettext("Usually a court decides about this help."),
                (Link(gettext("How this goes"), link("catalogue.help_page") + "#besluit"),),
            )
        )
    if not offer.accepting_clients:
        notices.append(
            Notice(
                Tone.WARNING,
                gettext("No new families for now"),
                gettext("The provider has an intake stop. Ask when there is room again, or look at other help."),
            )
        )
    return tuple(notices)


def only_somewhere(offer: Offer, provider: Provider, status: OfferStatus, context: Context) -> str:
    """In which municipalities one can choose it, where no municipality was chosen and it is not in all; else empty.

    What is shorter is told: where it can be chosen, or where it can not.
    """
    if context.situation.municipality is not None or not status.is_open:
        return ""
    known = context.code_lists.municipalities
    there = {code for code in limited_to(offer, provider.contracts, context.situation) if code in known}
    regions = {known[code].youth_region for code in there}
    elsewhere = {one.code for region in regions for one in context.code_lists.municipalities_of(region)} - there
    if not elsewhere:
        return ""
    if len(elsewhere) < len(there):
        return gettext("Not in all municipalities: not in %(places)s.", places=_listed(elsewhere, context))
    return gettext("Not in all municipalities: only in %(places)s.", places=_listed(there, context))


def somewhere_notice(offer: Offer, provider: Provider, status: OfferStatus, context: Context) -> tuple[Notice, ...]:
    """The same as a notice, where there is something to tell."""
    said = only_somewhere(offer, provider, status, context)
    return (Notice(Tone.INFO, said),) if said else ()


def _listed(municipalities: Iterable[str], context: Context) -> str:
    return wording.listing(sorted(map(context.municipality, municipalities), key=fold))


def _not_open_notice(offer: Offer, status: OfferStatus, context: Context) -> Notice:
    tone, title, text = _STATUS_NOTICES[status]
    if status is OfferStatus.NOT_CONTRACTED and offer.access is OfferAccess.FREE:
        title, text = _NOT_HERE
    return Notice(tone, gettext(title), gettext(text), (alternatives(offer, context),))


def alternatives(offer: Offer, context: Context) -> Link:
    """Where to find this kind of help with others."""
    label = gettext("Are you looking for this help? See other providers")
    return Link(label, context.leads.search(context.place, arrangement=offer.arrangement))


def offer_link(offer: Offer, provider: Provider, context: Context) -> str:
    """The address of an offer, seen from the municipality that the visitor chose."""
    return context.leads.offer(provider.slug, offer.identifier, context.place)


def provider_link(provider: Provider, context: Context) -> Link:
    """A provider, seen from the municipality that the visitor chose."""
    href = context.leads.provider(provider.slug, context.place)
    return Link(provider.name, href, provider.summary or "")


def can_be_compared(offer: Offer, status: OfferStatus, context: Context) -> bool:
    """Whether a family can choose it itself: then it can stand on a list and beside others."""
    return status.is_open and not context.is_decided_elsewhere(offer.arrangement)


def save_link(offer: Offer, provider: Provider, status: OfferStatus, context: Context) -> Save | None:
    """The star beside an offer; None where a family cannot choose it, or does not decide alone."""
    if not can_be_compared(offer, status, context):
        return None
    key = context.key(offer, provider)
    saved = tuple(value for name, value in carried() if name == LIST)
    others = tuple(value for value in saved if value != key)
    keys = others if key in saved else (*others, key)
    address = context.leads.shortlist(keys, context.place)
    return Save(key, address, key in saved, f"{provider.name}: {offer.name}")


def offer_card(offer: Offer, provider: Provider, status: OfferStatus, context: Context) -> OfferCard:
    """An offer as it stands in a list."""
    return OfferCard(
        name=offer.name,
        href=offer_link(offer, provider, context),
        provider_name=provider.name,
        provider_href=provider_link(provider, context).href,
        arrangement=context.arrangement(offer.arrangement),
        teaser=wording.teaser(offer.description),
        for_whom=wording.for_whom(offer.age_min, offer.age_max, offer.gender),
        where=wording.where(offer.settings, offer.arrangement),
        places=", ".join(place_names(places_of(offer, provider), context)),
        waiting=waiting_line(offer, status, context),
        old=wording.old(offer.waiting_reported_on, context.today)
        if can_begin(offer, status) and tells_when(offer) and is_old(offer, context)
        else "",
        notices=offer_notices(offer, status, context),
        is_free=offer.access is OfferAccess.FREE,
        save=save_link(offer, provider, status, context),
    )


def offer_cards(provider: Provider, context: Context) -> list[tuple[OfferCard, OfferStatus]]:
    """All offers of a provider that were not withdrawn, with their status."""
    cards: list[tuple[OfferCard, OfferStatus]] = []
    for offer in provider.offers:
        status = status_of(offer, provider.contracts, context.situation)
        if status is not OfferStatus.WITHDRAWN:
            cards.append((offer_card(offer, provider, status, context), status))
    return cards


def can_begin(offer: Offer, status: OfferStatus) -> bool:
    """Whether a family can begin here at all, so that it matters how soon."""
    return status.is_open and offer.accepting_clients


def tells_when(offer: Offer) -> bool:
    """Whether there is a waiting time that counts: with a crisis nobody waits."""
    told = (offer.waiting_weeks_intake, offer.waiting_weeks_start) != (None, None)
    return told and offer.arrangement != CRISIS


def tells_places(offer: Offer) -> bool:
    """Whether there are free places that count: in a crisis it is not the family that looks for one."""
    return offer.places_free is not None and offer.arrangement != CRISIS


def is_old(offer: Offer, context: Context) -> bool:
    """Whether waiting time and free places were told too long ago."""
    return offer.waiting.is_stale(context.today, context.stale_waiting_after_days)


def waiting_line(offer: Offer, status: OfferStatus, context: Context) -> str:
    """How soon, in one line; empty where nobody can begin here now."""
    if not can_begin(offer, status):
        return ""
    if offer.arrangement == CRISIS:
        return gettext("Urgent help: at once")
    return wording.waiting(offer.waiting, context.today, is_old=is_old(offer, context))


def stale_notice(checked_on: date | None, context: Context) -> tuple[Notice, ...]:
    """That a page was not confirmed for long, where that is so."""
    if checked_on is None or (context.today - checked_on).days <= context.stale_after_days:
        return ()
    return (Notice(Tone.INFO, gettext("This may be out of date"), wording.old(checked_on, context.today)),)


def places_of(offer: Offer, provider: Provider) -> list[Location]:
    """Where an offer is given: at the locations that it names, else at all of its provider's."""
    own = [place for place in provider.locations if place.identifier in offer.location_identifiers]
    return own or provider.locations


def place_names(locations: Iterable[Location], context: Context) -> list[str]:
    """The municipalities of these locations, each once, in order; it says where no address is shown."""
    shown: dict[str, bool] = {}
    for place in locations:
        if name := context.municipality(place.municipality):
            shown[name] = shown.get(name, False) or not place.is_secret
    return [name if has_address else secret_place(name) for name, has_address in shown.items()]


def secret_place(municipality: str) -> str:
    """`Heerlen (adres geheim)`."""
    return gettext("%(place)s (secret address)", place=municipality) if municipality else gettext("Secret address")


def location_lines(locations: Iterable[Location], context: Context) -> tuple[LocationLine, ...]:
    """Places as lines; of a confidential one, and of any family home, no more than the municipality."""
    return tuple(_location_line(place, context) for place in locations)


def _location_line(place: Location, context: Context) -> LocationLine:
    hidden = place.is_secret
    municipality = context.municipality(place.municipality)
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
        municipality=secret_place(municipality) if hidden else municipality,
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
                norm=gettext(
                    "Agreed waiting time: %(norm)s",
                    norm=wording.uncapitalized(wording.norm(contract.max_waiting_weeks)),
                )
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


def consortium_cards(
    consortia: Iterable[Consortium], provider: Provider, context: Context
) -> tuple[ConsortiumCard, ...]:
    """Consortia with their other members."""
    return tuple(
        ConsortiumCard(
            name=consortium.name,
            explanation=consortium.explanation or "",
            contact=consortium.contact or "",
            members=tuple(
                Link(member.name, provider_link(member, context).href)
                for member in consortium.providers
                if member.id != provider.id
            ),
        )
        for consortium in consortia
    )


def phone_href(number: str) -> str:
    """A `tel:` address; the (0) that one does not dial after a country code is left out."""
    number = number.replace("(0)", "") if number.lstrip().startswith(("+", "00")) else number
    return "tel:" + "".join(character for character in number if character.isdigit() or character == "+")


def call_or_mail(provider: Provider) -> tuple[Link, ...]:
    """How to speak to somebody of a provider."""
    links = []
    if provider.phone:
        links.append(Link(provider.phone, phone_href(provider.phone), gettext("Call")))
    if provider.email:
        links.append(Link(provider.email, f"mailto:{provider.email}", gettext("Mail")))
    return tuple(links)


def contact_links(provider: Provider) -> tuple[Link, ...]:
    """How to reach a provider."""
    links = [*call_or_mail(provider)]
    if provider.website:
        links.append(Link(provider.website.partition("://")[2].rstrip("/"), provider.website, gettext("Website")))
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
                link("catalogue.offer", slug=offer.provider.slug, identifier=offer.identifier, gemeente=name),
                offer.provider.name,
            )
            for offer in lighter
        ),
        told=Link(gettext("What families tell of this team"), link("offices.team", slug=slugify(name))),
    )


def municipality_options(codes: Sequence[str], chosen: str | None, context: Context) -> tuple[Option, ...]:
    """The municipalities to choose from, by name."""
    return tuple(Option(context.municipality(code), context.municipality(code), code == chosen) for code in codes)


def age_error(typed: str, age: int | None) -> str:
    """What is wrong with the age that was typed; empty where it was read, or nothing was typed."""
    if not typed.strip() or age is not None:
        return ""
    return gettext("This is not an age. Fill in a number from 0 to 27, for example 9.")


def postcode_error(typed: str, postcode: str | None, place: Place | None) -> str:
    """What is wrong with the postcode that was typed; empty where it was read as `postcode`, or nothing was typed."""
    if postcode and place is None:
        return gettext("We do not know this postcode. Choose your municipality, and we measure from there.")
    if postcode or not typed.strip():
        return ""
    if _FOREIGN_POSTCODE.fullmatch(typed.strip()):
        return gettext(
            "This looks like a postcode of another country. Fill in a Dutch one, for example 6411 AB, "
            "or choose your municipality."
        )
    return gettext("This is not a postcode. Fill in four digits and two letters, for example 6411 AB.")


def family_home_road() -> str:
    """How a child comes to live in a family home."""
    return gettext(
        "You apply together with the access point of your municipality. A doctor can refer you there. "
        "Sometimes a court decides."
    )


def free_road(offers: Iterable[Offer]) -> str:
    """How one gets help that needs no referral."""
    if {setting for offer in offers for setting in offer.settings} == {Setting.ONLINE}:
        return gettext("Begin on the website, or call. You need no referral.")
    return gettext("Call or mail. You need no referral.")


def road_link(offer: Offer, label: str, context: Context) -> Link | None:
    """The whole road to this kind of help; None where one just begins, or nobody told the kind."""
    if offer.access is OfferAccess.FREE or offer.arrangement not in context.code_lists.arrangements:
        return None
    return Link(label, link("catalogue.road", arrangement=offer.arrangement, gemeente=context.place))


def route_steps(offer: Offer | None, context: Context) -> tuple[RouteStep, ...]:
    """How one gets this help (None: youth care in general): who refers, who decides, what it costs.

    Source: Jeugdwet art. 2.3, 2.6 and 3.5.
    """
    arrangement = offer.arrangement if offer else None
    nothing = RouteStep(gettext("What it costs"), gettext("Nothing. For youth care you pay nothing yourself."))
    if offer is not None and offer.access is OfferAccess.FREE:
        return (
            RouteStep(gettext("Just begin"), free_road([offer])),
            RouteStep(gettext("What it costs"), gettext("Nothing, or only a small amount.")),
        )
    if arrangement == CRISIS:
        notice = crisis_notice(context)
        danger = RouteStep(gettext("Is there immediate danger?"), gettext("Then call 112."))
        return (RouteStep(notice.title, notice.text), danger, nothing)
    if arrangement == FAMILY_HOME:
        return (RouteStep(gettext("Who decides?"), family_home_road()), nothing)
    if context.is_decided_elsewhere(arrangement):
        return (
            RouteStep(
                gettext("Who decides?"), gettext("Usually a court decides about this help. You are heard first.")
            ),
            RouteStep(
                gettext("Who stands beside you"),
                gettext("A confidential counsellor and a client supporter help you for free."),
            ),
            nothing,
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
        nothing,
    )
