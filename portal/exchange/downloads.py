"""The open data as files: made when first asked for after a change, then kept beside the database.

At most one file of each kind is kept for a region: those of an earlier revision, edition of lists or day are removed
when a new one is made. They can be removed at any time.
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
from portal.core import languages
from portal.core.text import slugify
from portal.exchange.destination import CannotWriteError
from portal.exchange.export import data_package, write_csv, write_workbook
from portal.exchange.figures import figure_records, write_figures
from portal.exchange.hsds_export import hsds_package, write_hsds
from portal.exchange.queries import RegionCatalogue, catalogue_for_everybody
from portal.outcomes.queries import Asked, figures
from portal.outcomes.types import EVERYBODY, Rules

FOLDER = "downloads"
_ABANDONED_AFTER = 3600
"""Seconds after which a file that was being made belongs to nobody any more."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a file is made from."""

    session: Session
    region: Region
    lists: CodeLists
    rules: Rules
    today: date

    @property
    def catalogue(self) -> RegionCatalogue:
        """What everybody may see of the region's catalogue."""
        return catalogue_for_everybody(self.session, self.region, self.today)


_Write = Callable[[Source, Path], None]


def _csv(source: Source, path: Path) -> None:
    write_csv(data_package(source.catalogue, source.lists), path)


def _workbook(source: Source, path: Path) -> None:
    write_workbook(data_package(source.catalogue, source.lists), path)


def _hsds(source: Source, path: Path) -> None:
    write_hsds(hsds_package(source.catalogue, source.lists, source.today), path)


def _figures(source: Source, path: Path) -> None:
    found = figures(source.session, Asked(region_id=source.region.id), EVERYBODY)[1]
    with languages.speaking(languages.DEFAULT):
        write_figures(figure_records(found, source.rules, source.lists, languages.DEFAULT), path)


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
        Download("cijfers.csv", "text/csv", _figures),
    )
}


def download(source: Source, data_dir: Path, kind: Download, revision: int) -> Path:
    """The file of this kind with what is public of a region at this `revision`; made where it is not there yet.

    Raises CannotWriteError where it cannot be made: the folder is missing, or a text is longer than a cell can be.
    """
    folder = data_dir / FOLDER / slugify(source.region.name)
    path = folder / f"{revision}-{source.lists.edition}-{source.today:%Y%m%d}-{kind.name}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            kind.write(source, path)
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
