"""Taking back the last import of a region: what it changed is kept for some days, row by row.

Of a row that was changed or removed all is kept as it was; of a row as it became only a digest, to see whether somebody
changed it since. Undoing puts everything back or nothing: where one row was changed since, where something hangs on a
row that would go, or where others have seen figures of it, it refuses and names all of that.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, Enum, Table, and_, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.catalogue.models import (
    AccessPoint,
    Consortium,
    ConsortiumMember,
    Contract,
    ContractMunicipality,
    FormerSlug,
    Location,
    Method,
    Offer,
    OfferMunicipality,
    OfferSetting,
    OfferTopic,
    Provider,
    ProviderLanguage,
    TextChange,
)
from portal.catalogue.operations import touch
from portal.core.actor import Actor
from portal.core.database import Base
from portal.core.messages import N_, Message
from portal.core.trail.models import TrailEntry
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from portal.exchange.models import ImportRun, ImportUndo
from portal.exchange.secret_places import became_secret, note_secret
from portal.exchange.stored import as_sql_table
from portal.outcomes import operations as outcomes
from portal.outcomes.models import Average, Comment, Doubt, Figure, Measurement, Objection, Publication
from portal.outcomes.types import Rules

_CATALOGUE: tuple[type[Base], ...] = (
    Provider, FormerSlug, ProviderLanguage, Consortium, ConsortiumMember, AccessPoint, Location, Offer, OfferTopic,
    OfferSetting, OfferMunicipality, Contract, ContractMunicipality, Method,
)  # fmt: skip
_FIGURES: tuple[type[Base], ...] = (Measurement, Average, Figure, Publication, Doubt)
"""Every table that an import can change, owners before what belongs to them."""
_FOLLOW = frozenset(
    as_sql_table(kind).name for kind in (ProviderLanguage, OfferTopic, OfferSetting, OfferMunicipality,
                                         ContractMunicipality)
)  # fmt: skip
"""They repeat a list of their owner: where the owner was not changed since, neither were they in earnest."""
_DERIVED = _FOLLOW | {as_sql_table(TextChange).name}
"""What goes along with its owner without anything being lost."""
_TOLD = ("shown", "n", "numerator", "mean", "bound", "low", "high", "verdict", "average_id")
"""What is read of a figure."""
_AT_ONCE = 500

_CHANGED = {
    "provider": N_("provider %(name)s was changed since"),
    "offer": N_("offer %(name)s was changed since"),
    "contract": N_("contract %(name)s was changed since"),
    "location": N_("location %(name)s was changed since"),
    "consortium": N_("combination %(name)s was changed since"),
    "access_point": N_("access point %(name)s was changed since"),
    "method": N_("method %(name)s was changed since"),
    "former_slug": N_("the address of a provider was changed since"),
    "consortium_member": N_("who takes part in a combination was changed since"),
}
_HANGS_ON = {
    "membership": N_("somebody has an account at %(name)s"),
    "text_draft": N_("there is a draft of a text of %(name)s"),
    "offer": N_("%(name)s has an offer that was added since: %(what)s"),
    "contract": N_("%(name)s has a contract that was added since: %(what)s"),
    "location": N_("%(name)s has a location that was added since: %(what)s"),
    "reminder": N_("%(name)s was mailed about its waiting times"),
    "provider": N_("another provider merged into %(name)s: %(what)s"),
    "figure_objection": N_("a provider objected to a figure of this import"),
    "figure_comment": N_("somebody explained a figure of this import"),
}

Key = tuple[Any, ...]
Rows = dict[str, dict[Key, dict[str, Any]]]
"""By table and primary key."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing that stands in the way of undoing, and where it can be looked at."""

    reason: Message
    table: str = ""
    """The table of the database of the row that it is about, where it is about one."""
    identifier: str = ""
    """The sender's own identifier of that row."""
    provider_slug: str = ""
    """Of the provider that the row is, or belongs to."""
    who: str = ""
    """Who changed that row last, where the trail knows."""
    at: datetime | None = None


class CannotUndo(ValueError):
    """The import stays; each of `reasons` says why."""

    def __init__(self, *reasons: Hindrance) -> None:
        super().__init__("; ".join(one.reason.in_language("en") for one in reasons))
        self.reasons = reasons


_InTheWay = tuple[Message, str, Mapping[str, Any]]
"""Why, and the table and the row in which it is."""


def _because(text: str, **values: object) -> CannotUndo:
    return CannotUndo(Hindrance(Message(text, values)))


@dataclass(frozen=True, slots=True)
class Kept:
    """One row that an import changed: as it was, and a digest of what it became; None where there was no row."""

    key: Key
    before: Mapping[str, Any] | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import does: rows that go, return, or are again as they were, by table of the database."""

    file_name: str
    counts: Mapping[str, Mapping[str, int]]
    stays_secret: int = 0
    """Locations whose address the import made secret: they stay so, for nothing of the address was kept."""


@dataclass(slots=True)
class _Record:
    """What is kept of an import."""

    tables: dict[str, list[Kept]] = field(default_factory=dict)
    stays_secret: int = 0


# --- keeping ---------------------------------------------------------------------------------------------------


def snapshot(session: Session, region_id: int | None, with_figures: bool) -> Rows:
    """All rows of a region that an import can change, as they are now. A region that is new has none."""
    if region_id is None:
        return {}
    session.flush()
    found: Rows = {}
    for kind in _CATALOGUE + (_FIGURES if with_figures else ()):
        table = as_sql_table(kind)
        rows = session.execute(select(table).where(_of_region(table, region_id))).mappings()
        found[table.name] = {_key(table, row): dict(row) for row in rows}
    return found


def keep(session: Session, run: ImportRun, before: Rows, with_figures: bool) -> None:
    """Keep what `run` changed since the snapshot `before`, in place of what was kept of earlier imports of its region.

    Of an address that became secret nothing is kept.
    """
    forget(session, ImportRun.region_id == run.region_id)
    after, kept, secret = snapshot(session, run.region_id, with_figures), {}, 0
    places, earlier = after.get("location", {}), before.get("location", {})
    note_secret(session, [(earlier[key], now) for key, now in places.items() if key in earlier], run.imported_at)
    for name, rows in after.items():
        old = before.get(name, {})
        changed = []
        for key in [*rows, *(key for key in old if key not in rows)]:
            was, now = old.get(key), rows.get(key)
            if was == now:
                continue
            if name == "location" and was is not None and now is not None and became_secret(was, now):
                secret += 1
                continue
            changed.append([list(key), None if was is None else _plain(was), None if now is None else _digest(now)])
        if changed:
            kept[name] = changed
    text = json.dumps({"tables": kept, "stays_secret": secret}, ensure_ascii=False, separators=(",", ":"))
    session.add(ImportUndo(import_run_id=run.id, rows=zlib.compress(text.encode())))
    session.flush()


def forget(session: Session, which: ColumnElement[bool]) -> int:
    """Erase what is kept of these imports (a condition on `ImportRun`), which nobody can undo then; how many."""
    done = session.execute(
        delete(ImportUndo)
        .where(ImportUndo.import_run_id.in_(select(ImportRun.id).where(which)))
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def forget_old(session: Session, now: datetime, days: int) -> int:
    """Erase what is kept of imports that are older than so many days; of how many."""
    return forget(session, ImportRun.imported_at < now - timedelta(days=days))


def forget_place(session: Session, region_id: int, location_id: int) -> None:
    """Erase what is kept of imports of a region that changed this place: its address became secret."""
    for found in session.scalars(select(ImportUndo).join(ImportRun).where(ImportRun.region_id == region_id)):
        places = json.loads(zlib.decompress(found.rows))["tables"].get(as_sql_table(Location).name, ())
        if any(key == [location_id] for key, _before, _after in places):
            session.delete(found)
    session.flush()


# --- undoing ---------------------------------------------------------------------------------------------------


def undoable(session: Session, region_id: int) -> int | None:
    """The import of a region that can be undone, if nothing changed since; its number, or None."""
    found = select(ImportRun.id).join(ImportUndo, ImportUndo.import_run_id == ImportRun.id)
    return session.scalars(found.where(ImportRun.region_id == region_id).order_by(ImportRun.id.desc())).first()


def undo(
    session: Session,
    region_id: int,
    run_id: int,
    actor: Actor,
    rules: Rules,
    now: datetime,
    tell: Callable[[Session, outcomes.Refreshed], object] = lambda _session, _done: None,
) -> Undone:
    """Put everything back as it was before the import, or raise CannotUndo with all that stands in the way.

    To be called in a transaction that no other import shares (`importing.writing`). Figures are made anew by `rules`,
    and `tell` hears what became of them.
    """
    run, kept = _kept(session, region_id, run_id)
    _lock(session, kept)
    present = snapshot(session, region_id, with_figures=any(name in kept.tables for name in _names(_FIGURES)))
    _refuse_changed(session, kept, present, run)
    _refuse_seen(session, kept, present, run)
    places = [(present["location"].get(row.key), row.before) for row in kept.tables.get("location", ())]
    note_secret(session, [(shown, before) for shown, before in places if shown and before], now)
    owners = _owners(kept, present)
    try:
        with session.begin_nested():
            _put_back(session, kept, present, run)
    except IntegrityError:
        raise _because(N_("something else stands now where a row would return")) from None
    session.expire_all()
    touch(session, session.scalars(select(Provider.id).where(Provider.id.in_(owners))).all() if owners else ())
    if "measurement" in kept.tables:
        tell(session, outcomes.refresh(session, region_id, rules, now.date()))
    run.undone_at, run.undone_by = now, actor.label[:200]
    forget(session, ImportRun.id == run.id)
    counts = _counts(kept)
    record(
        session, actor, "catalogue.import_undone", Subject("import_run", str(run.id)),
        after={"file": run.file_name, **counts}, region_id=region_id, at=now,
    )  # fmt: skip
    return Undone(run.file_name, counts, kept.stays_secret)


def _kept(session: Session, region_id: int, run_id: int) -> tuple[ImportRun, _Record]:
    run = session.scalars(
        select(ImportRun).where(ImportRun.id == run_id, ImportRun.region_id == region_id).with_for_update()
    ).one_or_none()
    if run is None:
        raise _because(N_("there is no such import"))
    session.refresh(run)
    if run.undone_at is not None:
        raise _because(N_("this import was undone already"))
    later = session.scalars(
        select(ImportRun)
        .where(ImportRun.region_id == region_id, ImportRun.id > run_id)
        .order_by(ImportRun.id.desc())
        .limit(1)
    ).one_or_none()
    if later is not None:
        raise _because(N_("%(file)s was brought in after it; only the last import can be undone"), file=later.file_name)
    found = session.get(ImportUndo, run_id)
    if found is None:
        raise _because(N_("it is too long ago: what was there before is not kept any more"))
    read = json.loads(zlib.decompress(found.rows))
    tables = {
        name: [Kept(tuple(_read_key(name, key)), before, after) for key, before, after in rows]
        for name, rows in read["tables"].items()
    }
    return run, _Record(tables, read["stays_secret"])


def _lock(session: Session, kept: _Record) -> None:
    """Let nobody change a row of the import from now on; what is just being told of one is waited for.

    Owners come first, each table in the order of its key, so that two that lock wait for each other in one order. On
    SQLite the transaction is the only writer anyway.
    """
    for table in map(as_sql_table, _CATALOGUE + _FIGURES):
        columns = tuple(table.primary_key.columns)
        for some in _chunks(sorted(row.key for row in kept.tables.get(table.name, ()))):
            session.execute(
                select(*columns).where(tuple_(*columns).in_(some)).order_by(*columns).with_for_update()
            ).all()


def _refuse_changed(session: Session, kept: _Record, present: Rows, run: ImportRun) -> None:
    """Raise CannotUndo where a row is not as the import left it."""
    found: list[_InTheWay] = []
    for name, rows in kept.tables.items():
        if name in _FOLLOW:
            continue
        for row in rows:
            now = present[name].get(row.key)
            if (None if now is None else _digest(now)) != row.after:
                shown = now or row.before or {}
                text = _CHANGED.get(name, N_("figures of this import were changed since"))
                reason = Message(text, {"name": _name_of(shown)} if "%(name)s" in text else {})
                found.append((reason, name, shown))
    _refuse(session, found, run)


def _refuse(session: Session, found: Iterable[_InTheWay], run: ImportRun) -> None:
    """Raise CannotUndo where anything was found: each reason once, with its provider and who changed it since."""
    once = {(reason.text, *reason.values.values()): (reason, name, row) for reason, name, row in found}
    if not once:
        return
    owners = {
        key: row.get("id") if name == as_sql_table(Provider).name else row.get("provider_id")
        for key, (_, name, row) in once.items()
    }
    slugs: dict[object, str] = {}
    for some in _chunks({owner for owner in owners.values() if owner is not None}):
        slugs |= dict(session.execute(select(Provider.id, Provider.slug).where(Provider.id.in_(some))).all())
    identifiers = {key: str(row.get("identifier") or "") for key, (_, _, row) in once.items()}
    latest = _changed_since(session, set(filter(None, identifiers.values())), run)
    hindrances = []
    for key, (reason, name, _) in once.items():
        done = latest.get((name, identifiers[key]))
        hindrances.append(
            Hindrance(
                reason, name, identifiers[key], slugs.get(owners[key], ""), done.actor_label if done else "",
                done.moment if done else None,
            )
        )  # fmt: skip
    raise CannotUndo(*hindrances)


def _changed_since(
    session: Session, identifiers: Collection[str], run: ImportRun
) -> Mapping[tuple[str, str], TrailEntry]:
    """What was done last with these rows since the import, by table and identifier."""
    brought_in = (
        select(TrailEntry.number)
        .where(TrailEntry.action == "catalogue.imported", TrailEntry.subject_id == str(run.id))
        .scalar_subquery()
    )
    latest: dict[tuple[str, str], TrailEntry] = {}
    for some in _chunks(identifiers):
        entries = session.scalars(
            select(TrailEntry)
            .where(
                TrailEntry.region_id == run.region_id, TrailEntry.subject_id.in_(some), TrailEntry.number > brought_in
            )
            .order_by(TrailEntry.number)
        )
        latest |= {(entry.subject_kind, entry.subject_id): entry for entry in entries}
    return latest


def _refuse_seen(session: Session, kept: _Record, present: Rows, run: ImportRun) -> None:
    """Raise CannotUndo where others than region and provider have seen figures of the import, or somebody spoke of one.

    Who saw a figure knows it for good: decision 16.
    """
    figures = kept.tables.get("figure", [])
    is_seen = bool(kept.tables.get("figure_publication"))
    for row in figures:
        now, was = present["figure"].get(row.key), row.before or {}
        if now is not None and now["audience"].is_beyond_provider:
            told = _plain({name: now[name] for name in _TOLD})
            is_seen |= any(told[name] != was.get(name) for name in _TOLD)
    for row in kept.tables.get("outcome_average", []):
        now = present["outcome_average"].get(row.key)
        stood = (row.before or {}).get("established_on")
        is_seen |= now is not None and now["established_on"] is not None and not stood
    if is_seen:
        raise _because(N_("others have seen figures of this import; take them back at the figures, or correct them"))
    ids = [row.key[0] for row in figures]
    day = run.imported_at.date()
    spoken = [
        Hindrance(Message(_HANGS_ON[table]))
        for table, kind, on in (
            ("figure_objection", Objection, Objection.made_on), ("figure_comment", Comment, Comment.written_on),
        )
        if any(
            session.scalar(select(kind.figure_id).where(kind.figure_id.in_(some), on >= day).limit(1)) is not None
            for some in _chunks(ids)
        )
    ]  # fmt: skip
    if spoken:
        raise CannotUndo(*spoken)


def _put_back(session: Session, kept: _Record, present: Rows, run: ImportRun) -> None:
    """First what was changed or removed, owners first; then what was added goes, owners last."""
    tables = [as_sql_table(kind) for kind in _CATALOGUE + _FIGURES]
    for table in tables:
        new = []
        for row in kept.tables.get(table.name, ()):
            if row.before is None:
                continue
            values = _typed(table, row.before)
            if row.key not in present[table.name]:
                new.append(values)
            elif table.name not in _FOLLOW:
                session.execute(update(table).where(_is(table, row.key)).values(values))
        for some in _chunks(new):
            session.execute(insert(table), some)
    for table in reversed(tables):
        gone = [row.key for row in kept.tables.get(table.name, ()) if row.before is None]
        if gone:
            _refuse_loose_ends(session, table, gone, kept, present, run)
            columns = tuple_(*table.primary_key.columns)
            for some in _chunks(gone):
                session.execute(delete(table).where(columns.in_(some)))


def _refuse_loose_ends(
    session: Session, table: Table, gone: list[Key], kept: _Record, present: Rows, run: ImportRun
) -> None:
    """Raise CannotUndo where something that stays refers to a row that would go."""
    loose: list[_InTheWay] = []
    goes = {name: {row.key for row in rows if row.before is None} for name, rows in kept.tables.items()}
    for other in Base.metadata.sorted_tables:
        if other.name in _DERIVED:
            continue
        for column in other.c:
            if not any(key.column.table is table for key in column.foreign_keys):
                continue
            for some in _chunks([key[0] for key in gone]):
                for found in map(dict, session.execute(select(other).where(column.in_(some))).mappings()):
                    if _key(other, found) in goes.get(other.name, ()):
                        continue
                    text = _HANGS_ON.get(other.name, N_("something that was made since belongs to %(name)s"))
                    owner = present[table.name].get((found[column.name],), {})
                    reason = Message(text, {"name": _name_of(owner), "what": _name_of(found)})
                    is_named = "%(what)s" in text
                    loose.append((reason, other.name, found) if is_named else (reason, table.name, owner))
    _refuse(session, loose, run)


def _owners(kept: _Record, present: Rows) -> set[int]:
    """The providers (primary keys) of which a text may change: of all that the import touched."""
    owners = {int(row.key[0]) for row in kept.tables.get("provider", ())}
    for row in kept.tables.get("offer", ()):
        owners |= {int(side["provider_id"]) for side in (row.before, present["offer"].get(row.key)) if side}
    return owners


def _counts(kept: _Record) -> dict[str, dict[str, int]]:
    """How many rows go, return, or are as they were, by table; what only follows is not counted."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, rows in kept.tables.items():
        if name in _NAMED:
            for row in rows:
                counts[_NAMED[name]][
                    "removed" if row.before is None else "added" if row.after is None else "changed"
                ] += 1
    return {name: dict(found) for name, found in counts.items()}


_NAMED = {
    "provider": "providers", "consortium": "consortia", "access_point": "access_points", "location": "locations",
    "offer": "offers", "contract": "contracts", "method": "methods", "measurement": "outcomes",
}  # fmt: skip
"""Tables of the database that a package has, by the package's name for them."""


# --- rows ------------------------------------------------------------------------------------------------------


def _of_region(table: Table, region_id: int) -> ColumnElement[bool]:
    """The condition on a row that it belongs to the region, by itself or through what it belongs to."""
    if "region_id" in table.c:
        return table.c.region_id == region_id
    name = next(name for name in _BELONGS_TO if name in table.c)
    owner = next(iter(table.c[name].foreign_keys)).column.table
    return table.c[name].in_(select(owner.c.id).where(_of_region(owner, region_id)))


_BELONGS_TO = ("provider_id", "offer_id", "contract_id", "consortium_id", "figure_id")


def _key(table: Table, row: Mapping[Any, Any]) -> Key:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _is(table: Table, key: Key) -> ColumnElement[bool]:
    return and_(*(column == value for column, value in zip(table.primary_key.columns, key, strict=True)))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as JSON keeps it."""
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in row.items()}


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """The contrary of `_plain`."""
    return {name: _value(table, name, value) for name, value in row.items()}


def _value(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if value is None:
        return None
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _read_key(name: str, key: Sequence[Any]) -> Iterator[Any]:
    table = Base.metadata.tables[name]
    for column, value in zip(table.primary_key.columns, key, strict=True):
        yield _value(table, column.name, value)


def _digest(row: Mapping[str, Any]) -> str:
    text = json.dumps(_plain(row), sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _name_of(row: Mapping[str, Any]) -> str:
    parts = (str(row.get(name) or "") for name in ("name", "identifier"))
    return " · ".join(part for part in parts if part) or "?"


def _names(kinds: Iterable[type[Base]]) -> frozenset[str]:
    return frozenset(as_sql_table(kind).name for kind in kinds)


def _chunks(items: Collection[Any]) -> Iterator[list[Any]]:
    listed = list(items)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]
