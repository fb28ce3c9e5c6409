"""The catalogue as the HSDS 3 API tells it (https://docs.openreferral.org/en/3.0/hsds/api_reference.html).

The rows are those of the HSDS package (`portal.exchange.hsds_export`), made for the page that is asked. What is nested
in what stands in `Shape`: the objects and their schemas are made from the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy.orm import Session

from portal.catalogue.codelists import CodeLists
from portal.exchange import hsds
from portal.exchange.api.schemas import Described, Record, Schema
from portal.exchange.hsds_export import FIELD_TYPES, child_id, hsds_package, namespace, place_key, row_id
from portal.exchange.queries import catalogue_for_everybody, identifiers, regions


@dataclass(frozen=True)
class Shape:
    """An object of HSDS: the fields of its table, the objects that it belongs to, and the lists that it holds."""

    table: str
    belongs_to: Mapping[str, tuple[str, Shape]]
    """Name to the field with the id of the other, and its shape."""
    holds: Mapping[str, tuple[str, Shape]]
    """Name to the field of the others that has this id, and their shape."""

    def schema(self) -> Schema:
        """Its JSON Schema."""
        table = hsds.TABLES[self.table]
        properties = {field: _field_schema(field) for field in table.fields}
        properties |= {name: shape.schema() for name, (_, shape) in self.belongs_to.items()}
        properties |= {name: {"type": "array", "items": shape.schema()} for name, (_, shape) in self.holds.items()}
        required = [field for field in table.fields if field in table.required]
        return {"type": "object", "properties": properties, "required": [*required, *self.belongs_to, *self.holds]}


def _field_schema(field: str) -> Schema:
    kind = FIELD_TYPES.get(field, "string")
    if kind == "date":
        return {"type": "string", "format": "date"}
    return {"type": kind, "format": "uuid"} if field == "id" or field.endswith("_id") else {"type": kind}


def _basic(table: str) -> Shape:
    return Shape(table, {}, {})


_TERM = Shape("taxonomy_terms", {"taxonomy_detail": ("taxonomy_id", _basic("taxonomies"))}, {})
_ATTRIBUTES = ("link_id", Shape("attributes", {"taxonomy_term": ("taxonomy_term_id", _TERM)}, {}))
_PLACE = Shape(
    hsds.LOCATIONS, {}, {"addresses": ("location_id", _basic("addresses")), "attributes": _ATTRIBUTES}
)  # fmt: skip
_OF_SERVICE = {
    "languages": ("service_id", _basic("languages")),
    "service_areas": ("service_id", _basic("service_areas")),
    "cost_options": ("service_id", _basic("cost_options")),
    "attributes": _ATTRIBUTES,
}
SERVICE_BRIEF = Shape(hsds.SERVICES, {"organization": ("organization_id", _basic(hsds.ORGANIZATIONS))}, {})
SERVICE = Shape(
    hsds.SERVICES,
    SERVICE_BRIEF.belongs_to,
    {
        "service_at_locations": (
            "service_id", Shape(hsds.SERVICE_AT_LOCATION, {"location": ("location_id", _PLACE)}, {}),
        ),
        **_OF_SERVICE,
    },
)  # fmt: skip
ORGANIZATION_BRIEF = _basic(hsds.ORGANIZATIONS)
ORGANIZATION = Shape(
    hsds.ORGANIZATIONS,
    {},
    {
        "organization_identifiers": ("organization_id", _basic("organization_identifiers")),
        "phones": ("organization_id", _basic("phones")),
        "locations": ("organization_id", _PLACE),
        "services": ("organization_id", _basic(hsds.SERVICES)),
    },
)
AT_LOCATION_BRIEF = Shape(
    hsds.SERVICE_AT_LOCATION,
    {"service": ("service_id", SERVICE_BRIEF), "location": ("location_id", _basic(hsds.LOCATIONS))},
    {},
)
AT_LOCATION = Shape(
    hsds.SERVICE_AT_LOCATION,
    {
        "service": ("service_id", Shape(hsds.SERVICES, SERVICE_BRIEF.belongs_to, _OF_SERVICE)),
        "location": ("location_id", _PLACE),
    },
    {},
)


def _page_of(name: str, shape: Shape, full: Shape) -> Described:
    numbers = ("total_items", "total_pages", "page_number", "size")
    flags = ("first_page", "last_page", "empty")
    properties: dict[str, Schema] = {number: {"type": "integer"} for number in numbers}
    properties |= {flag: {"type": "boolean"} for flag in flags}
    items = {"anyOf": [full.schema(), shape.schema()]} if full is not shape else shape.schema()
    properties["contents"] = {"type": "array", "items": items}
    return Described(name, {"type": "object", "properties": properties, "required": list(properties)})


Organization = Annotated[Record, Described("HsdsOrganization", ORGANIZATION.schema())]
Organizations = Annotated[Record, _page_of("HsdsOrganizations", ORGANIZATION_BRIEF, ORGANIZATION)]
Service = Annotated[Record, Described("HsdsService", SERVICE.schema())]
Services = Annotated[Record, _page_of("HsdsServices", SERVICE_BRIEF, SERVICE)]
ServiceAtLocation = Annotated[Record, Described("HsdsServiceAtLocation", AT_LOCATION.schema())]
ServicesAtLocations = Annotated[Record, _page_of("HsdsServicesAtLocations", AT_LOCATION_BRIEF, AT_LOCATION)]


@dataclass(frozen=True)
class Directory:
    """Which rows there are on a day, by table and UUID: the provider (primary key) to whose record each belongs."""

    rows: Mapping[str, Mapping[str, int]]

    @classmethod
    def read(cls, session: Session, today: date) -> Directory:
        """The rows of all regions, in the order of their identifiers."""
        rows: dict[str, dict[str, int]] = {
            hsds.ORGANIZATIONS: {}, hsds.SERVICES: {}, hsds.SERVICE_AT_LOCATION: {},
        }  # fmt: skip
        for found in identifiers(session, today):
            within = namespace(found.region_name)
            for identifier, owner in found.providers.items():
                rows[hsds.ORGANIZATIONS][row_id(within, hsds.ORGANIZATIONS, identifier)] = owner
            for identifier, (owner, places) in found.offers.items():
                rows[hsds.SERVICES][row_id(within, hsds.SERVICES, identifier)] = owner
                for place in dict.fromkeys(places):
                    if place in found.locations:
                        own = child_id(within, hsds.SERVICE_AT_LOCATION, place_key(identifier, place))
                        rows[hsds.SERVICE_AT_LOCATION][own] = owner
        return cls(rows)

    def ids(self, table: str, organization: str | None = None) -> list[str]:
        """The ids of the rows of `table`: all, or those that belong to the organization with this id."""
        if organization is None:
            return list(self.rows[table])
        owner = self.rows[hsds.ORGANIZATIONS].get(organization)
        return [own for own, of in self.rows[table].items() if of == owner]

    def objects(
        self, session: Session, code_lists: CodeLists, today: date, shape: Shape, ids: Sequence[str]
    ) -> list[Record]:
        """The rows with these ids as objects of `shape`, in the order of `ids`."""
        owners, wanted = {self.rows[shape.table][own] for own in ids}, set(ids)
        made: dict[str, Record] = {}
        for region in regions(session) if ids else ():
            tables = hsds_package(catalogue_for_everybody(session, region, today, owners), code_lists, today).tables
            nested = _Nested(tables)
            made |= {str(row["id"]): nested.made(shape, row) for row in tables[shape.table] if row["id"] in wanted}
        return [made[own] for own in ids if own in made]


def envelope(contents: Sequence[Record], total: int, number: int, size: int) -> Record:
    """A page as HSDS wants it."""
    pages = -(-total // size)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


class _Nested:
    """Rows of a package, found by their id and by the id that they refer to."""

    def __init__(self, tables: Mapping[str, Sequence[Record]]) -> None:
        self._by_id = {(table, row["id"]): row for table, rows in tables.items() for row in rows}
        self._tables = tables
        self._children: dict[tuple[str, str], dict[object, list[Record]]] = {}

    def made(self, shape: Shape, row: Record) -> Record:
        """`row` with all that `shape` nests in it; a field that has no value is left out, as HSDS wants."""
        known = hsds.TABLES[shape.table].fields
        own: dict[str, object] = {name: row[name] for name in known if row.get(name) is not None}
        for name, (field, other) in shape.belongs_to.items():
            own[name] = self.made(other, self._by_id[other.table, row[field]])
        for name, (field, other) in shape.holds.items():
            own[name] = [self.made(other, child) for child in self._held(other.table, field).get(row["id"], ())]
        return own

    def _held(self, table: str, field: str) -> Mapping[object, list[Record]]:
        if (table, field) not in self._children:
            found: dict[object, list[Record]] = defaultdict(list)
            for row in self._tables[table]:
                found[row.get(field)].append(row)
            self._children[table, field] = found
        return self._children[table, field]
