"""How fast figures are made: of 6,000 providers, 4 periods and 6 indicators, first all anew and then once more.

Also how fast a region opens one indicator and period, and how fast the figures of a provider are read. To be reached:
60 s for making all figures anew; exit 1 where it is not.

    python -m benchmarks.figures [--providers 6000] [--url postgresql+psycopg://…]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select

from portal.catalogue.models import Provider, Region
from portal.core import migrations
from portal.core.actor import Actor
from portal.core.database import Database
from portal.outcomes import operations
from portal.outcomes.models import Measurement
from portal.outcomes.operations import About
from portal.outcomes.queries import figures_of_provider
from portal.outcomes.types import DEFAULT_RULES, EVERYBODY, Audience, Indicator, MeasuredFramework

TODAY = date(2026, 11, 22)
PERIODS = ("2022", "2023", "2024", "2025")
ARRANGEMENTS = ("begeleiding", "behandeling", "jeugd-ggz", "logeren", "pleegzorg")
SECONDS = 60
READS = 300


def main() -> None:
    """Run the measurement."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--providers", type=int, default=6_000)
    arguments.add_argument("--url", help="An empty database; default a new SQLite file.")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(options.url or f"sqlite:///{folder}/figures.sqlite3")
        migrations.upgrade(database.engine)
        region = fill(database, options.providers)
        rows = options.providers * len(PERIODS) * len(Indicator)
        print(f"{rows} measurements of {options.providers} providers")
        anew = timed("all figures made anew", lambda: refresh(database, region, TODAY))
        timed("made again, nothing changed", lambda: refresh(database, region, TODAY))
        about = About(region, Indicator.GOALS_REACHED, "2025")
        for day, to in ((TODAY, Audience.PROVIDER), (TODAY + timedelta(14), Audience.PUBLIC)):
            timed(f"one indicator and period to {to.value}", lambda day=day, to=to: move(database, about, day, to))
        read(database)
        database.engine.dispose()
    sys.exit(anew > SECONDS)


def timed(name: str, work: Callable[[], object]) -> float:
    """Do the work and print how long it took, and how long the processor worked on it; the latter is returned.

    On a machine that does other things as well the first says more about those.
    """
    started, worked = time.perf_counter(), time.process_time()
    work()
    took, busy = time.perf_counter() - started, time.process_time() - worked
    print(f"{name}: {took:.1f} s, of the processor {busy:.1f} s", flush=True)
    return busy


def refresh(database: Database, region: int, day: date) -> None:
    """Make the figures of a region."""
    with database.transaction() as session:
        operations.refresh(session, region, DEFAULT_RULES, day)


def move(database: Database, about: About, day: date, to: Audience) -> None:
    """Let the figures be seen by `to`."""
    with database.transaction() as session:
        now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        operations.move(session, [about], to, Actor.command("benchmark"), "", DEFAULT_RULES, now)


def read(database: Database) -> None:
    """Read the figures of some providers, as their pages do."""
    with database.sessions() as session:
        ids = session.scalars(select(Provider.id).limit(READS)).all()
    started = time.perf_counter()
    for provider in ids:
        with database.sessions() as session:
            figures_of_provider(session, provider, EVERYBODY)
    print(f"figures of a provider read: {1000 * (time.perf_counter() - started) / len(ids):.1f} ms")


def fill(database: Database, providers: int) -> int:
    """Providers with counts of all sizes; the same for the same number. Returns the region's key."""
    chance = random.Random(7)  # noqa: S311 - for counts that can be made again
    with database.transaction() as session:
        region = Region(name="Groot")
        session.add(region)
        session.flush()
        session.execute(
            insert(Provider),
            [
                {"region_id": region.id, "identifier": f"P{n}", "slug": f"p{n}", "name": f"P{n}"}
                for n in range(providers)
            ],
        )
        rows = []
        for provider in session.scalars(select(Provider.id)):
            size, level = chance.choice((6, 15, 40, 120, 400)), chance.gauss(0.65, 0.06)
            for period in PERIODS:
                for indicator in Indicator:
                    n = max(1, round(size * chance.uniform(0.8, 1.2)))
                    x = sum(chance.random() < level for _ in range(n))
                    rows.append(
                        {
                            "provider_id": provider, "arrangement": ARRANGEMENTS[provider % len(ARRANGEMENTS)],
                            "period": period, "framework": MeasuredFramework.VOLUNTARY, "indicator": indicator,
                            "numerator": x, "denominator": n, "municipality": "", "instrument": "",
                            "source": "Registratie",
                        }
                    )  # fmt: skip
        for start in range(0, len(rows), 5_000):
            session.execute(insert(Measurement), rows[start : start + 5_000])
        return region.id


if __name__ == "__main__":
    main()
