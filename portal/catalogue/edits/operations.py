"""Editing lists and words at a desk. The caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.catalogue.edits.models import ListEdit
from portal.catalogue.edits.queries import before, latest_of
from portal.catalogue.edits.types import Edit, EditState
from portal.catalogue.models import CatalogueRevision
from portal.core.actor import Actor
from portal.core.trail.operations import record
from portal.core.trail.types import LONGEST_LABEL, LONGEST_SUBJECT_ID, Subject


class ChangedMeanwhile(Exception):
    """A row is another than was shown: a colleague edited it."""


class OfAnotherRegion(Exception):
    """Another region of this installation edited the row, and it is theirs to change."""


def save(session: Session, region_id: int, edits: Sequence[Edit], seen: int, actor: Actor, at: datetime) -> int:
    """Lay these edits over the files from now on; how many changed anything.

    `seen` is the newest version (its id, as `queries.newest` tells) when their editor was shown how things stood. All
    processes follow, since the edition grows. Raises ChangedMeanwhile where one of these rows got a later version, and
    OfAnotherRegion; then nothing is to be committed.
    """
    # The first statement takes the lock for which other editors wait: ids and editions grow in the order of commits.
    session.execute(update(CatalogueRevision).values(edition=CatalogueRevision.edition))
    stored = 0
    for edit in edits:
        known = latest_of(session, edit.place)
        if known is not None and known.region_id != region_id and known.state is not EditState.AS_FILE:
            raise OfAnotherRegion
        if known is not None and known.id > seen:
            raise ChangedMeanwhile
        if edit != (known.edit if known else Edit(edit.place, EditState.AS_FILE)):
            _store(session, region_id, edit, known, actor, at)
            stored += 1
    if stored:
        session.execute(update(CatalogueRevision).values(edition=CatalogueRevision.edition + 1))
    return stored


def take_back(session: Session, version: ListEdit, actor: Actor, at: datetime) -> None:
    """Let a row stand as it did before this version. Raises ChangedMeanwhile where it is not the latest any more."""
    former = before(session, version)
    back = former.edit if former else Edit(version.place, EditState.AS_FILE)
    save(session, version.region_id, [back], version.id, actor, at)


def _store(
    session: Session, region_id: int, edit: Edit, known: ListEdit | None, actor: Actor, at: datetime
) -> None:  # fmt: skip
    place = edit.place
    session.add(
        ListEdit(
            region_id=region_id, list=place.list, language=place.language, key=place.key,
            number=(known.number if known else 0) + 1, state=edit.state, values=dict(edit.values),
            actor_label=actor.label[:LONGEST_LABEL], at=at,
        )
    )  # fmt: skip
    session.flush()
    named = {"row": place.key, **({"language": place.language} if place.language else {})}
    was = known.edit if known else None
    record(
        session, actor, f"words.{edit.state.value}", Subject(place.list.value, place.key[:LONGEST_SUBJECT_ID]),
        before={**named, **(was.values if was else {})}, after={**named, **edit.values}, region_id=region_id, at=at,
    )  # fmt: skip
