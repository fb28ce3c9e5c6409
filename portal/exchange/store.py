"""From a delivery to the database: what would change, and then the change itself, all of it or nothing.

Rows that are equal to what is stored are not written. What a person wrote at a desk wins over a file where
the rules say so: a newer waiting time stays, what was approved at a desk is never overwritten.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import count, takewhile
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import (
    Consortium,
    ConsortiumMember,
    Contract,
    ContractMunicipality,
    FormerSlug,
    Offer,
    OfferMunicipality,
    OfferSetting,
    OfferTopic,
    Provider,
    ProviderLanguage,
)
from portal.catalogue.operations import TEXTS
from portal.catalogue.types import LocationKind, Origin, Setting
from portal.core.database import Base
from portal.core.messages import N_
from portal.core.text import slugify
from portal.exchange.columns import SEPARATOR, TABLES, WHOLE_REGION, Table
from portal.exchange.delivery import ADDRESS_COLUMNS, HIDDEN_ADDRESS, DeliveredTable, Delivery, Key, Row, Values
from portal.exchange.problems import LONGEST_VALUE, Problems, note, shortened, warning
from portal.exchange.stored import REFERS_TO_PROVIDER, Stored, StoredRow, as_sql_table, attribute, sql_table

ROWS_AT_ONCE = 1_000
"""How many rows go to the database in one statement; it bounds memory, not the transaction."""
EMPTIED, ERASED = "emptied", "address_erased"
"""The codes of what a report says of values that go."""
WAITING_COLUMNS = ("waiting_weeks_intake", "waiting_weeks_start", "waiting_reported_on")
_BEFORE_A_DIFFERENCE = 15
MOST_ROWS_NAMED = 5
"""Of what happens in many rows, so many are named."""
_ENDS = {"offers": "withdrawn_on", "contracts": "end_date"}
"""The column by which a row of the table ends."""
TEXTS_OF_A_DESK: Mapping[str, frozenset[str]] = {
    "providers": frozenset({
        "name", "summary", "about", "identity", "team_size", "first_meeting", "same_worker", "evening_weekend", "phone",
        "email", "website", "complaints_url",
    }),
    "offers": frozenset({"name", "description", "approach", "not_suitable_for"}),
}  # fmt: skip
"""Columns that no package overwrites once somebody wrote them at a desk."""
_OPENS_AN_ADDRESS = {"kind", "address_confidential", *ADDRESS_COLUMNS} - {"name"}
"""Columns of a location by which an address can come to stand in the open data."""


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """One row that an import adds, changes or removes."""

    identifier: str
    change: str
    """`added`, `changed` or `removed`."""
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """For a changed row: column name to the old and the new value, shortened."""
    digest: str = ""
    """For a changed row: of both in full. It stands in no report."""


@dataclass(slots=True)
class TableChanges:
    """What an import does to one table."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    rows: list[ChangedRow] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """The counts by name."""
        return {"added": self.added, "changed": self.changed, "unchanged": self.unchanged, "removed": self.removed}

    @property
    def is_change(self) -> bool:
        """Whether anything is written."""
        return bool(self.added or self.changed or self.removed)


@dataclass(slots=True)
class _TablePlan:
    name: str
    added: list[Values] = field(default_factory=list)
    changed: list[tuple[StoredRow, Values]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    whole: dict[str, Values] = field(default_factory=dict)
    """Each delivered row by its identifier, as it will be."""
    changes: TableChanges = field(default_factory=TableChanges)


@dataclass(frozen=True, slots=True)
class _Follower:
    """Rows that repeat a list of their owner, one row each, so that filters can use them."""

    table: str
    owner: type[Base]
    child: type[Base]
    """Its primary key is the owner's id and the value."""
    wanted: Callable[[Values], Iterable[object]]


class Plan:
    """What storing a delivery would do to a region; `write` does it.

    What comes from a desk goes before what was written there before, and stays when a package comes.
    """

    def __init__(
        self,
        delivery: Delivery,
        stored: Stored,
        problems: Problems,
        lists: CodeLists,
        origin: Origin = Origin.PACKAGE,
    ) -> None:
        self._origin = origin
        self._lists = lists
        self._stored = stored
        self._problems = problems
        self._delivery = delivery
        self._tables = {name: self._plan(delivery.tables[name]) for name in TABLES if name in delivery.tables}

    @property
    def changes(self) -> dict[str, TableChanges]:
        """What is added, changed and removed, by table."""
        return {name: plan.changes for name, plan in self._tables.items()}

    @property
    def is_change(self) -> bool:
        """Whether anything is written at all."""
        return any(changes.is_change for changes in self.changes.values())

    def _plan(self, table: DeliveredTable) -> _TablePlan:
        plan = _TablePlan(table.table.name)
        stored = self._stored.rows(plan.name)
        defaults: Values = {column.name: column.empty for column in table.table.columns}
        emptied: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        erased: list[str] = []
        for key, row in table.rows.items():
            if "provider_ids" in row.values:
                row.values["provider_ids"] = sorted(strings(row.values["provider_ids"]))
            earlier = stored.get(key)
            if earlier is None:
                whole = defaults | row.values
                if plan.name == "locations":
                    _settle_confidentiality(whole, row.values, self._delivery)
                plan.added.append(whole | _whence(plan.name, row) | self._kept_texts(plan.name, [], _filled(whole)))
                plan.changes.added += 1
                plan.changes.rows.append(ChangedRow(_name_of(key), "added"))
            else:
                new = self._difference(plan.name, earlier, row)
                whole = earlier.values | new
                if new:
                    before = strings(earlier.more.get("desk_texts"))
                    plan.changed.append(
                        (earlier, new | _whence(plan.name, row) | self._kept_texts(plan.name, before, new))
                    )
                    plan.changes.changed += 1
                    described = self._described(earlier, new, whole)
                    plan.changes.rows.append(ChangedRow(_name_of(key), "changed", described, _digest(earlier, new)))
                    place = f"{row.number} ({_name_of(key)})"
                    for column in new.keys() & row.emptied - _hidden_columns(whole):
                        after = _written(new[column])
                        emptied[column, _written(earlier.values[column]) if after else "", after].append(place)
                    if plan.name == "locations" and _loses_its_address(earlier.values, whole):
                        erased.append(place)
                else:
                    plan.changes.unchanged += 1
            plan.whole[str(key[0])] = whole
            if plan.name == "locations" and _shows_a_family_home(whole, whole if earlier is None else new):
                self._warn_of_open_home(row)
        if plan.name == "access_points":
            self._plan_removals(plan, table.rows, stored)
        self._warn_emptied(table.table, emptied)
        self._warn_erased(erased)
        self._note_staying(plan, table, stored)
        return plan

    def _kept_texts(self, name: str, before: Iterable[str], new: Values) -> Values:
        """What is noted of a row whose texts are written at a desk now: which ones no package overwrites."""
        texts = TEXTS_OF_A_DESK.get(name)
        if self._origin is not Origin.DESK or texts is None:
            return {}
        return {"desk_texts": sorted({*before, *(texts & new.keys())})}

    def _warn_of_open_home(self, row: Row) -> None:
        self._problems.add(
            warning("open_family_home", N_("the address of this family home will stand in the open data"),
                    N_("write address_confidential yes, unless the family home itself wants its address known")),
            "locations", row.number, "address_confidential",
        )  # fmt: skip

    def _warn_emptied(self, table: Table, emptied: Mapping[tuple[str, str, str], Sequence[str]]) -> None:
        """Say once a column how many empty cells clear what is stored, or turn it into what an empty cell means."""
        for (column, old, new), places in sorted(emptied.items()):
            self._problems.add(
                warning(
                    EMPTIED,
                    _emptied_reason(len(places), bool(new)),
                    N_("if that must stay, remove the whole column"),
                    count=len(places), old=old, new=new, rows=_first(places),
                ),
                table.name, column=column,
            )  # fmt: skip

    def _warn_erased(self, places: Sequence[str]) -> None:
        """Say of which places the address goes, since they become secret; not a word of the address itself."""
        if places:
            self._problems.add(
                warning(
                    ERASED,
                    N_("1 place becomes secret, and its address is erased: row %(rows)s")
                    if len(places) == 1
                    else N_("%(count)s places become secret, and their addresses are erased: rows %(rows)s"),
                    N_("undoing does not bring an erased address back; if it must stay, leave out these rows"),
                    count=len(places), rows=_first(places),
                ),
                "locations", column="address_confidential",
            )  # fmt: skip

    def _note_staying(self, plan: _TablePlan, table: DeliveredTable, stored: Mapping[Key, StoredRow]) -> None:
        """Say how many rows that the file does not name stay as they are, and how they could be ended."""
        end = _ENDS.get(plan.name, "")
        staying = [key for key, row in stored.items() if key not in table.rows and row.values.get(end) is None]
        count = len(staying) - plan.changes.removed
        if count > 0 and not table.faulty:
            self._problems.add(
                note("not_in_file", N_("%(count)s that we have are not in this file; they stay"),
                     N_("to end one, send it with a date in %(column)s") if end else N_("you need not do anything"),
                     count=count, column=end), plan.name
            )  # fmt: skip

    def _described(self, earlier: StoredRow, new: Values, whole: Values) -> dict[str, tuple[str, str]]:
        hidden = _hidden_columns(whole)
        return {
            column: (HIDDEN_ADDRESS, "")  # nothing of it is kept
            if column in hidden
            else _side_by_side(self._named(column, earlier.values[column]), self._named(column, value))
            for column, value in new.items()
        }

    def _named(self, column: str, value: object) -> str:
        """`value` as the package would write it, municipalities by name."""
        if column in {"municipality", "municipalities"}:
            known = self._lists.municipalities
            codes = strings(value) or ([str(value)] if value else [])
            value = [known[code].name if code in known else code for code in codes]
        return _written(value)

    def _difference(self, name: str, earlier: StoredRow, row: Row) -> Values:
        """The delivered values that differ from the stored ones and may replace them."""
        old = earlier.values
        new = {column: value for column, value in row.values.items() if old[column] != value}
        if name == "locations":
            whole = old | row.values
            _settle_confidentiality(whole, row.values, self._delivery)
            return {column: value for column, value in whole.items() if old[column] != value}
        if self._origin is Origin.DESK:
            return new
        for column in new.keys() & set(strings(earlier.more.get("desk_texts", []))):
            del new[column]
            self._problems.add(
                note("desk_text_kept", N_("this was approved at a desk and stays as it is"),
                     N_("change it at the desk")), name, row.number, column
            )  # fmt: skip
        if earlier.more.get("waiting_origin") is Origin.DESK and new.keys() & set(WAITING_COLUMNS):
            at_desk, in_file = old["waiting_reported_on"], row.values.get("waiting_reported_on")
            if isinstance(at_desk, date) and (not isinstance(in_file, date) or at_desk > in_file):
                new = {column: value for column, value in new.items() if column not in WAITING_COLUMNS}
                self._problems.add(
                    note("desk_waiting_kept", N_("the waiting time given at a desk on %(day)s is newer and stays"),
                         N_("send a waiting time with a later date, or change it at the desk"), day=at_desk),
                    name, row.number, "waiting_reported_on", in_file or "",
                )  # fmt: skip
        return new

    def _plan_removals(self, plan: _TablePlan, rows: Mapping[Key, Row], stored: Mapping[Key, StoredRow]) -> None:
        mentioned = {key[:2] for key in rows}
        for key, earlier in stored.items():
            if key[:2] in mentioned and key not in rows:
                plan.removed.append(earlier.id)
                plan.changes.removed += 1
                plan.changes.rows.append(ChangedRow(_name_of(key), "removed"))

    # --- writing ---

    def write(self, session: Session, region_id: int, lists: CodeLists) -> bool:
        """Do it, within the transaction of `session`; say whether anything was written.

        Also where no row changes, since a code list may have: a word can have become a known topic.
        """
        for name, plan in self._tables.items():
            if name == "providers":
                self._give_slugs(session, plan)
            providers = self._row_ids(session, "providers", region_id) if name in REFERS_TO_PROVIDER else {}
            _write_rows(session, plan, region_id, providers, self._origin)
        return self._follow(session, region_id, lists) or self.is_change

    @property
    def changes_counts(self) -> bool:
        """Whether figures have to be made anew."""
        return "outcomes" in self._tables and self._tables["outcomes"].changes.is_change

    def providers_with_new_texts(self, session: Session, region_id: int) -> set[int]:
        """The providers (primary keys) of which this changes a text by which they or their offers are found."""
        found: set[str] = set()
        for name, columns in TEXTS.items():
            plan = self._tables.get(name)
            if plan is not None:
                found |= {str(values["provider_id"]) for values in plan.added}
                found |= {str((e.values | new)["provider_id"]) for e, new in plan.changed if columns & new.keys()}
        ids = self._row_ids(session, "providers", region_id) if found else {}
        return {ids[identifier] for identifier in found}

    def _give_slugs(self, session: Session, plan: _TablePlan) -> None:
        """Give each new or renamed provider its address; a former address leads on and is nobody else's."""
        taken = set(session.scalars(select(Provider.slug)))
        former = {row.slug: row.provider_id for row in session.execute(select(FormerSlug.slug, FormerSlug.provider_id))}
        for earlier, new in plan.changed:
            slug, base = str(earlier.more["slug"]), slugify(str(new.get("name", "")))
            if "name" not in new or slug == base or slug.removeprefix(f"{base}-").isdigit():
                continue
            mine = {old for old, provider in former.items() if provider == earlier.id}
            new["slug"] = _free_slug(base, taken | former.keys() - mine)
            session.execute(delete(FormerSlug).where(FormerSlug.slug == new["slug"]))
            session.execute(insert(FormerSlug).values(slug=slug, provider_id=earlier.id))
            former[slug] = earlier.id
            taken.add(str(new["slug"]))
        for values in plan.added:
            slug = _free_slug(slugify(str(values["name"])), taken | former.keys())
            values["slug"] = slug
            taken.add(slug)

    def _follow(self, session: Session, region_id: int, lists: CodeLists) -> bool:
        """Bring the rows by which filters find things in line with the rows that were delivered."""
        has_written = False
        providers = self._row_ids(session, "providers", region_id) if "consortia" in self._tables else {}
        for follower in _followers(lists, providers):
            if follower.table in self._tables:
                ids = self._row_ids(session, follower.table, region_id)
                whole = self._tables[follower.table].whole
                pairs = {(ids[name], value) for name, values in whole.items() for value in follower.wanted(values)}
                has_written |= _align(session, follower, region_id, {ids[name] for name in whole}, pairs)
        return has_written

    def _row_ids(self, session: Session, name: str, region_id: int) -> dict[str, int]:
        if name in self._tables and self._tables[name].added:
            table = sql_table(name)
            found = session.execute(select(table.c.identifier, table.c.id).where(table.c.region_id == region_id))
            return dict(found.all())
        return {str(key[0]): row.id for key, row in self._stored.rows(name).items()}


def _write_rows(
    session: Session, plan: _TablePlan, region_id: int, providers: Mapping[str, int], origin: Origin
) -> None:
    table = sql_table(plan.name)
    own = {} if plan.name == "outcomes" else {"region_id": region_id}
    for chunk in _chunks(plan.added):
        session.execute(insert(table), [own | _columns(plan.name, values, providers, origin) for values in chunk])
    alike: dict[frozenset[str], list[dict[str, object]]] = {}
    for earlier, new in plan.changed:
        values = _columns(plan.name, new, providers, origin)
        if values:
            alike.setdefault(frozenset(values), []).append(values | {"id_": earlier.id})
    for names, rows in alike.items():
        change = update(table).where(table.c.id == bindparam("id_")).values({name: bindparam(name) for name in names})
        for chunk in _chunks(rows):
            session.connection().execute(change, chunk)
    if plan.removed:
        session.execute(delete(table).where(table.c.id.in_(plan.removed)))


def _whence(name: str, row: Row) -> Values:
    """In which row counts stand, so that a figure can be traced; of which import is noted when that has a number."""
    return {"import_row": row.number, "import_run_id": None} if name == "outcomes" else {}


def _columns(name: str, values: Values, providers: Mapping[str, int], origin: Origin) -> dict[str, object]:
    """The database's columns for values of the package."""
    row = {attribute(name, column): value for column, value in values.items() if column != "provider_ids"}
    if name in REFERS_TO_PROVIDER and "provider_id" in row:
        row["provider_id"] = providers[str(row["provider_id"])]
    if name == "contracts" and "municipalities" in row:
        row["whole_region"] = row["municipalities"] == [WHOLE_REGION]
        row["municipalities"] = _without_star(row["municipalities"])
    if name == "offers" and row.keys() & set(WAITING_COLUMNS):
        row["waiting_origin"] = origin
    return row


def _followers(lists: CodeLists, providers: Mapping[str, int]) -> tuple[_Follower, ...]:
    topic_of = cache(lists.topic)

    def topics(values: Values) -> Iterable[object]:
        return {topic for word in strings(values["topics"]) if (topic := topic_of(word)) is not None}

    return (
        _Follower("providers", Provider, ProviderLanguage, lambda values: strings(values["languages"])),
        _Follower("consortia", Consortium, ConsortiumMember,
                  lambda values: [providers[name] for name in strings(values["provider_ids"])]),
        _Follower("offers", Offer, OfferTopic, topics),
        _Follower("offers", Offer, OfferSetting, lambda values: [Setting(s) for s in strings(values["settings"])]),
        _Follower("offers", Offer, OfferMunicipality, lambda values: strings(values["municipalities"])),
        _Follower("contracts", Contract, ContractMunicipality,
                  lambda values: _without_star(values["municipalities"])),
    )  # fmt: skip


def _align(
    session: Session, follower: _Follower, region_id: int, owners: set[int], wanted: set[tuple[int, object]]
) -> bool:
    """Make the rows of the follower exactly `wanted`, as far as they belong to these `owners`."""
    table = as_sql_table(follower.child)
    owner_table = as_sql_table(follower.owner)
    first, second = table.primary_key.columns
    everything = (
        select(first, second).join(owner_table, owner_table.c.id == first).where(owner_table.c.region_id == region_id)
    )
    present = {(owner, value) for owner, value in session.execute(everything) if owner in owners}
    gone = [{"first": owner, "second": value} for owner, value in present - wanted]
    if gone:
        doomed = delete(table).where(first == bindparam("first"), second == bindparam("second"))
        session.connection().execute(doomed, gone)
    new = [{first.name: owner, second.name: value} for owner, value in sorted(wanted - present, key=str)]
    for chunk in _chunks(new):
        session.execute(insert(table), chunk)
    return bool(new or gone)


def _settle_confidentiality(whole: Values, in_file: Values, delivery: Delivery) -> None:
    """Decide whether the location is confidential, and take away its address if it is."""
    if whole["address_confidential"] is None:
        whole["address_confidential"] = whole["kind"] is LocationKind.FAMILY_HOME
    if whole["address_confidential"]:
        delivery.addresses_left_out += any(in_file.get(column) is not None for column in ADDRESS_COLUMNS)
        whole |= dict.fromkeys(ADDRESS_COLUMNS, None)


def _shows_a_family_home(whole: Values, new: Values) -> bool:
    """Whether storing `new` lets anybody find the family home that the location then is."""
    is_open_home = whole["kind"] is LocationKind.FAMILY_HOME and not whole["address_confidential"]
    has_address = any(whole[column] is not None for column in ADDRESS_COLUMNS if column != "name")
    return is_open_home and has_address and not _OPENS_AN_ADDRESS.isdisjoint(new)


def _loses_its_address(old: Values, whole: Values) -> bool:
    """Whether a place becomes confidential of which an address is stored."""
    has_address = any(old[column] is not None for column in ADDRESS_COLUMNS)
    return has_address and bool(whole["address_confidential"])


def _emptied_reason(cells: int, is_changed: bool) -> str:
    if is_changed:
        return (
            N_("1 empty cell changes '%(old)s' into '%(new)s': row %(rows)s")
            if cells == 1
            else N_("%(count)s empty cells change '%(old)s' into '%(new)s': rows %(rows)s")
        )
    return (
        N_("1 empty cell clears what is there now: row %(rows)s")
        if cells == 1
        else N_("%(count)s empty cells clear what is there now: rows %(rows)s")
    )


def _first(places: Sequence[str]) -> str:
    """The first of these rows."""
    return ", ".join(places[:MOST_ROWS_NAMED]) + (" …" if len(places) > MOST_ROWS_NAMED else "")


def _digest(earlier: StoredRow, new: Values) -> str:
    """Of what a row has and gets in the columns that change."""
    text = repr(sorted((column, earlier.values[column], value) for column, value in new.items()))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _filled(values: Values) -> Values:
    return {column: value for column, value in values.items() if value is not None}


def _without_star(municipalities: object) -> list[str]:
    return [code for code in strings(municipalities) if code != WHOLE_REGION]


def strings(value: object) -> list[str]:
    """What is kept as JSON, as a list of texts; none where nothing is."""
    return value if isinstance(value, list) else []


def _free_slug(base: str, taken: Collection[str]) -> str:
    tries = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(slug for slug in tries if slug not in taken)


def _chunks(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[start : start + ROWS_AT_ONCE]


def _name_of(key: Key) -> str:
    return " / ".join(_written(part) for part in key if part not in (None, ""))


def _side_by_side(old: str, new: str) -> tuple[str, str]:
    """Two values short enough for a report, from a little before where they begin to differ."""
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    start = max(0, alike - _BEFORE_A_DIFFERENCE)
    if start == 0 or max(len(old), len(new)) <= LONGEST_VALUE:
        return shortened(old), shortened(new)
    return shortened(f"…{old[start:]}"), shortened(f"…{new[start:]}")


def _hidden_columns(whole: Values) -> frozenset[str]:
    """The columns of which a report says nothing: those of an address that is confidential."""
    return frozenset(ADDRESS_COLUMNS if whole.get("address_confidential") else ())


def _written(value: object) -> str:
    """`value` as the package would write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return SEPARATOR.join(map(str, value)) if isinstance(value, list) else str(value)
