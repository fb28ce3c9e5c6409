"""What a process remembers of a provider reads as the row did, and can neither be stored nor read more."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm.exc import UnmappedInstanceError

from portal.catalogue.models import Offer, Provider, Region
from portal.catalogue.queries import provider_by_slug
from portal.catalogue.types import Setting
from portal.core.database import Database
from portal.core.snapshots import snapshot


@pytest.fixture
def linde(database: Database) -> Provider:
    """A snapshot of a provider with two offers, whose session is closed."""
    with database.transaction() as session:
        region = Region(name="Zuid-Limburg")
        session.add(region)
        provider = Provider(region=region, identifier="linde", slug="linde", name="De Linde", languages=["nl", "pl"])
        session.add(provider)
        for number in (1, 2):
            session.add(
                Offer(
                    region_id=1,
                    provider=provider,
                    identifier=f"L{number}",
                    name="Gezinshulp",
                    settings=[Setting.HOME],
                    description="Wij komen bij u thuis. " * 3,
                    location_identifiers=["hoofdgebouw"],
                )
            )
    with database.sessions() as session:
        found = provider_by_slug(session, "linde")
        assert found is not None
        return snapshot(found)


def test_it_says_what_was_loaded(linde: Provider) -> None:
    assert (linde.name, linde.languages, linde.region.name) == ("De Linde", ["nl", "pl"], "Zuid-Limburg")
    assert [(offer.identifier, offer.settings, offer.waiting.start) for offer in linde.offers] == [
        ("L1", ["home"], None), ("L2", ["home"], None),
    ]  # fmt: skip
    assert isinstance(linde, Provider)
    assert linde.successor is None


def test_it_reads_no_more_and_cannot_be_stored(linde: Provider) -> None:
    with pytest.raises(UnmappedInstanceError):
        _ = linde.offers[0].provider
    assert inspect(linde, raiseerr=False) is None


def test_what_is_equal_is_kept_once(linde: Provider) -> None:
    one, other = linde.offers
    assert one.description is other.description
    assert one.location_identifiers is other.location_identifiers


def test_rows_that_lead_to_each_other_still_do(database: Database, linde: Provider) -> None:
    with database.sessions() as session:
        offer = session.query(Offer).filter_by(identifier="L1").one()
        assert offer in offer.provider.offers
        copy = snapshot(offer)
    assert copy in copy.provider.offers
