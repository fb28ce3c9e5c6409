"""A data package into the database: read, checked, compared, stored; all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import CatalogueRevision, Region
from portal.catalogue.operations import touch
from portal.catalogue.queries import region_named
from portal.core.actor import Actor
from portal.core.clock import now
from portal.core.database import Database
from portal.core.messages import N_
from portal.core.text import nearest
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from portal.exchange.checks import check_references, check_tables
from portal.exchange.delivery import Delivery
from portal.exchange.hsds import is_hsds
from portal.exchange.hsds_import import read_hsds
from portal.exchange.models import ImportRun
from portal.exchange.outcome_checks import check_outcomes, note_doubts
from portal.exchange.problems import Fault, Problem, Problems, Severity, UnreadableError, error, note, warning
from portal.exchange.raw import RawPackage, RawTable, unknown_table
from portal.exchange.readers import Upload, open_package
from portal.exchange.report import Report
from portal.exchange.store import Plan, TableChanges
from portal.exchange.stored import Stored
from portal.exchange.undoing import keep, snapshot
from portal.exchange.values import Around
from portal.outcomes import operations as outcomes
from portal.outcomes.types import DEFAULT_RULES, Rules

Progress = Callable[[int, int], None]
"""Told how many bytes of how many have been read and checked."""

COMMAND = Actor.command("import")
_IMPORT_LOCK = 7406052


class WrongRegionError(Exception):
    """The region's name looks like a slip of the pen; carries the problem that says which was meant."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.problem = Problem(fault)


@dataclass(frozen=True, slots=True)
class Understood:
    """A package that was read and checked as far as that goes without the database."""

    delivery: Delivery
    name: str
    sha256: str
    known: ImportRun | None = None
    """The import of this very package, where nothing has changed since; then it was not read."""


Known = Callable[[str], ImportRun | None]
"""Asked with the fingerprint of a package before it is read."""
Reading = Callable[[Path | Upload, Around, Problems, Progress | None, Known], Understood]
"""How a package is read: by this process, or by another one with limits (`apart`)."""


def read_here(
    path: Path | Upload, around: Around, problems: Problems, progress: Progress | None, is_known: Known
) -> Understood:
    """Read and check a package in this process. Raises NoPackageError where there is nothing to read."""
    delivery, name, sha256 = Delivery(), path.name if isinstance(path, Upload) else path.resolve().name, ""
    try:
        with open_package(path, problems) as package:
            name, sha256 = package.file_name, package.sha256
            if (known := is_known(sha256)) is not None:
                return Understood(delivery, name, sha256, known)
            delivery = _understood(package, around, problems, progress)
    except UnreadableError as refusal:
        problems.put(refusal.problem)
    return Understood(delivery, name, sha256)


def import_package(
    database: Database,
    code_lists: CodeLists,
    path: Path | Upload,
    region_name: str,
    *,
    today: date,
    check_only: bool = False,
    new_region: bool = False,
    progress: Progress | None = None,
    rules: Rules = DEFAULT_RULES,
    actor: Actor = COMMAND,
    reading: Reading = read_here,
    agreed: str | None = None,
    tell: Callable[[Session, outcomes.Refreshed], object] = lambda _session, _done: None,
) -> Report:
    """Import the package at `path`, or that was sent, for the region called `region_name`, or only check it.

    Either the whole package is stored, in one transaction, or nothing of it: where the report is not `ok`, or
    `check_only` is asked, the database stays as it was.

    Where counts of results changed, figures are made of them by `rules`; `tell` hears what became of them, in the same
    transaction. What changed is written into the trail of the region, as done by `actor`.

    Where somebody agreed to what a check said (`agreed`, the fingerprint of its report), nothing else is done: if
    importing would change other rows by now, the report says what, nothing is stored, and it is marked as a check.

    A region that we do not have yet is made where it is a youth region, or `new_region` says that it is meant.

    Raises NoPackageError where there is nothing to read at `path`, and WrongRegionError for a name that is that of
    no region.
    """
    problems = Problems()
    with database.sessions() as session:
        region = region_named(session, region_name) or _new_region(session, region_name, code_lists, new_region)
        if region not in session:
            _say_new(region, problems)

    def is_known(sha256: str) -> ImportRun | None:
        return None if check_only else _known_already(database, region, code_lists, sha256)

    understood = reading(path, Around(code_lists, today, region.youth_region), problems, progress, is_known)
    delivery, name, sha256 = understood.delivery, understood.name, understood.sha256
    if understood.known is not None:
        return _nothing_new(name, understood.known, problems, region.name)
    only_look = check_only or problems.errors > 0
    with database.sessions() if only_look else writing(database) as session:
        region = region_named(session, region_name) or _new_region(session, region_name, code_lists, new_region)
        stored = Stored(session, region.id if region in session else None)
        check_references(delivery, stored, problems)
        check_outcomes(delivery, stored, problems)
        if problems.errors:
            return Report(name, region.name, check_only, problems)
        plan = Plan(delivery, stored, problems, code_lists)
        if delivery.addresses_left_out:
            problems.add(
                note("addresses_left_out", N_("addresses that stay secret and were not stored: %(count)s"),
                     count=delivery.addresses_left_out),
                "locations",
            )  # fmt: skip
        report = Report(name, region.name, check_only, problems, plan.changes)
        if agreed is not None and report.fingerprint != agreed:
            return replace(report, checked_only=True)
        if not check_only:
            region_id = region.id if region in session else None
            before = snapshot(session, region_id, plan.changes_counts) if plan.is_change else {}
            _store(session, plan, region, code_lists)
            if plan.is_change:
                counts = {table: changes.counts for table, changes in plan.changes.items()}
                run = ImportRun(
                    region_id=region.id,
                    imported_at=now(),
                    file_name=name[:255],
                    sha256=sha256,
                    basis=_basis(sha256, code_lists),
                    revision=0,
                    changes=counts,
                    actor_label=actor.label[:200],
                    warnings=problems.count(Severity.WARNING),
                )
                session.add(run)
                session.flush()
                if plan.changes_counts:
                    outcomes.stamp(session, region.id, run.id)
                    tell(session, outcomes.refresh(session, region.id, rules, today))
                    note_doubts(session, region.id, rules)
                keep(session, run, before, plan.changes_counts)
                run.revision = session.scalars(select(CatalogueRevision.number)).one()
                _record(session, actor, run)
    if not check_only:
        database.sweep()  # an address that became confidential must not linger
    return report


def _record(session: Session, actor: Actor, run: ImportRun) -> None:
    """Write into the trail which file was stored, and how much of what it changed."""
    changed = {
        table: {what: number for what, number in counts.items() if number and what != "unchanged"}
        for table, counts in run.changes.items()
    }
    after = {"file": run.file_name, **{table: counts for table, counts in changed.items() if counts}}
    record(
        session, actor, "catalogue.imported", Subject("import_run", str(run.id)),
        after=after, region_id=run.region_id, at=run.imported_at,
    )  # fmt: skip


def _basis(sha256: str, lists: CodeLists) -> str:
    return hashlib.sha256(f"{sha256} {lists.fingerprint}".encode()).hexdigest()


def _known_already(database: Database, region: Region, lists: CodeLists, sha256: str) -> ImportRun | None:
    """The last import of the region, where it was this very package and nothing has changed since."""
    with database.sessions() as session:
        last = session.scalars(
            select(ImportRun).where(ImportRun.region_id == region.id).order_by(ImportRun.id.desc()).limit(1)
        ).one_or_none()
        revision = session.scalars(select(CatalogueRevision.number)).one()
        same = last is not None and last.basis == _basis(sha256, lists) and last.revision == revision
        return last if same else None


def _nothing_new(name: str, known: ImportRun, problems: Problems, region: str) -> Report:
    day = known.imported_at.date().isoformat()
    problems.add(
        note("known_already", N_("this package was imported on %(day)s and nothing has changed since"), day=day)
    )
    changes = {
        table: TableChanges(unchanged=counts["added"] + counts["changed"] + counts["unchanged"])
        for table, counts in known.changes.items()
    }
    return Report(name, region, False, problems, changes)


def _understood(package: RawPackage, around: Around, problems: Problems, progress: Progress | None) -> Delivery:
    def tell(table: RawTable) -> None:
        if progress is not None:
            progress(min(read_before(table) + table.position(), package.size), package.size)

    read_before = _Odometer()
    if is_hsds(package.table_names):
        return read_hsds(package.tables, around.lists, around.today, problems, tell)
    for file in package.other_files:
        problems.put(unknown_table(file))
    return check_tables(package.tables, around, problems, tell)


class _Odometer:
    """Counts the bytes of the tables that have been read to their end."""

    def __init__(self) -> None:
        self._tables: dict[str, int] = {}

    def __call__(self, table: RawTable) -> int:
        self._tables[table.place] = table.position()
        return sum(size for place, size in self._tables.items() if place != table.place)


def _store(session: Session, plan: Plan, region: Region, lists: CodeLists) -> None:
    is_new = region not in session
    if is_new:
        session.add(region)
        session.flush()
    if plan.write(session, region.id, lists) or is_new:
        touch(session, plan.providers_with_new_texts(session, region.id))


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    """A transaction that no other import, or undoing of one, shares."""
    with database.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            # Two imports at once wait for each other; SQLite has one writer anyway.
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _IMPORT_LOCK})
        yield session


def _new_region(session: Session, name: str, lists: CodeLists, is_meant: bool) -> Region:
    """A region of this name that is not stored yet: a youth region, or one that the sender says is new."""
    code = lists.youth_region_named(name)
    if code is not None:
        return Region(name=lists.youth_regions[code], youth_region=code)
    known = [*session.scalars(select(Region.name)), *lists.youth_regions.values()]
    near = nearest(name, known, cutoff=0.8)
    if is_meant and near is None and name.strip():
        return Region(name=" ".join(name.split()), youth_region=None)
    raise WrongRegionError(
        error(
            "almost_a_region" if near else "no_such_region",
            N_("there is no region '%(name)s'"),
            N_("did you mean %(near)s?")
            if near
            else N_("give the name of the youth region with --region; if this is a new region, add --new-region")
            if name.strip()
            else N_("give the name of the region with --region"),
            name=name,
            near=near,
        )
    )


def _say_new(region: Region, problems: Problems) -> None:
    if region.youth_region is None:
        problems.add(
            warning(
                "unknown_youth_region",
                N_("region '%(name)s' is new and not in the list of youth regions"),
                N_("check its name; without the list we do not know its municipalities"),
                name=region.name,
            )
        )
    else:
        problems.add(note("new_region", N_("region '%(name)s' is new here"), name=region.name))
