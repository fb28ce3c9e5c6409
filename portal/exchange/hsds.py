"""Open Referral HSDS 3.0 as tables: what we write and read of it, and the words that are ours in it.

Names of tables and fields are those of the specification (https://docs.openreferral.org, version 3.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from portal.exchange.columns import TABLES as OWN_TABLES

PROFILE = "Open Referral HSDS 3.0"
VERSION = "3.0.0"
API_VERSION = "3.0"

ORGANIZATIONS, SERVICES, LOCATIONS = "organizations", "services", "locations"
SERVICE_AT_LOCATION = "service_at_location"


@dataclass(frozen=True, slots=True)
class HsdsTable:
    """One CSV file of an HSDS package."""

    name: str
    """Of the file, without `.csv`."""
    resource: str
    """What the specification calls one row."""
    fields: tuple[str, ...]
    required: frozenset[str] = frozenset()
    refers_to: Mapping[str, str] = field(default_factory=dict)
    """Field name to the table whose `id` it holds."""


def _table(
    name: str, resource: str, fields: str, required: str, refers_to: Mapping[str, str] | None = None
) -> HsdsTable:
    return HsdsTable(name, resource, tuple(fields.split()), frozenset(required.split()), refers_to or {})


TABLES: Mapping[str, HsdsTable] = {
    table.name: table
    for table in (
        _table(ORGANIZATIONS, "organization", "id name alternate_name description email website",
               "id name description"),
        _table("organization_identifiers", "organization_identifier",
               "id organization_id identifier_scheme identifier_type identifier",
               "id organization_id identifier_type identifier", {"organization_id": ORGANIZATIONS}),
        _table(SERVICES, "service",
               "id organization_id name description status wait_time eligibility_description minimum_age "
               "maximum_age assured_date",
               "id organization_id name status", {"organization_id": ORGANIZATIONS}),
        _table(LOCATIONS, "location", "id location_type organization_id name latitude longitude",
               "id location_type", {"organization_id": ORGANIZATIONS}),
        _table("addresses", "address",
               "id location_id address_1 address_2 city region state_province postal_code country address_type",
               "id address_1 city state_province postal_code country address_type",
               {"location_id": LOCATIONS}),
        _table(SERVICE_AT_LOCATION, "service_at_location", "id service_id location_id",
               "id service_id location_id", {"service_id": SERVICES, "location_id": LOCATIONS}),
        _table("phones", "phone", "id organization_id number type", "id number",
               {"organization_id": ORGANIZATIONS}),
        _table("languages", "language", "id service_id name code", "id name code",
               {"service_id": SERVICES}),
        _table("service_areas", "service_area", "id service_id name extent extent_type", "id service_id",
               {"service_id": SERVICES}),
        _table("cost_options", "cost_option", "id service_id currency amount",
               "id service_id", {"service_id": SERVICES}),
        _table("taxonomies", "taxonomy", "id name description", "id name description"),
        _table("taxonomy_terms", "taxonomy_term", "id code name description taxonomy language taxonomy_id",
               "id name description", {"taxonomy_id": "taxonomies"}),
        _table("attributes", "attribute", "id link_id taxonomy_term_id link_type link_entity",
               "id link_id taxonomy_term_id link_type link_entity", {"taxonomy_term_id": "taxonomy_terms"}),
    )
}  # fmt: skip
"""What we write, in the order of the specification."""

OTHER_TABLES = frozenset(
    {"accessibility", "contacts", "funding", "metadata", "meta_table_descriptions", "programs",
     "required_documents", "schedules", "service_capacities", "units", "urls"}
)  # fmt: skip
"""Tables of the specification for which our catalogue has no place."""

ARRANGEMENT, TOPIC, MUNICIPALITY = "jeugdhulp:arrangement", "jeugdhulp:topic", "jeugdhulp:municipality"
SETTING, FRAMEWORK, ACCESS, FORM, GENDER = (
    "jeugdhulp:setting", "jeugdhulp:framework", "jeugdhulp:access", "jeugdhulp:form", "jeugdhulp:gender",
)  # fmt: skip
LOCATION_KIND, ADDRESS = "jeugdhulp:location_kind", "jeugdhulp:address"
CONFIDENTIAL = "confidential"
OWN_TAXONOMIES: Mapping[str, str] = {
    ARRANGEMENT: "Arrangementen: de vormen van jeugdhulp die een regio contracteert",
    TOPIC: "Onderwerpen: waar de hulp over gaat",
    MUNICIPALITY: "Gemeenten met hun CBS-code",
    SETTING: "Waar de hulp is",
    FRAMEWORK: "Vrijwillige of gedwongen hulp",
    ACCESS: "Met verwijzing of vrij toegankelijk",
    FORM: "Alleen of in een groep",
    GENDER: "Voor wie de hulp is",
    LOCATION_KIND: "Soort plek",
    ADDRESS: "Of het adres openbaar is",
}
"""Our own taxonomies by name; what HSDS has no field for travels as an attribute with a term of one of them."""


ALIASES: Mapping[str, str] = {table.resource: table.name for table in TABLES.values()} | {
    "service_at_locations": "service_at_location",
    "addresss": "addresses",  # as the specification's own data package spells it
    "schedule": "schedules",
}
"""Other names under which a table is delivered."""


def is_hsds(table_names: Iterable[str]) -> bool:
    """Whether a package with these tables is one of HSDS rather than our own."""
    names = {ALIASES.get(name, name) for name in table_names}
    return bool(names & {ORGANIZATIONS, SERVICES}) and not names & (OWN_TABLES.keys() - {LOCATIONS})
