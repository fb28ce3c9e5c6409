"""The open data as files: made when first asked for after a change, then kept beside the database.

At most one file of each kind is kept for a region: those of an earlier revision or day are removed when a new one is
made. They can be removed at any time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Region
from portal.core.text import slugify
from portal.exchange.destination import CannotWriteError
from portal.exchange.export import data_package, write_csv, write_workbook
from portal.exchange.hsds_export import hsds_package, write_hsds
from portal.exchange.queries import PublicCatalogue, catalogue_for_everybody

FOLDER = "downloads"
_ABANDONED_AFTER = 3600
"""Seconds after which a file that was being made belongs to nobody any more."""

_Write = Callable[[PublicCatalogue, CodeLists, date, Path], None]


def _csv(catalogue: PublicCatalogue, lists: CodeLists, _: date, path: Path) -> None:
    write_csv(data_package(catalogue, lists), path)


def _workbook(catalogue: PublicCatalogue, lists: CodeLists, _: date, path: Path) -> None:
    write_workbook(data_package(catalogue, lists), path)


def _hsds(catalogue: PublicCatalogue, lists: CodeLists, today: date, path: Path) -> None:
    write_hsds(hsds_package(catalogue, lists, today), path)


@dataclass(frozen=True, slots=True)
class Download:
    """A kind of file."""

    name: str
    """As in its address."""
    media_type: str
    write: _Write


DOWNLOADS = {
    download.name: download
    for download in (
        Download("aanbod-csv.zip", "application/zip", _csv),
        Download("aanbod.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _workbook),
        Download("aanbod-hsds.zip", "application/zip", _hsds),
    )
}


@dataclass(frozen=True, slots=True)
class State:
    """Of which moment the data are."""

    revision: int
    today: date


def download(
    session: Session, code_lists: CodeLists, data_dir: Path, region: Region, kind: Download, state: State
) -> Path:
    """The file of this kind with what is public of `region` in this state; made where it is not there yet.

    Raises CannotWriteError where it cannot be made: the folder is missing, or a text is longer than a cell can be.
    """
    folder = data_dir / FOLDER / slugify(region.name)
    path = folder / f"{state.revision}-{state.today:%Y%m%d}-{kind.name}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            kind.write(catalogue_for_everybody(session, region, state.today), code_lists, state.today, path)
        except CannotWriteError:
            if not path.exists():  # else another process was first, which is as good
                raise
        _remove_others(folder, kind, path)
    return path


def _remove_others(folder: Path, kind: Download, kept: Path) -> None:
    """Remove earlier files of this kind, and what a process that was stopped left half made."""
    for path in folder.iterdir():
        is_earlier = path.name.endswith(f"-{kind.name}") and path != kept
        is_abandoned = path.name.startswith(".") and _age(path) > _ABANDONED_AFTER
        if path.is_file() and (is_earlier or is_abandoned):
            path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
