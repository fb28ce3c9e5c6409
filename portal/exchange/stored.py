"""What a region has already, read from the database in the words of the data package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Select, Table, select
from sqlalchemy.orm import Session

from portal.catalogue.models import (
    AccessPoint,
    Consortium,
    ConsortiumMember,
    Contract,
    Location,
    Method,
    Offer,
    Provider,
)
from portal.core.database import Base
from portal.exchange.columns import TABLES, WHOLE_REGION
from portal.exchange.delivery import Key, Values, key_of
from portal.outcomes.models import Measurement

MODELS: Mapping[str, type[Base]] = {
    "providers": Provider,
    "consortia": Consortium,
    "access_points": AccessPoint,
    "locations": Location,
    "offers": Offer,
    "contracts": Contract,
    "methods": Method,
    "outcomes": Measurement,
}
_MORE = ("slug", "successor_id", "desk_texts", "waiting_origin", "import_run_id", "import_row")
REFERS_TO_PROVIDER = frozenset({"locations", "offers", "contracts", "outcomes"})


@dataclass(slots=True)
class StoredRow:
    """A row that the database has: its id, its values by column name, and what else decides about it."""

    id: int
    values: Values
    more: Mapping[str, object] = field(default_factory=dict)
    """Values that no package delivers (`_MORE`)."""


def attribute(table: str, column: str) -> str:
    """The model's name for a column of the package."""
    if column == TABLES[table].key[0] and len(TABLES[table].key) == 1 and table != "methods":
        return "identifier"
    return "location_identifiers" if column == "location_ids" else column


def sql_table(name: str) -> Table:
    """The database table of a table of the package."""
    return as_sql_table(MODELS[name])


def as_sql_table(model: type[Base]) -> Table:
    """The database table of `model`."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - a model maps one table
    return table


class Stored:
    """The rows of one region, each table read at most once. A region that does not exist yet has none."""

    def __init__(self, session: Session, region_id: int | None) -> None:
        self._session = session
        self._region_id = region_id
        self._tables: dict[str, dict[Key, StoredRow]] = {}

    def rows(self, name: str) -> Mapping[Key, StoredRow]:
        """The rows of the package's table `name` by their key."""
        if name not in self._tables:
            self._tables[name] = self._read(name) if self._region_id is not None else {}
        return self._tables[name]

    def _read(self, name: str) -> dict[Key, StoredRow]:
        table = TABLES[name]
        provider_of = {}
        if name in REFERS_TO_PROVIDER:
            provider_of = {row.id: str(key[0]) for key, row in self.rows("providers").items()}
        members = self._members() if name == "consortia" else {}
        names = [column.name for column in table.columns]
        pairs = [(column, attribute(name, column)) for column in names if column != "provider_ids"]
        rows: dict[Key, StoredRow] = {}
        for found in self._session.execute(self._select(name)).mappings():
            values: Values = {column: found[key] for column, key in pairs}
            if provider_of:
                values["provider_id"] = provider_of[found["provider_id"]]
            if name == "contracts" and found["whole_region"]:
                values["municipalities"] = [WHOLE_REGION]
            if name == "consortia":
                values["provider_ids"] = members.get(found["id"], [])
            more = {key: found[key] for key in _MORE if key in found}
            rows[key_of(table, values)] = StoredRow(found["id"], values, more)
        return rows

    def _select(self, name: str) -> Select[tuple[object, ...]]:
        table = sql_table(name)
        if name != "outcomes":
            return select(table).where(table.c.region_id == self._region_id)
        providers = sql_table("providers")
        return select(table).join(providers, providers.c.id == table.c.provider_id).where(
            providers.c.region_id == self._region_id
        )  # fmt: skip

    def _members(self) -> dict[int, list[str]]:
        identifiers = {row.id: str(key[0]) for key, row in self.rows("providers").items()}
        members: dict[int, list[str]] = {}
        for consortium, provider in self._session.execute(
            select(ConsortiumMember.consortium_id, ConsortiumMember.provider_id)
            .join(Consortium, Consortium.id == ConsortiumMember.consortium_id)
            .where(Consortium.region_id == self._region_id)
        ):
            members.setdefault(consortium, []).append(identifiers[provider])
        return {consortium: sorted(names) for consortium, names in members.items()}
