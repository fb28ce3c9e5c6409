"""A data package as it was understood: typed rows, in the package's own words, ready to be stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.core.text import fold
from portal.exchange.columns import TABLES, Table

Key = tuple[object, ...]
Values = dict[str, object]
"""By column name; references by the identifier of the sender, `municipalities` by CBS code."""

ADDRESS_COLUMNS = ("name", "street", "house_number", "postcode", "city", "latitude", "longitude")
"""What is not stored of a confidential location."""
HIDDEN_ADDRESS = "•••"
"""Stands in a report for an address that is confidential, or may be."""


@dataclass(slots=True)
class Row:
    """One row: its number in the file and the values of the columns that were delivered."""

    number: int
    values: Values
    emptied: frozenset[str] = frozenset()
    """The columns of our own package in which this row has an empty cell."""


@dataclass(slots=True)
class DeliveredTable:
    """The rows of one table that hold no error."""

    table: Table
    columns: frozenset[str]
    header_row: int | None = None
    rows: dict[Key, Row] = field(default_factory=dict)
    faulty: dict[Key, Row] = field(default_factory=dict)
    """Rows that do hold one, as far as they could be read; they exist, so that what refers to them is not blamed."""

    @property
    def read(self) -> Iterable[Row]:
        """Every row, as far as it could be read."""
        return (*self.rows.values(), *self.faulty.values())

    def __contains__(self, key: Key) -> bool:
        return key in self.rows or key in self.faulty


@dataclass(slots=True)
class Delivery:
    """All tables that a package mentions, by name."""

    tables: dict[str, DeliveredTable] = field(default_factory=dict)
    addresses_left_out: int = 0

    def mentions(self, table: str, identifier: object) -> bool:
        """Whether the package itself holds this row."""
        return table in self.tables and (identifier,) in self.tables[table]


def delivered(name: str, columns: Iterable[str]) -> DeliveredTable:
    """An empty table of this name, with the columns that the package has of it."""
    return DeliveredTable(TABLES[name], frozenset(columns))


def key_of(table: Table, values: Values) -> Key:
    """What tells this row apart from the others of its table; methods by name, however it is written."""
    if table.name == "methods":
        return (fold(str(values["name"])),)
    return tuple(values[name] if name in values else table.by_name[name].empty for name in table.key)
