"""Can the time that an answer takes tell whether an account exists?

Signs in with a wrong password, and asks for a new one, for addresses with and without an account in turn; then compares
the two piles with the Mann-Whitney test. p > 0.01 for both is what the portal must reach.

    python -m benchmarks.enumeration [--times 1000] [--full-cost]

Passwords are hashed at a low cost unless `--full-cost` is given: what takes long alike for both would only hide a
difference. Asking for a new password takes a fixed time, here a quarter of what it takes in earnest: enough where
nothing else runs, and the benchmark is over sooner.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from portal.accounts.signing_in import routes
from portal.accounts.signing_in.passwords import Passwords
from portal.accounts.types import Post, Role
from portal.app import create_app
from portal.core import clock, migrations
from portal.core.database import Database
from portal.core.settings import Settings

KNOWN, UNKNOWN = "bekend{}@regio.example", "vreemd{}@regio.example"
WARM_UP = 30


def p_value(one: list[float], other: list[float]) -> float:
    """Two-sided p of the Mann-Whitney U test, by the normal approximation (H. B. Mann, D. R. Whitney, 1947)."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_, pile) in enumerate(ranked, 1) if pile == 0)
    m, n = len(one), len(other)
    u = ranks - m * (m + 1) / 2
    z = (u - m * n / 2) / math.sqrt(m * n * (m + n + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def measure(app: Flask, path: str, fields: dict[str, str], times: int) -> tuple[list[float], list[float]]:
    """Milliseconds for addresses with an account, and without, in random order."""
    client = app.test_client()
    piles: tuple[list[float], list[float]] = ([], [])
    order = [pile for pile in (0, 1) for _ in range(times + WARM_UP)]
    random.Random(1).shuffle(order)  # noqa: S311 - an order, not a secret
    moment = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    for number, pile in enumerate(order):
        # Another address and network each time, and time that goes on: no limit is reached.
        email = (UNKNOWN if pile else KNOWN).format(len(piles[pile]) if path == "/inloggen" else number)
        if not pile:
            email = KNOWN.format(len(piles[0]) % (times + WARM_UP))
        network = {"REMOTE_ADDR": f"10.{number % 250}.{number // 250 % 250}.{number // 62_500}"}
        with clock.stopped(moment + timedelta(seconds=5 * number)):
            started = time.perf_counter()
            answer = client.post(
                path, data={"email": email, **fields}, headers={"Sec-Fetch-Site": "same-origin"}, environ_base=network
            )
            piles[pile].append((time.perf_counter() - started) * 1000)
        if answer.status_code not in (200, 422):
            raise SystemExit(f"{path} answered {answer.status_code}")
    return piles[0][WARM_UP:], piles[1][WARM_UP:]


def make_app(folder: Path, times: int, full_cost: bool) -> Flask:
    """The portal with as many accounts as will be asked for."""
    from tests.accounts.people import World

    url = f"sqlite:///{folder / 'portal.sqlite3'}"
    database = Database(url)
    migrations.upgrade(database.engine)
    database.engine.dispose()
    app = create_app(Settings(database_url=url, data_dir=folder, secret_key="x" * 40, log_level="ERROR"))
    app.extensions["portal.passwords"] = Passwords() if full_cost else Passwords(passes=1, memory_kib=64)
    world = World.make(app.extensions["portal.database"])
    for number in range(times + WARM_UP):
        world.add(KNOWN.format(number), Post(Role.MODERATOR, world.regions[0]))
    return app


def main() -> None:
    """Measure both pages, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--full-cost", action="store_true")
    wanted = parser.parse_args()
    if not wanted.full_cost:
        routes.ASKING_TAKES /= 4
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder), wanted.times, wanted.full_cost)
        for path, fields in (("/inloggen", {"password": "een verkeerd wachtwoord"}), ("/wachtwoord-vergeten", {})):
            known, unknown = measure(app, path, fields, wanted.times)
            medians = statistics.median(known), statistics.median(unknown)
            print(
                f"{path}: {len(known)} with an account, median {medians[0]:.3f} ms; {len(unknown)} without, "
                f"{medians[1]:.3f} ms; p = {p_value(known, unknown):.3f}"
            )
        app.extensions["portal.database"].engine.dispose()


if __name__ == "__main__":
    main()
