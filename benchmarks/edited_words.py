"""How soon a web worker answers with words that were edited at a desk, what pages cost meanwhile, and what it keeps.

    python -m benchmarks.edited_words [--edits 5]

One process answers questions without pause, as a web worker does, while another follows. Each edit adds an expression;
the time counts from the commit until the worker has gone over to it. Every answer must come from the index.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import time
from pathlib import Path
from urllib.parse import quote_plus

from flask import Flask
from sqlalchemy import select

from benchmarks.region import TODAY, loaded_region
from portal.app import create_app
from portal.catalogue.edits.operations import save
from portal.catalogue.edits.queries import newest
from portal.catalogue.edits.types import Edit, EditState, Place
from portal.catalogue.models import Region
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import Database
from portal.core.settings import Settings
from portal.search.engine import current_engine
from portal.search.following import PAUSE_SECONDS, current_follower

TOPIC = "vrije-tijd"
BETWEEN_SECONDS = 0.02
SETTLED_SECONDS = 5.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=5)
    edits = parser.parse_args().edits
    with loaded_region() as (app, package):
        beside = multiprocessing.get_context("spawn").Process(target=follow, args=(package.parent,), daemon=True)
        beside.start()
        with app.app_context():
            current_engine().warm_up()
        gc.collect()
        gc.freeze()  # as a web worker does
        ask(app, "bang")
        for number in range(edits):
            measure(app, number)
        beside.kill()


def follow(folder: Path) -> None:
    with clock.frozen(TODAY):
        app = create_app(Settings(data_dir=folder, demonstration=True, log_level="ERROR"))
        with app.app_context():
            follower = current_follower()
            while True:
                follower.follow(time.monotonic())
                time.sleep(PAUSE_SECONDS)


def measure(app: Flask, number: int) -> None:
    database: Database = app.extensions["portal.database"]
    words = f"naar de zwabberdebap {number}"
    edit = Edit(Place.of_expression(TOPIC, words), EditState.SET, {"voice": "family", "expression": words})
    with database.transaction() as session:
        region = session.scalars(select(Region.id)).one()
        save(session, region, [edit], newest(session), Actor.command("benchmark"), clock.now())
    wanted, began, waits = app.extensions["portal.lists"].now().edition + 1, time.monotonic(), []
    while app.extensions["portal.lists"].now().edition != wanted:
        waits.append(ask(app, f"bang {number} {len(waits)}"))
    taken = time.monotonic() - began
    while time.monotonic() < began + taken + SETTLED_SECONDS:
        waits.append(ask(app, f"bang {number} {len(waits)}"))
    waits.sort()
    print(
        f"edit {number}: in use after {taken:.1f} s; pages meanwhile: median {1000 * waits[len(waits) // 2]:.0f} ms, "
        f"slowest {1000 * waits[-1]:.0f} ms; memory {memory():.0f} MB"
    )


def ask(app: Flask, question: str) -> float:
    """The seconds that a page of results takes; it must come from the index."""
    began = time.monotonic()
    page = app.test_client().get(f"/zoeken?q={quote_plus(question)}")
    taken = time.monotonic() - began
    with app.app_context():
        if page.status_code != 200 or current_engine().index() is None:
            raise SystemExit(f"{question!r} was not answered by the index")
    time.sleep(BETWEEN_SECONDS)
    return taken


def memory() -> float:
    """What this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    main()
