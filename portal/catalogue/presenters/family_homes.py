"""The overview of family homes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.catalogue import wording
from portal.catalogue.availability import status_of
from portal.catalogue.criteria import FamilyHomeCriteria
from portal.catalogue.geography import distance_km
from portal.catalogue.models import Offer
from portal.catalogue.presenters.common import (
    Context,
    RouteStep,
    age_error,
    can_begin,
    family_home_road,
    is_old,
    offer_link,
    offer_notices,
    provider_link,
    secret_place,
    tells_when,
    waiting_line,
)
from portal.catalogue.queries import home_municipalities
from portal.catalogue.types import Gender, OfferStatus
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Chip, Link, Notice, Option


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
    age: str
    age_error: str
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
    typed_age: str,
    context: Context,
) -> FamilyHomesPage:
    """The family homes that suit `criteria`: those with a free place first, then the nearest, else by name.

    `typed_age` is what stands in the age field, read or not.
    """
    fitting = [offer for offer in offers if criteria.fits(offer)]
    fitting.sort(key=lambda offer: (not _has_free_place(offer, context), _distance(offer, criteria, context)))
    homes = tuple(_card(offer, criteria, context) for offer in fitting)
    chips = _chips(criteria, context)
    error = age_error(typed_age, criteria.age)
    return FamilyHomesPage(
        count=ngettext(
            "%(num)s place to live with a family home", "%(num)s places to live with a family home", len(homes)
        )
        if homes
        else "",
        order_explanation=_order_explanation(context),
        good_to_know=_good_to_know(),
        homes=homes,
        filters_open=not chips or bool(error),
        chips=chips,
        municipalities=municipalities,
        age=typed_age.strip()[:20],
        age_error=error,
        genders=tuple(
            Option(gender.value, gettext(label), gender is criteria.gender) for gender, label in _GENDER_OPTIONS.items()
        ),
        only_free_places=criteria.only_free_places,
        reset_href=link("catalogue.family_homes"),
    )


def _chips(criteria: FamilyHomeCriteria, context: Context) -> tuple[Chip, ...]:
    parameters = criteria.parameters(context.code_lists)
    labels = {
        "gemeente": context.municipality(criteria.municipality),
        "leeftijd": gettext("%(age)s years", age=criteria.age),
        "voor": gettext(_GENDER_OPTIONS[criteria.gender]) if criteria.gender else "",
        "plek": gettext("With a free place"),
    }
    return tuple(
        Chip(labels[name], link("catalogue.family_homes", **{n: v for n, v in parameters.items() if n != name}))
        for name in parameters
    )


def _order_explanation(context: Context) -> str:
    if context.place is None:
        return gettext("First the homes with a free place, then by name.")
    return gettext("First the homes with a free place, then those nearest to %(place)s.", place=context.place)


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


def _distance(offer: Offer, criteria: FamilyHomeCriteria, context: Context) -> float:
    """Kilometres to the nearest home of this offer; homes without a known place come last."""
    if criteria.municipality is None:
        return 0.0
    known = context.code_lists.municipalities
    start = known[criteria.municipality]
    homes = [known[code] for code in home_municipalities(offer) if code in known]
    return min((distance_km(start.point, home.point) for home in homes), default=float("inf"))


def _card(offer: Offer, criteria: FamilyHomeCriteria, context: Context) -> FamilyHomeCard:
    provider = offer.provider
    status = status_of(offer, provider.contracts, context.situation)
    tells = tells_when(offer) or offer.places_free is not None
    return FamilyHomeCard(
        name=offer.name,
        href=offer_link(offer, provider, context),
        provider=provider_link(provider, context),
        municipality=_place(offer, criteria, context),
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


def _place(offer: Offer, criteria: FamilyHomeCriteria, context: Context) -> str:
    codes = home_municipalities(offer)
    if not codes:
        return gettext("Municipality not given")
    names = secret_place(wording.listing(context.municipality(code) for code in codes))
    if criteria.municipality is None or criteria.municipality in codes:
        return names
    return gettext(
        "%(names)s, about %(km)s km from %(near)s",
        names=names,
        km=round(_distance(offer, criteria, context)),
        near=context.municipality(criteria.municipality),
    )
