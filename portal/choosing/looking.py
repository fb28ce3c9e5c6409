"""From an address to the offers that a family looks at, each as this family sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.availability import status_of
from portal.catalogue.codelists import current_code_lists
from portal.catalogue.models import Offer
from portal.catalogue.places import place_of
from portal.catalogue.presenters.common import is_old
from portal.catalogue.visitor import current_facts, page_context
from portal.choosing import queries
from portal.choosing.criteria import Family
from portal.choosing.presenters.common import View
from portal.choosing.types import Subject
from portal.core.database import current_session
from portal.search.engine import current_engine


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at: the offers of a list by key, in its order, and the keys that name none."""

    view: View
    subjects: Mapping[str, Subject]
    unknown: tuple[str, ...]


def view_of(family: Family) -> View:
    """With whose eyes to look: the page's context for this family, and where it lives."""
    lists = current_code_lists()
    place = place_of(current_session(), lists, family.postcode, family.municipality)
    return View(page_context(family.municipality), family, place)


def look(keys: Sequence[str], family: Family) -> Looked:
    """The offers that these keys name, as this family sees them."""
    named = queries.offers_named(current_session(), keys)
    view = view_of(family)
    seen = subjects_of(list(named.values()), view)
    return Looked(view, dict(zip(named, seen, strict=True)), tuple(key for key in keys if key not in named))


def subjects_of(offers: Sequence[Offer], view: View) -> list[Subject]:
    """These offers in the eyes of a family."""
    context = view.context
    far = current_engine().distances(
        current_session(), [offer.id for offer in offers], view.place, current_facts().revision, context.today
    )
    return [
        Subject(
            offer,
            offer.provider,
            status_of(offer, offer.provider.contracts, context.situation),
            far[offer.id].km,
            far[offer.id].comes_to_family,
            is_old(offer, context),
        )
        for offer in offers
    ]
