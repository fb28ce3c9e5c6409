"""Writes the fictional region as a data package: the same CSV files that a real region delivers.

The texts are written by hand in `region/*.toml`. Days there are relative to today (`waiting_reported = -9`), so
that the demonstration never grows old.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

REGION = Path(__file__).parent / "region"

Row = Mapping[str, object]

_SAME = {
    "providers": (
        "name", "summary", "about", "website", "phone", "email", "size", "languages", "quality_marks", "team_size",
        "first_meeting", "same_worker", "evening_weekend", "identity", "complaints_url",
    ),
    "locations": (
        "name", "kind", "street", "house_number", "postcode", "city", "municipality", "wheelchair_accessible",
        "address_confidential",
    ),
    "offers": (
        "name", "arrangement", "description", "approach", "methods", "topics", "age_min", "age_max", "settings",
        "framework", "not_suitable_for", "municipalities", "access", "form", "gender", "places_free",
        "continues_until_age",
    ),
    "contracts": ("arrangement", "municipalities", "lot", "purchaser", "basis", "max_waiting_weeks"),
}  # fmt: skip


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
    """The tables of the package, by name."""
    content = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(REGION.glob("*.toml"))]
    providers = [provider for part in content for provider in part.get("provider", ())]
    return {
        "providers": [_provider(provider) for provider in providers],
        "consortia": [
            {
                "consortium_id": row["id"], "name": row["name"], "provider_ids": row["providers"],
                "explanation": row.get("explanation"), "contact": row.get("contact"),
            }
            for part in content
            for row in part.get("consortium", ())
        ],
        "access_points": [row for part in content for row in part.get("access_point", ())],
        "locations": [
            {"location_id": row["id"], "provider_id": provider["id"], **_same("locations", row)}
            for provider in providers
            for row in provider.get("location", ())
        ],
        "offers": [_offer(row, provider, today) for provider in providers for row in provider.get("offer", ())],
        "contracts": [
            {
                "contract_id": row["id"], "provider_id": provider["id"], **_same("contracts", row),
                "start_date": row["start"], "end_date": row.get("end"),
            }
            for provider in providers
            for row in provider.get("contract", ())
        ],
        "methods": [row for part in content for row in part.get("method", ())],
    }  # fmt: skip


def _provider(row: Mapping[str, Any]) -> Row:
    return {
        "provider_id": row["id"],
        **_same("providers", row),
        "kvk_number": row.get("kvk"),
        "agb_code": row.get("agb"),
    }


def _offer(row: Mapping[str, Any], provider: Mapping[str, Any], today: date) -> Row:
    return {
        "offer_id": row["id"],
        "provider_id": provider["id"],
        **_same("offers", row),
        "location_ids": row.get("locations"),
        "withdrawn_on": _day(row.get("withdrawn"), today),
        "waiting_weeks_intake": row.get("waiting_intake"),
        "waiting_weeks_start": row.get("waiting_start"),
        "waiting_reported_on": _day(row.get("waiting_reported"), today),
        "accepting_clients": row.get("accepting"),
        "checked_on": _day(row.get("checked", provider.get("confirmed")), today),
    }


def _same(table: str, row: Mapping[str, Any]) -> dict[str, object]:
    return {column: row.get(column) for column in _SAME[table]}


def _day(offset: int | None, today: date) -> date | None:
    return None if offset is None else today + timedelta(days=offset)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value)
    return "; ".join(str(part) for part in value)
