"""What is public of a region as an Open Referral HSDS 3.0 package.

HSDS wants UUIDs: an identifier that is none becomes one, always the same. Of a secret location only
its kind and municipality are written.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Contract, Location, Offer, Provider
from portal.catalogue.types import Form, Framework, Gender, LocationKind, OfferAccess, Setting
from portal.core.formulas import guard
from portal.exchange import hsds
from portal.exchange.destination import new_folder
from portal.exchange.labels import choice_labels
from portal.exchange.queries import RegionCatalogue

_LANGUAGE = "nl"
"""Of the labels in the package: its texts are Dutch too."""

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class HsdsPackage:
    """The tables of an HSDS package, ready to be written."""

    title: str
    tables: Mapping[str, Sequence[Row]]

    @property
    def counts(self) -> dict[str, int]:
        """Table name to number of rows."""
        return {name: len(rows) for name, rows in self.tables.items()}


def hsds_package(catalogue: RegionCatalogue, code_lists: CodeLists, today: date) -> HsdsPackage:
    """`catalogue` in the tables of HSDS 3.0; a service is for the municipalities where it is contracted `today`."""
    writer = _Writer(catalogue, code_lists, today)
    for provider in catalogue.providers:
        writer.organization(provider)
    for location in catalogue.locations:
        writer.location(location)
    for offer in catalogue.offers:
        writer.service(offer)
    return HsdsPackage(f"{catalogue.region.name}: {hsds.PROFILE}", writer.tables)


def namespace(region_name: str) -> UUID:
    """Within which the UUIDs of a region's rows are made."""
    return uuid5(NAMESPACE_URL, f"jeugdhulp:{region_name}")


def row_id(within: UUID, table: str, identifier: str) -> str:
    """The UUID of what the sender calls `identifier`; one that is a UUID stays."""
    try:
        return str(UUID(identifier))
    except ValueError:
        return child_id(within, table, identifier)


def child_id(within: UUID, table: str, key: str) -> str:
    """The UUID of a row that has no identifier of its own at the sender's."""
    return str(uuid5(within, f"{table}/{key}"))


def place_key(offer: str, location: str) -> str:
    """The key of the row that says that an offer is given at a location, both by identifier."""
    return f"{offer}/{location}"


def write_hsds(package: HsdsPackage, path: Path) -> None:
    """Write `package` to `path`: one zip where it ends in `.zip`, else a folder, with `datapackage.json`.

    Raises CannotWriteError where `path` cannot be used.
    """
    with new_folder(path) as folder:
        for name, rows in package.tables.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                fields = hsds.TABLES[name].fields
                writer.writerow(fields)
                writer.writerows([_cell(row.get(field)) for field in fields] for row in rows)
        description = json.dumps(datapackage(package.title), ensure_ascii=False, indent=2)
        (folder / "datapackage.json").write_text(description + "\n", encoding="utf-8")


def datapackage(title: str) -> dict[str, object]:
    """The description of the package: a tabular data package (https://specs.frictionlessdata.io)."""
    return {
        "name": "human_services_data",
        "title": title,
        "profile": "tabular-data-package",
        "conforms_to": hsds.PROFILE,
        "version": hsds.VERSION,
        "homepage": "https://docs.openreferral.org",
        "resources": [_resource(table) for table in hsds.TABLES.values()],
    }


def _resource(table: hsds.HsdsTable) -> dict[str, object]:
    return {
        "name": table.resource,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "primaryKey": "id",
            "fields": [
                {
                    "name": name,
                    "type": FIELD_TYPES.get(name, "string"),
                    "constraints": {"required": name in table.required, "unique": name == "id"},
                }
                for name in table.fields
            ],
            "foreignKeys": [
                {"fields": name, "reference": {"resource": hsds.TABLES[target].resource, "fields": "id"}}
                for name, target in table.refers_to.items()
            ],
        },
    }


FIELD_TYPES = {
    "minimum_age": "number", "maximum_age": "number", "latitude": "number", "longitude": "number",
    "amount": "number", "assured_date": "date",
}  # fmt: skip


def _cell(value: object) -> str:
    return guard(value) if isinstance(value, str) else "" if value is None else str(value)


@dataclass
class _Writer:
    """Gathers the rows of all tables."""

    catalogue: RegionCatalogue
    code_lists: CodeLists
    today: date
    tables: dict[str, list[Row]] = field(init=False)
    _terms: dict[tuple[str, str], str] = field(default_factory=dict)
    _choice_labels: dict[type[StrEnum], Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tables = {name: [] for name in hsds.TABLES}
        self._namespace = namespace(self.catalogue.region.name)
        self._places = {place.identifier: place for place in self.catalogue.locations}
        self._contracts: dict[tuple[int, str], list[Contract]] = {}
        for contract in self.catalogue.contracts:
            if contract.start_date <= self.today <= (contract.end_date or date.max):
                self._contracts.setdefault((contract.provider_id, contract.arrangement), []).append(contract)
        region = self.catalogue.region
        members = self.code_lists.municipalities_of(region.youth_region) if region.youth_region else ()
        # Not the bare name: some regions are called like one of their municipalities.
        self._whole_region = f"Jeugdregio {region.name}", ", ".join(member.name for member in members)

    def organization(self, provider: Provider) -> None:
        """Write a provider with its identifiers and telephone number."""
        own = self._id(hsds.ORGANIZATIONS, provider.identifier)
        self._add(
            hsds.ORGANIZATIONS,
            id=own,
            name=provider.name,
            description=_paragraphs(provider.summary, provider.about) or provider.name,
            email=provider.email,
            website=provider.website,
        )
        for scheme, kind, number in (
            ("NL-KVK", "KvK-nummer", provider.kvk_number),
            ("NL-AGB", "AGB-code", provider.agb_code),
        ):
            if number:
                self._child(
                    "organization_identifiers", f"{provider.identifier}/{scheme}",
                    organization_id=own, identifier_scheme=scheme, identifier_type=kind, identifier=number,
                )  # fmt: skip
        if provider.phone:
            self._child("phones", provider.identifier, organization_id=own, number=provider.phone, type="voice")

    def location(self, location: Location) -> None:
        """Write a location; of a secret one no name, address or point."""
        own = self._id(hsds.LOCATIONS, location.identifier)
        is_open = not self.catalogue.is_secret(location)
        self._add(
            hsds.LOCATIONS,
            id=own,
            location_type="physical",
            organization_id=self._id(hsds.ORGANIZATIONS, location.provider.identifier),
            name=location.name if is_open else None,
            latitude=location.latitude if is_open else None,
            longitude=location.longitude if is_open else None,
        )
        self._attribute(own, "location", hsds.LOCATION_KIND, location.kind, self._labels(LocationKind)[location.kind])
        if location.municipality:
            name = self._name_of(location.municipality)
            self._attribute(own, "location", hsds.MUNICIPALITY, location.municipality, name)
        if not is_open:
            self._attribute(own, "location", hsds.ADDRESS, hsds.CONFIDENTIAL, "Adres niet openbaar")
        elif location.city and location.postcode and location.street:
            municipality = self.code_lists.municipalities.get(location.municipality or "")
            self._child(
                "addresses",
                location.identifier,
                location_id=own,
                address_1=" ".join(part for part in (location.street, location.house_number) if part),
                city=location.city,
                region=municipality.name if municipality else None,
                state_province=municipality.province if municipality else "",
                postal_code=location.postcode,
                country="NL" if municipality else "",
                address_type="physical",
            )

    def service(self, offer: Offer) -> None:
        """Write an offer with its places, languages, municipalities, costs and terms."""
        own = self._id(hsds.SERVICES, offer.identifier)
        methods = f"Methoden: {', '.join(offer.methods)}." if offer.methods else None
        self._add(
            hsds.SERVICES,
            id=own,
            organization_id=self._id(hsds.ORGANIZATIONS, offer.provider.identifier),
            name=offer.name,
            description=_paragraphs(offer.description, offer.approach, methods),
            status="active" if offer.accepting_clients else "temporarily closed",
            wait_time=_waiting(offer),
            eligibility_description=offer.not_suitable_for,
            minimum_age=offer.age_min,
            maximum_age=offer.age_max,
            assured_date=offer.checked_on,
        )
        for place in offer.location_identifiers:
            if place in self._places:
                self._child(
                    hsds.SERVICE_AT_LOCATION, place_key(offer.identifier, place),
                    service_id=own, location_id=self._id(hsds.LOCATIONS, place),
                )  # fmt: skip
        for language in offer.provider.languages:
            name = self.code_lists.label("languages", language, _LANGUAGE).label
            self._child("languages", f"{offer.identifier}/{language}", service_id=own, name=name, code=language)
        for name, extent in self._areas_of(offer):
            self._child(
                "service_areas", f"{offer.identifier}/{name}",
                service_id=own, name=name, extent=extent, extent_type="text",
            )  # fmt: skip
        self._child("cost_options", offer.identifier, service_id=own, currency="EUR", amount=0)
        self._terms_of(offer, own)

    def _terms_of(self, offer: Offer, own: str) -> None:
        if offer.arrangement:
            label = self.code_lists.label("arrangements", offer.arrangement, _LANGUAGE)
            self._attribute(own, "service", hsds.ARRANGEMENT, offer.arrangement, label.label, label.explanation)
        for topic in dict.fromkeys(self.code_lists.topic(word) or word for word in offer.topics):
            label = self.code_lists.label("topics", topic, _LANGUAGE)
            self._attribute(own, "service", hsds.TOPIC, topic, label.label, label.explanation)
        for taxonomy, kind, values in (
            (hsds.SETTING, Setting, offer.settings),
            (hsds.FRAMEWORK, Framework, [offer.framework]),
            (hsds.ACCESS, OfferAccess, [offer.access]),
            (hsds.FORM, Form, [offer.form] if offer.form else []),
            (hsds.GENDER, Gender, [offer.gender] if offer.gender is not Gender.ALL else []),
        ):
            for value in values:
                self._attribute(own, "service", taxonomy, value, self._labels(kind)[value])

    def _areas_of(self, offer: Offer) -> list[tuple[str, str]]:
        """Name and extent of where it is offered: municipalities, or the region; none where nobody told."""
        contracts = self._contracts.get((offer.provider_id, offer.arrangement or ""), [])
        codes = offer.municipalities or sorted({code for contract in contracts for code in contract.municipalities})
        is_everywhere = offer.access is OfferAccess.FREE or any(contract.whole_region for contract in contracts)
        if is_everywhere and not offer.municipalities:
            return [self._whole_region]
        return [(self._name_of(code), code) for code in codes]

    def _name_of(self, municipality: str) -> str:
        known = self.code_lists.municipalities.get(municipality)
        return known.name if known else municipality

    def _attribute(self, link: str, entity: str, taxonomy: str, code: str, name: str, explanation: str = "") -> None:
        term = self._term(taxonomy, code, name, explanation)
        self._child(
            "attributes", f"{link}/{term}",
            link_id=link, taxonomy_term_id=term, link_type=taxonomy, link_entity=entity,
        )  # fmt: skip

    def _term(self, taxonomy: str, code: str, name: str, explanation: str) -> str:
        """The id of a term of ours; the term and its taxonomy are written when first used."""
        if (taxonomy, code) not in self._terms:
            taxonomy_id = self._id("taxonomies", taxonomy)
            if not any(row["id"] == taxonomy_id for row in self.tables["taxonomies"]):
                description = hsds.OWN_TAXONOMIES[taxonomy]
                self._add("taxonomies", id=taxonomy_id, name=taxonomy, description=description)
            self._terms[taxonomy, code] = self._child(
                "taxonomy_terms", f"{taxonomy}/{code}",
                code=code, name=name, description=explanation or name, taxonomy=taxonomy,
                language=_LANGUAGE, taxonomy_id=taxonomy_id,
            )  # fmt: skip
        return self._terms[taxonomy, code]

    def _labels(self, kind: type[StrEnum]) -> Mapping[str, str]:
        if kind not in self._choice_labels:
            self._choice_labels[kind] = choice_labels(kind, self.code_lists, _LANGUAGE)
        return self._choice_labels[kind]

    def _id(self, table: str, identifier: str) -> str:
        return row_id(self._namespace, table, identifier)

    def _child(self, table: str, key: str, /, **values: object) -> str:
        """Write a row that has no identifier of its own at the sender's; returns its id."""
        own = child_id(self._namespace, table, key)
        self._add(table, id=own, **values)
        return own

    def _add(self, table: str, **values: object) -> None:
        self.tables[table].append(values)


def _paragraphs(*parts: str | None) -> str:
    return "\n\n".join(part for part in parts if part)


def _waiting(offer: Offer) -> str | None:
    """The waiting time in Dutch; HSDS 3 has no figures for it."""
    weeks = [
        f"{what}: {number} {'week' if number == 1 else 'weken'}"
        for what, number in (
            ("tot de kennismaking", offer.waiting_weeks_intake),
            ("tot de start van de hulp", offer.waiting_weeks_start),
        )
        if number is not None
    ]
    if not weeks:
        return None
    reported = f" (gemeld op {offer.waiting_reported_on:%Y-%m-%d})" if offer.waiting_reported_on else ""
    return f"Wachttijd {', '.join(weeks)}{reported}"
