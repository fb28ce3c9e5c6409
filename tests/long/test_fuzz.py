"""What takes long: thousands of damaged files and odd addresses, and imports killed in the middle."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Offer
from portal.core.database import Database
from portal.exchange.importing import import_package
from tests.conftest import TODAY
from tests.inspection import InspectingClient

pytestmark = pytest.mark.long


def damaged(content: bytes, rng: random.Random) -> bytes:
    """A few bytes changed, cut out, doubled or put in."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data)) if data else 0
        kind = rng.randrange(4)
        if kind == 0 and data:
            data[at] = rng.randrange(256)
        elif kind == 1:
            del data[at : at + rng.randint(1, 40)]
        elif kind == 2:
            data[at:at] = data[at : at + rng.randint(1, 40)]
        else:
            data[at:at] = rng.choice([b'"', b";", b"\r\n", b"\x00", b"\xff", "€".encode(), b",,,", b"=1+1"])
    return bytes(data)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_package_is_read_or_refused_and_never_breaks(
    new_database_url: Callable[[], str], code_lists: CodeLists, region_package: Path, tmp_path: Path, seed: int
) -> None:
    database, rng = Database(new_database_url()), random.Random(seed)  # noqa: S311 - repeatable, not secret
    for number in range(50):
        folder = tmp_path / str(number)
        folder.mkdir()
        name = rng.choice([path.name for path in region_package.iterdir()])
        lines = (region_package / name).read_bytes().splitlines(keepends=True)[:60]
        (folder / name).write_bytes(damaged(b"".join(lines), rng))
        import_package(database, code_lists, folder, "Zuid-Limburg", today=TODAY, check_only=True)
        shutil.rmtree(folder)
    database.engine.dispose()


def test_an_import_killed_at_any_moment_leaves_nothing_half(region_package: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PORTAL_DATA_DIR": str(tmp_path), "PORTAL_DEMONSTRATION": "yes"}
    program = [sys.executable, "-c", "from portal.cli import main; main()"]
    subprocess.run([*program, "init"], env=environment, check=True, stdout=subprocess.DEVNULL)
    rng, whole = random.Random(1), 0  # noqa: S311 - repeatable, not secret
    for _ in range(25):
        running = subprocess.Popen(
            [*program, "import", str(region_package)], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(rng.uniform(0.3, 3.5))
        running.send_signal(signal.SIGKILL)
        running.wait()
        database = Database(f"sqlite:///{tmp_path / 'portal.sqlite3'}")
        with database.sessions() as session:
            stored = session.scalar(select(func.count(Offer.id))) or 0
        database.engine.dispose()
        assert stored in (0, 608), stored
        whole += stored == 608
    assert whole < 25, "at least one was killed before its end"


def test_thousands_of_odd_questions(region: InspectingClient) -> None:
    rng = random.Random(3)  # noqa: S311 - repeatable, not secret
    names = "q gemeente arrangement onderwerp leeftijd waar wachttijd taal grootte kader vrij voor sorteer lang".split()
    pieces = ["angst", "*", "%00", "é", "🙈", "12", "-1", "Heerlen", "nl", "ar", "(", '"', "\u202e", "alle", "a" * 600]
    for _ in range(3000):
        query = {rng.choice(names): "".join(rng.choices(pieces, k=rng.randint(0, 4))) for _ in range(rng.randint(0, 5))}
        assert region.get("/zoeken", query_string=query).status_code in (200, 400)
