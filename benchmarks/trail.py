"""How long it takes to read the whole trail: 100,000 entries, as `portal doctor` does.

python -m benchmarks.trail [ENTRIES]
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

from portal.core import migrations
from portal.core.actor import Actor
from portal.core.database import Database
from portal.core.keys import Keys
from portal.core.trail.operations import record
from portal.core.trail.types import Subject
from portal.core.trail.verification import verify


def main(entries: int) -> None:
    """Write so many entries, a thousand a transaction, and verify them three times."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/trail.sqlite3", Keys("k" * 40))
        migrations.upgrade(database.engine)
        began, now = time.perf_counter(), datetime(2026, 11, 22, tzinfo=UTC)
        for first in range(0, entries, 1_000):
            with database.transaction() as session:
                for number in range(first, min(first + 1_000, entries)):
                    actor = Actor.person(number % 50, f"Noor Janssen {number % 50} (contractmanager)", 1)
                    record(
                        session, actor, "membership.role_changed", Subject("membership", f"m-{number}"),
                        before={"role": "moderator"}, after={"role": "data_officer"}, reason="op eigen verzoek",
                        at=now + timedelta(minutes=number),
                    )  # fmt: skip
        print(f"written: {(time.perf_counter() - began) / entries * 1e6:.0f} µs an entry")
        times = []
        for _ in range(3):
            began = time.perf_counter()
            with database.sessions() as session:
                found = verify(session)
            times.append(time.perf_counter() - began)
            assert found.ok and found.entries == entries  # noqa: S101 - a figure of something broken is none
        print(f"verified {entries} entries: {min(times):.1f} s")
        database.engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
