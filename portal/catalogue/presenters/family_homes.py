"""The overview of family homes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.catalogue import wording
from portal.catalogue.availability import status_of
from portal.catalogue.criteria import FamilyHomeCriteria
from portal.catalogue.drawing import Drawing
from portal.catalogue.geography import distance_km
from portal.catalogue.models import Offer
from portal.catalogue.places import Place, Precision
from portal.catalogue.presenters.common import (
    Context,
    RouteStep,
    age_error,
    can_begin,
    family_home_road,
    is_old,
    offer_link,
    offer_notices,
    postcode_error,
    provider_link,
    secret_place,
    tells_when,
    waiting_line,
)
from portal.catalogue.presenters.region_map import Found, RegionMap, region_map, views
from portal.catalogue.queries import home_municipalities
from portal.catalogue.types import Gender, OfferStatus
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Chip, Link, NavLink, Notice, Option


@dataclass(frozen=True, slots=True)
class FamilyHomeCard:
    """A family home; never more of its place than the municipality."""

    name: str
    href: str
    provider: Link
    municipality: str
    teaser: str
    for_whom: str
    places: str
    """"Er is nu 1 plek vrij (van 3 november)"; empty where nobody can begin here now."""
    waiting: str
    old: str
    """"Dit is van 27 maart. Bel even of het nog klopt."; empty for a recent fact."""
    stay: str
    """Whether one may stay after 18."""
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class FamilyHomesPage:
    """The overview of family homes."""

    count: str
    order_explanation: str
    good_to_know: tuple[RouteStep, ...]
    """The first questions of a family: who decides, do I see my child, do I still decide, what does it cost."""
    homes: tuple[FamilyHomeCard, ...]
    filters_open: bool
    """True as long as nothing was chosen, or something must be mended."""
    chips: tuple[Chip, ...]
    municipalities: tuple[Option, ...]
    """Where the family lives (`gemeente`)."""
    postcode: str
    postcode_error: str
    age: str
    age_error: str
    genders: tuple[Option, ...]
    only_free_places: bool
    reset_href: str
    map: RegionMap | None
    """In place of the cards, where that was asked."""
    views: tuple[NavLink, ...]
    hidden_fields: tuple[tuple[str, str], ...]
    """What the form carries along besides the frame's own."""


_GENDER_OPTIONS = {
    Gender.GIRLS: N_("a girl"),
    Gender.BOYS: N_("a boy"),
}


def family_homes_page(
    offers: Iterable[Offer],
    criteria: FamilyHomeCriteria,
    place: Place | None,
    drawing: Drawing,
    municipalities: tuple[Option, ...],
    typed_age: str,
    typed_postcode: str,
    context: Context,
) -> FamilyHomesPage:
    """The family homes that suit `criteria`: those with a free place first, then the nearest to `place`, else by name.

    Homes are as far as the middle of their municipality, however well `place` is known. `typed_…` is what stands in
    the field, read or not.
    """
    fitting = [offer for offer in offers if criteria.fits(offer)]
    fitting.sort(key=lambda offer: (not _has_free_place(offer, context), _distance(offer, place, context)))
    homes = tuple(_card(offer, place, context) for offer in fitting)
    chips = _chips(criteria, context)
    errors = age_error(typed_age, criteria.age), postcode_error(typed_postcode, criteria.postcode, place)
    return FamilyHomesPage(
        count=_counted(len(homes)) if homes else "",
        order_explanation=_order_explanation(place, context),
        good_to_know=_good_to_know(),
        homes=homes,
        filters_open=not chips or any(errors),
        chips=chips,
        municipalities=municipalities,
        postcode=typed_postcode.strip()[:20],
        postcode_error=errors[1],
        age=typed_age.strip()[:20],
        age_error=errors[0],
        genders=tuple(
            Option(gender.value, gettext(label), gender is criteria.gender) for gender, label in _GENDER_OPTIONS.items()
        ),
        only_free_places=criteria.only_free_places,
        reset_href=link("catalogue.family_homes", kaart="ja" if criteria.on_map else None),
        map=_map(fitting, place, drawing, context) if criteria.on_map and fitting else None,
        views=_views(criteria, context) if fitting else (),
        hidden_fields=(("kaart", "ja"),) if criteria.on_map else (),
    )


def _counted(number: int) -> str:
    return ngettext("%(num)s place to live with a family home", "%(num)s places to live with a family home", number)


def _map(offers: Iterable[Offer], place: Place | None, drawing: Drawing, context: Context) -> RegionMap:
    found = [
        Found(Link(offer.name, offer_link(offer, offer.provider, context), _told(offer, context)), tuple(codes))
        for offer, codes in ((offer, home_municipalities(offer)) for offer in offers)
    ]
    return region_map(found, _counted_there, drawing, place, None, context)


def _counted_there(number: int) -> str:
    return ngettext("%(num)s place to live", "%(num)s places to live", number)


def _told(offer: Offer, context: Context) -> str:
    """For whom a home is and whether there is a place, in one line."""
    status = status_of(offer, offer.provider.contracts, context.situation)
    parts = (wording.for_whom(offer.age_min, offer.age_max, offer.gender), _places(offer, status, context))
    return " · ".join(part for part in parts if part)


def _views(criteria: FamilyHomeCriteria, context: Context) -> tuple[NavLink, ...]:
    def at(on_map: bool) -> str:
        return link("catalogue.family_homes", **replace(criteria, on_map=on_map).parameters(context.code_lists))

    return views(at(False), at(True), criteria.on_map)


def _chips(criteria: FamilyHomeCriteria, context: Context) -> tuple[Chip, ...]:
    parameters = criteria.parameters(context.code_lists)
    # How the page is shown is no filter.
    labels = {
        "gemeente": context.municipality(criteria.municipality),
        "postcode": gettext("postcode %(postcode)s", postcode=(criteria.postcode or "")[:4]),
        "leeftijd": gettext("%(age)s years", age=criteria.age),
        "voor": gettext(_GENDER_OPTIONS[criteria.gender]) if criteria.gender else "",
        "plek": gettext("With a free place"),
    }
    return tuple(
        Chip(labels[name], link("catalogue.family_homes", **{n: v for n, v in parameters.items() if n != name}))
        for name in parameters
        if name in labels
    )


def _order_explanation(place: Place | None, context: Context) -> str:
    if place is None:
        return gettext("First the homes with a free place, then by name.")
    if place.precision is Precision.POSTCODE:
        return gettext("First the homes with a free place, then those in the municipality nearest to your postcode.")
    near = context.municipality(place.municipality)
    return gettext("First the homes with a free place, then those nearest to %(place)s.", place=near)


def _good_to_know() -> tuple[RouteStep, ...]:
    return (
        RouteStep(gettext("Who decides?"), family_home_road()),
        RouteStep(
            gettext("Will you still see your child?"),
            gettext("Yes. You agree with the family-home parents when. Only a court can limit this."),
        ),
        RouteStep(
            gettext("Do you still decide?"),
            gettext("Yes, with voluntary help you keep parental authority. You have your say about school and health."),
        ),
        RouteStep(
            gettext("What does it cost?"),
            gettext("Nothing: you pay nothing yourself. Ask the SVB what it means for your child benefit."),
        ),
    )


def _has_free_place(offer: Offer, context: Context) -> bool:
    """Whether a place is free as far as we know today; what was told long ago does not count."""
    return bool(offer.places_free) and offer.accepting_clients and not is_old(offer, context)


def _distance(offer: Offer, place: Place | None, context: Context) -> float:
    """Kilometres to the middle of the nearest municipality with a home of this offer; unknown ones come last."""
    if place is None:
        return 0.0
    known = context.code_lists.municipalities
    homes = [known[code] for code in home_municipalities(offer) if code in known]
    return min((distance_km(place.point, home.point) for home in homes), default=float("inf"))


def _card(offer: Offer, place: Place | None, context: Context) -> FamilyHomeCard:
    provider = offer.provider
    status = status_of(offer, provider.contracts, context.situation)
    tells = tells_when(offer) or offer.places_free is not None
    return FamilyHomeCard(
        name=offer.name,
        href=offer_link(offer, provider, context),
        provider=provider_link(provider, context),
        municipality=_place(offer, place, context),
        teaser=wording.teaser(offer.description),
        for_whom=wording.for_whom(offer.age_min, offer.age_max, offer.gender),
        places=_places(offer, status, context),
        waiting=waiting_line(offer, status, context),
        old=wording.old(offer.waiting_reported_on, context.today)
        if tells and can_begin(offer, status) and is_old(offer, context)
        else "",
        stay=gettext("Staying is possible until the age of %(age)s.", age=offer.continues_until_age)
        if offer.continues_until_age
        else "",
        notices=offer_notices(offer, status, context),
    )


def _places(offer: Offer, status: OfferStatus, context: Context) -> str:
    if not can_begin(offer, status):
        return ""
    if offer.places_free is None:
        return gettext("The provider has not told us whether there is a place.")
    return wording.places_free(
        offer.places_free, offer.waiting_reported_on, context.today, is_old=is_old(offer, context)
    )  # fmt: skip


def _place(offer: Offer, place: Place | None, context: Context) -> str:
    codes = home_municipalities(offer)
    if not codes:
        return gettext("Municipality not given")
    names = secret_place(wording.listing(context.municipality(code) for code in codes))
    if place is None or place.municipality in codes:
        return names
    km = max(1, round(_distance(offer, place, context)))
    if place.precision is Precision.POSTCODE:
        return gettext("%(names)s, about %(km)s km from your postcode", names=names, km=km)
    near = context.municipality(place.municipality)
    return gettext("%(names)s, about %(km)s km from %(near)s", names=names, km=km, near=near)
