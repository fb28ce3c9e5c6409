"""How soon a change is found by every worker, and that what was withdrawn is never found.

    python -m benchmarks.following [--offers 6000] [--changes 60] [--folder FOLDER]

Starts two web workers, each behind its own port, and `portal search follow`, on a catalogue of that size (made as in
`benchmarks.search_engine`). Each change gives an offer a new name, a word that no other offer has, and asks both
workers for it until both show it; the time counts from the commit. Right after that the offer is withdrawn, and both
are asked at once. Meanwhile another visitor asks without pause, and every answer must be a 200.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import select

from benchmarks.pages import served
from benchmarks.search_engine import TODAY, application, make_catalogue, questions
from portal.catalogue import codelists
from portal.catalogue.availability import is_open
from portal.catalogue.models import Offer
from portal.catalogue.operations import touch
from portal.catalogue.queries import region_facts
from portal.core import clock, migrations
from portal.core.database import Database
from portal.search.following import current_follower

PATIENCE_SECONDS = 30.0
SYLLABLES = "blor frik gnus klim plef snor twaf vlug wroep zwik".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=6_000)
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "portal-search-benchmark")
    options = parser.parse_args()
    folder = options.folder / str(options.offers)
    with clock.frozen(TODAY):
        make_catalogue(folder, options.offers)
        app = application(folder)
        database: Database = app.extensions["portal.database"]
        migrations.upgrade(database.engine)
        with app.app_context():
            current_follower().catch_up()
        measure(folder, database, options.changes)


def measure(folder: Path, database: Database, changes: int) -> None:
    environment = {
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_DEMONSTRATION": "yes",
        "PORTAL_LOG_LEVEL": "ERROR",
        "PORTAL_QUESTION_LIMITS": "no",
    }
    chance = random.Random(3)  # noqa: S311 - for reproducible words
    with ExitStack() as running:
        workers = [
            running.enter_context(served("granian", "portal.serving:create_serving_app", 1, environment))
            for _ in range(2)
        ]
        follower = subprocess.Popen(
            [sys.executable, "-c", "from portal.cli import main; main()", "search", "follow"],
            env={**os.environ, **environment},
        )
        running.callback(follower.terminate)
        for worker in workers:
            fetch(worker, "angst")
        stopped = threading.Event()
        visitor = Visitor(workers[0], stopped)
        visitor.start()
        with database.sessions() as session:
            lists = codelists.load()
            anywhere = region_facts(session, lists).situation(lists, TODAY)
            offers = session.scalars(select(Offer.id).where(is_open(anywhere))).all()
        words = ["".join(parts) for parts in itertools.permutations(SYLLABLES, 3)]
        took, found_after = [], 0
        # The first one waits for the follower to have learned its words, and is not counted.
        for word, offer in zip(chance.sample(words, changes + 1), chance.sample(offers, changes + 1), strict=True):
            change(database, offer, name=f"{word.capitalize()} hulp")
            took.append(until_found(workers, word))
            change(database, offer, withdrawn_on=TODAY)
            found_after += sum(word.capitalize() in fetch(worker, word) for worker in workers)
            change(database, offer, withdrawn_on=None)
        stopped.set()
        visitor.join()
        ordered = sorted(took[1:])
        print(f"{changes} changes at {len(offers)} offers, found by both workers after: p50 "
              f"{statistics.median(ordered):.2f} s, p95 {ordered[int(len(ordered) * 0.95)]:.2f} s, "
              f"worst {ordered[-1]:.2f} s")  # fmt: skip
        print(f"found after it was withdrawn: {found_after} of {changes * 2 + 2}")
        print(f"another visitor meanwhile: {len(visitor.times)} answers, {visitor.failed} not 200, "
              f"p95 {sorted(visitor.times)[int(len(visitor.times) * 0.95)] * 1000:.0f} ms")  # fmt: skip


def change(database: Database, offer: int, **values: object) -> None:
    with database.transaction() as session:
        row = session.get_one(Offer, offer)
        for name, value in values.items():
            setattr(row, name, value)
        touch(session, {row.provider_id})


def until_found(workers: list[str], word: str) -> float:
    began = time.monotonic()
    for worker in workers:
        while word.capitalize() not in fetch(worker, word):
            if time.monotonic() > began + PATIENCE_SECONDS:
                sys.exit(f"{word} was not found within {PATIENCE_SECONDS} s")
            time.sleep(0.01)
    return time.monotonic() - began


def fetch(worker: str, question: str) -> str:
    """The list of results, without the search box that repeats the question."""
    address = f"{worker}/zoeken?{urllib.parse.urlencode({'q': question})}"
    page = urllib.request.urlopen(address, timeout=PATIENCE_SECONDS).read().decode()  # noqa: S310
    return str(page.partition('<ul class="portal-cards">')[2])


class Visitor(threading.Thread):
    """Asks one question after another."""

    def __init__(self, worker: str, stopped: threading.Event) -> None:
        super().__init__()
        self._worker, self._stopped = worker, stopped
        self.times: list[float] = []
        self.failed = 0

    def run(self) -> None:
        asked = questions()
        while not self._stopped.is_set():
            began = time.monotonic()
            try:
                fetch(self._worker, asked[len(self.times) % len(asked)])
            except OSError:
                self.failed += 1
            self.times.append(time.monotonic() - began)
            time.sleep(0.02)


if __name__ == "__main__":
    main()
