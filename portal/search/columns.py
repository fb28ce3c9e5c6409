"""What filters, counts and order need of every offer, in arrays: read from the database once a revision.

Whether an offer can be chosen, where, for whom and how soon comes from the database alone, so that nothing that was
withdrawn can be found, whatever the index holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Offer, OfferSetting, OfferTopic, Provider, ProviderLanguage
from portal.catalogue.queries import ids_by_code
from portal.catalogue.types import Framework, Gender, OfferAccess, Setting
from portal.core.text import fold
from portal.search.criteria import WAITING_WEEKS
from portal.search.language import Speller, stems, tokens
from portal.search.names import ProviderNames

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Pairs = Iterable[tuple[int, str]]

UNKNOWN_WAIT = 10_000
"""Stands for a waiting time that nobody told: longer than any."""
_DECIDED_CHANCE = 0.5
"""What a court or one front door decides about is shown, but what a family can choose comes first."""
_FULL_CHANCE = 0.75
"""Who takes no new families now comes after who fits nearly as well and does."""
_AWAY_CHANCE = 0.7
"""Help for which a child goes to live elsewhere comes after help that fits nearly as well and lets it live at home."""
_FOR_A_WHILE = frozenset({"logeren"})
"""Kinds of help for which a child sleeps elsewhere, but does not live there."""
_HEAVY = frozenset({"regie", "begeleide-omgang"})
"""Kinds of help for when much is the matter at once: somebody who holds it together, meeting with somebody beside."""
_HEAVY_CHANCE = 0.9
"""They come after lighter help that fits nearly as well."""
_OLDEST = 200
_NO_ROWS: Numbers = np.empty(0, dtype=np.int64)


class Tally:
    """Counts the providers of sets of rows. A set is a whole number with a bit a row.

    After the bits of each provider's rows comes one that stands for no row. To add to a set the number that has the
    bits of all rows carries into that one where the set holds a row of the provider, and nowhere else: so the carries
    are counted, for all providers at once.
    """

    def __init__(self, providers: Numbers) -> None:
        """`providers` has the rank of the provider of every row, ascending and without gaps."""
        self._place = np.arange(len(providers)) + providers
        self._length = int(self._place[-1]) + 2 if len(providers) else 0
        self._every = self.set_of(np.ones(len(providers), dtype=np.bool_))
        self._carries = ~self._every & ((1 << self._length) - 1)

    def set_of(self, rows: Flags) -> int:
        """The set of these rows."""
        bits = np.zeros(self._length, dtype=np.bool_)
        bits[self._place[rows]] = True
        return int.from_bytes(np.packbits(bits, bitorder="little").tobytes(), "little")

    def count(self, rows: int) -> int:
        """How many providers a set is of."""
        return ((rows + self._every) & self._carries).bit_count()


class Facet:
    """Which rows have which of its codes; counts providers."""

    def __init__(self, rows: Mapping[str, Numbers], tally: Tally, rows_in_all: int) -> None:
        self._rows, self._tally, self._rows_in_all = rows, tally, rows_in_all
        self._sets = {code: tally.set_of(self.flags([code])) for code in rows}

    def flags(self, codes: Iterable[str]) -> Flags:
        """The rows that have at least one of these codes."""
        found = np.zeros(self._rows_in_all, dtype=np.bool_)
        for code in codes:
            found[self.rows(code)] = True
        return found

    def rows(self, code: str) -> Numbers:
        """The rows that have this code."""
        return self._rows.get(code, _NO_ROWS)

    def counts(self, rows: int) -> Mapping[str, int]:
        """How many providers of these rows have each code; codes that none has are left out."""
        return _Counts(self._sets, self._tally, rows)


class _Counts(Mapping[str, int]):
    """Numbers by code, each counted when it is asked for: a page shows a part of all topics."""

    def __init__(self, sets: Mapping[str, int], tally: Tally, rows: int) -> None:
        self._sets, self._tally, self._rows = sets, tally, rows

    def get(self, code: object, default: Any = None) -> Any:
        """As of a dict."""
        its_rows = self._sets.get(cast(str, code), 0)
        return self._tally.count(self._rows & its_rows) or default

    def __getitem__(self, code: str) -> int:
        number = self.get(code)
        if number is None:
            raise KeyError(code)
        return cast(int, number)

    def __iter__(self) -> Iterator[str]:
        return (code for code in self._sets if self.get(code))

    def __len__(self) -> int:
        return sum(1 for _ in self)


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
    providers: ProviderNames
    """Finds them in a sentence."""

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
            ProviderNames(names),
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
    tally: Tally
    facets: Mapping[str, Facet]
    age_min: Numbers
    age_max: Numbers
    wait_start: Numbers
    accepting: Flags
    begins: Numbers
    """After how many weeks the help of each row begins; unknown where nobody can begin."""
    decided: Flags
    """Rows about which a court or one front door decides."""
    away: Flags
    """Rows for which a child goes to live elsewhere."""
    heavy: Flags
    """Rows of help for when much is the matter at once."""
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

    @cached_property
    def room(self) -> NDArray[np.float64]:
        """Who takes new families now counts in full, and the rest less: for the order by fit."""
        return np.where(self.accepting, 1.0, _FULL_CHANCE)

    @cached_property
    def chance(self) -> NDArray[np.float64]:
        """The same, where what somebody else decides about comes after what a family can choose."""
        return np.where(self.decided, _DECIDED_CHANCE, 1.0) * self.room

    @cached_property
    def chance_at_home(self) -> NDArray[np.float64]:
        """The same where nobody asked for another place to live: what is lighter comes first."""
        return self.chance * np.where(self.away, _AWAY_CHANCE, 1.0) * np.where(self.heavy, _HEAVY_CHANCE, 1.0)

    @cached_property
    def chance_where_it_lives(self) -> NDArray[np.float64]:
        """The same for a child that lives with others already: another place is a fright, and comes later still."""
        return self.chance_at_home * self.chance_at_home / self.chance

    def count_within(self, rows: Flags, values: NDArray[Any], limits: Sequence[int]) -> dict[str, int]:
        """For each of these limits how many providers have one of these rows with a value up to it."""
        found = np.flatnonzero(rows)
        providers = self.providers[found]
        starts = np.flatnonzero(np.diff(providers, prepend=-1))
        least = np.sort(np.minimum.reduceat(values[found], starts)) if len(found) else values[:0]
        counted = np.searchsorted(least, limits, side="right").tolist()
        return dict(zip(map(str, limits), counted, strict=True))


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

    tally = Tally(providers)
    takes_new = np.array(accepting, dtype=np.bool_)
    wait_start = np.array([UNKNOWN_WAIT if weeks is None else weeks for weeks in waits], dtype=np.int64)
    begins = np.where(takes_new, wait_start, UNKNOWN_WAIT)

    def facet(pairs: Mapping[str, Numbers]) -> Facet:
        return Facet(pairs, tally, len(ids))

    kader = _one_each(frameworks)
    both = kader.pop(Framework.BOTH, _NO_ROWS)
    settings = rows_by_code(OfferSetting.offer_id, OfferSetting.setting)
    kinds = np.array(arrangements, dtype=object)
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
        tally=tally,
        facets={
            "wachttijd": facet({str(weeks): np.flatnonzero(begins <= weeks) for weeks in WAITING_WEEKS}),
            "arrangement": facet(
                _with_below(_one_each(arrangements), code_lists.arrangements, code_lists.arrangement_and_below)
            ),
            "onderwerp": facet(
                _with_below(
                    rows_by_code(OfferTopic.offer_id, OfferTopic.topic), code_lists.topics, code_lists.topic_and_below
                )
            ),
            "waar": facet(settings),
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
        wait_start=wait_start,
        accepting=takes_new,
        begins=begins,
        decided=np.isin(kinds, list(code_lists.decided_elsewhere)),
        away=_only_residential(settings, len(ids)) & ~np.isin(kinds, list(_FOR_A_WHILE)),
        heavy=np.isin(kinds, list(_HEAVY)),
        only={gender: np.array([g == gender for g in genders], np.bool_) for gender in (Gender.GIRLS, Gender.BOYS)},
    )  # fmt: skip


def _only_residential(settings: Mapping[str, Numbers], many: int) -> Flags:
    """Which of so many rows are given where a child lives, and nowhere else."""
    only = np.zeros(many, dtype=np.bool_)
    only[settings.get(Setting.RESIDENTIAL, _NO_ROWS)] = True
    for setting, rows in settings.items():
        if setting != Setting.RESIDENTIAL:
            only[rows] = False
    return only


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
