"""What is public of a region, or all of it for its staff, as a data package: CSV files, or a workbook.

Both are what `portal import` reads: importing an export changes nothing. The CSV files are written for a
Dutch spreadsheet program, which wants semicolons, a decimal comma and a byte order mark.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Contract, Location
from portal.core.database import Base
from portal.core.formulas import guard
from portal.exchange import sheets
from portal.exchange.columns import (
    ACCESS_POINTS,
    CONSORTIA,
    CONTRACTS,
    LOCATIONS,
    METHODS,
    OFFERS,
    PROVIDERS,
    SEPARATOR,
    WHOLE_REGION,
    Column,
    Kind,
    Table,
)
from portal.exchange.destination import new_file, new_folder
from portal.exchange.queries import RegionCatalogue
from portal.exchange.sheets import SheetCell

Rows = Sequence[Sequence[SheetCell]]

_SHOWN_OF_SECRET = {"location_id", "provider_id", "kind", "municipality", "wheelchair_accessible"}


@dataclass(frozen=True, slots=True)
class Package:
    """The tables of a data package with their rows, ready to be written."""

    tables: Mapping[Table, Rows]
    left_out: int
    """Rows that a data package cannot hold: offers without arrangement, locations without municipality.
    They come from catalogues in other formats."""

    @property
    def counts(self) -> dict[str, int]:
        """Table name to number of rows."""
        return {table.name: len(rows) for table, rows in self.tables.items()}


def data_package(catalogue: RegionCatalogue, code_lists: CodeLists) -> Package:
    """`catalogue` as the rows of a data package."""
    locations = [location for location in catalogue.locations if location.municipality]
    offers = [offer for offer in catalogue.offers if offer.arrangement]
    known = {
        "providers": {provider.identifier for provider in catalogue.providers},
        "locations": {place.identifier for place in (catalogue.locations if catalogue.is_whole else locations)},
    }
    records: Mapping[Table, Sequence[Base]] = {
        PROVIDERS: catalogue.providers,
        CONSORTIA: [c for c in catalogue.consortia if known["providers"] & {p.identifier for p in c.providers}],
        ACCESS_POINTS: catalogue.access_points,
        LOCATIONS: locations,
        OFFERS: offers,
        CONTRACTS: catalogue.contracts,
        METHODS: catalogue.methods,
    }

    def row(table: Table, record: Base) -> list[SheetCell]:
        hidden = isinstance(record, Location) and catalogue.is_secret(record)
        values = ((column, packed_value(record, column, known, hidden)) for column in table.columns)
        return [_cell(value, column, code_lists) for column, value in values]

    return Package(
        tables={table: [row(table, record) for record in found] for table, found in records.items()},
        left_out=len(catalogue.locations) - len(locations) + len(catalogue.offers) - len(offers),
    )


def write_csv(package: Package, path: Path) -> None:
    """Write `package` to `path`: one zip where it ends in `.zip`, else a folder of CSV files.

    Raises CannotWriteError where `path` cannot be used.
    """
    with new_folder(path) as folder:
        for table, rows in package.tables.items():
            with (folder / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file, delimiter=";")
                writer.writerow(column.name for column in table.columns)
                writer.writerows([csv_cell(value) for value in row] for row in rows)


def write_workbook(package: Package, path: Path) -> None:
    """Write `package` to `path` as a workbook with a sheet a table.

    Raises CannotWriteError where `path` cannot be used or a text is longer than a cell can be.
    """
    for table, rows in package.tables.items():
        sheets.refuse_too_long(table, rows)
    with new_file(path) as file, sheets.new_workbook(file) as book:
        for table, rows in package.tables.items():
            sheets.add_table(book, table, rows)


def csv_cell(value: SheetCell) -> str:
    """`value` as a cell of our CSV files: no formula, and a decimal comma."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guard(value)
    return f"{Decimal(str(value)):f}".replace(".", ",") if isinstance(value, float) else str(value)


def packed_value(record: Base, column: Column, known: Mapping[str, set[str]], is_secret: bool) -> object:
    """What stands of `record` in `column`: of a secret location nothing finer than its municipality.

    `known` has the identifiers that lists may refer to, by the name of their table.
    """
    if is_secret:
        if column.name == "address_confidential":
            return True
        if column.name not in _SHOWN_OF_SECRET:
            return None
    if isinstance(record, Contract) and column.name == "municipalities" and record.whole_region:
        return [WHOLE_REGION]
    special = _ELSEWHERE.get(column.name)
    if column.kind is Kind.IDENTIFIER:
        return record.identifier  # type: ignore[attr-defined]
    if special is None:
        return getattr(record, column.name)
    value = special(record)
    if column.refers_to and isinstance(value, list):
        return [identifier for identifier in value if identifier in known[column.refers_to]]
    return value


_ELSEWHERE: Mapping[str, Callable[..., object]] = {
    "provider_id": lambda record: record.provider.identifier,
    "provider_ids": lambda record: [provider.identifier for provider in record.providers],
    "location_ids": lambda record: list(record.location_identifiers),
}
"""Columns whose value the models keep under another name."""


def _cell(value: object, column: Column, code_lists: CodeLists) -> SheetCell:
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case StrEnum():
            return value.value
        case list():
            return SEPARATOR.join(str(_cell(item, column, code_lists)) for item in value)
        case str() if column.kind in {Kind.MUNICIPALITY, Kind.MUNICIPALITIES}:
            return municipality_cell(value, code_lists)
        case str() | int() | float() | date():
            return value
    raise TypeError(f"{column.name}: {value!r} has no place in a data package")


def municipality_cell(code: str, code_lists: CodeLists) -> str:
    """The name of the municipality, or its code where the name alone would not lead back to it."""
    municipality = code_lists.municipalities.get(code)
    if municipality is None:
        return code
    found = code_lists.municipality(municipality.name)
    return municipality.name if found is municipality else code
