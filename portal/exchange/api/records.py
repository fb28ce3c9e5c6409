"""The whole public record of a provider, in the columns of the data package.

A column that the package gets is a field here, with its explanation: both the record and its schema are made from
`portal.exchange.columns`. Values are as they are stored: codes, real numbers and dates, lists, null for unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

from portal.catalogue.availability import status_of
from portal.catalogue.models import Consortium, Contract, Location, Offer, Provider
from portal.catalogue.presenters.common import Context, offer_link, provider_link
from portal.catalogue.types import OfferStatus
from portal.core.database import Base
from portal.exchange.api.schemas import Described, Record, Schema, nullable
from portal.exchange.columns import CONSORTIA, CONTRACTS, LOCATIONS, OFFERS, PROVIDERS, Column, Kind, Table
from portal.exchange.export import packed_value

_ALWAYS_THERE = {Kind.NAME, Kind.TEXT, Kind.DATE, Kind.CHOICE}
"""Kinds of columns that are never empty where they are required; the others may be, in catalogues of other formats."""


def provider_record(provider: Provider, site: str, context: Context) -> Record:
    """All that is public of `provider`; `site` is the public address of the portal.

    Left out are offers that were withdrawn, and of secret locations all but kind and municipality.
    """
    known = {
        "providers": {
            member.identifier
            for consortium in provider.consortia
            for member in consortium.providers
            if member.successor_id is None
        },
        "locations": {location.identifier for location in provider.locations},
    }

    def rows(table: Table, records: Iterable[Base], more: Callable[..., Record]) -> list[Record]:
        return [_row(table, record, known) | dict(more(record)) for record in records]

    def of_offer(offer: Offer) -> Record:
        status = status_of(offer, provider.contracts, context.situation)
        return {"status": status, "page": site + offer_link(offer, provider, context)}

    def of_contract(contract: Contract) -> Record:
        region = provider.region.youth_region
        members = [place.code for place in context.code_lists.municipalities_of(region)] if region else []
        codes = members if contract.whole_region else sorted(contract.municipalities)
        return {"whole_region": contract.whole_region, "municipalities": codes}

    def nothing(record: Location | Consortium) -> Record:  # noqa: ARG001 - the columns say it all
        return {}

    return {
        **_row(PROVIDERS, provider, known),
        "slug": provider.slug,
        "region": provider.region.name,
        "page": site + provider_link(provider, context).href,
        "locations": rows(LOCATIONS, provider.locations, nothing),
        "offers": rows(OFFERS, [offer for offer in provider.offers if not _is_withdrawn(offer, context)], of_offer),
        "contracts": rows(CONTRACTS, provider.contracts, of_contract),
        "consortia": rows(CONSORTIA, provider.consortia, nothing),
    }


def _is_withdrawn(offer: Offer, context: Context) -> bool:
    return offer.withdrawn_on is not None and offer.withdrawn_on <= context.today


def _row(table: Table, record: Base, known: Mapping[str, set[str]]) -> dict[str, object]:
    is_secret = isinstance(record, Location) and record.is_secret
    return {column.name: packed_value(record, column, known, is_secret) for column in _own_columns(table)}


def _own_columns(table: Table) -> list[Column]:
    """The columns without the reference to the provider, in whose record the row stands."""
    return [column for column in table.columns if column.refers_to != "providers" or column.kind.is_list]


_BY_KIND: Mapping[Kind, Schema] = {
    Kind.WHOLE: {"type": "integer"},
    Kind.DECIMAL: {"type": "number"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.YES_NO: {"type": "boolean"},
    Kind.URL: {"type": "string", "format": "uri"},
    Kind.EMAIL: {"type": "string", "format": "email"},
    Kind.ARRANGEMENT: {"type": "string", "examples": ["begeleiding"]},
    Kind.MUNICIPALITY: {"type": "string", "examples": ["GM0917"]},
}


def _column_schema(column: Column) -> Schema:
    schema = dict(_BY_KIND.get(column.kind, {"type": "string"}))
    if column.choices is not None:
        schema["enum"] = [member.value for member in column.choices]
    if column.kind.is_list:
        schema = {"type": "array", "items": schema}
    elif not (column.kind is Kind.IDENTIFIER or column.default is not None or _is_never_empty(column)):
        schema = nullable(schema)
    return {**schema, "description": column.help}


def _is_never_empty(column: Column) -> bool:
    return column.required and column.kind in _ALWAYS_THERE


def _schema(table: Table, description: str, more: Mapping[str, Schema]) -> Schema:
    properties = {column.name: _column_schema(column) for column in _own_columns(table)} | dict(more)
    return {"type": "object", "description": description, "properties": properties, "required": list(properties)}


def _list_of(table: Table, description: str, more: Mapping[str, Schema]) -> Schema:
    return {"type": "array", "items": _schema(table, description, more)}


_PAGE: Schema = {"type": "string", "format": "uri", "description": "Address of its page."}
_STATUS: Schema = {
    "type": "string",
    "enum": [status.value for status in OfferStatus],
    "description": "Whether a family can choose it today: `free`, `contracted` and `unknown` are shown in search.",
}
_CODES: Schema = {
    "type": "array", "items": {"type": "string"}, "description": "CBS codes of the municipalities where it holds.",
}  # fmt: skip

ProviderRecord = Annotated[
    Record,
    Described(
        "Provider",
        _schema(
            PROVIDERS,
            "The whole public record of a provider.",
            {
                "slug": {"type": "string", "description": "Its part of the address."},
                "region": {"type": "string", "description": "The youth region that contracts it."},
                "page": _PAGE,
                "locations": _list_of(
                    LOCATIONS, "A place; of a confidential one, and of any family home, only the municipality.", {}
                ),
                "offers": _list_of(OFFERS, "What it does for whom.", {"status": _STATUS, "page": _PAGE}),
                "contracts": _list_of(
                    CONTRACTS,
                    "What it may give, where and until when.",
                    {"whole_region": {"type": "boolean"}, "municipalities": _CODES},
                ),
                "consortia": _list_of(CONSORTIA, "Providers that work together behind one door.", {}),
            },
        ),
    ),
]
