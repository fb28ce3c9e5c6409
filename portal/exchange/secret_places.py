"""Addresses that became secret, also for a backup of before.

Of a confidential place nothing finer than its municipality is stored, but a backup of when it was open has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.catalogue.models import Location
from portal.catalogue.types import LocationKind
from portal.core.outliving import Outlived, Outliving, Thing, outlive
from portal.exchange.delivery import ADDRESS_COLUMNS
from portal.exchange.models import ImportRun, ImportUndo


def note_secret(session: Session, changes: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]], at: datetime) -> None:
    """Note which of these places (rows as they were and as they are now) became secret, before the commit."""
    secret = [_thing(now["region_id"], now["identifier"]) for was, now in changes if became_secret(was, now)]
    outlive(session, Outliving.SECRET_ADDRESS, secret, at)


def hide_again(session: Session, data_dir: Path, made_at: datetime) -> int:
    """Hide in a restored database what became secret after its backup was made; how many places.

    What is kept of imports of their regions goes too: it holds addresses, and undoing would show them.
    """
    noted = Outlived(session, data_dir, Outliving.SECRET_ADDRESS, made_at)
    places = [
        place
        for place in session.scalars(select(Location).where(~Location.address_confidential))
        if _thing(place.region_id, place.identifier) in noted
    ]
    for place in places:
        place.address_confidential = True
        for column in ADDRESS_COLUMNS:
            setattr(place, column, None)
    session.flush()
    runs = select(ImportRun.id).where(ImportRun.region_id.in_({place.region_id for place in places}))
    session.execute(delete(ImportUndo).where(ImportUndo.import_run_id.in_(runs)))
    return len(places)


def _thing(region_id: int, identifier: str) -> Thing:
    return str(region_id), identifier


def became_secret(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether less may be told of a place than before: by its mark, or as it became a family home."""
    is_marked = now["address_confidential"] and not was["address_confidential"]
    became_home = now["kind"] == LocationKind.FAMILY_HOME and was["kind"] != LocationKind.FAMILY_HOME
    return bool(is_marked or (became_home and not was["address_confidential"]))
