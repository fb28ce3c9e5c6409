"""Which file waits, for the page a desk begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.access import current_visitor
from portal.accounts.types import Scope
from portal.core import clock
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Link
from portal.desks.imports.models import FileCheck
from portal.desks.imports.types import KEPT, Stage


def to_bring_in(session: Session, scope: Scope, _today: date) -> Sequence[Link]:
    """The file that this person had looked at and did not bring in."""
    found = session.scalars(
        select(FileCheck.public_id).where(
            FileCheck.person_id == current_visitor().person.id, FileCheck.region_id == scope.region_id,
            FileCheck.stage == Stage.CHECKED, FileCheck.package.is_not(None),
            FileCheck.changed_at > clock.now() - KEPT,
        )
    ).one_or_none()  # fmt: skip
    if found is None:
        return ()
    return [
        Link(gettext("Your file was looked at, and waits to be brought in"), link("imports.check", public_id=found))
    ]
