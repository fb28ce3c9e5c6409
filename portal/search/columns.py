"""What filters and counts need of every offer, in arrays: read from the database once a revision.

Whether an offer can be chosen, where, for whom and how soon comes from the database alone, so that nothing that was
withdrawn can be found, whatever the index holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.catalogue.availability import Situation, is_open
from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Offer, OfferSetting, OfferTopic, Provider, ProviderLanguage
from portal.catalogue.types import Framework, OfferAccess
from portal.core.text import fold
from portal.search.language import stems

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

UNKNOWN_WAIT = 10_000
"""Stands for a waiting time that nobody told: longer than any."""
_OLDEST = 200


@dataclass(frozen=True)
class Columns:
    """One row an offer, in the order of `offer_ids`."""

    offer_ids: Numbers
    row_of: Mapping[int, int]
    providers: Numbers
    """Row to the rank of its provider in the order of names; the same provider has the same rank."""
    provider_ids: Numbers
    """Rank to primary key."""
    provider_stems: tuple[frozenset[str], ...]
    """Rank to the stems of the provider's name."""
    values: Mapping[str, Mapping[str, Flags]]
    """Facet to code to the rows that have it."""
    pairs: Mapping[str, tuple[tuple[str, ...], Numbers, Numbers]]
    """Facet to its codes, and one pair (number of the code, row) for each code that a row has."""
    age_min: Numbers
    age_max: Numbers
    wait_start: Numbers
    accepting: Flags
    decided: Flags
    """Rows about which a court or one front door decides."""
    only: Mapping[str, Flags]
    """`girls` and `boys` to the rows that are for them alone."""


def read_columns(session: Session, code_lists: CodeLists) -> Columns:
    """Read all offers, whether open or not."""
    rows = session.execute(
        select(
            Offer.id, Offer.provider_id, Provider.name, Provider.size, Offer.arrangement, Offer.access,
            Offer.framework, Offer.age_min, Offer.age_max, Offer.waiting_weeks_start, Offer.accepting_clients,
            Offer.gender,
        ).join(Provider, Provider.id == Offer.provider_id).order_by(Offer.id)
    ).all()  # fmt: skip
    names = {row.provider_id: row.name for row in rows}
    by_name = sorted(names, key=lambda provider: (fold(names[provider]), provider))
    rank = {provider: number for number, provider in enumerate(by_name)}
    row_of = {row.id: number for number, row in enumerate(rows)}
    providers = np.array([rank[row.provider_id] for row in rows], dtype=np.int64)
    rows_of_provider: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        rows_of_provider.setdefault(row.provider_id, []).append(number)

    def flags(wanted: list[bool]) -> Flags:
        return np.array(wanted, dtype=np.bool_)

    def one_each(values: list[str | None]) -> dict[str, Flags]:
        codes = np.array([value or "" for value in values], dtype=object)
        return {code: codes == code for code in {value for value in values if value}}

    def many_each(statement: Select[int, str]) -> dict[str, Flags]:
        found: dict[str, Flags] = {}
        for offer_id, value in session.execute(statement):
            found.setdefault(str(value), np.zeros(len(rows), dtype=np.bool_))[row_of[offer_id]] = True
        return found

    languages: dict[str, Flags] = {}
    for provider_id, language in session.execute(select(ProviderLanguage.provider_id, ProviderLanguage.language)):
        column = languages.setdefault(language, np.zeros(len(rows), dtype=np.bool_))
        column[rows_of_provider.get(provider_id, [])] = True
    frameworks = one_each([row.framework for row in rows])
    both = frameworks.pop(Framework.BOTH, np.zeros(len(rows), dtype=np.bool_))
    values = {
        "arrangement": _with_below(one_each([row.arrangement for row in rows]), code_lists, "arrangement"),
        "onderwerp": _with_below(many_each(select(OfferTopic.offer_id, OfferTopic.topic)), code_lists, "onderwerp"),
        "waar": many_each(select(OfferSetting.offer_id, OfferSetting.setting)),
        "taal": languages,
        "grootte": one_each([row.size for row in rows]),
        "kader": {code: column | both for code, column in frameworks.items()},
        "vrij": one_each([row.access if row.access is OfferAccess.FREE else None for row in rows]),
    }
    return Columns(
        offer_ids=np.array([row.id for row in rows], dtype=np.int64),
        row_of=row_of,
        providers=providers,
        provider_ids=np.array(by_name, dtype=np.int64),
        provider_stems=tuple(frozenset(stems(names[provider])) for provider in by_name),
        values=values,
        pairs={facet: _pairs(columns) for facet, columns in values.items()},
        age_min=np.array([row.age_min or 0 for row in rows], dtype=np.int64),
        age_max=np.array([_OLDEST if row.age_max is None else row.age_max for row in rows], dtype=np.int64),
        wait_start=np.array(
            [UNKNOWN_WAIT if row.waiting_weeks_start is None else row.waiting_weeks_start for row in rows],
            dtype=np.int64,
        ),
        accepting=flags([row.accepting_clients for row in rows]),
        decided=flags([row.arrangement in code_lists.decided_elsewhere for row in rows]),
        only={gender: flags([row.gender == gender for row in rows]) for gender in ("girls", "boys")},
    )


def _pairs(columns: Mapping[str, Flags]) -> tuple[tuple[str, ...], Numbers, Numbers]:
    found = [np.flatnonzero(column) for column in columns.values()]
    numbers = [np.full(len(rows), number, dtype=np.int64) for number, rows in enumerate(found)]
    empty = np.array([], dtype=np.int64)
    return tuple(columns), np.concatenate(numbers or [empty]), np.concatenate(found or [empty])


def _with_below(columns: dict[str, Flags], code_lists: CodeLists, facet: str) -> dict[str, Flags]:
    """Each code also has the rows of the codes under it."""
    known = code_lists.arrangements if facet == "arrangement" else code_lists.topics
    below = code_lists.arrangement_and_below if facet == "arrangement" else code_lists.topic_and_below
    whole: dict[str, Flags] = {}
    for code in known:
        parts = [columns[child] for child in below(code) if child in columns]
        if parts:
            whole[code] = np.logical_or.reduce(parts)
    return whole


def open_rows(session: Session, columns: Columns, situation: Situation) -> Flags:
    """The rows that can be chosen in this situation, as the database has it now."""
    found = np.zeros(len(columns.offer_ids), dtype=np.bool_)
    numbers = [
        columns.row_of[i] for i in session.scalars(select(Offer.id).where(is_open(situation))) if i in columns.row_of
    ]
    found[numbers] = True
    return found
