"""Reading the offers of a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from portal.catalogue.models import Consortium, Offer, Provider


def offers_named(session: Session, keys: Sequence[str]) -> dict[str, Offer]:
    """Each of these keys that names one offer, with that offer and all that a comparison shows of it.

    A key is the identifier of an offer; where several regions use it, the slug of its provider and a slash before it.
    """
    if not keys:
        return {}
    wanted = {*keys, *(key.partition("/")[2] for key in keys)}
    by_identifier: dict[str, list[Offer]] = defaultdict(list)
    for offer in session.scalars(
        select(Offer)
        .where(Offer.identifier.in_(wanted))
        .options(
            joinedload(Offer.provider).options(
                selectinload(Provider.locations).raiseload("*"),
                selectinload(Provider.contracts).raiseload("*"),
                selectinload(Provider.consortia).options(
                    selectinload(Consortium.providers).raiseload("*"), raiseload("*")
                ),
                raiseload("*"),
            )
        )
    ).unique():
        by_identifier[offer.identifier].append(offer)
    named: dict[str, Offer] = {}
    for key in keys:
        slug, _, identifier = key.partition("/")
        of_provider = [offer for offer in by_identifier.get(identifier, ()) if offer.provider.slug == slug]
        found = by_identifier.get(key) or of_provider
        if len(found) == 1:
            named[key] = found[0]
    return named
