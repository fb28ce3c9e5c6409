"""Keeping the index in step with the catalogue: the one process of a machine that writes it.

The catalogue keeps, in the transaction of each change, whose texts changed (`text_change`); those providers are read
anew into a small part beside the others. Small parts, and parts that hold a text that was changed or withdrawn, are
written anew a little later, so that nothing of such a text stays in the files. Each machine follows on its own, from
the revision that stands in its manifest.

When words were edited at a desk, the follower learns them and then writes the whole index anew beside the live one;
the web workers go over to both together (`renewal.py`).
"""

from __future__ import annotations

import logging
import math
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import URL, func, or_, select
from sqlalchemy.orm import Session

from portal.catalogue.edits.live import LiveLists, current_lists
from portal.catalogue.edits.queries import edition
from portal.catalogue.models import CatalogueRevision, Offer, TextChange
from portal.catalogue.operations import KEPT_REVISIONS
from portal.core import clock
from portal.core.database import Database, current_database
from portal.search import index as index_files
from portal.search.documents import Document, texts
from portal.search.engine import Engine, current_engine
from portal.search.index import DamagedIndexError, Manifest, PartEntry, TextIndex, one_writer

logger = logging.getLogger("portal")

PAUSE_SECONDS = 0.1
"""How often the revision is looked at."""
TIDY_AFTER_SECONDS = 15.0
"""How long after a change the parts that it touched are written anew."""
COMPARE_AFTER_SECONDS = 6 * 3600.0
"""How often index and database are compared in full."""
_MOST_CHANGED = 0.3
"""Where the texts of more offers than this share changed, everything is read anew."""
_AT_ONCE = 500
_PAUSE_AFTER_ERROR, _LONGEST_PAUSE = 1.0, 60.0
BEHIND_SECONDS = 60.0
"""After so long without a sign of who follows, an index that is behind will not be followed by itself."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the index has otherwise than the database: offers by primary key."""

    missing: frozenset[int]
    left_over: frozenset[int]
    """In the index, but withdrawn or gone."""
    outdated: frozenset[int]
    """Made from other texts than those of now."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.left_over or self.outdated)


class Follower:
    """Writes the index of one machine."""

    def __init__(self, engine: Engine, database: Database, lists: LiveLists | None = None) -> None:
        """With `lists` it takes up what is edited at desks."""
        self._engine, self._database, self._folder, self._lists = engine, database, engine.folder, lists
        self._opened: TextIndex | None = None
        self._compare_at = self._tidy_at = 0.0
        """When that is due, by the clock of `follow`: what was left undone before a restart is not known."""
        self._tidied_on: date | None = None

    def run(self) -> NoReturn:
        """Follow until stopped, whatever happens; after an error with a pause that grows."""
        pause = PAUSE_SECONDS
        while True:
            try:
                self.follow(time.monotonic())
                pause = PAUSE_SECONDS
            except Exception as error:  # nobody is there to begin again
                logger.error("the index cannot follow", exc_info=error)
                pause = min(max(_PAUSE_AFTER_ERROR, 2 * pause), _LONGEST_PAUSE)
            time.sleep(pause)

    def follow(self, now: float) -> None:
        """Do once what is due at `now`, in seconds of a clock that only goes forward."""
        if self.catch_up():
            self._tidy_at = min(self._tidy_at, now + TIDY_AFTER_SECONDS)
        if now >= self._compare_at:
            self.mend()
            self._compare_at = now + COMPARE_AFTER_SECONDS
        if now >= self._tidy_at or self._tidied_on != clock.today():
            today = clock.today()  # what is withdrawn from a day on goes on that day
            # What changed while it was tidied is tidied in its turn.
            self._tidy_at = now + TIDY_AFTER_SECONDS if self.tidy() else math.inf
            self._tidied_on = today
        with one_writer(self._folder):
            self._folder.sweep()
            self._folder.beat()

    def rebuild(self) -> int:
        """Write the whole index beside the live one and swap it in; how many offers it holds."""
        self._take_up_words()
        with one_writer(self._folder), self._database.sessions() as session:
            count = self._rebuild(session)
            self._folder.sweep()
        return count

    def catch_up(self) -> bool:
        """Read the texts that changed since the index last followed, or all of them; whether that was needed."""
        self._take_up_words()
        with one_writer(self._folder), self._database.sessions() as session:
            return self._catch_up(session)

    def tidy(self) -> bool:
        """Write anew the parts that are small, or hold what does not count any more; whether there were any.

        Goes on following while it writes.
        """
        with one_writer(self._folder), self._database.sessions() as session:
            opened = self._open()
            if opened is None:
                return False
            wanted = _wanted(session)
            live = [opened.live_offers_of(number) for number in range(len(opened.parts))]
            live = [offers[np.isin(offers, wanted)] for offers in live]
            entries = opened.manifest.parts
            worn = {entry.name for entry, offers in zip(entries, live, strict=True) if len(offers) < entry.offers}
            small = {entry.name for entry in entries if entry.offers < index_files.PART_SIZE // 2}
            chosen = worn | (small if len(small) > 1 else set())
            if not chosen:
                return False
            offers = [o for entry, its in zip(entries, live, strict=True) if entry.name in chosen for o in its.tolist()]
            chunks = [offers[n : n + index_files.PART_SIZE] for n in range(0, len(offers), index_files.PART_SIZE)]
            written = self._write_aside(1, _write_offers, [(chunk,) for chunk in chunks], self._follow_on)
            self._replace(entries, chosen, written)
        return True

    def compare(self) -> Difference | None:
        """What the index has otherwise than the database; None where there is none that can be read."""
        with self._database.sessions() as session:
            return self._compare(session)

    def mend(self) -> Difference | None:
        """Look at all files, compare, and read anew what differs."""
        self._opened = None
        with one_writer(self._folder), self._database.sessions() as session:
            self._catch_up(session)
            difference = self._compare(session)
            if difference is not None and (unread := difference.missing | difference.outdated):
                manifest = self._folder.manifest()
                if manifest is not None:
                    parts = self._folder.write_parts(_documents_of(self._engine, session, sorted(unread)))
                    self._folder.put(replace(manifest, parts=(*manifest.parts, *parts)))
        if difference:
            counts = {name: len(getattr(difference, name)) for name in ("missing", "left_over", "outdated")}
            logger.warning("the index differed from the database", extra={"fields": counts})
            self.tidy()
        return difference

    def _take_up_words(self) -> None:
        """Learn the words as they are edited now, where that is another edition."""
        if self._lists is None:
            return
        with self._database.sessions() as session:
            newest = edition(session)
        if newest != self._engine.edition:
            self._engine = self._engine.renewed(self._lists.latest())

    def _open(self) -> TextIndex | None:
        self._opened = self._folder.open(self._opened)
        return self._opened

    def _compare(self, session: Session) -> Difference | None:
        opened = self._open()
        if opened is None or opened.manifest.fingerprint != self._engine.fingerprint:
            return None
        stored = {found.offer_id: found.digest for found in texts(session, clock.today())}
        held = opened.digests
        return Difference(
            frozenset(stored.keys() - held.keys()),
            frozenset(held.keys() - stored.keys()),
            frozenset(offer for offer in stored.keys() & held.keys() if stored[offer] != held[offer]),
        )

    def _catch_up(self, session: Session) -> bool:
        revision = session.scalars(select(CatalogueRevision.number)).one()
        manifest = self._folder.manifest()
        is_empty = manifest is not None and not manifest.parts and len(_wanted(session)) > 0
        if manifest is None or is_empty or not self._can_follow(manifest, revision):
            self._rebuild(session)
            return True
        if manifest.revision == revision:
            return False
        changed = select(TextChange.provider_id).where(TextChange.revision > manifest.revision)
        unread = session.scalars(select(func.count()).select_from(Offer).where(Offer.provider_id.in_(changed))).one()
        if not unread and not session.scalars(changed.limit(1)).first():
            if revision - manifest.revision > KEPT_REVISIONS // 2:
                self._folder.put(replace(manifest, revision=revision))
            return False
        if unread > _MOST_CHANGED * max(1, sum(part.offers for part in manifest.parts)) + _AT_ONCE:
            self._rebuild(session)
            return True
        found = texts(session, clock.today(), Offer.provider_id.in_(changed))
        parts = self._folder.write_parts(self._engine.reader.documents(found))
        self._folder.put(replace(manifest, revision=revision, parts=(*manifest.parts, *parts)))
        return True

    def _can_follow(self, manifest: Manifest, revision: int) -> bool:
        return (
            manifest.fingerprint == self._engine.fingerprint
            and 0 <= revision - manifest.revision <= KEPT_REVISIONS
            and self._is_sound()
        )

    def _is_sound(self) -> bool:
        """Whether all files are there; they are read when we begin, and again where a process could not read them."""
        if self._folder.is_doubted():
            self._folder.trust()
            self._opened = None
        if self._opened is None:
            self._open()
        return self._opened is not None and self._folder.is_whole()

    def _rebuild(self, session: Session) -> int:
        revision = session.scalars(select(CatalogueRevision.number)).one()
        ranges = list(_ranges(_wanted(session).tolist()))
        processes = min(len(ranges), os.cpu_count() or 1)
        if processes > 1:
            parts = self._write_aside(processes, _write_range, ranges)
        else:
            parts = self._folder.write_parts(self._engine.reader.documents(texts(session, clock.today())))
        self._folder.put(Manifest(revision, self._engine.fingerprint, tuple(parts)))
        self._folder.trust()
        self._opened = None
        if self._open() is None:
            raise DamagedIndexError("what was just written cannot be read")
        return sum(part.offers for part in parts)

    def _write_aside(
        self,
        processes: int,
        write: Callable[..., list[PartEntry]],
        jobs: Sequence[tuple[object, ...]],
        meanwhile: Callable[[], object] = lambda: None,
    ) -> list[PartEntry]:
        """Let other processes write parts, one for each job, and do something `meanwhile`.

        Raises BrokenProcessPool where one of them was killed.
        """
        self._engine.question("so that each process has the words without learning them")
        context = multiprocessing.get_context("fork")
        start = (self._engine, self._database.engine.url, os.getpid())
        with ProcessPoolExecutor(processes, context, _begin, start) as pool:
            try:
                written = [pool.submit(write, *job) for job in jobs]
                while wait(written, PAUSE_SECONDS, FIRST_EXCEPTION).not_done:
                    if any(job.done() and job.exception() for job in written):
                        break
                    self._folder.beat()
                    meanwhile()
                return [part for job in written for part in job.result()]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _follow_on(self) -> None:
        with self._database.sessions() as session:
            self._catch_up(session)

    def _replace(self, before: Sequence[PartEntry], chosen: set[str], written: list[PartEntry]) -> None:
        """Let the written parts stand for the chosen ones, after those that stay and before those added meanwhile."""
        manifest = self._folder.manifest()
        names = {part.name for part in before}
        if manifest is None or names - {part.name for part in manifest.parts}:
            return  # all of it was written anew meanwhile; what we wrote is swept up
        stay = [part for part in before if part.name not in chosen]
        added = [part for part in manifest.parts if part.name not in names]
        self._folder.put(replace(manifest, parts=(*stay, *written, *added)))


def current_follower() -> Follower:
    """What writes the index of the running application."""
    return Follower(current_engine(), current_database(), current_lists())


def is_behind(engine: Engine, session: Session) -> bool:
    """Whether there is a text that the index does not have yet, or no index at all."""
    index = engine.index()
    if index is None:
        return True
    later = select(TextChange.provider_id).where(TextChange.revision > index.manifest.revision).limit(1)
    return session.scalars(later).first() is not None


def _wanted(session: Session) -> NDArray[np.int64]:
    """The offers that belong in the index, by primary key."""
    today = clock.today()
    is_there = or_(Offer.withdrawn_on.is_(None), Offer.withdrawn_on > today)
    return np.array(session.scalars(select(Offer.id).where(is_there).order_by(Offer.id)).all(), dtype=np.int64)


def _ranges(offers: Sequence[int]) -> Iterator[tuple[int, int]]:
    for first in range(0, len(offers), index_files.PART_SIZE):
        some = offers[first : first + index_files.PART_SIZE]
        yield some[0], some[-1]


_forked: list[tuple[Engine, Database]] = []
"""What a process that writes parts has from the one that began it."""


def _begin(engine: Engine, url: URL, parent: int) -> None:
    os.nice(10)  # who searches comes first
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    # A connection must not be shared with the process that forked this one.
    _forked[:] = [(engine, Database(url.render_as_string(hide_password=False)))]


def _end_with(parent: int) -> None:
    """End this process once its parent is gone, which may be killed without a word."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _write_range(first: int, last: int) -> list[PartEntry]:
    engine, database = _forked[0]
    with database.sessions() as session:
        found = texts(session, clock.today(), Offer.id.between(first, last))
        return engine.folder.write_parts(engine.reader.documents(found))


def _write_offers(offers: Sequence[int]) -> list[PartEntry]:
    engine, database = _forked[0]
    with database.sessions() as session:
        return engine.folder.write_parts(_documents_of(engine, session, offers))


def _documents_of(engine: Engine, session: Session, offers: Sequence[int]) -> Iterator[Document]:
    for first in range(0, len(offers), _AT_ONCE):
        some = offers[first : first + _AT_ONCE]
        yield from engine.reader.documents(list(texts(session, clock.today(), Offer.id.in_(some))))
