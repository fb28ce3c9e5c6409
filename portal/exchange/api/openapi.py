"""The OpenAPI 3.1 document, made from what stands beside each route: its parameters, its answer, what can go wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.codelists import CodeLists
from portal.core.pace.types import API
from portal.core.problems import MEDIA_TYPE
from portal.exchange.api.parameters import Parameter
from portal.exchange.api.schemas import Schema, schema_of

VERSION = "1.0.0"
LICENCE = {"name": "CC0 1.0 Universal", "identifier": "CC0-1.0"}


@dataclass(frozen=True, slots=True)
class Operation:
    """What one address of the API does."""

    name: str
    """Unique; programs that are made from the document call it so."""
    summary: str
    parameters: Sequence[Parameter]
    answer: object
    """The type of what it answers."""
    paths: Mapping[str, str]
    """Its parts of the address that vary, with what they are."""
    may_move: bool = False
    """Whether a former address leads to a present one."""


_PROBLEM: Schema = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "description": "The phrase of the status."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, in the language of `lang`."},
        "errors": {
            "type": "array",
            "description": "Each parameter that is unknown or has a wrong value.",
            "items": {
                "type": "object",
                "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["parameter", "detail"],
            },
        },
        "request_id": {"type": "string", "description": "Quote it when you ask us about it."},
    },
    "required": ["type", "title", "status", "detail"],
}
_PROBLEMS = {
    "400": "A parameter is unknown or has a wrong value, or the address cannot be read.",
    "404": "There is no such thing, or it is no longer offered.",
    "405": "This address can only be read.",
    "429": f"Too many questions from one network: {API.at_once} at once and {API.a_second} a second are answered, and "
    f"{API.a_minute} a minute; `Retry-After` says how many seconds to wait.",
    "500": "A mistake on our side.",
    "503": "Our data cannot be reached just now; `Retry-After` says how long to wait.",
}


def document(
    operations: Iterable[tuple[str, Operation]], title: str, site: str, contact: str, lists: CodeLists
) -> Schema:
    """The document; `operations` come with the rules of their addresses as Flask writes them.

    `site` is the public address of the portal, `contact` a mail address or empty.
    """
    schemas: dict[str, Schema] = {"Problem": _PROBLEM}
    paths = {_path(rule): {"get": _get(operation, schemas, lists)} for rule, operation in operations}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": VERSION,
            "summary": "Who offers youth care in this region, what, for whom, where and how soon.",
            "description": "Read-only and without a key. Names and codes are those of the data package. "
            f"In plain words: {site}/data",
            "license": LICENCE,
            "contact": {"url": f"{site}/over"} | ({"email": contact} if contact else {}),
        },
        "servers": [{"url": site}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {
                f"Problem{status}": {"description": text, "content": {MEDIA_TYPE: {"schema": _reference("Problem")}}}
                for status, text in _PROBLEMS.items()
            },
        },
    }


def _get(operation: Operation, schemas: dict[str, Schema], lists: CodeLists) -> Schema:
    responses: Schema = {
        "200": {
            "description": operation.summary,
            "content": {"application/json": {"schema": schema_of(operation.answer, schemas)}},
        },
        "304": {"description": "Nothing changed since the answer whose ETag was sent in `If-None-Match`."},
    }
    if operation.may_move:
        responses["301"] = {"description": "It has another address now, which `Location` says."}
    problems = [status for status in _PROBLEMS if status != "404" or operation.paths]
    responses |= {status: {"$ref": f"#/components/responses/Problem{status}"} for status in problems}
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "description": text, "schema": {"type": "string"}}
                for name, text in operation.paths.items()
            ),
            *(_parameter(parameter, lists) for parameter in operation.parameters),
        ],
        "responses": responses,
    }


def _parameter(parameter: Parameter, lists: CodeLists) -> Schema:
    described = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.help,
        "schema": parameter.schema(lists),
    }
    return {**described, "style": "form", "explode": True} if parameter.repeatable else described


def _path(rule: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
