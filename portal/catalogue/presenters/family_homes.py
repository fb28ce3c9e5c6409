"""The overview of family homes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.catalogue import wording
from portal.catalogue.availability import status_of
from portal.catalogue.criteria import FamilyHomeCriteria
from portal.catalogue.geography import distance_km
from portal.catalogue.models import Offer
from portal.catalogue.presenters.common import Context, offer_notices
from portal.catalogue.queries import home_municipalities
from portal.catalogue.types import Gender
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Option


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
    """"Er is nu 1 plek vrij (opgegeven op 3 november)."."""
    waiting: str
    stay: str
    """Whether one may stay after 18."""
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class FamilyHomesPage:
    """The overview of family homes."""

    count: str
    homes: tuple[FamilyHomeCard, ...]
    municipalities: tuple[Option, ...]
    near: tuple[Option, ...]
    """Home municipality from which distances are told (`bij`)."""
    age: str
    genders: tuple[Option, ...]
    only_free_places: bool
    reset_href: str


_GENDER_OPTIONS = {
    Gender.GIRLS: N_("a girl"),
    Gender.BOYS: N_("a boy"),
}


def family_homes_page(
    offers: Iterable[Offer],
    criteria: FamilyHomeCriteria,
    municipalities: tuple[Option, ...],
    near: tuple[Option, ...],
    context: Context,
) -> FamilyHomesPage:
    """The family homes that suit `criteria`, nearest first where a place was given, else by name."""
    fitting = [offer for offer in offers if criteria.fits(offer)]
    fitting.sort(key=lambda offer: _distance(offer, criteria, context))
    homes = tuple(_card(offer, criteria, context) for offer in fitting)
    return FamilyHomesPage(
        count=ngettext("%(num)s family home", "%(num)s family homes", len(homes)) if homes else "",
        homes=homes,
        municipalities=municipalities,
        near=near,
        age="" if criteria.age is None else str(criteria.age),
        genders=tuple(
            Option(gender.value, gettext(label), gender is criteria.gender) for gender, label in _GENDER_OPTIONS.items()
        ),
        only_free_places=criteria.only_free_places,
        reset_href=link("catalogue.family_homes"),
    )


def _distance(offer: Offer, criteria: FamilyHomeCriteria, context: Context) -> float:
    """Kilometres to the nearest home of this offer; homes without a known place come last."""
    if criteria.near is None:
        return 0.0
    known = context.code_lists.municipalities
    start = known[criteria.near]
    return min((distance_km(start, known[code]) for code in home_municipalities(offer)), default=float("inf"))


def _card(offer: Offer, criteria: FamilyHomeCriteria, context: Context) -> FamilyHomeCard:
    provider = offer.provider
    status = status_of(offer, provider.contracts, context.situation)
    return FamilyHomeCard(
        name=offer.name,
        href=link("catalogue.offer", slug=provider.slug, identifier=offer.identifier),
        provider=Link(provider.name, link("catalogue.provider", slug=provider.slug)),
        municipality=_place(offer, criteria, context),
        teaser=wording.teaser(offer.description),
        for_whom=wording.for_whom(offer.age_min, offer.age_max, offer.gender),
        places=wording.places_free(offer.places_free, offer.waiting_reported_on, context.today)
        if offer.places_free is not None
        else gettext("The provider has not told us whether there is a place."),
        waiting=wording.waiting(offer.waiting, context.today),
        stay=gettext("One may stay until %(age)s years.", age=offer.continues_until_age)
        if offer.continues_until_age
        else "",
        notices=offer_notices(offer, status, context),
    )


def _place(offer: Offer, criteria: FamilyHomeCriteria, context: Context) -> str:
    codes = home_municipalities(offer)
    names = wording.listing(context.municipality(code) for code in codes)
    if not codes:
        return gettext("Municipality not given")
    if criteria.near is None or criteria.near in codes:
        return names
    return gettext(
        "%(names)s, about %(km)s km from %(near)s",
        names=names,
        km=round(_distance(offer, criteria, context)),
        near=context.municipality(criteria.near),
    )
