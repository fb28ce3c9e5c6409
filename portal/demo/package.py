"""Writes the fictional region as a data package: the same CSV files that a real region delivers.

The texts are written by hand in `region/*.toml`. Days there are relative to today (`waiting_reported = -9`), so
that the demonstration never grows old.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from portal.exchange.columns import TABLES, Kind

REGION = Path(__file__).parent / "region"

Row = Mapping[str, object]

_KEYS: Mapping[str, Mapping[str, str]] = {
    "providers": {"provider_id": "id", "kvk_number": "kvk", "agb_code": "agb"},
    "consortia": {"consortium_id": "id", "provider_ids": "providers"},
    "locations": {"location_id": "id"},
    "offers": {
        "offer_id": "id", "location_ids": "locations", "withdrawn_on": "withdrawn",
        "waiting_weeks_intake": "waiting_intake", "waiting_weeks_start": "waiting_start",
        "waiting_reported_on": "waiting_reported", "accepting_clients": "accepting", "checked_on": "checked",
    },
    "contracts": {"contract_id": "id", "start_date": "start", "end_date": "end"},
}  # fmt: skip
"""What a column is called in the TOML files, where that is shorter."""
_BESIDES = {"providers": {"location", "offer", "contract", "confirmed"}}
"""What else may stand there: the rows that belong to a provider, and the day on which it confirmed its offers."""


def write_package(folder: Path, today: date) -> None:
    """Write the region's CSV files into `folder`, as if delivered on `today`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables(today).items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows({column: _cell(value) for column, value in row.items()} for row in rows)


def tables(today: date) -> dict[str, list[Row]]:
    """The tables of the package, by name.

    Raises ValueError for a key in the files that is no column.
    """
    content = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(REGION.glob("*.toml"))]
    providers = [provider for part in content for provider in part.get("provider", ())]

    def everywhere(table: str, kind: str) -> list[Row]:
        return [_row(table, row, today) for part in content for row in part.get(kind, ())]

    def of_providers(table: str, kind: str) -> list[Row]:
        return [
            _row(table, row, today, provider_id=provider["id"], checked_on=provider.get("confirmed"))
            for provider in providers
            for row in provider.get(kind, ())
        ]

    return {
        "providers": everywhere("providers", "provider"),
        "consortia": everywhere("consortia", "consortium"),
        "access_points": everywhere("access_points", "access_point"),
        "locations": of_providers("locations", "location"),
        "offers": of_providers("offers", "offer"),
        "contracts": of_providers("contracts", "contract"),
        "methods": everywhere("methods", "method"),
        "outcomes": [row for part in content for block in part.get("outcome", ()) for row in _outcomes(block, today)],
    }


def _outcomes(block: Mapping[str, Any], today: date) -> Iterator[Row]:
    """The rows of one kind of count: a list a provider, with a year an entry and the last full year at the end."""
    about = {
        name: block[name] for name in ("arrangement", "framework", "indicator", "informant", "instrument", "source")
    }
    for provider, counts in block["counts"].items():
        for year, text in enumerate(counts, start=today.year - len(counts)):
            first, *rest = text.split("/")
            if not rest:
                continue
            n = int(rest[0])
            asked = {} if about["informant"] == "registration" else {"invited": round(n / block["answered"])}
            is_share = "." not in first
            told = {"numerator": first, "denominator": n} if is_share else {"mean": first, "n": n}
            spread = {"sd": rest[1]} if len(rest) > 1 else {}
            yield {"provider_id": provider, "period": str(year)} | about | told | spread | asked


def _row(table: str, row: Mapping[str, Any], today: date, **otherwise: object) -> Row:
    """The filled columns of a row; `otherwise` has the values of columns that the row itself does not give."""
    keys = {column.name: _KEYS.get(table, {}).get(column.name, column.name) for column in TABLES[table].columns}
    unknown = row.keys() - set(keys.values()) - _BESIDES.get(table, set())
    if unknown:
        raise ValueError(f"{table} {row.get('id', row.get('name'))}: unknown keys {', '.join(sorted(unknown))}")
    values = {column: row.get(key, otherwise.get(column)) for column, key in keys.items()}
    dates = {column.name for column in TABLES[table].columns if column.kind is Kind.DATE}
    return {
        column: _day(value, today) if column in dates and isinstance(value, int) else value
        for column, value in values.items()
        if value is not None
    }


def _day(offset: int, today: date) -> date:
    return today + timedelta(days=offset)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value)
    return "; ".join(str(part) for part in value)
