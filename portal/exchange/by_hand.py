"""One row of the data package, made or mended by hand: read, checked and stored as a row of a file is.

So a form says the same as a report, whatever is wrong, and what it stores follows the same rules: addresses, filters,
the trail, search. What is written here goes before what a package says (`store.TEXTS_OF_A_DESK`, the newer waiting
time).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Location, Region
from portal.catalogue.operations import touch
from portal.catalogue.types import Origin
from portal.core.actor import Actor
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from portal.exchange.checks import check_references, check_tables
from portal.exchange.columns import SEPARATOR, TABLES
from portal.exchange.delivery import ADDRESS_COLUMNS, HIDDEN_ADDRESS, Delivery, Key, Values
from portal.exchange.problems import Problem, Problems, Severity
from portal.exchange.raw import RawTable
from portal.exchange.secret_places import became_secret, note_secret
from portal.exchange.store import WAITING_COLUMNS, Plan, strings
from portal.exchange.stored import Stored, StoredRow, attribute, sql_table
from portal.exchange.undoing import forget_place
from portal.exchange.values import Around

SINGULAR = {"providers": "provider", "offers": "offer", "contracts": "contract", "locations": "location"}
"""The tables of which single rows are made and mended, with how the trail calls one."""
_IN_TRAIL = {"agb_code": "agb"}
"""Columns that the trail knows by another name: it takes what is called a code for a secret."""

Cells = Mapping[str, str]
"""What was typed, by column; several values with a semicolon between them, as in a file."""


class ChangedMeanwhile(Exception):
    """The row is another than was shown: somebody changed it, or a package did."""


class Taken(Exception):
    """A new row would have the identifier of one that is there."""


class NotThere(Exception):
    """There is no such row, or no more."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of a row: with errors nothing was stored."""

    problems: Problems
    is_changed: bool = False

    @property
    def ok(self) -> bool:
        """Whether it was stored, or was so already."""
        return self.problems.errors == 0


def identifiers(session: Session, region_id: int, table: str) -> frozenset[str]:
    """Every identifier that a region uses in this table."""
    known = sql_table(table)
    column = known.c[attribute(table, TABLES[table].key[0])]
    return frozenset(session.scalars(select(column).where(known.c.region_id == region_id)))


def stored_row(session: Session, region_id: int, table: str, identifier: str) -> StoredRow | None:
    """The row of a region with this identifier, in the words of the data package."""
    return Stored(session, region_id).rows(table).get((identifier,))


def version_of(row: StoredRow) -> str:
    """What stands in the row now, in few letters: who sends it back changes nothing that they have not seen."""
    text = json.dumps([row.id, row.values, dict(row.more)], default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def cells_of(values: Values) -> dict[str, str]:
    """The values as somebody would type them."""
    return {column: _typed(value) for column, value in values.items()}


def remarks_on(session: Session, region_id: int, table: str, cells: Cells, around: Around) -> list[Problem]:
    """What is to be said of a row as it stands, though nothing is wrong with it."""
    problems = Problems()
    delivery = _read(table, cells, around, problems)
    check_references(delivery, Stored(session, region_id), problems)
    return problems.of(Severity.WARNING)


def read_cells(table: str, identifier: str, cells: Cells, around: Around) -> tuple[Values, Problems]:
    """What was typed into columns of a row that is there, with all that is to be said of it. Nothing is stored."""
    problems = Problems()
    delivery = _read(table, {**cells, TABLES[table].key[0]: identifier}, around, problems)
    return next((row.values for row in delivery.tables[table].rows.values()), {}), problems


def put_cells(
    session: Session, region: Region, table: str, identifier: str, cells: Cells, lists: CodeLists, now: datetime
) -> Mended:
    """Store columns of a row that is there, as whoever decided about them says; that notes it in the trail itself.

    Raises NotThere.
    """
    problems = Problems()
    around = Around(lists, now.date(), region.youth_region)
    delivery = _read(table, {**cells, TABLES[table].key[0]: identifier}, around, problems)
    if _locked(session, region.id, table, identifier) is None:
        raise NotThere
    return _stored(session, region, delivery, lists, problems)


def make_row(
    session: Session, region: Region, table: str, cells: Cells, lists: CodeLists, actor: Actor, now: datetime
) -> Mended:
    """Store a new row. Raises Taken where there is one with its identifier."""
    return _put(session, region, table, cells, None, lists, actor, now)


def mend_row(
    session: Session, region: Region, table: str, identifier: str, cells: Cells, seen: str, lists: CodeLists,
    actor: Actor, now: datetime, reason: str = "",
) -> Mended:  # fmt: skip
    """Store what was typed into columns of a row; columns that were not shown stay.

    `seen` is the version that was shown. Raises ChangedMeanwhile, and NotThere.
    """
    key_column = TABLES[table].key[0]
    return _put(session, region, table, {**cells, key_column: identifier}, seen, lists, actor, now, reason)


def kept_from_files(row: StoredRow) -> Sequence[str]:
    """The columns of a row that no package overwrites, since they were written or approved at a desk."""
    kept = set(strings(row.more.get("desk_texts")))
    return [column for column in row.values if column in kept]


def leave_to_files(
    session: Session, region_id: int, table: str, identifier: str, columns: Collection[str], seen: str, actor: Actor,
    now: datetime,
) -> bool:  # fmt: skip
    """Let packages decide about these columns again; what stands there stays until one comes. Whether that is new.

    `seen` is the version that was shown. Raises ChangedMeanwhile, and NotThere.
    """
    row = _locked(session, region_id, table, identifier)
    if row is None:
        raise NotThere
    if version_of(row) != seen:
        raise ChangedMeanwhile
    before = kept_from_files(row)
    after = [column for column in before if column not in columns]
    if after == before:
        return False
    known = sql_table(table)
    session.execute(update(known).where(known.c.id == row.id).values(desk_texts=sorted(after)))
    touch(session)  # a file that was brought in before is no longer the same as what stands there
    record(
        session, actor, f"{SINGULAR[table]}.left_to_files", Subject(SINGULAR[table], identifier),
        before={"name": row.values.get("name"), "kept": before}, after={"name": row.values.get("name"), "kept": after},
        region_id=region_id, at=now,
    )  # fmt: skip
    return True


def _put(
    session: Session, region: Region, table: str, cells: Cells, seen: str | None, lists: CodeLists, actor: Actor,
    now: datetime, reason: str = "",
) -> Mended:  # fmt: skip
    problems, today = Problems(), now.date()
    delivery = _read(table, cells, Around(lists, today, region.youth_region), problems)
    identifier = str(cells.get(TABLES[table].key[0], "")).strip()
    earlier = _locked(session, region.id, table, identifier)
    if seen is None and earlier is not None:
        raise Taken
    if seen is not None and earlier is None:
        raise NotThere
    if earlier is not None and version_of(earlier) != seen:
        raise ChangedMeanwhile
    _date_waiting(delivery, earlier, today)
    mended = _stored(session, region, delivery, lists, problems)
    if mended.is_changed:
        if table == "locations" and earlier is not None:
            _forget_address(session, region.id, earlier, now)
        _record(session, region.id, table, earlier, delivery, actor, now, reason)
    return mended


def _stored(session: Session, region: Region, delivery: Delivery, lists: CodeLists, problems: Problems) -> Mended:
    """Store rows that were read, unless something is wrong with them."""
    stored = Stored(session, region.id)
    check_references(delivery, stored, problems)
    if problems.errors:
        return Mended(problems)
    plan = Plan(delivery, stored, problems, lists, Origin.DESK)
    if not plan.is_change:
        return Mended(problems)
    plan.write(session, region.id, lists)
    touch(session, plan.providers_with_new_texts(session, region.id))
    return Mended(problems, is_changed=True)


def _read(table: str, cells: Cells, around: Around, problems: Problems) -> Delivery:
    row = (1, [text.replace("\r\n", "\n") for text in cells.values()])
    raw = RawTable(name=table, place=table, header=list(cells), rows=iter([row]))
    return check_tables([raw], around, problems, lambda _table: None)


def _locked(session: Session, region_id: int, table: str, identifier: str) -> StoredRow | None:
    """The row as it is, with nobody else changing it until the commit."""
    known = sql_table(table)
    column = known.c[attribute(table, TABLES[table].key[0])]
    session.execute(select(known.c.id).where(known.c.region_id == region_id, column == identifier).with_for_update())
    return stored_row(session, region_id, table, identifier)


def _date_waiting(delivery: Delivery, earlier: StoredRow | None, today: date) -> None:
    """A waiting time that is told now is true today; that a new offer takes families tells nothing."""
    table = delivery.tables.get("offers")
    for row in table.rows.values() if table is not None else ():
        old = earlier.values if earlier is not None else {"accepting_clients": True}
        told = [*WAITING_COLUMNS[:2], "accepting_clients"]
        if any(name in row.values and row.values[name] != old.get(name) for name in told):
            row.values["waiting_reported_on"] = today


def _forget_address(session: Session, region_id: int, earlier: StoredRow, now: datetime) -> None:
    """Where a place became secret, keep nothing of its address elsewhere either."""
    place = session.get_one(Location, earlier.id, populate_existing=True)
    known = {"region_id": region_id, "identifier": place.identifier}
    shown = known | {"kind": place.kind, "address_confidential": place.address_confidential}
    if became_secret(earlier.values, shown):
        note_secret(session, [(known | earlier.values, shown)], now)
        forget_place(session, region_id, place.id)


def _record(
    session: Session, region_id: int, table: str, earlier: StoredRow | None, delivery: Delivery, actor: Actor,
    now: datetime, reason: str,
) -> None:  # fmt: skip
    (key,) = delivery.tables[table].rows
    new = delivery.tables[table].rows[key].values
    old = earlier.values if earlier is not None else {}
    changed = {
        column: value
        for column, value in new.items()
        if (old[column] != value if column in old else value not in (None, [])) and column != TABLES[table].key[0]
    }
    named: Values = {"name": old.get("name") or new.get("name")} if table in ("providers", "offers") else {}
    record(
        session, actor, f"{SINGULAR[table]}.{'made' if earlier is None else 'mended'}",
        Subject(SINGULAR[table], _text(key)),
        before=_for_trail(table, {column: old[column] for column in changed}) if earlier is not None else None,
        after=_for_trail(table, named | changed), reason=reason, region_id=region_id, at=now,
    )  # fmt: skip


def _for_trail(table: str, values: Values) -> dict[str, object]:
    # Nothing can be taken out of the trail, and a place may become secret later: so it tells no address at all.
    hidden = ADDRESS_COLUMNS if table == "locations" else ()
    return {
        _IN_TRAIL.get(name, name): HIDDEN_ADDRESS
        if name in hidden
        else value.value if isinstance(value, StrEnum) else value
        for name, value in values.items()
    }  # fmt: skip


def _text(key: Key) -> str:
    return str(key[0])


def _typed(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    return SEPARATOR.join(map(str, value)) if isinstance(value, list) else str(value)
