"""JSON and its description (JSON Schema, as OpenAPI 3.1 wants it) from the same types, so that the two cannot differ.

A presenter is a frozen dataclass whose fields are annotated with what they mean. A field named after a Python keyword
has an underscore behind it, which the JSON has not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from inspect import getdoc
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]
Record = Mapping[str, object]
"""A JSON object whose fields a table of ours decides; its annotation carries a `Described`."""

_SIMPLE: Mapping[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
}


@dataclass(frozen=True, eq=False)
class Described:
    """The name and schema of a `Record`."""

    name: str
    schema: Schema


def as_json(value: object) -> str:
    """`value` as JSON: dataclasses and mappings as objects, dates as ISO 8601."""
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: object) -> object:
    """What the encoder does not know, in terms that it does."""
    if is_dataclass(value) and not isinstance(value, type):
        return {_name(field.name): getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in JSON")


def schema_of(hint: object, named: dict[str, Schema]) -> Schema:
    """The schema of what `as_json` makes of a value of this type; object types are put into `named`.

    Raises TypeError for a type that has no place in JSON.
    """
    if hint in _SIMPLE:
        return dict(_SIMPLE[hint])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"type": "string", "enum": [member.value for member in hint]}
    if isinstance(hint, type) and is_dataclass(hint):
        return _reference(hint.__name__, lambda: _object(hint, named), named)
    inner = get_args(hint)
    origin = get_origin(hint)
    if origin is Annotated:
        return _annotated(inner[0], inner[1:], named)
    if origin in (Union, UnionType):
        (kind,) = (member for member in inner if member is not NoneType)
        return nullable(schema_of(kind, named))
    if origin is tuple:
        return {"type": "array", "items": schema_of(inner[0], named)}
    if isinstance(origin, type) and issubclass(origin, Mapping) and inner[0] is str:
        return {"type": "object", "additionalProperties": schema_of(inner[1], named)}
    raise TypeError(f"{hint!r} has no place in JSON")


def nullable(schema: Schema) -> Schema:
    """The schema of the same or null."""
    if "type" not in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    values = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **values}


def _annotated(kind: object, notes: tuple[object, ...], named: dict[str, Schema]) -> Schema:
    described = next((note for note in notes if isinstance(note, Described)), None)
    if described is not None:
        return _reference(described.name, lambda: described.schema, named)
    text = " ".join(note for note in notes if isinstance(note, str))
    return {**schema_of(kind, named), "description": text}


def _reference(name: str, make: Callable[[], Schema], named: dict[str, Schema]) -> Schema:
    if name not in named:
        named[name] = {}  # a type may hold itself
        named[name] = make()
    return {"$ref": f"#/components/schemas/{name}"}


def _object(kind: type, named: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind, include_extras=True)
    return {
        "type": "object",
        "description": getdoc(kind) or "",
        "properties": {_name(field.name): schema_of(hints[field.name], named) for field in fields(kind)},
        "required": [_name(field.name) for field in fields(kind)],
    }


def _name(field: str) -> str:
    return field.removesuffix("_")
