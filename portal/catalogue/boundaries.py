"""Boundaries of youth regions and municipalities, as the operator loaded them: GeoJSON files in the data folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Ring = list[list[float]]
"""Points as longitude and latitude in degrees (WGS 84); the last is the first."""
Polygons = list[list[Ring]]
"""Of each polygon its outline, then its holes."""
Kind = Literal["youth_regions", "municipalities"]

FOLDER = "boundaries"


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The areas of one kind, by their code."""

    kind: Kind
    areas: Mapping[str, Polygons]


def store_boundaries(data_dir: Path, boundaries: Boundaries) -> Path:
    """Write `boundaries` in place of those of the same kind, and return where they are."""
    path = _file(data_dir, boundaries.kind)
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "MultiPolygon", "coordinates": polygons},
        }
        for code, polygons in boundaries.areas.items()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")), "utf-8")
    fresh.replace(path)
    return path


def stored_boundaries(data_dir: Path, kind: Kind) -> Boundaries:
    """The boundaries of this kind; none where none were loaded."""
    try:
        content = json.loads(_file(data_dir, kind).read_text("utf-8"))
    except FileNotFoundError:
        return Boundaries(kind, {})
    return Boundaries(
        kind,
        {feature["properties"]["code"]: feature["geometry"]["coordinates"] for feature in content["features"]},
    )


def stamp(data_dir: Path) -> tuple[int, ...]:
    """Another value as soon as other boundaries are loaded."""
    kinds: tuple[Kind, ...] = ("youth_regions", "municipalities")
    files = [_file(data_dir, kind) for kind in kinds]
    return tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)


def _file(data_dir: Path, kind: Kind) -> Path:
    return data_dir / FOLDER / f"{kind}.geojson"
