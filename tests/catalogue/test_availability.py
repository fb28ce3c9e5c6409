"""Only what is under contract today, for this municipality and arrangement, is offered as a choice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.catalogue.availability import Situation, is_open, limited_to, status_of
from portal.catalogue.models import Contract, ContractMunicipality, Offer, OfferMunicipality, Provider, Region
from portal.catalogue.open_offers import open_by_municipality
from portal.catalogue.types import OfferAccess, OfferStatus
from portal.core.database import Database

TODAY = date(2026, 11, 22)
HEERLEN, MAASTRICHT = "GM0917", "GM0935"


def situation(place: str | None = None, regions_there: tuple[int, ...] = (1,)) -> Situation:
    return Situation(TODAY, place, frozenset(regions_there), frozenset({1}))


def offer(**values: object) -> Offer:
    defaults = {"region_id": 1, "arrangement": "begeleiding", "access": OfferAccess.REFERRAL, "municipalities": []}
    return Offer(**{**defaults, **values})


def contract(
    start: int, end: int | None, places: list[str] | None = None, arrangement: str = "begeleiding"
) -> Contract:
    """A contract from `start` to `end` days from today, in `places` or the whole region."""
    return Contract(
        region_id=1,
        arrangement=arrangement,
        start_date=TODAY + timedelta(start),
        end_date=None if end is None else TODAY + timedelta(end),
        whole_region=places is None,
        municipalities=places or [],
    )


@pytest.mark.parametrize(
    ("the_offer", "contracts", "place", "status"),
    [
        (offer(), [contract(-9, None)], None, OfferStatus.CONTRACTED),
        (offer(), [contract(0, 0)], HEERLEN, OfferStatus.CONTRACTED),
        (offer(), [contract(-9, -1)], None, OfferStatus.ENDED),
        (offer(), [contract(1, 9)], None, OfferStatus.STARTS_LATER),
        (offer(), [contract(-9, -1), contract(1, 9)], None, OfferStatus.STARTS_LATER),
        (offer(), [contract(1, 9), contract(-9, -1)], None, OfferStatus.STARTS_LATER),
        (offer(), [contract(-9, -1), contract(-3, 3)], None, OfferStatus.CONTRACTED),
        (offer(), [], None, OfferStatus.NOT_CONTRACTED),
        (offer(), [contract(-9, 9, arrangement="verblijf")], None, OfferStatus.NOT_CONTRACTED),
        (offer(), [contract(-9, 9, [MAASTRICHT])], HEERLEN, OfferStatus.NOT_CONTRACTED),
        (offer(), [contract(-9, 9, [MAASTRICHT])], MAASTRICHT, OfferStatus.CONTRACTED),
        (offer(municipalities=[MAASTRICHT]), [contract(-9, 9)], HEERLEN, OfferStatus.NOT_CONTRACTED),
        (offer(municipalities=[MAASTRICHT]), [contract(-9, 9)], None, OfferStatus.CONTRACTED),
        (offer(access=OfferAccess.FREE), [], HEERLEN, OfferStatus.FREE),
        (offer(access=OfferAccess.FREE, municipalities=[MAASTRICHT]), [], HEERLEN, OfferStatus.NOT_CONTRACTED),
        (offer(arrangement=None), [], None, OfferStatus.UNKNOWN),
        (offer(arrangement=None), [], HEERLEN, OfferStatus.NOT_CONTRACTED),
        (offer(region_id=2), [], None, OfferStatus.UNKNOWN),
        (offer(withdrawn_on=TODAY), [contract(-9, 9)], None, OfferStatus.WITHDRAWN),
        (offer(withdrawn_on=TODAY + timedelta(1)), [contract(-9, 9)], None, OfferStatus.CONTRACTED),
    ],
)
def test_status(the_offer: Offer, contracts: list[Contract], place: str | None, status: OfferStatus) -> None:
    assert status_of(the_offer, contracts, situation(place)) is status


@pytest.mark.parametrize(
    ("the_offer", "contracts", "places"),
    [
        (offer(), [contract(-9, 9, [HEERLEN]), contract(-9, 9, [MAASTRICHT])], {HEERLEN, MAASTRICHT}),
        (offer(), [contract(-9, 9, [HEERLEN]), contract(-9, -1), contract(1, 9)], {HEERLEN}),
        (offer(), [contract(-9, 9, [HEERLEN]), contract(-9, 9)], set()),
        (offer(municipalities=[MAASTRICHT]), [contract(-9, 9)], {MAASTRICHT}),
        (offer(municipalities=[MAASTRICHT]), [contract(-9, 9, [HEERLEN, MAASTRICHT])], {MAASTRICHT}),
        (offer(access=OfferAccess.FREE), [contract(-9, 9, [HEERLEN])], set()),
        (offer(access=OfferAccess.FREE, municipalities=[MAASTRICHT]), [], {MAASTRICHT}),
    ],
)
def test_to_which_municipalities_help_is_limited(the_offer: Offer, contracts: list[Contract], places: set[str]) -> None:
    assert limited_to(the_offer, contracts, situation()) == places


def test_a_whole_region_contract_does_not_reach_another_region() -> None:
    elsewhere = situation("GM0363", regions_there=())
    assert status_of(offer(), [contract(-9, 9)], elsewhere) is OfferStatus.NOT_CONTRACTED


days = st.integers(-3, 3)
places = st.sampled_from([[HEERLEN], [MAASTRICHT], [HEERLEN, MAASTRICHT]])
drawn_contracts = st.lists(
    st.tuples(days, st.one_of(st.none(), days), st.one_of(st.none(), places)).filter(
        lambda c: c[1] is None or c[0] <= c[1]
    ),
    max_size=3,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contracts=drawn_contracts,
    limited=st.one_of(st.just([]), places),
    free=st.booleans(),
    arrangement=st.sampled_from(["begeleiding", None]),
    withdrawn=st.one_of(st.none(), days),
    place=st.sampled_from([None, HEERLEN]),
    in_region=st.booleans(),
    region_has_contracts=st.booleans(),
    merged=st.booleans(),
)
def test_search_and_page_apply_the_same_rule(
    database: Database,
    contracts: list[tuple[int, int | None, list[str] | None]],
    limited: list[str],
    free: bool,
    arrangement: str | None,
    withdrawn: int | None,
    place: str | None,
    in_region: bool,
    region_has_contracts: bool,
    merged: bool,
) -> None:
    with database.sessions() as session:
        region = Region(name="R", youth_region=None)
        provider = Provider(region=region, identifier="P", slug="p", name="P")
        session.add(provider)
        session.flush()
        there = frozenset({region.id}) if in_region or place is None else frozenset()
        with_contracts = frozenset({region.id}) if region_has_contracts or contracts else frozenset()
        if merged:
            successor = Provider(region=region, identifier="Q", slug="q", name="Q")
            session.add(successor)
            session.flush()
            provider.successor_id = successor.id
        asked = Situation(TODAY, place, there, with_contracts, frozenset({provider.id}) if merged else frozenset())
        the_offer = Offer(
            region_id=region.id, provider=provider, identifier="O", name="O", description="-", arrangement=arrangement,
            access=OfferAccess.FREE if free else OfferAccess.REFERRAL, municipalities=limited,
            withdrawn_on=None if withdrawn is None else TODAY + timedelta(withdrawn),
        )  # fmt: skip
        session.add(the_offer)
        session.flush()
        session.add_all(OfferMunicipality(offer_id=the_offer.id, municipality=code) for code in limited)
        for number, (start, end, codes) in enumerate(contracts):
            row = contract(start, end, codes)
            row.region_id, row.provider_id, row.identifier = region.id, provider.id, str(number)
            session.add(row)
            session.flush()
            session.add_all(ContractMunicipality(contract_id=row.id, municipality=code) for code in codes or [])
        session.flush()
        found = session.scalars(select(Offer.id).where(is_open(asked))).all()
        rows = session.scalars(select(Contract).where(Contract.provider_id == provider.id)).all()
        assert bool(found) == status_of(the_offer, rows, asked).is_open
        assert not (merged and found)
        if place is not None:
            everywhere = open_by_municipality(session, TODAY, [the_offer.id], {place: there}, with_contracts)
            assert everywhere.tolist() == [[bool(found)]]
        session.rollback()
