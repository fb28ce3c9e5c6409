"""How fast a large package is imported, and imported again unchanged.

Makes a package of 6,000 providers and 15,000 offers with locations and contracts, as CSV files and as a
workbook, imports each twice in fresh processes, and prints seconds, peak memory and the ratio. To be reached:
60 s and 400 MB for the first, a third of those seconds for the second; exit 1 where it is not.

    python -m benchmarks.import_speed [--providers 6000] [--offers 15000]
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from portal.catalogue import codelists
from portal.core import migrations
from portal.core.database import Database
from portal.exchange.columns import TABLES
from portal.exchange.importing import import_package

TODAY = date(2026, 11, 22)
SECONDS, MEGABYTES = 60, 400
WORDS = (
    "wij helpen kinderen jongeren en hun ouders thuis op school of in de groep met een plan dat bij het gezin past "
    "samen kijken naar wat goed gaat waar het knelt rust structuur vertrouwen oefenen gesprek begeleiding "
    "behandeling angst boosheid slaap verdriet scheiding ziekte broer zus leerkracht huisarts week maand"
).split()
Table = Sequence[Sequence[object]]


def main() -> None:
    """Run the measurement."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--providers", type=int, default=6_000)
    arguments.add_argument("--offers", type=int, default=15_000)
    arguments.add_argument("--once", nargs=2, metavar=("PACKAGE", "DATABASE"), help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.once:
        _import_once(Path(options.once[0]), options.once[1])
        return
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        package = make_package(options.providers, options.offers)
        for kind, path in (("csv", _as_csv(package, Path(folder))), ("xlsx", _as_workbook(package, Path(folder)))):
            url = f"sqlite:///{folder}/{kind}.sqlite3"
            database = Database(url)
            migrations.upgrade(database.engine)
            database.engine.dispose()
            first, again = _in_fresh_process(path, url), _in_fresh_process(path, url)
            slow |= first[0] > SECONDS or again[0] > SECONDS / 3 or max(first[1], again[1]) > MEGABYTES
            print(f"{kind}: first {first[0]:.1f} s, peak {first[1]:.0f} MB; "
                  f"again {again[0]:.1f} s, peak {again[1]:.0f} MB; ratio {again[0] / first[0]:.2f}")  # fmt: skip
    sys.exit(slow)


def make_package(providers: int, offers: int) -> dict[str, Table]:
    """Tables with a header and rows; the same for the same numbers."""
    chance = random.Random(7)  # noqa: S311 - for a reproducible package, not for secrets
    lists = codelists.load()
    places = [m.name for m in lists.municipalities_of("JZ31")] or [m.name for m in lists.municipalities.values()]
    arrangements = list(lists.arrangements)
    topics = list(lists.topics)

    def text(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."

    rows: dict[str, list[dict[str, object]]] = {"providers": [], "locations": [], "offers": [], "contracts": []}
    for number in range(providers):
        provider = f"P{number:05}"
        rows["providers"].append({
            "provider_id": provider, "name": f"Aanbieder {number} {chance.choice(WORDS)}",
            "kvk_number": 90000000 + number,
            "summary": text(20), "about": text(90), "website": f"https://www.aanbieder{number}.example",
            "phone": f"045-555 {number:05}", "email": f"info@aanbieder{number}.example",
            "size": chance.choice(("solo", "small", "medium", "large")), "languages": "nl;en",
            "quality_marks": "SKJ;HKZ",
            "team_size": chance.randrange(1, 90), "first_meeting": "yes", "same_worker": "usually",
        })  # fmt: skip
        rows["locations"].append({
            "location_id": f"{provider}-L1", "provider_id": provider, "name": "Praktijk", "kind": "office",
            "street": "Verzonnenstraat", "house_number": number % 200 + 1, "postcode": f"{6400 + number % 90} XX",
            "city": "Heerlen", "municipality": chance.choice(places), "wheelchair_accessible": "yes",
            "latitude": 50.9, "longitude": 5.98,
        })  # fmt: skip
    for number in range(offers):
        provider = f"P{number % providers:05}"
        arrangement = chance.choice(arrangements)
        rows["offers"].append({
            "offer_id": f"A{number:05}", "provider_id": provider, "name": text(5), "arrangement": arrangement,
            "description": text(70), "approach": text(30), "methods": "Geweldloos Verzet;EMDR",
            "topics": ";".join(chance.sample(topics, 3)), "age_min": chance.randrange(0, 12), "age_max": 18,
            "settings": "home;school", "framework": "voluntary", "not_suitable_for": text(8),
            "location_ids": f"{provider}-L1", "access": "referral", "form": "individual",
            "waiting_weeks_intake": 2, "waiting_weeks_start": chance.randrange(0, 30),
            "waiting_reported_on": date(2026, 10, 1), "accepting_clients": "yes", "checked_on": date(2026, 9, 1),
        })  # fmt: skip
        rows["contracts"].append({
            "contract_id": f"K{number:05}", "provider_id": provider, "arrangement": arrangement,
            "municipalities": chance.choice(("*", ";".join(chance.sample(places, 3)))), "lot": "Perceel 1",
            "basis": "contract", "max_waiting_weeks": 8, "start_date": date(2026, 1, 1), "end_date": date(2029, 12, 31),
        })  # fmt: skip
    return {name: _with_all_columns(name, table) for name, table in rows.items()}


def _with_all_columns(name: str, rows: Iterable[dict[str, object]]) -> Table:
    header = [column.name for column in TABLES[name].columns]
    return [header, *([row.get(column) for column in header] for row in rows)]


def _as_csv(package: dict[str, Table], folder: Path) -> Path:
    path = folder / "package"
    path.mkdir()
    for name, rows in package.items():
        with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
    return path


def _as_workbook(package: dict[str, Table], folder: Path) -> Path:
    book = Workbook(write_only=True)
    for name, rows in package.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "package.xlsx")
    return folder / "package.xlsx"


def _in_fresh_process(path: Path, url: str) -> tuple[float, float]:
    command = [sys.executable, __file__, "--once", str(path), url]
    started = time.monotonic()
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    return time.monotonic() - started, float(done.stdout)


def _import_once(path: Path, url: str) -> None:
    report = import_package(Database(url), codelists.load(), path, "Zuid-Limburg", today=TODAY)
    if not report.ok:
        sys.exit(report.as_text("en"))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
