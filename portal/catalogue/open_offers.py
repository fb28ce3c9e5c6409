"""Which offers can be chosen in which municipality, for all of them at once.

The same rule as `availability`, as arrays: to ask it of the database for each municipality would take as many queries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.catalogue.availability import is_current, is_offered
from portal.catalogue.models import Contract, ContractMunicipality, Offer, OfferMunicipality
from portal.catalogue.queries import ids_by_code
from portal.catalogue.types import OfferAccess

Flags = NDArray[np.bool_]


def open_by_municipality(
    session: Session,
    today: date,
    offer_ids: Sequence[int],
    regions_there: Mapping[str, frozenset[int]],
    regions_with_contracts: frozenset[int],
) -> Flags:
    """One row a municipality of `regions_there` (in its order), one column an offer: whether it can be chosen there.

    `regions_there` has for each municipality (CBS code) the ids of the regions of which it is part.
    """
    places = list(regions_there)
    number_of = {code: number for number, code in enumerate(places)}
    column_of = {offer: column for column, offer in enumerate(offer_ids)}
    shape = (len(places), len(column_of))

    def in_region(regions: NDArray[np.int64]) -> Flags:
        """Whether each municipality lies in each of these regions."""
        rows = [np.isin(regions, list(regions_there[code])) for code in places]
        return np.array(rows, dtype=np.bool_).reshape(len(places), len(regions))

    region, is_free, is_there, is_known = (
        np.zeros(shape[1], np.int64),
        *(np.zeros(shape[1], np.bool_) for _ in range(3)),
    )
    for offer, its_region, access, arrangement in session.execute(
        select(Offer.id, Offer.region_id, Offer.access, Offer.arrangement).where(is_offered(today))
    ):
        if (column := column_of.get(offer)) is not None:
            region[column], is_there[column] = its_region, True
            is_free[column] = access is OfferAccess.FREE
            is_known[column] = arrangement is not None and its_region in regions_with_contracts

    limited, named = np.zeros(shape[1], np.bool_), np.zeros(shape, np.bool_)
    for code, offers in ids_by_code(session, OfferMunicipality.offer_id, OfferMunicipality.municipality).items():
        its_columns = [column_of[offer] for offer in offers.tolist() if offer in column_of]
        limited[its_columns] = True
        if code in number_of:
            named[number_of[code], its_columns] = True

    contracted = np.zeros(shape, np.bool_)
    contracts = session.execute(
        select(Contract.id, Contract.region_id, Contract.whole_region).where(is_current(today)).order_by(Contract.id)
    ).all()
    contract_number = {contract.id: number for number, contract in enumerate(contracts)}
    whole = np.array([contract.whole_region for contract in contracts], np.bool_)
    covers = in_region(np.array([contract.region_id for contract in contracts], np.int64)) & whole
    for code, ids in ids_by_code(session, ContractMunicipality.contract_id, ContractMunicipality.municipality).items():
        if code in number_of:
            covers[number_of[code], [contract_number[i] for i in ids.tolist() if i in contract_number]] = True
    pairs = [
        (column_of[offer], contract_number[contract])
        for offer, contract in session.execute(
            select(Offer.id, Contract.id).join(
                Contract, and_(Contract.provider_id == Offer.provider_id, Contract.arrangement == Offer.arrangement)
            ).where(is_current(today))
        )
        if offer in column_of
    ]  # fmt: skip
    columns, numbers = np.array(pairs, np.int64).reshape(-1, 2).T
    for row in range(len(places)):
        contracted[row, columns[covers[row, numbers]]] = True

    offered_here = named | ~limited
    free_here = is_free & (limited | in_region(region))
    open_here: Flags = is_there & offered_here & (free_here | (~is_free & is_known & contracted))
    return open_here
