"""What filters, counts and order need of every offer, in arrays: read from the database once a revision.

Whether an offer can be chosen, where, for whom and how soon comes from the database alone, so that nothing that was
withdrawn can be found, whatever the index holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Offer, OfferSetting, OfferTopic, Provider, ProviderLanguage
from portal.catalogue.queries import ids_by_code
from portal.catalogue.types import Framework, Gender, OfferAccess
from portal.core.text import fold
from portal.search.language import Speller, stems, tokens

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Pairs = Iterable[tuple[int, str]]

UNKNOWN_WAIT = 10_000
"""Stands for a waiting time that nobody told: longer than any."""
_OLDEST = 200
_NO_ROWS: Numbers = np.empty(0, dtype=np.int64)


class Facet:
    """Which rows have which of its codes; counts providers."""

    def __init__(self, codes: Sequence[str], numbers: Numbers, rows: Numbers, providers: Numbers) -> None:
        """`numbers` and `rows` pair a code (its number) with a row; `providers` has the provider of every row."""
        self._rows_in_all = len(providers)
        order = np.lexsort((rows, numbers))
        numbers, rows = numbers[order], rows[order]
        is_new = np.ones(len(rows), dtype=np.bool_)
        is_new[1:] = (numbers[1:] != numbers[:-1]) | (rows[1:] != rows[:-1])
        numbers, self._rows = numbers[is_new], rows[is_new]
        self._codes = {code: number for number, code in enumerate(codes)}
        self._code_starts = np.searchsorted(numbers, np.arange(len(codes) + 1))
        # Rows are in the order of their providers, so those of one code and provider stand together.
        its_provider = providers[self._rows]
        is_first = np.ones(len(numbers), dtype=np.bool_)
        is_first[1:] = (numbers[1:] != numbers[:-1]) | (its_provider[1:] != its_provider[:-1])
        self._group = np.cumsum(is_first).astype(np.int32) - 1
        self._code_of_group = numbers[is_first]

    @classmethod
    def of(cls, pairs: Mapping[str, Numbers], providers: Numbers) -> Facet:
        """From each code with its rows."""
        numbers = [np.full(len(rows), number, dtype=np.int64) for number, rows in enumerate(pairs.values())]
        return cls(
            tuple(pairs), np.concatenate([_NO_ROWS, *numbers]), np.concatenate([_NO_ROWS, *pairs.values()]), providers
        )

    def flags(self, codes: Iterable[str]) -> Flags:
        """The rows that have at least one of these codes."""
        found = np.zeros(self._rows_in_all, dtype=np.bool_)
        for code in codes:
            found[self.rows(code)] = True
        return found

    def rows(self, code: str) -> Numbers:
        """The rows that have this code, ascending."""
        number = self._codes.get(code)
        return (
            self._rows[:0] if number is None else self._rows[self._code_starts[number] : self._code_starts[number + 1]]
        )

    def counts(self, rows: Flags) -> dict[str, int]:
        """How many providers of these rows have each code; codes that none has are left out."""
        counted = np.bincount(
            self._code_of_group[_without_repeats(self._group[rows[self._rows]])], minlength=len(self._codes)
        )
        return {code: int(counted[number]) for code, number in self._codes.items() if counted[number]}


@dataclass(frozen=True, slots=True)
class Names:
    """Which stems stand in which names; names are known by their number."""

    names: tuple[str, ...]
    lengths: Numbers
    """How many different stems each name has."""
    with_stem: Mapping[str, Numbers]
    """Stem to the names in which it stands."""
    speller: Speller
    """Knows the words of these names, mistyped too."""

    @classmethod
    def of(cls, names: tuple[str, ...]) -> Names:
        """Read these names."""
        read = [frozenset(stems(name)) for name in names]
        with_stem = _grouped((number, stem) for number, found in enumerate(read) for stem in found)
        return cls(
            names,
            np.array([len(found) for found in read], dtype=np.int64),
            {stem: np.array(numbers) for stem, numbers in with_stem.items()},
            Speller(fold(token.text) for name in names for token in tokens(name)),
        )


@dataclass(frozen=True)
class Columns:
    """One row an offer: by the name of its provider, then by primary key."""

    offer_ids: Numbers
    providers: Numbers
    """Row to the rank of its provider in the order of names; ascending."""
    provider_ids: Numbers
    """Rank to primary key."""
    provider_starts: Numbers
    """Rank to its first row."""
    named: Names
    """The names of the providers, by rank."""
    facets: Mapping[str, Facet]
    age_min: Numbers
    age_max: Numbers
    wait_start: Numbers
    accepting: Flags
    decided: Flags
    """Rows about which a court or one front door decides."""
    only: Mapping[str, Flags]
    """`girls` and `boys` to the rows that are for them alone."""

    @cached_property
    def _by_offer(self) -> Numbers:
        return np.argsort(self.offer_ids)

    def rows_of(self, offer_ids: Numbers) -> Numbers:
        """The row of each of these offers; -1 where there is none."""
        if not len(self.offer_ids):
            return np.full(len(offer_ids), -1)
        at = np.searchsorted(self.offer_ids, offer_ids, sorter=self._by_offer)
        rows = self._by_offer[np.minimum(at, len(self._by_offer) - 1)]
        return np.where(self.offer_ids[rows] == offer_ids, rows, -1)

    def count_providers(self, rows: Flags) -> int:
        """How many providers these rows are of."""
        return len(_without_repeats(self.providers[rows]))


def _without_repeats(ascending: NDArray[np.integer[Any]]) -> NDArray[np.integer[Any]]:
    is_first = np.ones(len(ascending), dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=is_first[1:])
    return ascending[is_first]


def read_columns(session: Session, code_lists: CodeLists, earlier: Columns | None = None) -> Columns:
    """Read all offers, whether open or not; what `earlier` knows of names that are still the same is kept."""
    names = dict(session.execute(select(Provider.id, Provider.name)).all())
    by_name = sorted(names, key=lambda provider: (fold(names[provider]), provider))
    rank = {provider: number for number, provider in enumerate(by_name)}
    rows = session.execute(
        select(
            Offer.id, Offer.provider_id, type_coerce(Provider.size, String), Offer.arrangement,
            type_coerce(Offer.access, String), type_coerce(Offer.framework, String), Offer.age_min, Offer.age_max,
            Offer.waiting_weeks_start, Offer.accepting_clients, type_coerce(Offer.gender, String),
        ).join(Provider, Provider.id == Offer.provider_id)
    ).all()  # fmt: skip
    rows = sorted(rows, key=lambda row: (rank[row[1]], row[0]))
    ids, provider_ids, sizes, arrangements, accesses, frameworks, youngest, oldest, waits, accepting, genders = (
        zip(*rows, strict=True) if rows else ((),) * 11
    )
    ranks = np.array([rank[provider] for provider in provider_ids], dtype=np.int64)
    # Providers without any offer have no row, and are left out.
    present, starts, providers = np.unique(ranks, return_index=True, return_inverse=True)
    with_offers = [by_name[number] for number in present]
    row_of = {offer: row for row, offer in enumerate(ids)}
    names_now = tuple(names[provider] for provider in with_offers)
    named = earlier.named if earlier and earlier.named.names == names_now else Names.of(names_now)

    def rows_by_code(ids: InstrumentedAttribute[int], codes: InstrumentedAttribute[Any]) -> dict[str, Numbers]:
        found = ids_by_code(session, ids, codes)
        return {code: np.array([row_of[offer] for offer in offers.tolist()]) for code, offers in found.items()}

    def facet(pairs: Mapping[str, Numbers]) -> Facet:
        return Facet.of(pairs, providers)

    kader = _one_each(frameworks)
    both = kader.pop(Framework.BOTH, _NO_ROWS)
    spoken = ids_by_code(session, ProviderLanguage.provider_id, ProviderLanguage.language)
    rows_of_provider = {
        provider: np.arange(start, end)
        for provider, start, end in zip(with_offers, starts, np.append(starts, len(ids))[1:], strict=True)
    }
    return Columns(
        offer_ids=np.array(ids, dtype=np.int64),
        providers=providers.astype(np.int64),
        provider_ids=np.array(with_offers, dtype=np.int64),
        provider_starts=starts.astype(np.int64),
        named=named,
        facets={
            "arrangement": facet(
                _with_below(_one_each(arrangements), code_lists.arrangements, code_lists.arrangement_and_below)
            ),
            "onderwerp": facet(
                _with_below(
                    rows_by_code(OfferTopic.offer_id, OfferTopic.topic), code_lists.topics, code_lists.topic_and_below
                )
            ),
            "waar": facet(rows_by_code(OfferSetting.offer_id, OfferSetting.setting)),
            "taal": facet({
                language: np.concatenate([_NO_ROWS, *(rows_of_provider.get(p, _NO_ROWS) for p in found.tolist())])
                for language, found in spoken.items()
            }),
            "grootte": facet(_one_each(sizes)),
            "kader": facet({
                code: np.concatenate([kader.get(code, _NO_ROWS), both])
                for code in (Framework.VOLUNTARY, Framework.MANDATORY)
            }),
            "vrij": facet({OfferAccess.FREE: _one_each(accesses).get(OfferAccess.FREE, _NO_ROWS)}),
        },
        age_min=np.array([age or 0 for age in youngest], dtype=np.int64),
        age_max=np.array([_OLDEST if age is None else age for age in oldest], dtype=np.int64),
        wait_start=np.array([UNKNOWN_WAIT if weeks is None else weeks for weeks in waits], dtype=np.int64),
        accepting=np.array(accepting, dtype=np.bool_),
        decided=np.isin(np.array(arrangements, dtype=object), list(code_lists.decided_elsewhere)),
        only={gender: np.array([g == gender for g in genders], np.bool_) for gender in (Gender.GIRLS, Gender.BOYS)},
    )  # fmt: skip


def _one_each(values: Sequence[str | None]) -> dict[str, Numbers]:
    found = _grouped((row, value) for row, value in enumerate(values) if value)
    return {code: np.array(rows, dtype=np.int64) for code, rows in found.items()}


def _grouped(pairs: Pairs) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, code in pairs:
        found.setdefault(code, []).append(number)
    return found


def _with_below(
    pairs: Mapping[str, Numbers], known: Iterable[str], below: Callable[[str], Iterable[str]]
) -> dict[str, Numbers]:
    """Each code also has the rows of the codes under it."""
    whole = {code: [pairs[child] for child in below(code) if child in pairs] for code in known}
    return {code: np.unique(np.concatenate(parts)) for code, parts in whole.items() if parts}
