"""An Open Referral HSDS 3 package, understood as a delivery of our own tables.

A catalogue that others wrote must run. What would stop a package of our own is here a warning and the value
is left out; only what makes rows impossible to tell apart is an error. HSDS knows no contracts, and only
our own export says which arrangement a service is: other services have none ("contract unknown").
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from portal.catalogue.codelists import CodeLists
from portal.catalogue.types import Form, Framework, Gender, LocationKind, OfferAccess, Setting
from portal.core.messages import N_, Message
from portal.core.text import fold
from portal.exchange import hsds
from portal.exchange.checks import is_per_client, per_client_column
from portal.exchange.columns import LOCATIONS, OFFERS, PROVIDERS, SEPARATOR, Column, Table
from portal.exchange.delivery import ADDRESS_COLUMNS, DeliveredTable, Delivery, Row, Values, delivered
from portal.exchange.problems import Problems, Severity, error, note, warning
from portal.exchange.raw import Cell, RawTable, column_name
from portal.exchange.values import BSN, Around, Reader, holds_bsn, reader_for, tidy

_Choice = TypeVar("_Choice", bound=StrEnum)
_Default = TypeVar("_Default")

_READ = {
    hsds.ORGANIZATIONS: "id name description email website",
    "organization_identifiers": "organization_id identifier_scheme identifier_type identifier",
    hsds.SERVICES: "id organization_id name alternate_name description url email status interpretation_services "
    "application_process fees_description wait_time accreditations eligibility_description minimum_age "
    "maximum_age assured_date last_modified alert",
    hsds.LOCATIONS: "id location_type organization_id name latitude longitude",
    "addresses": "location_id address_1 address_2 city region postal_code country address_type",
    "service_at_location": "service_id location_id",
    "phones": "organization_id service_id location_id number",
    "languages": "service_id location_id name code",
    "service_areas": "service_id name extent",
    "cost_options": "service_id valid_to option currency amount amount_description",
    "schedules": "service_id description",
    "taxonomies": "id name",
    "taxonomy_terms": "id code name taxonomy taxonomy_id",
    "attributes": "link_id taxonomy_term_id",
}
"""What we read of each table; other fields and tables have no place in our catalogue."""

_IDENTIFIED = {hsds.ORGANIZATIONS: ("id", "name"), hsds.SERVICES: ("id", "name"), hsds.LOCATIONS: ("id",)}
"""Tables that become ours, with what none of their rows can do without."""

_OLDEST_CLIENT = 99
"""An upper age above this means that there is none."""

_CODED = re.compile(r"(^|_)id$|identifier|number|fax|postal|latitude|longitude|code|uri|url|tax")
"""Fields whose digits are codes and not text."""
_TAG = re.compile(r"<(/?[a-zA-Z][^<>]*)>")
_BREAKING_TAG = re.compile(r"<(?:br|/p|/div|/li|/h\d|/tr)\b[^<>]*>", re.IGNORECASE)
_STREET_AND_NUMBER = re.compile(r"(.*[^\W\d].*?)\s+(\d+\s?[\w/-]{0,6})")
_POSTCODE = re.compile(r"([1-9]\d{3})\s?([A-Za-z]{2})")


@dataclass(slots=True)
class _Record:
    """A row of the package."""

    table: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.cells.get(field, "")


def read_hsds(
    raw_tables: Iterable[RawTable],
    lists: CodeLists,
    today: date,
    problems: Problems,
    progress: Callable[[RawTable], None],
) -> Delivery:
    """The providers, locations and offers of an HSDS package; what is wrong or left out is added to `problems`.

    `progress` is called after each table. References inside the delivery are sound.
    """
    source = _Source(problems)
    for raw in raw_tables:
        source.load(raw)
        progress(raw)
    if hsds.ORGANIZATIONS not in source.records:
        problems.add(
            error(
                "hsds_no_organizations",
                N_("this HSDS package has no organizations.csv"),
                N_("add it; each service belongs to an organization"),
            ),
            hsds.ORGANIZATIONS,
        )
        return Delivery()
    return _Reading(source, lists, today, problems).delivery()


class _Source:
    """The tables of the package as they were delivered."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.records: dict[str, list[_Record]] = {}

    def rows(self, table: str) -> list[_Record]:
        """The rows of a table; none where it was not delivered."""
        return self.records.get(table, [])

    def load(self, raw: RawTable) -> None:
        """Read one table to its end; a table that we do not know is passed over with a warning."""
        name = hsds.ALIASES.get(raw.name, raw.name)
        self._refuse_per_client(raw)
        fields = _READ.get(name, "").split()
        if not fields:
            for _row in self._without_citizens(raw):
                pass
            if name not in hsds.OTHER_TABLES and name not in hsds.TABLES:
                self._problems.add(
                    warning(
                        "hsds_unknown_table",
                        N_("%(name)s is not part of HSDS 3 and was not read"),
                        N_("you need not do anything"),
                        name=raw.place,
                    ),
                    raw.place,
                )
            return
        header = [column_name(cell) for cell in raw.header]
        for missing in (field for field in _IDENTIFIED.get(name, ()) if field not in header):
            self._problems.add(
                error("column_missing", N_("column %(name)s is missing"), N_("add it; it must always be there"),
                      name=missing), name, raw.header_row, missing
            )  # fmt: skip
        places = {field: header.index(field) for field in fields if field in header}
        self.records[name] = [
            _Record(name, number, {field: _text(cells[i]) for field, i in places.items() if i < len(cells)})
            for number, cells in self._without_citizens(raw)
        ]
        expected = {"id", *fields, *(hsds.TABLES[name].fields if name in hsds.TABLES else ())}
        unread = sorted({cell for cell in raw.header if cell and column_name(cell) not in expected})
        if unread:
            self._problems.add(
                note("hsds_unread_columns", N_("the portal has no place for: %(columns)s"), columns=", ".join(unread)),
                name,
            )

    def _refuse_per_client(self, raw: RawTable) -> None:
        for header in raw.header:
            if is_per_client(header, OFFERS):
                place = "" if holds_bsn(header) else header
                self._problems.add(per_client_column(header), raw.name, raw.header_row, place)

    def _without_citizens(self, raw: RawTable) -> Iterator[tuple[int, Sequence[Cell]]]:
        """The rows; a text in which a citizen service number may stand is an error and never repeated."""
        texts = [(i, header) for i, header in enumerate(raw.header) if not _CODED.search(column_name(header))]
        for number, cells in raw.rows:
            for index, header in texts:
                cell = cells[index] if index < len(cells) else None
                if isinstance(cell, str | int) and holds_bsn(str(cell)):
                    self._problems.add(BSN, raw.name, number, "" if holds_bsn(header) else header)
            yield number, cells

    def identified(self, table: str) -> Iterator[_Record]:
        """The rows that have all they need and an id that no earlier row has; the others are errors."""
        seen: dict[str, int] = {}
        for record in self.rows(table):
            lacking = next((field for field in _IDENTIFIED[table] if not record[field]), None)
            if lacking is not None:
                self._problems.add(
                    error("hsds_empty", N_("this cell is empty"), N_("fill it in; HSDS requires it")),
                    table, record.number, lacking,
                )  # fmt: skip
                continue
            earlier = seen.setdefault(record["id"], record.number)
            if earlier != record.number:
                self._problems.add(
                    error("row_twice", N_("row %(earlier)s has the same %(key)s"), N_("keep one of the two"),
                          earlier=earlier, key="id"), table, record.number, "id", record["id"]
                )  # fmt: skip
                continue
            yield record


class _Reading:
    """Makes our rows of the package's."""

    def __init__(self, source: _Source, lists: CodeLists, today: date, problems: Problems) -> None:
        self._source = source
        self._lists = lists
        self._today = today
        self._problems = problems
        self._readers: dict[Column, Reader] = {}
        self._language_names = {
            fold(lists.label("languages", code, tongue).label): code
            for tongue in ("en", "nl")
            for code in lists.languages
        }
        self._organizations = {record["id"]: record for record in source.identified(hsds.ORGANIZATIONS)}
        self._services = {
            record["id"]: record
            for record in source.identified(hsds.SERVICES)
            if self._refers(record, "organization_id", self._organizations)
        }
        self._locations = {record["id"]: record for record in source.identified(hsds.LOCATIONS)}
        self._services_at: dict[str, list[str]] = defaultdict(list)
        """Location id to the services there."""
        for record in source.rows("service_at_location"):
            known = self._refers(record, "service_id", self._services) and self._refers(
                record, "location_id", self._locations
            )
            if known and record["service_id"] not in self._services_at[record["location_id"]]:
                self._services_at[record["location_id"]].append(record["service_id"])
        self._owners = {identifier: self._owners_of(record) for identifier, record in self._locations.items()}
        self._terms = self._terms_by_link()

    def delivery(self) -> Delivery:
        """Our tables."""
        tables = [
            (PROVIDERS, self._providers()),
            (LOCATIONS, self._places()),
            (OFFERS, self._offers()),
        ]
        return Delivery({table.name: self._delivered(table, rows) for table, rows in tables})

    def _delivered(self, table: Table, rows: list[tuple[_Record, Values]]) -> DeliveredTable:
        found = delivered(table.name, rows[0][1] if rows else ())
        for record, values in rows:
            found.rows[(values[table.key[0]],)] = Row(record.number, values)
        return found

    # --- organizations -> providers ---

    def _providers(self) -> list[tuple[_Record, Values]]:
        phones = self._first_by_provider("phones", "number")
        languages = self._languages()
        numbers = self._registered_numbers()
        emails = self._first_email_of_services()
        rows = []
        for identifier, record in self._organizations.items():
            summary, about = _summary_and_rest(record["description"])
            values: Values = {
                "provider_id": identifier,
                "name": self._cut(record, "name", PROVIDERS, "name"),
                "summary": summary,
                "about": about,
                "website": self._read(record, "website", PROVIDERS, "website"),
                "email": self._read(record, "email", PROVIDERS, "email") or emails.get(identifier),
            }
            # A table that the package does not have must not clear what another package brought.
            if "phones" in self._source.records:
                values["phone"] = phones.get(identifier)
            if "languages" in self._source.records:
                values["languages"] = languages.get(identifier, [])
            if "organization_identifiers" in self._source.records:
                values["kvk_number"] = numbers.get((identifier, "kvk"))
                values["agb_code"] = numbers.get((identifier, "agb"))
            rows.append((record, values))
        return rows

    def _registered_numbers(self) -> dict[tuple[str, str], str]:
        """(organization id, `kvk` or `agb`) to the number."""
        numbers: dict[tuple[str, str], str] = {}
        for record in self._source.rows("organization_identifiers"):
            if not self._refers(record, "organization_id", self._organizations):
                continue
            scheme = fold(f"{record['identifier_scheme']} {record['identifier_type']}")
            for name, column in (("kvk", "kvk_number"), ("agb", "agb_code")):
                if name in scheme:
                    number = self._read(record, "identifier", PROVIDERS, column)
                    if number:
                        numbers.setdefault((record["organization_id"], name), str(number))
        return numbers

    def _first_by_provider(self, table: str, field: str) -> dict[str, str]:
        """Organization id to its telephone number: its own first, else that of a service or place of it."""
        found: dict[str, str] = {}
        for link in ("organization_id", "service_id", "location_id"):
            for record in self._source.rows(table):
                for provider in self._providers_of(record, link):
                    if provider not in found:
                        number = self._read(record, field, PROVIDERS, "phone")
                        if number:
                            found[provider] = str(number)
        return found

    def _providers_of(self, record: _Record, link: str) -> list[str]:
        """The organizations to which a row belongs by one of its links; none for an empty or dangling link."""
        target = record[link]
        if link == "organization_id":
            return [target] if target in self._organizations else []
        services = [target] if link == "service_id" else self._services_at.get(target, [])
        found = [self._services[service]["organization_id"] for service in services if service in self._services]
        return list(dict.fromkeys(found))

    def _languages(self) -> dict[str, list[str]]:
        """Organization id to the languages of its services and places."""
        found: dict[str, list[str]] = defaultdict(list)
        for record in self._source.rows("languages"):
            named = self._language_names.get(fold(record["name"]))
            is_known = record["code"].lower() in self._lists.languages
            # A name is used where the code says nothing: HSDS allows codes of three letters, and none.
            codes = [named] if named and not is_known else self._read(record, "code", PROVIDERS, "languages")
            for link in ("service_id", "location_id"):
                for provider in self._providers_of(record, link):
                    found[provider] += [c for c in _strings(codes) if c not in found[provider]]
        return found

    def _first_email_of_services(self) -> dict[str, object]:
        found: dict[str, object] = {}
        for record in self._services.values():
            if record["email"] and record["organization_id"] not in found:
                found[record["organization_id"]] = self._read(record, "email", PROVIDERS, "email")
        return found

    # --- locations ---

    def _places(self) -> list[tuple[_Record, Values]]:
        """One row for each place and each organization that works there: our places belong to one provider."""
        addresses: dict[str, _Record] = {}
        for address in self._source.rows("addresses"):
            if self._refers(address, "location_id", self._locations):
                known = addresses.get(address["location_id"])
                if known is None or (address["address_type"] == "physical" != known["address_type"]):
                    addresses[address["location_id"]] = address
        rows = []
        for identifier, record in self._locations.items():
            if record["location_type"] not in {"", "physical"}:
                continue
            owners = self._owners[identifier]
            values = self._place(record, addresses.get(identifier)) if owners else {}
            for owner in owners:
                own = {"location_id": _place_identifier(identifier, owner, owners), "provider_id": owner}
                rows.append((record, {**own, **values}))
        return rows

    def _owners_of(self, record: _Record) -> list[str]:
        """The organizations of a place: the one that it names, and those whose services are there."""
        owners = dict.fromkeys(self._providers_of(record, "organization_id"))
        for service in self._services_at.get(record["id"], ()):
            owners[self._services[service]["organization_id"]] = None
        if record["organization_id"] and record["organization_id"] not in self._organizations and owners:
            self._warn_dangling(record, "organization_id", N_("the place went to the organization of its services"))
        elif not owners:
            self._warn_dangling(record, "organization_id", N_("the row was left out"))
        return list(owners)

    def _place(self, record: _Record, address: _Record | None) -> Values:
        terms = self._terms.get(record["id"], {})
        is_confidential = hsds.CONFIDENTIAL in terms.get(hsds.ADDRESS, ())
        values: Values = {
            "kind": _member(LocationKind, terms.get(hsds.LOCATION_KIND, ()), LocationKind.OTHER),
            "municipality": self._municipality(terms, address),
            "address_confidential": is_confidential,
        }
        if is_confidential:  # not even looked at, so that no warning can repeat it
            return values | dict.fromkeys(ADDRESS_COLUMNS)
        latitude, longitude = self._point(record)
        name = self._cut(record, "name", LOCATIONS, "name") or None
        return values | {"name": name, **self._address(address), "latitude": latitude, "longitude": longitude}

    def _point(self, record: _Record) -> tuple[float | None, float | None]:
        texts = record["latitude"], record["longitude"]
        if texts == ("", ""):
            return None, None
        try:
            latitude, longitude = (float(text.replace(",", ".")) for text in texts)
        except ValueError:
            latitude = longitude = 0.0
        if abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude or longitude):
            return latitude, longitude
        self._problems.add(
            warning("hsds_no_point", N_("these coordinates are no place on earth"),
                    N_("the coordinates were left out; correct them at the source")),
            record.table, record.number, "latitude", " / ".join(texts),
        )  # fmt: skip
        return None, None

    def _address(self, record: _Record | None) -> Values:
        if record is None:
            return dict.fromkeys(("street", "house_number", "postcode", "city"))
        street, number = ", ".join(text for text in (record["address_1"], record["address_2"]) if text), ""
        parts = _STREET_AND_NUMBER.fullmatch(street)
        if parts:
            street, number = parts[1], parts[2]
        dutch = _POSTCODE.fullmatch(record["postal_code"])
        postcode = f"{dutch[1]} {dutch[2].upper()}" if dutch else record["postal_code"]
        found = {"street": street, "house_number": number, "postcode": postcode, "city": record["city"]}
        return {name: text[: LOCATIONS.by_name[name].max_length] or None for name, text in found.items()}

    def _municipality(self, terms: Mapping[str, list[str]], address: _Record | None) -> str | None:
        """The CBS code: of our own term, or where the address names a Dutch municipality."""
        names = list(terms.get(hsds.MUNICIPALITY, ()))
        if address is not None and fold(address["country"]) in {"", "nl", "nld", "nederland", "netherlands"}:
            names += [address["region"], address["city"]]
        found = (self._lists.municipality(name) for name in names if name)
        return next((municipality.code for municipality in found if municipality), None)

    # --- services -> offers ---

    def _offers(self) -> list[tuple[_Record, Values]]:
        areas = self._areas()
        paragraphs = self._further_paragraphs()
        places: dict[str, list[str]] = defaultdict(list)
        online = set()
        for location, services in self._services_at.items():
            record = self._locations[location]
            for service in services:
                if record["location_type"] == "virtual":
                    online.add(service)
                elif record["location_type"] in {"", "physical"}:
                    owner = self._services[service]["organization_id"]
                    places[service].append(_place_identifier(location, owner, self._owners[location]))
        rows = []
        for identifier, record in self._services.items():
            terms = self._terms.get(identifier, {})
            lowest, highest = self._ages(record)
            settings = [code for code in terms.get(hsds.SETTING, ()) if code in set(Setting)]
            is_gone, gone_on = self._gone(record)
            values: Values = {
                "offer_id": identifier,
                "provider_id": record["organization_id"],
                "name": self._cut(record, "name", OFFERS, "name"),
                "arrangement": next(
                    (c for c in terms.get(hsds.ARRANGEMENT, ()) if c in self._lists.arrangements), None
                ),
                "description": self._description(record, paragraphs.get(identifier, [])),
                "topics": terms.get(hsds.TOPIC, []),
                "age_min": lowest,
                "age_max": highest,
                "settings": settings or ([Setting.ONLINE.value] if identifier in online else []),
                "framework": _member(Framework, terms.get(hsds.FRAMEWORK, ()), Framework.VOLUNTARY),
                "municipalities": areas.get(identifier, []),
                "location_ids": places.get(identifier, []),
                "access": _member(OfferAccess, terms.get(hsds.ACCESS, ()), OfferAccess.REFERRAL),
                "form": _member(Form, terms.get(hsds.FORM, ()), None),
                "gender": _member(Gender, terms.get(hsds.GENDER, ()), Gender.ALL),
                "withdrawn_on": gone_on,
                "accepting_clients": not is_gone and record["status"] != "temporarily closed",
                "checked_on": self._read(record, "assured_date", OFFERS, "checked_on"),
            }
            rows.append((record, values))
        return rows

    def _gone(self, record: _Record) -> tuple[bool, date | None]:
        """Whether the service has ended, and when; without a date it stays, but takes no clients."""
        status = fold(record["status"])
        if status in {"", "active", "temporarily closed"}:
            return False, None
        if status not in {"inactive", "defunct"}:
            self._problems.add(
                warning("hsds_status", N_("'%(value)s' is no status of HSDS"), N_("it was read as active"),
                        value=record["status"]), record.table, record.number, "status", record["status"]
            )  # fmt: skip
            return False, None
        for text in (record["last_modified"][:10], record["assured_date"][:10]):
            if re.fullmatch(r"[12]\d{3}-\d\d-\d\d", text):
                try:
                    return True, min(date.fromisoformat(text), self._today)
                except ValueError:
                    continue
        self._problems.add(
            warning("hsds_ended_undated", N_("this service has ended, but the package does not say when"),
                    N_("it is shown as taking no clients; give it a date in last_modified")),
            record.table, record.number, "status", record["status"],
        )  # fmt: skip
        return True, None

    def _ages(self, record: _Record) -> tuple[int | None, int | None]:
        lowest, highest = (self._age(record, field) for field in ("minimum_age", "maximum_age"))
        if highest is not None and highest > _OLDEST_CLIENT:
            highest = None
        if lowest is not None and highest is not None and lowest > highest:
            self._warn_left_out(record, "minimum_age", N_("the lowest age is above the highest"))
            return None, None
        return lowest, highest

    def _age(self, record: _Record, field: str) -> int | None:
        if not record[field]:
            return None
        found = re.fullmatch(r"(\d{1,3})(?:[.,]\d+)?", record[field])
        if not found:
            self._warn_left_out(record, field, N_("this is not an age"))
            return None
        return int(found[1])

    def _description(self, record: _Record, further: list[str]) -> str:
        """All that HSDS says of a service in words; nothing is lost for which we have no column."""
        also_called = record["alternate_name"]
        texts = [
            record["description"] or also_called or record["name"],
            *(record[field] for field in ("eligibility_description", "interpretation_services", "application_process",
                                          "fees_description", "wait_time", "accreditations", "alert", "url")),
            *further,
        ]  # fmt: skip
        whole = "\n\n".join(dict.fromkeys(text for text in texts if text))
        longest = OFFERS.by_name["description"].max_length
        if longest is not None and len(whole) > longest:
            self._warn_cut(record, "description")
        return whole[:longest]

    def _further_paragraphs(self) -> dict[str, list[str]]:
        """Service id to what other tables say in words: opening hours and costs."""
        found: dict[str, list[str]] = defaultdict(list)
        for record in self._source.rows("schedules"):
            if record["description"] and record["service_id"] in self._services:
                found[record["service_id"]].append(record["description"])
        for record in self._source.rows("cost_options"):
            is_current = not record["valid_to"] or record["valid_to"] >= self._today.isoformat()
            if not self._refers(record, "service_id", self._services) or not is_current:
                continue
            if record["amount"].strip("0., "):
                price = " ".join(p for p in (record["currency"].upper(), record["amount"]) if p)
                details = (price, record["amount_description"], record["option"])
                found[record["service_id"]].append(", ".join(part for part in details if part))
        return found

    def _areas(self) -> dict[str, list[str]]:
        """Service id to municipalities, where all areas of the service are Dutch municipalities."""
        found: dict[str, list[str]] = defaultdict(list)
        wider = set()
        for record in self._source.rows("service_areas"):
            if not self._refers(record, "service_id", self._services):
                continue
            named = (self._lists.municipality(name) for name in (record["extent"], record["name"]) if name)
            municipality = next((m for m in named if m), None)
            if municipality is None:
                wider.add(record["service_id"])
            elif municipality.code not in found[record["service_id"]]:
                found[record["service_id"]].append(municipality.code)
        return {service: codes for service, codes in found.items() if service not in wider}

    # --- taxonomy terms ---

    def _terms_by_link(self) -> dict[str, dict[str, list[str]]]:
        """Id of a service or place to taxonomy to codes; a term of somebody else's is a topic by its name."""
        taxonomies = {record["id"]: record["name"] for record in self._source.rows("taxonomies")}
        terms: dict[str, tuple[str, str]] = {}
        foreign = set()
        for record in self._source.rows("taxonomy_terms"):
            taxonomy = taxonomies.get(record["taxonomy_id"]) or record["taxonomy"]
            if taxonomy in hsds.OWN_TAXONOMIES and record["code"]:
                terms[record["id"]] = taxonomy, record["code"]
            elif record["name"]:
                word = " ".join(record["name"].replace(SEPARATOR, ",").split())
                terms[record["id"]] = hsds.TOPIC, word[: OFFERS.by_name["topics"].max_length]
                foreign.add(word)
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        entities = self._services.keys() | self._locations.keys() | self._organizations.keys()
        for record in self._source.rows("attributes"):
            if self._refers(record, "link_id", entities) and self._refers(record, "taxonomy_term_id", terms):
                taxonomy, code = terms[record["taxonomy_term_id"]]
                if code not in found[record["link_id"]][taxonomy]:
                    found[record["link_id"]][taxonomy].append(code)
        unknown = len(self._lists.unknown_topics(foreign))
        if unknown:
            self._problems.add(
                note("hsds_own_words", N_("%(count)s terms are not in our list of topics; they are kept as own words"),
                     count=unknown), "taxonomy_terms"
            )  # fmt: skip
        return found

    # --- cells ---

    def _read(self, record: _Record, field: str, table: Table, name: str) -> object:
        """The value as our column `name` has it; what it cannot take is a warning and left out."""
        column = table.by_name[name]
        if column not in self._readers:
            self._readers[column] = reader_for(column, Around(self._lists, self._today))
        value, fault = self._readers[column](record[field])
        if fault is None:
            return value
        if not fault.is_error:
            self._problems.add(fault, record.table, record.number, field, record[field])
            return value
        left_out = replace(
            fault,
            severity=Severity.WARNING,
            remedy=Message(N_("the value was left out; correct it at the source")),
        )
        self._problems.add(left_out, record.table, record.number, field, record[field])
        return column.empty

    def _cut(self, record: _Record, field: str, table: Table, name: str) -> str:
        """The text on one line, as long as our column `name` allows."""
        text = " ".join(record[field].split())
        longest = table.by_name[name].max_length
        if longest is not None and len(text) > longest:
            self._warn_cut(record, field)
        return text[:longest]

    def _refers(self, record: _Record, field: str, known: Container[str]) -> bool:
        """Whether the row refers to something of this package; a row that does not is left out."""
        if record[field] in known:
            return True
        self._warn_dangling(record, field, N_("the row was left out"))
        return False

    def _warn_dangling(self, record: _Record, field: str, remedy: str) -> None:
        reason = (
            N_("'%(value)s' is not in this package")
            if record[field]
            else N_("this row does not say to what it belongs")
        )
        self._problems.add(
            warning("hsds_dangling", reason, remedy, value=record[field]),
            record.table, record.number, field, record[field],
        )  # fmt: skip

    def _warn_left_out(self, record: _Record, field: str, reason: str) -> None:
        self._problems.add(
            warning("hsds_left_out", reason, N_("the value was left out; correct it at the source")),
            record.table, record.number, field, record[field],
        )  # fmt: skip

    def _warn_cut(self, record: _Record, field: str) -> None:
        self._problems.add(
            warning("hsds_cut", N_("this text is longer than the portal can hold"), N_("its end was left out")),
            record.table, record.number, field,
        )  # fmt: skip


def _text(cell: Cell) -> str:
    """The cell as plain text; HSDS allows markup in descriptions."""
    text, _fault = tidy("" if cell is None else str(cell))
    if _TAG.search(text):
        text = _TAG.sub("", _BREAKING_TAG.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    if text.count('"') == 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _summary_and_rest(description: str) -> tuple[str | None, str | None]:
    """A first paragraph that is short enough is the summary."""
    first, _, rest = description.partition("\n\n")
    longest = PROVIDERS.by_name["summary"].max_length or 0
    return (first or None, rest or None) if len(first) <= longest else (None, description)


def _place_identifier(location: str, owner: str, owners: Sequence[str]) -> str:
    """The place's own id for its first organization, and one of its own for each other."""
    return location if owner == owners[0] else f"{location}/{owner}"


def _member(kind: type[_Choice], codes: Iterable[str], default: _Default) -> _Choice | _Default:
    known = {member.value: member for member in kind}
    return next((known[code] for code in codes if code in known), default)


def _strings(value: object) -> list[str]:
    return value if isinstance(value, list) else []
